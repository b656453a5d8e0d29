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

_LOGGERS: Final = ("distributed", "distributed.client", "tornado.application")
"""Loggers that report a lost scheduler with tracebacks; the batch reports it in one message."""


@contextmanager
def cluster(address: str) -> Iterator[ExternalExecutor]:
    """Connect to a scheduler. Raises :class:`sim.errors.PanjError` where none answers.

    The scheduler restarts a task whose worker died; a task that keeps losing its workers raises
    ``KilledWorker``.
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
    logs = [logging.getLogger(name) for name in _LOGGERS]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL)
    try:
        executor: Executor = client.get_executor(pure=False)
        width = max(1, sum(client.nthreads().values()))
        yield ExternalExecutor(executor, width, (KilledWorker,), replaces_workers=True)
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
            remedy="Start one with 'dask scheduler', and give its address: tcp://HOST:PORT.",
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
