"""Worlds in which draws are made otherwise: nothing is remembered into them or out of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sim.engine.draws import remembered


@contextmanager
def forgetting() -> Iterator[None]:
    """Forget what was read of any seed, before and after."""
    remembered.cache_clear()
    try:
        yield
    finally:
        remembered.cache_clear()
