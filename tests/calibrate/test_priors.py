"""Priors: the shipped file, the laws, and what is refused."""

import dataclasses
import pickle
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_rows import table, toml
from scipy import stats

from sim.calibrate.distributions import DISTRIBUTIONS
from sim.calibrate.priors import Parameter, read_priors
from sim.errors import SeedTableError
from sim.incidents.seeds import seeds_folder
from sim.scenario.catalogue import names
from sim.scenario.load import load
from sim.scenario.parameters import parameter
from sim.scenario.values import diff, with_overrides

PRIORS = [
    Parameter("uniform", 2.0, 5.0, "-", "x"),
    Parameter("loguniform", 0.1, 20.0, "-", "x", "loguniform"),
    Parameter("beta", 0.05, 0.8, "-", "x", "beta", (4.0, 8.0)),
    Parameter("edge", 0.0, 1.0, "-", "x", "beta", (1.0, 20.0)),
    Parameter("normal", -0.5, 1.5, "-", "x", "normal", (0.43, 0.6)),
    Parameter("lognormal", 0.2, 9.0, "-", "x", "lognormal", (2.0, 0.7)),
    Parameter("gamma", 0.0, 7.0, "-", "x", "gamma", (2.0, 1.5)),
]
WHOLE = {
    "beta": stats.beta(4.0, 8.0),
    "edge": stats.beta(1.0, 20.0),
    "normal": stats.norm(0.43, 0.6),
    "lognormal": stats.lognorm(0.7, scale=2.0),
    "gamma": stats.gamma(2.0, scale=1.5),
    "uniform": stats.uniform(0.0, 10.0),
    "loguniform": stats.loguniform(0.01, 100.0),
}
"""The laws before they are cut off, by another hand."""

GOOD = {"law": "uniform", "low": 0.1, "high": 0.6, "unit": "probability", "source": "assumption"}
FACTOR = {"law": "uniform", "low": 0.5, "high": 2.0, "unit": "ratio", "source": "assumption"}


def refused(folder, *tables):
    """The error with which a file of these tables is refused."""
    table(folder, "priors.toml", "\n".join(tables))
    with pytest.raises(SeedTableError) as caught:
        read_priors(folder)
    return caught.value


# -- the shipped file ---------------------------------------------------------------------


def test_the_shipped_priors_are_about_25_and_each_says_where_it_comes_from():
    """20 to 30 parameters, each with bounds, unit and source."""
    shipped = read_priors()
    assert 20 <= len(shipped) <= 30
    for prior in shipped:
        assert prior.low < prior.high
        assert prior.unit
        assert prior.source


def test_the_shipped_priors_hold_the_baseline_between_their_bounds():
    """The defaults were set with the targets in view: no prior excludes them."""
    baseline = load("baseline").model_dump()
    for prior in read_priors():
        if prior.multiplies:
            assert prior.low < 1.0 < prior.high
        else:
            section, name = prior.key.split(".")
            assert prior.low < baseline[section][name] < prior.high


def test_the_shipped_priors_lie_within_the_bounds_of_the_specification():
    """A draw at either end is a valid scenario."""
    baseline = load("baseline")
    for prior in read_priors():
        for end in (prior.low, prior.high):
            with_overrides(baseline, prior.overrides(end, baseline))


def test_no_prior_is_on_a_lever_of_the_policies():
    """What a shipped variant changes is compared, never fitted."""
    baseline = load("baseline")
    levers = {changed.key for name in names() for changed in diff(baseline, load(name))}
    assert len(levers) > 10
    assert not levers & {key for prior in read_priors() for key in prior.keys}


# -- the laws -----------------------------------------------------------------------------


@pytest.mark.parametrize("prior", PRIORS, ids=lambda prior: prior.key)
def test_quantiles_are_those_of_the_law_cut_off_at_its_bounds(prior):
    """F(x) = (G(x) - G(low)) / (G(high) - G(low)) for the whole law G, after scipy.stats."""
    whole, u = WHOLE[prior.key], np.linspace(0.01, 0.99, 25)
    first, last = whole.cdf(prior.low), whole.cdf(prior.high)
    assert np.allclose((whole.cdf(prior.quantile(u)) - first) / (last - first), u, atol=1e-10)


@given(st.sampled_from(PRIORS), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_quantiles_grow_and_stay_within_the_bounds(prior, u, v):
    """For any u <= v: low <= x(u) <= x(v) <= high."""
    lower, upper = prior.quantile(min(u, v)), prior.quantile(max(u, v))
    assert prior.low <= lower <= upper <= prior.high


def test_numbers_and_arrays_go_the_same_way():
    """A float gives a float, an array an array with the same values."""
    for prior in PRIORS:
        assert isinstance(prior.quantile(0.3), float)
        assert isinstance(prior.share(prior.quantile(0.3)), float)
        assert prior.quantile(np.array([0.3]))[0] == prior.quantile(0.3)


def test_every_law_is_tested():
    """None is added without a prior here."""
    assert {prior.law for prior in PRIORS} == set(DISTRIBUTIONS)


# -- what a value does --------------------------------------------------------------------


def test_a_plain_parameter_sets_its_key():
    """One override, to the value itself."""
    plain = Parameter("patrols.p_sight", 0.1, 0.6, "probability", "x")
    assert plain.overrides(0.4, load("baseline")) == {"patrols.p_sight": 0.4}


def test_a_factor_multiplies_what_the_scenario_has():
    """Twice the weights of two tables, and nothing else changes."""
    keys = ("cells.district_weights.darvoz", "smugglers.district_weights.darvoz")
    factor = Parameter("east", 0.5, 4.0, "ratio", "x", multiplies=keys)
    baseline = load("baseline")
    changed = with_overrides(baseline, factor.overrides(2.0, baseline))
    found = {d.key: (d.a, d.b) for d in diff(baseline, changed)}
    assert found == {keys[0]: (3.0, 6.0), keys[1]: (2.0, 4.0)}


def test_a_factor_of_one_is_the_scenario_itself():
    """Nothing changes."""
    baseline = load("baseline")
    for prior in read_priors():
        if prior.multiplies:
            assert not diff(baseline, with_overrides(baseline, prior.overrides(1.0, baseline)))


def test_a_prior_survives_the_way_to_a_worker():
    """Pickled and back it is equal."""
    shipped = read_priors()
    assert pickle.loads(pickle.dumps(shipped)) == shipped


# -- what is refused ----------------------------------------------------------------------


def test_a_user_file_replaces_the_shipped_one(tmp_path):
    """Its parameters and no others."""
    table(tmp_path, "priors.toml", toml("patrols.p_sight", **GOOD))
    (prior,) = read_priors(tmp_path)
    assert prior == Parameter("patrols.p_sight", 0.1, 0.6, "probability", "assumption")


def test_a_folder_without_the_file_gives_the_shipped_one(tmp_path):
    """Who brings only targets keeps the shipped priors."""
    shutil.copy(seeds_folder() / "targets.toml", tmp_path)
    assert read_priors(tmp_path) == read_priors()


@pytest.mark.parametrize(
    ("changes", "key", "told"),
    [
        ({"law": None}, "law", "is missing"),
        ({"law": "unifrom"}, "law", "Did you mean uniform"),
        ({"low": "0.1"}, "low", "is not a number"),
        ({"low": True}, "low", "is not a number"),
        ({"high": 0.1}, "high", "is not above low = 0.1"),
        ({"low": -0.2}, "low", "is below the least value 0"),
        ({"high": 1.5}, "high", "is above the largest value 1"),
        ({"unit": "km"}, "unit", 'Write unit = "probability"'),
        ({"unit": None}, "unit", "is missing"),
        ({"source": None}, "source", '"assumption"'),
        ({"source": " "}, "source", "is not text"),
        ({"hihg": 1.0}, "hihg", "Did you mean high"),
        ({"law": "loguniform", "low": 0.0}, None, "Give more than 0"),
        ({"law": "beta", "a": 2.0}, "b", "is missing"),
        ({"law": "beta", "a": 0.0, "b": 1.0}, "a", "is not above 0"),
        ({"law": "normal", "mean": 80.0, "sd": 1.0}, None, "puts less than"),
        ({"a": 2.0}, "a", "is not known here"),
    ],
)
def test_a_bad_value_is_refused_with_its_place(tmp_path, changes, key, told):
    """File, line, key and remedy, for each slip."""
    error = refused(tmp_path, toml("patrols.p_sight", **(GOOD | changes)))
    assert told in str(error)
    assert error.path.endswith("priors.toml")
    assert error.key == ("patrols.p_sight" if key is None else f"patrols.p_sight.{key}")
    assert error.line is not None


def test_infinite_bounds_are_refused(tmp_path):
    """A prior without bounds cannot be drawn from."""
    text = toml("patrols.p_sight", **GOOD).replace("high = 0.6", "high = inf")
    assert "is not a finite number" in str(refused(tmp_path, text))


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("patrols.p_sigth", "Did you mean patrols.p_sight"),
        ("patrols.size", "is a whole number"),
        ("patrols.schedule", "is a choice"),
        ("smugglers.district_weights", "is a district table"),
        ("nothing_like_it", "is not a parameter of a scenario"),
    ],
)
def test_only_numbers_of_a_scenario_can_be_free(tmp_path, header, told):
    """An unknown key names near ones; a known one of another kind says which."""
    error = refused(tmp_path, toml(header, **GOOD))
    assert told in str(error)
    assert error.line == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"multiplies": []}, "is empty. Name keys"),
        ({"multiplies": "cells.skill"}, "is not a list of texts. Name keys"),
        ({"multiplies": ["cells.cuont"]}, "cells.cuont is not a parameter"),
        ({"multiplies": ["cells.count"]}, "is a whole number"),
        ({"multiplies": ["cells.skill", "cells.skill"]}, "names a parameter twice"),
        ({"multiplies": ["cells.skill"], "low": -1.0}, "is below 0"),
        ({"multiplies": ["cells.skill"], "unit": "share"}, 'Write unit = "ratio"'),
    ],
)
def test_a_bad_factor_is_refused(tmp_path, changes, told):
    """Its keys must be numbers of a scenario, each once, and it is at least 0."""
    assert told in str(refused(tmp_path, toml("many", **(FACTOR | changes))))


def test_a_parameter_cannot_be_a_factor_on_others(tmp_path):
    """Its name would say one thing and mean another."""
    text = toml("cells.skill", **FACTOR, multiplies=["cells.learning"])
    assert "cannot stand for several" in str(refused(tmp_path, text))


def test_two_parameters_cannot_move_one_key(tmp_path):
    """The later would undo the earlier."""
    one = toml("patrols.p_sight", **GOOD)
    two = toml("sight", **FACTOR, multiplies=["patrols.p_sight"])
    error = refused(tmp_path, one, two)
    assert error.key == "sight"
    assert "changes patrols.p_sight, as patrols.p_sight does" in str(error)


def test_every_problem_is_reported_at_once_in_the_order_of_the_lines(tmp_path):
    """Three slips in two tables, three problems."""
    one = toml("patrols.p_sight", **(GOOD | {"law": "beat", "unit": "km"}))
    two = toml("sign.p_found", **(GOOD | {"source": None}))
    problems = refused(tmp_path, one, two).problems
    assert [problem.key for problem in problems] == [
        "patrols.p_sight.law",
        "patrols.p_sight.unit",
        "sign.p_found.source",
    ]
    assert [problem.line for problem in problems] == [2, 5, 8]


def test_a_file_that_is_no_toml_or_says_nothing_is_refused(tmp_path):
    """With the line of the slip, or what the file should hold."""
    assert refused(tmp_path, "[patrols.p_sight]\nlaw = uniform").line == 2
    assert "a TOML file of priors" in str(refused(tmp_path, "# nothing"))
    assert "outside any table" in str(refused(tmp_path, 'law = "uniform"'))


def test_a_folder_that_is_none_is_refused(tmp_path):
    """Also where a file was given in its place."""
    with pytest.raises(SeedTableError, match="is not a folder"):
        read_priors(tmp_path / "nowhere")


def test_the_units_of_the_shipped_priors_are_those_of_the_specification():
    """So that a changed specification is noticed here first."""
    for prior in read_priors():
        for key in prior.keys:
            known = parameter(key)
            assert known is not None
            assert prior.unit == ("ratio" if prior.multiplies else known.unit)


def test_priors_are_frozen():
    """A prior cannot be moved after it was checked."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        PRIORS[0].low = 0.0
