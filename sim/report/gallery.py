"""The kinds of picture a batch can be seen in, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa
from matplotlib.figure import Figure

from sim.compare.districts import MEASURES
from sim.compare.question import check_names
from sim.compare.results import need_columns, outcome_names, scenario_names
from sim.errors import StoreError
from sim.report.convergence import draw_convergence
from sim.report.cost_harm import COST, HARM, draw_cost_harm
from sim.report.displacement import draw_displacement
from sim.report.forest import draw_forest
from sim.report.outcome import draw_outcome
from sim.report.ridgeline import draw_ridgeline
from sim.report.wording import PLAIN, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario.spec import Scenario


@dataclass(frozen=True)
class Subject:
    """What is to be seen: tables in the shape of a store's, and how to look at them.

    ``outcomes`` has one row a run; ``districts`` one a run and district, ``None`` where nobody
    kept it. ``target`` is the half-width that replicates are to reach, in the outcome's unit.
    """

    outcomes: pa.Table
    baseline: str
    outcome: str = HARM
    districts: pa.Table | None = None
    target: float | None = None
    terms: Terms = PLAIN

    def __post_init__(self) -> None:
        need_columns(self.outcomes, ("scenario", "replicate"), "outcomes")
        names = scenario_names(self.outcomes)
        if not names:
            raise StoreError("there are no runs to draw", remedy="'panj batch' adds runs.")
        check_names("scenario", [self.baseline], names)
        check_names("outcome", [self.outcome], [*outcome_names(self.outcomes), *MEASURES])
        if self.target is not None and not (self.target > 0.0 and isfinite(self.target)):
            raise StoreError("must be above zero", key="target", value=self.target)


class Kind(NamedTuple):
    """A kind of picture: what it shows, and what draws it."""

    summary: str
    draw: Callable[[Subject], Figure]


def _outcome(subject: Subject) -> Figure:
    return draw_outcome(subject.outcomes, outcome=_row_outcome(subject), baseline=subject.baseline,
                        terms=subject.terms)  # fmt: skip


def _ridgeline(subject: Subject) -> Figure:
    return draw_ridgeline(subject.outcomes, outcome=_row_outcome(subject),
                          baseline=subject.baseline, terms=subject.terms)  # fmt: skip


def _forest(subject: Subject) -> Figure:
    return draw_forest(subject.outcomes, outcome=_row_outcome(subject), baseline=subject.baseline,
                       terms=subject.terms)  # fmt: skip


def _cost(subject: Subject) -> Figure:
    harm = _row_outcome(subject)
    return draw_cost_harm(subject.outcomes, baseline=subject.baseline,
                          harm=HARM if harm == COST else harm, terms=subject.terms)  # fmt: skip


def _displacement(subject: Subject) -> Figure:
    if subject.districts is None:
        raise StoreError(
            "this store keeps no districts, and displacement is told by district",
            remedy="Draw another kind, or run the batch again with districts.",
        )
    # Only some outcomes are counted by district; of the others nothing can be said there.
    measure = subject.outcome if subject.outcome in MEASURES else HARM
    return draw_displacement(subject.districts, baseline=subject.baseline, measure=measure,
                             terms=subject.terms)  # fmt: skip


def _convergence(subject: Subject) -> Figure:
    return draw_convergence(subject.outcomes, outcome=_row_outcome(subject),
                            baseline=subject.baseline, target=subject.target,
                            terms=subject.terms)  # fmt: skip


def _row_outcome(subject: Subject) -> str:
    """The outcome of a whole run; what is only counted by district stands aside for the harm."""
    there = outcome_names(subject.outcomes)
    return subject.outcome if subject.outcome in there else HARM


KINDS: Final[dict[str, Kind]] = {
    "outcome": Kind("ridgeline and forest side by side, rows aligned", _outcome),
    "ridgeline": Kind("how the outcome varies under each scenario", _ridgeline),
    "forest": Kind("what each scenario changes, with intervals", _forest),
    "cost": Kind("cost against harm, and which options are efficient", _cost),
    "displacement": Kind("changes by district along the line", _displacement),
    "convergence": Kind("how the differences settle with replicates", _convergence),
}
"""By the name that the command line takes, in the order in which a reader wants them."""


def terms_of(scenarios: "Mapping[str, Scenario]", titles: bool = False) -> Terms:
    """What to call scenarios and their runs: years where all run for one.

    ``titles`` takes the titles of the scenarios in place of their names.
    """
    year = all(abs(scenario.days - 365.0) < 1.5 for scenario in scenarios.values())
    labels = {name: s.title for name, s in scenarios.items() if s.title} if titles else {}
    return Terms(labels, "year" if year else "run")
