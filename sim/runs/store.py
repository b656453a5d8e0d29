"""A store of finished runs, for reading: tables of outcomes, districts and incidents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sim.errors import StoreError
from sim.frontier.ground import Ground
from sim.measures.outcome import Outcome
from sim.measures.registry import outcomes_on, tell
from sim.runs import files as place
from sim.runs import lock
from sim.runs.canonical import digest_of
from sim.runs.manifest import Manifest
from sim.runs.parts import finished, read_all
from sim.runs.rows import KEYS, RUN, TableName, schema

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.runs.posterior import Posterior
    from sim.scenario.spec import Scenario


class Store:
    """Everything that batches have written to one folder.

    Tables are read when asked for. A store may be read while a batch writes to it.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self.own = tuple(Outcome.of(said) for said in manifest.own)
        tell(self.own)

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a store. Raises :class:`sim.errors.StoreError` where there is none."""
        return cls(Path(path), Manifest.read(Path(path)))

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The resolved scenarios by name, in the order in which they came to the store."""
        return {name: stored.scenario() for name, stored in self.manifest.scenarios.items()}

    @property
    def posterior(self) -> Posterior | None:
        """The draws of uncertain parameters that its runs were made with, if any."""
        return self.manifest.posterior

    @property
    def tables(self) -> tuple[TableName, ...]:
        """Which tables this store keeps."""
        return self.manifest.tables

    @cached_property
    def measured(self) -> tuple[Outcome, ...]:
        """The outcomes of its runs, in the order of their columns."""
        grounds = dict.fromkeys(spec.ground for spec in self.scenarios.values())
        model = [o for ground in grounds or [Ground.default()] for o in outcomes_on(ground)]
        return tuple({outcome.name: outcome for outcome in (*model, *self.own)}.values())

    @property
    def outcome_names(self) -> list[str]:
        """Their names."""
        return [outcome.name for outcome in self.measured]

    @property
    def complete(self) -> bool:
        """Whether the last batch ended in order, so that the parts hold all there is."""
        return self.manifest.closed

    @property
    def in_use(self) -> bool:
        """Whether a batch is writing to it now."""
        return lock.in_use(self.path)

    def outcomes(
        self, scenarios: Sequence[str] | None = None, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """One row for each finished run, by scenario in the order of the store, then replicate.

        Columns: scenario, digest, replicate, seed, draw (of the store's posterior; null without
        one), status (``done`` or ``failed``), every outcome (whole or floating; null where
        nothing can be said), and for failed runs stage, message and traceback. ``columns`` names
        the outcomes wanted; the first six are always there. Raises
        :class:`sim.errors.StoreError` for a name that the store does not know.
        """
        return self.table("outcomes", scenarios, columns)

    def districts(
        self, scenarios: Sequence[str] | None = None, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """One row for each run and district; see :meth:`outcomes`."""
        return self.table("districts", scenarios, columns)

    def incidents(
        self, scenarios: Sequence[str] | None = None, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """One row for each incident; see :meth:`outcomes`."""
        return self.table("incidents", scenarios, columns)

    def table(
        self,
        name: TableName,
        scenarios: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pa.Table:
        """A whole table by name."""
        import pyarrow as pa

        pieces = list(self.pieces(name, scenarios, columns))
        if not pieces:
            known = schema(name, self.measured)
            wanted = self._columns(name, columns)
            return known.empty_table().select(wanted or known.names)
        return pa.concat_tables(pieces, promote_options="default")

    def pieces(
        self,
        name: TableName,
        scenarios: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> Iterator[pa.Table]:
        """A table in pieces of at most one part, for what is larger than memory."""
        if name not in self.tables:
            raise StoreError(
                f"this store does not keep {name}",
                path=self.path,
                remedy=f"It keeps {', '.join(self.tables)}. A new store with "
                f"{'--incidents' if name == 'incidents' else 'districts'} would.",
            )
        return read_all(self.path, self._digests(scenarios), name, self._columns(name, columns))

    def finished(self, scenario: str, *, without_failed: bool = False) -> set[int]:
        """The replicates of a scenario that have been run."""
        (digest,) = self._digests([scenario])
        return finished(self.path, digest, retry_failed=without_failed)

    def table_hash(self) -> str:
        """Stand for every row of every table, whatever the order and the parts they came in.

        64 hexadecimal digits over the runs by (digest, replicate). Left out are tracebacks,
        which tell where a program lies.
        """
        total = hashlib.sha256()
        digests = sorted(self.manifest.digests.values())
        for name in self.tables:
            for piece in read_all(self.path, digests, name):
                total.update(digest_of(piece, leave_out=("traceback",)))
        return total.hexdigest()

    def _digests(self, scenarios: Sequence[str] | None) -> list[str]:
        known = self.manifest.digests
        for name in scenarios or ():
            if name not in known:
                raise StoreError(
                    "no such scenario in this store",
                    path=self.path,
                    value=name,
                    remedy=f"It holds {', '.join(known) or 'none'}.",
                )
        return [d for name, d in known.items() if scenarios is None or name in scenarios]

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

    def parts(self, name: TableName) -> list[Path]:
        """The Parquet files of a table, for other programs."""
        known = set(self.manifest.digests.values())
        return [
            self.path / place.part(block, name)
            for block in place.blocks(self.path, name)
            if block.digest in known
        ]
