"""Parameters on a page: what sets policies apart, what is assumed, and what the data taught."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Final, NamedTuple

import numpy as np

from sim.comparison.contrasts import quantiles
from sim.comparison.number_format import DASH, interval_text, per_cent, short
from sim.comparison.source import Posterior, UncertainParameter, year_in_words
from sim.comparison.terms import Terms, several
from sim.comparison.text_tables import TextTable
from sim.scenario.field import ASSUMPTION
from sim.scenario.parameter_page import value_text
from sim.scenario.parameters import parameter, parameters
from sim.scenario.spec import Scenario
from sim.scenario.values import Difference, diff

MOST_LEVERS: Final = 12
"""The table lists at most this many levers of a scenario."""


class Levers(NamedTuple):
    """The levers of each policy, and sentences on what the table leaves out."""

    table: TextTable
    left_out: list[str]


def levers(specs: Mapping[str, Scenario], names: Sequence[str], terms: Terms) -> Levers:
    """What sets each scenario apart from the baseline, the first of ``names``."""
    rows: list[tuple[str, ...]] = []
    left_out = []
    baseline, *policies = names
    for name in policies:
        changes = diff(specs[baseline], specs[name])
        rows += [(terms.label(name), *_lever(change)) for change in changes[:MOST_LEVERS]]
        if (more := len(changes) - MOST_LEVERS) > 0:
            what = "1 more parameter" if more == 1 else f"{more} more parameters"
            left_out.append(f"{terms.label(name)} differs in {what}.")
        if not changes:
            left_out.append(f"{terms.label(name)} does not differ from {terms.label(baseline)}.")
    heads = ("Scenario", "Parameter", "Baseline", "Scenario", "Unit", "Source of the default")
    return Levers(TextTable("Levers", heads, rows, tuple(range(6))), left_out)


def _lever(change: Difference) -> tuple[str, ...]:
    known = parameter(change.key)
    unit = "" if change.unit in ("flag", "choice", "-") else change.unit
    before, after = (DASH if v is None else value_text(v) for v in (change.a, change.b))
    return change.key, before, after, unit, known.source if known else ""


def count_assumptions() -> tuple[int, int]:
    """How many parameters have no source but an assumption, and how many there are."""
    every = parameters().values()
    return sum(each.source.startswith(ASSUMPTION) for each in every), len(every)


# -- uncertain parameters -------------------------------------------------------------------------


def pinned(posterior: Posterior, specs: Mapping[str, Scenario], terms: Terms) -> list[str]:
    """Which uncertain parameters a scenario sets itself, so that no draw changes them."""
    return [
        f"{terms.label(name)} keeps its own {several(keys)}."
        for name, spec in specs.items()
        if (keys := posterior.pinned(spec))
    ]


def posterior_table(posterior: Posterior) -> TextTable:
    """Every uncertain parameter, from the most learnt to the least."""
    columns = zip(*posterior.draws, strict=True)
    ranked = sorted(
        zip(posterior.parameters, columns, strict=True),
        key=lambda pair: (bool(pair[0].year), not pair[0].moved, -(pair[0].contraction or 0.0)),
    )
    heads = ("Parameter", "Unit", "Calibrated scenario", "90 % of draws", "Prior spread kept")
    return TextTable(
        "Uncertain parameters, the most learnt first", (*heads, "Taught by the data"),
        [_posterior_row(one, values) for one, values in ranked], (0, 1, 5),
    )  # fmt: skip


def _posterior_row(one: UncertainParameter, values: Sequence[float]) -> tuple[str, ...]:
    low, high = quantiles(np.asarray(values), (0.05, 0.95))
    calibrated = "× 1" if one.how == "scale" else ", ".join(map(short, one.base)) or DASH
    kept = DASH if one.contraction is None else per_cent(sqrt(max(0.0, 1.0 - one.contraction)))
    draws = f"{'× ' if one.how == 'scale' else ''}{interval_text(low, high)}"
    taught = "something" if one.moved else "almost nothing"
    if one.year:
        taught = f"is the state of {year_in_words(one.year)}"
    return one.name, one.unit, calibrated, draws, kept, taught


def posterior_sentences(posterior: Posterior) -> list[str]:
    """What the data taught and what they did not."""
    lasting = posterior.lasting
    if all(one.contraction is None for one in lasting):
        return ["No data were used: the draws are those of the prior."]
    moved = [one.name for one in lasting if one.moved]
    unmoved = [one.name for one in lasting if not one.moved]
    taught = f"The reports taught something about {len(moved)} of {len(lasting)} parameters."
    if not unmoved:
        return [taught]
    whose = "it keeps its prior" if len(unmoved) == 1 else "they keep their priors"
    return [taught, f"They taught almost nothing about {several(unmoved)}: {whose}."]
