"""Paired years of scenarios and what they say, as data that a page can draw."""

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
"""The outcomes to choose from, the harm first, and their short names."""

COLUMNS: Final = 12
"""Most columns of a picture on either side of zero."""

_REACH: Final = 0.975
"""The share of the years that have a column of their own; the rest goes into the last."""


class Found(NamedTuple):
    """What so many years say: for each policy its findings by outcome, and what was left out."""

    years: int
    told: dict[str, object]


def stored(scenario: Scenario) -> Scenario:
    """The scenario under a name that is its own whatever else a store holds."""
    return scenario.model_copy(update={"name": f"world~{digest(scenario)[:8]}"})


def found(
    folder: Path,
    base: Scenario,
    policies: Sequence[Scenario],
    many: int,
    jobs: int = 1,
    rules: bytes | None = None,
) -> Found:
    """Run the years that are missing and compare all, as ``panj batch`` and ``panj compare`` do.

    The years are the first ``many`` replicates of a baseline and other scenarios. They are kept
    in the store in ``folder``; ``jobs`` processes run what it lacks. ``rules`` are rules of one's
    own, packed. Raises :class:`~sim.errors.PanjError` where they cannot be kept or compared.
    """
    from sim.comparison.comparison import compare
    from sim.runs.batch import run_batch
    from sim.runs.posterior import SHIPPED

    user_rules.unpack(rules)
    base, policies = stored(base), [stored(each) for each in policies]
    store = run_batch(
        [base, *policies],
        many,
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
    told: dict[str, object] = {
        "run": comparison.terms.run,
        "notes": _left_out(comparison),
        "policies": [
            {
                "outcomes": {o: _finding(comparison, each.name, o) for o in OUTCOMES},
                "drawn": sorted(key for key in each.stated if key in drawn),
            }
            for each in policies
        ],
    }
    return Found(many, told)


def _left_out(comparison: Comparison) -> list[str]:
    """Runs that failed, if there are any, and where."""
    failed = [sample.failed for sample in comparison.samples.values()]
    if not any(failed):
        return []
    return [
        f"{sum(failed)} of the runs failed and are left out; 'panj batch' with the same values "
        "tells why."
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
    """The years by their difference: columns outwards from zero, the last with all beyond.

    Columns are ``width`` wide, in the outcome's unit; years without any difference are apart.
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
    """A round width of at least so much: 1, 2 or 5 times a power of ten."""
    if least <= 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    found = next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= least)
    return max(1.0, found) if whole else found
