"""``panj report``: its files, its output and its refusals."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.cli.report import report
from sim.errors import PanjError
from sim.report import document
from sim.report.pictures import Pictures
from sim.runs.batch import fill_store
from sim.runs.request import Request
from sim.runs.workers import Serial
from sim.scenario.load import load


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store: two scenarios of thirty days, three replicates."""
    path = tmp_path_factory.mktemp("stores") / "policies"
    short = [load(name, {"days": 30.0}) for name in ("baseline", "triggered")]
    fill_store(path, Request(short, 3), Serial())
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write pages without pictures."""
    monkeypatch.setattr(document, "pictures_of", lambda *_: Pictures([], []))


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a word in place of the page."""
    monkeypatch.setattr(document, "report", lambda *_, **__: "<!doctype html>a page")


def panj_report(*arguments: object) -> Result:
    """Run ``panj report`` in this process and check its status."""
    done = CliRunner().invoke(report, [*map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def refused(*arguments: object) -> str:
    """Run a wrong command and return the message."""
    done = CliRunner().invoke(report, [*map(str, arguments)])
    if isinstance(done.exception, PanjError):
        return str(done.exception)
    assert done.exit_code == 2, done.output
    return done.output


@pytest.mark.usefixtures("quick")
def test_a_real_store_becomes_a_page(store: Path, tmp_path: Path) -> None:
    """It prints the path; the same command gives the same bytes."""
    done = panj_report(store, "-o", tmp_path / "a.html", "--question", "Should levels follow?")
    assert str(tmp_path / "a.html") in done.output
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "Should levels follow?" in page
    assert "Triggered against baseline" in page
    assert str(tmp_path) not in page
    panj_report(store, "-o", tmp_path / "b.html", "--question", "Should levels follow?")
    assert (tmp_path / "b.html").read_bytes() == page.encode()


@pytest.mark.usefixtures("canned")
def test_a_page_that_is_there_is_kept_unless_forced(store: Path, tmp_path: Path) -> None:
    """An existing page is not replaced without --force."""
    path = tmp_path / "a.html"
    path.write_text("mine")
    assert "--force" in refused(store, "-o", path)
    assert path.read_text() == "mine"
    panj_report(store, "-o", path, "--force")
    assert path.read_text().startswith("<!doctype html>")


def test_what_cannot_be_written_is_found_out_first(tmp_path: Path) -> None:
    """A wrong path is refused before the store is read."""
    none = tmp_path / "none"
    assert "End the name in .html" in refused(none, "-o", tmp_path / "a.pdf")
    assert "its folder does not exist" in refused(none, "-o", tmp_path / "no" / "a.html")
    (tmp_path / "d.html").mkdir()
    assert "is a folder" in refused(none, "-o", tmp_path / "d.html")


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    """The message names the remedy."""
    assert "panj batch -o" in refused(tmp_path / "none", "-o", tmp_path / "a.html")
    assert not (tmp_path / "a.html").exists()


def test_a_wrong_name_leaves_no_file(store: Path, tmp_path: Path) -> None:
    """If writing fails, no part of the page is left."""
    before = sorted(tmp_path.iterdir())
    assert "Did you mean baseline" in refused(
        store, "-o", tmp_path / "a.html", "--baseline", "basline"
    )
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.usefixtures("canned")
def test_a_disk_that_refuses_leaves_nothing_half_written(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old page is kept, and the message gives the remedy."""
    path = tmp_path / "a.html"
    path.write_text("mine")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert "No space left on device" in refused(store, "-o", path, "--force")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.html"]
    assert path.read_text() == "mine"


def test_help_shows_every_option() -> None:
    """The help has examples."""
    shown = panj_report("--help").output
    for option in ("--baseline", "--title", "--question", "--harm", "--confidence", "--scenarios",
                   "--verification", "--calibration", "--force", "Examples:"):  # fmt: skip
        assert option in shown


# -- a PDF ------------------------------------------------------------------------------------


def test_without_a_printer_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing printer is reported before the store is read, with the remedy."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PANJ_CHROMIUM", raising=False)
    monkeypatch.setattr("sim.report.pdf.find_spec", lambda _: None)
    told = refused(tmp_path / "none", "-o", tmp_path / "a.html", "--pdf")
    assert "neither was found" in told
    assert "PANJ_CHROMIUM" in told
    monkeypatch.setenv("PANJ_CHROMIUM", "no-such-browser")
    assert "no such browser" in refused(tmp_path / "none", "-o", tmp_path / "a.html", "--pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_pdf_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    """An existing PDF is refused before anything is computed."""
    (tmp_path / "a.pdf").write_text("mine")
    told = refused(tmp_path / "none", "-o", tmp_path / "a.html", "--pdf")
    assert "already exists" in told
    assert "a.pdf" in told
    assert (tmp_path / "a.pdf").read_text() == "mine"


@pytest.mark.usefixtures("canned")
def test_a_browser_that_prints_nothing_is_told(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If printing fails, the page is written, and the message has the printer's last words."""
    fake = tmp_path / "browser"
    fake.write_text("#!/bin/sh\necho 'out of paper' >&2\nexit 3\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PANJ_CHROMIUM", str(fake))
    told = refused(store, "-o", tmp_path / "a.html", "--pdf")
    assert "out of paper" in told
    assert (tmp_path / "a.html").is_file()
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.usefixtures("canned")
def test_a_pdf_bears_no_date(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the times that a browser adds are removed."""
    fake, printed = tmp_path / "browser", tmp_path / "printed"
    printed.write_bytes(b"%PDF-1.4 (D:2031) /CreationDate (D:20311224180000+00'00')")
    fake.write_text(
        '#!/bin/sh\nfor one; do case "$one" in --print-to-pdf=*) '
        f'/bin/cp {printed} "${{one#*=}}";; esac; done\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PANJ_CHROMIUM", str(fake))
    done = panj_report(store, "-o", tmp_path / "a.html", "--pdf")
    assert str(tmp_path / "a.pdf") in done.output
    found = (tmp_path / "a.pdf").read_bytes()
    assert found == b"%PDF-1.4 (D:2031) /CreationDate (D:20000101000000+00'00')"
