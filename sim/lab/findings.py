"""The comparison of a store as the page shows it: in words, tables, one picture, and as files."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.csv as csv

from sim.comparison import text_tables
from sim.comparison.comparison import Comparison, compare
from sim.comparison.matrix import matrix
from sim.comparison.terms import capital
from sim.comparison.uncertainty import robustness
from sim.comparison.words import largest_change
from sim.errors import PanjError
from sim.lab.grid import asked_most, change, strength
from sim.measures.registry import described, headlines
from sim.report import gallery
from sim.report.document import report
from sim.report.inline_figure import inline_figure
from sim.report.jinja import environment
from sim.report.pictures import Picture

_TEMPLATES: Final = Path(__file__).parent / "templates"
_KEPT: Final = 24
"""So many answers of one state of the store are kept."""

PICTURE: Final = "outcome"
"""Of the kinds of picture, the one that the page shows."""

TABLES: Final = ("contrasts", "ranking", "costs")
"""Tables of a comparison that the page offers as files."""


class ComparisonQuery(NamedTuple):
    """Which comparison: against what, judged by what (the gravest), of which scenarios (all)."""

    baseline: str = "baseline"
    harm: str | None = None
    scenarios: tuple[str, ...] | None = None


class Findings:
    """What is found in one store. Everything is computed once for each state of the store.

    One thing at a time is computed for all tabs: pictures share settings, and two at once would
    both be slow. Every method raises :class:`~sim.errors.PanjError` where nothing can be told.
    """

    def __init__(self, store: Path) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._stamp = ""
        self._kept: dict[object, Any] = {}

    def page(self, wish: ComparisonQuery, stamp: str) -> str:
        """Sentences, the matrix, prices, ranking: HTML to be put into the page."""
        return self._once("page", wish, stamp, lambda: _page(self._found(wish)))

    def picture(self, wish: ComparisonQuery, stamp: str) -> str:
        """The picture of the outcome, as ``panj plot`` draws it: HTML to be put into the page."""
        return self._once("picture", wish, stamp, lambda: _picture(self._found(wish)))

    def report(self, wish: ComparisonQuery, stamp: str) -> str:
        """The page that ``panj report`` writes, to the last byte."""
        names = wish.scenarios and list(wish.scenarios)
        return self._once(
            "report", wish, stamp,
            lambda: report(self.store, wish.baseline, harm=wish.harm, scenarios=names),
        )  # fmt: skip

    def table(self, name: str, wish: ComparisonQuery, stamp: str) -> bytes:
        """A table of the comparison as comma-separated values, a row a finding."""
        if name not in TABLES:
            raise PanjError(
                "is not a table of the page", value=name, remedy=f"It has {', '.join(TABLES)}."
            )
        return self._once(name, wish, stamp, lambda: _csv(self._found(wish).table(name)))

    def _once[T](self, what: str, wish: ComparisonQuery, stamp: str, make: Callable[[], T]) -> T:
        with self._lock:
            if stamp != self._stamp or len(self._kept) > _KEPT:
                self._stamp = stamp
                self._kept.clear()
            if (what, wish) not in self._kept:
                self._kept[what, wish] = make()
            answer: T = self._kept[what, wish]
            return answer

    def _found(self, wish: ComparisonQuery) -> Comparison:
        """As ``panj compare`` finds it, of the same outcomes."""
        if wish not in self._kept:
            self._kept[wish] = compare(
                self.store, wish.baseline, outcomes=list(headlines()), harm=wish.harm,
                scenarios=wish.scenarios,
            )  # fmt: skip
        found: Comparison = self._kept[wish]
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
        matrix=matrix(found, asked_most(found)),
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
    """Figures that a reader looks for: the best, what stops most, the least cost of averting."""
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
