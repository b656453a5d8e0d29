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
    from sim.report.anatomy import gravest_of
    from sim.report.one_run import OneRun
    from sim.report.strip_map import draw_strip_map
    from sim.report.style import save

    figures: dict[str, Callable[[], Figure]] = {
        "strip_map": partial(draw_strip_map, OneRun.of(model))
    }
    if model.log[Incident]:
        figures["gravest_incident"] = partial(gravest_of, model)
    drawn: dict[str, Figure] = {}

    def draw(name: str, path: Path) -> None:
        if name not in drawn:
            drawn[name] = figures[name]()
        save(drawn[name], path)

    return {f"{name}{end}": partial(draw, name) for name in figures for end in ENDINGS}
