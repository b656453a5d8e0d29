"""Cost against harm: what each option costs and averts, and which options are efficient."""

from math import atan2, degrees
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse

from sim.comparison.comparison import Comparison
from sim.comparison.efficiency import CostHarmFrontier, CostHarmPoint, lower_left_hull
from sim.comparison.number_format import per_cent
from sim.comparison.samples import Floats
from sim.comparison.terms import Terms, capital, listed
from sim.measures.outcome import Outcome
from sim.measures.registry import described
from sim.report import layout, style
from sim.report.figure_numbers import decimals, format_number, scale, unit_label
from sim.report.labels import wrap
from sim.report.outcome_view import OutcomeView
from sim.report.point_labels import PointLabel, label_points
from sim.report.row_chart import fit_label

HARM: Final = "victims"

LOOKS: Final = {
    "efficient": (style.BLUE, "o", "efficient: no mixture of others is better in both"),
    "between": (style.SKY, "D", "between: a mixture of two others is better in both"),
    "dominated": (style.GREY, "o", "dominated: another is no worse in either"),
}
"""Colour, marker and meaning of each standing."""

_NAME_SIZE: Final = 8.5


def _draw(ax: Axes, view: OutcomeView) -> None:
    """Draw every scenario at its mean change of cost and of harm, the baseline at the origin.

    Ellipses hold the means with the confidence of the verdict, from one bootstrap of replicates
    for all scenarios. The line joins the efficient options. Each name has the share of resamples
    in which the option is efficient.
    """
    found = view.comparison.efficiency
    reach = [np.zeros((1, 2))]
    for option in found.options:
        colour, marker, _ = LOOKS[option.standing]
        reach.append(_ellipse(ax, option, colour, view.comparison.confidence))
        ax.plot(*option.place, marker=marker, markersize=7.5, color=colour,
                markeredgecolor="white", linestyle="none",
                zorder=2.0 + (option.standing == "efficient"))  # fmt: skip
    places = np.array([option.place for option in found.options]).reshape(-1, 2)
    hull = places[lower_left_hull(places)]
    ax.plot(hull[:, 0], hull[:, 1], color=style.BLUE, linewidth=1.4, zorder=1.5)
    _frame(ax, np.concatenate(reach), view)
    _names(ax, view)


def _ellipse(ax: Axes, option: CostHarmPoint, colour: str, level: float) -> Floats:
    """Draw the ellipse of the bootstrapped means; return its extreme points."""
    centre = np.array(option.place)
    covariance = np.cov(option.cloud, rowvar=False)
    # the contour of a normal cloud that holds this share: chi-square with two degrees of freedom
    radius = float(np.sqrt(-2.0 * np.log(1.0 - level)))
    lengths, axes = np.linalg.eigh(covariance)
    across, along = 2.0 * radius * np.sqrt(np.maximum(lengths, 0.0))
    if along > 0.0:
        angle = degrees(atan2(axes[1, 1], axes[0, 1]))
        ax.add_patch(
            Ellipse(option.place, along, across, angle=angle, facecolor=colour, alpha=0.16,
                    edgecolor=colour, linewidth=0.8, zorder=0.8)
        )  # fmt: skip
    half = radius * np.sqrt(np.diag(covariance))
    return np.array([centre - half, centre + half])


def _frame(ax: Axes, reach: Floats, view: OutcomeView) -> None:
    """Limits that hold all ellipses, and axes that say what is measured and from where."""
    layout.frame_plane(ax, reach, (0.08, 0.08))
    box = ax.get_window_extent()
    found = view.comparison.efficiency
    sides = ((ax.xaxis, found.cost, box.width), (ax.yaxis, found.harm, box.height))
    for k, (axis, name, room) in enumerate(sides):
        field = described(name)
        divisor, unit = scale(field, float(np.abs(reach[:, k]).max()), change=True)
        words = f"change of {field.label} ({unit_label(field, unit, view.terms)}; baseline "
        words += f"{_amount(field, found.baseline_mean[k])})"
        axis.set_label_text(wrap(layout.figure_of(ax), words, 0.95 * room, fontsize=8.5))
        layout.round_ticks(axis, divisor, sign=True)


def _amount(field: Outcome, value: float) -> str:
    """A mean with three significant digits: ``2.30``, ``17.3 million USD``."""
    divisor, unit = scale(field, value)
    digits = decimals(abs(value / divisor) / 5)
    return f"{format_number(value / divisor, digits)} {'' if unit == 'persons' else unit}".strip()


def _names(ax: Axes, view: OutcomeView) -> None:
    """Write names beside the points; the efficient options choose their places first."""
    figure, found = layout.figure_of(ax), view.comparison.efficiency
    rank = {"efficient": 0, "between": 1, "dominated": 2}
    options = sorted(found.options, key=lambda option: (rank[option.standing], option.place))
    label_points(
        ax,
        [
            PointLabel(
                option.place,
                _name(figure, option, view.terms, len(options)),
                style.GREY if option.standing == "dominated" else style.INK,
                bold=option.name == view.comparison.baseline,
            )
            for option in options
        ],
        _NAME_SIZE,
    )


def _name(figure: Figure, option: CostHarmPoint, terms: Terms, options: int) -> str:
    name = fit_label(figure, terms.label(option.name))
    return name if options < 2 else f"{name} · {per_cent(option.p_efficient)}"


def draw_cost_harm(comparison: Comparison) -> Figure:
    """Draw cost against harm, with the finding as the title."""
    view = OutcomeView(comparison)
    keys = _keys(view.comparison.efficiency)
    with style.styled():
        frame = layout.new_frame(640.0, finding(view), _note(view), 1100.0, keys=keys)
        foot = frame.foot + layout.AXIS_PX
        _draw(layout.add_panel(frame.figure, frame.left + 80.0, foot, frame.right, frame.top), view)
    return frame.figure


def finding(view: OutcomeView) -> tuple[str, str]:
    """Which options are efficient, and the data behind it."""
    found, terms = view.comparison.efficiency, view.terms
    what = f"Cost against {described(found.harm).label}"
    if not found.options:
        return f"{what}: no {terms.run} has all values", ""
    if len(found.options) == 1:
        return f"{what}: no other scenario to compare with {view.words.base}", ""
    best = sorted((o for o in found.options if o.standing == "efficient"), key=lambda o: o.place)
    names = [terms.label(option.name) for option in best]
    beaten = sum(option.standing == "dominated" for option in found.options)
    if len(names) <= 3:
        title = f"{capital(listed(names))} {'is' if len(names) == 1 else 'are'} efficient"
    else:
        title = f"{len(names)} options are efficient, from {names[0]} to {names[-1]}"
    if beaten:
        verb = "is" if beaten == 1 else "are"
        title += f"; {beaten} of {len(found.options)} {verb} dominated"
    return title, (
        f"{what}: means over {terms.paired(found.n)}; beside each name, the share of resamples in "
        "which the option is efficient"
    )


def _note(view: OutcomeView) -> str:
    if len(view.comparison.efficiency.options) < 2:
        return ""
    return (
        f"Ellipses hold {view.level} of the means when replicates are resampled, alike for all "
        "scenarios; the baseline is the origin and has none. Lower and further left is better. The "
        "line joins the efficient options: along it, less harm costs more."
    )


def _keys(found: CostHarmFrontier) -> list[Line2D]:
    """The legend of the standings that occur."""
    present = {option.standing for option in found.options} if len(found.options) > 1 else ()
    return [
        Line2D([], [], color=colour, marker=marker, markersize=7, linestyle="none",
               markeredgecolor="white", label=label)
        for standing, (colour, marker, label) in LOOKS.items() if standing in present
    ]  # fmt: skip
