"""The view's server: for several tabs at once, and it outlives every mistake."""

import gc
import json
import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("websockets")

from starlette.testclient import TestClient, WebSocketTestSession
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from sim.frontier.basemap import CREDIT
from sim.viewer import server
from sim.viewer.session import InitialView, Session

SHORT = InitialView("baseline", None, 1, ["days=5"])
SOCKET = "/ws"
SHOWN = '{"do": "open", "scenario": "baseline"}'


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    """A page and a script."""
    (tmp_path / "index.html").write_text("<!doctype html><title>view</title>")
    (tmp_path / "view.js").write_text("export {}")
    return tmp_path


@pytest.fixture
def client(assets: Path) -> Iterator[TestClient]:
    """A client of the application, which no door guards."""
    with TestClient(server.app(SHORT, assets=assets)) as found:
        yield found


def ask(tab: WebSocketTestSession, text: str) -> dict[str, object]:
    """Send a message; the first answer."""
    tab.send_text(text)
    answer: dict[str, object] = json.loads(tab.receive_text())
    return answer


def test_the_page_and_its_files_are_there(client: TestClient) -> None:
    """The page at the root, a module as JavaScript, no icon, and nothing else."""
    page = client.get("/")
    assert page.status_code == 200
    assert "view" in page.text
    assert "javascript" in client.get("/view.js").headers["content-type"]
    assert client.get("/basemap.json").json()["credit"] == CREDIT
    assert client.get("/favicon.ico").status_code == 204
    assert client.get("/nothing").status_code == 404


def test_a_tab_plays(client: TestClient) -> None:
    """Catalogue, ground, stretches: the conversation of the page."""
    with client.websocket_connect(SOCKET) as tab:
        assert json.loads(tab.receive_text())["first"]["scenario"] == "baseline"
        assert ask(tab, SHOWN)["is"] == "ground"
        told = ask(tab, '{"do": "more", "until": 2}')
        assert (told["is"], told["t1"], told["over"]) == ("stretch", 2.0, False)
        assert ask(tab, '{"do": "more", "until": 9}')["over"] is True


def test_mistakes_are_told_and_outlived(client: TestClient) -> None:
    """An unknown message, too long a one, and bytes: an error each, and the tab plays on."""
    with client.websocket_connect(SOCKET) as tab:
        tab.receive_text()
        ask(tab, SHOWN)
        assert "does not know" in str(ask(tab, '{"do": "dance"}')["text"])
        assert "at most" in str(ask(tab, "x" * 70_000)["text"])
        tab.send_bytes(b"\x00\x01")
        assert "not JSON" in json.loads(tab.receive_text())["text"]
        assert ask(tab, '{"do": "more", "until": 1}')["t1"] == 1.0


def test_a_fault_of_the_program_gets_a_message_and_the_session_continues(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The terminal gets the traceback, the page a sentence, and both continue."""

    def broken(self: Session, message: object) -> None:
        raise RuntimeError("a wheel came off")

    with client.websocket_connect(SOCKET) as tab:
        tab.receive_text()
        with monkeypatch.context() as patched:
            patched.setattr(Session, "_move_lever", broken)
            ask(tab, SHOWN)
            told = ask(tab, '{"do": "lever", "key": "x", "value": 0}')
        assert "made a mistake" in str(told["text"])
        assert "a wheel came off" in caplog.text
        assert ask(tab, '{"do": "more", "until": 1}')["t1"] == 1.0


def test_tabs_have_worlds_of_their_own(client: TestClient) -> None:
    """What one tab does, another does not see."""
    with client.websocket_connect(SOCKET) as one, client.websocket_connect(SOCKET) as two:
        for tab in (one, two):
            tab.receive_text()
            ask(tab, SHOWN)
        assert ask(one, '{"do": "more", "until": 3}')["t0"] == 0.0
        assert ask(two, '{"do": "more", "until": 1}')["t0"] == 0.0
        assert ask(one, '{"do": "more", "until": 4}')["t0"] == 3.0


def test_a_tab_that_closes_frees_its_model(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it goes in the middle of a question."""
    kept: list[weakref.ref[object]] = []

    class Watched(Session):
        def answer(self, text: str) -> list[dict[str, object]]:
            answers = super().answer(text)
            kept.extend(weakref.ref(world.model) for world in self._worlds.values())
            return answers

    monkeypatch.setattr(server, "Session", Watched)
    with client.websocket_connect(SOCKET) as tab:
        tab.receive_text()
        ask(tab, SHOWN)
        tab.send_text('{"do": "more", "until": 5}')
    gc.collect()
    assert kept
    assert [model() for model in kept] == [None] * len(kept)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A view started from a command line, on any free port; it ends well when interrupted."""
    code = "from sim.cli.view import view; view()"
    arguments = ["baseline", "--set", "days=30", "--port", "0", "--no-open"]
    started = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert started.stdout is not None
    line = started.stdout.readline()
    assert line.startswith("Watch at http://127.0.0.1:"), (line, started.communicate())
    yield line.split()[2].removeprefix("http://").rstrip("/")
    started.send_signal(signal.SIGINT)
    _, complaints = started.communicate(timeout=20)
    assert started.returncode == 0, complaints
    assert "Traceback" not in complaints


@contextmanager
def open_tab(address: str) -> Iterator[ClientConnection]:
    """A real connection, past the catalogue."""
    own = Origin(f"http://{address}")
    with connect(f"ws://{address}/ws", origin=own, max_size=None) as tab:
        assert json.loads(tab.recv())["is"] == "catalogue"
        yield tab


def test_a_real_server_outlives_rude_browsers(address: str) -> None:
    """One leaves in the middle; another plays to its end."""
    with open_tab(address) as rude, open_tab(address) as tab:
        rude.send(SHOWN)
        rude.send('{"do": "more", "until": 30}')
        rude.socket.close()  # without a goodbye
        tab.send(SHOWN)
        assert json.loads(tab.recv())["is"] == "ground"
        tab.send('{"do": "more", "until": 30}')
        assert json.loads(tab.recv())["over"] is True
