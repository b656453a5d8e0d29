"""A TOML file of tables, each read by a model: targets and priors are such files.

What is wrong is told all at once, with file, line, key, value and remedy.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sim.csv_table import Faults
from sim.errors import Problem, ScenarioError, SeedTableError
from sim.scenario.catalogue import display
from sim.scenario.read import read
from sim.toml_lines import dotted, line_of
from sim.validation import HEADER, SEEN, problems

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), SEEN]
Positive = Annotated[float, Field(gt=0.0)]
NotNegative = Annotated[float, Field(ge=0.0)]


class Entry(BaseModel):
    """One table of a file; of its fields the one with the alias ``HEADER`` is its header."""

    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)


class EntryFile:
    """One file: its tables by header, and the problems found in them so far."""

    def __init__(
        self, path: Path, lines: dict[str, int], tables: dict[str, Mapping[str, object]]
    ) -> None:
        self.path, self.lines, self.tables = path, lines, tables
        self._faults = Faults(Path(display(path)))

    def entry[E: Entry](self, header: str, model: type[E], context: object = None) -> E | None:
        """The table under ``header`` as ``model`` reads it; ``None`` after a problem."""
        values = {**self.tables[header], HEADER: header}
        try:
            return model.model_validate(values, context=context)
        except ValidationError as error:
            for told in problems(error, model):
                key = header if told.key is None else f"{header}.{told.key}"
                self.tell(key, told.value, told.reason, told.remedy)
            return None

    def tell(self, key: str, value: object, reason: str, remedy: str) -> None:
        """Add a problem at the line of ``key``."""
        self._faults.tell(line_of(self.lines, key), key, value, reason, remedy)

    def check(self) -> None:
        """Raise every problem found, in the order of the lines."""
        self._faults.check()


def open_entries(path: Path, holds: str) -> EntryFile:
    """Read a TOML file of entries; ``holds`` says what they are, for the person who must mend it.

    Raises ``SeedTableError`` when the file cannot be read, is not TOML or says nothing.
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
    file = EntryFile(path, table.lines, dict(_tables(table.values, ())))
    for key, value in table.values.items():
        if not isinstance(value, dict):
            remedy = f"Put it below the header of {holds}."
            file.tell(key, value, "stands outside any table", remedy)
    return file


def _tables(
    values: Mapping[str, Any], above: tuple[str, ...]
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every table that holds a value, by its dotted header."""
    for key, value in values.items():
        if isinstance(value, dict):
            if value and all(isinstance(inner, dict) for inner in value.values()):
                yield from _tables(value, (*above, key))
            else:
                yield dotted((*above, key)), value
