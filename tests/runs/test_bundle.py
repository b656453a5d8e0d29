"""A study in one file: all of it is in, described, and it can be made again."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

import sim
from sim.cli.main import panj
from sim.errors import PanjError
from sim.runs.bundle import METADATA, bundle
from sim.runs.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two scenarios of two short runs."""
    specs = [sim.load(name, ["days=3"]) for name in ("baseline", "triggered")]
    folder = tmp_path_factory.mktemp("study") / "store"
    return sim.run_batch(specs, 2, folder, executor="serial")


@pytest.fixture(scope="module")
def study(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle, with a report beside the store."""
    target = tmp_path_factory.mktemp("bundle") / "study.zip"
    bundle(store, target, {"report.html": b"<!doctype html>"})
    return target


def test_the_store_in_it_is_the_store(store: Store, study: Path, tmp_path: Path) -> None:
    """Row for row, and ``verify --rerun`` makes every run again."""
    with zipfile.ZipFile(study) as held:
        held.extractall(tmp_path)
    again = Store.open(tmp_path / "store")
    assert again.table_hash() == store.table_hash()
    done = CliRunner().invoke(
        panj, ["store", "verify", str(again.path), "--rerun", "4"], standalone_mode=False
    )
    assert done.exception is None, done.output
    assert not done.return_value
    assert store.table_hash() in (tmp_path / "README.md").read_text("utf-8")


def test_every_file_is_described_with_its_sum(study: Path) -> None:
    """The RO-Crate names each file of the zip but itself, and nothing else."""
    with zipfile.ZipFile(study) as held:
        graph = {entry["@id"]: entry for entry in json.loads(held.read(METADATA))["@graph"]}
        files = {name for name, entry in graph.items() if entry["@type"] == "File"}
        assert files == set(held.namelist()) - {METADATA}
        for name in files:
            assert graph[name]["sha256"] == hashlib.sha256(held.read(name)).hexdigest()
    assert {part["@id"] for part in graph["./"]["hasPart"]} == files
    assert graph[METADATA]["about"] == {"@id": "./"}
    assert {"name", "description", "datePublished"} <= set(graph["./"])


def test_the_same_study_gives_the_same_bytes(store: Store, study: Path, tmp_path: Path) -> None:
    """So a digest of the file stands for the study."""
    again = tmp_path / "again.zip"
    bundle(store, again, {"report.html": b"<!doctype html>"})
    assert again.read_bytes() == study.read_bytes()


def test_nothing_of_this_machine_is_in_the_words(study: Path, tmp_path: Path) -> None:
    """Commands are shown without absolute paths."""
    with zipfile.ZipFile(study) as held:
        for name in ("README.md", METADATA, "scenarios.json"):
            assert str(tmp_path.parent) not in held.read(name).decode()


def test_what_cannot_be_bundled_is_refused(store: Store, tmp_path: Path) -> None:
    """Another ending, a file that is there, a damaged part, a folder that is not a store."""
    with pytest.raises(PanjError, match=r"a bundle is a \.zip"):
        bundle(store, tmp_path / "study.tar", {})
    there = tmp_path / "there.zip"
    there.write_bytes(b"mine")
    with pytest.raises(PanjError, match="--force"):
        bundle(store, there, {})
    assert there.read_bytes() == b"mine"
    part = store.files("outcomes")[0]
    whole = part.read_bytes()
    try:
        part.write_bytes(whole[:-1])
        with pytest.raises(PanjError, match=part.name[:8]):
            bundle(store, tmp_path / "damaged.zip", {})
    finally:
        part.write_bytes(whole)
    assert not (tmp_path / "damaged.zip").exists()
    with pytest.raises(PanjError):
        Store.open(tmp_path)


def test_the_command_takes_files_along(store: Store, tmp_path: Path) -> None:
    """A report by its name; two of one name are refused before anything is written."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.html").write_text("x", encoding="utf-8")
    target, page = tmp_path / "study.zip", tmp_path / "a" / "page.html"
    ask = ["bundle", str(store.path), "-o", str(target), "--with", str(page)]
    done = CliRunner().invoke(panj, [*ask, "--with", str(tmp_path / "b" / "page.html")])
    assert done.exit_code == 2
    assert not target.exists()
    done = CliRunner().invoke(panj, ask, standalone_mode=False)
    assert done.exception is None, done.output
    with zipfile.ZipFile(target) as held:
        assert held.read("page.html") == b"x"
