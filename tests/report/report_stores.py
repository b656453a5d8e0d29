"""Stores for the tests of reports: real in shape, with made-up numbers."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.frontier.ground import Ground
from sim.measures.registry import BY_DISTRICT, outcomes_on
from sim.runs.batch import BatchOptions, fill_store
from sim.runs.posterior import Posterior, UncertainParameter
from sim.runs.replicate import Run
from sim.runs.request import Request
from sim.runs.store import Store
from sim.runs.structure import Variant
from sim.runs.workers import Serial
from sim.scenario.load import load
from sim.scenario.spec import Scenario

SHIPPED = outcomes_on(Ground.default())

LAND = Ground.default()

EVIL = "<script>alert('a')</script><img src=x onerror=\"b()\"> & $\\frac{1}{0}$ 'quoted'"
POISON = "poison"
"""A scenario of this name fails in every other run."""

SIGHT = "patrols.p_sight"
DRAWN = Posterior(
    (
        UncertainParameter(SIGHT, (SIGHT,), "set", (0.3,), "probability", 0.64, True),
        UncertainParameter("<b>wild</b>", ("sign.p_found",), "scale", (0.1,), "ratio", -0.2, False),
    ),
    tuple((0.1 + 0.02 * i, 0.6 + 0.05 * ((i * 3) % 8)) for i in range(8)),
    "panj calibrate -o /home/qwertz/fit",
)


def scenario(name: str, title: str = "", **changes: object) -> Scenario:
    """The shipped baseline under another name; only its cameras differ."""
    cameras = 0.02 if name == "baseline" else 0.03 + 0.01 * (sum(map(ord, name)) % 60)
    other = {"technical.camera_coverage": cameras, **changes}
    return load("baseline", other).model_copy(update={"name": name, "title": title or f"Of {name}"})


def made_up(spec: Scenario, seed: int, keep: Sequence[str]) -> Run:
    """A run that depends on its seed, and a little on the name: policies save lives and cost."""
    shared, own = np.random.default_rng(seed % 2**32), len(spec.name) - len("baseline")
    if spec.name == POISON and shared.random() < 0.5:
        return Run(0, seed, failure=("run", "ZeroDivisionError: oops", "/home/qwertz/x.py"))
    row: dict[str, float | int | None] = {}
    for field in SHIPPED:
        base = float(shared.poisson(20))
        row[field.name] = base / 100.0 if field.unit == "share" else int(base)
    saved = max(own, 0) if shared.random() < 0.8 else 0
    row["victims"] = max(int(row["victims"] or 0) - saved, 0)
    for field in SHIPPED:
        if field.mean_of:
            row[field.name] = float(row[field.mean_of] or 0)
    row["cost_usd"] = 1e7 + 1e6 * own + 1e5 * float(shared.normal())
    blank = dict.fromkeys((outcome.name for outcome in BY_DISTRICT), 0)
    districts = [
        {**blank, "district": slug, "crossings": 5, "victims": int(shared.poisson(1.0))}
        for slug in LAND.slugs
    ]
    return Run(0, seed, row, districts if "districts" in keep else ())


def filled(
    folder: Path,
    specs: Sequence[Scenario],
    replicates: int = 12,
    *,
    posterior: Posterior | None = None,
    variants: Sequence[Variant] = (),
    districts: bool = True,
    command: str = "panj batch baseline -o /home/qwertz/results",
) -> Store:
    """A store of made-up runs."""
    request = Request(
        specs, replicates, posterior=posterior, keep={"districts": districts}, variants=variants
    )
    return fill_store(
        folder, request, Serial(), BatchOptions(simulate=made_up, command=command)
    ).store
