"""Chunks on a Dask cluster, reached by the address of its scheduler."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, Final

from sim.errors import PanjError
from sim.runs.workers import ExternalExecutor

PATIENCE_SECONDS: Final = 20
"""How long to wait for the scheduler, and then for its first worker."""

_NOISY: Final = ("distributed", "distributed.client", "tornado.application")
"""Loggers that tell of a scheduler that is gone, each in its own words."""


@contextmanager
def cluster(address: str) -> Iterator[ExternalExecutor]:
    """Connect to a scheduler; a :class:`sim.errors.PanjError` where nobody answers.

    The scheduler starts a task again that lost its worker; one that goes on losing workers
    comes back as ``KilledWorker``.
    """
    try:
        from dask.distributed import Client, KilledWorker
    except ImportError as error:
        raise PanjError(
            "a cluster needs the library dask.distributed",
            key="--cluster",
            value=address,
            remedy="Install it: pip install 'panj[cluster]'.",
        ) from error
    client = _connected(Client, address)
    # It tells of a scheduler that is gone with tracebacks; the batch does in one message.
    logs = [logging.getLogger(name) for name in _NOISY]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL)
    try:
        executor: Executor = client.get_executor(pure=False)
        width = max(1, sum(client.nthreads().values()))
        yield ExternalExecutor(executor, width, (KilledWorker,), mends_itself=True)
        executor.shutdown(wait=False)
    finally:
        client.close()
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)


def _connected(kind: Any, address: str) -> Any:
    try:
        client = kind(address, timeout=PATIENCE_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise PanjError(
            f"no scheduler answers ({error})",
            key="--cluster",
            value=address,
            remedy="Start one with 'dask scheduler', and name its address: tcp://HOST:PORT.",
        ) from error
    try:
        client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
    except TimeoutError as error:
        client.close()
        raise PanjError(
            "the scheduler has no workers",
            key="--cluster",
            value=address,
            remedy=f"Start some: dask worker {address} --nthreads 1 --nworkers -1.",
        ) from error
    return client
