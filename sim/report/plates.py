"""The pictures of a report: those of the gallery that there is data for, and why not others."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sim.calibrate.record import CalibrationRecord
from sim.comparison.comparison import Comparison
from sim.comparison.districts import MEASURES
from sim.comparison.terms import capital
from sim.errors import StoreError
from sim.report import gallery
from sim.report.cost_harm import HARM
from sim.report.gallery import Subject
from sim.report.inline import Inline, inline

HALVES: Final = ("ridgeline", "forest")
"""Kinds that the picture of the outcome holds side by side."""

ALONE: Final = ("ridgeline", "ceiling", "funnel", "strip")
"""Kinds that say something of one scenario."""


class Plate(NamedTuple):
    """A picture on the page: its kind, what the kind shows, and the picture."""

    kind: str
    summary: str
    picture: Inline


class Plates(NamedTuple):
    """The pictures, and a sentence for each that the source does not support."""

    shown: list[Plate]
    missing: list[str]


def plates_of(found: Comparison) -> Plates:
    """Every kind of picture of a batch; of one scenario those that need no other."""
    measure = found.harm if found.harm in MEASURES else HARM
    left_out = (*HALVES, "regret", *(() if found.source.variants else ("structure",)))
    kinds = [kind for kind in gallery.kinds_of(Subject) if kind not in left_out]
    return _plates(kinds if found.policies else ALONE, Subject(found, str(measure)))


def plates_of_calibration(recorded: CalibrationRecord) -> Plates:
    """Every kind of picture of a calibration."""
    return _plates(gallery.kinds_of(CalibrationRecord), recorded)


def _plates(kinds: Sequence[str], source: Subject | CalibrationRecord) -> Plates:
    shown, missing = [], []
    for kind in kinds:
        summary = capital(gallery.KINDS[kind].summary)
        try:
            shown.append(Plate(kind, summary, inline(gallery.draw(kind, source), kind)))
        except StoreError as error:
            missing.append(f"{summary}: {error.problems[0].reason}.")
    return Plates(shown, missing)
