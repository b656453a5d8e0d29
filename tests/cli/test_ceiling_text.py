"""``panj compare --ceiling``: the distance from the ceiling."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.cli import main as command_line
from sim.cli.compare import compare
from sim.cli.comparison_text import as_text
from sim.comparison.ceiling import CeilingRow
from sim.comparison.comparison import compare as ask
from sim.runs.batch import fill_store
from sim.runs.request import Request
from sim.runs.workers import Serial
from sim.scenario.load import load

WIDTH = 100


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store of two scenarios of five days with few posts, and two replicates."""
    path = tmp_path_factory.mktemp("stores") / "policies"
    small = {"days": 5.0, "posts.spacing_km": 60.0}
    fill_store(
        path, Request([load(name, small) for name in ("baseline", "triggered")], 2), Serial()
    )
    return path


@pytest.fixture
def panj(capsys, monkeypatch):
    """Return a function that runs the command and returns status, stdout and stderr."""
    monkeypatch.setitem(command_line.panj.commands, "compare", compare)

    def run(*arguments):
        status = command_line.main(["compare", *map(str, arguments)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def row(name: str, reached: float | None = 0.5, weakest: str | None = "panj") -> CeilingRow:
    """Return a scenario that reaches a tenth of the ceiling."""
    chance = 0.1 * (reached or 0.0)
    most = 0.1 if reached is not None else 0.0
    return CeilingRow(
        name, 12.3, chance, most, reached, chance, most, reached, weakest,
        False if weakest else None, "as planned" if name == "triggered" else "",
    )  # fmt: skip


def test_it_is_told_after_the_comparison_when_asked(panj, store: Path) -> None:
    """The ceiling comes after the verdict, and only with the option."""
    status, told, _ = panj(store, "--ceiling", "--outcomes", "victims")
    assert status == 0
    verdict, heading = told.index("Verdict"), told.index("Distance from the ceiling")
    assert verdict < told.index("Ranking by") < heading < told.index("seen: probability that")
    assert told.rstrip().endswith("triggered: at routine, its level until something happens.")
    assert "ceiling" not in panj(store, "--outcomes", "victims")[1]


def test_rows_for_machines(panj, store: Path) -> None:
    """With the option, the JSON has the rows, the baseline first."""
    found = json.loads(panj(store, "--ceiling", "--json")[1], parse_constant=pytest.fail)
    assert [each["scenario"] for each in found["ceiling"]] == ["baseline", "triggered"]
    assert set(found["ceiling"][0]) == set(CeilingRow.__annotations__)
    assert 0.0 < found["ceiling"][0]["guaranteed_reached"] < 1.0
    assert json.loads(panj(store, "--json")[1])["ceiling"] == []


def test_only_the_scenarios_asked_for(panj, store: Path) -> None:
    """The baseline comes first, then the chosen scenarios."""
    told = panj(store, "--ceiling", "--json", "--baseline", "triggered")[1]
    assert [each["scenario"] for each in json.loads(told)["ceiling"]] == ["triggered", "baseline"]


def test_a_bare_table_has_no_scenarios(panj, store: Path, tmp_path: Path) -> None:
    """Runs without scenarios give a message and the remedy."""
    from sim.runs.store import Store

    pq.write_table(Store.open(store).outcomes(), tmp_path / "runs.parquet")
    status, told, error = panj(tmp_path / "runs.parquet", "--ceiling")
    assert (status, told) == (2, "")
    assert "these results have no scenarios" in error
    assert "panj batch" in error


def test_lines_fit_the_terminal() -> None:
    """Fourteen scenarios with long names fit a hundred columns."""
    names = [f"a_policy_with_a_rather_long_name_{n}" for n in range(11)]
    rows = [
        row("baseline"), row("blind", None, None), row("never", 0.0, None), row("triggered"),
        *(row(name, 0.05 * n) for n, name in enumerate(names, 1)),
    ]  # fmt: skip
    table = pa.table({"scenario": ["baseline"] * 2, "replicate": [0, 1], "victims": [1, 2]})
    found = ask(table, ceiling=True)
    vars(found)["ceiling"] = tuple(rows)
    lines = list(as_text(found))
    assert max(map(len, lines)) <= WIDTH
    blind = next(line for line in lines if line.strip().startswith("blind"))
    assert " ".join(blind.split()) == "blind 12 0 % 0 % – 0 % 0 % – –"
    assert any("5.0 %     10 %     50 %  panj, day" in line for line in lines)
    assert lines[-1].strip() == "triggered: as planned."
