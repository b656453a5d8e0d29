"""What nobody knows, and what it does to the answer: draws of parameters beside chance."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np

from sim.comparison.comparison import Comparison
from sim.measures.registry import described
from sim.report.differences import harm_of
from sim.report.paired import quantiles
from sim.report.prose import DASH, figure, several, share, span
from sim.report.wording import Terms
from sim.runs.posterior import Posterior, Uncertain
from sim.scenario.spec import Scenario


class Split(NamedTuple):
    """A difference in the harm, and how far parameters and chance move it."""

    name: str
    change: str
    over_draws: str
    parameters: str
    chance: str
    better: str
    left: str


class Dependence(NamedTuple):
    """Which policy is best where a parameter is low and where it is high."""

    parameter: str
    low: str
    high: str
    p: str
    depends: bool


class Taught(NamedTuple):
    """An uncertain parameter: what it was taken as, what it is drawn from, what was learnt."""

    name: str
    unit: str
    taken: str
    drawn: str
    kept: str
    moved: bool


class Unknowns(NamedTuple):
    """The draws that a store was run with: what they do, and what is known of them.

    ``splits`` has no rows where no two replicates share a draw. ``learnt`` and ``pinned`` are
    sentences: what the data taught, and what a scenario sets itself.
    """

    draws: int
    splits: list[Split]
    dependence: list[Dependence]
    learnt: list[str]
    taught: list[Taught]
    pinned: list[str]


def unknowns(
    posterior: Posterior, found: Comparison, specs: Mapping[str, Scenario], terms: Terms
) -> Unknowns:
    """Everything that a page says of the uncertain parameters."""
    return Unknowns(
        len(posterior.draws),
        _splits(found, terms),
        _dependence(found, terms),
        learnt(posterior),
        taught(posterior),
        pinned(posterior, specs, terms),
    )


def _splits(found: Comparison, terms: Terms) -> list[Split]:
    harm = harm_of(found)
    factor = 100.0 if described(harm).unit == "share" else 1.0
    return [
        Split(
            terms.label(row["scenario"]),
            figure(row["difference"], factor),
            span(row["low"], row["high"], factor),
            f"±{figure(row['sd_parameters'], factor)}",
            f"±{figure(row['sd_chance'], factor)}",
            share(row["p_better"]),
            share(row["error_parameters"]),
        )
        for row in found.uncertainty.to_pylist()
        if row["outcome"] == harm
    ]


def _dependence(found: Comparison, terms: Terms) -> list[Dependence]:
    return [
        Dependence(
            row["parameter"],
            terms.label(row["best_low"]),
            terms.label(row["best_high"]),
            f"{row['p_holm']:.2f}" if row["p_holm"] >= 0.005 else "<0.01",
            row["depends"],
        )
        for row in found.dependence.to_pylist()
    ]


def pinned(posterior: Posterior, specs: Mapping[str, Scenario], terms: Terms) -> list[str]:
    """Which uncertain parameters a scenario sets itself, so that no draw changes them."""
    return [
        f"{terms.label(name)} keeps its own {several(own)}."
        for name, spec in specs.items()
        if (own := posterior.pinned(spec))
    ]


def taught(posterior: Posterior) -> list[Taught]:
    """Every uncertain parameter, the most learnt first."""
    columns = zip(*posterior.draws, strict=True)
    ranked = sorted(
        zip(posterior.parameters, columns, strict=True),
        key=lambda pair: (not pair[0].moved, -(pair[0].contraction or 0.0)),
    )
    return [_taught(one, values) for one, values in ranked]


def _taught(one: Uncertain, values: Sequence[float]) -> Taught:
    low, high = quantiles(np.asarray(values), (0.05, 0.95))
    taken = "× 1" if one.how == "scale" else ", ".join(figure(value) for value in one.base) or DASH
    kept = DASH if one.contraction is None else share(sqrt(max(0.0, 1.0 - one.contraction)))
    sign = "× " if one.how == "scale" else ""
    return Taught(one.name, one.unit, taken, sign + span(low, high), kept, one.moved)


def learnt(posterior: Posterior) -> list[str]:
    """What the data taught and what they did not, in sentences."""
    every = posterior.parameters
    if all(one.contraction is None for one in every):
        return ["No data were used: the draws are those of the prior."]
    moved = [one.name for one in every if one.moved]
    still = [one.name for one in every if not one.moved]
    told = [f"The reports taught something about {len(moved)} of {len(every)} parameters."]
    if still:
        told.append(
            f"Nothing to speak of about {several(still)}: "
            f"{'it is' if len(still) == 1 else 'they are'} drawn from what was believed before."
        )
    return told
