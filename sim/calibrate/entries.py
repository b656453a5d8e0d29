"""Tables of a TOML file as entries: each value is asked for once, every problem is kept.

Targets and priors are both files of such entries. What is wrong is told all at once, with file,
line, key, value and remedy.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

from sim.errors import Problem, ScenarioError, SeedTableError
from sim.registry import near
from sim.scenario.catalogue import display
from sim.scenario.lines import dotted, line_of
from sim.scenario.read import read


@dataclass(eq=False)
class Entry:
    """One table of a file. What is asked for and is missing or wrong becomes a problem."""

    name: str
    values: Mapping[str, object]
    file: "EntryFile"
    asked: set[str] = field(default_factory=set)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def number(self, key: str, *, above: float | None = None, remedy: str = "") -> float | None:
        """A finite number, greater than ``above`` if that is given; ``None`` after a problem."""
        value = self._value(key, "Give a number.")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(key, "is no number", remedy or "Write a number in digits.")
            return None
        if not isfinite(value):
            self.refuse(key, "is not a finite number", remedy or "Give a finite number.")
            return None
        if above is not None and value <= above:
            self.refuse(key, f"is not above {above:g}", remedy or f"Give more than {above:g}.")
            return None
        return float(value)

    def text(self, key: str, remedy: str) -> str | None:
        """A text that says something; ``None`` after a problem."""
        value = self._value(key, remedy)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, "is no text", remedy)
            return None
        return value.strip()

    def choice(self, key: str, allowed: Sequence[str]) -> str | None:
        """One of the words ``allowed``; ``None`` after a problem."""
        remedy = f"Choose one of {', '.join(allowed)}."
        value = self.text(key, remedy)
        if value is None or value in allowed:
            return value
        self.refuse(key, "is not known here", f"{near(value, allowed)} {remedy}".strip())
        return None

    def texts(self, key: str, remedy: str) -> tuple[str, ...]:
        """A list of texts; empty after a problem."""
        value = self._value(key, remedy)
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            return tuple(value)
        if value is not None:
            self.refuse(key, "is no list of texts", remedy)
        return ()

    def refuse(self, key: str | None, reason: str, remedy: str) -> None:
        """Add a problem with a key of this entry, or with the entry as a whole."""
        value = self.values.get(key) if key else None
        path = dotted((key,)) if key else ""
        self.file.tell(f"{self.name}.{path}" if path else self.name, value, reason, remedy)

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Add a problem for every key that nobody asked for."""
        for key in self.values:
            if key not in self.asked:
                remedy = near(key, known) or f"It may say {', '.join(known)}."
                self.refuse(key, "says nothing here", remedy)

    def _value(self, key: str, remedy: str) -> object:
        self.asked.add(key)
        if key not in self.values:
            self.refuse(key, "is missing", remedy)
        return self.values.get(key)


@dataclass(eq=False)
class EntryFile:
    """One file, read: its entries, and the problems found in them so far."""

    path: Path
    values: Mapping[str, object]
    lines: dict[str, int]
    problems: list[Problem] = field(default_factory=list)

    def entries(self) -> list[Entry]:
        """Every table that holds a value, named by its dotted header."""
        return [Entry(dotted(name), table, self) for name, table in _tables(self.values, ())]

    def tell(self, key: str, value: object, reason: str, remedy: str) -> None:
        """Add a problem at the line of ``key``."""
        line = line_of(self.lines, key)
        self.problems.append(Problem(reason, display(self.path), line, key, value, remedy))

    def check(self) -> None:
        """Raise every problem found, in the order of the lines."""
        if self.problems:
            self.problems.sort(key=lambda problem: problem.line or 0)
            raise SeedTableError.of(self.problems)


def open_entries(path: Path, holds: str) -> EntryFile:
    """Read a TOML file of entries; ``holds`` says what they are, for whoever must mend it.

    Raises ``SeedTableError`` when the file cannot be read, is no TOML or says nothing.
    """
    try:
        table = read(path)
    except ScenarioError as error:
        # The scenario's reader knows what is wrong with a text, but not what this one is for.
        remedy = f"Give the path of a folder with {path.name}, a TOML file of {holds}."
        raise SeedTableError.of(
            Problem(p.reason, p.path, p.line, p.key, p.value, p.remedy if p.line else remedy)
            for p in error.problems
        ) from None
    file = EntryFile(path, table.values, table.lines)
    for key, value in table.values.items():
        if not isinstance(value, dict):
            file.tell(
                key, value, "stands outside any table", f"Put it below the header of {holds}."
            )
    return file


def _tables(
    values: Mapping[str, object], above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Mapping[str, object]]]:
    for key, value in values.items():
        if isinstance(value, dict):
            if value and all(isinstance(inner, dict) for inner in value.values()):
                yield from _tables(value, (*above, key))
            else:
                yield (*above, key), value
