"""Pause Python's cyclic garbage collector while a run makes thousands of records.

A run only adds objects: records, agents that leave in cycles, step functions. Scanning them again
and again finds little and takes a good part of the time. So the collector pauses for a stretch of
simulated time and works once between stretches, which bounds the memory of a long run.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

STRETCH_DAYS = 400.0
"""Longest simulated time for which the collector pauses."""


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the collector inside the block; restore its state afterwards."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
