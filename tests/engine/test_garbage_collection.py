"""The garbage collector rests during a run and is as it was afterwards."""

import gc
from collections.abc import Iterator

import pytest

from sim.engine.garbage_collection import STRETCH_DAYS, collection_paused
from sim.engine.world import World


@pytest.fixture(autouse=True)
def collector_on() -> Iterator[None]:
    """Every test starts and ends with the collector on."""
    gc.enable()
    yield
    gc.enable()


def test_it_rests_inside_and_works_again_afterwards() -> None:
    """Inside it is off; afterwards it is on."""
    with collection_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_does_not_leave_it_off() -> None:
    """Whatever happens inside, it works again."""
    with pytest.raises(RuntimeError, match="inside"), collection_paused():
        raise RuntimeError("inside")
    assert gc.isenabled()


def test_who_switched_it_off_keeps_it_off() -> None:
    """It is not switched on behind the back of the code that switched it off."""
    gc.disable()
    with collection_paused():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_events_happen_while_it_rests() -> None:
    """An event of a run finds the collector off, and a finished run leaves it on."""
    world = World(1)
    seen: list[bool] = []
    world.schedule_event(lambda: seen.append(gc.isenabled()), at=1.5)
    world.run_until(3.0)
    assert seen == [False]
    assert gc.isenabled()


@pytest.mark.parametrize(("days", "times"), [(0.5, 0), (1.0, 0), (2.5, 2), (4.0, 3)])
def test_it_works_once_between_stretches(days: float, times: int) -> None:
    """A long run collects the young after each full stretch but the last; a short one never."""
    collected: list[int] = []

    def tell(phase: str, about: dict[str, int]) -> None:
        if phase == "stop" and about["generation"] == 1:
            collected.append(about["generation"])

    world = World(1)
    gc.collect()
    gc.callbacks.append(tell)
    try:
        world.run_until(days * STRETCH_DAYS)
    finally:
        gc.callbacks.remove(tell)
    assert len(collected) == times
    assert world.time == days * STRETCH_DAYS


def test_an_event_that_raises_leaves_it_on() -> None:
    """A run that fails leaves the collector as it was."""

    def fail() -> None:
        raise ZeroDivisionError

    world = World(1)
    world.schedule_event(fail, at=0.5)
    with pytest.raises(ZeroDivisionError):
        world.run_until(1.0)
    assert gc.isenabled()
