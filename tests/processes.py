"""Processes of this machine, as the tests of background work look at them."""

import os
import time
from pathlib import Path

PATIENCE_S = 60.0


def unwatched() -> dict[str, str]:
    """The environment of a process whose branches are not measured: it imports nothing unasked."""
    return {name: value for name, value in os.environ.items() if "COVERAGE" not in name}


def parents() -> dict[int, int]:
    """The parent of every process that has not ended."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it has just ended
        if state != "Z":  # one that nobody buries has ended, too
            found[int(folder.name)] = int(parent)
    return found


def below(pid: int) -> set[int]:
    """All that a process has started, and they."""
    every = parents()
    found: set[int] = set()
    new = {pid}
    while new:
        found |= new
        new = {child for child, parent in every.items() if parent in new} - found
    return found - {pid}


def gone(*pids: int) -> bool:
    """Whether these processes end within the patience."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if not parents().keys() & set(pids):
            return True
        time.sleep(0.02)
    return False
