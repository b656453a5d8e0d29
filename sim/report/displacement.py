"""Where along the line a policy changes harm or flow: a strip of districts for each scenario."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from sim.comparison.comparison import Comparison
from sim.comparison.displacement import DisplacementRow
from sim.comparison.districts import MEASURES
from sim.comparison.question import check_names
from sim.comparison.source import MissingTableError
from sim.comparison.terms import Terms, capital, listed
from sim.frontier.ground import Ground
from sim.report import layout, style
from sim.report.district_axis import chainage_label, name_districts, names_height, set_chainage_axis
from sim.report.figure_numbers import column_decimals, mean_with_interval
from sim.report.labels import text_size
from sim.report.outcome_view import OutcomeView
from sim.report.row_chart import SIZE, fit_label, labels_width, row_height, write_beside

_TOTAL: Final = "whole line"
_STRIP_PX, _ALONE_PX = 62.0, 320.0
_TICKS_PX: Final = 40.0
_MANY: Final = 8
"""With more strips than this, those without a change beyond chance are left out."""
_COLOURS: Final = {"less": style.BLUE, "more": style.VERMILION}


class Strip(NamedTuple):
    """The changes of a scenario by district from west to east, and over the whole line."""

    name: str
    districts: list[DisplacementRow]
    total: DisplacementRow

    @property
    def moves(self) -> bool:
        """Whether some district changes beyond chance."""
        return any(row.change in _COLOURS for row in self.districts)


def strips(comparison: Comparison, measure: str) -> list[Strip]:
    """The changes of every policy along the line.

    Raise ``PanjError`` for a measure that is not counted by district, and
    :class:`MissingTableError` where the store keeps no districts.
    """
    check_names("measure of displacement", [measure], list(MEASURES))
    rows = [row for row in comparison.displacement if row.measure == measure]
    if comparison.policies and not rows:
        raise MissingTableError(
            "this store keeps no districts, and displacement is measured by district",
            remedy="Draw another kind, or run the batch again with districts.",
        )
    return [
        Strip(
            total.scenario,
            [row for row in rows if (row.scenario, row.row) == (total.scenario, "district")],
            total,
        )
        for total in rows
        if total.row == "total"
    ]


def _draw(ax: Axes, found: Sequence[Strip], ground: Ground, zeros: Sequence[float]) -> None:
    """Draw each strip around its own zero, all on one scale.

    A bar is as wide as its district; the vertical line is the interval of the mean. Blue and
    vermilion: fewer and more, beyond chance after correction for all districts and scenarios.
    """
    boxes, verticals = [], []
    for strip, zero in zip(found, zeros, strict=True):
        for district, row in zip(ground.districts, strip.districts, strict=False):
            if row.difference is None:
                continue
            colour, half = _COLOURS.get(row.change or "", style.GREY), 0.47 * district.length_km
            west, east = district.middle_km - half, district.middle_km + half
            top = zero + row.difference
            boxes.append(([(west, zero), (east, zero), (east, top), (west, top)], colour))
            if row.interval:
                low, high = row.interval
                verticals.append((district.middle_km, zero + low, zero + high, colour))
    ax.add_collection(
        PolyCollection([box for box, _ in boxes], facecolors=[colour for _, colour in boxes],
                       alpha=0.5, linewidth=0, zorder=1.0)
    )  # fmt: skip
    if verticals:
        km, low_ends, high_ends, colours = zip(*verticals, strict=True)
        ax.vlines(km, low_ends, high_ends, colours, linewidth=2.2, capstyle="butt", zorder=1.5)
    ax.hlines(zeros, 0.0, ground.length_km, style.INK, linewidth=0.8, zorder=1.2)


def draw_displacement(shown: Comparison, *, measure: str = "victims") -> Figure:
    """Draw a strip for each scenario on one scale, in the order of the change over the line."""
    view, found = OutcomeView(shown), strips(shown, measure)
    found.sort(key=lambda strip: (strip.total.difference is None, strip.total.difference or 0.0))
    terms = view.terms
    words = finding(found, measure, view.words.base, terms)
    note, ground = _note(measure, view.level, terms), terms.ground
    moved = [strip for strip in found if strip.moves]
    if len(found) > _MANY and 0 < len(moved) < len(found):
        note += f" Not drawn: {_unchanged(len(found) - len(moved))}."
        found = moved
    labels = view.labels([strip.name for strip in found] or [view.comparison.baseline])
    with style.styled():
        n, probe, cells = max(len(found), 1), layout.empty_figure(1.0), _cells(found)
        left = layout.MARGIN + labels_width(probe, labels) + 14.0 + _TICKS_PX
        room = max(text_size(probe, cell, fontsize=SIZE)[0] for cell in [*cells, _TOTAL])
        right = layout.WIDTH - layout.MARGIN - room - 14.0
        tall = _ALONE_PX if n == 1 else n * row_height(n, _STRIP_PX)
        above = names_height(probe, ground, right - left)
        frame = layout.new_frame(above + tall + layout.AXIS_PX, words, note)
        ax = layout.add_panel(
            frame.figure, left, frame.foot + layout.AXIS_PX, right, frame.top - above
        )
        _strips(ax, found, labels, cells, ground)
    return frame.figure


def _strips(
    ax: Axes, found: Sequence[Strip], labels: Sequence[str], cells: Sequence[str], ground: Ground
) -> None:
    """Stack the strips, each with its name on the left and its sum on the right."""
    rows = [row for strip in found for row in strip.districts]
    low, high = layout.limits(
        (end for row in rows for end in (row.difference or 0.0, *(row.interval or ()))), 0.08
    )
    pitch, n = 1.1 * (high - low), max(len(found), 1)
    zeros = [-i * pitch for i in range(len(found))]
    set_chainage_axis(ax, ground)
    ax.set_ylim(low - 0.05 * pitch - (n - 1) * pitch, high + 0.05 * pitch)
    _draw(ax, found, ground, zeros)
    if n > 1:
        layout.mark_zeros(ax.yaxis, zeros, (low, high))
        ax.spines["left"].set_visible(False)
        ax.vlines([0.0] * n, [zero + low for zero in zeros], [zero + high for zero in zeros],
                  style.GREY, linewidth=0.8, clip_on=False)  # fmt: skip
    else:
        layout.round_ticks(ax.yaxis, sign=True)
    ax.set_xlabel(chainage_label(ground))
    name_districts(ax, ground)
    figure = layout.figure_of(ax)
    names = offset_copy(ax.get_yaxis_transform(), figure, x=-(_TICKS_PX + 10.0) / figure.dpi)
    for zero, label, cell in zip(zeros, labels, cells, strict=False):
        middle = zero + 0.5 * (low + high)
        ax.text(0.0, middle, fit_label(figure, label), transform=names, ha="right", va="center",
                fontsize=SIZE)  # fmt: skip
        write_beside(ax, middle, cell, 14.0, ha="left", linespacing=1.0)
    if found:
        top = high + 0.05 * pitch
        write_beside(ax, top, _TOTAL, 14.0, ha="left", va="bottom", color=style.GREY)


def _cells(found: Sequence[Strip]) -> list[str]:
    """For each scenario the mean over the whole line, and below it the interval."""
    totals = [strip.total for strip in found]
    digits = column_decimals([i[1] - i[0] for total in totals if (i := total.interval)])
    return [
        "nothing to pair" if total.difference is None
        else mean_with_interval(total.difference, total.interval or (), digits, "\n")
        for total in totals
    ]  # fmt: skip


def finding(found: Sequence[Strip], measure: str, against: str, terms: Terms) -> tuple[str, str]:
    """What moved from where to where beyond chance, and the number of runs behind it."""
    what = capital(MEASURES[measure])
    seen = [strip for strip in found if strip.total.difference is not None]
    if not seen:
        nothing = f"no {terms.run}s in common" if found else "no other scenario"
        return f"{what} by district: {nothing} to compare with {against}", ""
    n = max(strip.total.n for strip in seen)
    beneath = f"change a {terms.run} against {against}; means of {terms.paired(n)}"
    falls, rises = (_places(seen, change, terms.ground) for change in ("less", "more"))
    both = [name for name in falls if name in rises]
    if not falls and not rises:
        return f"{what}: no district changes beyond chance", capital(beneath)
    parts = [
        f"{word} {_where(places, terms, len(seen))}"
        for word, places in (("fewer", falls), ("more", rises))
        if places
    ]
    if not both:
        parts += [] if rises else ["nowhere more beyond chance"]
        return f"{what}: {'; '.join(parts)}", capital(beneath)
    name = max(both, key=lambda one: _moved(next(s for s in seen if s.name == one)))
    title = (
        f"{what}: {terms.label(name)} has fewer in {_district_names(falls[name])} but more in "
        f"{_district_names(rises[name])}"
    )
    return title, capital("; ".join(([*parts] if len(seen) > 1 else []) + [beneath]))


def _moved(strip: Strip) -> float:
    """The sum of the increases beyond chance."""
    return sum(row.difference or 0.0 for row in strip.districts if row.change == "more")


def _places(found: Sequence[Strip], change: str, ground: Ground) -> dict[str, list[str]]:
    """By scenario, the districts with a change; scenarios without one are left out."""
    places = {
        strip.name: [
            district.name
            for district, row in zip(ground.districts, strip.districts, strict=True)
            if row.change == change
        ]
        for strip in found
    }
    return {name: districts for name, districts in places.items() if districts}


def _where(places: dict[str, list[str]], terms: Terms, options: int) -> str:
    """``in Darvoz under joint control``, or the number of options where there are several."""
    if len(places) > 1:
        return f"in some district under {len(places)} of {options} options"
    ((name, districts),) = places.items()
    return f"in {_district_names(districts)} under {terms.label(name)}"


def _district_names(districts: Sequence[str]) -> str:
    return listed(districts) if len(districts) <= 3 else f"{len(districts)} districts"


def _unchanged(count: int) -> str:
    who = "1 policy that changes" if count == 1 else f"{count} policies that change"
    return f"{who} no district beyond chance"


def _note(measure: str, level: str, terms: Terms) -> str:
    return (
        f"Bars: mean change of {MEASURES[measure]} in a district between the two runs of a "
        f"replicate, per {terms.run}, on one scale for all scenarios; a bar is as wide as its "
        f"district. Vertical lines: {level} interval of the mean. Blue: fewer, vermilion: more, "
        "grey: not beyond chance (Holm’s correction over all districts and scenarios)."
    )
