"""The pictures of one run, each as a scalable drawing and as a bitmap."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model import BorderModel


def pictures_of(model: BorderModel) -> dict[str, Callable[[Path], object]]:
    """File names and what draws them: the year along the line, and its gravest incident."""
    from sim.incidents.records import Incident
    from sim.report.anatomy import gravest_of
    from sim.report.one_run import OneRun
    from sim.report.strip_map import draw_strip_map
    from sim.report.style import save

    drawn = {"strip_map": draw_strip_map(OneRun.of(model))}
    if model.log[Incident]:
        drawn["gravest_incident"] = gravest_of(model)
    return {
        f"{name}{ending}": partial(save, figure)
        for name, figure in drawn.items()
        for ending in (".svg", ".png")
    }
