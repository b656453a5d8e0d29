"""``panj store support``: reported incidents, and how often runs have events as grave."""

import json
from pathlib import Path

import pytest

import sim
from sim.cli.main import main
from sim.incidents.seeds import read_incidents, seeds_folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make five fifths of a year in which nobody crosses."""
    folder = tmp_path_factory.mktemp("stores") / "s"
    world = sim.load("baseline", {"cells.count": 0, "days": 73.0})
    sim.run_batch(world, 5, folder, executor="serial", incidents=True)
    return str(folder)


def test_what_was_never_seen_is_said_with_its_bound(
    capsys: pytest.CaptureFixture[str], store: str
) -> None:
    """Each row has what it states, the number of events, and a bound if there is none."""
    assert main(["store", "support", store]) == 0
    first, head, *lines = capsys.readouterr().out.splitlines()
    assert first == "baseline: 1 years"
    assert head.split() == ["row", "reported", "events", "per", "year", "(95", "%)"]
    assert len(lines) == sum(r.kind != "state_clash_river_dispute" for r in read_incidents())
    (kavo,) = [line for line in lines if line.startswith("E1 ")]
    assert "3 in the group, 2 guards killed, 3 intruders killed" in kavo
    assert kavo.endswith("none: fewer than 3.7")


def test_machines_get_the_same(capsys: pytest.CaptureFixture[str], store: str) -> None:
    """The JSON has the rows of each scenario, with what they state and the number of events."""
    assert main(["store", "support", store, "--json"]) == 0
    rows = {row["row"]: row for row in json.loads(capsys.readouterr().out)["baseline"]}
    assert rows["E12"]["states"] == {
        "group_size": 5.0, "killed_guards": 0.0, "killed_intruders": 2.0, "escaped": 3.0,
    }  # fmt: skip
    assert rows["E1"]["per_year"] == 0.0
    assert rows["H6"]["seen"] > 0


def test_rows_of_ones_own_may_be_asked_for(
    capsys: pytest.CaptureFixture[str], store: str, tmp_path: Path
) -> None:
    """A folder with an incidents.csv replaces the shipped table."""
    lines = (seeds_folder() / "incidents.csv").read_text("utf-8").splitlines()
    (row,) = [line for line in lines if line.startswith("H6,")]
    (tmp_path / "incidents.csv").write_text("\n".join([lines[0], row]), "utf-8")
    assert main(["store", "support", store, "--seeds", str(tmp_path), "--json"]) == 0
    assert [row["row"] for row in json.loads(capsys.readouterr().out)["baseline"]] == ["H6"]
