"""However the lab ends, its batch keeps finished runs."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("websockets")

from lab_stores import eventually, runs
from websockets.sync.client import connect
from websockets.typing import Origin

from sim.runs.store import Store

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_lab_that_is_ended_stops_its_batch(
    tmp_path: Path, shorts: list[Path], number: signal.Signals
) -> None:
    """Also where its terminal is closed: no cry, the hint how to go on, a store in order."""
    store = tmp_path / "s"
    command = ["lab", str(store), str(shorts[0]), "--jobs", "1", "--port", "0", "--no-open"]
    lab = subprocess.Popen(
        [sys.executable, "-m", "sim", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )
    assert lab.stdout is not None
    address = lab.stdout.readline().split()[4].removeprefix("http://").rstrip("/")
    with connect(f"ws://{address}/ws", origin=Origin(f"http://{address}")) as tab:
        tab.send(json.dumps({"do": "start", "scenarios": ["plain"], "replicates": 5000}))
        eventually(lambda: runs(store) > 0)
        lab.send_signal(number)
        _, said = lab.communicate(timeout=90)
    assert lab.returncode == 128 + signal.SIGTERM
    assert said.startswith(f"Finished work is kept in {store}. Continue with:\n  panj batch")
    assert "Traceback" not in said
    assert Store.open(store).complete
