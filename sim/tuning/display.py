"""The display of a tuning: sliders in a notebook that has them, and a table anywhere."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from sim.comparison.number_format import short, with_interval
from sim.notebook_card import card

if TYPE_CHECKING:
    from sim.tuning.answer_cache import Answer, Row
    from sim.tuning.session import Tuning

_REMEDY: Final = "Sliders need anywidget: pip install 'panj[notebook]'."


def mime_bundle(tuning: Tuning, options: dict[str, Any]) -> dict[str, Any]:
    """Return the display for a notebook: the widget, and a table where it cannot run."""
    answer = tuning.answer()
    table = {"text/html": _html_table(tuning, answer, ()), "text/plain": as_text(tuning, answer)}
    try:
        from sim.tuning.view import View
    except ImportError:
        return {**table, "text/html": _html_table(tuning, answer, (_REMEDY,))}
    shown = View(tuning)._repr_mimebundle_(**options)
    widget = shown[0] if isinstance(shown, tuple) else shown
    return {**(widget or {}), **table}


def progress_text(answer: Answer, coverage: float | None) -> str:
    """Say how many years are simulated, and what gives the rest."""
    years = f"{answer.done} of {answer.wanted} years simulated"
    if answer.strange:
        what = " and ".join(answer.strange[:2]) + (" and more" if len(answer.strange) > 2 else "")
        if answer.strange == ("no emulator",):
            return f"{years}; only they give figures, for there is no emulator."
        return f"{years}; only they give figures, for the emulator does not know {what}."
    if answer.done == answer.wanted:
        return f"All {answer.wanted} years simulated."
    held = "" if coverage is None else f" Its 90 % intervals hold {coverage:.0%} of new years."
    return f"{years}; the emulator gives the rest.{held}"


def distance_text(answer: Answer) -> str:
    """Write both distances in a sentence."""
    if answer.distance is None:
        return "Distance: not known yet."
    rest = "" if answer.held_out is None else f"; for figures not fitted {answer.held_out:.2f}"
    return f"Distance {answer.distance:.2f}{rest}."


def mean_text(row: Row) -> str:
    """Write a mean with its error, in the digits that matter."""
    return f"{short(row.mean)} ± {short(row.error)}" if isfinite(row.mean) else "–"


def as_text(tuning: Tuning, answer: Answer) -> str:
    """Write the tuning in one line."""
    moved = ", ".join(f"{key} = {value}" for key, value in tuning.moved.items()) or "nothing moved"
    return f"Tuning of {tuning.base.name}: {moved}. {distance_text(answer)}"


def reported_text(row: Row) -> str:
    """Write what was reported, in short digits."""
    each = []
    for one in row.reported.intervals:
        if one.exact:
            each.append(_number(one.low))
        elif not isfinite(one.high):
            each.append(f"≥ {_number(one.low)}")
        elif one.low == 0.0:
            each.append(f"≤ {_number(one.high)}")
        else:
            each.append(f"{_number(one.low)} to {_number(one.high)}")
    return " or ".join(each)


def _number(value: float) -> str:
    """Write a reported number; whole numbers in full."""
    return f"{value:,.0f}" if value == round(value) else short(value)


def _html_table(tuning: Tuning, answer: Answer, more: tuple[str, ...]) -> str:
    surrogate = tuning.evidence.surrogate
    moved = [f"{key} = {value}" for key, value in tuning.moved.items()]
    lines = [
        f"Moved: {', '.join(moved) or 'nothing'}.",
        distance_text(answer),
        progress_text(answer, None if surrogate is None else surrogate.coverage),
        *more,
    ]
    rows = [
        (
            row.reported.label + (" (not fitted)" if row.reported.held_out else ""),
            row.reported.period,
            reported_text(row),
            with_interval(row.mean, row.low, row.high) if isfinite(row.mean) else "–",
            short(row.scales) if isfinite(row.scales) else "–",
        )
        for row in answer.rows
    ]
    heads = ("", "of", "reported", "years of the model (90 %)", "off by")
    title = f"Tuning of {tuning.base.name} to {', '.join(map(str, tuning.years))}"
    return card(title, lines, heads, rows, (0, 1))
