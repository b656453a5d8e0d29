"""Clear the cache of draws around experiments that draw in another way."""

from collections.abc import Iterator
from contextlib import contextmanager

from sim.engine.draws import remembered


@contextmanager
def forgetting() -> Iterator[None]:
    """Forget all cached draws, before and after the block."""
    remembered.cache_clear()
    try:
        yield
    finally:
        remembered.cache_clear()
