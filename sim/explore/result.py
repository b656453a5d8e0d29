"""What an exploration found, kept beside the runs in which it was found.

A store keeps the last finding of each kind as ``explored/KIND.json`` in its folder, where the
report looks for it. The file is for people and programs: plain JSON, described by its class.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.errors import StoreError
from sim.runs import store_files

FOLDER: Final = "explored"


class Part(BaseModel):
    """A part of a finding: plain data."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Result(Part):
    """What was found: ``asked`` is the command, ``runs`` how many runs of the store it rests on.

    A kind of finding is a subclass with a ``kind`` of its own, one short word.
    """

    kind: ClassVar[str]

    asked: str
    runs: int


def save_result(store: Path, found: Result) -> Path:
    """Write a finding into a store, in the place of an older one of its kind; give its path.

    Raises :class:`~sim.errors.OutputError` where the disk refuses.
    """
    name = f"{FOLDER}/{found.kind}.json"
    store_files.check_plain(store, (FOLDER, name))
    with store_files.writing(store):
        store_files.put(store, name, (found.model_dump_json(indent=1) + "\n").encode())
    return store / name


def load_result[F: Result](store: Path, kind: type[F]) -> F | None:
    """The finding of a kind that a store keeps; None where there is none.

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
            f"does not hold what 'panj {kind.kind}' found: {first['msg'].lower()}",
            path=path,
            key=".".join(map(str, first["loc"])) or None,
            remedy="Remove the file, and give the command again.",
        ) from None
