"""Whole numbers and seeds as people give them."""

import numpy as np
import pytest

from sim.engine.whole_numbers import LARGEST_SEED, as_seed, as_whole_number
from sim.errors import PanjError


@pytest.mark.parametrize("given", [3, 3.0, np.int64(3), np.uint8(3), np.float32(3.0), np.array(3)])
def test_a_whole_number_may_come_in_any_dress(given: object) -> None:
    """Whatever the type, the result is a plain int."""
    assert (as_seed(given), type(as_seed(given))) == (3, int)


@pytest.mark.parametrize("given", [True, 2.5, float("nan"), "3", None, np.array([3, 4])])
def test_what_is_none_is_refused_with_its_name(given: object) -> None:
    """The message says which argument it is."""
    with pytest.raises(PanjError, match="is not a whole number") as caught:
        as_whole_number(given, "replicates")
    assert caught.value.key == "replicates"


@pytest.mark.parametrize("given", [-1, LARGEST_SEED + 1])
def test_a_seed_has_bounds(given: int) -> None:
    """The draws take what fits into eight bytes."""
    with pytest.raises(PanjError, match="is not a seed"):
        as_seed(given)


def test_no_seed_is_one_by_chance() -> None:
    """As in Mesa; two of a thousand million are hardly the same."""
    assert as_seed(None) != as_seed(None)
