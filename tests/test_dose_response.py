"""Dose and response: the worlds, what a year adds, and a split that adds up."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.dose_response import __main__ as command
from benchmarks.dose_response.pages import put
from benchmarks.dose_response.split import DETERRENCE, split
from benchmarks.dose_response.study import Floats, Study, found, resampled
from benchmarks.dose_response.tally import ATTACKS, COLUMNS, tally
from benchmarks.dose_response.world import (
    LEVELS,
    LEVERS,
    PARTS,
    arms,
    baseline,
    part_arm,
    partial,
    subsets,
)
from sim.scenario.spec_guard import Level
from sim.scenario.values import with_overrides

pytestmark = pytest.mark.thorough

WORLD = baseline()
YEARS = 30


def made(chosen: dict[str, Floats] | None = None, danger: dict[str, float] | None = None) -> Study:
    """A study of emergency and routine: shares of plans chosen, and victims of a plan, by world."""
    rows = []
    names = [part_arm("emergency", on) for on in subsets()]
    for name in names:
        row = np.zeros((YEARS, len(COLUMNS)))
        plans = (chosen or {}).get(name, np.full(len(ATTACKS), 10.0))
        for kind, count in zip(ATTACKS, plans, strict=True):
            row[:, COLUMNS.index(f"plans {kind}")] = count
            row[:, COLUMNS.index(f"victims {kind}")] = count * (danger or {}).get(name, 1.0)
        row[:, COLUMNS.index("plans refrain")] = 100.0 - plans.sum()
        rows.append(row)
    return resampled(names, np.array(rows))


def test_parts_of_a_level_are_all_that_it_says() -> None:
    """Every field of a level but its cost-free name belongs to exactly one part."""
    fields = [field for part in PARTS for field in part.fields]
    assert sorted(fields) == sorted(set(fields))
    assert set(fields) == set(Level.model_fields)


@pytest.mark.parametrize("level", LEVELS[1:])
def test_a_level_of_which_all_is_on_is_itself_and_one_of_which_nothing_is_on_is_routine(
    level: str,
) -> None:
    """Partial levels begin at routine and end at the level."""
    for on, like in ((frozenset(), "routine"), (subsets()[-1], level)):
        spec = with_overrides(WORLD, partial(WORLD, level, on))
        mixed = getattr(spec.alert.levels, level)
        assert mixed.model_dump() == pytest.approx(getattr(WORLD.alert.levels, like).model_dump())


def test_every_world_is_one_that_the_model_takes() -> None:
    """All overrides are accepted, no two worlds differ by name only, and the usual one is there."""
    worlds = {name: with_overrides(WORLD, changes) for name, changes in arms(WORLD).items()}
    assert {"routine", "elevated", "heightened", "emergency"} <= worlds.keys()
    assert all(lever.arm(dose) in worlds for lever in LEVERS for dose, _ in lever.doses)


def test_a_year_is_counted_once() -> None:
    """Victims by kind of plan are those by fate and those of strikes; parties have one fate."""
    row = dict(zip(COLUMNS, tally(WORLD, 4), strict=True))
    assert sum(row[f"plans {kind}"] for kind in ATTACKS) > 5
    fates = ("unmet", "chance", "deliberate")
    assert row["parties"] == sum(row[f"parties {fate}"] for fate in fates)
    assert row["met"] == row["parties"] - row["parties unmet"]
    crossed = sum(row[f"victims {kind}"] for kind in ATTACKS if kind.startswith("infiltration"))
    assert crossed == sum(row[f"victims {fate}"] for fate in fates)


def test_the_parts_add_up_to_the_whole() -> None:
    """For any choices and dangers the four parts are the effect of the level, exactly."""
    draw = np.random.default_rng(3)
    names = [part_arm("emergency", on) for on in subsets()]
    study = made(
        {name: draw.integers(1, 14, len(ATTACKS)).astype(float) for name in names},
        {name: float(draw.uniform(0.1, 3.0)) for name in names},
    )
    parts = dict(split(study, "emergency"))
    total = parts.pop("all")
    assert sum(parts.values()) == pytest.approx(total)
    assert abs(total[0]) > 1.0


def test_other_choices_at_the_same_danger_are_deterrence_alone() -> None:
    """Half the plans dropped, the others as dangerous as before: all is deterrence."""
    fewer = {part_arm("emergency", on): np.full(len(ATTACKS), 5.0) for on in subsets()[1:]}
    parts = {name: found(values) for name, values in split(made(fewer), "emergency").items()}
    assert parts[DETERRENCE].figure == pytest.approx(-35.0)
    assert all(parts[part.name].figure == pytest.approx(0.0) for part in PARTS)


def test_a_part_that_does_nothing_gets_nothing() -> None:
    """Where protection alone lowers the danger, whatever else is on, it gets all of the effect."""
    safer = {part_arm("emergency", on): 0.5 for on in subsets() if "protection" in on}
    parts = {name: found(v).figure for name, v in split(made(None, safer), "emergency").items()}
    assert parts["protection"] == pytest.approx(-35.0)
    assert parts["interception"] == parts["tiredness"] == pytest.approx(0.0)
    assert parts[DETERRENCE] == pytest.approx(0.0)


def test_a_page_without_the_marks_of_a_table_is_refused() -> None:
    """The message names the table."""
    with pytest.raises(ValueError, match="no marks for the table fates"):
        put("<!-- fates -->", {"fates": ""})


def test_the_command_prints_every_table_and_draws_every_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two short years of every world in two processes are enough for all of it."""
    short = with_overrides(WORLD, {"days": 60.0})
    monkeypatch.setattr(command, "baseline", lambda: short)
    names = ("levels", "parts", "tired", "levers", "fates", "assumed")
    page = tmp_path / "page.md"
    page.write_text("".join(f"<!-- {name} -->old<!-- /{name} -->\n" for name in names), "utf-8")
    drawn = tmp_path / "drawn"
    asked = ["--years", "2", "-o", str(drawn), "--page", str(page)]
    done = CliRunner().invoke(command.main, asked)
    assert done.exit_code == 0, done.output
    assert [line for line in done.output.splitlines() if line.startswith("## ")] == [
        f"## {name}" for name in names
    ]
    assert "old" not in page.read_text("utf-8")
    assert page.read_text("utf-8").count("<!-- ") == 2 * len(names)
    pictures = {path.name for path in drawn.iterdir()}
    assert pictures == {"parts.png", "levers.png", "seen.png", "fates.png"}
