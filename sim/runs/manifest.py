"""What a store says of itself: ``store.json``, and the journal of checksums beside it.

The manifest is written when a batch begins and when it ends. In between, each part's checksum
goes to the journal before the part is moved to its place. So at any instant a part is sound if
its checksum stands in one of the two, and what was half written is recognised by its absence.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from sim.errors import StoreError
from sim.runs.files import JOURNAL, MANIFEST, put
from sim.runs.posterior import Posterior
from sim.runs.rows import TableName

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario

FORMAT: Final = "panj-store/2"


@dataclass(frozen=True)
class Stored:
    """A scenario of a store: its digest and its resolved values."""

    digest: str
    values: Mapping[str, object]

    def scenario(self) -> Scenario:
        """The scenario itself; a StoreError where this version knows no such values."""
        from sim.scenario.spec import Scenario

        try:
            return Scenario.model_validate_json(json.dumps(self.values))
        except ValueError as error:
            raise StoreError(
                f"a stored scenario does not fit this version of panj: {_short(error)}",
                value=self.values.get("name"),
                remedy="Read the store with the version that wrote it; the tables are Parquet "
                "and can be read by anything.",
            ) from error


@dataclass
class Manifest:
    """The contents of ``store.json``.

    ``made_with`` is the code that every run in the store comes from, unless ``mixed`` says that
    somebody allowed another; ``history`` has an entry for each batch. ``parts`` gives the
    SHA-256 of each part as the last batch left it; ``closed`` is False while a batch writes, or
    after one was killed.
    """

    tables: tuple[TableName, ...]
    root: int
    made_with: dict[str, object]
    mixed: bool = False
    closed: bool = True
    scenarios: dict[str, Stored] = field(default_factory=dict)
    history: list[dict[str, object]] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    posterior: Posterior | None = None
    own: list[dict[str, object]] = field(default_factory=list)
    """Outcomes of one's own that its runs have, with a digest of their functions."""

    @classmethod
    def read(cls, store: Path) -> Self:
        """Read a store's manifest. Raises StoreError where there is none or it is no such thing."""
        try:
            found = json.loads((store / MANIFEST).read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise _no_store(store) from None
        except (OSError, ValueError) as error:
            raise _damaged(store, str(error)) from error
        if not isinstance(found, dict) or not str(found.get("format", "")).startswith("panj-"):
            raise _damaged(store, "it is not a manifest of panj")
        if found["format"] != FORMAT:
            raise StoreError(
                "this store was written in another format",
                path=store / MANIFEST,
                key="format",
                value=found["format"],
                remedy=f"This version of panj reads {FORMAT}; use the version that wrote it.",
            )
        return cls._of(found, store)

    @classmethod
    def _of(cls, found: Mapping[str, Any], store: Path) -> Self:
        from pydantic import TypeAdapter

        try:
            said = {"own": [], **found, "posterior": _posterior(found["posterior"])}
            whole = {each.name: said[each.name] for each in fields(cls)}
            return TypeAdapter(cls).validate_python(whole)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(store, f"{type(error).__name__}: {_short(error)}") from error

    def write(self, store: Path) -> None:
        """Put the manifest in its place, whole. ``OSError`` as the disk says."""
        said = asdict(replace(self, posterior=None))
        if self.posterior is not None:
            said["posterior"] = {**self.posterior.as_data(), "draws": self.posterior.draws}
        text = json.dumps({"format": FORMAT, **said}, indent=1, allow_nan=False)
        put(store, MANIFEST, (text + "\n").encode())

    @property
    def digests(self) -> dict[str, str]:
        """Digest of each scenario by name, in the order in which they came to the store."""
        return {name: stored.digest for name, stored in self.scenarios.items()}


def _posterior(said: Mapping[str, Any] | None) -> Posterior | None:
    if said is None:
        return None
    return Posterior.of({k: v for k, v in said.items() if k != "draws"}, said["draws"])


def note(store: Path, checksums: Mapping[str, str]) -> None:
    """Vouch for parts that are about to be moved to their places: one line, all or none."""
    with (store / JOURNAL).open("a", encoding="utf-8") as file:
        # A line that a killed batch left half written must not swallow this one.
        file.write("\n" + json.dumps(checksums) + "\n")


def vouched(store: Path, manifest: Manifest) -> dict[str, set[str]]:
    """The checksums that each part may have: the manifest's, and the journal's since then."""
    found = {name: {checksum} for name, checksum in manifest.parts.items()}
    for line in _lines(store / JOURNAL):
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        for name, checksum in entry.items() if isinstance(entry, dict) else ():
            found.setdefault(name, set()).add(checksum)
    return found


def forget(store: Path) -> None:
    """Remove the journal, once the manifest says what it said."""
    (store / JOURNAL).unlink(missing_ok=True)
    if (store / "chunks").is_dir() and not os.listdir(store / "chunks"):
        (store / "chunks").rmdir()


def _lines(path: Path) -> Iterable[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return ()


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _no_store(store: Path) -> StoreError:
    there = store.exists()
    return StoreError(
        "is no store of panj" if there else "does not exist",
        path=store,
        remedy=f"Name a folder made by 'panj batch -o', one that holds {MANIFEST}.",
    )


def _damaged(store: Path, why: str) -> StoreError:
    return StoreError(
        f"the manifest cannot be read ({why})",
        path=store / MANIFEST,
        remedy="Restore it from a copy, or start a new store.",
    )
