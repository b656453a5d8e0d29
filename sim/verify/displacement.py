"""Displacement: the comparison's two measures, and a policy that displaces nothing."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.comparison.displacement import DisplacementRow, displacement
from sim.comparison.districts import read_districts
from sim.comparison.question import Question
from sim.frontier.files import TERRAINS
from sim.incidents.records import Crossing
from sim.model import BorderModel
from sim.verify.case import Case
from sim.verify.runs import run
from sim.verify.scenarios import EQUAL_WEIGHTS, LAND, Changes

if TYPE_CHECKING:
    import pyarrow as pa


class Counts(NamedTuple):
    """Crossings where a policy acts, next door, and elsewhere, before and after; two measures."""

    response: tuple[int, int]
    buffer: tuple[int, int]
    comparison: tuple[int, int]
    wdq: float
    tne: float


TABLED: Final = (
    Counts((100, 60), (50, 90), (200, 200), -1.0, 0.0),
    Counts((100, 60), (50, 50), (200, 200), 0.0, 40.0),
    Counts((100, 60), (50, 40), (200, 200), 0.25, 50.0),
)
_RESPONSE, _BUFFER, _COMPARISON = "farkhor", "panj", "vanj"
_RUNS: Final = 10

LOCAL: Final[Changes] = {
    "days": 20.0,
    "posts.spacing_km": 16.75,
    "technical.camera_coverage": 0.1,
    "technical.p_camera": 1.0,
    "teams.per_district": 3,
    "teams.reach_hours": 0.2,  # 6 km by any road, and every base is 7.5 km from its border
    **{f"teams.road_speed_km_h.{terrain}": 30.0 for terrain in TERRAINS},
    "teams.mobilisation_hours": 0.1,
    "teams.contact_rate": 5.0,
    "smugglers.loads_per_year": 1500.0,
    "smugglers.district_weights": EQUAL_WEIGHTS,
    "smugglers.inland_most_km": 10.0,
    "smugglers.p_armed": 0.0,
    "contact.p_surrender": 1.0,
}
"""Cameras call teams that stay in their district and stop every group they find."""

MORE_CAMERAS: Final[Changes] = {"technical.camera_emphasis": {_RESPONSE: 10.0}}

MOVING: Final[Changes] = {
    "smugglers.displacement": 1.0,
    "smugglers.distance_weight": 0.0,
    "smugglers.prior_attempts": 1.0,
}


def tabled_displacement(effort: float) -> list[Case]:
    """Three tables of 10 runs each with known means: exact.

    Everything that a policy prevents moves next door, nothing does, or the benefit spreads. Counts
    differ between runs, and some crossings are stopped everywhere, which must not count. Negative
    control of a zero: the figure of the table in which nothing, or everything, moves. Sources:
    Bowers and Johnson (2003), Guerette (2009).
    """
    rows = [_synthetic(counts) for counts in TABLED]
    cases = []
    for counts, row, other in zip(TABLED, rows, (rows[1], rows[0], None), strict=True):
        name = f"next door {counts.buffer[0]} to {counts.buffer[1]}"
        for measure in ("wdq", "tne"):
            theory, seen = getattr(counts, measure), getattr(row, measure)
            wrong = getattr(other, measure) if other is not None and theory == 0.0 else None
            cases.append(Case(f"{name}: {measure}", theory, seen + 0.0, wrong=wrong))
    return cases


def nothing_moves(effort: float) -> list[Case]:
    """Cameras in one district, and smugglers who do not choose their place by what they hear.

    Nothing else carries an effect into another district: teams stay in theirs and there are no
    cells. So the total net effect is that of the district alone, counted here from the crossings
    themselves, and the quotient is 0. Negative control: smugglers who all choose their place.
    """
    net, quotient, alone = _with_cameras({})
    wrong_net, wrong_quotient, _ = _with_cameras(MOVING)
    return [
        Case("no displacement: tne is the effect", alone, net, wrong=wrong_net),
        Case("no displacement: wdq", 0.0, quotient, wrong=wrong_quotient),
    ]


def _synthetic(counts: Counts) -> DisplacementRow:
    """The net effect in a table with these mean counts."""
    areas = dict(zip((_RESPONSE, _BUFFER, _COMPARISON), counts[:3], strict=True))
    rows: list[dict[str, object]] = []
    for when, scenario in enumerate(("baseline", "policy")):
        for replicate in range(_RUNS):
            shift = 2 * (replicate % 5) - 4  # 0 on average
            for slug in LAND.slugs:
                stopped = 3 + replicate % 4
                passed = areas[slug][when] + shift if slug in areas else 0
                crossings: dict[str, object] = {
                    "crossings": passed + stopped,
                    "interdicted": stopped,
                }
                run_of = {"scenario": scenario, "replicate": replicate, "district": slug}
                rows.append({**run_of, **crossings, "victims": 0})
    return _net(rows)


def _with_cameras(changes: Changes) -> tuple[float, float, float]:
    """Net effect and quotient of cameras in one district, and the crossings prevented there."""
    rows: list[dict[str, object]] = []
    prevented = []
    for replicate in range(_RUNS):
        pair = {
            "baseline": run("nothing moves", replicate, LOCAL, changes),
            "policy": run("nothing moves", replicate, LOCAL, changes, MORE_CAMERAS),
        }
        for scenario, model in pair.items():
            which = {"scenario": scenario, "replicate": replicate}
            rows += [{**which, **row} for row in model.district_table()]
        prevented.append(_passed(pair["baseline"]) - _passed(pair["policy"]))
    total = _net(rows)
    assert total.tne is not None
    assert total.wdq is not None
    return total.tne, total.wdq + 0.0, fmean(prevented)  # zero has no sign


def _passed(model: BorderModel) -> int:
    """Crossings of the district with cameras that were not stopped."""
    return sum(c.district == _RESPONSE and not c.stopped for c in model.log[Crossing])


def _net(rows: list[dict[str, object]]) -> DisplacementRow:
    """The row of the whole line for crossings that were not stopped."""
    import pyarrow as pa

    table: pa.Table = pa.Table.from_pylist(rows)
    before, after = (read_districts(table, scenario, LAND) for scenario in ("baseline", "policy"))
    rows_of = displacement("policy", before, after, [_RESPONSE], Question())
    return next(row for row in rows_of if row.measure == "not_stopped" and row.row == "total")
