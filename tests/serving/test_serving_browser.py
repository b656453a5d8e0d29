"""The link and the door in a real browser: who has it sees the page, other pages get nothing."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")
pytest.importorskip("starlette")

from browsing import until, watched
from playwright.sync_api import Browser, Page
from served_pages import ANYWHERE, HERE, Served, serving

STANDS = {"view": "!!window.panj?.session?.ready", "lab": "!!window.lab?.batch?.state"}

FOREIGN = """<!doctype html><title>elsewhere</title><script type="module">
const there = "AT", got = [];
const tried = (name, load) => new Promise((done) => {
  load((how) => { if (how) got.push(name); done(); });
  setTimeout(done, 4000);
});
const element = (tag, path) => tried(tag, (end) => {
  const one = document.createElement(tag);
  one.onload = () => end(true);
  one.onerror = () => end(false);
  if (tag === "link") [one.rel, one.href] = ["stylesheet", there + path];
  else one.src = there + path;
  document.body.append(one);
});
await Promise.all([
  tried("websocket", (end) => {
    const socket = new WebSocket(there.replace("http", "ws") + "/ws");
    socket.onopen = socket.onmessage = () => end(true);
    socket.onclose = () => end(false);
  }),
  ...["/", "/STYLE", "/report.html", "/basemap.json"].flatMap((path) => [
    tried(`fetch ${path}`, (end) => fetch(there + path, { credentials: "include" })
      .then(() => end(true), () => end(false))),
    tried(`opaque ${path}`, (end) => fetch(there + path,
      { mode: "no-cors", credentials: "include" }).then(() => end(true), () => end(false)))]),
  element("script", "/SCRIPT"), element("link", "/STYLE"), element("img", "/favicon.ico"),
]);
const frame = document.createElement("iframe");
frame.src = there + "/";
document.body.append(frame);
await new Promise((done) => { frame.onload = done; setTimeout(done, 4000); });
try {
  if (frame.contentDocument?.querySelector("script")) got.push("iframe");
} catch { /* of another origin */ }
window.got = got;
</script><body></body>"""
"""A page that tries to get at the one at AT by all means that a page has."""

FILES = {
    "view": ("panj.css", "uPlot.iife.min.js"),
    "lab": ("view/panj.css", "view/uPlot.iife.min.js"),
}


@pytest.fixture(scope="module", params=["view", "lab"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """View and lab as other machines reach them."""
    return serving(request.param, ANYWHERE, tmp_path_factory.mktemp("served"))


@pytest.fixture
def foreign(served: Served) -> Iterator[int]:
    """The port of a server with a page of somebody else."""
    style, script = FILES[served.name]
    text = FOREIGN.replace("AT", f"http://{served.host}")
    text = text.replace("STYLE", style).replace("SCRIPT", script)

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((HERE, 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def opened_by_link(page: Page, served: Served) -> None:
    """Follow the link that the terminal shows."""
    page.goto(f"http://{served.host}/?token={served.place.token}")
    page.wait_for_url(lambda url: "token" not in url)
    until(page, STANDS[served.name])


def test_the_link_opens_the_page_and_leaves_no_secret_in_sight(
    chromium: Browser, served: Served
) -> None:
    """It works, again after a reload; address bar, history and scripts know nothing of it."""
    with watched(chromium) as page:
        opened_by_link(page, served)
        for _ in range(2):
            assert served.place.token not in page.evaluate("location.href + document.cookie")
            assert page.evaluate("document.referrer + document.cookie") == ""
            page.reload()
            until(page, STANDS[served.name])


def test_without_the_link_a_sentence_is_shown(chromium: Browser, served: Served) -> None:
    """It says where the link is."""
    page = chromium.new_page()
    page.goto(f"http://{served.host}/")
    assert (
        page.inner_text("body").strip()
        == "This page opens only by the link that the terminal shows."
    )
    page.close()


@pytest.mark.parametrize("name", [HERE, "localhost"])
def test_a_page_of_somebody_else_gets_nothing(
    chromium: Browser, served: Served, foreign: int, name: str
) -> None:
    """No talk, no text, no script, no style, no frame: on another port, and on another host, in a
    browser that has the cookie."""
    context = chromium.new_context()
    page = context.new_page()
    opened_by_link(page, served)
    page.goto(f"http://{name}:{foreign}/")
    until(page, "!!window.got")
    assert page.evaluate("got") == []
    page.goto(
        f"http://{served.host}/"
    )  # the cookie is there: without the door it would have let in
    until(page, STANDS[served.name])
    context.close()
