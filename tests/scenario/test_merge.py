"""How tables lie on one another."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from sim.frontier.ground import Ground
from sim.scenario.merge import defaults, leaves, merged
from sim.scenario.spec import Scenario

# Tables of one shape, so that no key is a table here and a single value there.
SCALARS = st.integers(0, 3)
INNER = st.dictionaries(st.sampled_from("xyz"), SCALARS)
TABLES = st.fixed_dictionaries(
    {}, optional={"a": SCALARS, "b": st.lists(SCALARS, max_size=2), "c": INNER, "d": INNER}
)


def test_tables_merge_and_all_else_is_replaced():
    """A table keeps what is not named; a number and a list are replaced whole."""
    below = {"t": {"a": 1, "b": {"c": 2}}, "l": [1, 2], "n": 1}
    above = {"t": {"b": {"d": 3}}, "l": [9], "n": 2}
    assert merged(below, above) == {"t": {"a": 1, "b": {"c": 2, "d": 3}}, "l": [9], "n": 2}


@given(TABLES, TABLES, TABLES)
def test_laying_on_is_associative_where_shapes_agree(a, b, c):
    """It does not matter whether a child is first laid on its parent or on its own child."""
    assert merged(merged(a, b), c) == merged(a, merged(b, c))


def test_laying_on_is_not_associative_where_shapes_clash():
    """The stated condition is needed: a value between two tables hides the lower one."""
    a, b, c = {"t": {"x": 1}}, {"t": 0}, {"t": {"y": 2}}
    assert merged(merged(a, b), c) == {"t": {"y": 2}}
    assert merged(a, merged(b, c)) == {"t": {"x": 1, "y": 2}}


@given(TABLES)
def test_nothing_is_neutral_and_oneself_changes_nothing(a):
    """The empty table is neutral on both sides and laying on is idempotent."""
    assert merged(a, {}) == a == merged({}, a)
    assert merged(a, a) == a


@given(TABLES, TABLES)
def test_the_upper_value_counts_and_arguments_stay_as_they_are(a, b):
    """Every leaf of the upper table is in the result; neither argument is touched."""
    before = copy.deepcopy((a, b))
    result = dict(leaves(merged(a, b)))
    assert dict(leaves(b)).items() <= result.items()
    assert (a, b) == before


def test_leaves_are_dotted_and_empty_tables_have_none():
    """Flattening names each value once; what holds no value is not named."""
    assert list(leaves({"a": {"b": 1, "c": {}}, "d": [1]})) == [("a.b", 1), ("d", [1])]


def test_the_lowest_layer_is_the_specification():
    """Defaults laid on nothing are the default scenario."""
    assert Scenario.model_validate(dict(defaults(Ground.default()))) == Scenario()
