"""The picture of the effect of the time step: bias, and crossings that end differently."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.twin.convergence import SURE, Estimate, Paired
from sim.report.style import BLUE, FAINT, GREY, HEIGHT_IN, WIDTH_IN, blank, save, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WITHIN = 0.01


def draw_bias(rows: Sequence[Paired], slope: Estimate, path: Path) -> Path:
    """Draw the bias and the share of different crossings against the step, with 95 % intervals.

    ``slope`` is the slope of the bias per minute. On these axes proportionality to the step is a
    straight line of slope 1.
    """
    with styled():
        figure = blank(WIDTH_IN, 0.62 * HEIGHT_IN)
        left, right = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.07, right=0.985, top=0.92, bottom=0.12, wspace=0.17)
        missed = [Estimate(-row.bias.value, row.bias.error) for row in rows]
        _against_step(left, rows, missed, -slope.value)
        left.axhspan(left.get_ylim()[0], _WITHIN, color=FAINT, alpha=0.35, linewidth=0.0)
        left.text(rows[0].minutes, 0.9 * _WITHIN, "within 1 %", color=GREY, ha="right", va="top")
        left.set_title("Share seen in the open: shortfall of the twin", loc="left")
        different = [row.different for row in rows]
        finest = min(rows)
        _against_step(right, rows, different, finest.different.value / finest.minutes)
        right.set_title("Crossings that end differently, with the same draws in both", loc="left")
    return save(figure, path)


def _against_step(
    axes: Axes, rows: Sequence[Paired], shares: Sequence[Estimate], a_minute: float
) -> None:
    """Draw shares above 0 against the step, and a line of ``a_minute`` per minute."""
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(2e-4, 1.0)
    minutes = [row.minutes for row in rows]
    shown = [(m, share) for m, share in zip(minutes, shares, strict=True) if share.value > 0.0]
    x = np.array([m for m, _ in shown])
    y = np.array([share.value for _, share in shown])
    below = np.minimum(SURE * np.array([share.error for _, share in shown]), 0.999 * y)
    above = SURE * np.array([share.error for _, share in shown])
    if a_minute > 0.0:
        ends = np.array([min(minutes), max(minutes)])
        axes.plot(ends, a_minute * ends, color=GREY, linewidth=0.9, linestyle=(0, (4, 2)),
                  label="in proportion to the step")  # fmt: skip
    axes.errorbar(x, y, yerr=[below, above], fmt="o", color=BLUE, markersize=4.5, linewidth=1.2,
                  label="the twin, with 95 % intervals")  # fmt: skip
    axes.set_xticks(minutes, [f"{m:g}" for m in minutes])
    ticks = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
    axes.set_yticks(ticks, [f"{100.0 * tick:g} %" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("step of time (minutes)")
    axes.legend(loc="upper left", borderaxespad=0.5, borderpad=0.4)
