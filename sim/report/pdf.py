"""Print a page to PDF with Chromium, or with WeasyPrint where there is no Chromium."""

import logging
import os
import re
import subprocess
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Final

from sim.errors import OutputError, output_errors
from sim.runs.store_files import write_file

BROWSERS: Final = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
    "microsoft-edge",
)  # fmt: skip
"""Commands of Chromium, in the order in which they are tried."""

BROWSER_VARIABLE: Final = "PANJ_CHROMIUM"
"""The environment variable that names another browser."""

TIMEOUT_S: Final = 180.0

_FLAGS: Final = (
    "--headless", "--disable-gpu", "--disable-extensions", "--disable-background-networking",
    "--disable-sync", "--no-first-run", "--no-pdf-header-footer", "--hide-scrollbars",
)  # fmt: skip
_DATE: Final = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}([^)]*\))")

type Printer = Callable[[str], bytes]
"""Returns the PDF of a page."""


def find_printer() -> Printer:
    """The printer of this machine. Raise :class:`~sim.errors.OutputError` where there is none."""
    named = os.environ.get(BROWSER_VARIABLE)
    browser = which(named) if named else next(filter(None, map(which, BROWSERS)), None)
    if browser:
        return partial(print_with_browser, browser=browser)
    if named:
        raise OutputError(
            "there is no such browser", key=BROWSER_VARIABLE, value=named,
            remedy="Give the path of a Chromium or Chrome, or unset it.",
        )  # fmt: skip
    if find_spec("weasyprint") is not None:
        return print_with_weasyprint
    raise OutputError(
        "a PDF needs Chromium or WeasyPrint, and neither was found",
        remedy=f"Install Chromium or Chrome, or name one in {BROWSER_VARIABLE}; or 'pip install "
        "panj[pdf]'. You can also open the page in any browser and print it from there.",
    )


def write_pdf(page: str, target: Path, printer: Printer) -> int:
    """Print a page to a file, whole or not at all; return its size, bytes."""
    content = printer(page)
    write_file(target, content)
    return len(content)


def print_with_browser(page: str, browser: str) -> bytes:
    """The page as Chromium prints it, without the date. Raise ``OutputError`` where it fails."""
    with TemporaryDirectory(prefix="panj-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        with output_errors(source):
            source.write_text(page, "utf-8")
        # a browser does not start for the superuser with a sandbox
        root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        command = [
            browser, *_FLAGS, *root, f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}", source.as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S,
                check=False,
            )  # fmt: skip
            reason = next(iter(done.stderr.strip().splitlines()[-1:]), "")
        except subprocess.TimeoutExpired:
            reason = f"it took longer than {TIMEOUT_S:g} s"
        except OSError as error:
            reason = str(error)
        content = target.read_bytes() if target.is_file() else b""
    if not content.startswith(b"%PDF-"):
        raise OutputError(
            f"the browser printed nothing{f': {reason}' if reason else ''}", value=browser,
            remedy=f"Open the page in a browser and print it from there, or name another browser "
            f"in {BROWSER_VARIABLE}.",
        )  # fmt: skip
    return _DATE.sub(rb"\g<1>20000101000000\2", content)


def print_with_weasyprint(page: str) -> bytes:
    """The page as WeasyPrint prints it. Raise ``OutputError`` where it cannot be loaded."""
    try:
        from weasyprint import HTML
    except OSError as error:  # its drawing libraries are missing
        raise OutputError(
            f"WeasyPrint cannot be loaded: {error}",
            remedy="Install the libraries that it names, or Chromium.",
        ) from error
    # it warns of every SVG property that CSS does not know, and draws the figure all the same
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    content: bytes = HTML(string=page).write_pdf()
    return content
