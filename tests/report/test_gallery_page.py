"""The page of the gallery: every kind of picture, drawn, in one place."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.gallery_page import ENTRIES, main, page
from sim.calibrate.record import CalibrationRecord
from sim.report.gallery import KINDS, ComparisonSource, draw, kinds_of
from sim.report.one_run import OneRun

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = DOCS / "img" / "gallery"
MOST_BYTES = 200_000


def test_every_kind_of_every_source_is_on_the_page():
    """Once each, and nothing else."""
    listed = {(entry.kind, entry.of) for entry in ENTRIES}
    assert len(listed) == len(ENTRIES)
    assert listed == {
        (kind, of) for of in (ComparisonSource, OneRun, CalibrationRecord) for kind in kinds_of(of)
    }
    assert {kind for kind, _ in listed} == set(KINDS)


def test_the_page_is_the_one_that_would_be_written():
    """After a change of a sentence the page must be written again."""
    assert (DOCS / "gallery.md").read_text("utf-8") == page()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_each_picture_is_there_and_small(entry):
    """Under 200 kB, so that a page of them loads quickly."""
    assert 5_000 < (PICTURES / f"{entry.name}.png").stat().st_size < MOST_BYTES


def test_every_picture_in_the_folder_is_on_the_page():
    """No file of the folder is missing on the page."""
    assert {path.stem for path in PICTURES.iterdir()} == {entry.name for entry in ENTRIES}


def test_each_entry_says_how_it_is_made():
    """By a command that names its kind."""
    text = page()
    for entry in ENTRIES:
        assert f"    {entry.command}\n" in text
        assert f"--kind {entry.kind}" in entry.command


def test_a_kind_that_a_source_lacks_is_refused():
    """The message names the kinds that it has."""
    from sim.errors import StoreError

    with pytest.raises(StoreError, match="posterior, predictive"):
        draw("cost", CalibrationRecord(None, (), ()))


@pytest.mark.slow
def test_the_command_makes_page_and_pictures(tmp_path):
    """From nothing: it makes its own batch, run and calibration."""
    done = CliRunner().invoke(
        main, [str(tmp_path / "gallery.md"), "-n", "8", "--bank", "24"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    assert len(list((tmp_path / "img" / "gallery").glob("*.png"))) == len(ENTRIES)
