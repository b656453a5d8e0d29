"""The pictures of ``docs/alert.md``."""

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from benchmarks.dose_response.split import split
from benchmarks.dose_response.study import MEASURES, Floats, Study, found, over
from benchmarks.dose_response.tally import FATES
from benchmarks.dose_response.world import LEVELS, LEVERS, USUAL, Lever
from benchmarks.seed_month import Found
from sim.report import style
from sim.report.figure_numbers import format_number
from sim.report.layout import (
    AXIS_PX,
    MARGIN,
    add_panel,
    figure_of,
    new_frame,
    round_ticks,
)

COLOURS: Final = {
    "deterrence": style.PURPLE,
    "interception": style.BLUE,
    "protection": style.GREEN,
    "tiredness": style.ORANGE,
    "all": style.BLACK,
}
SEEN: Final = {
    "detected": ("parties known before they struck", style.BLUE, "o"),
    "met": ("parties met before they struck", style.VERMILION, "s"),
    "left": ("plans dropped", style.PURPLE, "^"),
}
_HURT: Final = {
    "per 100 plans": ("all victims", style.BLUE, "o"),
    "civilians": ("workers and villagers among them", style.ORANGE, "s"),
}
_KILLED: Final = {
    "victims": (style.VERMILION, "o"),
    "guards": (style.BLUE, "s"),
    "militants": (style.GREY, "^"),
}
_READ: Final = (
    "Points: {} simulated years in each world, the same in all; lines: 95 % by resampling years. "
)
_COLUMNS: Final = 4
_PANEL_PX, _BETWEEN_PX = 150.0, 84.0


def draw_all(study: Study, folder: Path) -> list[Path]:
    """Draw every picture into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {"parts": parts, "levers": levers, "seen": seen, "fates": fates}
    with style.styled():
        return [style.save(draw(study), folder / f"{name}.png") for name, draw in pictures.items()]


def parts(study: Study) -> Figure:
    """The effect of each level against routine, by mechanism."""
    figure, _, foot, _, top = new_frame(
        450,
        (
            "What an alert level changes against routine, and by what mechanism",
            "Change in victims per 100 plans considered; left of the line fewer are killed",
        ),
        _READ.format(study.years) + "The four parts add up to the whole.",
        980,
    )
    ax = add_panel(figure, MARGIN + 190, foot + AXIS_PX, figure.bbox.width - MARGIN - 60, top)
    ax.axvline(0.0, color=style.INK, linewidth=1.0)
    ticks: dict[float, str] = {}
    for place, level in enumerate(LEVELS[1:]):
        first = place * 6.2
        for line, (name, values) in enumerate(split(study, level).items()):
            _part(ax, first + line, name, found(values))
            ticks[first + line] = name
        ax.annotate(level, (0.0, first + 2), xycoords=("axes fraction", "data"), xytext=(-62, 0),
                    textcoords="offset points", ha="right", va="center", fontsize=10,
                    fontweight="bold")  # fmt: skip
    ax.set_yticks(list(ticks), list(ticks.values()))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.invert_yaxis()
    ax.set_xlabel("change in victims per 100 plans")
    round_ticks(ax.xaxis, sign=True)
    ax.grid(axis="x", color=style.FAINT, linewidth=0.5, alpha=0.6)
    return figure


def _part(ax: Axes, y: float, name: str, value: Found) -> None:
    colour, marker = COLOURS[name], "D" if name == "all" else "o"
    ax.plot([value.low, value.high], [y, y], color=colour, linewidth=2.2, zorder=2)
    ax.plot([value.figure], [y], marker, color=colour, markersize=6, zorder=3)
    ax.annotate(format_number(value.figure, 1, sign=True), (1.0, y), xytext=(12, 0), va="center",
                xycoords=("axes fraction", "data"), textcoords="offset points",
                color=colour)  # fmt: skip


def levers(study: Study) -> Figure:
    """Victims per 100 plans against the dose of each lever, on one scale."""
    curves = {
        measure: [
            [_at(study, measure, lever.arm(dose)) for dose, _ in lever.doses] for lever in LEVERS
        ]
        for measure in _HURT
    }
    most = max(value.high for values in curves["per 100 plans"] for value in values)
    usual = _at(study, "per 100 plans", USUAL).figure
    figure, _, _, _, top = new_frame(
        40 + ceil(len(LEVERS) / _COLUMNS) * (_PANEL_PX + _BETWEEN_PX),
        (
            "Dose and response: victims per 100 plans under each lever alone",
            f"Everything else as in the baseline at the {USUAL} level; dashed: its figure",
        ),
        _READ.format(study.years) + "All panels share one scale, from nothing on.",
        1180,
    )
    wide = (figure.bbox.width - 2 * MARGIN) / _COLUMNS
    for place, lever in enumerate(LEVERS):
        line, column = divmod(place, _COLUMNS)
        left, high = MARGIN + column * wide, top - 48 - line * (_PANEL_PX + _BETWEEN_PX)
        ax = add_panel(figure, left + 34, high - _PANEL_PX, left + wide - 14, high)
        ax.axhline(usual, color=style.GREY, linestyle=(0, (4, 3)), linewidth=1.0)
        for measure, values in curves.items():
            _curve(ax, lever, measure, values[place])
        ax.set_ylim(0.0, 1.04 * most)
        round_ticks(ax.yaxis)
        if place == 0:
            corner = (MARGIN + 34) / figure.bbox.width, (top - 6) / figure.bbox.height
            figure.legend(*ax.get_legend_handles_labels(), loc="upper left", ncols=2,
                          bbox_to_anchor=corner)  # fmt: skip
    return figure


def _curve(ax: Axes, lever: Lever, measure: str, values: Sequence[Found]) -> None:
    at = [dose for dose, _ in lever.doses]
    if 0.0 < 8.0 * at[0] <= at[-1]:
        _doubling(ax)
    label, colour, marker = _HURT[measure]
    ax.plot(at, [v.figure for v in values], color=colour, marker=marker, markersize=4.5,
            label=label)  # fmt: skip
    lows, highs = [value.low for value in values], [value.high for value in values]
    ax.vlines(at, lows, highs, color=colour, linewidth=1.4)
    ax.set_xticks(at, [f"{dose:g}" for dose in at])
    ax.margins(x=0.08)
    ax.set_title(lever.name, loc="left", fontsize=9.5, fontweight="bold", pad=5)
    ax.set_xlabel(lever.label, fontsize=8)


def _at(study: Study, measure: str, arm: str) -> Found:
    return found(MEASURES[measure](study, arm))


def seen(study: Study) -> Figure:
    """Shares known, met and dropped, by level and by sorties."""
    figure, _, foot, _, top = new_frame(
        360,
        (
            "Parties known and met, and plans dropped, by level and by sorties",
            "Shares of parties that crossed, and of plans considered",
        ),
        _READ.format(study.years),
        980,
    )
    width = figure.bbox.width
    foot += AXIS_PX + 6
    by_level = add_panel(figure, MARGIN + 46, foot, width / 2 - 20, top - 46)
    _shares(study, by_level, range(len(LEVELS)), LEVELS)
    by_level.set_xticks(range(len(LEVELS)), LEVELS)
    by_level.set_xlim(-0.4, len(LEVELS) - 0.6)
    by_level.set_xlabel("alert level, held for the year")
    by_sorties = add_panel(figure, width / 2 + 46, foot, width - MARGIN, top - 46)
    sorties = next(lever for lever in LEVERS if lever.name == "sorties")
    doses = [dose for dose, _ in sorties.doses]
    _doubling(by_sorties)
    _shares(study, by_sorties, doses, [sorties.arm(dose) for dose in doses])
    by_sorties.set_xticks(doses, [f"{dose:g}" for dose in doses])
    by_sorties.set_xlim(doses[0] / 1.3, doses[-1] * 1.3)
    by_sorties.set_xlabel(f"{sorties.label}, at the {USUAL} level")
    corner = (MARGIN + 46) / width, (top - 8) / figure.bbox.height
    handles, labels = by_level.get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper left", ncols=3, bbox_to_anchor=corner)
    return figure


def _doubling(ax: Axes) -> None:
    """Use a logarithmic axis to base 2."""
    ax.set_xscale("log", base=2)
    ax.minorticks_off()


def _shares(study: Study, ax: Axes, at: Sequence[float], arms: Sequence[str]) -> None:
    for place, (measure, (label, colour, marker)) in enumerate(SEEN.items()):
        values = [_at(study, measure, arm) for arm in arms]
        middles = [value.figure for value in values]
        beside = ax.transData + ScaledTranslation(
            (place - 1) * 0.05, 0, figure_of(ax).dpi_scale_trans
        )
        ax.plot(at, middles, color=colour, marker=marker, markersize=5, label=label,
                transform=beside)  # fmt: skip
        lows, highs = [value.low for value in values], [value.high for value in values]
        ax.vlines(at, lows, highs, color=colour, linewidth=1.4, transform=beside)
    ax.set_ylim(0.0, 1.0)
    ax.grid(axis="y", color=style.FAINT, linewidth=0.5, alpha=0.6)


def fates(study: Study) -> Figure:
    """Killed per party by how it was met: the value of interception."""
    figure, _, foot, _, top = new_frame(
        220,
        (
            "What meeting a party is worth",
            f"Killed per party that crossed, at the {USUAL} level",
        ),
        _READ.format(study.years) + "Guards are among the victims.",
        980,
    )
    ax = add_panel(figure, MARGIN + 190, foot + AXIS_PX, figure.bbox.width - MARGIN - 20, top - 26)
    for line, (kind, (colour, marker)) in enumerate(_KILLED.items()):
        for place, fate in enumerate(FATES):
            value, y = found(_per_party(study, kind, fate)), place + 0.22 * (line - 1)
            label = f"{kind} killed" if place == 0 else None
            ax.plot([value.low, value.high], [y, y], color=colour, linewidth=2.2)
            ax.plot([value.figure], [y], marker, color=colour, markersize=6, label=label)
    ax.set_yticks(range(len(FATES)), [_fate(study, fate) for fate in FATES])
    ax.set_ylim(len(FATES) - 0.5, -0.5)
    ax.set_xlim(0.0)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("killed per party")
    ax.grid(axis="x", color=style.FAINT, linewidth=0.5, alpha=0.6)
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.01), ncols=3)
    return figure


def _per_party(study: Study, kind: str, fate: str) -> Floats:
    return over(study.of(USUAL, f"{kind} {fate}"), study.of(USUAL, f"parties {fate}"))


def _fate(study: Study, fate: str) -> str:
    share = over(study.of(USUAL, f"parties {fate}"), study.of(USUAL, "parties"))[0]
    return f"{FATES[fate]}\n({100.0 * share:.0f} % of parties)"
