"""The kinds of picture by name: of a batch, of one run, of a calibration."""

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
"""Outcomes that pictures show beside the one that is compared."""


@dataclass(frozen=True)
class ComparisonSource:
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
    """What some scenarios of a store show (all) in an outcome.

    An outcome that is counted by district only stands aside for the harm in other pictures.
    ``titles`` calls the scenarios by their titles. Raises :class:`~sim.errors.PanjError` for a
    name that is not there.
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
    """A kind of picture: what it shows, and what draws it of a batch, a run, a calibration.

    What draws is named as ``module:function`` of :mod:`sim.report`, and is imported when somebody
    wants it. It takes the comparison, the run, or what was recorded of a calibration.
    """

    summary: str
    draw: str = ""
    of_run: str = ""
    of_calibration: str = ""


KINDS: Final[dict[str, Kind]] = {
    "outcome": Kind("ridgeline and forest side by side, rows aligned", "forest:draw_outcome"),
    "ridgeline": Kind("how the outcome varies under each scenario", "ridgeline:draw_ridgeline"),
    "forest": Kind("what each scenario changes, with intervals", "forest:draw_forest"),
    "cost": Kind("cost against harm, and which options are efficient", "cost_harm:draw_cost_harm"),
    "displacement": Kind("changes by district along the line", "displacement:draw_displacement"),
    "convergence": Kind(
        "how the differences settle with replicates", "convergence:draw_convergence"
    ),
    "structure": Kind("whether the verdict holds in other models", "structure:draw_structure"),
    "regret": Kind("how far behind the best each may be, and how often best", "regret:draw_regret"),
    "ceiling": Kind("how near patrols come to the most possible", "ceiling:draw_ceiling"),
    "funnel": Kind(
        "how many who try become known, by what, and are stopped", "funnel:draw_funnel",
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
"""By the name that the command line takes, in the order in which a reader wants them."""

type Source = ComparisonSource | OneRun | CalibrationRecord
"""Of what a picture is drawn."""


def kinds_of(source: type[ComparisonSource | OneRun | CalibrationRecord]) -> tuple[str, ...]:
    """The kinds that a source can be seen in, in the order of :data:`KINDS`."""
    place = [ComparisonSource, OneRun, CalibrationRecord].index(source)
    return tuple(name for name, kind in KINDS.items() if kind[1 + place])


def draw_comparison(found: Comparison, kind: str) -> Figure:
    """A picture of a comparison; what it needs and was not asked for is taken from its source."""
    check_names("kind", [kind], kinds_of(ComparisonSource))
    shown = read_comparison(found.source, found.baseline, found.question, also=PICTURE_OUTCOMES)
    return draw(kind, ComparisonSource(shown.called(found.terms)))


def draw(kind: str, source: Source) -> Figure:
    """Draw one kind of a source. Raises ``StoreError`` where the source has no such picture."""
    chosen, of = KINDS[kind], type(source)
    by = dict(zip((ComparisonSource, OneRun, CalibrationRecord), chosen[1:], strict=True))[of]
    if not by:
        what = {ComparisonSource: "a store", OneRun: "a run", CalibrationRecord: "a calibration"}[
            of
        ]
        raise StoreError(
            f"{what} cannot be seen so", key="kind", value=kind,
            remedy=f"Its kinds are {', '.join(kinds_of(of))}.",
        )  # fmt: skip
    module, _, name = by.partition(":")
    make: Callable[..., Figure] = getattr(import_module(f"sim.report.{module}"), name)
    if isinstance(source, ComparisonSource):
        return make(source.found, **source.wishes.get(kind, {}))
    return make(source)
