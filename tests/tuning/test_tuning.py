"""A session of tuning without a screen: moves, answers, years that come, what is taken away."""

from pathlib import Path

import numpy as np
import pytest
import small_world as small

import sim
from sim.calibrate.surrogate import Surrogate
from sim.errors import PanjError, ScenarioError
from sim.runs.store import Store
from sim.scenario.values import digest
from sim.tuning.session import Tuning

LOADS = "smugglers.loads_per_year"


def test_it_begins_as_the_base(still: Tuning) -> None:
    """Nothing has moved, the scenario is the base, and every figure has an answer."""
    assert still.scenario is small.BASE
    assert still.moved == {}
    answer = still.answer()
    assert answer.done == 0
    assert answer.wanted == small.WORLDS
    assert answer.strange == ()
    assert answer.distance is not None
    assert answer.held_out is not None
    fitted = [row for row in answer.rows if not row.reported.held_out]
    assert any(np.isfinite(row.mean) and row.error > 0.0 for row in fitted)


def test_a_move_is_the_scenario_with_that_value(still: Tuning) -> None:
    """``sim.load`` with what has moved gives the same; a factor multiplies the base's weights."""
    still.move({LOADS: 90.0, "teams.per_district": 2})
    assert digest(still.scenario) == digest(
        sim.load("baseline", {"cells.count": 1, LOADS: 90.0, "teams.per_district": 2})
    )
    assert still.moved == {LOADS: 90.0, "teams.per_district": 2}
    still.move({LOADS: 60.0, "teams.per_district": 1, "hot": 2.0})
    slug = "shamsiddin_shohin"
    before = small.BASE.smugglers.district_weights[slug]
    assert still.scenario.smugglers.district_weights[slug] == 2.0 * before
    assert still.moved == {"hot": 2.0}


def test_the_same_setting_has_the_same_answer(still: Tuning) -> None:
    """There and back again is where one was: nothing is drawn again."""
    before = still.answer()
    assert still.move({LOADS: 200.0}).distance != before.distance
    again = still.undo()
    assert again.distance == before.distance
    assert [row.mean for row in again.rows] == pytest.approx(
        [row.mean for row in before.rows], nan_ok=True
    )


def test_more_loads_bring_more_clashes(still: Tuning) -> None:
    """The emulator's mean follows the parameter."""

    def clashes() -> float:
        return next(r.mean for r in still.answer().rows if r.reported.name == "clashes 2016")

    few = clashes()
    still.move({LOADS: 300.0})
    assert clashes() > few


def test_undo_goes_back_move_by_move(still: Tuning) -> None:
    """Every move one step; moves of one gesture are one; where nothing is left, nothing happens."""
    still.move({LOADS: 90.0})
    still.move({LOADS: 100.0}, trial=True)
    still.move({LOADS: 110.0}, step=False)
    still.reset()
    seen = []
    while still.can_undo:
        still.undo()
        seen.append(still.moved.get(LOADS))
    assert seen == [110.0, 90.0, None]
    still.undo()
    assert still.moved == {}


def test_the_best_is_the_nearest_of_those_tried(still: Tuning) -> None:
    """Of these years; going to it is a move that can be taken back."""
    tried = {value: still.move({LOADS: value}).distance for value in (30.0, 120.0, 350.0)}
    tried[60.0] = still.reset().distance
    nearest = min(tried, key=lambda value: tried[value] or 0.0)
    assert still.best is not None
    assert still.best[1] == tried[nearest]
    still.to_best()
    assert still.values[LOADS] == nearest
    still.undo()
    assert still.moved == {}
    still.years = (2015,)
    still.answer()
    assert still.best[0] == frozenset()


def test_the_posterior_is_one_button_away(still: Tuning) -> None:
    """Free parameters stand at the medians of its draws, levers as they were."""
    still.move({"teams.per_district": 2})
    still.to_posterior()
    draws = np.array(small.posterior().draws)
    for place, free in enumerate(small.FREE):
        assert still.values[free.key] == np.median(draws[:, place])
    assert still.values["teams.per_district"] == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"smugglers.loads_per_yea": 3.0}, "Did you mean smugglers.loads_per_year"),
        ({"alert.level": "high"}, "alert.level"),
        ({"patrols.p_sight": 2.0}, "patrols.p_sight"),
    ],
)
def test_a_mistake_is_reported_and_moves_nothing(
    still: Tuning, given: dict[str, object], words: str
) -> None:
    """What is wrong and what was meant; the setting stays, and there is nothing to undo."""
    with pytest.raises(PanjError, match=words):
        still.move(given)  # type: ignore[arg-type]
    assert still.moved == {}
    assert not still.can_undo


def test_a_year_that_nobody_knows_is_refused(still: Tuning) -> None:
    """With those that are known."""
    with pytest.raises(PanjError, match="2015, 2016, 2025"):
        still.years = (2016, 1999)
    assert still.years == (2016,)


def test_a_scenario_that_is_not_a_year_is_refused(surrogate: Surrogate) -> None:
    """Figures are of a year."""
    month = sim.load("baseline", {"days": 30})
    with pytest.raises(ScenarioError, match="days = 365"):
        Tuning(month, small.evidence(surrogate), (2016,))


def test_the_emulator_does_not_speak_of_levers(still: Tuning) -> None:
    """With a moved lever there are no figures before years are simulated; the answer says why."""
    answer = still.move({"patrols.sorties_per_day": 5.0})
    assert answer.strange == ("patrols.sorties_per_day",)
    assert answer.distance is None
    assert all(np.isnan(row.mean) for row in answer.rows)
    assert still.best is None or still.best[0] == frozenset()


def test_years_take_the_emulators_place(session: Tuning) -> None:
    """When all are there, figures are those of these very years, run as anybody would run them."""
    answer = session.wait(300.0)
    assert (answer.done, session.failure) == (small.WORLDS, "")
    row = next(row for row in answer.rows if row.reported.name == "clashes 2016")
    expected, worlds = [], session._answers.worlds
    for world in range(small.WORLDS):
        order = worlds.request(small.BASE, frozenset(), 2016, world)
        spec = sim.Scenario.model_validate_json(order.scenario)
        model = sim.BorderModel(spec, seed=order.seed).run()
        assert spec.regimes.flow_first == worlds.state(2016, world)["regimes.flow_first"]
        expected.append(model.outcomes()["clashes_reported"])
    assert row.simulated.tolist() == expected
    assert row.mean == np.mean(expected)
    lever = session.move({"patrols.sorties_per_day": 5.0})
    assert lever.distance is None
    assert session.wait(300.0).distance is not None
    assert session.undo().done == small.WORLDS, "what was simulated once is kept"


def test_a_trial_runs_no_years(session: Tuning) -> None:
    """While a handle is held the emulator alone answers."""
    session.wait(300.0)
    answer = session.move({LOADS: 80.0}, trial=True)
    assert answer.done == 0
    assert session.wait(0.5).done == 0


def test_a_failed_year_is_reported(surrogate: Surrogate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others go on, and the figures are those of years that did not fail."""
    found = small.tuning(surrogate)
    found.wait(300.0)
    order = found._answers.worlds.request(small.BASE, frozenset({("x", 1)}), 2016, 0)
    from sim.tuning.year_runs import YearResult, simulate

    told = simulate(order.__class__(**{**order.__dict__, "scenario": "{"}))
    assert told.figures is None
    found._results.put(YearResult(order, None, "ValueError: no"))
    found.answer()
    assert "ValueError: no" in found.failure
    found.close()


def test_a_saved_scenario_loads_and_runs(still: Tuning, tmp_path: Path) -> None:
    """The file gives the same scenario again; a file that is there is not overwritten unasked."""
    still.move({LOADS: 45.5, "hot": 1.5, "alert.level": "routine", "teams.per_district": 2})
    path = still.save(tmp_path / "mine.toml")
    assert digest(sim.load(path)) == digest(still.scenario)
    assert sim.BorderModel(path, {"days": 5}).run().outcomes()["crossings"] is not None
    content = path.read_bytes()
    with pytest.raises(PanjError, match="exists already"):
        still.save(path)
    assert path.read_bytes() == content
    still.save(path, force=True)
    with pytest.raises(PanjError, match=r"ends in \.toml"):
        still.save(tmp_path / "mine")


def test_a_batch_is_the_store_that_run_batch_makes(still: Tuning, tmp_path: Path) -> None:
    """Base and tuned scenario at draws of the posterior, paired; what was moved is not drawn."""
    with pytest.raises(PanjError, match="nothing was moved"):
        still.batch(tmp_path / "none")
    still.move({"patrols.p_sight": 0.5, "hot": 1.5})
    store = still.batch(tmp_path / "tuned", 2, executor="serial")
    again = Store.open(tmp_path / "tuned")
    assert list(again.scenarios) == list(store.scenarios) == ["baseline", "tuned"]
    tuned = again.scenarios["tuned"]
    assert digest(tuned) == digest(still.scenario)
    posterior = again.posterior
    assert posterior is not None
    assert "hot" not in {one.name for one in posterior.parameters}, "or it would count twice"
    assert posterior.apply(tuned, 1).patrols.p_sight == 0.5
    assert posterior.apply(tuned, 1).smugglers.loads_per_year != 60.0
    still.batch(tmp_path / "tuned", 3, executor="serial")
    assert Store.open(tmp_path / "tuned").outcomes().num_rows == 6


def test_without_an_emulator_only_years_answer() -> None:
    """The answer says so."""
    found = small.tuning(None)
    assert found.answer().strange == ("no emulator",)
    assert found.wait(300.0).distance is not None
    found.close()
