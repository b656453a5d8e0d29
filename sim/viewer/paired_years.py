"""Paired years of scenarios and their comparison, as data that a page can draw."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.rules import user_rules
from sim.scenario.spec import Scenario
from sim.scenario.values import digest

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.comparison.contrasts import Contrast
    from sim.comparison.intervals import Floats

OUTCOMES: Final[Mapping[str, str]] = {
    "victims": "victims",
    "interdiction_share": "weight stopped",
    "cost_usd": "cost",
}
"""The outcomes to choose from, harm first, with short names."""

COLUMNS: Final = 12
"""Most columns of the chart on either side of zero."""

_REACH: Final = 0.975
"""Share of the years that the columns cover; those beyond go into the last column."""


class YearResults(NamedTuple):
    """The comparison over ``years`` pairs: for each policy its findings by outcome, and notes."""

    years: int
    data: dict[str, object]


def uniquely_named(scenario: Scenario) -> Scenario:
    """The scenario under a name that is unique in any store."""
    return scenario.model_copy(update={"name": f"world~{digest(scenario)[:8]}"})


def compare_years(
    folder: Path,
    base: Scenario,
    policies: Sequence[Scenario],
    years: int,
    jobs: int = 1,
    rules: bytes | None = None,
) -> YearResults:
    """Run the missing years and compare all, as ``panj batch`` and ``panj compare`` do.

    The years are the first ``years`` replicates of a baseline and other scenarios, kept in the
    store in ``folder``; ``jobs`` processes run those that it lacks. ``rules`` are packed user
    rules. Raises :class:`~sim.errors.PanjError` if they cannot be stored or compared.
    """
    from sim.comparison.comparison import compare
    from sim.runs.batch import run_batch
    from sim.runs.posterior import SHIPPED

    user_rules.unpack(rules)
    base, policies = uniquely_named(base), [uniquely_named(each) for each in policies]
    store = run_batch(
        [base, *policies],
        years,
        folder,
        jobs=None if jobs == 1 else jobs,
        executor="serial" if jobs == 1 else None,
        posterior=SHIPPED,
        districts=False,
        incidents=False,
    )
    names = [each.name for each in policies]
    comparison = compare(store, base.name, outcomes=list(OUTCOMES), scenarios=names)
    drawn = store.posterior.sets(base, 0) if store.posterior else {}
    data: dict[str, object] = {
        "run": comparison.terms.run,
        "notes": _failures(comparison),
        "policies": [
            {
                "outcomes": {o: _finding(comparison, each.name, o) for o in OUTCOMES},
                "drawn": sorted(key for key in each.stated if key in drawn),
            }
            for each in policies
        ],
    }
    return YearResults(years, data)


def _failures(comparison: Comparison) -> list[str]:
    """A note on runs that failed, if any did."""
    failed = [sample.failed for sample in comparison.samples.values()]
    if not any(failed):
        return []
    return [
        f"{sum(failed)} of the runs failed and are left out; 'panj batch' with the same values "
        "shows why."
    ]


def _finding(comparison: Comparison, policy: str, outcome: str) -> dict[str, object]:
    c = comparison.contrast(policy, outcome)
    differences = comparison.pairs[policy].differences[:, comparison.outcomes.index(outcome)]
    return {
        "label": OUTCOMES[outcome],
        "told": comparison.words().effect(c),
        "judgement": c.judgement,
        "unit": c.unit,
        "better": c.orientation,
        "n": c.n,
        "difference": c.difference,
        "low": c.low,
        "high": c.high,
        "expected": c.expected,
        "less": c.p_less,
        "equal": c.p_equal,
        "more": c.p_more,
        "spread": _spread(differences[~(differences != differences)], c),
    }


def _spread(differences: Floats, c: Contrast) -> dict[str, object] | None:
    """Counts of years by their difference, in columns outwards from zero.

    Columns are ``width`` wide, in the outcome's unit; the last holds all beyond. Years without a
    difference are counted apart.
    """
    if not len(differences):
        return None
    sizes = sorted(abs(each) for each in differences.tolist() if each != 0.0)
    ends = [abs(end) for end in (c.low, c.high) if end is not None]
    reach = max([*sizes[: math.ceil(_REACH * len(sizes))], *ends, 0.0])
    whole = all(float(size).is_integer() for size in sizes)
    width = _width(reach / COLUMNS, whole=whole)
    sides = {}
    for side, sign in (("less", -1.0), ("more", 1.0)):
        columns = [0] * COLUMNS
        for size in (sign * differences[sign * differences > 0.0]).tolist():
            columns[min(COLUMNS, math.ceil(size / width)) - 1] += 1
        sides[side] = columns
    return {"width": width, "equal": len(differences) - len(sizes), **sides}


def _width(least: float, *, whole: bool) -> float:
    """The least round width not below ``least``: 1, 2 or 5 times a power of ten."""
    if least <= 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    width = next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= least)
    return max(1.0, width) if whole else width
