"""What the benchmark of the twin says, writes and draws; no time is judged."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.table import Row
from benchmarks.timing import Spread
from benchmarks.twin.__main__ import chosen, main
from benchmarks.twin.convergence import Estimate, Paired
from benchmarks.twin.picture import draw_bias
from benchmarks.twin.speed import CAREFUL, PLAIN, REDUCED_YEAR, YEAR, Steps, twin_rows


def rows_of(*minutes: float) -> list[Paired]:
    """Rows of a twin that loses 1 % a minute, known to 0.1 %."""
    return [
        Paired(m, 1000, 100, Estimate(-0.01 * m, 0.001), Estimate(0.001 * m, 0.001),
               Estimate(0.002 * m, 0.0001), 0.5 * m)
        for m in minutes
    ]  # fmt: skip


def test_the_step_is_the_longest_that_is_good_enough_else_the_shortest() -> None:
    """Steps are chosen by the interval of the bias, not by its estimate."""
    assert chosen(rows_of(5.0, 1.0, 0.5, 0.2)) == 0.5
    assert chosen(rows_of(5.0, 2.0)) == 2.0


def test_rows_compare_whole_years(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both of Panj's years and the twins have rows, the twins' scaled from days to a year."""
    monkeypatch.setattr("benchmarks.timing.gc.collect", lambda: 0)
    rows = {row.what: row for row in twin_rows(1, Steps(60.0, 60.0, 0.1))}
    assert rows[YEAR].ratio == (1.0, 1.0, 1.0)
    assert rows[REDUCED_YEAR].ms
    for name in (f"{PLAIN}, 60 min", f"{PLAIN}, 120 min", f"{CAREFUL}, 60 min"):
        row = rows[name]
        assert row.ms
        assert row.ratio
        assert row.ratio.median == pytest.approx(row.ms.median / rows[YEAR].ms.median)
    assert "R2" in rows["straight line, days"].note


def test_the_picture_is_the_same_bytes_again(tmp_path: Path) -> None:
    """The same rows give the same picture; a step at which nothing differs does not stop it."""
    rows = rows_of(30.0, 5.0, 1.0)
    rows.append(rows[-1]._replace(minutes=0.1, different=Estimate(0.0, 0.0)))
    one = draw_bias(rows, Estimate(-0.01, 0.001), tmp_path / "one.png")
    again = draw_bias(rows, Estimate(-0.01, 0.001), tmp_path / "again.png")
    assert one.read_bytes() == again.read_bytes()


def test_one_command_prints_convergence_and_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run gives the tables of the coupled twins, of the tests and of time, and writes them."""
    steps: list[Steps] = []

    def timed(repeat: int, chosen_steps: Steps) -> list[Row]:
        steps.append(chosen_steps)
        return [Row("a year in steps", Spread(3.0, 2.0, 4.0), Spread(1.5, 1.0, 2.0))]

    monkeypatch.setattr("benchmarks.twin.__main__.twin_rows", timed)
    path, picture = tmp_path / "twin.json", tmp_path / "bias.png"
    asked = ["--days", "0.3", "--timed-days", "0.1", "--repeat", "1",
             "--step", "30", "--step", "20"]  # fmt: skip
    done = CliRunner().invoke(main, [*asked, "--json", str(path), "--picture", str(picture)])
    assert done.exit_code == 0, done.output
    data = json.loads(path.read_text(encoding="utf-8"))
    assert [row["minutes"] for row in data["coupled"]] == [30.0, 20.0]
    assert {"coupled", "careful", "apart", "slope", "speed"} <= data.keys()
    assert steps == [Steps(20.0, 20.0, 0.1)]
    assert "a year in steps" in done.output
    assert picture.stat().st_size > 10_000
