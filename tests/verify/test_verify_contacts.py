"""The contact family: fights that differ, raiders and cordons, and what wrong ones would show."""

import pytest
from judged import failing

from sim.agents import cells, encounters, pursuit, smugglers
from sim.agents.encounters import ClashResult, Side
from sim.agents.pursuit import Chase
from sim.engine.draws import Stream
from sim.verify import contacts

# -- planted faults -----------------------------------------------------------------------


def test_fights_all_alike_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same intensity in every fight."""

    def alike(
        draw: Stream, purpose: str, guards: Side, intruders: Side, spread: float
    ) -> ClashResult:
        assert spread > 0.0
        return encounters.clash(draw, purpose, guards, intruders, 0.0)

    monkeypatch.setattr(smugglers, "clash", alike)
    monkeypatch.setattr(cells, "clash", alike)
    found = failing([*contacts.fights_that_differ(0.2), *contacts.raiders(0.4)])
    assert "varied fights: nobody is hurt" in found
    assert "raiders: nobody is hurt" in found


def test_no_pursuit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody who runs gets away."""
    monkeypatch.setattr(pursuit, "fates", lambda hit, caught: (0.0, 0.0 * (hit + caught)))
    found = failing(contacts.fights_that_differ(0.2))
    assert "varied fights: intruders caught" in found
    assert "varied fights: nobody dies" in found


def test_a_ring_that_holds_nobody_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pursuit around a cordon as hard as without one."""
    plain = pursuit.chase

    def unheld(spec: object, km: float, depth: float, night: bool, deliberate: bool) -> Chase:
        assert deliberate in (True, False)
        return plain(spec, km, depth, night, False)  # type: ignore[arg-type]

    monkeypatch.setattr("sim.agents.passage.chase", unheld)
    assert "surrounded: intruders caught" in failing(contacts.cordons(0.3))
