"""The crossings family: it holds on the model, and faults planted in the model are found."""

import pytest
from judged import failing, named

from sim.agents import passage
from sim.agents.detection import Detection
from sim.agents.passage import Passage
from sim.agents.traffic import Traffic
from sim.engine.arrivals import Point
from sim.verify import crossings


def test_the_same_effort_gives_the_same_crossings() -> None:
    """A study uses only its own seeds."""
    assert crossings.counted(0.01) == crossings.counted(0.01)


def test_more_seen_than_said_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cameras that see three tenths more: too many detected, too few missed, as many attempts."""
    chance = Detection._camera_chance
    monkeypatch.setattr(Detection, "_camera_chance", lambda self: 1.3 * chance(self))
    found = failing(crossings.counted(0.06))
    assert {"detected, mean", "missed, mean"} <= set(found)
    assert "attempts, mean" not in found


def test_groups_that_come_in_pairs_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the groups, each with a companion: the mean is right, the variance doubled."""
    single = Traffic.on_arrival

    def paired(self: Traffic, point: Point) -> None:
        column, row, number = point.place
        if number % 2 == 0:
            single(self, point)
            single(self, point._replace(place=(column, row, number + 100)))

    monkeypatch.setattr(Traffic, "on_arrival", paired)
    found = failing(crossings.counted(0.06))
    assert {"attempts, variance", "detected with missed, correlation"} <= set(found)


def test_groups_that_stay_longer_than_said_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half more time in the open: too many inside, too seldom nobody."""
    hours = passage.exposed_hours
    monkeypatch.setattr(passage, "exposed_hours", lambda *where: 1.5 * hours(*where))
    found = failing(crossings.inside(0.06))
    assert {"number inside, exponential stay", "nobody inside, exponential stay"} <= set(found)


def test_groups_counted_after_they_left_break_littles_law(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A group that got through and is held to be inside until the next day's end is one more."""
    held = property(lambda self: self.model.agenda.now < self.inside_until + 1.0)
    ended = Passage.end

    def late(self: Passage, ending: str) -> None:
        self.detection.sign_until = self.inside_until + 1.0  # so that it is not written before
        ended(self, ending)  # type: ignore[arg-type]

    monkeypatch.setattr(Passage, "inside", held)
    monkeypatch.setattr(Passage, "end", late)
    case = named(crossings.littles_law(0.3), "Little")
    assert not case.holds
    assert case.estimate > case.theory
