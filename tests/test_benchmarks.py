"""The benchmarks run and say what they should; no time is judged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

COUNTED = """
import sim
from benchmarks.bare import BareLoop
from benchmarks.counting import counted_run
scenario = sim.load("scenarios/baseline.toml", {"days": 20.0})
counts, fingerprint = counted_run(scenario, 3)
model = sim.BorderModel(scenario, 3).run()
assert fingerprint == model.fingerprint()
assert counts.events == model.agenda.executed
assert counts.events <= counts.pops <= counts.pushes
assert counts.pushes - counts.pops >= len(model.agenda)
assert 0 < counts.digests < counts.keys
loop = BareLoop(counts, 3)
assert loop.run() == counts.pops
from benchmarks.counting import counting
with counting() as again:
    loop.run()
# the root of the draws is made anew, and the loop begins with one stream more
assert again.digests == counts.digests
assert again.keys == counts.keys + 1
"""


def _run(*arguments: str) -> str:
    """Run Python from the root of the repository, where the benchmarks stand."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, object]]:
    """What a tiny benchmark printed and wrote."""
    path = tmp_path_factory.mktemp("benchmarks") / "times.json"
    text = _run("-m", "benchmarks", "--repeat", "1", "--days", "4", "--json", str(path))
    return text, json.loads(path.read_text(encoding="utf-8"))


ROWS = (
    "baseline, start to end",
    "of it: build",
    "of it: run",
    "of it: outcomes",
    "bare loop of heap and draws",
    "bare loop, one draw a hash",
    "ten times as many posts",
    "horizon x 3",
    "alert heightened, more sorties",
    "regular departures",
    "jittered departures",
    "random departures, as baseline",
    "crossings x 0.5",
    "crossings x 1",
    "crossings x 2",
    "crossings x 4",
    "crossings x 10",
    "baseline over the bare loop",
    "the same, one draw a hash",
    "one more crossing, 4 to 10 over 1 to 2",
    "straight line through the five flows",
)


@pytest.mark.parametrize("row", ROWS)
def test_every_question_has_a_row(measured: tuple[str, dict[str, object]], row: str) -> None:
    """Each question of the benchmark is answered in the table, on a line of its own."""
    lines = measured[0].splitlines()
    assert [line for line in lines if line.startswith(row + " ")]


def test_what_is_written_holds_the_same_rows(measured: tuple[str, dict[str, object]]) -> None:
    """The file for machines holds every row in order, and the baseline's ratio to itself is 1."""
    rows = measured[1]["rows"]
    assert isinstance(rows, list)
    assert [row["what"] for row in rows] == list(ROWS)
    assert rows[0]["ratio"] == [1.0, 1.0, 1.0]


def test_counting_changes_nothing_and_the_bare_loop_does_as_much() -> None:
    """A counted run is the run itself, and the bare loop draws exactly as often as it did."""
    _run("-c", COUNTED)


def test_the_plausibility_table_has_a_row_for_every_target() -> None:
    """Two short years in two processes fill every row of the Markdown table."""
    lines = _run("-m", "benchmarks.plausibility", "--seeds", "2").splitlines()
    assert lines[0].startswith("| what | target |")
    assert sum(line.startswith("| ") for line in lines) >= 18
    assert len({line.count("|") for line in lines}) == 1
