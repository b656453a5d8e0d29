"""The pictures of a report: those of the gallery that a store supports, and why others are not."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from matplotlib.figure import Figure

from sim.calibrate.record import Recorded
from sim.comparison.comparison import Comparison
from sim.errors import StoreError
from sim.report import gallery
from sim.report.ceiling import draw_ceiling
from sim.report.differences import harm_of
from sim.report.gallery import Subject
from sim.report.inline import Inline, inline
from sim.report.wording import capital
from sim.runs.store import Store

HALVES: Final = ("ridgeline", "forest")
"""Kinds that the picture of the outcome holds side by side."""


class Plate(NamedTuple):
    """A picture on the page: its kind, what the kind shows, and the picture."""

    kind: str
    summary: str
    picture: Inline


class Plates(NamedTuple):
    """The pictures, and a sentence for each that the source does not support."""

    shown: list[Plate]
    missing: list[str]


def plates_of_store(store: Store, found: Comparison, names: Sequence[str]) -> Plates:
    """Every kind of picture of a batch; the ceiling is that of the comparison."""
    subject = gallery.subject_of(store, found.baseline, harm_of(found), scenarios=names)
    kinds = [kind for kind in gallery.kinds_of(Subject) if kind not in HALVES]
    return _plates(kinds, subject, found)


def plates_of_calibration(recorded: Recorded) -> Plates:
    """Every kind of picture of a calibration."""
    return _plates(gallery.kinds_of(Recorded), recorded, None)


def _plates(kinds: Sequence[str], source: Subject | Recorded, found: Comparison | None) -> Plates:
    shown, missing = [], []
    for kind in kinds:
        summary = capital(gallery.KINDS[kind].summary)
        try:
            shown.append(Plate(kind, summary, inline(_draw(kind, source, found), kind)))
        except StoreError as error:
            missing.append(f"{summary}: {error.problems[0].reason}.")
    return Plates(shown, missing)


def _draw(kind: str, source: Subject | Recorded, found: Comparison | None) -> Figure:
    if kind == "ceiling" and found is not None and isinstance(source, Subject):
        return draw_ceiling(found.ceiling, baseline=source.baseline, terms=source.terms)
    return gallery.draw(kind, source)
