"""No two places in the model read one number with two meanings."""

from typing import Any

import pytest
from golden_worlds import differences, frozen, read, runs
from worlds import BUSY, run

from sim.agents import planning
from sim.agents.smugglers import SmugglingGroup
from sim.agents.worksites import Worksite
from sim.engine.actor import Actor
from sim.engine.shared_draws import SharedDrawError, no_shared_draws


def test_no_draw_is_used_for_two_things() -> None:
    """The golden worlds run under the check with the usual result."""
    with no_shared_draws():
        now = {name: frozen(model) for name, model in runs().items()}
    kept = read()
    assert [line for name in now for line in differences(name, kept[name], now[name])] == []


@pytest.mark.parametrize(
    ("kind", "step", "purpose", "n"),
    [
        (SmugglingGroup, "on_departure", "group", 0),
        (SmugglingGroup, "on_contact", "layers", 0),
        (Worksite, "on_reopening", "comply", 1),
    ],
)
def test_a_purpose_that_is_taken_is_found(
    kind: type, step: str, purpose: str, n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent that draws again for a purpose in use is refused, and both lines are named."""
    before = getattr(kind, step)

    def planted(self: Actor, *arguments: Any) -> Any:
        self.draw.uniform(purpose, n)
        return before(self, *arguments)

    monkeypatch.setattr(kind, step, planted)
    with no_shared_draws(), pytest.raises(SharedDrawError, match=r"sim/agents/\w+\.py") as caught:
        run(BUSY)
    assert "tests/model/test_named_draws.py" in str(caught.value)


def test_two_owners_of_a_plane_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells whose plans lie on one plane would all plan at once."""
    real = planning.Arrivals
    monkeypatch.setattr(
        planning, "Arrivals", lambda draws, identity, *tile: real(draws, "cell/plans", *tile)
    )
    with (
        no_shared_draws(),
        pytest.raises(SharedDrawError, match="'cell/plans' is used for two things"),
    ):
        run(BUSY)
