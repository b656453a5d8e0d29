"""The kinds of disturbance: how often each happens, and what is done to a store."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from random import Random
from signal import SIGKILL
from time import perf_counter
from typing import Any, Final, NamedTuple

from benchmarks import damages
from benchmarks.chaos import power, processes, refusals
from benchmarks.chaos.batch import (
    ALL,
    HISTORY,
    SHORT,
    Expected,
    Notes,
    Round,
    Task,
    alive,
    call,
    ended,
    fill,
    judge,
    start,
    told,
    undisturbed,
)
from benchmarks.chaos.events import Event, Layer
from sim.runs.store_files import partial_path

type Job = Callable[[], Round]

MANY: Final = SHORT._replace(replicates=24)
"""Enough short years to disturb the batch during them."""

LONG: Final = ALL._replace(replicates=20)
"""The same for the batch itself, with runs that cost no time."""


type Jobs = Callable[[Bench, int], Iterator[Job]]
"""Makes the jobs of a kind on a bench, given their number."""


class Kind(NamedTuple):
    """A disturbance: its default number of repetitions, and its jobs."""

    times: int
    jobs: Jobs
    may_refuse: bool = False
    """Whether a batch may refuse to continue; its message says what to do."""


def each(one: Callable[..., Round], cases: Callable[[Bench, int], Iterable[Sequence[Any]]]) -> Jobs:
    """A job for each case: the argument of ``one`` beside the bench."""

    def jobs(bench: Bench, times: int) -> Iterator[Job]:
        return (partial(one, bench, *case) for case in cases(bench, times))

    return jobs


def _numbered(bench: Bench, times: int) -> Iterable[tuple[int]]:
    return ((number,) for number in range(times))


class Log(NamedTuple):
    """A recorded batch: its folder, its events, and the numbers of finished runs it reported."""

    root: str
    events: list[Event | int]

    @property
    def kinds(self) -> list[str]:
        """The kind of each event."""
        return [event.kind for event in self.events if isinstance(event, Event)]


def record(store: Path) -> Log:
    """Carry out the usual tasks and record all changes of the disk, in order."""
    layer = Layer(store.parent)
    said: list[tuple[int, int]] = []
    with layer.installed():
        for task in HISTORY:
            fill(store, task, lambda done: said.append((len(layer.events), done)))
    events: list[Event | int] = list(layer.events)
    for place, done in reversed(said):
        events.insert(place, done)
    return Log(str(store.parent), events)


@dataclass
class Bench:
    """Where stores are disturbed, with which random numbers, and the expected results."""

    folder: Path
    seed: int = 1

    def __post_init__(self) -> None:
        self._numbers = count()
        self._left: dict[Task, Expected] = {}

    def place(self) -> Path:
        """A path for a new store, alone in its folder."""
        folder = self.folder / str(next(self._numbers))
        folder.mkdir()
        return folder / "store"

    def chance(self, *words: object) -> Random:
        """Random numbers of a name."""
        return Random(f"{self.seed}/{words}")

    def parts(self, times: int, pieces: int, *words: object) -> list[tuple[int, Random]]:
        """``times`` in about equal pieces, each with random numbers of its own."""
        shares = [times // pieces + (n < times % pieces) for n in range(pieces)]
        return [(share, self.chance(*words, n)) for n, share in enumerate(shares) if share]

    def left(self, task: Task) -> Expected:
        """The store of an undisturbed batch."""
        if task not in self._left:
            self._left[task] = call(undisturbed, self.place(), task)
        return self._left[task]

    @cached_property
    def log(self) -> Log:
        """The usual tasks, recorded."""
        return call(record, self.place())


def combined(rounds: Sequence[Round]) -> Round:
    """Several rounds as one."""
    return Round(
        *(sum(one[n] for one in rounds) for n in range(3)),  # type: ignore[misc]
        equal=all(one.equal for one in rounds),
        refused=next((one.refused for one in rounds if one.refused), ""),
        told=next((one.told for one in rounds if one.told), ""),
        times=sum(one.times for one in rounds),
    )


def until(times: int, one: Callable[[int], Round]) -> Round:
    """Disturb one store after the other; ``one`` is called with the number of times left."""
    rounds: list[Round] = []
    while (left := times - sum(each.times for each in rounds)) > 0 and len(rounds) < times:
        rounds.append(one(left))
    return combined(rounds)


def spread(most: int, times: int) -> list[int]:
    """At most ``times`` numbers below ``most``, evenly spread."""
    return sorted({n * most // times for n in range(times)}) if times < most else list(range(most))


# -- killed ----------------------------------------------------------------------------------


def batch_at_random(bench: Bench, times: int) -> Iterator[Job]:
    """The batch, at any time in the duration of an undisturbed one."""
    expected = bench.left(LONG)
    began = perf_counter()
    call(fill, bench.place(), LONG)
    seconds = perf_counter() - began
    for share, chance in bench.parts(times, 8, "batch"):
        yield partial(until, share, lambda _, chance=chance: processes.kill_batch(
            bench.place(), (LONG,), expected, chance, seconds
        ))  # fmt: skip


def _moments(bench: Bench, times: int) -> list[tuple[int, str]]:
    """Before, during and after every change of a file."""
    moments = [
        (number, when)
        for number, kind in enumerate(bench.log.kinds)
        for when in ("before", "amid", "after")
        if when != "amid" or kind == "write"
    ]
    return [moments[place] for place in spread(len(moments), times)]


def batch_at(bench: Bench, number: int, when: str) -> Round:
    """The batch, at a change of a file."""
    store, events = bench.place(), bench.log.events
    status = ended(start(refusals.killed_at, store, number, when))
    at = [place for place, event in enumerate(events) if isinstance(event, Event)][number]
    done = [event for event in events[:at] if isinstance(event, int)]
    found = call(judge, store, bench.left(ALL), (done or [0])[-1])
    return found if status == -SIGKILL else found._replace(equal=False, refused=f"ended: {status}")


def worker(bench: Bench, times: int) -> Iterator[Job]:
    """Workers of a pool, at random instants."""
    yield from _others(bench, times, "processes", processes.workers, 2)


def server(bench: Bench, times: int) -> Iterator[Job]:
    """The process that forks them."""
    yield from _others(bench, times, "processes", processes.servers, 2)


def _others(
    bench: Bench, times: int, executor: str, victims: Callable[[int], list[int]], pieces: int
) -> Iterator[Job]:
    task, expected = MANY._replace(executor=executor), bench.left(MANY)
    for share, chance in bench.parts(times, pieces, victims.__name__):
        yield partial(until, share, lambda left, chance=chance: processes.kill_others(
            bench.place(), task, expected, chance, victims, left
        ))  # fmt: skip


def dask_worker(bench: Bench, times: int) -> Iterator[Job]:
    """Workers of a Dask cluster, at random instants."""

    def job() -> Round:
        with processes.cluster(bench.place().parent) as there:
            (found,) = _others(bench, times, there.address, lambda _: there.workers(), 1)
            return found()

    yield job


def dask_scheduler(bench: Bench, times: int) -> Iterator[Job]:
    """The scheduler of a Dask cluster."""
    task = MANY._replace(replicates=200)
    expected = bench.left(MANY)
    for _, chance in bench.parts(times, times, "scheduler"):
        yield partial(processes.kill_scheduler, bench.place(), task, expected, chance)


def itself(bench: Bench, times: int) -> Iterator[Job]:
    """Runs that always end their process, in a pool and on a Dask cluster."""
    pool = SHORT._replace(executor="processes")
    for _ in range(times - 1):
        yield partial(processes.kill_itself, bench.place(), pool, bench.left(SHORT))

    def job() -> Round:
        with processes.cluster(bench.place().parent, failures=0) as there:
            task = SHORT._replace(executor=there.address)
            return processes.kill_itself(bench.place(), task, bench.left(SHORT))

    yield job


# -- a power cut -----------------------------------------------------------------------------


def _cuts(bench: Bench, times: int) -> Iterable[tuple[power.Cut]]:
    found = power.cuts(bench.log.root, bench.log.events, bench.chance("power"))
    return ((cut,) for cut in bench.chance("cuts").sample(found, min(times, len(found))))


def power_cut(bench: Bench, cut: power.Cut) -> Round:
    """All that a disk may hold after a power cut at any event."""
    store = bench.place()
    cut.build(store.parent)
    return call(judge, store, bench.left(ALL), cut.done)


# -- refused ---------------------------------------------------------------------------------


def refusing(why: str) -> Jobs:
    """A disk that refuses from an event on, and later works again."""
    return each(refused, lambda bench, times: (
        (refusals.refused_at, number, why) for number in spread(len(bench.log.kinds), times)
    ))  # fmt: skip


def refused(bench: Bench, disturbed: Callable[..., str], *rest: object) -> Round:
    """A batch in a system that refuses."""
    store = bench.place()
    message = call(disturbed, store, *rest)
    return call(judge, store, bench.left(ALL))._replace(told=message)


def small_disk(bench: Bench, kilobytes: int) -> Round:
    """A real disk that is too small, and is then made larger."""
    store = bench.place()
    with refusals.small_disk(store.parent / "disk", kilobytes) as grow:
        inside = store.parent / "disk" / "store"
        message = call(refusals.history, inside)
        grow(10_000)
        return call(judge, inside, bench.left(ALL))._replace(told=message)


def no_right(bench: Bench, name: str) -> Round:
    """A file or folder that may not be written to."""
    store = bench.place()
    call(fill, store, HISTORY[0])
    with refusals.not_ours(store / name):
        message = call(refusals.bound, store)
    found = call(judge, store, bench.left(ALL))._replace(told=message)
    return found if message else found._replace(equal=False)


def handles(bench: Bench, number: int) -> Round:
    """Few files that may be open at once."""
    store, task = bench.place(), (ALL, MANY._replace(executor="processes"))[number % 2]
    message = call(refusals.few_handles, store, number // 2, task)
    expected = bench.left(task._replace(executor="serial"))
    return call(judge, store, expected)._replace(told=message)


# -- others ----------------------------------------------------------------------------------


def clock(bench: Bench, number: int) -> Round:
    """Clocks that jump by hours, and files from tomorrow."""
    store, executor = bench.place(), "serial" if number % 3 else "processes"
    task = MANY._replace(replicates=6, executor=executor)
    call(refusals.with_jumping_clock, store, number, task)
    refusals.age(store.parent, bench.chance("clock", number))
    return call(judge, store, bench.left(MANY), 12)


def two_at_once(bench: Bench, number: int) -> Round:
    """Two batches on one store; every third time one of them is killed."""
    store, chance = bench.place(), bench.chance("both", number)
    notes = [Notes(store.with_suffix(f".{n}")) for n in range(2)]
    both = [start(told, store, (SHORT,), note) for note in notes]
    if number % 3 == 2:
        alive(both[0], chance.uniform(0.0, 0.5))
        both[0].kill()
    for process in both:
        ended(process)
    messages = [note.message for note in notes]
    right = all(m in (None, "") or "another process writes here" in m for m in messages)
    found = call(judge, store, bench.left(SHORT), max(note.done for note in notes))
    through = "" in messages or None in messages
    message = next((m for m in messages if m), "")
    return found._replace(equal=found.equal and right and through, told=message)


def spoilt(bench: Bench, times: int) -> Iterator[Job]:
    """Files cut, emptied, swapped, removed, of another store, or replaced by other things."""
    whole, other = bench.place(), bench.place()
    call(fill, whole, ALL)
    call(fill, other, ALL._replace(root=7))
    kinds = [*_accidents(), *((name, partial(how, other)) for name, how in _FOREIGN.items())]
    for place in spread(len(kinds), times):
        yield partial(_spoilt, bench, whole, kinds[place][1])


def _accidents() -> Iterator[tuple[str, damages.Damage]]:
    """Damage to files; a catalogue forged and sealed again is not covered."""
    for name, how in damages.every():
        if ":" not in name and "draws" not in name:
            yield name, how


def _spoilt(bench: Bench, whole: Path, how: damages.Damage) -> Round:
    store = bench.place()
    shutil.copytree(whole, store)
    (store.parent / "outside").mkdir()
    how(store, store.parent / "outside")
    return call(judge, store, bench.left(ALL))


def _of_table(store: Path, table: str = "outcomes") -> Path:
    return sorted((store / table).iterdir())[0]


def _in_place(other: Path, store: Path, outside: Path) -> None:
    shutil.copy(_of_table(other), _of_table(store))


def _among(other: Path, store: Path, outside: Path) -> None:
    shutil.copy(_of_table(other), store / "outcomes")


def _beside(other: Path, store: Path, outside: Path) -> None:
    shutil.copy(_of_table(other), partial_path(_of_table(store)))


def _across(other: Path, store: Path, outside: Path) -> None:
    shutil.copy(_of_table(store, "districts"), _of_table(store))


_FOREIGN: Final[dict[str, Callable[[Path, Path, Path], None]]] = {
    "a part of another store in its place": _in_place,
    "a part of another store among them": _among,
    "a part of another store, half written, beside": _beside,
    "a part of another table in its place": _across,
}

KINDS: Final[dict[str, Kind]] = {
    "batch killed at random": Kind(120, batch_at_random),
    "batch killed at each write": Kind(10_000, each(batch_at, _moments)),
    "pool worker killed": Kind(60, worker),
    "server of workers killed": Kind(12, server),
    "Dask worker killed": Kind(12, dask_worker),
    "Dask scheduler killed": Kind(3, dask_scheduler),
    "run that kills its worker": Kind(2, itself),
    "power cut": Kind(600, each(power_cut, _cuts)),
    **{why: Kind(60, refusing(why)) for why in refusals.REASONS},
    "file size limited": Kind(12, each(refused, lambda bench, times: (
        (refusals.short_files, size) for size in range(100, 24_000, 24_000 // times)
    ))),
    "small disk": Kind(12, each(
        small_disk, lambda bench, times: ((size,) for size in range(8, 160, 152 // times))
    )),
    "no right to write": Kind(5, each(no_right, lambda bench, times: [
        (".",), ("outcomes",), ("districts",), ("store.sqlite",), (".lock",)
    ][:times])),
    "few open files": Kind(24, each(handles, _numbered)),
    "clock jumps": Kind(6, each(clock, _numbered)),
    "two batches at once": Kind(18, each(two_at_once, _numbered)),
    "files spoilt": Kind(1000, spoilt, may_refuse=True),
}  # fmt: skip
