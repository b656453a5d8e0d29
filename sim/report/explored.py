"""What more was asked of a store, in sections of its page: explorations, and the safe choice."""

from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.regret_words import regret_tables
from sim.comparison.source import MissingTableError
from sim.comparison.terms import Terms, counted
from sim.explore.result import FOLDER, load_result
from sim.report.inline import inline
from sim.report.plates import Plate
from sim.report.regret import draw_regret
from sim.report.told import Told


class Kind(NamedTuple):
    """A kind of section: its title, a line that opens it, and what its picture shows."""

    title: str
    opening: str
    picture: str


EXPLORATIONS: Final = {
    "sensitivity": Kind(
        "What it hangs on",
        "Which parameters and levers move an outcome, or the difference between two policies.",
        "What it hangs on: a bar for each parameter or lever",
    ),
    "discover": Kind(
        "When it fails",
        "What would have to be true for a policy to lose: boxes of the uncertain parameters.",
        "Where it loses, and what another box would give",
    ),
    "optimise": Kind(
        "Which mix is best",
        "Levers that do least harm for a budget, sought among many mixes and judged on years that "
        "none of them was chosen by.",
        "What the best mix buys, what it saves, and what one unit more would save.",
    ),
    "incident": Kind(
        "One incident, told twice",
        "The same group, on the same night, with the same intent and the same luck: what each "
        "policy made of it, where the stories part, and why.",
        "Step by step",
    ),
    "alerts": Kind(
        "How well an alert rule predicts",
        "An alert rule as a warning: hits, misses and false alarms of raising the level, how early "
        "it is raised, and what raising it prevents.",
        "How well alarms predict, at every threshold, and how early they come",
    ),
}
"""Kinds of finding in the order of the page.

The module of :mod:`sim.report` that has the name of a kind reads it (``FINDING`` is its class) and
tells it (``tell``); it is imported where a store has such a finding.
"""

_SAFE: Final = Kind(
    "Safe choice",
    "Nobody knows the parameters. Here is how far behind the best each scenario is, whatever they "
    "are: its regret.",
    "How far behind the best",
)


class Section(NamedTuple):
    """A section of the page, below the anchor ``name``."""

    name: str
    kind: Kind
    told: Told
    origin: str

    @property
    def link(self) -> tuple[str, str]:
        """Its anchor and its title, for the contents."""
        return self.name, self.kind.title

    @property
    def plate(self) -> Plate:
        """Its picture."""
        return Plate(self.name, self.kind.picture, inline(self.told.picture, self.name))


def explored(store: Path, terms: Terms) -> list[Section]:
    """A section for each exploration that was made of a store.

    Raises :class:`~sim.errors.StoreError` for a finding that cannot be read.
    """
    found = []
    for name, kind in EXPLORATIONS.items():
        if (store / FOLDER / f"{name}.json").exists():
            module = import_module(f"sim.report.{name}")
            finding = load_result(store, module.FINDING)
            if finding is not None:
                origin = f"Found by {finding.asked} in {counted(finding.runs, terms.run)}."
                found.append(Section(name, kind, module.tell(finding, terms), origin))
    return found


def safe_choice(found: Comparison, terms: Terms) -> list[Section]:
    """The section on which choice is safe, whatever the parameters are; none without draws."""
    try:
        rows = found.regret
    except MissingTableError:
        return []
    if not rows:
        return []
    told = Told(found.safe_in(terms), regret_tables(found, terms), draw_regret(found))
    origin = f"Found in {counted(rows[0].n, terms.run)} of each scenario."
    return [Section("regret", _SAFE, told, origin)]
