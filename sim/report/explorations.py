"""Sections of the page for what else was asked of a store: the safe choice and explorations."""

from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.regret_words import regret_tables
from sim.comparison.source import MissingTableError
from sim.comparison.terms import Terms, counted
from sim.explore.result import FOLDER, load_result
from sim.report.inline_figure import inline_figure
from sim.report.pictures import Picture
from sim.report.regret import draw_regret
from sim.report.section import SectionContent


class SectionKind(NamedTuple):
    """A kind of section: its title, the line that opens it, and what its picture shows."""

    title: str
    opening: str
    summary: str


EXPLORATIONS: Final = {
    "sensitivity": SectionKind(
        "What it depends on",
        "Which parameters and levers move an outcome, or the difference between two policies.",
        "What it depends on: a bar for each parameter or lever",
    ),
    "discover": SectionKind(
        "When it fails",
        "Under which values of the uncertain parameters a policy does worse: boxes of values.",
        "Where it does worse, and what another box would give",
    ),
    "optimise": SectionKind(
        "Which mix is best",
        "The levers that do least harm for a budget: sought among many mixes on some years, judged "
        "on others.",
        "What the best mix buys, what it saves, and what one unit more would save",
    ),
    "incident": SectionKind(
        "One incident under several policies",
        "The same group, on the same night, with the same intent and the same luck: what it did "
        "under each policy, where the stories part, and why.",
        "Step by step",
    ),
    "alerts": SectionKind(
        "How well an alert rule predicts",
        "An alert rule as a warning: hits, misses and false alarms when the level is raised, how "
        "early it is raised, and what raising it prevents.",
        "How well alarms predict, at every threshold, and how early they come",
    ),
}
"""Kinds of result in the order of the page.

The module of :mod:`sim.report` with the name of a kind gives the class of the result as
``RESULT`` and the section as ``section_content``. It is imported where a store has such a result.
"""

_SAFE_CHOICE: Final = SectionKind(
    "Safe choice",
    "Nobody knows the parameters. This section shows how far each scenario is behind the best, "
    "whatever they are: its regret.",
    "How far behind the best",
)


class Section(NamedTuple):
    """A section of the page, below the anchor ``name``."""

    name: str
    kind: SectionKind
    content: SectionContent
    origin: str

    @property
    def link(self) -> tuple[str, str]:
        """Its anchor and its title, for the contents."""
        return self.name, self.kind.title

    @property
    def picture(self) -> Picture:
        """Its picture."""
        figure = inline_figure(self.content.figure, self.name)
        return Picture(self.name, self.kind.summary, figure)


def exploration_sections(store: Path, terms: Terms) -> list[Section]:
    """A section for each exploration that was made of a store.

    Raises :class:`~sim.errors.StoreError` for a result that cannot be read.
    """
    sections = []
    for name, kind in EXPLORATIONS.items():
        if (store / FOLDER / f"{name}.json").exists():
            module = import_module(f"sim.report.{name}")
            result = load_result(store, module.RESULT)
            if result is not None:
                origin = f"Found by {result.asked} in {counted(result.runs, terms.run)}."
                content = module.section_content(result, terms)
                sections.append(Section(name, kind, content, origin))
    return sections


def safe_choice_section(comparison: Comparison, terms: Terms) -> list[Section]:
    """The section on regret; none where the store has no draws of the parameters."""
    try:
        rows = comparison.regret
    except MissingTableError:
        return []
    if not rows:
        return []
    content = SectionContent(
        comparison.safe_in(terms), regret_tables(comparison, terms), draw_regret(comparison)
    )
    origin = f"Found in {counted(rows[0].n, terms.run)} of each scenario."
    return [Section("regret", _SAFE_CHOICE, content, origin)]
