"""A store of finished runs, for reading: outcomes, districts, incidents, parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from sim.errors import StoreError
from sim.frontier.ground import Ground
from sim.measures.outcome import Outcome
from sim.measures.registry import outcomes_on, remember
from sim.notebook_card import card
from sim.runs import catalogue, lock, parts, store_files
from sim.runs.catalogue import Manifest
from sim.runs.parameter_table import parameter_table
from sim.runs.parts import Part
from sim.runs.posterior import DRAWS_FILE, UNREADABLE, Posterior
from sim.runs.store_tables import KEYS, RUN, TableName, schema
from sim.runs.structure import Origin
from sim.runs.table_equality import table_digest

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.scenario.spec import Scenario

PARAMETERS: Final = "parameters.parquet"

_TRIES: Final = 5
"""A running batch may join parts after we have read the catalogue and before we read the parts."""


class Store:
    """Everything that batches have written to one folder.

    Tables are read on demand, and each file is checked against its checksum. A store can be read
    while a batch writes to it: :attr:`manifest` and :attr:`parts` are as of the last :meth:`look`.
    """

    manifest: Manifest
    parts: list[Part]

    def __init__(self, path: Path) -> None:
        self.path = path
        self.look()
        self.own = tuple(Outcome.from_data(said) for said in self.manifest.own)
        remember(self.own)

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a store. Raises :class:`sim.errors.StoreError` where there is none."""
        return cls(Path(path))

    def __repr__(self) -> str:
        runs = sum(self.counts(name)[0] for name in self.scenarios)
        many = len(self.manifest.scenarios)
        return f"<Store {self.path}: {many} scenario{'s' * (many != 1)}, {runs:,} runs>"

    def _repr_html_(self) -> str:
        """The display in a notebook: the scenarios and how many runs of each there are."""
        rows = [
            (name, spec.title, *(f"{count:,}" for count in self.counts(name)))
            for name, spec in self.scenarios.items()
        ]
        tables = f"Tables: {', '.join(self.tables)}. Compare: sim.compare(store)."
        return card(
            f"Store {self.path}", [tables], ("", "", "runs", "of them failed"), rows, (0, 1)
        )

    def look(self) -> None:
        """Read the catalogue again."""
        self.manifest, self.parts = catalogue.read(self.path)
        store_files.check_plain(self.path, (PARAMETERS, DRAWS_FILE, *self.manifest.tables))

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The resolved scenarios by name, in the order in which they were added."""
        return {name: stored.scenario for name, stored in self.manifest.scenarios.items()}

    @cached_property
    def origins(self) -> dict[str, Origin]:
        """What its scenarios are variants of, by name; without those of the model as calibrated."""
        return {n: s.origin for n, s in self.manifest.scenarios.items() if s.origin}

    @cached_property
    def posterior(self) -> Posterior | None:
        """The draws of uncertain parameters that its runs were made with, if any."""
        return draws_of(self.path, self.manifest)

    @property
    def tables(self) -> tuple[TableName, ...]:
        """The tables that this store keeps."""
        return self.manifest.tables

    @cached_property
    def measured(self) -> tuple[Outcome, ...]:
        """The outcomes of its runs, in the order of their columns."""
        grounds = dict.fromkeys(spec.ground for spec in self.scenarios.values())
        model = [o for ground in grounds or [Ground.default()] for o in outcomes_on(ground)]
        return tuple({outcome.name: outcome for outcome in (*model, *self.own)}.values())

    @property
    def outcome_names(self) -> list[str]:
        """The names of the outcomes of its runs."""
        return [outcome.name for outcome in self.measured]

    @property
    def complete(self) -> bool:
        """Whether the last batch ended normally."""
        return self.manifest.closed

    @property
    def in_use(self) -> bool:
        """Whether a batch is writing to it now."""
        return lock.in_use(self.path)

    def outcomes(
        self, scenarios: Sequence[str] | None = None, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """One row per finished run, by scenario in the order of the store, then replicate.

        Columns: scenario, digest, replicate, seed, draw (of the store's posterior; null without
        one), status (``done`` or ``failed``), every outcome (an integer or a float; null where it
        is not defined), and for failed runs stage, message and traceback. ``columns`` selects
        outcomes; the first six columns are always included. Raises :class:`sim.errors.StoreError`
        for a name that the store does not know, and where a file is damaged.
        """
        return self.table("outcomes", scenarios, columns)

    def districts(
        self, scenarios: Sequence[str] | None = None, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """One row per run and district; see :meth:`outcomes`."""
        return self.table("districts", scenarios, columns)

    def incidents(
        self, scenarios: Sequence[str] | None = None, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """One row per incident; see :meth:`outcomes`."""
        return self.table("incidents", scenarios, columns)

    def parameters(self) -> pa.Table:
        """The values of each scenario, and what each draw sets in it.

        Columns: scenario; draw (null: the scenario's own value, unless a draw sets the key);
        key; value (null for a word); word (null for a number).
        """
        held = _file(self.path, self.manifest, PARAMETERS)
        try:
            rows = parts.from_parquet(held)
            if not rows.schema.equals(parameter_table((), None).schema):
                raise ValueError(f"its columns are {', '.join(rows.column_names) or 'none'}")
        except ValueError as error:
            raise StoreError(
                f"is not a table of parameters ({store_files.short(error)})",
                path=self.path / PARAMETERS,
            ) from error
        return rows

    def table(
        self,
        name: TableName,
        scenarios: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """A whole table by name."""
        import pyarrow as pa

        found = self._with_retries(lambda: list(self._read(name, scenarios, columns)))
        if not found:
            known = schema(name, self.measured)
            return known.empty_table().select(self._columns(name, columns) or known.names)
        return pa.concat_tables(found, promote_options="default")

    def pieces(
        self,
        name: TableName,
        scenarios: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> Iterator[pa.Table]:
        """A table in pieces of one stretch of replicates, for tables too large for memory."""
        try:
            yield from self._read(name, scenarios, columns)
        except FileNotFoundError as error:
            raise self._gone(error) from error

    def _read(
        self, name: TableName, scenarios: Sequence[str] | None, columns: Sequence[str] | None
    ) -> Iterator[pa.Table]:
        if name not in self.tables:
            raise StoreError(
                f"this store does not keep {name}",
                path=self.path,
                remedy=f"It keeps {', '.join(self.tables)}. A new store with "
                f"{'--incidents' if name == 'incidents' else 'districts'} would.",
            )
        columns = self._columns(name, columns)
        return parts.pieces(self.path, self._of(scenarios), name, columns)

    def _gone(self, error: FileNotFoundError) -> StoreError:
        remedy = f"'panj batch -n N -o {self.path}' makes its runs again."
        return StoreError("is gone", path=error.filename, remedy=remedy)

    def finished(self, scenario: str) -> set[int]:
        """The replicates of a scenario that have been run, failed ones included."""
        return {replicate for part in self._of([scenario]) for replicate in part.replicates}

    def failed(self, scenario: str) -> set[int]:
        """The replicates of a scenario that failed."""
        return {replicate for part in self._of([scenario]) for replicate in part.failed}

    def counts(self, scenario: str) -> tuple[int, int]:
        """How many replicates of a scenario have been run, and how many of them failed."""
        listed = self._of([scenario])
        return sum(len(p.replicates) for p in listed), sum(len(p.failed) for p in listed)

    def table_hash(self) -> str:
        """A digest of every row of every table, whatever the order and parts they were written in.

        64 hexadecimal digits over the runs by (digest, replicate). Tracebacks are left out: they
        contain paths of the machine.
        """
        return self._with_retries(self._table_hash)

    def _table_hash(self) -> str:
        total = hashlib.sha256()
        known = set(self.manifest.digests.values())
        listed = [part for part in self.parts if part.digest in known]
        for name in self.tables:
            for piece in parts.pieces(self.path, listed, name):
                total.update(table_digest(piece, leave_out=("traceback",)))
        return total.hexdigest()

    def files(self, name: TableName) -> list[Path]:
        """The Parquet files of a table, for other programs."""
        return [self.path / part.file(name) for part in self.parts]

    def checked_files(self, name: TableName) -> list[Path] | None:
        """The Parquet files of a table, after a check of their checksums.

        None while a batch moves them. Raises :class:`sim.errors.StoreError` for a damaged file.
        """
        for part in self.parts:
            try:
                parts.content(self.path, part, name)
            except FileNotFoundError:
                return None
        found = self.files(name)
        return found if all(path.exists() for path in found) else None

    def columns(self, name: TableName) -> pa.Schema:
        """The columns of a table; in a store of mixed code, the columns of all of its parts."""
        import pyarrow as pa

        known = schema(name, self.measured)
        if not self.manifest.mixed:
            return known
        schemas = [parts.read(self.path, part, name, KEYS).schema for part in self.parts]
        return pa.unify_schemas([known, *schemas], promote_options="permissive")

    def _with_retries[T](self, read: Callable[[], T]) -> T:
        """Read, and try again where a batch has joined parts meanwhile."""
        for _ in range(_TRIES):
            try:
                return read()
            except FileNotFoundError:
                self.look()
        try:
            return read()
        except FileNotFoundError as error:
            raise self._gone(error) from error

    def _of(self, scenarios: Sequence[str] | None) -> list[Part]:
        """The parts of scenarios (None: all), in the order of the store."""
        known = self.manifest.digests
        for name in scenarios or ():
            if name not in known:
                raise StoreError(
                    "no such scenario in this store",
                    path=self.path,
                    value=name,
                    remedy=f"It holds {', '.join(known) or 'none'}.",
                )
        digests = [d for name, d in known.items() if scenarios is None or name in scenarios]
        return [part for digest in digests for part in self.parts if part.digest == digest]

    def _columns(self, name: TableName, columns: Sequence[str] | None) -> list[str] | None:
        if columns is None:
            return None
        known = schema(name, self.measured).names
        for column in columns:
            if column not in known and not self.manifest.mixed:
                raise StoreError(
                    f"the table {name} has no such column", path=self.path, value=column
                )
        first = RUN if name == "outcomes" else KEYS
        return list(dict.fromkeys([*first, *columns]))


def draws_of(store: Path, manifest: Manifest) -> Posterior | None:
    """The draws of a store's runs. Raises ``StoreError`` where they are damaged."""
    if manifest.draws is None:
        return None
    held = _file(store, manifest, DRAWS_FILE)
    try:
        return Posterior.from_bytes(manifest.draws, held)
    except UNREADABLE as error:
        raise StoreError(
            f"are not the draws of this store: {store_files.short(error)}", path=store / DRAWS_FILE
        ) from error


def _file(store: Path, manifest: Manifest, name: str) -> bytes:
    """The content of a file of a store that is not a part."""
    remedy = "Restore it from a copy, or use a new store."
    try:
        return store_files.read_checked(store / name, manifest.sums.get(name, ""), remedy)
    except FileNotFoundError:
        raise StoreError("is gone", path=store / name, remedy=remedy) from None
