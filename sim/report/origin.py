"""Where a report comes from: enough to make it again, and nothing that belongs to one machine."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa

from sim import __version__
from sim.report.prose import DASH, without_paths
from sim.runs.store import Store

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior

LAST: Final = 8
"""So many batches of a store are told, the newest."""


class Origin(NamedTuple):
    """A scenario in the store: its digest, its title, and how many of its runs there are."""

    name: str
    title: str
    digest: str
    done: int
    failed: int


class Batch(NamedTuple):
    """A batch that wrote to the store."""

    began: str
    command: str
    code: str


def origins(store: Store, runs: pa.Table, names: Iterable[str]) -> list[Origin]:
    """The scenarios of a report; ``runs`` has scenario and status of every run."""
    counted = Counter(
        zip(runs.column("scenario").to_pylist(), runs.column("status").to_pylist(), strict=True)
    )
    return [
        Origin(
            name,
            store.scenarios[name].title,
            store.manifest.digests[name],
            counted[name, "done"],
            counted[name, "failed"],
        )
        for name in names
    ]


def facts(store: Store) -> list[tuple[str, str]]:
    """Terms and what they are: code, versions, seeds, posterior."""
    manifest = store.manifest
    made = manifest.made_with
    told = [
        ("Model's code", f"digest {made.get('code') or DASH}{_commit(made.get('commit'))}"),
        ("Versions", _versions(made.get("versions"))),
        ("Seeds", f"from root {manifest.root}; a replicate has the same seed in every scenario"),
        ("Uncertain parameters", _posterior(store.posterior)),
        ("Report", f"panj {__version__}"),
    ]
    if manifest.mixed:
        told.append(("Mixed", "runs of more than one version of the code stand in the store"))
    if not store.complete:
        told.append(("Unfinished", "a batch was writing to the store, or was stopped"))
    return told


def batches(store: Store) -> tuple[list[Batch], int]:
    """The newest batches of the store, and how many came before them."""
    history = store.manifest.history
    shown = [
        Batch(
            _moment(entry.get("began")),
            without_paths(entry.get("command")) or "from Python",
            str(entry.get("code") or DASH),
        )
        for entry in history[-LAST:]
    ]
    return shown, max(len(history) - LAST, 0)


def _moment(said: object) -> str:
    """``2025-11-22 23:36 UTC`` of what a manifest writes in ISO 8601."""
    try:
        return f"{dt.datetime.fromisoformat(str(said)).astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return DASH


def _commit(commit: object) -> str:
    if not isinstance(commit, Mapping):
        return ""
    changed = " with changes" if commit.get("dirty") else ""
    return f", commit {commit.get('id')}{changed}"


def _versions(versions: object) -> str:
    if not isinstance(versions, Mapping):
        return DASH
    return ", ".join(f"{name} {version}" for name, version in versions.items() if version)


def _posterior(posterior: "Posterior | None") -> str:
    if posterior is None:
        return "none: the scenarios' own values"
    source = without_paths(posterior.source)
    return (
        f"{len(posterior.draws)} draws of {len(posterior.parameters)}, digest {posterior.digest}"
        f"{f', from {source}' if source else ''}"
    )
