"""The view and the lab on real servers, here and by a link, and how to ask them anything at all."""

import http.client
import socket
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from sim.lab.choices import load_choices
from sim.lab.controller import Controller, LabOptions
from sim.lab.run_speed import RunSpeed
from sim.lab.server import app as lab_app
from sim.serving.server import Listener, listen, serve
from sim.viewer.server import app as view_app
from sim.viewer.session import InitialView

PATHS = {
    "view": ("/", "/panj.js", "/panj.css", "/basemap.json", "/favicon.ico"),
    "lab": ("/", "/lab.js", "/view/panj.css", "/found", "/picture", "/report.html", "/years.csv",
            "/contrasts.csv", "/favicon.ico"),
}  # fmt: skip
"""What each page has."""

HERE, ANYWHERE = "127.0.0.1", "0.0.0.0"


class Served(NamedTuple):
    """A page that is served, ``"view"`` or ``"lab"``, and where."""

    name: str
    place: Listener

    @property
    def host(self) -> str:
        """As a browser on this machine asks for it, wherever it listens."""
        return f"{HERE}:{self.place.port}"

    @property
    def cookie(self) -> dict[str, str]:
        """What the link has left in a browser; nothing where it has no secret."""
        token = self.place.token
        return {"cookie": f"panj-{self.place.port}={token}"} if token else {}


class Answer(NamedTuple):
    """An answer, with lower-case names of headers."""

    status: int
    body: bytes
    headers: dict[str, str]


def serving(name: str, host: str, folder: Path) -> Served:
    """Serve the page of that name until the tests end."""
    if name == "view":
        app = view_app(InitialView("baseline", None, 1, ["days=2"]))
    else:
        app = lab_app(
            Controller(LabOptions(folder / "store", jobs=1), load_choices(()), RunSpeed())
        )
    place = listen(0, host)
    threading.Thread(target=serve, args=(app, place), daemon=True).start()
    return Served(name, place)


def ask(
    served: Served, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> Answer:
    """Ask for a path as it is written, with these headers and no others but the host."""
    given = {"host": served.host, **(headers or {})}
    with closing(http.client.HTTPConnection(HERE, served.place.port, timeout=30)) as connection:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for each in given.items():
            connection.putheader(*each)
        connection.endheaders()
        told = connection.getresponse()
        return Answer(told.status, told.read(), {k.lower(): v for k, v in told.getheaders()})


def silent(served: Served, said: bytes = b"") -> socket.socket:
    """A connection that says so much and no more."""
    opened = socket.create_connection((HERE, served.place.port), timeout=30)
    opened.sendall(said)
    return opened


def dripped(connection: socket.socket, said: bytes) -> None:
    """Say something letter by letter."""
    for letter in said:
        connection.sendall(bytes([letter]))
        time.sleep(0.02)


def ended(connection: socket.socket) -> bool:
    """Whether the server ends a connection, or has done so."""
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True
