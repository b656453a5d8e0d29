"""The kinds of picture by name: of a batch, of one run, of a calibration."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Final, NamedTuple

import pyarrow as pa
from matplotlib.figure import Figure

from sim.calibrate.record import Recorded
from sim.comparison.districts import COLUMNS as DISTRICT_COLUMNS
from sim.comparison.districts import MEASURES
from sim.comparison.question import check_names
from sim.comparison.results import need_columns, one_ground, outcome_names, scenario_names
from sim.errors import StoreError
from sim.report.ceiling import draw_ceiling
from sim.report.convergence import draw_convergence
from sim.report.corner import corner_page
from sim.report.cost_harm import COST, HARM, draw_cost_harm
from sim.report.displacement import draw_displacement
from sim.report.forest import draw_forest
from sim.report.funnel import COLUMNS, draw_funnel
from sim.report.one_run import OneRun, anatomy_of, funnel_of, strip_of
from sim.report.outcome import draw_outcome
from sim.report.predictive import predictive_page
from sim.report.ridgeline import draw_ridgeline
from sim.report.strip_density import Happened, draw_strip_density, happened_in
from sim.report.wording import PLAIN, Terms
from sim.runs.store import Store
from sim.scenario.spec import Scenario


@dataclass(frozen=True)
class Subject:
    """What is to be seen: tables in the shape of a store's, and how to look at them.

    ``outcomes`` has one row a run; ``districts`` one a run and district, and ``incidents`` are
    the baseline's, each ``None`` where nobody kept it. ``target`` is the half-width that
    replicates are to reach, in the outcome's unit. ``scenarios`` are those of the outcomes by
    name, none where nobody kept them.
    """

    outcomes: pa.Table
    baseline: str
    outcome: str = HARM
    districts: pa.Table | None = None
    target: float | None = None
    terms: Terms = PLAIN
    incidents: Happened | None = None
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)

    def __post_init__(self) -> None:
        need_columns(self.outcomes, ("scenario", "replicate"), "outcomes")
        names = scenario_names(self.outcomes)
        if not names:
            raise StoreError("there are no runs to draw", remedy="'panj batch' adds runs.")
        check_names("scenario", [self.baseline], names)
        check_names("outcome", [self.outcome], [*outcome_names(self.outcomes), *MEASURES])
        if self.target is not None and not (self.target > 0.0 and isfinite(self.target)):
            raise StoreError("must be above zero", key="target", value=self.target)


def subject_of(
    store: Store,
    baseline: str = "baseline",
    outcome: str = HARM,
    *,
    scenarios: Sequence[str] | None = None,
    target: float | None = None,
    titles: bool = False,
    kinds: Collection[str] | None = None,
) -> Subject:
    """What some scenarios of a store show (all), as far as some kinds of picture (all) need it.

    ``titles`` calls the scenarios by their titles. Raises :class:`~sim.errors.PanjError` for an
    outcome that no store has.
    """
    there = store.outcome_names
    check_names("outcome", [outcome], [*there, *MEASURES])
    wanted = {outcome, HARM, COST, *(COLUMNS if kinds is None or "funnel" in kinds else ())}
    outcomes = store.outcomes(scenarios, [name for name in there if name in wanted])
    specs = {n: spec for n, spec in store.scenarios.items() if scenarios is None or n in scenarios}
    terms = terms_of(specs, titles)
    kept, strip = "districts" in store.tables, kinds is None or "strip" in kinds
    return Subject(
        outcomes,
        baseline,
        outcome,
        store.districts(scenarios, DISTRICT_COLUMNS) if kept else None,
        target,
        terms,
        happened_in(store, baseline, terms) if strip else None,
        specs,
    )


class MissingTableError(StoreError):
    """What a kind of picture needs was not kept."""


class Kind(NamedTuple):
    """A kind of picture: what it shows, and what draws it of a batch, a run, a calibration."""

    summary: str
    draw: Callable[[Subject], Figure] | None = None
    of_run: Callable[[OneRun], Figure] | None = None
    of_calibration: Callable[[Recorded], Figure] | None = None


def _by_outcome(draw: Callable[..., Figure]) -> Callable[[Subject], Figure]:
    """A kind that shows one outcome of whole runs."""
    return lambda subject: draw(
        subject.outcomes,
        outcome=_row_outcome(subject),
        baseline=subject.baseline,
        terms=subject.terms,
    )


def _cost(subject: Subject) -> Figure:
    harm = _row_outcome(subject)
    return draw_cost_harm(subject.outcomes, baseline=subject.baseline,
                          harm=HARM if harm == COST else harm, terms=subject.terms)  # fmt: skip


def _displacement(subject: Subject) -> Figure:
    if subject.districts is None:
        raise MissingTableError(
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


def _ceiling(subject: Subject) -> Figure:
    from sim.comparison.ceiling import ceilings

    names = scenario_names(subject.outcomes)
    if not set(names) <= set(subject.scenarios):
        raise MissingTableError(
            "these results keep no scenarios, and the ceiling is computed from them",
            remedy="Draw another kind, or a store written by 'panj batch'.",
        )
    table = ceilings({name: subject.scenarios[name] for name in names})
    return draw_ceiling(table, baseline=subject.baseline, terms=subject.terms)


def _funnel(subject: Subject) -> Figure:
    absent = [name for name in COLUMNS if name not in subject.outcomes.column_names]
    if absent:
        raise MissingTableError(
            f"there is no {absent[0]} in these outcomes, and the funnel counts it",
            remedy="Draw another kind, or a store written by 'panj batch'.",
        )
    return draw_funnel(subject.outcomes, baseline=subject.baseline, terms=subject.terms)


def _strip(subject: Subject) -> Figure:
    if subject.incidents is None:
        raise MissingTableError(
            "this store keeps no incidents, and the strip map shows where and when they were",
            remedy="Run the batch with --incidents in a new store, or draw a single run.",
        )
    return draw_strip_density(subject.incidents)


def _row_outcome(subject: Subject) -> str:
    """The outcome of a whole run; what is only counted by district stands aside for the harm."""
    there = outcome_names(subject.outcomes)
    return subject.outcome if subject.outcome in there else HARM


KINDS: Final[dict[str, Kind]] = {
    "outcome": Kind("ridgeline and forest side by side, rows aligned", _by_outcome(draw_outcome)),
    "ridgeline": Kind("how the outcome varies under each scenario", _by_outcome(draw_ridgeline)),
    "forest": Kind("what each scenario changes, with intervals", _by_outcome(draw_forest)),
    "cost": Kind("cost against harm, and which options are efficient", _cost),
    "displacement": Kind("changes by district along the line", _displacement),
    "convergence": Kind("how the differences settle with replicates", _convergence),
    "ceiling": Kind("how near patrols come to the most possible", _ceiling),
    "funnel": Kind("how many who try become known, by what, and are stopped", _funnel, funnel_of),
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


def draw(kind: str, source: Source) -> Figure:
    """Draw one kind of a source. Raises ``StoreError`` where the source has no such picture."""
    chosen = KINDS[kind]
    if isinstance(source, Subject) and chosen.draw:
        return chosen.draw(source)
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


def terms_of(scenarios: Mapping[str, Scenario], titles: bool = False) -> Terms:
    """What to call scenarios and their runs: years where all run for one.

    ``titles`` takes the titles of the scenarios in place of their names.
    """
    year = all(abs(scenario.days - 365.0) < 1.5 for scenario in scenarios.values())
    labels = {name: s.title for name, s in scenarios.items() if s.title} if titles else {}
    return Terms(labels, "year" if year else "run", one_ground(scenarios))
