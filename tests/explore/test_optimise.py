"""The best mix is found again after an interruption, and judged on other years."""

import csv
from math import exp
from pathlib import Path

import pytest

from sim.comparison.terms import PLAIN
from sim.errors import PanjError
from sim.explore.optimise import study
from sim.explore.optimise.evaluation import split_draws
from sim.explore.optimise.result import Optimum
from sim.explore.optimise.study import Effort, optimise
from sim.explore.optimise.words import headline, sentences, text_tables
from sim.explore.result import load_result
from sim.runs.batch import BatchProgress
from sim.runs.posterior import choose_draws
from sim.runs.store import Store
from sim.scenario.load import load
from sim.scenario.values import digest
from tests.explore.budgets import written

EFFORT = Effort(mixes=6, training=2, years=3, unit_years=2)


def _found(budget: Path, folder: Path, **more: object) -> Optimum:
    asked = {"executor": "serial", "posterior": "shipped", "draws": 2, **more}
    return optimise(budget, folder, EFFORT, overrides={"days": 5.0}, **asked)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Optimum]:
    """A search in batches of two mixes, and its folder."""
    folder = tmp_path_factory.mktemp("optimise")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study, "BATCH", 2)
        return folder, _found(written(folder), folder / "whole")


@pytest.mark.thorough
def test_it_continues_after_an_interruption(
    whole: tuple[Path, Optimum], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same command finds the same mix and figures, and runs nothing twice."""
    folder, found = whole
    monkeypatch.setattr(study, "BATCH", 2)

    def end(tally: BatchProgress) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt

    left = 8
    with pytest.raises(KeyboardInterrupt):
        _found(folder / "budget.toml", folder / "cut", progress=end)
    ran: list[int] = []
    again = _found(
        folder / "budget.toml", folder / "cut", progress=lambda tally: ran.append(tally.missing)
    )
    assert again == found
    assert (folder / "cut" / "best.toml").read_bytes() == (
        folder / "whole" / "best.toml"
    ).read_bytes()
    assert sum(ran) > 0


def test_held_out_years_are_other_years(whole: tuple[Path, Optimum]) -> None:
    """No seed and no draw of the verdict is one of the search's."""
    folder, _ = whole
    one, other = (Store.open(folder / "whole" / name) for name in ("training", "held_out"))
    seeds = [set(store.outcomes().column("seed").to_pylist()) for store in (one, other)]
    assert not seeds[0] & seeds[1]
    assert one.posterior is not None
    assert other.posterior is not None
    assert not set(one.posterior.draws) & set(other.posterior.draws)


def test_draws_are_split_into_halves() -> None:
    """Every draw is in one of them; a single draw has to serve both; none stays none."""
    four = choose_draws("shipped", 4)
    assert four is not None
    one, other = split_draws(four)
    assert one is not None
    assert other is not None
    assert sorted(one.draws + other.draws) == sorted(four.draws)
    assert split_draws(four.first(1)) == (four.first(1), four.first(1))
    assert split_draws(None) == (None, None)


def test_the_mix_is_a_scenario_to_run(whole: tuple[Path, Optimum]) -> None:
    """``best.toml`` is the scenario that was judged, and keeps within the budget."""
    folder, found = whole
    judged = Store.open(folder / "whole" / "held_out").scenarios["mix"]
    assert digest(load(folder / "whole" / "best.toml")) == digest(judged)
    assert found.spent <= found.total
    assert load_result(folder / "whole" / "held_out", Optimum) == found


def test_the_plan_is_a_random_schedule(whole: tuple[Path, Optimum]) -> None:
    """The probability for each district and hour is that of a departure at the mix's rate."""
    folder, _ = whole
    mix = load(folder / "whole" / "best.toml")
    with (folder / "whole" / "plan.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 24 * len(mix.ground.slugs)
    rate = mix.patrols.sorties_per_day * mix.patrols.emphasis["panj"] * 1.4  # at elevated
    panj = [row for row in rows if row["district"] == "panj"]
    assert {row["hour"] for row in panj} == {str(hour) for hour in range(24)}
    for row in panj:
        chance = float(row["probability_of_a_sortie"])
        assert chance == pytest.approx(1.0 - exp(-rate / 24.0), abs=1e-4)


def test_words_describe_the_result(whole: tuple[Path, Optimum]) -> None:
    """Sentences and tables have the mix, every lever, and every other way."""
    _, found = whole
    assert "best mix" in sentences(found, PLAIN)[0]
    assert "victims" in headline(found, PLAIN)[0]
    ways, bought, units = text_tables(found, PLAIN)
    assert [row[0] for row in ways.rows][:2] == ["as it is now", "the best mix found"]
    assert [row[0] for row in bought.rows] == [row.lever for row in found.bought]
    assert {row[0] for row in units.rows} <= {row.lever for row in found.bought}


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        ((2.0, 1.0, 3.0), "costs 2.0 (1.0 to 3.0)"),
        ((-2.0, -3.0, -1.0), "saves 2.0 (1.0 to 3.0)"),
        ((-2.0, -3.0, 1.0), "makes no difference beyond chance ("),
    ],
)
def test_less_money_costs_or_saves_an_amount(
    whole: tuple[Path, Optimum], saved: tuple[float, float, float], said: str
) -> None:
    """What is said to be saved or lost is an amount above zero, with its interval."""
    _, found = whole
    values = dict(zip(("saved", "low", "high"), saved, strict=True))
    less = found.allocations[-1].model_copy(
        update={"name": "half", "title": "half of it", **values}
    )
    result = found.model_copy(update={"allocations": (*found.allocations, less)})
    (sentence,) = [text for text in sentences(result, PLAIN) if text.startswith("Half of it")]
    assert said in sentence


@pytest.mark.parametrize("harm", ["gold", "militants_killed"])
def test_a_harm_must_be_one(tmp_path: Path, harm: str) -> None:
    """What is not an outcome, or has no better direction, is refused before a run."""
    with pytest.raises(PanjError, match="is not an outcome of which"):
        optimise(written(tmp_path), tmp_path / "none", EFFORT, harm=harm)
    assert not (tmp_path / "none").exists()
