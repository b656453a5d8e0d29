"""The sliders and figures of a tuning in a notebook cell, drawn by ``view.js``."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from sim.errors import PanjError
from sim.tuning import display

if TYPE_CHECKING:
    from sim.tuning.answer_cache import Answer, Row
    from sim.tuning.reported_figures import ReportedFigure
    from sim.tuning.session import Tuning

_HERE = Path(__file__)
_ROOM = 1.25
"""Length of an axis relative to its first figures."""


class View(anywidget.AnyWidget):
    """One display of a tuning.

    ``sliders`` and ``years`` are the inputs, ``answer`` is the content of the screen. Moves arrive
    as messages, so they are handled in order.
    """

    _esm = _HERE.with_name("view.js")
    _css = _HERE.with_name("view.css")

    sliders: Any = traitlets.List().tag(sync=True)
    years: Any = traitlets.List().tag(sync=True)
    answer: Any = traitlets.Dict().tag(sync=True)

    def __init__(self, tuning: Tuning) -> None:
        self._tuning, self._note = tuning, ""
        self._axes: dict[str, float] = {}
        super().__init__(
            sliders=[asdict(one) for one in tuning.sliders.values()], years=tuning.known_years
        )
        self.on_msg(self._on_message)
        tuning._views.add(self)
        self.refresh(tuning.answer())

    def refresh(self, answer: Answer) -> None:
        """Show an answer."""
        tuning, surrogate = self._tuning, self._tuning.evidence.surrogate
        best = tuning.best
        coverage = None if surrogate is None else surrogate.coverage
        self.answer = {
            "name": tuning.base.name,
            "values": tuning.values,
            "years": list(tuning.years),
            "distance": answer.distance,
            "held_out": answer.held_out,
            "best": None if best is None else best[1],
            "undo": tuning.can_undo,
            "moved": bool(tuning.moved),
            "share": answer.done / answer.wanted,
            "strange": bool(answer.strange),
            "standing": display.progress_text(answer, coverage),
            "note": tuning.failure or self._note or tuning.note,
            "rows": [self._row(row) for row in answer.rows],
        }

    def _row(self, row: Row) -> dict[str, Any]:
        reported = row.reported
        return {
            "name": reported.name,
            "label": reported.label,
            "period": reported.period,
            "about": f"{reported.label}, {reported.period} ({reported.unit}). "
            f"Source: {reported.source}",
            "held_out": reported.held_out,
            "told": [[one.low, _number(one.high)] for one in reported.intervals],
            "words": display.reported_text(row),
            "figure": display.mean_text(row),
            "axis": self._axis(reported, row),
            "scales": _number(row.scales),
            "begun": _number(self._tuning.begun.get(reported.name, nan)),
            **{name: _number(getattr(row, name))
               for name in ("mean", "error", "low", "lower", "upper", "high")},
            "simulated": [round(float(x), 4) for x in row.simulated],
        }  # fmt: skip

    def _axis(self, reported: ReportedFigure, row: Row) -> float:
        """Return the end of the axis of a figure, fixed once there is a figure to show."""
        if reported.name not in self._axes:
            ends = [x for one in reported.intervals for x in (one.low, one.high)] + [row.high]
            most = max((x for x in ends if isfinite(x)), default=1.0) * _ROOM or 1.0
            if reported.unit == "share":
                most = min(most, 1.0)
            if not isfinite(row.high):
                return most
            self._axes[reported.name] = most
        return self._axes[reported.name]

    def _on_message(self, _: object, message: dict[str, Any], buffers: object) -> None:
        """Do what the reader did on the screen; show errors there."""
        tuning, self._note = self._tuning, ""
        try:
            match message["do"]:
                case "move":
                    values = {message["key"]: message["value"]}
                    tuning.move(values, trial=not message["end"], step=message["first"])
                    return
                case "years":
                    tuning.years = message["years"]
                case "undo":
                    tuning.undo()
                case "reset":
                    tuning.reset()
                case "best":
                    tuning.to_best()
                case "posterior":
                    tuning.to_posterior()
                case "save":
                    self._note = f"Saved as {tuning.save(message['name'] + '.toml')}."
                case "batch":
                    tuning.batch_soon(f"results/{message['name']}")
        except PanjError as error:
            self._note = str(error)
        self.refresh(tuning.answer())


def _number(value: float) -> float | None:
    """Replace NaN and infinities, which JSON lacks, by ``None``."""
    return value if isfinite(value) else None
