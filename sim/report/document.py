"""A comparison as one page for people: HTML that needs nothing else, on a screen and on paper.

No script runs and nothing is loaded. The same store and the same wishes give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.comparison import sheets, structure
from sim.comparison.ceiling_words import sentences
from sim.comparison.comparison import Comparison, compare
from sim.comparison.matrix import BESIDE
from sim.comparison.question import Question
from sim.comparison.source import Provenance, Results, Source, opened
from sim.comparison.terms import Terms
from sim.comparison.uncertainty import robustness
from sim.errors import StoreError
from sim.measures.registry import described, headlines
from sim.report.assumptions import assumed, levers
from sim.report.at_a_glance import at_a_glance, in_full
from sim.report.brief import brief
from sim.report.explored import explored
from sim.report.gallery import SHOWN
from sim.report.markup import environment
from sim.report.origin import batches, facts, origins
from sim.report.plates import Plates, plates_of, plates_of_calibration
from sim.report.safe_choice import safe_choice
from sim.report.unknowns import learnt, pinned, taught
from sim.scenario.spec import Scenario

if TYPE_CHECKING:
    from sim.report.checked import Family
    from sim.verify.run import Verification


class Calibrated(NamedTuple):
    """A calibration on the page: its pictures, and sentences on what it does not carry."""

    plates: Plates
    concerns: list[str]


def report(
    results: Results,
    baseline: str = "baseline",
    *,
    title: str | None = None,
    question: str | None = None,
    harm: str | None = None,
    confidence: float = Question.confidence,
    scenarios: Sequence[str] | None = None,
    verification: Path | None = None,
    calibration: Path | None = None,
) -> str:
    """The page that compares the scenarios of a store with a baseline, or shows one by itself.

    ``title`` and ``question`` replace those that the page finds for itself. ``harm`` opens the
    verdict; ``confidence`` is that of sentences, tables and pictures; ``scenarios`` are compared
    instead of all. ``verification`` is a file of ``panj verify -o``, ``calibration`` a folder of
    ``panj calibrate -o``.

    Raises :class:`~sim.errors.PanjError` for a name that is not there, and where nothing can be
    compared or what is to be taken in cannot be read.
    """
    source = opened(results)
    if source.provenance is None:
        raise StoreError(
            "a report tells where its runs come from, and a bare table does not say",
            remedy="Give the folder that 'panj batch -o' wrote.",
        )
    verified, checked = (None, None) if verification is None else _verified(verification)
    calibrated = None if calibration is None else _calibrated(calibration, source)
    kept = [name for name in BESIDE if name in source.outcomes]
    wanted = list(dict.fromkeys([*([harm] if harm else []), *headlines(), *kept]))
    found = compare(
        source, baseline, outcomes=wanted, scenarios=scenarios, harm=harm, confidence=confidence,
        ceiling=True, structure=len(source.names) > 1 and bool(source.variants),
        regret=len(source.names) > 1, also=SHOWN,
    )  # fmt: skip
    terms = found.terms
    # The options that the page depends on; where files lie does not belong to it.
    options = [f"--baseline {baseline}", f"--confidence {confidence:g}"]
    options += [f"--harm {harm}"] if harm else []
    options += [f"--scenarios {','.join(scenarios)}"] if scenarios else []
    options += ["--verification"] if verified else []
    options += ["--calibration"] if calibrated else []
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            title=title or _title(found.names, terms),
            brief=brief(found, question),
            by_luck=sheets.BY_LUCK,
            asked=f"panj report STORE {' '.join(options)}",
            calibrated=calibrated,
            verified=verified,
            families=checked,
            explored=safe_choice(found, terms)
            + (explored(source.store.path, terms) if source.store else []),
            **_said(found, terms),
            **_tabled(found, terms),
            **_taken(found, source.provenance, terms),
        )
    )


def _said(found: Comparison, terms: Terms) -> dict[str, object]:
    """What is said in words."""
    words = found.words(terms)
    return {
        "verdicts": found.told(words),
        "notes": list(found.noted(terms)),
        "robustness": robustness(found.dependence, terms),
        "structural": structure.sentences(found.structure, found.baseline, terms),
        "ceiling": sentences(found.ceiling, terms),
        "harm": described(found.harm or "").named,
        "confidence": found.confidence,
        "base": words.base,
        "run": terms.run,
        "frontier": terms.ground.title,
        "alone": not found.policies,
    }


def _tabled(found: Comparison, terms: Terms) -> dict[str, object]:
    """Tables and pictures."""
    posterior, harm = found.source.posterior, found.harm or ""
    shown = {
        "plates": plates_of(found),
        "glance": at_a_glance(found, terms),
        "grids": in_full(found, terms),
        "variants": structure.sheets(found, terms),
    }
    told = posterior and {
        "draws": len(posterior.draws),
        "year": posterior.year,
        "splits": sheets.splits(found, harm, terms),
        "dependence": sheets.dependence(found, terms),
        "learnt": learnt(posterior),
        "taught": taught(posterior),
        "pinned": pinned(posterior, _specs(found), terms),
    }
    if not found.policies:
        tables = [
            sheets.distributions(found, found.baseline, terms),
            sheets.exceedances(found, found.baseline, terms),
        ]
        return {**shown, "posterior": told, "sheets": tables}
    tables = [sheets.standings(found, harm, terms), sheets.ranking(found, terms)]
    tables += [sheets.prices(found, terms)] if found.costs else []
    return {**shown, "posterior": told, "sheets": tables}


def _taken(found: Comparison, made: Provenance, terms: Terms) -> dict[str, object]:
    """What it rests on and where it comes from."""
    return {
        "levers": levers(_specs(found), found.names, terms),
        "assumed": assumed(),
        "runs": sum(len(sample.replicates) for sample in found.samples.values()),
        "origins": origins(found, made),
        "facts": facts(made, found.source.posterior),
        "batches": batches(made),
    }


def _specs(found: Comparison) -> dict[str, Scenario]:
    """The scenarios compared, the baseline first."""
    return {name: found.source.specs[name] for name in found.names}


def _verified(path: Path) -> tuple[Verification, list[Family]]:
    """A verification, and its cases by family."""
    from sim.report.checked import families
    from sim.verify.record import read

    verified = read(path)
    return verified, families(verified)


def _calibrated(folder: Path, source: Source) -> Calibrated:
    """A calibration's pictures; a word if it is not the one that the runs were drawn from."""
    from sim.calibrate.diagnostics import concerns
    from sim.calibrate.record import read_record

    recorded = read_record(folder)
    told = concerns(recorded.posterior, recorded.checks)
    drawn = source.drawn_from(folder)
    if drawn is None:
        told.insert(0, "The runs of this report do not draw from it.")
    elif not drawn:
        told.insert(0, "The runs of this report draw from another posterior than this one.")
    return Calibrated(plates_of_calibration(recorded), told)


def _title(names: Sequence[str], terms: Terms) -> str:
    base = terms.label(names[0])
    if len(names) == 1:
        return base.capitalize()
    if len(names) == 2:
        return f"{terms.label(names[1])} against {base}".capitalize()
    return f"{len(names) - 1} policies against {base}"
