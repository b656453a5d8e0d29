"""Attacks on the view and the lab as they are served: each is refused, and the page outlives it."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

pytest.importorskip("starlette")
pytest.importorskip("websockets")

from served_pages import (
    ANYWHERE,
    HERE,
    PATHS,
    Answer,
    Served,
    ask,
    dripped,
    ended,
    serving,
    silent,
)
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from sim.serving import access, page, server
from sim.serving.messages import LARGEST

PLACES = [(name, host) for name in ("view", "lab") for host in (HERE, ANYWHERE)]


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Served]:
    """View and lab, each for this machine only and for others by a link."""
    folder = tmp_path_factory.mktemp("served")
    return {(name, host): serving(name, host, folder) for name, host in PLACES}


@pytest.fixture(params=PLACES, ids=lambda each: f"{each[0]}-{each[1]}")
def served(
    every: dict[tuple[str, str], Served], request: pytest.FixtureRequest
) -> Iterator[Served]:
    """Each of them; after every attack it answers as before."""
    found: Served = every[request.param]
    yield found
    assert ask(found, "/", found.cookie).status == 200


@pytest.fixture(params=["view", "lab"])
def by_link(every: dict[tuple[str, str], Served], request: pytest.FixtureRequest) -> Served:
    """Those that other machines reach."""
    return every[request.param, ANYWHERE]


@contextmanager
def tab(served: Served, headers: dict[str, str] | None = None) -> Iterator[ClientConnection]:
    """A talk as the page begins it, past the catalogue."""
    given = {"origin": f"http://{served.host}", **served.cookie, **(headers or {})}
    with connect(f"ws://{served.host}/ws", additional_headers=given, max_size=None) as opened:
        assert json.loads(opened.recv())["is"] == "catalogue"
        yield opened


def refused(answer: Answer, served: Served) -> bool:
    """Whether an answer is the one sentence, with nothing of the page."""
    told = access.BY_LINK if served.place.token else access.HERE
    return (answer.status, answer.body.decode()) == (403, told)


def kept_out(served: Served, headers: dict[str, str]) -> bool:
    """Whether a talk is refused before it begins."""
    try:
        with connect(f"ws://{HERE}:{served.place.port}/ws", additional_headers=headers):
            return False
    except InvalidStatus as error:
        return error.response.status_code in (400, 403)


# -- other pages and other names -----------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:PORT"},
        {"host": "127.0.0.1.evil.example:PORT"},
        {"host": "127.0.0.1:1"},
        {"host": "127.0.0.1"},
        {"host": ""},
        {"origin": "http://evil.example"},
        {"origin": "http://evil.example:PORT"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "https://127.0.0.1:PORT"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://localhost:PORT"},
        {"sec-fetch-site": "cross-site", "sec-fetch-dest": "image"},
        {"sec-fetch-site": "same-site", "sec-fetch-dest": "iframe"},
        {"sec-fetch-site": "cross-site", "sec-fetch-dest": "empty"},
    ],
    ids=str,
)
def test_other_pages_and_names_start_and_read_nothing(
    served: Served, headers: dict[str, str]
) -> None:
    """Not by a name made to point here, not by origin, not as a part of a page of somebody else;
    also where the browser has the cookie."""
    port = str(served.place.port)
    given = {name: value.replace("PORT", port) for name, value in headers.items()}
    for path in PATHS[served.name]:
        assert refused(ask(served, path, {**served.cookie, **given}), served)
    if "host" not in given:
        assert kept_out(served, {**served.cookie, **given})


def test_its_own_page_is_let_in(served: Served) -> None:
    """By number and by name, with the origin of that name, and by a link in somebody's notes."""
    for name in (HERE, "localhost"):
        host = f"{name}:{served.place.port}"
        own = {"host": host, "origin": f"http://{host}", **served.cookie}
        assert ask(served, "/", own).status == 200
    link = {"sec-fetch-site": "cross-site", "sec-fetch-dest": "document"}
    assert ask(served, "/", {**link, **served.cookie}).status == 200
    with tab(served):
        pass


def test_nothing_is_loaded_from_elsewhere_or_shown_elsewhere(served: Served) -> None:
    """Every answer says so, the refusals too; none names the program that serves it."""
    for path in (*PATHS[served.name], "/nothing"):
        for headers in (served.cookie, {"origin": "null"}):
            told = ask(served, path, headers).headers
            assert {name: told[name] for name in access.HEADERS} == access.HEADERS
            assert "server" not in told
    rules = dict(
        rule.split(" ", 1) for rule in access.HEADERS["content-security-policy"].split("; ")
    )
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "script-src" not in rules


def test_a_talk_with_an_endless_head_is_refused(served: Served) -> None:
    """A long line, a long address, many lines: answered at once and ended."""
    begun = (
        f"GET /ws HTTP/1.1\r\nhost: {served.host}\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    )
    for more in ("x: " + "y" * 9000 + "\r\n", "x: y\r\n" * 200):
        with silent(served, f"{begun}{more}\r\n".encode()) as connection:
            assert ended(connection)
    with silent(served, f"{begun}\r\n".replace("/ws", "/ws?" + "a" * 9000).encode()) as connection:
        assert ended(connection)


# -- the secret of the link ----------------------------------------------------------------------


def test_this_machine_needs_no_secret_and_others_have_a_long_one(
    every: dict[tuple[str, str], Served],
) -> None:
    """It is in the link, another for each start, and in nothing that a log would show."""
    tokens = {where: served.place.token for where, served in every.items()}
    assert [bool(tokens[name, host]) for name, host in PLACES] == [False, True] * 2
    for name in ("view", "lab"):
        place = every[name, ANYWHERE].place
        assert len(place.token) >= 43
        assert place.link.endswith(f":{place.port}/?token={place.token}")
        assert place.token not in repr(place)
    assert tokens["view", ANYWHERE] != tokens["lab", ANYWHERE]


def test_without_the_secret_nothing_is_told(by_link: Served) -> None:
    """What is there and what is not look the same; a wrong secret is as good as none."""
    token = by_link.place.token
    wrong = ("", "x", token[:-1], f"{token}x", token.swapcase(), "ü", "\u0000", "%", "a" * 20_000)
    for path in (*PATHS[by_link.name], "/nothing", "/../server.py", "/ws"):
        assert refused(ask(by_link, path), by_link)
    for secret in wrong:
        coded = secret.encode().hex("%")
        assert refused(ask(by_link, f"/?token=%{coded}" if coded else "/?token="), by_link)
        if secret.isascii() and secret.isprintable():
            cookie = {"cookie": f"panj-{by_link.place.port}={secret}"}
            assert refused(ask(by_link, "/", cookie), by_link)
            assert kept_out(by_link, cookie)
    assert kept_out(by_link, {"origin": f"http://{by_link.host}"})
    assert refused(ask(by_link, "/", {"cookie": f"panj-1={token}"}), by_link)


def test_the_secret_is_compared_in_the_same_time_wherever_it_differs(
    by_link: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By ``hmac.compare_digest``, in the link, the cookie and the talk."""
    compared: list[bytes] = []

    def noted(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return one == other

    monkeypatch.setattr(access, "compare_digest", noted)
    ask(by_link, "/?token=a")
    ask(by_link, "/", {"cookie": f"panj-{by_link.place.port}=b"})
    kept_out(by_link, {"cookie": f"panj-{by_link.place.port}=c"})
    assert {b"a", b"b", b"c"} <= set(compared)


def test_the_link_leaves_a_cookie_that_opens_everything(by_link: Served) -> None:
    """No script can read it and no other page sends it; the page that stays has a clean address."""
    token = by_link.place.token
    first = ask(by_link, f"/?token={token}")
    cookie, *marks = first.headers["set-cookie"].split("; ")
    assert cookie == f"panj-{by_link.place.port}={token}"
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(marks)
    assert token.encode() not in first.body
    assert b'content="0; url=/"' in first.body
    for path in PATHS[by_link.name]:
        told = ask(by_link, path, {"cookie": cookie})
        assert not refused(told, by_link)
        assert "set-cookie" not in told.headers
        assert not refused(ask(by_link, f"{path}?token={token}"), by_link)  # for a program
    with connect(f"ws://{by_link.host}/ws?token={token}") as opened:
        assert json.loads(opened.recv())["is"] == "catalogue"


def test_an_address_of_somebody_else_is_refused_and_a_name_is_not_guessed() -> None:
    """The message says what to give."""
    for host in ("203.0.113.7", "no such name", "x" * 80):
        with pytest.raises(server.PanjError, match=r"host = .*not an address of this machine"):
            server.listen(0, host)


def test_a_port_in_use_is_told() -> None:
    """The message names the port and the way out."""
    with server.listen(0).socket as taken:
        port = taken.getsockname()[1]
        assert taken.getsockname()[0] == HERE
        with pytest.raises(server.PanjError, match=rf"port = {port}: cannot be used.*--port 0"):
            server.listen(port)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
def test_what_only_this_machine_reaches_has_no_secret(host: str) -> None:
    """However it is written."""
    place = server.listen(0, host)
    with place.socket:
        assert place.link == f"http://{host}:{place.port}/"


# -- the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/../server.py", "/../../errors.py", "/%2e%2e/server.py", "/%2e%2e/%2e%2e/errors.py",
        "/..%2f..%2ferrors.py", "/..%5c..%5cerrors.py", "/....//server.py", "//etc/passwd",
        "/view/../../server.py", "/view/%2e%2e/%2e%2e/viewer/server.py", "/view//etc/passwd",
        "/%2fetc%2fpasswd", "/%00", "/%00/../server.py", "/lab.js%00.html", "/.", "/..", "/%ff",
        "/..%c0%af..%c0%afserver.py", "/view/..%2f..%2f..%2f..%2fetc%2fpasswd", "/server.py",
        "/~", "/a" * 3000,
    ],
)  # fmt: skip
def test_no_other_file_is_read(served: Served, path: str) -> None:
    """Whatever the path, there is the page's own folder and nothing else."""
    told = ask(served, path, served.cookie)
    own = told.status == 200 and b"<!doctype html>" in told.body
    assert own or told.status in (307, 400, 404), told
    assert b"import" not in told.body
    assert b"root:" not in told.body


def test_pages_are_read_and_not_written(served: Served) -> None:
    """Other methods are refused on all that is there."""
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "dance"):
        for path in PATHS[served.name]:
            assert ask(served, path, served.cookie, method).status == 405, (method, path)


# -- too much, too slowly ------------------------------------------------------------------------


@pytest.mark.thorough
def test_who_asks_slowly_is_cut_off(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silent, in the middle of a head, letter by letter, in the middle of a body, and after a
    whole question; a talk that says nothing goes on."""
    monkeypatch.setattr(server, "REQUEST_SECONDS", 0.3)
    cookie = "".join(f"{name}: {value}\r\n" for name, value in served.cookie.items())
    whole = f"GET /favicon.ico HTTP/1.1\r\nhost: {served.host}\r\n{cookie}"
    with tab(served) as talk, ExitStack() as open_ones:
        said = ("", "G", whole, f"{whole}\r\nGET / HT",
                whole.replace("GET", "POST") + "content-length: 900\r\n\r\nx")  # fmt: skip
        slow = [open_ones.enter_context(silent(served, each.encode())) for each in said]
        drop = open_ones.enter_context(silent(served))
        with pytest.raises(OSError, match=r"reset|Broken"):
            dripped(drop, (whole + "x: " + "y" * 4000).encode())
        assert all(map(ended, slow))
        talk.send('{"do": "dance"}')
        while (told := json.loads(talk.recv()))["is"] != "error":
            pass
        assert "does not know" in told["text"]


def test_many_silent_connections_keep_nobody_out(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that have been silent for longest go, however many there are."""
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 10)
    with tab(served) as talk, ExitStack() as open_ones:
        crowd = [open_ones.enter_context(silent(served, b"GET /")) for _ in range(60)]
        assert ask(served, "/", served.cookie).status == 200
        assert all(ended(one) for one in crowd[:45])
        talk.send("{}")
        talk.recv()


def test_so_many_tabs_and_no_more(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is refused with a reason; when another is closed there is room."""
    monkeypatch.setattr(page, "MOST_TABS", 2)
    with tab(served), ExitStack() as other:
        other.enter_context(tab(served))
        given = {"origin": f"http://{served.host}", **served.cookie}
        with connect(f"ws://{served.host}/ws", additional_headers=given) as third:
            with pytest.raises(ConnectionClosed) as closed:
                third.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1013
            assert "2 tabs are open" in closed.value.rcvd.reason
        other.close()
        for _ in range(200):
            try:
                with tab(served):
                    return
            except ConnectionClosed:
                time.sleep(0.02)  # it takes a moment until the server has seen it go
        raise AssertionError("no tab was let in again")


def test_long_messages_are_refused_and_end_no_other_talk(served: Served) -> None:
    """Beyond what is read an error tells so; beyond a megabyte the talk is ended, and only it."""
    with tab(served) as flood, tab(served) as other:
        flood.send("x" * (LARGEST + 1))
        while (told := json.loads(flood.recv()))["is"] != "error":
            pass
        assert "at most" in told["text"]
        with suppress(ConnectionClosed):
            flood.send("x" * 3_000_000)
        with pytest.raises(ConnectionClosed):
            list(iter(flood.recv, None))
        other.send("{}")
        other.recv()


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 5,
        b"GET /\r\n\r\n", b"\0" * 100, b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: HOST\r\nx: " + b"y" * 200_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n", b"GET /" + b"a" * 200_000,
        b"GET / HTTP/1.1\r\nhost: HOST\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nhost: evil.example\r\n\r\n",
    ],
    ids=lambda said: repr(said[:30]),
)  # fmt: skip
def test_what_is_not_a_question_is_not_answered_with_the_page(served: Served, said: bytes) -> None:
    """Another protocol, two hosts, endless heads: refused or ended."""
    with silent(served, said.replace(b"HOST", served.host.encode())) as connection:
        connection.settimeout(server.REQUEST_SECONDS + 20)
        try:
            told = connection.recv(65536)
        except OSError:
            told = b""
    assert told == b"" or told.split(b" ")[1] in (b"400", b"403"), told
    assert b"<script" not in told
