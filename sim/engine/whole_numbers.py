"""Read whole numbers and seeds as users give them: from Python, NumPy or pandas, or 3.0 for 3."""

from secrets import randbelow
from typing import Final

from sim.errors import PanjError

LARGEST_SEED: Final = 2**63 - 1
_RANDOM_BELOW: Final = 2**31


def as_whole_number(given: object, key: str, remedy: str = "Give a whole number.") -> int:
    """``given`` as a whole number. Raises :class:`PanjError` with ``key`` for anything else."""
    item = getattr(given, "item", None)
    number = item() if callable(item) and getattr(given, "ndim", None) == 0 else given
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int):
        raise PanjError("is not a whole number", key=key, value=given, remedy=remedy)
    return number


def as_seed(given: object, key: str = "seed") -> int:
    """``given`` as a seed; ``None`` gives a random one that is short enough to pass on.

    Raises :class:`PanjError` for a value that is not a whole number from 0 to 2^63-1.
    """
    if given is None:
        return randbelow(_RANDOM_BELOW)
    remedy = f"Give a whole number from 0 to {LARGEST_SEED}."
    number = as_whole_number(given, key, remedy)
    if not 0 <= number <= LARGEST_SEED:
        raise PanjError("is not a seed", key=key, value=given, remedy=remedy)
    return number
