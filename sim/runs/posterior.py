"""Uncertain parameters as a batch meets them: a list of equally likely draws, dealt in turn.

Replicate r of every scenario gets draw ``r mod K``, so that a policy and its baseline are paired
in the draw as well as in the seed, and any first part of a batch has used all draws alike.

On disk a posterior is a folder of two files that need no program of ours to be read::

    posterior.json    its parameters, what they set, what the data taught, and where it comes from
    draws.parquet     one row a draw, one column a parameter
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self, cast

from sim.errors import StoreError, written_to

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.scenario.spec import Scenario

FORMAT: Final = "panj-posterior/1"
DESCRIPTION: Final = "posterior.json"
DRAWS: Final = "draws.parquet"
SHIPPED: Final = "shipped"


@dataclass(frozen=True)
class Uncertain:
    """A parameter that nobody knows.

    ``keys`` of the scenario are set to its value, or multiplied by it (``how``); ``base`` are
    their values in the scenario that was calibrated. ``contraction`` is the share of the prior
    variance that the data took away (``None`` where no data were used), and ``moved`` tells
    whether they taught anything worth the name.
    """

    name: str
    keys: tuple[str, ...]
    how: Literal["set", "scale"] = "set"
    base: tuple[float, ...] = ()
    unit: str = ""
    contraction: float | None = None
    moved: bool = False

    def values(self, value: float, scenario: Scenario) -> dict[str, float]:
        """What a draw makes of a scenario: a value for each key that the scenario leaves to it.

        A scenario that sets a key to something else than the calibrated one keeps its own: it
        says what would be if that were known. A factor multiplies whatever is there.
        """
        there = {key: _value(scenario, key) for key in self.keys}
        if self.how == "scale":
            return {key: value * own for key, own in there.items()}
        pinned = dict(zip(self.keys, self.base, strict=False))
        return {key: value for key, own in there.items() if own == pinned.get(key, own)}


@dataclass(frozen=True)
class Posterior:
    """Draws of uncertain parameters: rows of values in the order of ``parameters``."""

    parameters: tuple[Uncertain, ...]
    draws: tuple[tuple[float, ...], ...]
    source: str = ""
    made: Mapping[str, object] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not self.draws or not self.parameters:
            raise StoreError("a posterior needs a parameter and a draw", value=self.source)
        if any(len(row) != len(self.parameters) for row in self.draws):
            raise StoreError("every draw needs a value for each parameter", value=self.source)

    @cached_property
    def digest(self) -> str:
        """Stand for everything that changes a run: 32 hexadecimal digits."""
        told = [[p.keys, p.how, p.base] for p in self.parameters]
        text = json.dumps([told, self.draws], allow_nan=False)
        return blake2b(text.encode("ascii"), digest_size=16).hexdigest()

    def first(self, count: int) -> Self:
        """The first so many draws; all where there are no more."""
        return replace(self, draws=self.draws[:count])

    def continues(self, other: Posterior, replicates: int) -> bool:
        """Whether the replicates below a number have the same draws as with another list.

        A list may grow as long as none of its draws has been dealt twice.
        """
        there = len(other.draws)
        longer = replicates <= there <= len(self.draws) and self.draws[:there] == other.draws
        return self.digest == other.digest or (longer and self.parameters == other.parameters)

    def draw_of(self, replicate: int) -> int:
        """The number of the draw that a replicate is run with."""
        return replicate % len(self.draws)

    def apply(self, scenario: Scenario, replicate: int) -> Scenario:
        """The scenario as it is run in a replicate; its name stays.

        Raises :class:`~sim.errors.ScenarioError` where a value is out of a parameter's bounds.
        """
        from sim.scenario.vary import with_overrides

        return with_overrides(scenario, self.sets(scenario, self.draw_of(replicate)))

    def sets(self, scenario: Scenario, draw: int) -> dict[str, float]:
        """What a draw sets in a scenario: a value for each key that the scenario leaves to it."""
        found: dict[str, float] = {}
        for parameter, value in zip(self.parameters, self.draws[draw], strict=True):
            found |= parameter.values(value, scenario)
        return found

    def pinned(self, scenario: Scenario) -> list[str]:
        """Names of the parameters that a scenario sets itself, in whole or in part."""
        return [
            parameter.name
            for parameter in self.parameters
            if len(parameter.values(0.0, scenario)) < len(parameter.keys)
        ]

    # -- on disk --------------------------------------------------------------------------

    def as_data(self) -> dict[str, object]:
        """Everything but the draws, as plain data."""
        return {
            "format": FORMAT,
            "digest": self.digest,
            "source": self.source,
            "parameters": [asdict(parameter) for parameter in self.parameters],
            **self.made,
        }

    def write(self, folder: Path) -> None:
        """Write both files, each whole or not at all. Raises :class:`~sim.errors.OutputError`."""
        from sim.runs.files import put

        with written_to(folder):
            folder.mkdir(parents=True, exist_ok=True)
            put(folder, DRAWS, self.as_parquet())
            put(folder, DESCRIPTION, (json.dumps(self.as_data(), indent=1) + "\n").encode())

    def as_parquet(self) -> bytes:
        """The table of draws as a file."""
        from sim.runs.parts import as_parquet

        return as_parquet(self.table())

    def table(self) -> pa.Table:
        """The draws as a table: ``draw`` and a column for each parameter."""
        import pyarrow as pa

        values = {
            parameter.name: pa.array([row[place] for row in self.draws], pa.float64())
            for place, parameter in enumerate(self.parameters)
        }
        return pa.table({"draw": pa.array(range(len(self.draws)), pa.int64()), **values})

    @classmethod
    def given(cls, table: object, source: str = "given") -> Self:
        """Draws from a table of parameter values: its columns are dotted keys, a row is a draw.

        See :func:`sim.scenario.design.numbers` for what is a table. What a scenario sets itself
        gives way. Raises :class:`~sim.errors.ScenarioError`.
        """
        from sim.scenario.design import numbers

        columns = numbers(table)
        draws = tuple(zip(*columns.values(), strict=True))
        return cls(tuple(Uncertain(key, (key,)) for key in columns), draws, source)

    @classmethod
    def read(cls, folder: str | Path) -> Self:
        """Read a folder that :meth:`write` wrote, or that of a calibration which holds one.

        ``"shipped"`` is the one that comes with Panj.

        Raises :class:`~sim.errors.StoreError` for anything else.
        """
        return _read(cls, shipped_folder() if folder == SHIPPED else within(Path(folder)))

    @classmethod
    def kept(cls, description: Mapping[str, object], held: bytes) -> Self:
        """From what :meth:`as_data` and :meth:`as_parquet` gave; ``ValueError`` and such if not."""
        return _together(cls, description, held)

    @classmethod
    def of(cls, description: Mapping[str, object], draws: Sequence[Sequence[float]]) -> Self:
        """Put together what :meth:`as_data` and the draws say; ``KeyError`` and such if wrong."""
        known = {"format", "digest", "source", "parameters"}
        parameters = tuple(_parameter(entry) for entry in description["parameters"])  # type: ignore[attr-defined]
        made = {key: value for key, value in description.items() if key not in known}
        rows = tuple(tuple(map(float, row)) for row in draws)
        return cls(parameters, rows, str(description["source"]), made)


def within(calibration: Path) -> Path:
    """Where the posterior of a calibration lies: below it, or there."""
    below = calibration / "posterior"
    return below if (below / DESCRIPTION).exists() else calibration


def shipped_folder() -> Path:
    """Where the shipped posterior lies."""
    from sim.incidents.seeds import seeds_folder

    return seeds_folder() / "posterior"


def _value(scenario: Scenario, key: str) -> float:
    """A number of a scenario by its dotted key; a district that is not in its table has 0."""
    found: object = scenario
    try:
        for name in key.split("."):
            found = found.get(name, 0.0) if isinstance(found, Mapping) else getattr(found, name)
        return float(found)  # type: ignore[arg-type]
    except (AttributeError, TypeError, ValueError):
        raise StoreError(
            "a posterior sets this, which is not a number of a scenario", key=key
        ) from None


def _parameter(entry: Mapping[str, object]) -> Uncertain:
    plain = dict(entry)
    for name in ("keys", "base"):
        plain[name] = tuple(plain[name])  # type: ignore[arg-type]
    return Uncertain(**plain)  # type: ignore[arg-type]


def _read[P: Posterior](kind: type[P], folder: Path) -> P:
    try:
        description = json.loads((folder / DESCRIPTION).read_text("utf-8"))
        if description["format"] != FORMAT:
            raise ValueError(f"its format is {description['format']!r}, not {FORMAT!r}")
        return _together(kind, description, (folder / DRAWS).read_bytes())
    except FileNotFoundError as error:
        raise StoreError(
            "there is no posterior", path=folder, remedy="'panj calibrate -o FOLDER' makes one."
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(f"is not a posterior of panj: {error}", path=folder) from error


def _together[P: Posterior](kind: type[P], description: Mapping[str, object], held: bytes) -> P:
    from sim.runs.parts import from_parquet

    table = from_parquet(held)
    entries = cast(list[dict[str, object]], description["parameters"])
    columns = [table.column(str(entry["name"])).to_pylist() for entry in entries]
    found = kind.of(description, list(zip(*columns, strict=True)))
    if found.digest != description["digest"]:
        raise ValueError("the draws are not those it was written with")
    return found
