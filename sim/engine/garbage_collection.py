"""Python's cyclic garbage collector, kept from running while a run makes thousands of records.

A run only adds: records, agents that leave in cycles, step functions. Walking all of that again
and again finds little and takes a good part of the time. So it rests for a stretch of simulated
time and works once between stretches, which bounds what a long run keeps.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

STRETCH_DAYS = 400.0
"""Simulated time for which the collector rests at most."""


@contextmanager
def collection_paused() -> Iterator[None]:
    """Let the collector rest inside; afterwards it is as it was."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
