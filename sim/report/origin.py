"""Where a report comes from: enough to make it again, and nothing that belongs to one machine."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from sim import __version__
from sim.comparison.comparison import Comparison
from sim.comparison.digits import DASH
from sim.comparison.sheets import Sheet
from sim.comparison.source import Posterior, Provenance
from sim.runs.provenance import without_paths

LAST: Final = 8
"""So many batches of a store are told, the newest."""


def origins(found: Comparison, made: Provenance) -> Sheet:
    """The scenarios of a report, and what came of their runs."""
    rows = [
        (name, found.source.specs[name].title, made.digests[name],
         f"{len(sample.replicates):,}", f"{sample.failed:,}")
        for name, sample in found.samples.items()
    ]  # fmt: skip
    return Sheet("Scenarios", ("Name", "Title", "Digest", "Finished", "Failed"), rows, (0, 1, 2))


def facts(made: Provenance, posterior: Posterior | None) -> list[tuple[str, str]]:
    """Terms and what they are: code, versions, seeds, posterior."""
    code = made.made_with
    told = [
        ("Model's code", f"digest {code.get('code') or DASH}{_commit(code.get('commit'))}"),
        ("Versions", _versions(code.get("versions"))),
        ("Seeds", f"from root {made.root}; a replicate has the same seed in every scenario"),
        ("Uncertain parameters", _posterior(posterior)),
        ("Report", f"panj {__version__}"),
    ]
    if made.mixed:
        told.append(("Mixed", "runs of more than one version of the code stand in the store"))
    if not made.complete:
        told.append(("Unfinished", "a batch was writing to the store, or was stopped"))
    return told


def batches(made: Provenance) -> Sheet:
    """The newest batches of the store, and how many came before them."""
    rows = [
        (
            _moment(entry.get("began")),
            without_paths(entry.get("command")) or "from Python",
            str(entry.get("code") or DASH),
        )
        for entry in made.history[-LAST:]
    ]
    before = len(made.history) - len(rows)
    left = f"{before} earlier {'batch is' if before == 1 else 'batches are'} left out."
    return Sheet(
        "Batches that filled the store", ("Began", "Command", "Code"), rows, (0, 1, 2),
        left if before else "",
    )  # fmt: skip


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


def _posterior(posterior: Posterior | None) -> str:
    if posterior is None:
        return "none: the scenarios' own values"
    source, year = without_paths(posterior.source), posterior.year
    return (
        f"{len(posterior.draws)} draws of {len(posterior.parameters)}, digest {posterior.digest}"
        f"{f', for {year}' if year else ''}{f', from {source}' if source else ''}"
    )
