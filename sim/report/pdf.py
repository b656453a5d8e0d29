"""A page on paper: printed to PDF by Chromium, or by WeasyPrint where there is no Chromium."""

import logging
import os
import re
import subprocess
from collections.abc import Callable
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
"""Commands by which a Chromium is called, in the order in which they are looked for."""

BROWSER_VARIABLE: Final = "PANJ_CHROMIUM"
"""The variable of the environment that names another."""

TIMEOUT_S: Final = 180.0

_FLAGS: Final = (
    "--headless", "--disable-gpu", "--disable-extensions", "--disable-background-networking",
    "--disable-sync", "--no-first-run", "--no-pdf-header-footer", "--hide-scrollbars",
)  # fmt: skip
_DATE: Final = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}([^)]*\))")

type Printer = Callable[[str], bytes]
"""Makes a PDF of a page."""


def find_printer() -> Printer:
    """What prints here. Raises :class:`~sim.errors.OutputError` where nothing does."""
    named = os.environ.get(BROWSER_VARIABLE)
    found = which(named) if named else next(filter(None, map(which, BROWSERS)), None)
    if found:
        browser = found
        return lambda page: print_with_browser(page, browser)
    if named:
        raise OutputError(
            "there is no such browser", key=BROWSER_VARIABLE, value=named,
            remedy="Give the path of a Chromium or Chrome, or unset it.",
        )  # fmt: skip
    if find_spec("weasyprint") is not None:
        return print_with_weasyprint
    raise OutputError(
        "a PDF is printed by Chromium or by WeasyPrint, and neither was found",
        remedy=f"Install Chromium or Chrome, or name one in {BROWSER_VARIABLE}; or 'pip install "
        "panj[pdf]'. Or open the page in any browser and print it from there.",
    )


def write_pdf(page: str, target: Path, by: Printer) -> int:
    """Print a page to a file, whole or not at all; its size, bytes. Raises ``OutputError``."""
    content = by(page)
    write_file(target, content)
    return len(content)


def print_with_browser(page: str, browser: str) -> bytes:
    """The page as a Chromium prints it, without the moment at which it did."""
    with TemporaryDirectory(prefix="panj-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        with output_errors(source):
            source.write_text(page, "utf-8")
        # a browser has no sandbox for the superuser, and will not start without being told
        root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        command = [
            browser, *_FLAGS, *root, f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}", source.as_uri(),
        ]  # fmt: skip
        said = ""
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S,
                check=False,
            )  # fmt: skip
            said = next(iter(done.stderr.strip().splitlines()[-1:]), "")
        except subprocess.TimeoutExpired:
            said = f"it took longer than {TIMEOUT_S:g} s"
        except OSError as error:
            said = str(error)
        content = target.read_bytes() if target.is_file() else b""
    if not content.startswith(b"%PDF-"):
        raise OutputError(
            f"the browser printed nothing{f': {said}' if said else ''}", value=browser,
            remedy=f"Open the page in a browser and print it from there, or name another browser "
            f"in {BROWSER_VARIABLE}.",
        )  # fmt: skip
    return _DATE.sub(rb"\g<1>20000101000000\2", content)


def print_with_weasyprint(page: str) -> bytes:
    """The page as WeasyPrint prints it. Raises ``OutputError`` where it cannot be loaded."""
    try:
        from weasyprint import HTML
    except OSError as error:  # the libraries that it draws with are not there
        raise OutputError(
            f"WeasyPrint cannot be loaded: {error}",
            remedy="Install what it asks for, or Chromium.",
        ) from error
    # it warns of every property of a drawing that is not one of a page, and draws it all the same
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    content: bytes = HTML(string=page).write_pdf()
    return content
