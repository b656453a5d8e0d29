"""Draws of the uncertain parameters: a list of equally likely sets of values, used in turn.

Replicate r of every scenario gets draw ``r mod K``. So a policy and its baseline are paired in
the draw as well as in the seed, and the first N replicates of a batch use all draws equally.

Years differ, and what is known of a year depends on the draw. So a posterior can hold the state
of single years, with a row for each draw. :meth:`Posterior.of_year` makes of it the posterior for
one year: a past year, or the coming one.

A design of points to be compared with each other is a list of draws, too. It is ``crossed`` with
seeds: replicate r gets draw ``r mod K`` and the seed of replicate ``r // K``. So all points have
the same seeds, and more replicates are more seeds at every point.

On disk a posterior is a folder of two files::

    posterior.json    its parameters, what they set, what the data taught, its years with their
                      regimes, and where it comes from
    draws.parquet     one row per draw; a column per parameter and per key of a year ("2016/KEY")
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, cast

from sim.errors import PanjError, StoreError, output_errors
from sim.runs.uncertain_parameter import COMING as COMING
from sim.runs.uncertain_parameter import LatentYear as LatentYear
from sim.runs.uncertain_parameter import UncertainParameter as UncertainParameter
from sim.runs.uncertain_parameter import year_in_words, year_parameters

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.scenario.spec import Scenario

FORMAT: Final = "panj-posterior/2"
_READ: Final = (FORMAT, "panj-posterior/1")
"""The older format has no years."""
DESCRIPTION_FILE: Final = "posterior.json"
DRAWS_FILE: Final = "draws.parquet"
SHIPPED: Final = "shipped"
DEFAULT_DRAWS: Final = 100
"""Draws of a posterior that a batch uses unless a number is given."""
type DrawsLike = Posterior | str | Path | Iterable[object] | None
"""Draws of uncertain parameters: a posterior, a folder, ``"shipped"``, or a table of values."""
UNREADABLE: Final = (ValueError, KeyError, TypeError, AttributeError)
"""Errors raised by draws and descriptions that do not belong together."""


@dataclass(frozen=True)
class Posterior:
    """Draws of uncertain parameters: rows of values in the order of ``parameters``.

    ``years`` holds the states of single years by name, among them the coming year
    (:data:`COMING`); it is empty where the posterior does not know the state of years.
    ``crossed``: all draws have the same seeds.
    """

    parameters: tuple[UncertainParameter, ...]
    draws: tuple[tuple[float, ...], ...]
    source: str = ""
    made: Mapping[str, object] = field(default_factory=dict, compare=False)
    years: Mapping[str, LatentYear] = field(default_factory=dict, hash=False)
    crossed: bool = False

    def __post_init__(self) -> None:
        if not self.draws or not self.parameters:
            raise StoreError("a posterior needs a parameter and a draw", value=self.source)
        if any(len(row) != len(self.parameters) for row in self.draws):
            raise StoreError("every draw needs a value for each parameter", value=self.source)
        if self.years and COMING not in self.years:
            raise StoreError(f"a posterior with years must have one called {COMING!r}")
        shared = {
            key for p in self.parameters if len(p.keys) > 1 or p.how != "set" for key in p.keys
        }
        for name, year in self.years.items():
            if len(year.values) != len(self.draws):
                raise StoreError("every draw needs a row for each year", key="years", value=name)
            if twice := shared.intersection(year.keys):
                raise StoreError(f"both a factor and the year {name} set this", key=min(twice))

    @cached_property
    def digest(self) -> str:
        """32 hexadecimal digits that stand for everything that can change a run."""
        content: list[object] = [[[p.keys, p.how, p.base] for p in self.parameters], self.draws]
        if self.years:
            content.append({name: [year.keys, year.values] for name, year in self.years.items()})
        if self.crossed:
            content.append("crossed")
        text = json.dumps(content, allow_nan=False, sort_keys=True)
        return blake2b(text.encode("ascii"), digest_size=16).hexdigest()

    def first(self, count: int) -> Self:
        """The first ``count`` draws, or all if there are fewer."""
        years = {n: replace(year, values=year.values[:count]) for n, year in self.years.items()}
        return replace(self, draws=self.draws[:count], years=years)

    def of_year(self, name: str | None = None) -> Self:
        """The draws for one year: each key of its state becomes a parameter, and no years are left.

        A key of the year replaces a parameter that sets it in other years. Without a name the
        coming year; a posterior without years is returned as it is. A scenario that sets such a
        key to another value than the default keeps it. Raises :class:`~sim.errors.StoreError` for
        an unknown year.
        """
        if name is None and not self.years:
            return self
        year = self.years.get(name or COMING)
        if year is None:
            raise self._unknown_year(str(name))
        kept = [i for i, p in enumerate(self.parameters) if not set(p.keys) & set(year.keys)]
        rows = zip(self.draws, year.values, strict=True)
        return replace(
            self,
            parameters=(
                *(self.parameters[i] for i in kept),
                *year_parameters(year.keys, name or COMING),
            ),
            draws=tuple((*(row[i] for i in kept), *more) for row, more in rows),
            made={**self.made, "year": name or COMING, "regime": year.regime},
            years={},
        )

    def _unknown_year(self, name: str) -> StoreError:
        if not self.years:
            return StoreError(
                f"this posterior does not know the state of single years "
                f"({self.source or 'a table'})",
                key="--year",
                value=name,
                remedy="Leave --year out, or draw from a calibration to the figures of many years.",
            )
        past = sorted(set(self.years) - {COMING})
        return StoreError(
            "this posterior does not know this year",
            key="--year",
            value=name,
            remedy=f"It knows {', '.join(past) or 'none'}, and {COMING!r}, the year that follows.",
        )

    @property
    def year(self) -> str:
        """The year that its draws are for, in words; empty without one."""
        return year_in_description(self.made)

    @property
    def lasting(self) -> tuple[UncertainParameter, ...]:
        """The parameters that are not the state of a single year."""
        return tuple(parameter for parameter in self.parameters if not parameter.year)

    def column(self, name: str) -> tuple[float, ...]:
        """The draws of a parameter by its name. Raises ``KeyError``."""
        place = {parameter.name: n for n, parameter in enumerate(self.parameters)}[name]
        return tuple(row[place] for row in self.draws)

    def continues(self, other: Posterior, replicates: int) -> bool:
        """Whether the first ``replicates`` replicates have the same draws as with another list.

        A list may grow as long as none of its draws has been used twice.
        """
        count = len(other.draws)
        longer = replicates <= count <= len(self.draws) and self.draws[:count] == other.draws
        same = self.parameters == other.parameters and self.crossed == other.crossed
        return self.digest == other.digest or (longer and same)

    def draw_of(self, replicate: int) -> int:
        """The number of the draw that a replicate is run with."""
        return replicate % len(self.draws)

    def seed_replicate(self, replicate: int) -> int:
        """The replicate whose seed a replicate is run with: its own, except in a crossed list."""
        return replicate // len(self.draws) if self.crossed else replicate

    def apply(self, scenario: Scenario, replicate: int) -> Scenario:
        """The scenario as it is run in a replicate, under the same name.

        Raises :class:`~sim.errors.ScenarioError` where a value is outside a parameter's bounds.
        """
        from sim.scenario.values import with_overrides

        return with_overrides(scenario, self.sets(scenario, self.draw_of(replicate)))

    def sets(self, scenario: Scenario, draw: int) -> dict[str, float]:
        """The values that a draw sets in a scenario, by key; see :class:`UncertainParameter`."""
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
        data = {
            "format": FORMAT,
            "digest": self.digest,
            "source": self.source,
            "parameters": [asdict(parameter) for parameter in self.parameters],
            **self.made,
        }
        if self.crossed:
            data["crossed"] = True
        if self.years:
            data["years"] = {
                name: {"regime": year.regime, "keys": year.keys}
                for name, year in self.years.items()
            }
        return data

    def write(self, folder: Path) -> None:
        """Write both files, each whole or not at all. Raises :class:`~sim.errors.OutputError`."""
        from sim.runs.store_files import put

        with output_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            put(folder, DRAWS_FILE, self.as_parquet())
            put(folder, DESCRIPTION_FILE, (json.dumps(self.as_data(), indent=1) + "\n").encode())

    def as_parquet(self) -> bytes:
        """The table of draws as the bytes of a Parquet file."""
        from sim.runs.parts import as_parquet

        return as_parquet(self.table())

    def table(self) -> pa.Table:
        """The draws as a table: ``draw``, and a column per parameter and per key of a year."""
        import pyarrow as pa

        from sim.runs.arrow import column

        found = pa.table({"draw": column(range(len(self.draws)), pa.int64())})
        blocks = [([parameter.name for parameter in self.parameters], self.draws)]
        blocks += [(_columns(name, year.keys), year.values) for name, year in self.years.items()]
        for names, rows in blocks:
            for name, values in zip(names, zip(*rows, strict=True), strict=True):
                found = found.append_column(name, column(values, pa.float64()))
        return found

    @classmethod
    def from_table(cls, table: object, source: str = "given") -> Self:
        """Draws from a table of parameter values: its columns are dotted keys, each row is a draw.

        See :func:`sim.scenario.design.numbers` for what counts as a table. The draws take
        precedence over a scenario's own values. Raises :class:`~sim.errors.ScenarioError`.
        """
        from sim.scenario.design import numbers

        columns = numbers(table)
        draws = tuple(zip(*columns.values(), strict=True))
        return cls(tuple(UncertainParameter(key, (key,)) for key in columns), draws, source)

    @classmethod
    def read(cls, folder: str | Path) -> Self:
        """Read a folder written by :meth:`write`, or the one inside a folder of a calibration.

        ``"shipped"`` is the posterior that comes with Panj. Raises
        :class:`~sim.errors.StoreError` for anything else.
        """
        place = shipped_folder() if folder == SHIPPED else posterior_folder(Path(folder))
        try:
            description = json.loads((place / DESCRIPTION_FILE).read_text("utf-8"))
            if description["format"] not in _READ:
                raise ValueError(f"its format is {description['format']!r}, not {FORMAT!r}")
            return cls.from_bytes(description, (place / DRAWS_FILE).read_bytes())
        except FileNotFoundError as error:
            remedy = "'panj calibrate -o FOLDER' makes one."
            raise StoreError("there is no posterior", path=place, remedy=remedy) from error
        except (OSError, *UNREADABLE, RecursionError, StoreError) as error:
            raise StoreError(f"is not a posterior of panj: {error}", path=place) from error

    @classmethod
    def from_bytes(cls, description: Mapping[str, Any], draws_file: bytes) -> Self:
        """A posterior from the results of :meth:`as_data` and :meth:`as_parquet`.

        Raises one of ``UNREADABLE`` for anything else.
        """
        from sim.runs.parts import from_parquet

        table = from_parquet(draws_file)

        def rows(names: Sequence[str]) -> tuple[tuple[float, ...], ...]:
            columns = [cast(list[float], table.column(name).to_pylist()) for name in names]
            return tuple(tuple(map(float, row)) for row in zip(*columns, strict=True))

        parameters = tuple(map(_parameter, description["parameters"]))
        years = {
            str(name): LatentYear(
                str(year["regime"]), tuple(year["keys"]), rows(_columns(name, year["keys"]))
            )
            for name, year in description.get("years", {}).items()
        }
        known = {"format", "digest", "source", "parameters", "years", "crossed"}
        made = {key: value for key, value in description.items() if key not in known}
        draws = rows([parameter.name for parameter in parameters])
        crossed = description.get("crossed", False) is True
        found = cls(parameters, draws, str(description["source"]), made, years, crossed)
        if found.digest != description["digest"]:
            raise ValueError("the draws are not those it was written with")
        return found


def choose_draws(
    posterior: DrawsLike, draws: int | None = None, year: str | None = None
) -> Posterior | None:
    """The draws to use, from a posterior, a table of values or the file of one, or a folder.

    At most ``draws`` of them; without a number all of a table, and :data:`DEFAULT_DRAWS` of
    anything else. Where the posterior knows the state of years, the draws are for the coming year
    or for the ``year`` named. Raises :class:`~sim.errors.StoreError` for a year that it does not
    know.
    """
    if posterior is None:
        if year is not None:
            raise PanjError("needs the draws of a posterior", key="year", value=year)
        return None
    if isinstance(posterior, Posterior):
        found = posterior
    elif isinstance(posterior, str | Path) and Path(posterior).suffix != ".csv":
        found = Posterior.read(posterior)
    else:
        found = Posterior.from_table(posterior, str(posterior)[:80])
        draws = draws or len(found.draws)
    return found.first(draws or DEFAULT_DRAWS).of_year(year)


def year_in_description(data: Mapping[str, object]) -> str:
    """The year that draws are for, in words, by their :meth:`Posterior.as_data`."""
    if "year" not in data:
        return ""
    return f"{year_in_words(str(data['year']))} (regime: {data.get('regime')})"


def posterior_folder(calibration: Path) -> Path:
    """The folder of a calibration's posterior: a folder inside it, or the folder itself."""
    below = calibration / "posterior"
    return below if (below / DESCRIPTION_FILE).exists() else calibration


def shipped_folder() -> Path:
    """The folder of the shipped posterior."""
    from sim.incidents.seeds import seeds_folder

    return seeds_folder() / "posterior"


def _columns(year: str, keys: Sequence[str]) -> list[str]:
    """The names of the columns of a year."""
    return [f"{year}/{key}" for key in keys]


def _parameter(entry: Mapping[str, object]) -> UncertainParameter:
    plain = dict(entry)
    for name in ("keys", "base"):
        plain[name] = tuple(plain[name])  # type: ignore[arg-type]
    return UncertainParameter(**plain)  # type: ignore[arg-type]
