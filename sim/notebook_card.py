"""The display of an object in a notebook: a heading, some lines and a table, as plain HTML."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

_CELL: Final = "padding:0.15em 0.8em 0.15em 0;border:0;vertical-align:top;text-align:"
_COLOURS: Final = {"better": "#0072B2", "worse": "#D55E00"}
"""The colours of verdicts in pictures; people with colour blindness can tell them apart."""


def card(
    title: str,
    lines: Iterable[str] = (),
    heads: Sequence[str] = (),
    rows: Iterable[Sequence[str]] = (),
    left: Sequence[int] = (0,),
) -> str:
    """HTML that needs no style sheet and uses the page's own colours; all text is escaped.

    The columns ``left`` are left-aligned; a cell that ends in "better" or "worse" is coloured.
    """
    parts = [f"<strong>{escape(title)}</strong>", *(f"<div>{escape(line)}</div>" for line in lines)]
    body = [_row("th", heads, left)] if any(heads) else []
    body += [_row("td", row, left) for row in rows]
    if body:
        parts.append(
            '<table style="border-collapse:collapse;font-size:inherit;margin:0.5em 0;'
            f'font-variant-numeric:tabular-nums">{"".join(body)}</table>'
        )
    return f'<div style="max-width:60em;line-height:1.4">{"".join(parts)}</div>'


def _row(tag: str, cells: Sequence[str], left: Sequence[int]) -> str:
    html = (
        f'<{tag} style="{_CELL}{"left" if place in left else "right"}{_colour(cell)}">'
        f"{escape(cell)}</{tag}>"
        for place, cell in enumerate(cells)
    )
    return f'<tr style="background:none">{"".join(html)}</tr>'


def _colour(cell: str) -> str:
    colour = _COLOURS.get(cell.rpartition(" ")[2])
    return f";color:{colour};font-weight:600" if colour else ""
