"""The explorations of a store as sections of its page: each kind of finding has one."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

from sim.comparison.sheets import Sheet
from sim.comparison.terms import Terms, counted
from sim.explore.findings import FOLDER, kept
from sim.report.inline import inline
from sim.report.plates import Plate
from sim.report.told import Told

EXPLORATIONS: Final = {
    "sensitivity": (
        "What it hangs on",
        "Which parameters and levers move an outcome, or the difference between two policies.",
    ),
    "discover": (
        "When it fails",
        "What would have to be true for a policy to lose: boxes of the uncertain parameters.",
    ),
    "optimise": (
        "Which mix is best",
        "Levers that do least harm for a budget, sought among many mixes and judged on years that "
        "none of them was chosen by.",
    ),
    "incident": (
        "One incident, told twice",
        "The same group, on the same night, with the same intent and the same luck: what each "
        "policy made of it, where the stories part, and why.",
    ),
    "alerts": (
        "How well a warning foretells",
        "An alert rule as a warning: hits, misses and false alarms of raising the level, how early "
        "it is raised, and what raising it prevents.",
    ),
}
"""Kinds of finding in the order of the page: the title of the section, and a line that opens it.

The module of :mod:`sim.report` that has the name of a kind reads it (``FINDING`` is its class) and
tells it (``tell``); it is imported where a store has such a finding.
"""


class Section(NamedTuple):
    """A section of the page, below the anchor ``name``."""

    name: str
    title: str
    opening: str
    sentences: Sequence[str]
    sheets: Sequence[Sheet]
    plates: Sequence[Plate]
    origin: str

    @property
    def link(self) -> tuple[str, str]:
        """Its anchor and its title, for the contents."""
        return self.name, self.title


def explored(store: Path, terms: Terms) -> list[Section]:
    """A section for each exploration that was made of a store.

    Raises :class:`~sim.errors.StoreError` for a finding that cannot be read.
    """
    found = []
    for kind, (title, opening) in EXPLORATIONS.items():
        if not (store / FOLDER / f"{kind}.json").exists():
            continue
        module = import_module(f"sim.report.{kind}")
        finding = kept(store, module.FINDING)
        if finding is None:
            continue
        tell: Callable[..., Told] = module.tell
        told = tell(finding, terms)
        plates = [Plate(p.name, p.summary, inline(p.figure, p.name)) for p in told.pictures]
        origin = f"Found by {finding.asked} in {counted(finding.runs, terms.run)}."
        found.append(Section(kind, title, opening, told.sentences, told.sheets, plates, origin))
    return found
