"""Scenarios flattened, compared, varied, and known by a digest."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.catalogue import names
from sim.scenario.load import load
from sim.scenario.parameters import parameters
from sim.scenario.spec import Scenario
from sim.scenario.values import (
    diff,
    digest,
    flatten,
    with_overrides,
    with_stated,
)

# A few parameters that can be set freely, of every kind.
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "days": st.floats(1, 3650),
        "patrols.size": st.integers(1, 30),
        "patrols.schedule": st.sampled_from(["regular", "jittered", "random"]),
        "patrols.emphasis.panj": st.floats(0, 10),
        "patrols.emphasis.darvoz": st.floats(0, 10),
        "diplomacy.joint_mechanism": st.booleans(),
        "alert.season_months": st.lists(st.integers(1, 12), unique=True),
        "alert.levels.elevated.sorties": st.floats(0, 12),
    },
)


@given(CHANGES)
def test_the_flat_values_make_the_scenario_again(changes):
    """Flattening loses nothing."""
    scenario = with_overrides(Scenario(), changes)
    assert with_overrides(Scenario(), flatten(scenario)) == scenario
    assert changes.items() <= flatten(scenario).items()


@given(CHANGES, st.randoms(use_true_random=False))
def test_a_digest_does_not_depend_on_the_order_of_keys_or_on_labels(changes, rng):
    """Shuffled keys and other names: the same digest."""
    one = with_overrides(Scenario(), changes)
    keys = list(flatten(one).items())
    rng.shuffle(keys)
    labels = {"name": "other", "title": "Other", "description": "Other."}
    two = with_overrides(Scenario(), {**dict(keys), **labels})
    assert digest(one) == digest(two)
    assert diff(one, two) == []


@given(CHANGES, CHANGES)
def test_digests_are_equal_exactly_where_nothing_differs(a, b):
    """A digest is as fine as the comparison."""
    one, two = with_overrides(Scenario(), a), with_overrides(Scenario(), b)
    assert (digest(one) == digest(two)) == (diff(one, two) == [])


@given(CHANGES, CHANGES)
def test_the_difference_leads_from_one_to_the_other(a, b):
    """Applying what differs turns a scenario into the other where both name the same entries."""
    one, two = with_overrides(Scenario(), a), with_overrides(Scenario(), b)
    found = diff(one, two)
    assert [(d.key, d.b, d.a) for d in found] == [(d.key, d.a, d.b) for d in diff(two, one)]
    known = {d.key: d.b for d in found if d.b is not None}
    result = flatten(with_overrides(one, known))
    assert all(result[key] == value for key, value in flatten(two).items())


def test_the_digest_is_the_same_in_every_process():
    """No hash of the running process gets in: another process finds the same digits."""
    code = (
        "from sim.scenario.load import load; from sim.scenario.values import digest;"
        "print(digest(load('triggered')))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert found == {digest(load("triggered"))}


def another(known):
    """Return a value other than the default."""
    if known.kind == "whole number":
        return known.default + (1 if known.default < known.high else -1)
    if known.kind == "number":
        more = known.default * 1.01 if known.default else known.high / 100
        return more if more <= known.high else known.default * 0.99
    return {
        "flag": lambda: not known.default,
        "choice": lambda: next(word for word in known.choices if word != known.default),
        "date": lambda: known.default.replace(year=2024),
        "list": lambda: [] if known.default else [known.choices[0]],
        "district table": lambda: {"panj": 0.123},
    }[known.kind]()


def test_every_parameter_changes_the_digest():
    """No parameter is forgotten: any other value gives another digest."""
    plain, values = Scenario(), Scenario().model_dump()
    for known in parameters().values():
        *path, leaf = known.key.split(".")
        table = values
        for part in path:
            table = table[part]
        kept, table[leaf] = table[leaf], another(known)
        other = Scenario.model_validate(values)
        table[leaf] = kept
        assert digest(other) != digest(plain), known.key
        entries = {difference.key.removesuffix(".panj") for difference in diff(plain, other)}
        assert known.key in entries or known.kind == "district table", known.key


def test_a_digest_is_short_hexadecimal_and_minus_nought_is_nought():
    """Thirty-two digits; two ways to write nought are one value."""
    text = digest(Scenario())
    assert len(text) == 32
    assert set(text) <= set("0123456789abcdef")
    plus = with_overrides(Scenario(), {"tips.programme": 0.0})
    minus = with_overrides(Scenario(), {"tips.programme": -0.0})
    assert digest(plus) == digest(minus)


def test_a_whole_number_for_a_number_is_the_same_value():
    """``days = 30`` and ``days = 30.0`` are one scenario."""
    scenarios = [with_overrides(Scenario(), {"days": days}) for days in (30, 30.0)]
    assert digest(scenarios[0]) == digest(scenarios[1])


def test_a_difference_names_key_values_and_unit():
    """In the order of the specification; a district named by one only has no other value."""
    changed = with_overrides(
        Scenario(), {"tips.programme": 0.7, "patrols.size": 5, "patrols.emphasis.panj": 2}
    )
    assert [tuple(d) for d in diff(Scenario(), changed)] == [
        ("patrols.size", 4, 5, "persons"),
        ("patrols.emphasis.panj", None, 2.0, "ratio"),
        ("tips.programme", 0.0, 0.7, "share"),
    ]


def test_what_was_set_by_hand_is_remembered():
    """Its keys, whatever their values; labels and the ground are none, and no value changes."""
    plain = load("baseline")
    asked = {"patrols": {"size": plain.patrols.size}, "name": "x", "ground": plain.ground}
    told = with_stated(with_stated(plain, ["days=365"]), asked)
    assert told.stated == ("days", "patrols.size")
    assert with_stated(plain, ()) == with_stated(plain, {"name": "x"}) == plain
    assert digest(told) == digest(plain)
    assert diff(told, plain) == []
    assert Scenario.model_validate_json(told.model_dump_json()) == told


def test_nothing_differs_from_oneself():
    """No shipped scenario differs from itself."""
    assert all(diff(load(name), load(name)) == [] for name in names())
