"""The patrols family: every schedule holds on the model, and planted faults are found."""

from collections.abc import Callable

import pytest
from judged import blind, failing, named

from sim.agents.beats import Beat, Pass
from sim.agents.detection import Detection
from sim.model import BorderModel
from sim.theory.search import cyclic, out_and_back
from sim.verify import patrols
from sim.verify.case import LIMIT, Case
from sim.verify.patrols import LENGTHS, ROUNDS
from sim.verify.scenarios import empty_scenario

Study = Callable[[float], list[Case]]

FIXED = (patrols.round_and_round, patrols.there_and_back, patrols.at_random)
"""The studies of the table of fixed exposures."""


@pytest.mark.slow
def test_a_full_effort_has_every_row_of_the_table() -> None:
    """Four lengths each of cyclic with sight 1 and 0.6, back and forth, Poisson with both."""
    rows = [case for study in FIXED for case in study(6.0)]
    assert len({case.name for case in rows}) == len(rows) == 20
    assert failing(rows) == blind(rows) == []


def test_short_sorties_are_next_to_cyclic() -> None:
    """What the world of short sorties is off its limit by, exactly: less than 0.0002."""
    beats = [beat for post in BorderModel(empty_scenario(ROUNDS)).posts for beat in post.beats]
    slowest = max(2.0 * beat.half_km / beat.stretch.day_speed for beat in beats)
    assert slowest < 1.0 / 1440.0
    for h in LENGTHS:
        for q in (0.6, 1.0):
            period = patrols._ROUND_HOURS / 24.0 / h
            exact = out_and_back(h, slowest / period, 1.0 - (1.0 - q) ** 0.5)
            assert 0.0 <= exact - cyclic(h, q) + 1e-12 < 3e-4


def scaled_sight(monkeypatch: pytest.MonkeyPatch, factor: float) -> None:
    """Plant a fault: every pass notices so much more often than its parameter says."""
    planned = Detection._planned

    def keener(self: Detection, at: float, cue: str, p: float, passing: Pass) -> object:
        return planned(self, at, cue, factor * p, passing)  # type: ignore[arg-type]

    monkeypatch.setattr(Detection, "_planned", keener)
    tired = Detection._on_pass

    def always(self: Detection, seen: object) -> None:
        tired(self, seen._replace(luck=0.0))  # type: ignore[attr-defined]

    monkeypatch.setattr(Detection, "_on_pass", always)


def test_sight_that_is_too_keen_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half more than the parameter: patrols on foot see too much."""
    scaled_sight(monkeypatch, 1.5)
    (case,) = patrols.sorties_on_foot(0.06)
    assert case.z > LIMIT


@pytest.mark.slow
def test_sight_a_tenth_too_keen_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth more, at the quick effort."""
    scaled_sight(monkeypatch, 1.1)
    assert "cyclic, h 1, q 0.6" in failing(patrols.round_and_round(1.0))
    assert failing(patrols.at_random(1.0))


@pytest.mark.slow
def test_trackers_that_are_too_keen_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth more than the parameters, 5 % more signs: some 8 standard errors at effort 2."""
    scaled_sight(monkeypatch, 1.2)
    assert len(failing(patrols.sign_found_later(2.0))) == 2


def test_patrols_that_look_only_on_the_way_out_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half of the passes are blind: back and forth sees far too few."""
    passes = Beat.passes

    def outward(self: Beat, *where: float) -> list[Pass]:
        return [passing for passing in passes(self, *where) if passing.leg == "out"]

    monkeypatch.setattr(Beat, "passes", outward)
    assert len(failing(patrols.there_and_back(0.05))) == 2


def test_departures_at_random_are_no_regular_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Poisson departures where regular ones belong, certain rounds are certain no more."""
    monkeypatch.setattr(Beat, "_leaving", lambda self, _, start, end: self._random(start, end))
    found = patrols.round_and_round(0.03)
    assert {"cyclic, h 1, q 1", "cyclic, h 1.5, q 1"} <= set(failing(found))


def test_signs_that_last_twice_as_long_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """More is found than theory says, and nothing changes in who was seen."""
    started = Detection.start

    def lasting(self: Detection) -> None:
        self.sign_until += self.sign_until - self._passage.exposed_until
        started(self)

    monkeypatch.setattr(Detection, "start", lasting)
    found = patrols.sign_found_later(0.1)
    assert failing(found) == ["sign found, if the group was not seen"]


def test_the_order_of_schedules_is_a_case_of_its_own() -> None:
    """Its control is that the schedule makes no difference."""
    found = patrols.exponential_exposures(0.01)
    better = named(found, "cyclic over back and forth")
    assert better.theory > 0.0
    assert better.wrong == 0.0
