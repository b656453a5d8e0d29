"""A model from whatever a newcomer has: names, values of NumPy and pandas, and Mesa's own tools."""

import mesa
import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import PanjError, ScenarioError

DAYS = {"days": 5}


def test_a_name_and_values_are_a_model() -> None:
    """It is the model of the scenario that ``sim.load`` gives for the same."""
    model = sim.BorderModel("baseline", {"patrols.size": 6, **DAYS}, seed=3).run()
    loaded = sim.BorderModel(sim.load("baseline", {"patrols.size": 6, **DAYS}), seed=3).run()
    assert model.spec == loaded.spec
    assert model.fingerprint() == loaded.fingerprint()


def test_values_may_change_a_scenario_and_stand_alone() -> None:
    """On a scenario too, as texts, as a row of pandas; an argument of its own comes on top."""
    spec = sim.load("baseline", DAYS)
    row = pd.Series({"patrols.size": 6.0, "days": np.nan})
    sizes = [
        sim.BorderModel(spec, given, **more).spec.patrols.size
        for given, more in [
            (row, {}),
            (["patrols.size=6"], {}),
            ({}, {"patrols.size": 6}),
            ({"patrols.size": 4}, {"patrols.size": 6}),
        ]
    ]
    assert sizes == [6, 6, 6, 6]
    assert sim.BorderModel(spec).spec is spec
    assert sim.BorderModel(spec).fork(row).spec.patrols.size == 6


@pytest.mark.parametrize("seed", [7, np.int64(7), 7.0])
def test_a_seed_may_stand_second(seed: object) -> None:
    """A whole number there is the seed; by name it may come from NumPy or a data frame."""
    spec = sim.load("baseline", DAYS)
    assert sim.BorderModel(spec, 7).seed == sim.BorderModel(spec, np.int32(7)).seed == 7
    assert sim.BorderModel(spec, seed=seed).seed == 7


@pytest.mark.parametrize(
    ("given", "more", "words"),
    [
        ("basline", {}, "Did you mean baseline?"),
        ("baseline", {"patrol": 3}, "Did you mean patrols?"),
        (("name", "baseline"), {}, "put a scenario into a list"),
        (3, {}, "is not a scenario but int"),
    ],
)
def test_a_slip_is_told(given: object, more: dict[str, object], words: str) -> None:
    """What is wrong, and what was probably meant."""
    with pytest.raises(ScenarioError) as caught:
        sim.BorderModel(given, **more)
    assert words in str(caught.value)


def test_a_seed_that_is_none_is_refused() -> None:
    """Before anything is built."""
    for seed in ("a", True, -1):
        with pytest.raises(PanjError, match="seed"):
            sim.BorderModel("baseline", seed=seed)


def test_batch_run_of_mesa_works() -> None:
    """Each row has the parameters, the seed and every outcome, and can be run again."""
    rows = mesa.batch_run(
        sim.BorderModel,
        {"spec": "baseline", "patrols.size": [4, np.int64(6)], **DAYS},
        rng=[1, None],
        display_progress=False,
    )
    assert [row["patrols.size"] for row in rows] == [4, 6, 4, 6]
    assert rows[0]["seed"] == rows[1]["seed"] == 1 != rows[2]["seed"]
    for row in rows:
        again = sim.BorderModel(
            "baseline", {"patrols.size": row["patrols.size"], **DAYS}, seed=row["seed"]
        )
        assert again.run().outcomes().items() <= row.items()


def test_until_a_collector_is_set_there_is_one_of_outcomes() -> None:
    """Nothing is collected by the day; what is set is used instead, and may be taken away."""
    model = sim.BorderModel("baseline", DAYS).run()
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == 1
    assert frame["crossings"][0] == model.outcomes()["crossings"]
    mine = mesa.DataCollector({"day": "time"})
    model.datacollector = mine
    assert model.datacollector is mine
    model.datacollector = None
    assert "crossings" in model.datacollector.model_vars


def test_a_batch_takes_numbers_of_numpy() -> None:
    """Replicates and seeds of a data frame; what is not a whole number is named in the message."""
    spec = sim.load("baseline", DAYS)
    store = sim.run_batch(spec, np.int64(2), root=np.int64(3), executor="serial")
    assert store.outcomes().num_rows == 2
    assert sim.run_batch(spec, 1.0, root=3, executor="serial").manifest.root == 3
    with pytest.raises(PanjError, match="replicates"):
        sim.run_batch(spec, 1.5)
