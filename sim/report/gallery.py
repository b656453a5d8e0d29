"""The kinds of picture by name: for a batch, for one run, for a calibration."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from math import isfinite
from typing import Any, Final, NamedTuple

from matplotlib.figure import Figure

from sim.calibrate.record import CalibrationRecord
from sim.comparison.comparison import Comparison, read_comparison
from sim.comparison.districts import MEASURES
from sim.comparison.question import Question, check_names
from sim.comparison.source import Results, open_source, terms_of
from sim.errors import StoreError
from sim.report.cost_harm import HARM
from sim.report.funnel import COLUMNS
from sim.report.one_run import OneRun

PICTURE_OUTCOMES: Final = (HARM, *COLUMNS)
"""Outcomes that pictures show besides the one compared."""


@dataclass(frozen=True)
class ComparisonSource:
    """A comparison, with the options of its pictures.

    ``measure`` is what the picture of displacement shows. ``target`` is the half-width for the
    picture of convergence, in the unit of the harm.
    """

    comparison: Comparison
    measure: str = HARM
    target: float | None = None

    def __post_init__(self) -> None:
        if self.target is not None and not (self.target > 0.0 and isfinite(self.target)):
            raise StoreError("must be above zero", key="target", value=self.target)

    def options(self, kind: str) -> dict[str, Any]:
        """The arguments of the function that draws a kind, besides the comparison."""
        match kind:
            case "displacement":
                return {"measure": self.measure}
            case "convergence":
                return {"target": self.target}
        return {}


def comparison_source(
    results: Results,
    baseline: str = "baseline",
    outcome: str = HARM,
    *,
    scenarios: Sequence[str] | None = None,
    confidence: float = Question.confidence,
    target: float | None = None,
    titles: bool = False,
) -> ComparisonSource:
    """The comparison of some scenarios of a store, by default all, in an outcome.

    For an outcome that is counted only by district, the other pictures show the harm. ``titles``
    labels the scenarios by their titles. Raise :class:`~sim.errors.PanjError` for an unknown name.
    """
    source = open_source(results)
    check_names("outcome", [outcome], [*source.outcomes, *MEASURES])
    harm = outcome if outcome in source.outcomes else HARM
    question = Question([harm], scenarios, confidence, harm=harm)
    found = read_comparison(source, baseline, question, also=PICTURE_OUTCOMES)
    if titles:
        specs = {name: source.specs[name] for name in found.names if name in source.specs}
        found = found.called(terms_of(specs, titles=True))
    return ComparisonSource(found, outcome if outcome in MEASURES else HARM, target)


class Kind(NamedTuple):
    """A kind of picture: what it shows, and the functions that draw it for each source.

    A function is named as ``module:function`` of :mod:`sim.report` and imported on demand. It
    takes the comparison, the run, or the record of the calibration.
    """

    summary: str
    of_batch: str = ""
    of_run: str = ""
    of_calibration: str = ""


KINDS: Final[dict[str, Kind]] = {
    "outcome": Kind(
        "how the outcome varies, and what each scenario changes", "forest:draw_outcome"
    ),
    "ridgeline": Kind("how the outcome varies in each scenario", "ridgeline:draw_ridgeline"),
    "forest": Kind("what each scenario changes, with intervals", "forest:draw_forest"),
    "cost": Kind("cost against harm, and which options are efficient", "cost_harm:draw_cost_harm"),
    "displacement": Kind("changes by district along the line", "displacement:draw_displacement"),
    "convergence": Kind(
        "how the differences converge with replicates", "convergence:draw_convergence"
    ),
    "structure": Kind("whether the verdict holds in other models", "structure:draw_structure"),
    "regret": Kind("how far behind the best each may be, and how often best", "regret:draw_regret"),
    "ceiling": Kind("how near patrols come to the most possible", "ceiling:draw_ceiling"),
    "funnel": Kind(
        "the shares of crossings known, by cue, and stopped", "funnel:draw_funnel",
        "funnel_run:draw_run_funnel",
    ),
    "strip": Kind(
        "incidents along the line and down the calendar", "strip_density:draw_strip",
        "strip_map:draw_strip_map",
    ),
    "anatomy": Kind(
        "how the gravest incident of a run came about", of_run="anatomy:draw_gravest"
    ),
    "posterior": Kind(
        "what a calibration taught, beside the priors", of_calibration="corner:draw_posterior"
    ),
    "predictive": Kind(
        "calibrated years beside what was reported", of_calibration="predictive:draw_predictive"
    ),
}  # fmt: skip
"""The kinds by the name that the command line takes, the most useful first."""

type Source = ComparisonSource | OneRun | CalibrationRecord
"""What a picture shows."""

_SOURCES: Final[dict[type[Source], tuple[str, str]]] = {
    ComparisonSource: ("of_batch", "a store"),
    OneRun: ("of_run", "a run"),
    CalibrationRecord: ("of_calibration", "a calibration"),
}
"""The field of :class:`Kind` for each source, and what messages call it."""


def kinds_of(source: type[ComparisonSource | OneRun | CalibrationRecord]) -> tuple[str, ...]:
    """The kinds of picture that a source has, in the order of :data:`KINDS`."""
    field, _ = _SOURCES[source]
    return tuple(name for name, kind in KINDS.items() if getattr(kind, field))


def draw_comparison(comparison: Comparison, kind: str) -> Figure:
    """Draw a picture of a comparison; outcomes that it lacks are read from its source."""
    check_names("kind", [kind], kinds_of(ComparisonSource))
    complete = read_comparison(
        comparison.source, comparison.baseline, comparison.question, also=PICTURE_OUTCOMES
    )
    return draw(kind, ComparisonSource(complete.called(comparison.terms)))


def draw(kind: str, source: Source) -> Figure:
    """Draw one kind of picture. Raise ``StoreError`` where the source has no such picture."""
    field, what = _SOURCES[type(source)]
    path: str = getattr(KINDS[kind], field)
    if not path:
        raise StoreError(
            f"{what} has no such picture", key="kind", value=kind,
            remedy=f"Its kinds are {', '.join(kinds_of(type(source)))}.",
        )  # fmt: skip
    module, _, name = path.partition(":")
    function: Callable[..., Figure] = getattr(import_module(f"sim.report.{module}"), name)
    if isinstance(source, ComparisonSource):
        return function(source.comparison, **source.options(kind))
    return function(source)
