"""``panj store``: contents, checks, SQL and export."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from invoking import panj, refused

import sim
from sim.cli import store as verb
from sim.runs import lock
from sim.runs.catalogue import Catalogue
from sim.runs.store import Store


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store of two scenarios, four short runs each."""
    folder = tmp_path_factory.mktemp("stores") / "s"
    short = [sim.load(name, {"days": 10.0}) for name in ("baseline", "triggered")]
    sim.run_batch(short, 4, folder, executor="serial")
    return folder


@pytest.fixture
def store(made: Path, tmp_path: Path) -> str:
    """Copy the store, so that a test can damage it."""
    return str(shutil.copytree(made, tmp_path / "s"))


def test_info_tells_what_is_there(capsys: pytest.CaptureFixture[str], store: str) -> None:
    """``info`` shows scenarios with runs and digest, the tables, the versions and the state."""
    said = panj(capsys, "store", "info", store)
    for name, digest in Store.open(store).manifest.digests.items():
        (line,) = [line for line in said.splitlines() if line.startswith(f"{name} ")]
        assert line.split() == [name, "4", "4", "0", digest]
    assert "outcomes, districts" in said
    assert sim.__version__ in said
    assert "state: complete" in said


def test_info_tells_of_a_batch_that_writes(capsys: pytest.CaptureFixture[str], store: str) -> None:
    """``info`` reports a store in use and an interrupted batch."""
    with lock.locked(Path(store)):
        assert "a batch is writing" in panj(capsys, "store", "info", store)
    opened = Store.open(store)
    cut_short = Catalogue.create(opened.path, opened.manifest)
    cut_short.write(replace(opened.manifest, closed=False))
    cut_short.close()
    assert "was interrupted" in panj(capsys, "store", "info", store)


def test_info_for_machines(capsys: pytest.CaptureFixture[str], store: str) -> None:
    """``--json`` gives the same as one object, with the hash over all rows."""
    said = json.loads(panj(capsys, "store", "info", store, "--json"))
    assert [row["done"] for row in said["scenarios"]] == [4, 4]
    assert said["table_hash"] == Store.open(store).table_hash()
    assert said["complete"]


def test_verify_says_that_all_is_well(capsys: pytest.CaptureFixture[str], store: str) -> None:
    """An intact store gives status 0 and its hash; repeated runs are counted."""
    said = panj(capsys, "store", "verify", store, "--rerun", "3")
    assert "is intact; 3 repeated runs gave the same result" in said
    assert Store.open(store).table_hash() in said


def test_verify_ends_with_1_on_damage(capsys: pytest.CaptureFixture[str], store: str) -> None:
    """The message names a damaged part and the remedy; nothing is changed."""
    part = Store.open(store).files("districts")[0]
    part.write_bytes(part.read_bytes()[:-1])
    said = panj(capsys, "store", "verify", store, status=1)
    assert f"wrong: districts/{part.name}" in said
    assert "panj batch" in said
    assert part.exists()
    found = json.loads(panj(capsys, "store", "verify", store, "--json", status=1))
    assert len(found["problems"]) == 1


def test_sql_prints_a_table(capsys: pytest.CaptureFixture[str], store: str) -> None:
    """The answer has the names of its columns and a line for each row."""
    statement = "SELECT scenario, count(*) AS runs FROM outcomes GROUP BY ALL ORDER BY ALL"
    head, *rows = panj(capsys, "store", "sql", store, statement).splitlines()
    assert head.split() == ["scenario", "runs"]
    assert [row.split() for row in rows] == [["baseline", "4"], ["triggered", "4"]]


def test_sql_for_machines(capsys: pytest.CaptureFixture[str], store: str) -> None:
    """``--json`` and ``--csv`` give every row, with nothing for null."""
    statement = "SELECT 1 AS a, NULL AS b UNION ALL SELECT 2, 'x' ORDER BY a"
    assert json.loads(panj(capsys, "store", "sql", store, statement, "--json")) == [
        {"a": 1, "b": None},
        {"a": 2, "b": "x"},
    ]
    assert panj(capsys, "store", "sql", store, statement, "--csv").splitlines()[0] == '"a","b"'


def test_sql_cuts_a_long_answer(
    capsys: pytest.CaptureFixture[str], store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the first rows are printed, with the number of the others."""
    monkeypatch.setattr(verb, "MOST_ROWS", 3)
    said = panj(capsys, "store", "sql", store, "SELECT replicate FROM outcomes")
    assert len(said.splitlines()) == 1 + 3 + 1
    assert "5 more rows" in said


def test_sql_that_is_wrong_is_refused(capsys: pytest.CaptureFixture[str], store: str) -> None:
    """A wrong statement gives status 2 and one message."""
    assert "cannot be answered" in refused(
        capsys, "store", "sql", store, "SELECT nothing FROM nowhere"
    )


def test_export_writes_one_file(
    capsys: pytest.CaptureFixture[str], store: str, tmp_path: Path
) -> None:
    """The file is written, and the number of its rows printed."""
    target = tmp_path / "d.csv"
    arguments = ["--table", "districts", "--scenario", "triggered", "-o", str(target)]
    assert f"{target}: 52 rows of districts" in panj(capsys, "store", "export", store, *arguments)
    assert len(target.read_text().splitlines()) == 53
    assert "--force" in refused(capsys, "store", "export", store, *arguments)


@pytest.mark.parametrize("command", [["info"], ["verify"], ["sql"], ["export"]], ids=str)
def test_what_is_no_store_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: list[str]
) -> None:
    """A missing or other folder gives status 2 and its name."""
    rest = {"sql": ["SELECT 1"], "export": ["-o", str(tmp_path / "x.csv")]}.get(command[0], [])
    (tmp_path / "photos").mkdir()
    assert "does not exist" in refused(capsys, "store", *command, str(tmp_path / "gone"), *rest)
    assert "is not a store" in refused(capsys, "store", *command, str(tmp_path / "photos"), *rest)


def test_an_unknown_scenario_is_refused(
    capsys: pytest.CaptureFixture[str], store: str, tmp_path: Path
) -> None:
    """The message names the existing scenarios."""
    arguments = ["--scenario", "routine", "-o", str(tmp_path / "x.csv")]
    assert "It holds baseline, triggered" in refused(capsys, "store", "export", store, *arguments)
