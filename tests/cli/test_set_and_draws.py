"""``--set`` of an uncertain parameter keeps its value, whatever is drawn."""

from pathlib import Path

import pytest

from sim.calibrate.bank import prior_draws
from sim.calibrate.simulator import simulator
from sim.cli.draws import DrawOptions
from sim.cli.main import main
from sim.runs.posterior import Posterior, UncertainParameter
from sim.runs.store import Store
from sim.scenario.load import load

KEY = "patrols.p_sight"
BASE = load("baseline").patrols.p_sight
FITTED = Posterior(
    (
        UncertainParameter(KEY, (KEY,), "set", (BASE,)),
        UncertainParameter("sign.p_found", ("sign.p_found",)),
    ),
    ((0.11, 0.2), (0.22, 0.4)),
    "made up",
)


@pytest.mark.parametrize("value", [BASE, 0.5])
@pytest.mark.parametrize("kind", ["prior", "fitted"])
def test_a_set_value_is_drawn_over_by_nothing(tmp_path: Path, kind: str, value: float) -> None:
    """The value is kept in every scenario; other parameters are drawn."""
    FITTED.write(tmp_path / "fitted")
    specs = [load(name, [f"{KEY}={value}"]) for name in ("baseline", "triggered")]
    wanted = kind if kind == "prior" else str(tmp_path / kind)
    posterior = DrawOptions(wanted, 2, None).resolve(specs)
    assert posterior is not None
    for spec in specs:
        for draw in range(2):
            assert "sign.p_found" in posterior.sets(spec, draw)
            assert posterior.apply(spec, draw).patrols.p_sight == value


def test_a_batch_with_a_value_at_the_calibrated_one(tmp_path: Path) -> None:
    """The draws of the store do not set this value."""
    FITTED.write(tmp_path / "fitted")
    command = ["batch", "baseline", "-n", "2", "-o", str(tmp_path / "s"), "--serial"]
    more = ["--posterior", str(tmp_path / "fitted"), "--set", "days=2", "--set", f"{KEY}={BASE}"]
    assert main([*command, *more]) == 0
    rows = Store.open(tmp_path / "s").parameters().to_pylist()
    assert {row["key"] for row in rows if row["draw"] is not None} == {"sign.p_found"}


def test_a_calibration_draws_what_is_free() -> None:
    """A calibration draws a free parameter also if the scenario sets it."""
    model = simulator(load("baseline", {KEY: 0.5}))
    draws = prior_draws(model, 2)
    seen = {draws.apply(model.scenario, draw).patrols.p_sight for draw in (0, 1)}
    assert len(seen - {0.5}) == 2
