"""Random numbers with names: every draw is a function of (seed, identity, purpose, n).

A draw does not depend on earlier draws, so a policy changes only the draws of what it touches:
common random numbers that survive a change of policy. The uniform is read
from a BLAKE2b digest keyed with the seed (RFC 7693), and distributions are inverse CDFs of it,
so that a larger parameter never gives a smaller value (monotone coupling).

Since a draw is a function of its name, what was read of a seed is cached for the next world of
that seed: the scenarios of a replicate read nearly the same draws.
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from math import exp, log
from statistics import NormalDist
from struct import Struct
from typing import Any, Protocol, Self

from sim.precision import single

_WORDS = Struct("<8Q").unpack
_TO_UNIT = 2.0**-52
_INVERSE_NORMAL = NormalDist().inv_cdf
_SEPARATOR = "\x1f"
_SEEDS, _MOST = 16, 12_000
"""Number of seeds cached, and of draws per seed: those of a year, 5 MiB."""


class Key(Protocol):
    """The hash of the beginning of a name, such as a ``blake2b``."""

    def copy(self) -> Self:
        """A copy that can be extended on its own."""
        ...

    def update(self, data: bytes, /) -> None:
        """Extend the name."""
        ...

    def digest(self) -> bytes:
        """The hash of the name, 64 bytes."""
        ...


class Stream:
    """The draws of one identity, which is the same in every world.

    A copy or an unpickled stream is made again from seed and identity.
    """

    __slots__ = ("_draws", "_identity", "_key")

    def __init__(self, draws: "Draws", identity: str) -> None:
        self._draws, self._identity = draws, identity
        self._key: Key | None = None

    def __reduce__(self) -> tuple[Callable[..., "Stream"], tuple["Draws", str]]:
        return _stream, (self._draws, self._identity)

    def uniforms(self, purpose: str, count: int) -> list[float]:
        """The first ``count`` (at most 8) uniforms in (0, 1) for ``purpose``."""
        return [((word >> 12) + 0.5) * _TO_UNIT for word in self._words(purpose)[:count]]

    def uniform(self, purpose: str, n: int = 0) -> float:
        """The ``n``-th uniform in the open interval (0, 1) for ``purpose``."""
        words = self._words(purpose if n < 8 else f"{purpose}{_SEPARATOR}{n >> 3}")
        return ((words[n & 7] >> 12) + 0.5) * _TO_UNIT

    def _words(self, name: str) -> tuple[int, ...]:
        """Eight words of 64 bits: the digest of the name, keyed with seed and identity."""
        place = (self._identity, name)
        words: tuple[int, ...] | None = self._draws.known.get(place)
        if words is None:
            if self._key is None:
                self._key = self._draws.key_of(self._identity)
            key = self._key.copy()
            key.update(name.encode())
            words = self._draws.remember(place, _WORDS(key.digest()))
        return words

    def chance(self, purpose: str, p: float, n: int = 0) -> bool:
        """True with probability ``p``."""
        return self.uniform(purpose, n) < p

    def exponential(self, purpose: str, mean: float, n: int = 0) -> float:
        """Exponential with the given mean."""
        return exponential(self.uniform(purpose, n), mean)

    def lognormal(self, purpose: str, median: float, sigma: float, n: int = 0) -> float:
        """Lognormal with the given median and standard deviation of the logarithm."""
        return lognormal(self.uniform(purpose, n), median, sigma)

    def integer(self, purpose: str, low: int, high: int, n: int = 0) -> int:
        """Uniform over the integers from ``low`` to ``high``, both included."""
        return low + int(self.uniform(purpose, n) * (high - low + 1))

    def binomial(self, purpose: str, trials: int, p: float) -> int:
        """Successes in ``trials`` independent trials, each with its own draw."""
        return sum(self.uniform(purpose, n) < p for n in range(trials))


class Draws:
    """All draws of one run. Seeds combine by hashing, never by adding."""

    __slots__ = ("_root", "known", "seed")

    def __init__(self, seed: int) -> None:
        if not 0 <= seed < 2**63:
            raise ValueError(f"seed must be in 0..2^63-1, not {seed}")
        self.seed = seed
        # a subclass's draws may depend on more than seed and name, so they are not cached
        self.known = remembered(seed) if type(self) is Draws else {}
        self._root = blake2b(key=seed.to_bytes(8, "little"), person=b"panj draws 1")

    def __reduce__(self) -> tuple[Callable[..., "Draws"], tuple[object, ...]]:
        return Draws, (self.seed,)

    def of(self, identity: str) -> Stream:
        """The stream of ``identity``, such as ``cell/darvoz/0``."""
        return Stream(self, identity)

    def key_of(self, identity: str) -> Key:
        """The hash of seed and identity, which all draws of ``identity`` extend."""
        key = self._root.copy()
        key.update(prefix(identity))
        return key

    def remember[T](self, name: tuple[Any, ...], value: T) -> T:
        """Cache the value of a name, a function of seed and name that never changes."""
        if type(self) is Draws and len(self.known) < _MOST:
            self.known[name] = value
        return value


@lru_cache(maxsize=_SEEDS)
def remembered(seed: int) -> dict[tuple[Any, ...], Any]:
    """The cache of a seed; the last few seeds used are kept.

    ``cache_clear`` empties it: a timing of one world alone calls it first.
    """
    return {}


def prefix(identity: str) -> bytes:
    """The beginning of the names of all draws of an identity."""
    return f"{identity}{_SEPARATOR}".encode()


def _stream(draws: Draws, identity: str) -> Stream:
    return draws.of(identity)


def exponential(u: float, mean: float) -> float:
    """Inverse CDF of the exponential distribution with the given mean."""
    return -mean * single(log(1.0 - u))


def lognormal(u: float, median: float, sigma: float) -> float:
    """Inverse CDF of the lognormal distribution."""
    return median * single(exp(sigma * _INVERSE_NORMAL(u)))
