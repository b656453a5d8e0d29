"""The explorations of a store as sections of its page: each kind of finding has one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim.comparison.sheets import Sheet
from sim.comparison.terms import Terms, counted
from sim.explore.alerts.found import Alerts
from sim.explore.discover import Discovery
from sim.explore.findings import Finding, kept
from sim.explore.incident import ToldTwice
from sim.explore.optimise.found import Optimum
from sim.explore.sensitivity.found import Sensitivity
from sim.report import alerts, discover, incident, optimise, sensitivity
from sim.report.inline import inline
from sim.report.plates import Plate
from sim.report.told import Picture as Picture
from sim.report.told import Told as Told


class Exploration(NamedTuple):
    """A kind of finding on the page: its class, the title of its section, a line that opens it,
    and how a finding is told, given what things are called.
    """

    finding: type[Finding]
    title: str
    opening: str
    tell: Callable[[Any, Terms], Told]


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


EXPLORATIONS: Final[tuple[Exploration, ...]] = (
    Exploration(
        Sensitivity,
        "What it hangs on",
        "Which parameters and levers move an outcome, or the difference between two policies.",
        sensitivity.tell,
    ),
    Exploration(
        Discovery,
        "When it fails",
        "What would have to be true for a policy to lose: boxes of the uncertain parameters.",
        discover.tell,
    ),
    Exploration(
        Optimum,
        "Which mix is best",
        "Levers that do least harm for a budget, sought among many mixes and judged on years that "
        "none of them was chosen by.",
        optimise.tell,
    ),
    Exploration(
        ToldTwice,
        "One incident, told twice",
        "The same group, on the same night, with the same intent and the same luck: what each "
        "policy made of it, where the stories part, and why.",
        incident.tell,
    ),
    Exploration(
        Alerts,
        "How well a warning foretells",
        "An alert rule as a warning: hits, misses and false alarms of raising the level, how early "
        "it is raised, and what raising it prevents.",
        alerts.tell,
    ),
)
"""In the order of the page."""


def explored(store: Path, terms: Terms) -> list[Section]:
    """A section for each exploration that was made of a store.

    Raises :class:`~sim.errors.StoreError` for a finding that cannot be read.
    """
    found = []
    for one in EXPLORATIONS:
        finding = kept(store, one.finding)
        if finding is None:
            continue
        told = one.tell(finding, terms)
        plates = [Plate(p.name, p.summary, inline(p.figure, p.name)) for p in told.pictures]
        origin = f"Found by {finding.asked} in {counted(finding.runs, terms.run)}."
        found.append(
            Section(
                finding.kind, one.title, one.opening, told.sentences, told.sheets, plates, origin
            )
        )
    return found
