"""The result of an exploration, stored beside the runs that it rests on.

A store keeps the last result of each kind as ``explored/KIND.json`` in its folder, where the report
reads it. The file is plain JSON, described by the class of the result.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.errors import StoreError
from sim.runs import store_files

FOLDER: Final = "explored"


class Part(BaseModel):
    """A part of a result: plain data."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Result(Part):
    """The result of a command: ``asked`` is the command, ``runs`` the number of runs it rests on.

    Each kind of result is a subclass; its ``kind`` is the name of the command.
    """

    kind: ClassVar[str]

    asked: str
    runs: int


def save_result(store: Path, result: Result) -> Path:
    """Write a result into a store, in place of an older one of its kind, and return its path.

    Raises :class:`~sim.errors.OutputError` where the disk refuses.
    """
    name = f"{FOLDER}/{result.kind}.json"
    store_files.check_plain(store, (FOLDER, name))
    with store_files.writing(store):
        store_files.put(store, name, (result.model_dump_json(indent=1) + "\n").encode())
    return store / name


def load_result[R: Result](store: Path, kind: type[R]) -> R | None:
    """Read the result of a kind from a store; ``None`` where there is none.

    Raises :class:`~sim.errors.StoreError` for a file that does not hold one.
    """
    store_files.check_plain(store, (FOLDER,))
    path = store / FOLDER / f"{kind.kind}.json"
    try:
        return kind.model_validate_json(store_files.read(path))
    except FileNotFoundError:
        return None
    except ValidationError as error:
        first = error.errors()[0]
        raise StoreError(
            f"does not hold a result of 'panj {kind.kind}': {first['msg'].lower()}",
            path=path,
            key=".".join(map(str, first["loc"])) or None,
            remedy="Remove the file, and repeat the command.",
        ) from None
