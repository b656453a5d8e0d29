"""Made-up batches for the tests of figures: tables in the shape of a store."""

import numpy as np
import pyarrow as pa

from sim.comparison.comparison import read_comparison
from sim.comparison.question import Question
from sim.comparison.source import open_source
from sim.frontier.ground import Ground
from sim.measures.registry import headlines
from sim.report.gallery import PICTURE_OUTCOMES
from sim.report.outcome_view import OutcomeView

LAND = Ground.default()


def look(table, outcome=None, baseline="baseline"):
    """A comparison of a table in one outcome, or in its first headline, as a figure gets it."""
    source = open_source(table)
    usual = [name for name in headlines() if name in source.outcomes][:1]
    question = Question(outcomes=[outcome] if outcome else usual or None, harm=outcome)
    return OutcomeView(read_comparison(source, baseline, question, also=PICTURE_OUTCOMES))


def found_in(table, outcome=None, baseline="baseline"):
    """The comparison alone."""
    return look(table, outcome, baseline).comparison


LONG = (
    "alert raised for the whole frontier before the dangerous season begins",
    "surveillance_by_cameras_and_uncrewed_aircraft_in_every_district",
    "a tips programme with the elders of the villages",
    "reserve teams and helicopters at four bases",
    "worksites hardened against fire and drones",
    "joint mechanism with the host state, renewed",
    "hot-spot surge in two districts",
    "patrols jittered within the hour",
    "patrols by the clock",
    "routine always",
    "x",
)

COLUMNS = {
    "scenario": pa.string(), "digest": pa.string(), "replicate": pa.int64(), "seed": pa.int64(),
    "status": pa.string(), "victims": pa.int64(), "crossings": pa.int64(),
    "interdiction_share": pa.float64(), "cost_usd": pa.float64(), "message": pa.string(),
}  # fmt: skip


def outcomes(names=("baseline", "policy"), n=40, seed=1, **spoilt):
    """Counts, a share and a cost for each scenario; all but the noise of a replicate is shared.

    ``spoilt`` gives, by scenario, a function that takes its list of rows and changes it.
    """
    rng = np.random.default_rng(seed)
    years = rng.poisson(2.3, n), rng.poisson(900, n), rng.uniform(0.05, 0.12, n)
    rows = []
    for k, name in enumerate(names):
        own = [row(name, r, *(float(year[r]) for year in years), k, rng) for r in range(n)]
        rows += spoilt.get(name, lambda same: same)(own)
    return pa.Table.from_pylist(rows, schema=pa.schema(COLUMNS))


def row(name, r, victims, crossings, share, k, rng):
    """One run of scenario number ``k``, the baseline being number 0."""
    moved = rng.random() < 0.3
    return {
        "scenario": name, "digest": f"digest of {name}", "replicate": r, "seed": 1000 + r,
        "status": "done",
        "victims": int(max(victims - (k % 3) * moved, 0)),
        "crossings": int(crossings - 4 * k * moved),
        "interdiction_share": share * (1.0 + 0.1 * (k % 4)),
        "cost_usd": 1.7e7 + 4e5 * ((k * 5) % 11) + 1e4 * victims,
        "message": None,
    }  # fmt: skip


def failed(rows):
    """Every run has failed."""
    return [{**one, "status": "failed", "message": "boom", "victims": None, "crossings": None,
             "interdiction_share": None, "cost_usd": None} for one in rows]  # fmt: skip


def some_failed(rows):
    """Every fourth run has failed."""
    return [failed([one])[0] if i % 4 == 0 else one for i, one in enumerate(rows)]


def undefined(rows):
    """The share is undefined in every other run."""
    return [{**one, "interdiction_share": None} if i % 2 else one for i, one in enumerate(rows)]


def later(rows):
    """Other replicates than those of the other scenarios."""
    return [{**one, "replicate": one["replicate"] + 10_000, "seed": 7} for one in rows]


def nothing_varies(rows):
    """Every run is the same."""
    return [{**one, "victims": 3, "crossings": 100, "interdiction_share": 0.5, "cost_usd": 1e6}
            for one in rows]  # fmt: skip


def enormous(rows):
    """Values of another order of magnitude."""
    return [{**one, "victims": 5000 * (1 + one["victims"]), "cost_usd": one["cost_usd"] * 1e4}
            for one in rows]  # fmt: skip


TWELVE = ("baseline", *LONG)
BATCHES = {
    "two": outcomes(),
    "twelve": outcomes(TWELVE, 60),
    "baseline alone": outcomes(("baseline",)),
    "no difference": outcomes(("baseline", "twin"), twin=lambda rows: [
        {**one, "scenario": "twin"} for one in outcomes(("baseline",)).to_pylist()]),
    "failures": outcomes(("baseline", "lost", "some", "vague"), lost=failed, some=some_failed,
                         vague=undefined),
    "nothing varies": outcomes(("baseline", "b", "c"), baseline=nothing_varies, b=nothing_varies,
                               c=nothing_varies),
    "nothing in common": outcomes(("baseline", "later"), later=later),
    "one replicate": outcomes(n=1),
    "two replicates": outcomes(n=2),
    "enormous": outcomes(("baseline", "huge"), huge=enormous),
    "baseline failed": outcomes(baseline=failed),
}  # fmt: skip


def districts(names=("baseline", "policy"), n=30, seed=2, shift=2.0):
    """Counts by district; scenario number k moves ``shift * k`` from one district to the next."""
    rng = np.random.default_rng(seed)
    flow = rng.poisson(30, (n, len(LAND.slugs)))
    harm = rng.poisson(0.3, (n, len(LAND.slugs)))
    rows = []
    for k, name in enumerate(names):
        for r in range(n):
            for d, slug in enumerate(LAND.slugs):
                moved = int(shift * k * ((d == 7) - (d == 6)) + (rng.random() < 0.1) * (k > 0))
                rows.append({
                    "scenario": name, "digest": name, "replicate": r, "district": slug,
                    "crossings": int(flow[r, d]) + moved, "interdicted": int(flow[r, d] // 10),
                    "victims": int(max(harm[r, d] + (moved if shift else 0) // 2, 0)),
                })  # fmt: skip
    return pa.Table.from_pylist(rows)


PLACES = {
    "two": districts(),
    "twelve": districts(TWELVE, 12),
    "baseline alone": districts(("baseline",)),
    "no difference": pa.concat_tables([
        (same := districts(("baseline",))),
        same.set_column(0, "scenario", pa.array(["twin"] * same.num_rows)),
    ]),
    "one replicate": districts(n=1),
}  # fmt: skip
