"""Counts of alarms and events: closed forms, planted alarms, and random ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.explore.alerts import counts
from sim.explore.alerts.observer import UnitLevels, alarms_above

END = 365.0
NONE = np.zeros((0, 2))

instants = st.lists(st.floats(0.0, END), max_size=12, unique=True).map(sorted).map(np.array)


def spans(ends: list[float]) -> np.ndarray:
    """Spans between neighbouring ends, none touching."""
    return np.array(ends[: len(ends) // 2 * 2], dtype=np.float64).reshape(-1, 2)


alarm_spans = st.lists(st.floats(0.0, END), max_size=12, unique=True).map(sorted).map(spans)


@given(alarm_spans, instants)
def test_an_event_is_hit_by_the_alarm_around_it(alarms: np.ndarray, events: np.ndarray) -> None:
    """Each lead is the time since the rise of the one alarm around the event, if there is one."""
    found = counts.lead_times(alarms, events)
    for event, lead in zip(events, found, strict=True):
        around = [event - start for start, stop in alarms if start < event <= stop]
        assert [lead] == around or (np.isnan(lead) and not around)


@given(instants, instants, st.floats(0.1, 100.0))
def test_an_event_follows_if_it_comes_within_the_horizon(
    at: np.ndarray, events: np.ndarray, within: float
) -> None:
    """Strictly after the instant and no later than the horizon."""
    found = counts.is_followed(at, events, within)
    expected = [any(t < event <= t + within for event in events) for t in at]
    assert found.tolist() == expected


def test_the_event_that_raises_an_alarm_is_not_hit() -> None:
    """An alarm raised by an event at the same instant came too late for it."""
    assert np.isnan(counts.lead_times(np.array([[5.0, 20.0]]), np.array([5.0]))).all()


def test_a_perfect_warning_and_a_useless_one_are_told_apart() -> None:
    """Raised a day before each event: all hits with a lead of one. After each: none."""
    events = np.arange(10.0, 360.0, 20.0)
    before = np.column_stack([events - 1.0, events])
    after = np.column_stack([events, events + 1.0])
    assert counts.lead_times(before, events).tolist() == [1.0] * len(events)
    assert counts.is_followed(before[:, 0], events, 1.0).all()
    assert np.isnan(counts.lead_times(after, events)).all()
    assert not counts.is_followed(after[:, 0], events, 1.0).any()


def poisson(rng: np.random.Generator, rate: float) -> np.ndarray:
    """Instants of a Poisson process with this rate a day."""
    return np.sort(rng.uniform(0.0, END, rng.poisson(rate * END)))


def test_alarms_at_random_times_hit_their_share_of_time() -> None:
    """For Poisson events hits are binomial with the share of time; 4 % off would be seen."""
    rng = np.random.default_rng(3)
    hits = events_seen = expected = 0.0
    for _ in range(400):
        events, ends = poisson(rng, 0.05), np.sort(rng.uniform(0.0, END, 12))
        alarms = spans(list(ends))
        hits += np.isfinite(counts.lead_times(alarms, events)).sum()
        events_seen += len(events)
        expected += len(events) * counts.days_on_alarm(alarms) / END
    assert abs(hits - expected) / np.sqrt(events_seen / 4.0) < 4.0


def test_a_random_signal_lies_on_the_diagonal() -> None:
    """The area of a random signal is 1/2 to 0.02; that of an informative one is larger."""
    rng = np.random.default_rng(4)
    tried = np.quantile(rng.uniform(size=1000), np.linspace(0.02, 0.98, 20))
    for knows in (False, True):
        hits, up, seen = np.zeros(20), np.zeros(20), 0
        for _ in range(75):
            events, days = poisson(rng, 0.05), np.arange(END)
            values = rng.uniform(size=len(days))
            if knows:
                soon = counts.is_followed(days, events, 2.0)
                values[soon] = 1.0 - 0.3 * values[soon]
            signal = np.column_stack([days, values])
            seen += len(events)
            for k, threshold in enumerate(tried):
                alarms = alarms_above(signal, threshold, 0.0, END)
                hits[k] += np.isfinite(counts.lead_times(alarms, events)).sum()
                up[k] += counts.days_on_alarm(alarms)
        area = float(counts.area_under_curve(hits / seen, up / (75 * END)))
        assert (area > 0.7) if knows else (abs(area - 0.5) < 0.02)


@pytest.mark.parametrize("within", [3.0, 30.0])
def test_the_base_rate_of_a_poisson_process(within: float) -> None:
    """An event follows a midnight with probability 1 - exp(-rate * horizon), to 2 points."""
    rng = np.random.default_rng(5)
    nights = counts.observed_midnights(within, END)
    soon = [counts.is_followed(nights, poisson(rng, 0.03), within).mean() for _ in range(600)]
    assert np.mean(soon) == pytest.approx(1.0 - np.exp(-0.03 * within), abs=0.02)


def test_areas_in_closed_form() -> None:
    """Hits equal to time: 1/2. All hits at no time: 1. One point (s, h): (1 + h - s) / 2."""
    shares = np.array([0.9, 0.5, 0.2])
    assert float(counts.area_under_curve(shares, shares)) == pytest.approx(0.5)
    assert float(counts.area_under_curve(np.array([1.0]), np.array([0.0]))) == 1.0
    assert float(counts.area_under_curve(np.array([0.7]), np.array([0.3]))) == pytest.approx(0.7)


def test_brier_skill_in_closed_form() -> None:
    """With the same shares in both halves it is the spread of the chances over p (1 - p)."""
    days = np.array([[600.0, 400.0]] * 2)
    events = days * np.array([0.1, 0.6])
    p = 0.3
    spread = 0.6 * (0.1 - p) ** 2 + 0.4 * (0.6 - p) ** 2
    assert counts.brier_skill(days, events) == pytest.approx(spread / (p * (1.0 - p)))
    flat = counts.brier_skill(days, days * p)
    assert flat == pytest.approx(0.0, abs=1e-12)
    turned = counts.brier_skill(days, np.array([events[0], (days * [0.6, 0.1])[1]]))
    assert turned is not None
    assert turned < 0.0
    assert counts.brier_skill(days, 0.0 * days) is None


def test_levels_become_alarms() -> None:
    """Spans at a level or above; changes within it do not part them, and the end closes one."""
    levels = np.array([[0.0, 0.0], [3.0, 1.0], [5.0, 2.0], [9.0, 1.0], [12.0, 0.0], [20.0, 2.0]])
    kept = UnitLevels(levels, NONE)
    assert kept.alarms(1, 30.0).tolist() == [[3.0, 12.0], [20.0, 30.0]]
    assert kept.alarms(2, 30.0).tolist() == [[5.0, 9.0], [20.0, 30.0]]
    assert kept.alarms(3, 30.0).shape == (0, 2)


def test_an_alarm_is_kept_and_then_lowered_when_the_signal_is_low() -> None:
    """For the stay at least; then as soon as the signal in force lies below the threshold."""
    signal = np.array([[1.0, 0.2], [2.0, 5.0], [3.0, 0.1], [9.0, 6.0], [11.0, 6.0], [14.0, 0.0]])
    assert alarms_above(signal, 4.0, 3.0, 30.0).tolist() == [[2.0, 5.0], [9.0, 14.0]]
    assert alarms_above(signal, 4.0, 0.0, 30.0).tolist() == [[2.0, 3.0], [9.0, 14.0]]
    assert alarms_above(signal, 4.0, 100.0, 30.0).tolist() == [[2.0, 30.0]]
    assert alarms_above(signal, 7.0, 3.0, 30.0).shape == (0, 2)


@given(alarm_spans, st.floats(0.0, 50.0))
def test_days_up_for_an_age(alarms: np.ndarray, age: float) -> None:
    """Each alarm counts its days beyond the age; at age zero all of them."""
    both = counts.days_on_alarm_at_age(alarms, np.array([0.0, age]))
    assert both[0] == pytest.approx(counts.days_on_alarm(alarms))
    assert both[1] == pytest.approx(sum(max(stop - start - age, 0.0) for start, stop in alarms))


@given(st.lists(st.floats(0.0, 50.0), min_size=1, max_size=200).map(np.array))
def test_every_signal_has_a_bin(values: np.ndarray) -> None:
    """The lowest edge is the lowest value, and edges rise."""
    edges = counts.bin_edges(values)
    assert edges[0] == values.min()
    assert (np.diff(edges) > 0.0).all()
