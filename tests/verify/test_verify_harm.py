"""The family of expected harm: a fair game, and the faults that it finds."""

import pytest
from judged import failing, named

from sim.agents import strikes
from sim.agents.expected_harm import SolvedFight
from sim.model import BorderModel
from sim.verify import harm
from sim.verify.runs import build_model
from sim.verify.scenarios import Changes

GLANCE = 0.08


def test_a_draw_that_is_read_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What decides that a strike hits decides that it kills: those killed are too many, and
    those hit as many as they should be. The control says how many."""

    def planted(study: str, number: int, *changes: Changes) -> BorderModel:
        model = build_model(study, number, *changes)
        harm._reuse_draws(model)
        return model

    wrong = named(harm.strikes_as_expected(GLANCE), "killed").wrong
    monkeypatch.setattr(harm, "build_model", planted)
    cases = harm.strikes_as_expected(GLANCE)
    assert failing(cases) == ["strikes: workers killed"]
    assert named(cases, "killed").estimate == pytest.approx(wrong, rel=0.25)


def test_strikes_expected_wrongly_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Walls that are forgotten in the expectation, and stand in the model."""
    strike_harm = strikes.strike_harm

    def unsheltered(target: object, people: int, p_hit: float) -> dict[str, float]:
        found = strike_harm(target, people, p_hit)  # type: ignore[arg-type]
        return {name: value / (1.0 - target.hardening) for name, value in found.items()}  # type: ignore[attr-defined]

    monkeypatch.setattr(strikes, "strike_harm", unsheltered)
    assert "drones: workers hit" in failing(harm.strikes_as_expected(GLANCE))


def test_fights_expected_wrongly_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who runs back before the contact is forgotten in the expectation, and others with them."""
    columns = SolvedFight.columns

    def surely(self: SolvedFight, side: str, chance: float = 1.0) -> dict[str, float]:
        return columns(self, side, 1.0)

    monkeypatch.setattr(SolvedFight, "columns", surely)
    assert len(failing(harm.meetings_as_expected(2.0 * GLANCE))) == 2
