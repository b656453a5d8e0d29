"""The kinds of picture by name: of a batch, of one run, of a calibration."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, NamedTuple

from matplotlib.figure import Figure

from sim.calibrate.record import Recorded
from sim.comparison.comparison import Comparison, asked
from sim.comparison.districts import MEASURES
from sim.comparison.question import Question, check_names
from sim.comparison.source import MissingTableError, Results, opened, terms_of
from sim.errors import StoreError
from sim.report.ceiling import draw_ceiling
from sim.report.convergence import draw_convergence
from sim.report.corner import corner_page
from sim.report.cost_harm import HARM, draw_cost_harm
from sim.report.displacement import draw_displacement
from sim.report.forest import draw_forest
from sim.report.funnel import COLUMNS, draw_funnel
from sim.report.one_run import OneRun, anatomy_of, funnel_of, strip_of
from sim.report.outcome import draw_outcome
from sim.report.predictive import predictive_page
from sim.report.regret import draw_regret
from sim.report.ridgeline import draw_ridgeline
from sim.report.strip_density import draw_strip_density, happened_in
from sim.report.structure import draw_structure

SHOWN: Final = (HARM, *COLUMNS)
"""Outcomes that pictures show beside the one that is compared."""


@dataclass(frozen=True)
class Subject:
    """A comparison as the pictures of a batch take it.

    ``measure`` is what is looked for along the line; ``target`` the half-width that replicates
    are to reach, in the unit of the comparison's harm.
    """

    found: Comparison
    measure: str = HARM
    target: float | None = None

    def __post_init__(self) -> None:
        if self.target is not None and not (self.target > 0.0 and isfinite(self.target)):
            raise StoreError("must be above zero", key="target", value=self.target)

    @property
    def wishes(self) -> dict[str, dict[str, Any]]:
        """What a kind of picture is told besides the comparison."""
        return {"displacement": {"measure": self.measure}, "convergence": {"target": self.target}}


def subject_of(
    results: Results,
    baseline: str = "baseline",
    outcome: str = HARM,
    *,
    scenarios: Sequence[str] | None = None,
    confidence: float = Question.confidence,
    target: float | None = None,
    titles: bool = False,
) -> Subject:
    """What some scenarios of a store show (all) in an outcome.

    An outcome that is counted by district only stands aside for the harm in other pictures.
    ``titles`` calls the scenarios by their titles. Raises :class:`~sim.errors.PanjError` for a
    name that is not there.
    """
    source = opened(results)
    check_names("outcome", [outcome], [*source.outcomes, *MEASURES])
    harm = outcome if outcome in source.outcomes else HARM
    question = Question([harm], scenarios, confidence, harm=harm)
    found = asked(source, baseline, question, also=SHOWN)
    if titles:
        specs = {name: source.specs[name] for name in found.names if name in source.specs}
        found = found.called(terms_of(specs, titles=True))
    return Subject(found, outcome if outcome in MEASURES else HARM, target)


class Kind(NamedTuple):
    """A kind of picture: what it shows, and what draws it of a batch, a run, a calibration."""

    summary: str
    draw: Callable[..., Figure] | None = None
    of_run: Callable[[OneRun], Figure] | None = None
    of_calibration: Callable[[Recorded], Figure] | None = None


def _strip(found: Comparison) -> Figure:
    happened = happened_in(found, found.baseline)
    if happened is None:
        raise MissingTableError(
            "this store keeps no incidents, and the strip map shows where and when they were",
            remedy="Run the batch with --incidents in a new store, or draw a single run.",
        )
    return draw_strip_density(happened)


KINDS: Final[dict[str, Kind]] = {
    "outcome": Kind("ridgeline and forest side by side, rows aligned", draw_outcome),
    "ridgeline": Kind("how the outcome varies under each scenario", draw_ridgeline),
    "forest": Kind("what each scenario changes, with intervals", draw_forest),
    "cost": Kind("cost against harm, and which options are efficient", draw_cost_harm),
    "displacement": Kind("changes by district along the line", draw_displacement),
    "convergence": Kind("how the differences settle with replicates", draw_convergence),
    "structure": Kind("whether the verdict holds in other models", draw_structure),
    "regret": Kind("how far behind the best each may be, and how often best", draw_regret),
    "ceiling": Kind("how near patrols come to the most possible", draw_ceiling),
    "funnel": Kind(
        "how many who try become known, by what, and are stopped", draw_funnel, funnel_of
    ),
    "strip": Kind("incidents along the line and down the calendar", _strip, strip_of),
    "anatomy": Kind("how the gravest incident of a run came about", of_run=anatomy_of),
    "posterior": Kind(
        "what a calibration taught, beside the priors",
        of_calibration=lambda found: corner_page(found.posterior, found.priors),
    ),
    "predictive": Kind(
        "calibrated years beside what was reported",
        of_calibration=lambda found: predictive_page(found.checks),
    ),
}
"""By the name that the command line takes, in the order in which a reader wants them."""

type Source = Subject | OneRun | Recorded
"""Of what a picture is drawn."""


def kinds_of(source: type[Subject | OneRun | Recorded]) -> tuple[str, ...]:
    """The kinds that a source can be seen in, in the order of :data:`KINDS`."""
    place = [Subject, OneRun, Recorded].index(source)
    return tuple(name for name, kind in KINDS.items() if kind[1 + place] is not None)


def drawn(found: Comparison, kind: str) -> Figure:
    """A picture of a comparison; what it needs and was not asked for is taken from its source."""
    check_names("kind", [kind], kinds_of(Subject))
    shown = asked(found.source, found.baseline, found.question, also=SHOWN)
    return draw(kind, Subject(shown.called(found.terms)))


def draw(kind: str, source: Source) -> Figure:
    """Draw one kind of a source. Raises ``StoreError`` where the source has no such picture."""
    chosen = KINDS[kind]
    if isinstance(source, Subject) and chosen.draw:
        return chosen.draw(source.found, **source.wishes.get(kind, {}))
    if isinstance(source, OneRun) and chosen.of_run:
        return chosen.of_run(source)
    if isinstance(source, Recorded) and chosen.of_calibration:
        return chosen.of_calibration(source)
    what = {Subject: "a store", OneRun: "a run", Recorded: "a calibration"}[type(source)]
    raise StoreError(
        f"{what} cannot be seen so",
        key="kind",
        value=kind,
        remedy=f"Its kinds are {', '.join(kinds_of(type(source)))}.",
    )
