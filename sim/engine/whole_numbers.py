"""Whole numbers as people give them: of Python, NumPy or pandas, or 3.0 for 3; and seeds."""

from secrets import randbelow
from typing import Final

from sim.errors import PanjError

LARGEST_SEED: Final = 2**63 - 1
_BY_CHANCE: Final = 2**31


def as_whole_number(given: object, key: str, remedy: str = "Give a whole number.") -> int:
    """The whole number that is meant. Raises :class:`PanjError` with ``key`` for anything else."""
    item = getattr(given, "item", None)
    number = item() if callable(item) and getattr(given, "ndim", None) == 0 else given
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int):
        raise PanjError("is not a whole number", key=key, value=given, remedy=remedy)
    return number


def as_seed(given: object, key: str = "seed") -> int:
    """The seed that is meant; by ``None``, one by chance, short enough to be told to others.

    Raises :class:`PanjError` for what is not a whole number, or outside of 0 to 2^63-1.
    """
    if given is None:
        return randbelow(_BY_CHANCE)
    remedy = f"Give a whole number from 0 to {LARGEST_SEED}."
    number = as_whole_number(given, key, remedy)
    if not 0 <= number <= LARGEST_SEED:
        raise PanjError("is not a seed", key=key, value=given, remedy=remedy)
    return number
