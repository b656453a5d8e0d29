"""Shell completion of scenarios, parameters, outcomes and stores, without heavy imports.

``docs/completion.md`` says how to switch it on. An error offers nothing: a message would break
into the line that the user is typing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Final

from click import Context, Parameter
from click.shell_completion import BashComplete, CompletionItem, add_completion_class

from sim.errors import PanjError

type Items = list[CompletionItem[str]]
type Completer = Callable[[Context, Parameter, str], Items]

STORE_FILE: Final = "store.sqlite"
"""The same as ``sim.runs.catalogue.NAME``, whose import takes too long."""

_MOST: Final = 200
"""Greatest number of folders searched for stores."""


def _completer(find: Callable[[str], Items]) -> Completer:
    """Turn a function of the text typed so far into a completer of click."""

    @wraps(find)
    def complete(context: Context, parameter: Parameter, typed: str) -> Items:
        try:
            return find(typed)
        except (PanjError, OSError, ValueError):
            return []

    return complete


def _matching(words: Mapping[str, str], typed: str, *, before: str = "", after: str = "") -> Items:
    """Return the names that begin as typed, each with its meaning."""
    return [
        CompletionItem(f"{before}{name}{after}", help=words[name] or None)
        for name in words
        if name.startswith(typed)
    ]


def _titles() -> dict[str, str]:
    """Return the titles of the shipped scenarios, by name."""
    import tomllib

    from sim.scenario.catalogue import SUFFIX, names, shipped

    folder = shipped()
    read = {name: (folder / f"{name}{SUFFIX}").read_text("utf-8") for name in names()}
    return {name: str(tomllib.loads(text).get("title", "")) for name, text in read.items()}


def _labels() -> dict[str, str]:
    from sim.measures.registry import known

    return {name: outcome.label for name, outcome in known().items()}


@_completer
def scenarios(typed: str) -> Items:
    """Offer the shipped scenarios by name, or else files."""
    return _matching(_titles(), typed) or [CompletionItem(typed, type="file")]


@_completer
def scenario_list(typed: str) -> Items:
    """Offer scenarios in a list with commas."""
    begin, comma, last = typed.rpartition(",")
    return _matching(_titles(), last, before=begin + comma)


@_completer
def settings(typed: str) -> Items:
    """Offer a parameter, then its choices."""
    from sim.scenario.parameters import LABELS, parameters

    key, equals, value = typed.partition("=")
    if not equals:
        meanings = {name: parameter.doc for name, parameter in parameters().items()}
        return _matching(meanings, typed, after="=")
    parameter = parameters().get(key)
    if parameter is None or key in LABELS:
        return []
    words = ("true", "false") if parameter.kind == "flag" else parameter.choices
    return _matching(dict.fromkeys(words, ""), value, before=f"{key}=")


@_completer
def outcomes(typed: str) -> Items:
    """Offer outcomes, also in a list with commas."""
    begin, comma, last = typed.rpartition(",")
    return _matching(_labels(), last, before=begin + comma)


@_completer
def outcome_values(typed: str) -> Items:
    """Offer an outcome with a colon, after which a number follows."""
    return [] if ":" in typed else _matching(_labels(), typed, after=":")


@_completer
def stores(typed: str) -> Items:
    """Offer stores in the folder typed so far and one level below, or else folders."""
    above, slash, begin = typed.rpartition("/")
    paths = []
    for folder in _folders(Path(f"{above}/" if slash else "."), begin):
        inner = [folder] if _is_store(folder) else filter(_is_store, _folders(folder, ""))
        paths += [f"./{path}" if typed.startswith("./") else str(path) for path in inner]
    return [CompletionItem(path) for path in sorted(paths)] or [CompletionItem(typed, type="dir")]


def _folders(place: Path, begin: str) -> Iterable[Path]:
    with os.scandir(place) as entries:
        names = [e.name for e in entries if e.name.startswith(begin) and e.is_dir()]
    return [place / name for name in names if begin or not name.startswith(".")][:_MOST]


def _is_store(folder: Path) -> bool:
    return (folder / STORE_FILE).is_file()


class Bash(BashComplete):
    """Completion of click for bash, in which ``KEY=`` is one word without a space after it.

    Bash takes the equals sign for a word of its own, and expects only what follows it.
    """

    name = "bash"
    source_template = BashComplete.source_template.replace(
        "    return 0\n",
        '    [[ "${COMPREPLY[*]}" == *[=:] ]] && compopt -o nospace 2> /dev/null\n    return 0\n',
    )

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor, and the word that is being typed."""
        words, typed = super().get_completion_args()
        self._after_equals = False
        if typed == "=" and words:
            words, typed, self._after_equals = words[:-1], f"{words[-1]}=", True
        elif len(words) > 1 and words[-1] == "=":
            words, typed, self._after_equals = words[:-2], f"{words[-2]}={typed}", True
        return words, typed

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return the text that replaces the word at the cursor."""
        value = item.value.partition("=")[2] if self._after_equals else item.value
        return f"{item.type},{value}"


add_completion_class(Bash)
