"""Tables of runs made up for tests: what differs between scenarios is known."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from sim.frontier.ground import Ground

LAND = Ground.default()


def runs(
    outcomes: Mapping[str, Mapping[str, Sequence[float | None]]],
    replicates: Mapping[str, Sequence[int]] | None = None,
    digests: Mapping[str, str] | None = None,
) -> pa.Table:
    """One row a run, from the values of each outcome under each scenario."""
    rows = []
    for scenario, columns in outcomes.items():
        length = len(next(iter(columns.values())))
        numbers = (replicates or {}).get(scenario, range(length))
        for place, replicate in enumerate(numbers):
            rows.append(
                {
                    "scenario": scenario,
                    "digest": (digests or {}).get(scenario, f"digest of {scenario}"),
                    "replicate": replicate,
                    "seed": 2**62 + replicate,
                    "status": "done",
                    **{name: values[place] for name, values in columns.items()},
                }
            )
    return pa.Table.from_pylist(rows)


def policies(pairs: int, seed: int = 1) -> pa.Table:
    """A baseline, a policy that spares 2 of 10 victims at 4 times the hours, and one that does not.

    Victims are Poisson counts; under "hard" each is spared with probability 0.2, under "idle"
    nothing changes. Costs are 100 a year and differ by 30 and 0.
    """
    rng = np.random.default_rng(seed)
    victims = rng.poisson(10.0, pairs)
    spared = rng.binomial(victims, 0.2)
    cost = rng.normal(100.0, 5.0, pairs)
    hours = rng.normal(1000.0, 10.0, pairs)

    def columns(victims, cost, hours):
        return {"victims": victims.tolist(), "guard_hours": hours.tolist(),
                "cost_usd": cost.tolist()}  # fmt: skip

    return runs(
        {
            "baseline": columns(victims, cost, hours),
            "hard": columns(victims - spared, cost + 30.0 + rng.normal(0.0, 1.0, pairs), 4 * hours),
            "idle": columns(victims, cost, hours),
        }
    )


def district_rows(counts: Mapping[str, np.ndarray]) -> pa.Table:
    """The long table of districts from crossings (runs, 13) under each scenario; none stopped."""
    rows = [
        {
            "scenario": scenario,
            "digest": scenario,
            "replicate": replicate,
            "district": slug,
            "crossings": int(count),
            "interdicted": 0,
            "victims": 0,
        }
        for scenario, table in counts.items()
        for replicate, run in enumerate(table)
        for slug, count in zip(LAND.slugs, run, strict=True)
    ]
    return pa.Table.from_pylist(rows)
