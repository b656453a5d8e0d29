"""A valid event: an outcome that only grows, and a threshold."""

import pytest
from walks import VICTIMS, Walk

import sim
from sim.errors import PanjError
from sim.incidents.records import Incident
from sim.measures.outcome import Outcome
from sim.measures.registry import known
from sim.rare.event import Event, Gauge

MODEL = sim.BorderModel(sim.load("baseline", ["days=60"]), 4)


@pytest.mark.parametrize("text", ["worst_35_days>=12", " worst_35_days >= 12.0 "])
def test_an_event_is_an_outcome_and_a_threshold(text: str) -> None:
    """With or without spaces."""
    assert Event.parse(text) == Event("worst_35_days", 12.0)
    assert str(Event.parse(text)) == "worst_35_days >= 12"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("worst_35_days", "is not an event"),
        ("worst_35_days>12", "is not an event"),
        ("worst_35_days>=many", "is not an event"),
        ("worst_35_days>=inf", "is not an event"),
        ("victms>=12", r"there is no outcome 'victms'.*victims"),
        ("interdiction_share>=0.5", r"interdiction_share is a share.*panj compare --above"),
        ("longest_delay_h>=100", "longest_delay_h is a level of the run"),
        ("expected_victims>=6", r"is an expectation.*Name victims instead"),
    ],
)
def test_anything_else_is_refused(text: str, said: str) -> None:
    """In one message, with the key and a remedy."""
    with pytest.raises(PanjError, match=said) as refusal:
        Event.parse(text)
    assert len(refusal.value.problems) == 1
    assert "\n" not in str(refusal.value)


def test_valid_outcomes_never_fall() -> None:
    """Each outcome that is an amount, over the days of a run; none raises."""
    model = sim.BorderModel(MODEL.spec, 4)
    gauges = {n: Gauge(o) for n, o in known().items() if o.adds_up and not o.mean_of}
    for day in range(0, 61, 12):
        model.run_until(float(day))
        for gauge in gauges.values():
            gauge.look(model, end=True)
    outcomes = model.outcomes()
    assert {n: gauge.value for n, gauge in gauges.items()} == {n: outcomes[n] for n in gauges}


def test_an_outcome_that_falls_is_refused() -> None:
    """A user-defined outcome that may fall."""
    gauge = Gauge(Outcome("left", measure=lambda run: 10 - len(run.incidents)))
    walk = Walk(1)
    gauge.look(walk)  # type: ignore[arg-type]
    walk.run_until(60.0)
    assert walk.log[Incident]
    with pytest.raises(PanjError, match="left fell from 10 to"):
        gauge.look(walk)  # type: ignore[arg-type]


def test_the_quantity_of_a_spell_is_that_of_the_last_days() -> None:
    """The deaths of 35 calendar days up to today, and of a sum all so far; with nobody out."""
    worst, victims = Gauge(known()["worst_35_days"]), Gauge(VICTIMS)
    walk = Walk(3)
    for _ in range(60):
        walk.run_until(walk.now + 1.0)
        today = int(walk.now)
        recent = [i.deaths for i in walk.log[Incident] if today - 35 < i.at <= today]
        assert worst.look(walk) == sum(recent)  # type: ignore[arg-type]
        assert victims.look(walk) == sum(i.deaths for i in walk.log[Incident])  # type: ignore[arg-type]
    assert worst.value > sum(recent)


def test_a_party_that_is_out_brings_a_year_nearer() -> None:
    """By half a death a head; when it is over, by those who died."""
    model = sim.BorderModel(sim.load("baseline", ["cells.plans_per_year=20", "days=90"]), 2)
    gauge, out = Gauge(known()["worst_35_days"]), 0
    while model.running:
        model.run_until(model.now + 0.05)
        heads = sum(cell.size for cell in model.cells if cell.passage is not None)
        out += heads
        recent = sum(i.deaths for i in model.log[Incident] if i.at >= int(model.now) - 34)
        assert gauge.look(model) == recent + 0.5 * heads
    assert out > 0
