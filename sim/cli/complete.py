"""What TAB offers: scenarios, parameters, outcomes and stores, without importing what computes.

``docs/completion.md`` says how a shell is told to ask. A mistake on the way offers nothing:
nobody wants an error message in the middle of a line that is being typed.
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

STORE_MARK: Final = "store.sqlite"
"""As ``sim.runs.catalogue.NAME``, which is too slow to be asked."""

_MOST: Final = 200
"""Folders that are looked into for stores."""


def _offered(find: Callable[[str], Items]) -> Completer:
    """A way to find what a text may become, as click asks for it."""

    @wraps(find)
    def complete(context: Context, parameter: Parameter, typed: str) -> Items:
        try:
            return find(typed)
        except (PanjError, OSError, ValueError):
            return []

    return complete


def _named(words: Mapping[str, str], typed: str, *, before: str = "", after: str = "") -> Items:
    """Those names that begin as typed, with what they mean."""
    return [
        CompletionItem(f"{before}{name}{after}", help=words[name] or None)
        for name in words
        if name.startswith(typed)
    ]


def _titles() -> dict[str, str]:
    """The shipped scenarios and their titles, read no further than that."""
    import tomllib

    from sim.scenario.catalogue import SUFFIX, names, shipped

    folder = shipped()
    read = {name: (folder / f"{name}{SUFFIX}").read_text("utf-8") for name in names()}
    return {name: str(tomllib.loads(text).get("title", "")) for name, text in read.items()}


def _labels() -> dict[str, str]:
    from sim.measures.registry import known

    return {name: outcome.label for name, outcome in known().items()}


@_offered
def scenarios(typed: str) -> Items:
    """The shipped ones by name; else files."""
    return _named(_titles(), typed) or [CompletionItem(typed, type="file")]


@_offered
def scenario_list(typed: str) -> Items:
    """Names between commas."""
    begun, comma, last = typed.rpartition(",")
    return _named(_titles(), last, before=begun + comma)


@_offered
def settings(typed: str) -> Items:
    """A parameter, then what it may be."""
    from sim.scenario.parameters import LABELS, parameters

    key, equals, value = typed.partition("=")
    if not equals:
        known = {name: found.doc for name, found in parameters().items()}
        return _named(known, typed, after="=")
    found = parameters().get(key)
    if found is None or key in LABELS:
        return []
    words = ("true", "false") if found.kind == "flag" else found.choices
    return _named(dict.fromkeys(words, ""), value, before=f"{key}=")


@_offered
def outcomes(typed: str) -> Items:
    """Outcomes, between commas where several are meant."""
    begun, comma, last = typed.rpartition(",")
    return _named(_labels(), last, before=begun + comma)


@_offered
def measured(typed: str) -> Items:
    """An outcome before a colon and a number."""
    return [] if ":" in typed else _named(_labels(), typed, after=":")


@_offered
def stores(typed: str) -> Items:
    """Folders that hold a store, here or one below; else folders."""
    above, slash, begun = typed.rpartition("/")
    found = []
    for place in _folders(Path(f"{above}/" if slash else "."), begun):
        inner = [place] if _is_store(place) else filter(_is_store, _folders(place, ""))
        found += [f"./{each}" if typed.startswith("./") else str(each) for each in inner]
    return [CompletionItem(each) for each in sorted(found)] or [CompletionItem(typed, type="dir")]


def _folders(place: Path, begun: str) -> Iterable[Path]:
    with os.scandir(place) as there:
        names = [e.name for e in there if e.name.startswith(begun) and e.is_dir()]
    return [place / name for name in names if begun or not name.startswith(".")][:_MOST]


def _is_store(place: Path) -> bool:
    return (place / STORE_MARK).is_file()


class Bash(BashComplete):
    """As click has it; and ``KEY=`` is one word, after which no blank is put.

    Bash takes the sign of equality for a word of its own, and wants back what comes after it.
    """

    name = "bash"
    source_template = BashComplete.source_template.replace(
        "    return 0\n",
        '    [[ "${COMPREPLY[*]}" == *[=:] ]] && compopt -o nospace 2> /dev/null\n    return 0\n',
    )

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before, and the one that is being typed."""
        words, typed = super().get_completion_args()
        self._beyond = False
        if typed == "=" and words:
            words, typed, self._beyond = words[:-1], f"{words[-1]}=", True
        elif len(words) > 1 and words[-1] == "=":
            words, typed, self._beyond = words[:-2], f"{words[-2]}={typed}", True
        return words, typed

    def format_completion(self, item: CompletionItem[str]) -> str:
        """What is put in the place of the word at the cursor."""
        value = item.value.partition("=")[2] if self._beyond else item.value
        return f"{item.type},{value}"


add_completion_class(Bash)
