"""The ledger of expected harm: it changes nothing, misses nothing, and goes with a copy."""

import pytest
from worlds import BUSY, WATCHED, WORLDS, run, scenario

from sim.agents.plan_forecast import NO_HARM, Harm
from sim.incidents.records import Expectation, Incident
from sim.model import BorderModel
from sim.verify.case import LIMIT


class Blind(BorderModel):
    """A model without a ledger and without luck."""

    def expect(self, expectation: Expectation) -> None:
        """Nothing is written down."""

    def add_luck(self, luck: Harm) -> None:
        """Nothing is summed up."""


@pytest.mark.parametrize("name", WORLDS)
def test_a_run_is_the_same_without_its_ledger(name: str) -> None:
    """To the last bit of everything that happened; what is expected differs."""
    seen, blind = run(WORLDS[name]), Blind(scenario(WORLDS[name]), 1).run()
    assert seen.fingerprint() == blind.fingerprint()
    assert seen.ledger
    assert not blind.ledger
    assert seen.outcomes()["expected_deaths"] != blind.outcomes()["expected_deaths"]
    assert seen.luck.any()
    assert blind.luck is NO_HARM
    assert blind.outcomes()["expected_deaths"] == blind.outcomes()["deaths"]


@pytest.mark.parametrize("world", [BUSY, WATCHED])
def test_nobody_is_hurt_whom_the_ledger_does_not_know(world: dict[str, object]) -> None:
    """Every incident with dead or wounded was expected, under its own kind, with a chance of it."""
    model = run(world)
    hurt = [incident for incident in model.log[Incident] if any(incident.harm)]
    assert len(hurt) > 30
    for incident in hurt:
        told = model.ledger[incident.identity]
        assert told.kind == incident.kind
        assert all(e > 0.0 for e, n in zip(told.harm, incident.harm, strict=True) if n)
    assert {incident.kind for incident in hurt} >= {
        "smuggling_interdiction", "infiltration_then_clash", "armed_attack_on_workers",
        "drone_attack_on_workers", "cross_border_fire",
    }  # fmt: skip


def test_expected_and_counted_have_one_mean() -> None:
    """All the dead and wounded of some busy months, less what was expected, encounter by encounter;
    that the same test finds 5 % is for the family of expected harm to show."""
    gaps = []
    for seed in range(1, 7):
        model = run(BUSY, seed=seed)
        happened = {incident.identity: sum(incident.harm) for incident in model.log[Incident]}
        gaps += [happened.get(e.identity, 0) - sum(e.harm) for e in model.ledger.values()]
    error = sum(gap * gap for gap in gaps) ** 0.5
    assert abs(sum(gaps)) < LIMIT * error


def test_a_fork_has_a_ledger_of_its_own() -> None:
    """It begins with what was expected until then, and continues alone."""
    model = BorderModel(scenario(BUSY), 1)
    model.run_until(30.0)
    before = dict(model.ledger)
    fork = model.fork({"clash.guard_rate": 0.0}).run()
    assert before
    assert model.ledger == before
    assert dict(list(fork.ledger.items())[: len(before)]) == before
    assert fork.ledger != model.run().ledger
