"""The pictures of one run, each as a scalable drawing and as a bitmap."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.model import BorderModel

ENDINGS: Final = (".svg", ".png")


def pictures_of(model: BorderModel) -> dict[str, Callable[[Path], object]]:
    """File names and what draws them: the year along the line, and its gravest incident."""
    from sim.incidents.records import Incident
    from sim.report.style import save

    figures: dict[str, Callable[[BorderModel], Figure]] = {"strip_map": _strip_map}
    if model.log[Incident]:
        figures["gravest_incident"] = _gravest_incident
    drawn: dict[str, Figure] = {}

    def draw(name: str, path: Path) -> None:
        if name not in drawn:
            drawn[name] = figures[name](model)
        save(drawn[name], path)

    return {f"{name}{end}": partial(draw, name) for name in figures for end in ENDINGS}


def _strip_map(model: BorderModel) -> Figure:
    from sim.incidents.records import AlertChange, Crossing, Incident
    from sim.report.strip_map import strip_map

    return strip_map(
        model.log[Crossing],
        model.log[Incident],
        model.log[AlertChange],
        start=model.spec.start,
        days=model.spec.days,
        ground=model.ground,
    )


def _gravest_incident(model: BorderModel) -> Figure:
    from sim.incidents.narrative import severity
    from sim.incidents.records import Incident
    from sim.observe import anatomy
    from sim.report.anatomy import draw_anatomy

    gravest = max(model.log[Incident], key=severity)
    return draw_anatomy(anatomy(model, gravest))
