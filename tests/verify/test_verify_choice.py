"""The choice family: logit choices of cells and smugglers, and what a wrong precision does."""

from collections.abc import Callable, Sequence

import pytest
from judged import failing

from sim.agents import choices, smugglers
from sim.theory.choice import choose
from sim.verify import choice


def keener(factor: float) -> Callable[[Sequence[float], float, float], int]:
    """A choice with another precision than the one set."""
    return lambda utilities, precision, u: choose(utilities, factor * precision, u)


def test_cells_of_another_precision_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice as precise: fire is chosen too often; without preference nothing changes."""
    monkeypatch.setattr(choices, "choose", keener(2.0))
    assert failing(choice.modes_of_a_cell(0.05)) == ["cell's mode: fire, precision 0.5"]
    assert failing(choice.modes_at_the_limits(0.02)) == []


def test_cells_that_choose_the_first_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither blind nor best: both limits fail."""
    monkeypatch.setattr(choices, "choose", lambda utilities, precision, u: 0)
    assert len(failing(choice.modes_at_the_limits(0.02))) == 2


def test_groups_of_another_precision_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups that mind the distance twice as much stay in their district too often."""
    monkeypatch.setattr(smugglers, "choose", keener(2.0))
    assert failing(choice.place_of_a_group(0.1)) == ["group leaves its district, precision 5"]
