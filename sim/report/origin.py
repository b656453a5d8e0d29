"""Where a report comes from: enough to make it again, and nothing that belongs to one machine."""

import datetime as dt
from typing import Final

from sim.comparison.comparison import Comparison
from sim.comparison.number_format import DASH
from sim.comparison.source import Provenance
from sim.comparison.text_tables import TextTable
from sim.runs.provenance import without_paths

LAST: Final = 8
"""So many batches of a store are told, the newest."""


def origins(found: Comparison, made: Provenance) -> TextTable:
    """The scenarios of a report, and what came of their runs."""
    rows = [
        (name, found.source.specs[name].title, made.digests[name],
         f"{len(sample.replicates):,}", f"{sample.failed:,}")
        for name, sample in found.samples.items()
    ]  # fmt: skip
    return TextTable(
        "Scenarios", ("Name", "Title", "Digest", "Finished", "Failed"), rows, (0, 1, 2)
    )


def batches(made: Provenance) -> TextTable:
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
    return TextTable(
        "Batches that filled the store", ("Began", "Command", "Code"), rows, (0, 1, 2),
        left if before else "",
    )  # fmt: skip


def _moment(said: object) -> str:
    """``2025-11-22 23:36 UTC`` of what a manifest writes in ISO 8601."""
    try:
        return f"{dt.datetime.fromisoformat(str(said)).astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return DASH
