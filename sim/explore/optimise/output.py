"""The best mix as files: a scenario to run, and a random schedule of patrols."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.model import BorderModel
from sim.rules.alert import LEVELS
from sim.runs.scenario_file import as_toml
from sim.runs.store_files import write_file

if TYPE_CHECKING:
    from sim.explore.optimise.result import Optimum
    from sim.scenario.spec import Scenario

BEST: Final = "best.toml"
PLAN: Final = "plan.csv"
HOURS: Final = 24
_HEAD: Final = (
    "district", "level", "hour", "posts", "sorties_a_day_of_a_post", "probability_of_a_sortie",
)  # fmt: skip


def write(folder: Path, mix: Scenario, result: Optimum) -> None:
    """Write ``best.toml`` and ``plan.csv``. Raises :class:`~sim.errors.OutputError`."""
    spends = f"for {result.total:,.0f} a year ({result.currency}); it spends {result.spent:,.0f}."
    title = "The best mix found for a budget"
    text = as_toml(mix, title, [f"Made by {result.asked}", spends])
    write_file(folder / BEST, text.encode())
    write_file(folder / PLAN, plan(mix).encode())


def plan(mix: Scenario) -> str:
    """The probability that a sortie leaves: CSV, a row for each district, level and hour.

    In each hour each post draws whether a sortie leaves: ``1 - exp(-rate / 24)``, the probability
    of at least one departure of the Poisson process of the model. Nothing in it repeats, so
    watching teaches nothing. Every hour has the same probability, since departures in the model do
    not depend on the hour.
    """
    model = BorderModel(mix, 0)
    posts = Counter(post.sector.slug for post in model.posts)
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    writer.writerow(_HEAD)
    for slug in mix.ground.slugs:
        for level in _levels(mix):
            rate = (
                mix.patrols.sorties_per_day
                * mix.patrols.emphasis.get(slug, 1.0)
                * getattr(mix.alert.levels, level).sorties
            )
            chance = 1.0 - exp(-rate / HOURS)
            for hour in range(HOURS):
                writer.writerow((slug, level, hour, posts[slug], f"{rate:.4g}", f"{chance:.4f}"))
    return rows.getvalue()


def _levels(mix: Scenario) -> Iterator[str]:
    """The levels of its year that are known in advance, lowest first."""
    alert = mix.alert
    known = {alert.level}
    if alert.policy == "preemptive" and alert.season_months:
        known.add(max(alert.level, alert.season_level, key=LEVELS.index))
    return (level for level in LEVELS if level in known)
