"""Simulations as rows: what was tried, with which seed, and every statistic that came out.

In Parquet a column is called ``parameter/KEY``, ``latent/KEY`` or ``statistic/NAME``, so that
no name of a model can get into another's way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.problem import Aim, Floats
from sim.errors import PanjError

if TYPE_CHECKING:
    import pyarrow as pa

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """n simulations in increasing order of their number.

    ``values`` and ``latent`` are (n, parameters), ``statistics`` (n, names) with NaN where one
    is undefined; ``failures`` says for each what went wrong, or None.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    index: Whole
    seeds: Whole
    values: Floats
    latent: Floats
    statistics: Floats
    failures: tuple[str | None, ...]

    def __len__(self) -> int:
        return len(self.index)

    def take(self, which: Flags | NDArray[np.intp]) -> Self:
        """Some of the rows."""
        places = np.flatnonzero(which) if which.dtype == np.bool_ else which
        return replace(
            self,
            index=self.index[places],
            seeds=self.seeds[places],
            values=self.values[places],
            latent=self.latent[places],
            statistics=self.statistics[places],
            failures=tuple(self.failures[place] for place in places),
        )

    def aimed(self, aims: Sequence[Aim]) -> Floats:
        """The statistics that the targets are about, (n, targets).

        Raises :class:`sim.errors.PanjError` naming the targets of which there is no statistic.
        """
        absent = [aim.name for aim in aims if aim.name not in self.names]
        if absent:
            raise PanjError(
                f"the simulator gives no statistic of this name (it has {', '.join(self.names)})",
                key=", ".join(absent),
                remedy="Correct the name of the target.",
            )
        return self.statistics[:, [self.names.index(aim.name) for aim in aims]]

    def to_table(self, extra: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows as an Arrow table, with further columns at its end."""
        import pyarrow as pa

        columns: dict[str, Any] = {"index": self.index, "seed": self.seeds}
        columns |= {f"parameter/{k}": self.values[:, i] for i, k in enumerate(self.keys)}
        columns |= {f"latent/{k}": self.latent[:, i] for i, k in enumerate(self.keys)}
        columns |= {f"statistic/{k}": self.statistics[:, i] for i, k in enumerate(self.names)}
        columns["failure"] = pa.array(self.failures, pa.string())
        return pa.table({**columns, **(extra or {})})

    @classmethod
    def from_table(cls, table: pa.Table) -> Self:
        """The rows of a table that :meth:`to_table` made."""
        found = table.column_names
        keys = tuple(n.partition("/")[2] for n in found if n.startswith("parameter/"))
        names = tuple(n.partition("/")[2] for n in found if n.startswith("statistic/"))

        def block(kind: str, which: Sequence[str]) -> Floats:
            columns = [table[f"{kind}/{name}"].to_numpy() for name in which]
            return np.stack(columns, axis=1) if columns else np.empty((table.num_rows, 0))

        return cls(
            keys=keys,
            names=names,
            index=table["index"].to_numpy(),
            seeds=table["seed"].to_numpy(),
            values=block("parameter", keys),
            latent=block("latent", keys),
            statistics=block("statistic", names),
            failures=tuple(table["failure"].to_pylist()),
        )


def widened(rows: Rows, names: Sequence[str]) -> Rows:
    """The rows with exactly these statistics; NaN where they have none of the name."""
    wide = np.full((len(rows), len(names)), np.nan)
    for place, name in enumerate(names):
        if name in rows.names:
            wide[:, place] = rows.statistics[:, rows.names.index(name)]
    return replace(rows, names=tuple(names), statistics=wide)


def joined(pieces: Sequence[Rows]) -> Rows:
    """Rows under one another by number; of a number that comes twice, the first.

    Statistics are the union of what the pieces have, in alphabetical order.
    """
    names = tuple(sorted({name for piece in pieces for name in piece.names}))
    wide = [widened(piece, names) for piece in pieces]
    index = np.concatenate([piece.index for piece in wide])
    _, order = np.unique(index, return_index=True)
    failures = [failure for piece in wide for failure in piece.failures]
    return replace(
        wide[0],
        index=index[order],
        seeds=np.concatenate([piece.seeds for piece in wide])[order],
        values=np.concatenate([piece.values for piece in wide])[order],
        latent=np.concatenate([piece.latent for piece in wide])[order],
        statistics=np.concatenate([piece.statistics for piece in wide])[order],
        failures=tuple(failures[place] for place in order),
    )
