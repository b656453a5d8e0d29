"""The states of the years: their distribution, and that a run has the inferred year."""

import numpy as np
import pytest

import sim
from sim.calibrate.priors import read_priors
from sim.calibrate.reading_rules import read_rules
from sim.calibrate.simulator import Simulator
from sim.calibrate.unknowns import Unknowns
from sim.errors import PanjError
from sim.frontier.ground import Ground
from sim.model import BorderModel
from sim.scenario.values import with_overrides

YEARS = (2012, 2015, 2016, 2025)


@pytest.fixture(scope="module")
def unknowns() -> Unknowns:
    """Of the shipped priors and regimes."""
    regimes = read_rules(None, Ground.default()).regimes
    fitted = tuple(regime for regime in regimes if regime.unfitted is None)
    return Unknowns(Simulator(sim.load("baseline"), tuple(read_priors()), ()), YEARS, fitted)


def points(unknowns: Unknowns, count: int) -> np.ndarray:
    """Draws of the prior."""
    return np.random.default_rng(0).standard_normal((count, unknowns.size))


def test_the_values_are_those_of_the_prior(unknowns: Unknowns) -> None:
    """A point at the middle of every prior is its median, and no value leaves its bounds."""
    middle = unknowns.values(np.zeros((1, unknowns.size)))[0]
    assert middle == pytest.approx([p.quantile(0.5) for p in unknowns.model.parameters])
    far = unknowns.values(np.full((1, unknowns.size), 9.0))[0]
    assert all(x <= p.high for x, p in zip(far, unknowns.model.parameters, strict=True))


def test_years_hang_together_as_persistence_says(unknowns: Unknowns) -> None:
    """Every year is standard normal; two years apart by n correlate by persistence^n."""
    at = points(unknowns, 40_000)
    at[:, unknowns.keys.index("regimes.persistence")] = 0.0  # its median
    stays = float(unknowns.value("regimes.persistence", at[:1])[0])
    states = [year.state[:, 0] for year in unknowns.year_states(at).values()]
    found = np.cov(states)
    apart = np.abs(np.subtract.outer(YEARS, YEARS))
    assert found == pytest.approx(stays**apart, abs=0.03)


def test_a_run_has_the_inferred_year(unknowns: Unknowns) -> None:
    """Set as a batch would, the model's flow and plans of the first year are the emulator's."""
    at = points(unknowns, 3)
    for year, state in unknowns.year_states(at).items():
        logs = unknowns.year_logs(state, at)
        keys, rows = unknowns.year_settings(state, at)
        for place in range(3):
            drawn = dict(zip(unknowns.keys, unknowns.values(at)[place].tolist(), strict=True))
            plain = unknowns.model.world(drawn)
            spec = with_overrides(plain, dict(zip(keys, rows[place].tolist(), strict=True)))
            regimes = BorderModel(spec, seed=year).regimes
            flow = spec.smugglers.loads_per_year * regimes.flow(spec, 5.0)
            plans = spec.cells.plans_per_year * regimes.plans(spec, 5.0)
            assert np.log([flow, plans]) == pytest.approx(logs[place], abs=1e-6)


def test_the_coming_year_lies_where_persistence_takes_it(unknowns: Unknowns) -> None:
    """Its mean is the last year's state shrunk, and mean and spread keep the variance at 1."""
    at = points(unknowns, 20_000)
    last = unknowns.year_states(at)[2025]
    keys, rows = unknowns.coming_year_settings(last, at)
    first, spread = (
        rows[:, keys.index("regimes.flow_first")],
        rows[:, keys.index("regimes.first_spread")],
    )
    stays = unknowns.value("regimes.persistence", at)
    assert first == pytest.approx(stays * last.state[:, 0])
    assert stays**2 + spread**2 == pytest.approx(1.0)


def test_a_regime_has_a_level_of_its_own(unknowns: Unknowns) -> None:
    """The republic's differs by what years.toml allows, the emirate's is the scenario's."""
    years = unknowns.year_states(points(unknowns, 20_000))
    assert np.std(years[2016].level, axis=0) == pytest.approx([0.5, 1.0], rel=0.03)
    assert (years[2025].level == 0.0).all()
    assert (years[2015].level == years[2016].level).all()


def test_a_regime_may_have_a_parameter_for_itself(unknowns: Unknowns) -> None:
    """Who carried arms differed under the republic; the emirate has what the scenario has."""
    at = points(unknowns, 20_000)
    place = unknowns.keys.index("smugglers.p_armed")
    now, then = (unknowns.values(at, regime)[:, place] for regime in ("emirate", "republic"))
    assert (now == unknowns.values(at)[:, place]).all()
    z = [unknowns.parameters(at, regime)[:, place] for regime in ("emirate", "republic")]
    assert np.std(z[1] - z[0]) == pytest.approx(1.0, rel=0.03)
    assert np.corrcoef(now, then)[0, 1] < 0.8
    keys, rows = unknowns.year_settings(unknowns.year_states(at)[2016], at)
    assert rows[:, keys.index("smugglers.p_armed")] == pytest.approx(then)
    assert "smugglers.p_armed" not in unknowns.year_settings(unknowns.year_states(at)[2025], at)[0]


def test_a_year_of_no_regime_is_refused(unknowns: Unknowns) -> None:
    """With what to do about it."""
    with pytest.raises(PanjError, match="1985: is in no regime"):
        Unknowns(unknowns.model, (1985,), unknowns.regimes)
    assert unknowns.regime(unknowns.regimes[-1].period.last.year + 1) is unknowns.regimes[-1]
