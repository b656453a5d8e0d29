"""SQL over a store: its own tables and nothing else, in bounded time and memory."""

import json
import os
import shutil
from pathlib import Path

import click
import pyarrow as pa
import pytest
from filled import RUNS, fill

from sim.cli.main import main
from sim.errors import StoreError
from sim.runs import sql
from sim.runs.sql import query
from sim.runs.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A finished store of two scenarios."""
    return fill(tmp_path_factory.mktemp("stores") / "st1").store


outcomes_elsewhere = pa.table({"secret": [1]})
"""A Python variable, of which DuckDB would make a table."""


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM read_blob('{file}')",
        "SELECT * FROM read_json('{file}')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM '{part}'",
        "SELECT * FROM read_parquet('{part}')",
        "SELECT * FROM parquet_metadata('{part}')",
        'SELECT * FROM "{file}"',
        "SELECT * FROM outcomes_elsewhere",
        "SELECT * FROM answer",
        "COPY (SELECT 1) TO '{made}'",
        "COPY outcomes TO '{made}' (FORMAT parquet)",
        "EXPORT DATABASE '{made}'",
        "IMPORT DATABASE '{folder}'",
        "ATTACH '{made}' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '99GB'",
        "SET lock_configuration = false",
        "RESET memory_limit",
        "PRAGMA memory_limit = '99GB'",
        "PRAGMA enable_profiling = 'json'; PRAGMA profiling_output = '{made}'",
        "SELECT getenv('HOME')",
        "SELECT * FROM sniff_csv('{file}')",
        "SELECT * FROM outcomes; SELECT * FROM read_text('{file}')",
        "CREATE SECRET (TYPE S3)",
        "SELECT * FROM sqlite_scan('{folder}/store.sqlite', 'parts')",
        "SELECT",
        "",
        "\ud800",
        "SELECT * FROM outcomes WHERE deaths = '\0'",
    ],
)
def test_nothing_else_is_read_or_written(store: Store, tmp_path: Path, statement: str) -> None:
    """No file, no other database, no setting, no variable: an error, and nothing is made."""
    (tmp_path / "a.csv").write_text("secret\n1\n")
    names = {
        "file": tmp_path / "a.csv",
        "folder": store.path,
        "part": store.files("outcomes")[0],
        "made": tmp_path / "made",
    }
    try:
        answer = query(store, statement.format(**names))
    except StoreError:
        pass
    else:
        assert answer.num_rows == 0 or "secret" not in str(answer)
        assert statement in ("", "SELECT * FROM outcomes WHERE deaths = '\0'")
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_statement_without_end_is_stopped(store: Store) -> None:
    """After its patience the store says so, with what to do."""
    endless = "SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b"
    with pytest.raises(StoreError, match=r"took more than 0 seconds\. Ask for less"):
        query(store, endless, patience=0.3)


def test_a_statement_that_needs_too_much_memory_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not fill the machine, nor the disk."""
    confined = [line.replace(sql.MOST_MEMORY, "50MB") for line in sql._CONFINED]
    monkeypatch.setattr(sql, "_CONFINED", confined)
    large = "SELECT list(range || repeat('x', 100)) FROM range(3_000_000)"
    with pytest.raises(StoreError, match="cannot be answered"):
        query(store, large)


ODD = {
    "INTERVAL '3 days'": "3 days",
    "'a'::BLOB": "a",
    "'\\xFF\\x1B'::BLOB": "\\xFF\\x1B",
    "MAP {'a': 1}": "{a=1}",
    "[1, NULL]": "[1, NULL]",
    "{'a': [1], 'b': 'x'}": "{'a': [1], 'b': x}",
    "DATE '294247-01-10'": "294247-01-10",
    "DATE '-100000-01-01'": "100001-01-01 (BC)",
    "'infinity'::TIMESTAMP": "infinity",
    "TIMESTAMP '290000-01-01'": "290000-01-01 00:00:00",
    "TIME '24:00:00'": "24:00:00",
    "TIMETZ '01:02:03+05'": "01:02:03+05",
    "170141183460469231731687303715884105727::HUGEINT": "170141183460469231731687303715884105727",
    "1.5::DECIMAL(38, 10)": "1.5000000000",
    "'5b5e1b5e-0000-0000-0000-000000000000'::UUID": "5b5e1b5e-0000-0000-0000-000000000000",
    "'101'::BIT": "101",
    "'b'::ENUM('a', 'b')": "b",
    "union_value(a := 1)": "1",
    "NULL": None,
}


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("form", [[], ["--json"], ["--csv"]], ids=["text", "json", "csv"])
def test_values_of_any_type_are_told(
    store: Store, capsys: pytest.CaptureFixture[str], value: str, form: list[str]
) -> None:
    """What Python has no type for comes as text, in every form of the answer."""
    assert main(["store", "sql", str(store.path), f"SELECT {value} AS v", *form]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    due = ODD[value]
    if form == ["--json"]:
        assert json.loads(out) == [{"v": due}]
    else:
        assert (due or "") in click.unstyle(out)


def test_columns_of_one_name_are_told_apart(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two columns of one name, as a join gives, each have their own values, and so has any name."""
    asked = """SELECT 1 AS a, 2 AS a, 3 AS "q""q", [4] AS A, 5 AS a_2, 6 AS " " """
    due = {"a": 1, "a_3": 2, 'q"q': 3, "A": "[4]", "a_2": 5, " ": 6}
    assert query(store, asked).to_pylist() == [due]
    assert query(store, "SELECT 1 AS a, 2 AS a, 3 AS a").column_names == ["a", "a_2", "a_3"]
    joined = query(
        store,
        "SELECT * FROM (SELECT replicate, seed FROM outcomes) a JOIN (SELECT replicate, "
        "-seed AS seed FROM outcomes) b USING (replicate)",
    )
    assert joined["seed"].to_pylist() == [-seed for seed in joined["seed_2"].to_pylist()]
    for form in ([], ["--csv"], ["--json"]):
        assert main(["store", "sql", str(store.path), asked, *form]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert all(value in out for value in "123456")


@pytest.mark.parametrize("form", [[], ["--json"], ["--csv"]], ids=["text", "json", "csv"])
def test_control_characters_do_not_reach_a_terminal(
    store: Store, capsys: pytest.CaptureFixture[str], form: list[str]
) -> None:
    """Neither from values nor from names of columns, nor from an error."""
    hidden = "chr(27) || ']0;x' || chr(7) || chr(155) || '31m' || chr(8238)"
    named = f'SELECT {hidden} AS "\x1b]0;y\x07"'
    for statement in (named, "SELECT \x1b[31m FROM \x9b"):
        main(["store", "sql", str(store.path), statement, *form])
        out, err = capsys.readouterr()
        assert out + err
        assert not set("\x1b\x07\x9b\u202e") & set(click.unstyle(out + err))


NAMES = ["st[1]", "st*", "st?", "a b", "it's", 'a"b', "#", "50%", "a?b#c%41", "{x}", "ü", "-x", "~"]


@pytest.mark.parametrize("name", NAMES)
def test_a_store_answers_for_itself_only(store: Store, tmp_path: Path, name: str) -> None:
    """Whatever its name means elsewhere, and whatever lies beside it."""
    shutil.copytree(store.path, tmp_path / "st1")
    other = Store.open(fill(tmp_path / name, 3).store.path)
    counted = query(other, "SELECT count(*) AS runs FROM outcomes")
    assert counted["runs"].to_pylist() == [2 * 3]
    assert query(other, "SELECT count(*) AS n FROM districts")["n"].to_pylist() == [2 * 2 * 3]
    beside = query(Store.open(tmp_path / "st1"), "SELECT count(*) AS runs FROM outcomes")
    assert beside["runs"].to_pylist() == [2 * RUNS]


def test_a_name_of_bytes_that_are_no_text_is_read_or_refused(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder whose name is not UTF-8: every command works on it, or says that it cannot."""
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/st\xff")
    shutil.copytree(store.path, folder)
    asked = "SELECT count(*) AS runs FROM outcomes"
    for command in (["info", folder], ["sql", folder, asked], ["verify", folder]):
        assert main(["store", *command]) in (0, 2)
        out, err = capsys.readouterr()
        assert out + err
