"""How a tuning shows itself: as sliders where a notebook has them, and as a table anywhere."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from sim.comparison.number_format import short, with_interval
from sim.notebook_card import card

if TYPE_CHECKING:
    from sim.tuning.answer_cache import Answer, Row
    from sim.tuning.session import Tuning

_REMEDY: Final = "Sliders need anywidget: pip install 'panj[notebook]'."


def bundle(tuning: Tuning, options: dict[str, Any]) -> dict[str, Any]:
    """What a notebook is handed: the widget, and the table for a page that cannot run one."""
    answer = tuning.answer()
    table = {"text/html": _table(tuning, answer, ()), "text/plain": as_text(tuning, answer)}
    try:
        from sim.tuning.view import View
    except ImportError:
        return {**table, "text/html": _table(tuning, answer, (_REMEDY,))}
    found = View(tuning)._repr_mimebundle_(**options)
    widget = found[0] if isinstance(found, tuple) else found
    return {**(widget or {}), **table}


def standing(answer: Answer, coverage: float | None) -> str:
    """Who answered, in a sentence."""
    years = f"{answer.done} of {answer.wanted} years simulated"
    if answer.strange:
        what = " and ".join(answer.strange[:2]) + (" and more" if len(answer.strange) > 2 else "")
        if answer.strange == ("no emulator",):
            return f"{years}; there is no emulator, so only they answer."
        return f"{years}; only they answer, for the emulator does not know {what}."
    if answer.done == answer.wanted:
        return f"All {answer.wanted} years simulated."
    held = "" if coverage is None else f", whose 90 % intervals hold {coverage:.0%} of years unseen"
    return f"{years}; the emulator answers for the rest{held}."


def distances(answer: Answer) -> str:
    """Both distances in words."""
    if answer.distance is None:
        return "Distance: not known yet."
    apart = "" if answer.held_out is None else f"; of what is not fitted {answer.held_out:.2f}"
    return f"Distance {answer.distance:.2f}{apart}."


def figure(row: Row) -> str:
    """A mean with its error, in the digits that matter."""
    return f"{short(row.mean)} ± {short(row.error)}" if isfinite(row.mean) else "–"


def as_text(tuning: Tuning, answer: Answer) -> str:
    """In one line."""
    moved = ", ".join(f"{key} = {value}" for key, value in tuning.moved.items()) or "nothing moved"
    return f"Tuning of {tuning.base.name}: {moved}. {distances(answer)}"


def told(row: Row) -> str:
    """What was reported, in short digits."""
    each = []
    for one in row.reported.intervals:
        if one.exact:
            each.append(_given(one.low))
        elif not isfinite(one.high):
            each.append(f"≥ {_given(one.low)}")
        elif one.low == 0.0:
            each.append(f"≤ {_given(one.high)}")
        else:
            each.append(f"{_given(one.low)} to {_given(one.high)}")
    return " or ".join(each)


def _given(value: float) -> str:
    """A reported number: whole ones as they are."""
    return f"{value:,.0f}" if value == round(value) else short(value)


def _table(tuning: Tuning, answer: Answer, more: tuple[str, ...]) -> str:
    surrogate = tuning.evidence.surrogate
    moved = [f"{key} = {value}" for key, value in tuning.moved.items()]
    lines = [
        f"Moved: {', '.join(moved) or 'nothing'}.",
        distances(answer),
        standing(answer, None if surrogate is None else surrogate.coverage),
        *more,
    ]
    rows = [
        (
            row.reported.label + (" (not fitted)" if row.reported.held_out else ""),
            row.reported.period,
            told(row),
            with_interval(row.mean, row.low, row.high) if isfinite(row.mean) else "–",
            short(row.scales) if isfinite(row.scales) else "–",
        )
        for row in answer.rows
    ]
    heads = ("", "of", "reported", "years of the model (90 %)", "off by")
    title = f"Tuning of {tuning.base.name} to {', '.join(map(str, tuning.years))}"
    return card(title, lines, heads, rows, (0, 1))
