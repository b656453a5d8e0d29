"""Patrols are planned ahead and replanned at every change: the outcome is that of hindsight.

While a group is in the open or its sign lies there, the next pass that may notice it is planned
at the rates of the moment, and again whenever a rate changes. Afterwards the whole history of
the rates is known, and every pass can be looked at once more: both ways must agree. It takes
fresh guards (no effect of tiredness) and no other layer of detection.
"""

from typing import NamedTuple

import pytest
from worlds import SLUGS, UNSEEN, Settings, run

from sim.agents.detection import Detection
from sim.agents.passage import Passage
from sim.incidents.records import Cue
from sim.model import BorderModel

CHANGING: Settings = {
    **UNSEEN,
    "days": 100.0,
    "posts.spacing_km": 40.0,
    "patrols.p_sight": 0.4,
    "patrols.sight_range_night_km": 1.0,
    "patrols.sorties_per_day": 6.0,
    "patrols.hot_spot_share": 0.6,
    "patrols.review_days": 1.0,
    "sign.p_found": 0.15,
    "sign.life_hours": 30.0,
    "smugglers.loads_per_year": 6000.0,
    "smugglers.district_weights": dict.fromkeys(SLUGS, 1.0),
    "smugglers.displacement": 0.5,
    "smugglers.surveillance": 0.5,
    "cells.count": 10,
    "cells.plans_per_year": 20.0,
    "alert.policy": "triggered",
    "alert.scope": "district",
    "alert.level": "routine",
    "alert.minimum_stay_days": 1.0,
    "alert.half_life_days": 2.0,
    "readiness.effect_on_sighting": 0.0,
    "teams.per_district": 0,
}
"""Levels and hot spots change the rates of patrols all the time."""


class Found(NamedTuple):
    """When and by what a group became known."""

    at: float | None
    cue: Cue | None


@pytest.fixture
def passages(monkeypatch: pytest.MonkeyPatch) -> dict[str, Passage]:
    """Every passage that was written to the log."""
    kept: dict[str, Passage] = {}
    write = Passage.write

    def keep(passage: Passage) -> None:
        kept[passage.identity] = passage
        write(passage)

    monkeypatch.setattr(Passage, "write", keep)
    return kept


def in_hindsight(passage: Passage) -> Found:
    """What the patrols that did pass must have noticed, by the luck of each pass."""
    rules = passage.model.spec
    sights, signs = [], []
    begin, clear, end = passage.crossed_at, passage.exposed_until, passage.detection.sign_until
    reach = passage.detection._sight_range
    for passing in passage.detection.beat.passes(passage.km, begin, end, reach):
        first, last = passing.within(reach)
        seen = passage.draw.uniform(passing.name("patrol")) < rules.patrols.p_sight
        if seen and first <= clear and last >= begin:
            sights.append(max(first, begin))
        found = passage.draw.uniform(passing.name("sign")) < rules.sign.p_found
        if found and clear < passing.at <= end:
            signs.append(passing.at)
    if sights:
        return Found(min(sights), "patrol")
    return Found(min(signs), "sign") if signs else Found(None, None)


def agree(passage: Passage, hindsight: Found) -> bool:
    """Whether the model noticed the same; periodic departures carry rounding of their own."""
    if passage.detected_at is None or hindsight.at is None:
        return passage.detected_at is hindsight.at
    return passage.cue == hindsight.cue and abs(passage.detected_at - hindsight.at) < 1e-9


def settled(model: BorderModel, passages: dict[str, Passage]) -> list[Passage]:
    """Passages whose sign was gone before the end, and that gave nothing away by an attack."""
    return [
        p
        for p in passages.values()
        if p.detection.sign_until < model.spec.days and p.cue != "attack"
    ]


@pytest.mark.parametrize("schedule", ["random", "jittered", "regular"])
def test_replanning_agrees_with_hindsight(passages: dict[str, Passage], schedule: str) -> None:
    """Every group of 100 days in which rates change hundreds of times, on all schedules.

    Among them are groups at a post whose section reaches into the next district, where another
    level may hold than at the post that sends the patrols.
    """
    model = run(CHANGING, {"patrols.schedule": schedule}, seed=2)
    looked_at = settled(model, passages)
    assert sum(len(sector.sorties.times) for sector in model.sectors) > 200
    assert sum(passage.detection.post.sector is not passage.sector for passage in looked_at) > 30
    assert sum(passage.cue == "patrol" for passage in looked_at) > 30
    assert sum(passage.cue == "sign" for passage in looked_at) > 100
    assert [p.identity for p in looked_at if not agree(p, in_hindsight(p))] == []


def test_hindsight_can_disagree(passages: dict[str, Passage]) -> None:
    """Negative control: a group that heard of no change of rate is found out."""
    watch = Detection.plan_patrols

    def deaf(detection: Detection) -> None:
        if detection._next_pass is None:
            watch(detection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Detection, "plan_patrols", deaf)
        model = run(CHANGING, seed=2)
        assert [p for p in settled(model, passages) if not agree(p, in_hindsight(p))]
