"""What nobody knows about the parameters, and what the data taught."""

from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np

from sim.comparison.contrasts import quantiles
from sim.comparison.number_format import DASH, interval_text, per_cent, short
from sim.comparison.source import Posterior, UncertainParameter, year_in_words
from sim.comparison.terms import Terms, several
from sim.comparison.text_tables import TextTable
from sim.scenario.spec import Scenario


def pinned(posterior: Posterior, specs: Mapping[str, Scenario], terms: Terms) -> list[str]:
    """Which uncertain parameters a scenario sets itself, so that no draw changes them."""
    return [
        f"{terms.label(name)} keeps its own {several(own)}."
        for name, spec in specs.items()
        if (own := posterior.pinned(spec))
    ]


def taught(posterior: Posterior) -> TextTable:
    """Every uncertain parameter, the most learnt first."""
    columns = zip(*posterior.draws, strict=True)
    ranked = sorted(
        zip(posterior.parameters, columns, strict=True),
        key=lambda pair: (bool(pair[0].year), not pair[0].moved, -(pair[0].contraction or 0.0)),
    )
    heads = ("Parameter", "Unit", "Calibrated scenario", "90 % of draws", "Prior spread kept")
    return TextTable(
        "Uncertain parameters, the most learnt first", (*heads, "Taught by the data"),
        [_taught(one, values) for one, values in ranked], (0, 1, 5),
    )  # fmt: skip


def _taught(one: UncertainParameter, values: Sequence[float]) -> tuple[str, ...]:
    low, high = quantiles(np.asarray(values), (0.05, 0.95))
    taken = "× 1" if one.how == "scale" else ", ".join(map(short, one.base)) or DASH
    kept = DASH if one.contraction is None else per_cent(sqrt(max(0.0, 1.0 - one.contraction)))
    drawn = f"{'× ' if one.how == 'scale' else ''}{interval_text(low, high)}"
    moved = "something" if one.moved else "nothing to speak of"
    if one.year:
        moved = f"is the state of {year_in_words(one.year)}"
    return one.name, one.unit, taken, drawn, kept, moved


def learnt(posterior: Posterior) -> list[str]:
    """What the data taught and what they did not, in sentences."""
    every = posterior.lasting
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
