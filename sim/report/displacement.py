"""Where along the line a policy changes harm or flow: a strip of districts for each scenario."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison.comparison import Comparison
from sim.comparison.displacement import DisplacementRow
from sim.comparison.districts import MEASURES
from sim.comparison.question import check_names
from sim.comparison.source import MissingTableError
from sim.comparison.terms import Terms, capital, listed
from sim.frontier.ground import Ground
from sim.report import page, style
from sim.report.districts import along_the_line, chainage_words, name_districts, names_room
from sim.report.labels import size
from sim.report.rows import NAME_SIZE, each, fitted, name_room
from sim.report.view import Shown, look
from sim.report.wording import digits_of, number

_TOTAL: Final = "whole line"
_CELL: Final[dict[str, Any]] = {"fontsize": 8.5, "linespacing": 1.0}
_STRIP_PX, _ALONE_PX = 62.0, 320.0
_TICKS_PX: Final = 40.0
_COLOURS: Final = {"less": style.BLUE, "more": style.VERMILION}


class Strip(NamedTuple):
    """A scenario's changes by district from west to east, and that of the whole line."""

    name: str
    districts: list[DisplacementRow]
    total: DisplacementRow


def strips(found: Comparison, measure: str) -> list[Strip]:
    """Every policy's changes along the line.

    Raises ``PanjError`` for a measure that is not counted by district, and
    :class:`MissingTableError` where districts were not kept.
    """
    check_names("measure of displacement", [measure], list(MEASURES))
    own = [row for row in found.displacement if row.measure == measure]
    if found.policies and not own:
        raise MissingTableError(
            "this store keeps no districts, and displacement is told by district",
            remedy="Draw another kind, or run the batch again with districts.",
        )
    return [
        Strip(
            total.scenario,
            [row for row in own if (row.scenario, row.row) == (total.scenario, "district")],
            total,
        )
        for total in own
        if total.row == "total"
    ]


def displacement(
    shown: Shown,
    ax: Axes,
    *,
    scenario: str,
    baseline: str = "baseline",
    measure: str = "victims",
    terms: Terms | None = None,
) -> Axes:
    """Draw the mean change of ``measure`` in each district under one scenario.

    A bar is as wide as its district; the upright line is the interval of the mean. Blue and
    vermilion: fewer and more, beyond chance with all districts and scenarios taken together.
    ``shown`` is a comparison, a store, or a table of districts.
    """
    view = look(shown, None, baseline, terms)
    found, ground = view.found, view.terms.ground
    check_names("scenario", [scenario], found.policies)
    (strip,) = (each for each in strips(found, measure) if each.name == scenario)
    _draw(ax, strip, ground)
    _limit([ax], [strip])
    page.round_ticks(ax.yaxis, sign=True)
    ax.set_ylabel(f"change of {MEASURES[measure]} (a {view.terms.run})")
    ax.set_xlabel(chainage_words(ground))
    name_districts(ax, ground)
    return ax


def _draw(ax: Axes, strip: Strip, ground: Ground) -> None:
    along_the_line(ax, ground)
    ax.axhline(0.0, color=style.INK, linewidth=0.8, zorder=1.2)
    told = [
        (district, row.difference, row.interval, _COLOURS.get(row.change or "", style.GREY))
        for district, row in zip(ground.districts, strip.districts, strict=False)
        if row.difference is not None
    ]
    ax.bar(
        [district.middle_km for district, *_ in told],
        [difference for _, difference, *_ in told],
        [district.length_km * 0.94 for district, *_ in told],
        color=[colour for *_, colour in told], alpha=0.5, linewidth=0, zorder=1.0,
    )  # fmt: skip
    upright = [
        (district.middle_km, *interval, colour)
        for district, _, interval, colour in told
        if interval
    ]
    if upright:
        km, low, high, colours = zip(*upright, strict=True)
        ax.vlines(km, low, high, colours, linewidth=2.2, capstyle="butt", zorder=1.5)


def _limit(panels: Sequence[Axes], found: Sequence[Strip]) -> None:
    """One scale for all strips, so that they can be compared; zero always in it."""
    reach = [0.0]
    for row in (row for strip in found for row in strip.districts):
        reach += [row.difference or 0.0, *(row.interval or ())]
    low, high = min(reach), max(reach)
    slack = 0.08 * (high - low) or 1.0
    for ax in panels:
        ax.set_ylim(low - slack, high + slack)


def draw_displacement(
    shown: Shown,
    *,
    baseline: str = "baseline",
    measure: str = "victims",
    terms: Terms | None = None,
) -> Figure:
    """A strip for each scenario on one scale, those that change most over the whole line first."""
    view = look(shown, None, baseline, terms)
    found = strips(view.found, measure)
    found.sort(key=lambda strip: (strip.total.difference is None, strip.total.difference or 0.0))
    terms = view.terms
    with style.styled():
        n = len(found)
        tall = _ALONE_PX if n <= 1 else n * each(n, _STRIP_PX)
        figure = page.sheet(tall + 230)
        top = page.headline(figure, *finding(found, measure, view.words.base, terms))
        foot = page.footnote(figure, _note(measure, view.level, terms)) + page.AXIS_PX
        names = [strip.name for strip in found] or [view.found.baseline]
        left = page.MARGIN + name_room(figure, names, terms) + 14 + _TICKS_PX
        cells = _cells(found)
        room = max(size(figure, cell, **_CELL)[0] for cell in [*cells, _TOTAL])
        right = figure.bbox.width - page.MARGIN - room - 14
        _strips(figure, found, cells, (left, foot, right, top), terms)
    return figure


def _strips(
    figure: Figure,
    found: Sequence[Strip],
    cells: Sequence[str],
    frame: tuple[float, float, float, float],
    terms: Terms,
) -> None:
    left, foot, right, top = frame
    probe = page.panel(figure, left, foot, right, top)
    along_the_line(probe, terms.ground)
    top -= names_room(probe, terms.ground)
    probe.remove()
    n = max(len(found), 1)
    step = (top - foot) / n
    edges = [top - i * step for i in range(n + 1)]
    panels = [page.panel(figure, left, low + 3, right, high - 3) for high, low in pairwise(edges)]
    for ax in panels:
        along_the_line(ax, terms.ground)
    for ax, strip, cell in zip(panels, found, cells, strict=False):
        _draw(ax, strip, terms.ground)
        _beside(ax, fitted(figure, terms.label(strip.name)), cell)
    _limit(panels, found)
    for ax in panels:
        ax.spines["bottom"].set_visible(ax is panels[-1])
        ax.tick_params(bottom=ax is panels[-1], labelbottom=ax is panels[-1])
        if n > 1:
            page.mark_zero(ax.yaxis)
        else:
            page.round_ticks(ax.yaxis, sign=True)
    panels[-1].set_xlabel(chainage_words(terms.ground))
    name_districts(panels[0], terms.ground)
    if found:
        _beside(panels[0], "", _TOTAL, height=1.0)


def _beside(ax: Axes, name: str, cell: str, height: float = 0.5) -> None:
    """The scenario's name on the left of a strip, the change over the whole line on the right.

    At ``height`` 1 stands the heading, above the strip.
    """
    points = 72.0 / page.figure_of(ax).dpi
    heading = height == 1.0
    for words, x, shift, ha, looks in (
        (name, 0.0, -(_TICKS_PX + 10) * points, "right", {"fontsize": NAME_SIZE}),
        (cell, 1.0, 14 * points, "left", _CELL),
    ):
        ax.annotate(
            words, (x, height), (shift, 4.0 if heading else 0.0), xycoords="axes fraction",
            textcoords="offset points", ha=ha, va="baseline" if heading else "center",
            color=style.GREY if heading else style.INK, annotation_clip=False, **looks,
        )  # fmt: skip


def _cells(found: Sequence[Strip]) -> list[str]:
    """The mean over the whole line, and below it the interval, for each scenario."""
    widths = [i[1] - i[0] for strip in found if (i := strip.total.interval)]
    digits = digits_of(widths)
    return [_cell(strip.total, digits) for strip in found]


def _cell(total: DisplacementRow, digits: int) -> str:
    if total.difference is None:
        return "nothing to pair"
    ends = [number(end, digits, sign=True) for end in total.interval or ()]
    words = number(total.difference, digits, sign=True)
    return f"{words}\n[{', '.join(ends)}]" if ends else words


def finding(found: Sequence[Strip], measure: str, against: str, terms: Terms) -> tuple[str, str]:
    """What moved from where to where beyond chance, and on how many runs that rests."""
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
    name = max(both, key=lambda each: _moved(next(s for s in seen if s.name == each)))
    title = (
        f"{what}: {terms.label(name)} has fewer in {_told(falls[name])} but more in "
        f"{_told(rises[name])}"
    )
    return title, capital("; ".join(([*parts] if len(seen) > 1 else []) + [beneath]))


def _moved(strip: Strip) -> float:
    """How much more there is where there is more beyond chance."""
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
    """``in Darvoz under joint control``, or how many options where there are many."""
    if len(places) > 1:
        return f"in some district under {len(places)} of {options} options"
    ((name, districts),) = places.items()
    return f"in {_told(districts)} under {terms.label(name)}"


def _told(districts: Sequence[str]) -> str:
    return listed(districts) if len(districts) <= 3 else f"{len(districts)} districts"


def _note(measure: str, level: str, terms: Terms) -> str:
    return (
        f"Bars: mean change of {MEASURES[measure]} in a district between the two runs of a "
        f"replicate, counts a {terms.run}, on one scale for all scenarios; a bar is as wide as its "
        f"district. Upright lines: {level} interval of the mean. Blue: fewer, "
        "vermilion: more, grey: no direction is beyond chance (Holm’s correction over all "
        "districts and scenarios)."
    )
