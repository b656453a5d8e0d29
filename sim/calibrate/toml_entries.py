"""A TOML file of tables, each validated by a model: targets, priors and reading rules.

All problems are reported at once, with file, line, key, value and remedy.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sim.csv_table import TableProblems
from sim.errors import Problem, ScenarioError, SeedTableError
from sim.incidents.seeds import seeds_folder
from sim.scenario.catalogue import display
from sim.scenario.read import read
from sim.toml_lines import dotted, line_of
from sim.validation import HEADER, VISIBLE, problems

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), VISIBLE]
Positive = Annotated[float, Field(gt=0.0)]
NotNegative = Annotated[float, Field(ge=0.0)]


class Entry(BaseModel):
    """One table of a file; the field with the alias ``HEADER`` is its header."""

    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)


class EntryFile:
    """One file: its tables by header, and the problems found so far."""

    def __init__(
        self, path: Path, lines: dict[str, int], tables: dict[str, Mapping[str, object]]
    ) -> None:
        self.path, self.lines, self.tables = path, lines, tables
        self._faults = TableProblems(Path(display(path)))

    def entry[E: Entry](self, header: str, model: type[E], context: object = None) -> E | None:
        """Validate the table under ``header`` with ``model``; ``None`` after a problem."""
        values = {**self.tables[header], HEADER: header}
        try:
            return model.model_validate(values, context=context)
        except ValidationError as error:
            for problem in problems(error, model):
                key = header if problem.key is None else f"{header}.{problem.key}"
                self.add_problem(key, problem.value, problem.reason, problem.remedy)
            return None

    def add_problem(self, key: str, value: object, reason: str, remedy: str) -> None:
        """Add a problem at the line of ``key``."""
        self._faults.add(line_of(self.lines, key), key, value, reason, remedy)

    def check(self) -> None:
        """Raise every problem found, in the order of the lines."""
        self._faults.check()


def open_entries(path: Path, holds: str) -> EntryFile:
    """Read a TOML file of entries; ``holds`` describes them in error messages.

    Raise ``SeedTableError`` where the file cannot be read, is not TOML or is empty.
    """
    try:
        table = read(path)
    except ScenarioError as error:
        # The scenario's reader does not know what this file is for.
        remedy = f"Give the path of a folder with {path.name}, a TOML file of {holds}."
        raise SeedTableError.of(
            Problem(p.reason, p.path, p.line, p.key, p.value, p.remedy if p.line else remedy)
            for p in error.problems
        ) from None
    file = EntryFile(path, table.lines, dict(_tables(table.values, ())))
    for key, value in table.values.items():
        if not isinstance(value, dict):
            remedy = f"Put it below the header of {holds}."
            file.add_problem(key, value, "is outside any table", remedy)
    return file


def _tables(
    values: Mapping[str, Any], above: tuple[str, ...]
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield every table that holds a value, with its dotted header."""
    for key, value in values.items():
        if isinstance(value, dict):
            if value and all(isinstance(inner, dict) for inner in value.values()):
                yield from _tables(value, (*above, key))
            else:
                yield dotted((*above, key)), value


def file_in(folder: str | Path | None, name: str) -> Path:
    """Return the path of a file in a user's folder, or of the shipped one if the folder lacks it.

    Raise ``SeedTableError`` for a path that is not a folder, or a folder without any such file.
    """
    if folder is None:
        return seeds_folder() / name
    if not Path(folder).is_dir():
        raise SeedTableError(
            "is not a folder",
            path=folder,
            remedy="Give a folder with targets.toml, priors.toml or both.",
        )
    known = sorted(p.name for p in seeds_folder().iterdir() if p.suffix in (".csv", ".toml"))
    if not any((Path(folder) / each).exists() for each in known):
        raise SeedTableError(
            "has none of the expected files",
            path=folder,
            remedy=f"Give a folder with one or more of {', '.join(known)}.",
        )
    path = Path(folder) / name
    return path if path.exists() else seeds_folder() / name
