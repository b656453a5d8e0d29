"""A comparison as one page for people: HTML that needs nothing else, on a screen and on paper.

No script runs and nothing is loaded. The same store and the same wishes give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.comparison import structure, text_tables
from sim.comparison.ceiling_words import sentences
from sim.comparison.comparison import compare
from sim.comparison.matrix import BESIDE
from sim.comparison.question import Question
from sim.comparison.source import Results, Source, open_source
from sim.comparison.terms import Terms
from sim.comparison.uncertainty import robustness
from sim.errors import StoreError
from sim.measures.registry import headlines
from sim.report.assumptions import assumed, levers
from sim.report.at_a_glance import columns, in_full, place, shown
from sim.report.brief import brief, title_of
from sim.report.explored import explored, safe_choice
from sim.report.gallery import SHOWN
from sim.report.markup import environment
from sim.report.origin import batches, origins
from sim.report.plates import Plates, plates_of, plates_of_calibration
from sim.report.unknowns import learnt, pinned, taught


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
    source = open_source(results)
    if source.provenance is None:
        raise StoreError(
            "a report tells where its runs come from, and a bare table does not say",
            remedy="Give the folder that 'panj batch -o' wrote.",
        )
    checked = _verified(verification)
    calibrated = None if calibration is None else _calibrated(calibration, source)
    kept = [name for name in BESIDE if name in source.outcomes]
    wanted = list(dict.fromkeys([*([harm] if harm else []), *headlines(), *kept]))
    found = compare(
        source, baseline, outcomes=wanted, scenarios=scenarios, harm=harm, confidence=confidence,
        ceiling=True, structure=len(source.names) > 1 and bool(source.variants),
        regret=len(source.names) > 1, also=SHOWN,
    )  # fmt: skip
    terms = found.terms
    specs = {name: source.specs[name] for name in found.names}
    # The options that the page depends on; where files lie does not belong to it.
    options = [f"--baseline {baseline}", f"--confidence {confidence:g}"]
    options += [f"--harm {harm}"] if harm else []
    options += [f"--scenarios {','.join(scenarios)}"] if scenarios else []
    options += ["--verification"] if verification else []
    options += ["--calibration"] if calibrated else []
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            found=found,
            terms=terms,
            words=found.words(terms),
            title=title or _title(found.names, terms),
            brief=brief(found, question),
            grids=in_full(found),
            columns=columns,
            place=place,
            shown=shown,
            title_of=title_of,
            text_tables=text_tables,
            structural=structure.sentences(found.structure, found.baseline, terms),
            variants=structure.structure_tables(found, terms),
            explored=safe_choice(found, terms)
            + (explored(source.store.path, terms) if source.store else []),
            plates=plates_of(found),
            posterior=source.posterior,
            learnt=learnt,
            taught=taught,
            kept=pinned(source.posterior, specs, terms) if source.posterior else [],
            robustness=robustness(found.dependence, terms),
            calibrated=calibrated,
            levers=levers(specs, found.names, terms),
            assumed=assumed(),
            ceiling=sentences(found.ceiling, terms),
            origins=origins(found, source.provenance),
            made=source.provenance,
            batches=batches(source.provenance),
            asked=f"panj report STORE {' '.join(options)}",
            **checked,
        )
    )


def _verified(path: Path | None) -> dict[str, object]:
    """A verification, its cases by family, and the figures of a case."""
    if path is None:
        return {"verified": None}
    from sim.report.checked import families, figures
    from sim.verify.verification import read_verification

    verified = read_verification(path)
    return {"verified": verified, "families": families(verified), "figures": figures}


def _calibrated(folder: Path, source: Source) -> tuple[Plates, list[str]]:
    """A calibration's pictures, and sentences on what it does not carry.

    One of these where it is not the calibration that the runs were drawn from.
    """
    from sim.calibrate.diagnostics import concerns
    from sim.calibrate.record import read_record

    recorded = read_record(folder)
    told = concerns(recorded.posterior, recorded.checks)
    drawn = source.drawn_from(folder)
    if drawn is None:
        told.insert(0, "The runs of this report do not draw from it.")
    elif not drawn:
        told.insert(0, "The runs of this report draw from another posterior than this one.")
    return plates_of_calibration(recorded), told


def _title(names: Sequence[str], terms: Terms) -> str:
    base = terms.label(names[0])
    if len(names) == 1:
        return base.capitalize()
    if len(names) == 2:
        return f"{terms.label(names[1])} against {base}".capitalize()
    return f"{len(names) - 1} policies against {base}"
