"""The pictures of a report: those that the source has data for, and why not the others."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sim.calibrate.record import CalibrationRecord
from sim.comparison.comparison import Comparison
from sim.comparison.districts import MEASURES
from sim.comparison.terms import capital
from sim.errors import StoreError
from sim.report import gallery
from sim.report.cost_harm import HARM
from sim.report.gallery import ComparisonSource
from sim.report.inline_figure import InlineFigure, inline_figure

HALVES: Final = ("ridgeline", "forest")
"""Kinds that the picture of the outcome holds side by side."""

ALONE: Final = ("ridgeline", "ceiling", "funnel", "strip")
"""Kinds that show a single scenario."""


class Picture(NamedTuple):
    """A picture on the page: its kind, what the kind shows, and the figure."""

    kind: str
    summary: str
    figure: InlineFigure


class Pictures(NamedTuple):
    """The pictures, and a sentence for each kind that the source does not support."""

    shown: list[Picture]
    missing: list[str]


def pictures_of(comparison: Comparison) -> Pictures:
    """Every kind of picture of a batch; of a single scenario the kinds that need no other."""
    measure = comparison.harm if comparison.harm in MEASURES else HARM
    left_out = (*HALVES, "regret", *(() if comparison.source.variants else ("structure",)))
    kinds = [kind for kind in gallery.kinds_of(ComparisonSource) if kind not in left_out]
    return _pictures(
        kinds if comparison.policies else ALONE, ComparisonSource(comparison, str(measure))
    )


def pictures_of_calibration(recorded: CalibrationRecord) -> Pictures:
    """Every kind of picture of a calibration."""
    return _pictures(gallery.kinds_of(CalibrationRecord), recorded)


def _pictures(kinds: Sequence[str], source: ComparisonSource | CalibrationRecord) -> Pictures:
    shown, missing = [], []
    for kind in kinds:
        summary = capital(gallery.KINDS[kind].summary)
        try:
            shown.append(Picture(kind, summary, inline_figure(gallery.draw(kind, source), kind)))
        except StoreError as error:
            missing.append(f"{summary}: {error.problems[0].reason}.")
    return Pictures(shown, missing)
