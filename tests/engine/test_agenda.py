"""The agenda: one total order of what happens, that no order of planning can change."""

from collections.abc import Callable
from math import inf, nan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.agenda import FIRST, LAST, NORMAL, Agenda, Timer

EVENTS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.5, 1.0, 1.0 + 1e-12, 2.0]),
        st.sampled_from([FIRST, NORMAL, LAST]),
        st.sampled_from(["", "cell/1", "cell/10", "cell/2", "post/panj/0"]),
    ),
    max_size=25,
    unique=True,
)


def happened(events: list[tuple[float, int, str]], until: float = 10.0) -> list[object]:
    """What happens, in order, when ``events`` are planned in this order."""
    agenda = Agenda()
    seen: list[object] = []
    for event in events:
        when, priority, key = event
        agenda.at(when, seen.append, event, key=key, priority=priority)
    agenda.run_until(until)
    return seen


@given(EVENTS, st.integers(0, 1000))
def test_the_order_of_planning_does_not_matter(
    events: list[tuple[float, int, str]], shuffle: int
) -> None:
    """Time, then priority, then key: whatever was planned first."""
    shuffled = list(events)
    Random(shuffle).shuffle(shuffled)
    assert happened(shuffled) == happened(events) == sorted(events)


def test_only_the_same_time_priority_and_key_go_by_planning() -> None:
    """What happens to one and the same thing in one instant happens as it was planned."""
    agenda = Agenda()
    seen: list[int] = []
    for number in (3, 1, 2):
        agenda.at(1.0, seen.append, number, key="cell/1")
    agenda.run_until(1.0)
    assert seen == [3, 1, 2]


@given(EVENTS, st.lists(st.floats(0.0, 3.0), max_size=6))
def test_any_slices_of_time_give_the_same(
    events: list[tuple[float, int, str]], stops: list[float]
) -> None:
    """Running to stops on the way leaves the order and the number of events as they are."""
    agenda = Agenda()
    seen: list[object] = []
    for event in events:
        agenda.at(event[0], seen.append, event, key=event[2], priority=event[1])
    for stop in sorted([*stops, 10.0]):
        agenda.run_until(stop)
    assert seen == sorted(events)
    assert agenda.executed == len(events)


# -- the clock ----------------------------------------------------------------------------


def test_running_includes_its_end_and_sets_the_clock() -> None:
    """An event at the end of the run happens; the clock is at the end afterwards."""
    agenda = Agenda()
    seen: list[float] = []
    for when in (1.0, 2.0, 2.0 + 1e-12):
        agenda.at(when, seen.append, when)
    agenda.run_until(2.0)
    assert seen == [1.0, 2.0]
    assert agenda.now == 2.0


def test_an_event_sees_its_own_instant() -> None:
    """While something happens, now is when it happens."""
    agenda = Agenda()
    seen: list[float] = []
    for when in (0.25, 3.5):
        agenda.at(when, lambda: seen.append(agenda.now))
    agenda.run_until(7.0)
    assert seen == [0.25, 3.5]


def test_running_to_the_past_does_nothing() -> None:
    """The clock never goes back."""
    agenda = Agenda()
    agenda.run_until(5.0)
    agenda.at(6.0, lambda: None)
    agenda.run_until(3.0)
    assert agenda.now == 5.0
    assert len(agenda) == 1


@pytest.mark.parametrize("when", [-1.0, 1.9999, nan, -inf])
def test_the_past_and_what_is_no_number_are_refused(when: float) -> None:
    """The message names the requested and the present time; nothing is planned."""
    agenda = Agenda()
    agenda.run_until(2.0)
    with pytest.raises(ValueError, match=r"already 2\.0"):
        agenda.at(when, lambda: None)
    assert len(agenda) == 0


# -- planning while things happen ---------------------------------------------------------


def test_what_is_planned_for_this_very_instant_still_happens() -> None:
    """An event may plan another at its own instant: it comes after it, in the same run."""
    agenda = Agenda()
    seen: list[str] = []

    def first() -> None:
        seen.append("first")
        agenda.at(agenda.now, seen.append, "second", key="b")
        agenda.at(agenda.now, seen.append, "urgent", key="z", priority=FIRST)

    agenda.at(1.0, first, key="a")
    agenda.at(1.0, seen.append, "third", key="c")
    agenda.run_until(1.0)
    assert seen == ["first", "urgent", "second", "third"]


def test_a_chain_of_events_ends_with_the_run() -> None:
    """Each plans the next; those up to the end happen, the one after it waits."""
    agenda = Agenda()
    seen: list[float] = []

    def link() -> None:
        seen.append(agenda.now)
        agenda.at(agenda.now + 1.0, link)

    agenda.at(0.0, link)
    agenda.run_until(3.0)
    assert seen == [0.0, 1.0, 2.0, 3.0]
    assert agenda.next_time() == 4.0


# -- cancelling ---------------------------------------------------------------------------


def test_cancelled_never_happens() -> None:
    """A cancelled event is not executed, not counted and not the next."""
    agenda = Agenda()
    seen: list[str] = []
    gone = agenda.at(1.0, seen.append, "gone")
    agenda.at(2.0, seen.append, "stays")
    gone.cancel()
    assert not gone.pending
    assert (len(agenda), agenda.next_time()) == (1, 2.0)
    agenda.run_until(5.0)
    assert (seen, agenda.executed) == (["stays"], 1)


def test_cancelling_twice_or_afterwards_is_harmless() -> None:
    """It says the same as once, and what has happened stays so."""
    agenda = Agenda()
    seen: list[str] = []
    timer = agenda.at(1.0, seen.append, "x")
    agenda.run_until(1.0)
    for _ in range(2):
        timer.cancel()
    assert seen == ["x"]
    assert not timer.pending


def test_an_event_may_cancel_one_of_its_own_instant() -> None:
    """Who comes first in an instant can prevent the next."""
    agenda = Agenda()
    seen: list[str] = []
    later: list[Timer] = []
    agenda.at(1.0, lambda: later[0].cancel(), key="a")
    later.append(agenda.at(1.0, seen.append, "never", key="b"))
    agenda.run_until(2.0)
    assert seen == []


def test_a_timer_fires_once() -> None:
    """Fired by hand or by the agenda, it happens one time."""
    agenda = Agenda()
    seen: list[str] = []
    timer = agenda.at(1.0, seen.append, "x")
    timer.fire()
    timer.fire()
    agenda.run_until(2.0)
    assert seen == ["x"]


def test_a_callback_is_held_until_it_happens() -> None:
    """A local function that nobody else holds still happens."""
    agenda = Agenda()
    seen: list[str] = []

    def plan() -> Callable[[], None]:
        return lambda: seen.append("kept")

    agenda.at(1.0, plan())
    agenda.run_until(1.0)
    assert seen == ["kept"]


# -- what is to come ----------------------------------------------------------------------


@given(st.lists(st.floats(0.0, 10.0), max_size=15), st.floats(0.0, 10.0))
def test_length_and_next_time_tell_what_is_left(times: list[float], until: float) -> None:
    """After a run, what lies beyond its end is left: that many, the earliest of them next."""
    agenda = Agenda()
    for when in times:
        agenda.at(when, lambda: None)
    agenda.run_until(until)
    left = [when for when in times if when > until]
    assert len(agenda) == len(left)
    assert agenda.next_time() == min(left, default=None)
    assert agenda.executed == len(times) - len(left)


def test_an_empty_agenda_has_no_next() -> None:
    """Nothing to come, at the start and after everything was cancelled."""
    agenda = Agenda()
    assert (len(agenda), agenda.next_time()) == (0, None)
    agenda.at(1.0, lambda: None).cancel()
    assert (len(agenda), agenda.next_time()) == (0, None)


def test_an_error_leaves_the_agenda_usable() -> None:
    """What raises has happened; the rest is still to come."""
    agenda = Agenda()
    seen: list[str] = []

    def fail() -> None:
        raise RuntimeError("in an event")

    agenda.at(1.0, fail)
    agenda.at(2.0, seen.append, "later")
    with pytest.raises(RuntimeError, match="in an event"):
        agenda.run_until(5.0)
    agenda.run_until(5.0)
    assert seen == ["later"]
