"""The values of scenarios and draws as a table, which a store keeps for its runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.runs.posterior import Posterior
from sim.runs.structure import Variant, draw_values

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.runs.catalogue import StoredScenario
    from sim.scenario.spec import Scenario


def parameter_table(stored: Iterable[StoredScenario], posterior: Posterior | None) -> pa.Table:
    """Columns: scenario, draw, key, value, word.

    A row without a draw is a value of the scenario; a draw has rows for the keys that it sets.
    ``value`` is a number, ``word`` any other value.
    """
    import pyarrow as pa

    from sim.runs.arrow import column

    rows = [
        (each.scenario.name, draw, key, *_cells(value))
        for each in stored
        for draw, values in _settings(each.scenario, posterior, each.variant)
        for key, value in values.items()
    ]
    names = ("scenario", "draw", "key", "value", "word")
    text: pa.DataType = pa.string()
    types: tuple[pa.DataType, ...] = (text, pa.int64(), text, pa.float64(), text)
    columns: list[Sequence[object]] = list(zip(*rows, strict=True)) or [()] * len(names)
    arrays = [column(values, kind) for values, kind in zip(columns, types, strict=True)]
    return pa.Table.from_arrays(arrays, names=list(names))


def _settings(
    scenario: Scenario, posterior: Posterior | None, variant: Variant | None
) -> Iterator[tuple[int | None, Mapping[str, object]]]:
    from sim.scenario.values import flatten

    yield None, flatten(scenario)
    if posterior is not None:
        for draw in range(len(posterior.draws)):
            yield draw, draw_values(posterior, scenario, draw, variant)


def _cells(value: object) -> tuple[float | None, str | None]:
    """A value as number or word."""
    return (float(value), None) if isinstance(value, int | float) else (None, _word(value))


def _word(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_word, value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)
