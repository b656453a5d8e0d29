"""A comparison as one page for people: HTML that needs nothing else, on a screen and on paper.

No script runs and nothing is loaded. The same store and the same options give the same bytes.
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
from sim.report.brief import brief, title_of
from sim.report.explorations import exploration_sections, safe_choice_section
from sim.report.gallery import PICTURE_OUTCOMES
from sim.report.jinja import environment
from sim.report.matrix_text import full_matrices
from sim.report.parameters import (
    count_assumptions,
    levers,
    pinned,
    posterior_sentences,
    posterior_table,
)
from sim.report.pictures import Pictures, pictures_of, pictures_of_calibration
from sim.report.provenance import batch_table, scenario_table


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
    """Return the page that compares the scenarios of a store with a baseline, or shows one alone.

    ``title`` and ``question`` replace those that the page makes itself. ``harm`` is the outcome
    that opens the verdict. ``confidence`` holds for sentences, tables and pictures. Only
    ``scenarios`` are compared, if given. ``verification`` is a file that ``panj verify -o`` wrote,
    ``calibration`` a folder that ``panj calibrate -o`` wrote.

    Raises :class:`~sim.errors.PanjError` for an unknown name, where nothing can be compared, and
    where the verification or the calibration cannot be read.
    """
    source = open_source(results)
    if source.provenance is None:
        raise StoreError(
            "a report says where its runs come from, and a bare table does not hold that",
            remedy="Give the folder that 'panj batch -o' wrote.",
        )
    calibrated = None if calibration is None else _calibrated(calibration, source)
    verified = None
    if verification is not None:
        from sim.verify.verification import read_verification

        verified = read_verification(verification)
    beside = [name for name in BESIDE if name in source.outcomes]
    outcomes = list(dict.fromkeys([*([harm] if harm else []), *headlines(), *beside]))
    found = compare(
        source, baseline, outcomes=outcomes, scenarios=scenarios, harm=harm, confidence=confidence,
        ceiling=True, structure=len(source.names) > 1 and bool(source.variants),
        regret=len(source.names) > 1, also=PICTURE_OUTCOMES,
    )  # fmt: skip
    terms, posterior = found.terms, source.posterior
    specs = {name: source.specs[name] for name in found.names}
    # The options that the page depends on; where files lie is not part of it.
    options = [f"--baseline {baseline}", f"--confidence {confidence:g}"]
    options += [f"--harm {harm}"] if harm else []
    options += [f"--scenarios {','.join(scenarios)}"] if scenarios else []
    options += ["--verification"] if verification else []
    options += ["--calibration"] if calibrated else []
    explored = exploration_sections(source.store.path, terms) if source.store else []
    template = environment().get_template("report.html.j2")
    return template.render(
        found=found,
        terms=terms,
        words=found.words(terms),
        title=title or _title(found.names, terms),
        brief=brief(found, question),
        matrices=full_matrices(found),
        title_of=title_of,
        text_tables=text_tables,
        structural=structure.sentences(found.structure, found.baseline, terms),
        variants=structure.structure_tables(found, terms),
        explorations=safe_choice_section(found, terms) + explored,
        pictures=pictures_of(found),
        posterior=posterior,
        posterior_sentences=posterior_sentences,
        posterior_table=posterior_table,
        pinned=pinned(posterior, specs, terms) if posterior else [],
        robustness=robustness(found.dependence, terms),
        calibrated=calibrated,
        levers=levers(specs, found.names, terms),
        assumptions=count_assumptions(),
        ceiling=sentences(found.ceiling, terms),
        scenario_table=scenario_table(found, source.provenance),
        provenance=source.provenance,
        batch_table=batch_table(source.provenance),
        command=f"panj report STORE {' '.join(options)}",
        verified=verified,
    )


def _calibrated(folder: Path, source: Source) -> tuple[Pictures, list[str]]:
    """The pictures of a calibration, and sentences on its weaknesses.

    The first sentence says so where the runs were not drawn from this calibration.
    """
    from sim.calibrate.posterior import concerns
    from sim.calibrate.record import read_record

    recorded = read_record(folder)
    warnings = concerns(recorded.posterior, recorded.checks)
    drawn = source.drawn_from(folder)
    if drawn is None:
        warnings.insert(0, "The runs of this report do not draw their parameters from it.")
    elif not drawn:
        warnings.insert(0, "The runs of this report draw their parameters from another posterior.")
    return pictures_of_calibration(recorded), warnings


def _title(names: Sequence[str], terms: Terms) -> str:
    base = terms.label(names[0])
    if len(names) == 1:
        return base.capitalize()
    if len(names) == 2:
        return f"{terms.label(names[1])} against {base}".capitalize()
    return f"{len(names) - 1} policies against {base}"
