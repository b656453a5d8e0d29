"""The years behind a real server: none is left when it stops, however it stops."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("websockets")

from processes import PATIENCE_S, below, gone
from websockets.sync.client import ClientConnection, connect

pytestmark = pytest.mark.thorough

CODE = "from sim.cli.view import view; view()"


def years_run(tab: ClientConnection) -> dict[str, object]:
    """The comparison once some years are in."""
    end = time.monotonic() + PATIENCE_S
    told: dict[str, object] = {}
    while time.monotonic() < end:
        tab.send('{"do": "odds"}')
        told = json.loads(tab.recv())
        if told["is"] == "odds" and told["years"]:
            return told
        time.sleep(0.05)
    raise AssertionError(told)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=str)
def test_no_process_outlives_the_server(ending: signal.Signals, tmp_path: Path) -> None:
    """Interrupted, ended or killed in the middle of the years; the years go, too, if they can."""
    arguments = ["baseline", "--against", "triggered", "--set", "days=20", "--port", "0"]
    started = subprocess.Popen(
        [sys.executable, "-c", CODE, *arguments, "--no-open"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(tmp_path)},
    )
    assert started.stdout is not None
    address = started.stdout.readline().split()[2].removeprefix("http://").rstrip("/")
    with connect(f"ws://{address}/ws") as tab:
        tab.recv()
        tab.send('{"do": "open", "scenario": "baseline", "against": "triggered"}')
        tab.recv(), tab.recv()
        tab.send('{"do": "odds", "years": 2000}')
        tab.recv()
        years_run(tab)
        family = below(started.pid)
        assert family
        started.send_signal(ending)
        _, complaints = started.communicate(timeout=PATIENCE_S)
    assert gone(*family)
    assert "Traceback" not in complaints
    if ending == signal.SIGINT:
        assert started.returncode == 0
    if ending != signal.SIGKILL:
        assert not list(tmp_path.glob("panj-odds-*"))
