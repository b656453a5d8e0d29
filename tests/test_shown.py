"""The examples of README and docs are those of this model, all from one store."""

import json
import re
from pathlib import Path

import pytest

import sim
from benchmarks.shown import (
    CHECKED,
    IMAGES,
    PICTURES,
    RECORD,
    ROOT,
    comparison_table,
    run_summary,
    store_digest,
)

SHOWN = json.loads(RECORD.read_text("utf-8"))
NAMES = {"scenario", "digest", "status"}


def between(page: Path, mark: str) -> str:
    """The text between the marks of a page."""
    found = re.search(rf"<!-- {mark} -->\n```text\n(.*?)\n```", page.read_text("utf-8"), re.S)
    assert found is not None
    return found[1]


def test_the_store_shown_is_one_of_this_model() -> None:
    """Its first replicates are the same now; else run ``python -m benchmarks.shown`` again."""
    store = sim.run_batch(list(CHECKED), 1, executor="serial", posterior="shipped")
    for row in store.outcomes().to_pylist():
        told = SHOWN["first"][row["scenario"]]
        for name in told.keys() - NAMES:
            assert row[name] == pytest.approx(told[name], rel=1e-9), name


def test_every_picture_is_of_that_store() -> None:
    """Each picture has its digest; none is from another store, and none is missing."""
    pictures = [IMAGES / "report" / "page.png", *(IMAGES / "batch").iterdir()]
    assert {store_digest(picture) for picture in pictures} == {SHOWN["store"]}
    assert {picture.stem for picture in (IMAGES / "batch").iterdir()} == set(PICTURES)


def test_the_year_of_the_tutorial_is_a_year_of_the_model() -> None:
    """Word for word the output of ``panj run baseline``."""
    assert between(ROOT / "docs" / "tutorial.md", "run-table") == run_summary()


@pytest.mark.slow
def test_the_verdict_of_the_readme_is_that_of_its_first_command(tmp_path: Path) -> None:
    """The whole batch, run again: the same store and, word for word, the same verdict."""
    names = sorted(path.stem for path in (ROOT / "scenarios").glob("*.toml"))
    store = sim.run_batch(names, SHOWN["replicates"], tmp_path / "store", posterior="shipped")
    assert store.table_hash() == SHOWN["store"]
    assert between(ROOT / "README.md", "compare-table") == comparison_table(store.path)
