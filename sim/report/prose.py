"""Figures and names in the sentences and tables of a report."""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from sim.comparison.digits import per_cent as whole_per_cent
from sim.comparison.digits import short
from sim.report.wording import MINUS, Terms, listed

DASH: Final = "–"
"""Where nothing can be said."""

MOST: Final = 8
"""So many names stand in a sentence; of more the rest are counted."""

_MINUS: Final = re.compile(r"(?<![\w.])-(?=\d)")
_QUOTED: Final = re.compile(r"""("[^"]*"|'[^']*'|[^\s'"]+)""")


def figure(value: object, factor: float = 1.0) -> str:
    """A number in short with a real minus, a dash where there is none."""
    if not isinstance(value, int | float):
        return DASH
    return short(factor * value).replace("-", MINUS)


def share(value: object) -> str:
    """A share in whole per cent."""
    return whole_per_cent(float(value)) if isinstance(value, int | float) else DASH


def span(low: object, high: object, factor: float = 1.0) -> str:
    """``0.30 to 0.80``; empty where an end is missing."""
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return ""
    return f"{figure(low, factor)} to {figure(high, factor)}"


def minus(sentence: str) -> str:
    """A sentence with real minus signs before its numbers."""
    return _MINUS.sub(MINUS, sentence)


def labelled(sentence: str, names: Iterable[str], terms: Terms) -> str:
    """A sentence with what a reader calls the scenarios in place of their names."""
    known = {name: terms.label(name) for name in names}
    whole = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return re.sub(rf"(?<![\w-])({whole})(?![\w-])", lambda found: known[found[0]], sentence)


def several(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and 4 more``."""
    shown = list(names[:MOST])
    if len(names) > MOST:
        shown.append(f"{len(names) - MOST} more")
    return listed(shown)


def without_paths(command: object) -> str:
    """A command without what belongs to one machine: of an absolute path only its name stays.

    Addresses of clusters lose their host.
    """
    return _QUOTED.sub(lambda word: _bare(word[0]), str(command)) if command else ""


def _bare(word: str) -> str:
    quote = word[0] if word[:1] in ("'", '"') else ""
    body = word.strip(quote) if quote else word
    option, equals, value = body.partition("=")
    if not equals or not option.startswith("-"):
        option, equals, value = "", "", body
    if "://" in value:
        value = f"{value.partition('://')[0]}://…"
    elif value.startswith("~") or PurePosixPath(value).is_absolute():
        value = f"…/{PurePosixPath(value).name}"
    elif PureWindowsPath(value).drive or value.startswith("\\"):
        value = f"…/{PureWindowsPath(value).name}"
    return f"{quote}{option}{equals}{value}{quote}"
