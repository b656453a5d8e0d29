"""The displacement family: tabled measures, and a policy whose effect stays where it is."""

import pytest
from judged import blind, failing

from sim.agents.smugglers import SmugglingGroup
from sim.comparison import displacement as compared
from sim.theory.displacement import BeforeAfter, total_net_effect
from sim.verify import displacement


def test_tabled_measures() -> None:
    """Quotient and net effect of three tables, exactly; a zero has its own control."""
    cases = displacement.tabled_displacement(1.0)
    assert [case.theory for case in cases] == [-1.0, 0.0, 0.0, 40.0, 0.25, 50.0]
    assert failing(cases) == blind(cases) == []


def test_nothing_moves_where_nobody_chooses() -> None:
    """The net effect is that of the district with cameras, and there is one."""
    net, quotient = displacement.nothing_moves(1.0)
    assert net.holds
    assert net.sees
    assert net.theory > 1.0
    assert quotient.holds
    assert quotient.sees
    assert str(quotient.estimate) == "0.0"


# -- planted faults -----------------------------------------------------------------------


def test_a_net_effect_without_the_buffer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What moved next door is forgotten."""

    def forgetful(response: BeforeAfter, buffer: BeforeAfter, comparison: BeforeAfter) -> float:
        return total_net_effect(response, BeforeAfter(0.0, 0.0), comparison)

    monkeypatch.setattr(compared, "total_net_effect", forgetful)
    found = failing(displacement.tabled_displacement(1.0))
    assert found == ["next door 50 to 90: tne", "next door 50 to 40: tne"]


def test_districts_in_the_wrong_part_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comparison that takes next door for elsewhere."""
    areas = compared.areas

    def mistaken(response: object, slugs: object) -> list[str | None]:
        parts: list[str | None] = areas(response, slugs)  # type: ignore[arg-type]
        parts[parts.index("buffer")], parts[-1] = "comparison", "buffer"
        return parts

    monkeypatch.setattr(compared, "areas", mistaken)
    assert failing(displacement.tabled_displacement(1.0)) != []


@pytest.mark.slow
def test_groups_that_choose_all_the_same_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups that walk a stretch on when what they heard is bad, though displacement is off."""
    arrive = SmugglingGroup.on_departure

    def moved(self: SmugglingGroup) -> None:
        if self.model.rumours.risk(self.model.agenda.now, self.km) > 0.05:
            self.km = min(self.km + 60.0, 1339.0)
        arrive(self)

    monkeypatch.setattr(SmugglingGroup, "on_departure", moved)
    assert len(failing(displacement.nothing_moves(1.0))) == 2
