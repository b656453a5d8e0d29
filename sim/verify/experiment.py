"""The experiment itself: pairs that differ only by the change, and batches run in any way."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sim.incidents.records import Alarm, Crossing, Incident
from sim.model import BorderModel
from sim.runs.batch import BatchProgress, run_batch
from sim.runs.replicate import seed_of
from sim.runs.store import Store
from sim.scenario.load import load
from sim.verify.case import Case
from sim.verify.displacement import LOCAL, MORE_CAMERAS, MOVING
from sim.verify.runs import run
from sim.verify.scenarios import EQUAL_WEIGHTS, Changes

SENSORS: Final[Changes] = {
    "days": 20.0,
    "posts.spacing_km": 16.75,
    "posts.p_watch": 0.3,
    "patrols.sorties_per_day": 4.0,
    "patrols.sight_range_day_km": 1.5,
    "patrols.sight_range_night_km": 0.5,
    "sign.life_hours": 18.0,
    "technical.camera_coverage": 0.05,
    "teams.per_district": 1,
    "smugglers.loads_per_year": 2000.0,
    "smugglers.district_weights": EQUAL_WEIGHTS,
}
"""Watch, patrols, sign, cameras and teams are on, and what one group meets affects no other."""

_SIGHT, _MORE_SIGHT = 0.3, 0.33
_REPLICATES: Final = 10
_CUT_AFTER: Final = 3


def null_change(effort: float) -> list[Case]:
    """Four months of the whole baseline under another name.

    Negative control: another seed.
    """
    runs = (("baseline", 0), ("same_as_before", 0), ("baseline", 1))
    first, renamed, other = (
        BorderModel(load("baseline", {"name": name, "days": 120.0}), seed_of(n)).run().outcomes()
        for name, n in runs
    )
    differ, wrong = (
        sum(row[field] != value for field, value in first.items()) for row in (renamed, other)
    )
    name = "null change: outcomes that differ"
    return [Case(name, 0.0, float(differ), wrong=float(wrong))]


def change_of_one_district(effort: float) -> list[Case]:
    """Ten times the cameras in one district; every record of all other districts stays the same.

    Teams stay in their district, there are no cells, and smugglers do not choose their place by
    what they hear. Negative control: they do.
    """
    moved, wrong = (_elsewhere(changes) for changes in ({}, MOVING))
    name = "cameras in one district: records that differ elsewhere"
    return [Case(name, 0.0, float(moved), wrong=float(wrong))]


def more_sight(effort: float) -> list[Case]:
    """A tenth more chance to see, in pairs of runs: no pair loses a detection.

    Negative control: the same runs, paired with the wrong seeds.
    """
    pairs = max(round(24 * effort), 4)
    few, many = (
        [_detected("more sight", n, {"patrols.p_sight": chance}) for n in range(pairs)]
        for chance in (_SIGHT, _MORE_SIGHT)
    )
    shifted = [*many[1:], many[0]]
    pairs_of = [list(zip(few, other, strict=True)) for other in (many, shifted)]
    fewer, wrong = (sum(len(b) < len(a) for a, b in both) for both in pairs_of)
    lost, strangers = (sum(not a <= b for a, b in both) for both in pairs_of)
    return [
        Case("better sight: pairs with fewer detections", 0.0, fewer, wrong=wrong),
        Case("better sight: pairs that lose a detection", 0.0, lost, wrong=strangers),
    ]


def batches(effort: float) -> list[Case]:
    """Ten paired runs of two scenarios: at once, by two processes, in other orders, extended.

    All stores are temporary. Tables are compared by the digest of every row, and the first rows of
    the extended store one by one. Negative control: a store with other seeds.
    """
    one, two = (load(name, {"days": 20.0}) for name in ("baseline", "triggered"))
    with TemporaryDirectory(prefix="panj-verify-") as folder:
        store = Path(folder).joinpath
        whole = run_batch([one, two], _REPLICATES, store("whole"), executor="serial")
        others = run_batch([one, two], _REPLICATES, store("others"), executor="serial", root=1)
        turned = run_batch([two, one], _REPLICATES, store("turned"), executor="serial")
        spread = run_batch([one, two], _REPLICATES, store("spread"), jobs=2)
        with suppress(_CutError):
            run_batch([one, two], _REPLICATES, store("cut"), executor="serial", progress=_cut)
        cut = run_batch([one, two], _REPLICATES, store("cut"), executor="serial")
        made = {"two processes": spread, "scenarios in another order": turned, "cut, resumed": cut}
        expected, wrong = whole.table_hash(), others.table_hash()
        cases = [
            Case(f"batch: {how}: tables that differ", 0.0, float(batch.table_hash() != expected),
                 wrong=float(wrong != expected))
            for how, batch in made.items()
        ]  # fmt: skip
        before = _rows(whole)
        longer = run_batch([one, two], 2 * _REPLICATES, store("whole"), executor="serial")
        changed, wrong_rows = (
            sum(row != there.get(key) for key, row in before.items())
            for there in (_rows(longer), _rows(others))
        )
    name = "batch: extended: first rows that change"
    return [*cases, Case(name, 0.0, changed, wrong=wrong_rows)]


def _elsewhere(changes: Changes) -> int:
    """Number of records, outside the district of the cameras, in one run of a pair only."""
    differ = 0
    for number in range(4):
        runs = [run("one district", number, LOCAL, changes, more) for more in ({}, MORE_CAMERAS)]
        plain, watched = (_records(model) for model in runs)
        differ += len(plain ^ watched)
    return differ


def _records(model: BorderModel) -> set[Crossing | Incident | Alarm]:
    (changed,) = MORE_CAMERAS.values()
    assert isinstance(changed, dict)
    tables = (model.log[Crossing], model.log[Incident], model.log[Alarm])
    return {record for table in tables for record in table if record.district not in changed}


def _detected(study: str, number: int, changes: Changes) -> set[str]:
    crossings = run(study, number, SENSORS, changes).log[Crossing]
    return {crossing.identity for crossing in crossings if crossing.detected_at is not None}


class _CutError(Exception):
    """Stands for a keyboard interrupt."""


def _cut(tally: BatchProgress) -> None:
    if tally.done >= _CUT_AFTER:
        raise _CutError


def _rows(store: Store) -> dict[tuple[str, int], dict[str, object]]:
    """Outcome rows by scenario and replicate."""
    rows = store.outcomes().to_pylist()
    return {(row["scenario"], row["replicate"]): row for row in rows}
