"""Where a report comes from: enough to make it again, and nothing that belongs to one machine."""

import datetime as dt
from typing import Final

from sim.comparison.comparison import Comparison
from sim.comparison.number_format import DASH
from sim.comparison.source import Provenance
from sim.comparison.text_tables import TextTable
from sim.runs.provenance import without_paths

MOST_BATCHES: Final = 8
"""The table lists at most this many batches of a store, the newest."""


def scenario_table(comparison: Comparison, provenance: Provenance) -> TextTable:
    """The scenarios of a report, and how many of their runs finished and failed."""
    rows = [
        (name, comparison.source.specs[name].title, provenance.digests[name],
         f"{len(sample.replicates):,}", f"{sample.failed:,}")
        for name, sample in comparison.samples.items()
    ]  # fmt: skip
    return TextTable(
        "Scenarios", ("Name", "Title", "Digest", "Finished", "Failed"), rows, (0, 1, 2)
    )


def batch_table(provenance: Provenance) -> TextTable:
    """The newest batches of the store, and how many came before them."""
    rows = [
        (
            _time(entry.get("began")),
            without_paths(entry.get("command")) or "from Python",
            str(entry.get("code") or DASH),
        )
        for entry in provenance.history[-MOST_BATCHES:]
    ]
    before = len(provenance.history) - len(rows)
    left_out = f"{before} earlier {'batch is' if before == 1 else 'batches are'} left out."
    return TextTable(
        "Batches that filled the store", ("Began", "Command", "Code"), rows, (0, 1, 2),
        left_out if before else "",
    )  # fmt: skip


def _time(iso: object) -> str:
    """``2025-11-22 23:36 UTC``, from what a manifest writes in ISO 8601."""
    try:
        return f"{dt.datetime.fromisoformat(str(iso)).astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return DASH
