"""A comparison as one page for people: HTML that needs nothing else, on a screen and on paper.

No script runs and nothing is loaded. The same store and the same wishes give the same bytes.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.calibrate.diagnostics import concerns
from sim.calibrate.record import read_record
from sim.comparison.ceiling_words import sentences
from sim.comparison.comparison import Comparison, compare
from sim.comparison.question import check_names
from sim.measures.registry import described, headlines
from sim.report.answer import answer
from sim.report.answer import question as usual_question
from sim.report.assumptions import assumed, levers
from sim.report.checked import families
from sim.report.differences import grids, harm_of, prices, standings
from sim.report.gallery import terms_of
from sim.report.origin import batches, facts, origins
from sim.report.paired import LEVEL
from sim.report.plates import Plates, plates_of_calibration, plates_of_store
from sim.report.prose import labelled, minus
from sim.report.unknowns import unknowns
from sim.report.wording import Terms
from sim.runs.posterior import Posterior
from sim.runs.store import Store
from sim.scenario.spec import Scenario
from sim.verify.record import read as read_verification

_TEMPLATES: Final = Path(__file__).parent / "templates"


class Calibrated(NamedTuple):
    """A calibration on the page: its pictures, and sentences on what it does not carry."""

    plates: Plates
    concerns: list[str]


def report(
    store: Store,
    baseline: str = "baseline",
    *,
    title: str | None = None,
    question: str | None = None,
    harm: str | None = None,
    confidence: float = LEVEL,
    scenarios: Sequence[str] | None = None,
    verification: Path | None = None,
    calibration: Path | None = None,
) -> str:
    """The page that compares the scenarios of a store with a baseline.

    ``title`` and ``question`` replace those that the page finds for itself. ``harm`` opens the
    verdict; ``confidence`` is that of the tables; ``scenarios`` are compared instead of all.
    ``verification`` is a file of ``panj verify -o``, ``calibration`` a folder of
    ``panj calibrate -o``.

    Raises :class:`~sim.errors.PanjError` for a name that is not there, and where nothing can be
    compared or what is to be taken in cannot be read.
    """
    verified = None if verification is None else read_verification(verification)
    calibrated = None if calibration is None else _calibrated(calibration, store)
    check_names("scenario", [baseline, *(scenarios or ())], list(store.scenarios))
    found = compare(
        store,
        baseline,
        outcomes=list(dict.fromkeys([*([harm] if harm else []), *headlines()])),
        scenarios=scenarios,
        harm=harm,
        confidence=confidence,
        ceiling=True,
    )
    names = [baseline, *dict.fromkeys(str(row["scenario"]) for row in found.table.to_pylist())]
    source = _Source(store, found, names)
    # The options that the page depends on; where files lie is no part of it.
    asked = [f"--baseline {baseline}", f"--confidence {confidence:g}"]
    asked += [f"--harm {harm}"] if harm else []
    asked += [f"--scenarios {','.join(scenarios)}"] if scenarios else []
    asked += ["--verification"] if verified else []
    asked += ["--calibration"] if calibrated else []
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=title or _title(names, source.terms),
            question=question or usual_question(found, source.terms),
            asked=f"panj report STORE {' '.join(asked)}",
            calibrated=calibrated,
            verified=verified,
            families=verified and families(verified),
            **source.said(),
            **source.found_out(),
            **source.taken(),
        )
    )


class _Source(NamedTuple):
    """What the page is made from; its parts, under the names of the template."""

    store: Store
    found: Comparison
    names: Sequence[str]

    @property
    def specs(self) -> dict[str, Scenario]:
        """The scenarios compared, the baseline first."""
        return {name: self.store.scenarios[name] for name in self.names}

    @property
    def terms(self) -> Terms:
        """What a reader calls them."""
        return terms_of(self.specs)

    def called(self, told: Sequence[str]) -> list[str]:
        """Sentences with what a reader calls the scenarios."""
        return [labelled(minus(words), self.names, self.terms) for words in told]

    def said(self) -> dict[str, object]:
        """What is said in words."""
        found, terms = self.found, self.terms
        return {
            "answer": answer(found, terms, _days(self.specs.values())),
            "verdicts": self.called(found.verdicts),
            "notes": self.called(found.notes),
            "robustness": self.called(found.robustness),
            "ceiling": self.called(sentences(found.ceiling.to_pylist())),
            "harm": described(harm_of(found)).named,
            "confidence": found.confidence,
            "figures_level": LEVEL,
            "base": terms.label(found.baseline),
            "run": terms.run,
            "frontier": terms.ground.title,
        }

    def found_out(self) -> dict[str, object]:
        """Tables and pictures."""
        found, terms, posterior = self.found, self.terms, self.store.posterior
        return {
            "grids": grids(found, terms),
            "standings": standings(found, terms),
            "prices": prices(found, terms),
            "plates": plates_of_store(self.store, found, self.names),
            "posterior": posterior and unknowns(posterior, found, self.specs, terms),
        }

    def taken(self) -> dict[str, object]:
        """What it rests on and where it comes from."""
        runs = self.store.outcomes(self.names, [])
        return {
            "levers": levers(self.specs, self.names, self.terms),
            "assumed": assumed(),
            "origins": origins(self.store, runs, self.names),
            "facts": facts(self.store),
            "batches": batches(self.store),
        }


def _calibrated(folder: Path, store: Store) -> Calibrated:
    """A calibration's pictures; a word if it is not the one that the runs were drawn from."""
    recorded = read_record(folder)
    told = concerns(recorded.posterior, recorded.checks)
    if store.posterior is None:
        told.insert(0, "The runs of this report do not draw from it.")
    else:
        own, drawn = Posterior.read(folder).draws, store.posterior.draws
        if own[: len(drawn)] != drawn:
            told.insert(0, "The runs of this report draw from another posterior than this one.")
    return Calibrated(plates_of_calibration(recorded), [minus(words) for words in told])


def _days(specs: Iterable[Scenario]) -> float | None:
    """The horizon that all share, if they do."""
    days = {spec.days for spec in specs}
    return days.pop() if len(days) == 1 else None


def _title(names: Sequence[str], terms: Terms) -> str:
    base = terms.label(names[0])
    if len(names) == 2:
        return f"{terms.label(names[1])} against {base}".capitalize()
    return f"{len(names) - 1} policies against {base}"


def _unbroken(value: object) -> object:
    """A number and its per cent stay on one line; what is finished HTML stays as it is."""
    return value.replace(" %", "\N{NO-BREAK SPACE}%") if type(value) is str else value


@cache
def _environment() -> Environment:
    """Where pages are put together: everything is escaped, and what is missing is an error."""
    found = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_unbroken,
    )
    found.filters.update(minus=minus, thousands="{:,}".format)
    return found
