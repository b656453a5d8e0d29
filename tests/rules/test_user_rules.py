"""User-defined rules: where they run, and where they are never imported."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import sample_rules

import sim
from sim.cli.main import main
from sim.errors import PanjError
from sim.incidents.records import AlertChange
from sim.rules import user_rules
from sim.runs.store import Store
from sim.viewer.session import InitialView, Session

SHORT = ["--set", "days=20"]


@pytest.fixture(autouse=True)
def unknown() -> Iterator[None]:
    """Each test starts and ends without user-defined rules, and without permission for them."""
    yield
    user_rules._loaded.clear()
    for name in ("my_rules", "broken", "raising", "needy"):
        sys.modules.pop(name, None)
    user_rules.forbid_code()


def panj(capsys: pytest.CaptureFixture[str], *arguments: object, status: int = 0) -> str:
    """Run ``panj`` in this process; what it printed."""
    capsys.readouterr()
    assert main([str(argument) for argument in arguments]) == status
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return click.unstyle(out + err)


def weekend_days(tables: Path) -> set[str]:
    """The levels that the alert of a written run had."""
    import pyarrow.parquet as pq

    return set(pq.read_table(tables / "alerts.parquet")["level"].to_pylist())


def test_a_rule_runs_by_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """``panj run`` with the option follows it, and says in run.json which code it was."""
    scenario = sample_rules.write(tmp_path)
    panj(capsys, "run", scenario, "--allow-code", *SHORT, "-o", tmp_path / "run")
    told = json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))
    assert list(told["rules"]) == ["my_rules:Weekends"]
    assert weekend_days(tmp_path / "run") == {"elevated", "heightened"}


def test_without_the_option_nothing_is_imported(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """One sentence says what to add; a module that writes a file when imported has written none."""
    scenario = sample_rules.write(tmp_path)
    trap = f"open({str(tmp_path / 'imported')!r}, 'w').close()\n"
    (tmp_path / "my_rules.py").write_text(trap + sample_rules.module(), "utf-8")
    said = panj(capsys, "run", scenario, *SHORT, "-o", tmp_path / "run", status=2)
    assert said.count("\n") == 1
    assert "my_rules:Weekends" in said
    assert "--allow-code" in said
    said = panj(capsys, "batch", scenario, "-n", 1, "-o", tmp_path / "store", *SHORT, status=2)
    assert "--allow-code" in said
    panj(capsys, "scenario", "check", scenario)
    panj(capsys, "scenario", "show", scenario)
    panj(capsys, "scenario", "diff", "baseline", scenario)
    assert not (tmp_path / "imported").exists()
    assert not (tmp_path / "run").exists()
    assert not (tmp_path / "store").exists()


def test_a_store_is_begun_resumed_and_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Two processes and one give the same; opening and comparing need neither option nor file."""
    scenario = sample_rules.write(tmp_path)
    asked = ["--allow-code", *SHORT]
    for name, how in (("pool", ["--jobs", 2]), ("serial", ["--serial"])):
        panj(capsys, "batch", "baseline", scenario, "-n", 2, "-o", tmp_path / name, *how, *asked)
    panj(capsys, "batch", "-n", 4, "-o", tmp_path / "serial", "--serial", "--allow-code")
    (tmp_path / "my_rules.py").rename(tmp_path / "gone.py")
    pool, serial = (Store.open(tmp_path / name) for name in ("pool", "serial"))
    assert serial.outcomes().num_rows == 8
    first = [row for row in serial.outcomes().to_pylist() if row["replicate"] < 2]
    assert pool.outcomes().to_pylist() == first
    days = {row["scenario"]: row["days_heightened"] for row in first}
    assert days == {"baseline": 0.0, "weekends": pytest.approx(6.0, abs=1e-4)}
    user_rules._loaded.clear()
    panj(capsys, "compare", tmp_path / "serial")
    panj(capsys, "store", "verify", tmp_path / "serial")


def test_changed_code_is_not_mixed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the same name other code is refused, for more runs and for runs made again."""
    scenario = sample_rules.write(tmp_path)
    store = tmp_path / "store"
    asked = ["--serial", "--allow-code", *SHORT]
    panj(capsys, "batch", scenario, "-n", 1, "-o", store, *asked)
    monkeypatch.chdir(tmp_path)
    rerun = ["store", "verify", store, "--rerun", 1]
    user_rules._loaded.clear()
    assert "--allow-code" in panj(capsys, *rerun, status=2)
    panj(capsys, *rerun, "--allow-code")
    text = (tmp_path / "my_rules.py").read_text("utf-8")
    (tmp_path / "my_rules.py").write_text(text.replace(">= 5", ">= 4"), "utf-8")
    user_rules._loaded.clear()
    said = panj(capsys, "batch", scenario, "-n", 2, "-o", store, *asked, status=2)
    assert "other code of the rule my_rules:Weekends" in said
    assert "my_rules:Weekends" in panj(capsys, *rerun, "--allow-code", status=2)
    assert Store.open(store).outcomes().num_rows == 1


def test_python_says_it_in_one_argument(tmp_path: Path) -> None:
    """``allow_code`` for rules by name; a registered class needs none, in a pool either."""
    spec = sim.load(sample_rules.write(tmp_path), {"days": 20.0}, allow_code=True)
    changes = sim.BorderModel(spec, 1).run().log[AlertChange]
    assert {change.level for change in changes} == {"elevated", "heightened"}
    store = sim.run_batch([spec], replicates=2, jobs=2)
    assert store.outcomes().num_rows == 2


def test_an_allocation_rule_comes_the_same_way(tmp_path: Path) -> None:
    """Named under ``patrols``, it moves the patrols of the western districts."""
    scenario = sample_rules.write(tmp_path)
    text = 'extends = "baseline.toml"\n[patrols]\nallocation = "my_rules:Westward"\n'
    scenario.write_text(text, "utf-8")
    model = sim.BorderModel(sim.load(scenario, {"days": 20.0}, allow_code=True)).run()
    assert model.sectors[0].hot_spot_factor > 1.0 > model.sectors[-1].hot_spot_factor


def test_the_view_plays_it(tmp_path: Path) -> None:
    """A session opens the scenario where code was allowed, and says what to add where not."""
    scenario = str(sample_rules.write(tmp_path))
    message = json.dumps({"do": "open", "scenario": scenario})
    session = Session(InitialView(scenario, None, 1, ["days=20"]))
    refused = session.answer(message)[0]
    assert refused["is"] == "error"
    assert "--allow-code" in json.dumps(refused)
    user_rules.allow_code()
    opened = Session(InitialView(scenario, None, 1, ["days=20"]))
    assert opened.answer(message)[0]["is"] == "ground"
    (told,) = opened.answer(json.dumps({"do": "more", "until": 10.0}))
    alert: list[list[float]] = told["alert"]  # type: ignore[assignment]
    assert {row[2] for row in alert if row[0] == 3.0} == {2}, alert  # Saturday 4 January 2025


WRONG = {
    "nowhere:Rule": "there is no such module",
    "my_rules:Absent": "has no such class",
    "my_rules:floor": "is not a sim.AlertRule",
    "my_rules:Westward": "is not a sim.AlertRule",
    "broken:Rule": "SyntaxError",
    "raising:Rule": "ZeroDivisionError",
    "needy:Rule": "No module named 'not_there'",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_imported_is_one_message(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The name and what is wrong, the file and line where there is one; nothing is written."""
    scenario = sample_rules.write(tmp_path)
    (tmp_path / "broken.py").write_text("class Rule(\n", "utf-8")
    (tmp_path / "raising.py").write_text("import sim\n1 / 0\n", "utf-8")
    (tmp_path / "needy.py").write_text("import not_there\n", "utf-8")
    scenario.write_text(f'extends = "baseline.toml"\n[alert]\npolicy = "{name}"\n', "utf-8")
    said = panj(capsys, "run", scenario, "--allow-code", "-o", tmp_path / "run", status=2)
    assert WRONG[name] in said
    assert name in said
    if name.startswith("raising"):
        assert "raising.py:2:" in said
    assert not (tmp_path / "run").exists()


def test_a_file_does_not_take_the_place_of_a_module(tmp_path: Path) -> None:
    """A user's ``json.py`` is refused by its name: the one in use stays what it is."""
    scenario = sample_rules.write(tmp_path, "json")
    with pytest.raises(PanjError, match="another module named json is in use"):
        sim.load(scenario, allow_code=True)
    assert sys.modules["json"] is json


@pytest.mark.parametrize("name", ["my rules:Weekends", "my_rules:", ":Weekends", "a..b:C"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    """Only ``module:Class`` names user code."""
    with pytest.raises(PanjError, match="there is no such rule"):
        sim.load("baseline", {"alert.policy": name})
