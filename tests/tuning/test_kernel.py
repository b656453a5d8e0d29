"""In a kernel: it stays free while years come in, and when it is killed nothing stays behind."""

import os
import re
import time
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager, start_new_kernel

from sim.runs.store import Store

FOLDER = Path(__file__).parent
BEGIN = f"""
import sys; sys.path.insert(0, {str(FOLDER)!r})
import small_world as small
session = small.tuning(None)
session
"""
PATIENCE_SECONDS = 120.0


def said(client: object, code: str) -> str:
    """What a cell prints."""
    words: list[str] = []

    def hear(message: dict) -> None:  # type: ignore[type-arg]
        if message["msg_type"] == "stream":
            words.append(message["content"]["text"])

    reply = client.execute_interactive(  # type: ignore[attr-defined]
        code, output_hook=hear, timeout=PATIENCE_SECONDS
    )
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(words)


def children(pid: int) -> set[int]:
    """Every process below one, by /proc."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def kernel_pid(manager: KernelManager) -> int:
    """Of the kernel."""
    return int(manager.provisioner.process.pid)  # type: ignore[union-attr]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc: processes unseen")
def test_a_kernel_that_is_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    """Cells are answered while years come in and take their places without a call; after a kill
    no process is left, and the store of a batch goes on from what it holds.
    """
    manager, client = start_new_kernel(cwd=str(tmp_path))
    try:
        said(client, BEGIN)
        view = "next(iter(session._views)).answer['share']"
        until = time.monotonic() + PATIENCE_SECONDS
        while float(said(client, f"print({view})")) < 1.0:
            assert time.monotonic() < until, "years never came"
            time.sleep(0.2)
        until = time.monotonic() + PATIENCE_SECONDS
        said(client, "session.move({'patrols.p_sight': 0.4}); session.batch_soon('tuned', 3000)")
        while not re.search(r"tuned: [1-9]\d* of", said(client, "print(session.note)")):
            assert time.monotonic() < until, "the batch never began"
            time.sleep(0.2)
        below = children(kernel_pid(manager))
        assert len(below) >= 2
    finally:
        manager.shutdown_kernel(now=True)
        client.stop_channels()
    until = time.monotonic() + PATIENCE_SECONDS
    while left := {pid for pid in below if _lives(pid)}:
        assert time.monotonic() < until, left
        time.sleep(0.2)
    store = Store.open(tmp_path / "tuned")
    there = {name: len(store.finished(name)) for name in ("baseline", "tuned")}
    again, client = start_new_kernel(cwd=str(tmp_path))
    try:
        said(client, BEGIN.replace("\nsession\n", "\n"))
        move = "session.move({'patrols.p_sight': 0.4}, trial=True)"
        most = max(there.values()) + 1
        said(client, f"{move}; session.batch('tuned', {most}, executor='serial'); session.close()")
    finally:
        again.shutdown_kernel(now=True)
        client.stop_channels()
    store = Store.open(tmp_path / "tuned")
    assert all(len(store.finished(name)) >= most for name in ("baseline", "tuned"))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
