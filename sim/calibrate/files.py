"""The folder of a calibration, and how its files appear there whole.

::

    FOLDER/
      calibration.json         what is calibrated, how, with which code; every generation
      generations/00.parquet   the bank: draws of the prior with every statistic
      generations/01.parquet   a generation: every proposal tried, accepted or not, with weights
      chunks/                  simulations of the generation that is not finished

Whoever is killed loses only the simulations that were on their way.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.calibrate.rows import Rows
from sim.errors import StoreError
from sim.runs import files as place
from sim.runs.canonical import as_parquet

if TYPE_CHECKING:
    import pyarrow as pa

GENERATIONS: Final = "generations"
CHUNKS: Final = "chunks"


def name_of(number: int) -> str:
    """Path of a generation below the folder."""
    return f"{GENERATIONS}/{number:02d}.parquet"


def put_chunk(folder: Path, number: int, rows: Rows) -> None:
    """Keep simulations of a generation that is not finished."""
    name = f"{CHUNKS}/{number:02d}.{int(rows.index[0]):09d}.parquet"
    place.put(folder, name, as_parquet(rows.to_table()), durable=False)


def chunks(folder: Path, number: int) -> Iterator[Rows]:
    """The simulations kept of a generation; what cannot be read is removed, to be done again."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for path in sorted((folder / CHUNKS).glob(f"{number:02d}.*.parquet")):
        try:
            rows = Rows.from_table(pq.read_table(io.BytesIO(path.read_bytes())))
        except (pa.ArrowException, KeyError, OSError):
            path.unlink(missing_ok=True)
        else:
            yield rows


def drop_chunks(folder: Path, upto: int) -> None:
    """Remove the chunks of finished generations, and what was left half written."""
    for path in (folder / CHUNKS).glob("*.parquet"):
        if int(path.name.partition(".")[0]) <= upto:
            path.unlink(missing_ok=True)
    for kind in (".", CHUNKS, GENERATIONS):
        for path in (folder / kind).glob(f".*{place.PARTIAL}"):
            path.unlink(missing_ok=True)


def put_generation(folder: Path, number: int, table: pa.Table) -> str:
    """Write a generation and return its checksum."""
    content = as_parquet(table)
    place.put(folder, name_of(number), content)
    return place.checksum(content)


def generation(folder: Path, number: int, checksum: str) -> pa.Table:
    """Read a generation; a StoreError where it is not what was written."""
    import pyarrow.parquet as pq

    path = folder / name_of(number)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _spoilt(path, f"cannot be read ({error.strerror})") from error
    if place.checksum(content) != checksum:
        raise _spoilt(path, "is not what was written: its checksum differs")
    return pq.read_table(io.BytesIO(content))


def _spoilt(path: Path, why: str) -> StoreError:
    return StoreError(
        why, path=path, remedy="Restore it from a copy, or begin a new calibration in its place."
    )
