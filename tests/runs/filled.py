"""Stores of quick runs, filled in this process, and what lies in them."""

from pathlib import Path
from typing import Any

import pytest
from quick_runs import CHOSEN, OTHER, SHIPPED, quick

from sim.runs import chunks, store_tables, writer
from sim.runs import parts as stretches
from sim.runs.batch import BatchOptions, BatchResult, fill_store
from sim.runs.replicate import Simulate
from sim.runs.request import Request
from sim.runs.workers import Serial

RUNS = 10


def ran(folder: Path, request: Request, simulate: Simulate = quick, **watch: Any) -> BatchResult:
    """What a batch of quick runs in this process did."""
    return fill_store(folder, request, Serial(), BatchOptions(simulate=simulate, **watch))


def fill(folder: Path, replicates: int = RUNS) -> BatchResult:
    """The same of two scenarios."""
    return ran(folder, Request([CHOSEN, OTHER], replicates))


def parts(store: Path) -> dict[str, bytes]:
    """Every part of a store."""
    return {str(p.relative_to(store)): p.read_bytes() for p in sorted(store.glob("*/*.parquet"))}


def make_parts_small(patch: pytest.MonkeyPatch) -> None:
    """Parts of 4 replicates and three outcomes, joined from 2 chunks, so that there are many."""
    few = [o for o in SHIPPED if o.name in ("deaths", "crossings", "delay_to_contact_h")]
    patch.setattr(store_tables, "outcomes_on", lambda ground: few)
    patch.setattr(stretches, "BLOCK", 4)
    patch.setattr(chunks, "STRIDE", 4)
    patch.setattr(writer, "JOIN_AT", 2)
