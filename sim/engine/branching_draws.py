"""Draws of a run that can have several futures: what was read stays, the rest is drawn again.

A run is a function of the numbers that it reads, and the numbers not read by some instant are
independent of all that has happened until then. So a copy that keeps what was read, and draws
everything else under another key, is another run of the same distribution with the same past (the
strong Markov property). This needs no knowledge of any mechanism.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from hashlib import blake2b
from typing import Self

from sim.engine.draws import Draws, Key, prefix


class Era:
    """The names read under one key. It never changes, so copies share it."""

    __slots__ = ("branches", "read", "root", "seed")

    def __init__(self, seed: int, branches: tuple[str, ...], read: frozenset[bytes]) -> None:
        self.seed, self.branches, self.read = seed, branches, read
        self.root = _root(seed, branches)

    def __reduce__(self) -> tuple[type[Era], tuple[int, tuple[str, ...], frozenset[bytes]]]:
        return Era, (self.seed, self.branches, self.read)


class BranchingDraws(Draws):
    """Draws that remember what was read; until a :meth:`branch` they equal those of the seed.

    ``fixed`` are identities whose draws are those of the seed in every branch.
    """

    __slots__ = ("_branches", "_fixed", "_past", "_read")

    def __init__(self, seed: int, fixed: Collection[str] = ()) -> None:
        super().__init__(seed)
        self._fixed = frozenset(fixed)
        self._branches: tuple[str, ...] = ()
        self._past: tuple[Era, ...] = ()
        self._read: set[bytes] = set()

    def __reduce__(self) -> tuple[Callable[..., Draws], tuple[object, ...]]:
        self.mark()
        return _branching, (self.seed, self._fixed, self._branches, self._past)

    def key_of(self, identity: str) -> Key:
        """The name of an identity, which all its draws extend; the hash of a fixed identity."""
        if identity in self._fixed:
            return Draws(self.seed).key_of(identity)
        return Name(self, prefix(identity))

    def mark(self) -> None:
        """Move what was read so far to where copies share it."""
        if self._read:
            era = Era(self.seed, self._branches, frozenset(self._read))
            self._past, self._read = (*self._past, era), set()

    def branch(self, name: str) -> None:
        """From now on, draw what has not been read under the key ``name``; what was read stays."""
        self.mark()
        self._branches = (*self._branches, name)
        self._root = _root(self.seed, self._branches)

    def digest(self, name: bytes) -> bytes:
        """The hash of a name, under the key that held when it was first read."""
        root = self._root
        if name not in self._read:
            for era in self._past:
                if name in era.read:
                    root = era.root
                    break
            else:
                self._read.add(name)
        key = root.copy()
        key.update(name)
        return key.digest()


class Name:
    """A name that is not complete yet, in place of its hash."""

    __slots__ = ("_draws", "_text")

    def __init__(self, draws: BranchingDraws, text: bytes) -> None:
        self._draws, self._text = draws, text

    def copy(self) -> Self:
        """A copy that can be extended on its own."""
        return type(self)(self._draws, self._text)

    def update(self, text: bytes) -> None:
        """Extend the name."""
        self._text += text

    def digest(self) -> bytes:
        """The hash of the name."""
        return self._draws.digest(self._text)


def _root(seed: int, branches: tuple[str, ...]) -> blake2b:
    """The key of a branch; without branches, that of the seed."""
    key = seed.to_bytes(8, "little")
    if branches:
        key += blake2b("\x1f".join(branches).encode(), digest_size=32).digest()
    return blake2b(key=key, person=b"panj draws 1")


def _branching(
    seed: int, fixed: Collection[str], branches: tuple[str, ...], past: tuple[Era, ...]
) -> BranchingDraws:
    draws = BranchingDraws(seed, fixed)
    draws._branches, draws._past = branches, past
    draws._root = _root(seed, branches)
    return draws
