"""The comparison of a store as the page shows it: sentences, tables, a picture, and files."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.csv as csv

from sim.comparison import text_tables
from sim.comparison.comparison import Comparison, compare
from sim.comparison.matrix import Cell, matrix
from sim.comparison.number_format import DASH, real_minus
from sim.comparison.terms import capital
from sim.comparison.uncertainty import robustness
from sim.comparison.words import largest_change
from sim.errors import PanjError
from sim.measures.registry import described, headlines
from sim.report import gallery
from sim.report.document import report
from sim.report.inline_figure import inline_figure
from sim.report.jinja import environment
from sim.report.pictures import Picture

_TEMPLATES: Final = Path(__file__).parent / "templates"
_CACHE_SIZE: Final = 24
"""How many answers for one state of the store are kept."""

_STRONG: Final = (0.05, 0.15, 0.3)
"""Changes, as shares of the baseline, from which the colour of a cell is deeper."""

_COLOURED: Final = ("better", "worse", "more", "less")

PICTURE: Final = "outcome"
"""The kind of picture that the page shows."""

TABLES: Final = ("contrasts", "ranking", "costs")
"""The tables of a comparison that the page offers as files."""


class ComparisonQuery(NamedTuple):
    """Which comparison to show; None: the default outcome that judges, and all scenarios."""

    baseline: str = "baseline"
    harm: str | None = None
    scenarios: tuple[str, ...] | None = None


class Findings:
    """The comparison of one store; everything is computed once for each state of the store.

    Only one thing is computed at a time for all tabs: pictures share settings, and two at once
    would both be slow. Every method raises :class:`~sim.errors.PanjError` where there is nothing
    to compare.
    """

    def __init__(self, store: Path) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._stamp = ""
        self._cache: dict[object, Any] = {}

    def page(self, query: ComparisonQuery, stamp: str) -> str:
        """Sentences, the matrix, costs and ranking as HTML for the page."""
        return self._cached("page", query, stamp, lambda: _page(self._comparison(query)))

    def picture(self, query: ComparisonQuery, stamp: str) -> str:
        """The picture of the outcome, as ``panj plot`` draws it, as HTML for the page."""
        return self._cached("picture", query, stamp, lambda: _picture(self._comparison(query)))

    def report(self, query: ComparisonQuery, stamp: str) -> str:
        """The page that ``panj report`` writes, byte for byte."""
        names = query.scenarios and list(query.scenarios)
        return self._cached(
            "report", query, stamp,
            lambda: report(self.store, query.baseline, harm=query.harm, scenarios=names),
        )  # fmt: skip

    def table(self, name: str, query: ComparisonQuery, stamp: str) -> bytes:
        """A table of the comparison as comma-separated values, one row per finding."""
        if name not in TABLES:
            raise PanjError(
                "is not a table of the page", value=name, remedy=f"It has {', '.join(TABLES)}."
            )
        return self._cached(name, query, stamp, lambda: _csv(self._comparison(query).table(name)))

    def _cached[T](self, what: str, query: ComparisonQuery, stamp: str, make: Callable[[], T]) -> T:
        with self._lock:
            if stamp != self._stamp or len(self._cache) > _CACHE_SIZE:
                self._stamp = stamp
                self._cache.clear()
            if (what, query) not in self._cache:
                self._cache[what, query] = make()
            answer: T = self._cache[what, query]
            return answer

    def _comparison(self, query: ComparisonQuery) -> Comparison:
        """The comparison as ``panj compare`` computes it, of the same outcomes."""
        if query not in self._cache:
            self._cache[query] = compare(
                self.store, query.baseline, outcomes=list(headlines()), harm=query.harm,
                scenarios=query.scenarios,
            )  # fmt: skip
        found: Comparison = self._cache[query]
        return found


def _page(found: Comparison) -> str:
    terms, harm = found.terms, found.harm or ""
    words, own = found.words(terms), found.by_rank(harm)
    costs = {c.scenario: c for c in found.of(found.question.cost)}
    alone = capital("".join(found.told(words)[:1]))
    template = environment(_TEMPLATES).get_template("found.html.j2")
    return template.render(
        found=found,
        terms=terms,
        words=words,
        lead=words.lead(own, harm, costs) if found.policies else alone,
        others=words.others(own),
        **_cards(found),
        robustness=robustness(found.dependence, terms),
        matrix=matrix(found, matrix_outcomes(found)),
        strength=strength,
        change=change,
        text_tables=text_tables,
        harms=[
            (name, described(name).named) for name in headlines() if name in found.source.outcomes
        ],
        names=[(name, terms.label(name)) for name in found.source.names],
        titles={name: spec.title for name, spec in found.source.specs.items()},
    )


def _cards(found: Comparison) -> dict[str, object]:
    """Key figures: the best policy, the one that stops most, the least cost of averting harm."""
    ranked = found.ranking if found.ranking and found.ranking[0].p_best is not None else ()
    best = max(ranked, key=lambda row: row.p_best or 0.0, default=None)
    own = [c for c in found.of(best.outcome) if c.scenario == best.scenario] if best else []
    stopping = [c for c in found.of("interdiction_share") if c.judgement == "better"]
    free = [row for row in found.costs if row.free]
    priced = [row for row in found.costs if row.cost_per_harm is not None]
    return {
        "best": best,
        "rivals": sum(row.kept for row in ranked) - best.kept if best else 0,
        "doubtful": bool(own) and own[0].judgement != "better",
        "stopper": largest_change(stopping) if stopping else None,
        "cheapest": max(free, key=lambda row: row.harm_averted or 0.0) if free
        else min(priced, key=lambda row: row.cost_per_harm or 0.0, default=None),
    }  # fmt: skip


def _picture(found: Comparison) -> str:
    subject = gallery.comparison_source(
        found.source, found.baseline, found.harm or "", scenarios=list(found.names)
    )
    drawn = inline_figure(gallery.draw(PICTURE, subject), PICTURE)
    shown = Picture(PICTURE, capital(gallery.KINDS[PICTURE].summary), drawn)
    return environment(_TEMPLATES).get_template("picture.html.j2").render(shown=shown)


def _csv(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    csv.write_csv(table, sink)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def matrix_outcomes(found: Comparison) -> list[str]:
    """The outcomes with a column in the matrix; the most important ones come first."""
    first = [str(found.harm), found.question.cost, "interdiction_share"]
    differ = {c.outcome for c in found.contrasts if c.standing not in ("none", "unknown")}
    known = dict.fromkeys(name for name in [*first, *found.outcomes] if name in found.outcomes)
    return [name for name in known if name == found.harm or name in differ]


def strength(cell: Cell) -> int:
    """The depth of the colour of a cell, from 0 to 3."""
    size = abs(cell.change or 0.0) if cell.mark in _COLOURED else 0.0
    return sum(size >= limit for limit in _STRONG)


def change(cell: Cell) -> str:
    """The change as a share of the baseline's mean: ``+12 %``, ``+0.2 %``."""
    if cell.change is None:
        return DASH
    percent = 100.0 * cell.change
    if abs(percent) < 0.05:
        return "<0.1 %" if percent else "0 %"
    return f"{real_minus(f'{percent:+.{0 if abs(percent) >= 1.0 else 1}f}')} %"
