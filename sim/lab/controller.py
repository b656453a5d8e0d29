"""What the page is told, and what it may ask: pick, plan, start, stop. All tabs share one desk."""

import shlex
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, TypeAdapter

from sim.errors import PanjError
from sim.lab.batch_process import BatchEnd, BatchProcess
from sim.lab.choices import Choice, batch_arguments, store_choices
from sim.lab.run_speed import RunSpeed
from sim.lab.store_state import StoreState, StoreWatcher
from sim.runs.time_left import TimeLeft, duration
from sim.serving.messages import Answer, ClientMessage, Text, answer_message

FORMAT: Final = "panj-lab/1"
MOST: Final = 1_000_000
"""Most paired years that the page asks for; the command line knows no limit."""

USUAL: Final = 100
"""Paired years that are offered first, as ``panj batch`` does."""

_FRESH_SECONDS: Final = 0.2
"""So long several tabs share one look at the store."""

_GOODBYE_SECONDS: Final = 60.0
"""So long a batch that was interrupted may take to put its store in order."""


class _Wanted(ClientMessage):
    """Scenarios and how many paired years of them the store shall hold."""

    scenarios: Annotated[list[Text], Field(max_length=500)]
    replicates: Annotated[int, Field(ge=1, le=MOST)]
    retry: bool = False


class Plan(_Wanted):
    """Say what this would run, and how long it may take."""

    do: Literal["plan"]


class Start(_Wanted):
    """Run it."""

    do: Literal["start"]


class Stop(ClientMessage):
    """Stop the batch that this page has started."""

    do: Literal["stop"]


Message = Plan | Start | Stop
KNOWN: Final = ("plan", "start", "stop")
_MESSAGE: Final[TypeAdapter[Message]] = TypeAdapter(Annotated[Message, Field(discriminator="do")])


class LabOptions(NamedTuple):
    """How the lab was started: what every batch of it is given besides scenarios and years."""

    store: Path
    jobs: int | None = None
    allow_code: bool = False
    allow_mixed: bool = False


class Controller:
    """One store, and at most one batch of this page on it."""

    def __init__(self, terms: LabOptions, choices: dict[str, Choice], pace: RunSpeed) -> None:
        self.terms = terms
        self._choices, self._pace = choices, pace
        self._watched = StoreWatcher(terms.store)
        self._lock = threading.RLock()
        self._child: BatchProcess | None = None
        self._ended: BatchEnd | None = None
        self._estimate: tuple[object, TimeLeft] = (None, TimeLeft())
        self._seen: tuple[float, Answer] | None = None

    # -- what is told --------------------------------------------------------------------------

    def catalogue(self) -> Answer:
        """What can be picked, and what is picked first; sent once to each tab."""
        with self._lock:
            held = self._watched.look()
            last = held.last
            first = [name for name in last.scenarios if name in self._known(held)] if last else []
            return {
                "is": "catalogue",
                "format": FORMAT,
                "store": str(self.terms.store),
                "scenarios": [
                    {"name": each.name, "title": each.title, "sentence": each.sentence}
                    for each in self._known(held).values()
                ],
                "picked": first or self._asked(),
                "replicates": last.replicates if last else USUAL,
                "most": MOST,
            }

    def _asked(self) -> list[str]:
        """The baseline, and what was named on the command line."""
        named = [each.name for each in self._choices.values() if each.given != each.name]
        return list(dict.fromkeys(["baseline", *named]))

    def stamp(self) -> str:
        """What stands for the runs of the store as they are now."""
        with self._lock:
            return self._watched.look().stamp

    def state(self) -> Answer:
        """How the store and its batch stand; what is asked often is answered from one look."""
        with self._lock:
            now = time.monotonic()
            if self._seen is None or now - self._seen[0] > _FRESH_SECONDS:
                self._seen = now, self._state(now)
            return self._seen[1]

    def _state(self, now: float) -> Answer:
        self._hear()
        held = self._watched.look()
        cut_short = not (held.closed or held.in_use or self._child)
        return {
            "is": "state",
            "stamp": held.stamp,
            "runs": {name: list(counts) for name, counts in held.runs.items()},
            "own": sorted(self._own(held)),
            "trouble": held.trouble,
            "batch": self._batch(held, now),
            "cut_short": cut_short,
            "said": self._ended and self._ended._asdict(),
        }

    def _batch(self, held: StoreState, now: float) -> Answer | None:
        """The batch that runs: that of this page, or of another process."""
        child, last = self._child, held.last
        if child is None and not held.in_use:
            return None
        told: Answer = {
            "mine": child is not None,
            "stopping": child is not None and child.stopping,
            "command": child.command if child else last.command if last else "",
        }
        begun = last is not None and not held.closed and (child is None or held.in_use)
        if last is None or not begun:
            return {**told, "begun": False}
        key = child, last.command, last.wanted
        if self._estimate[0] != key:
            self._estimate = key, TimeLeft()
        left = self._estimate[1].seconds(last.there, last.wanted, now)
        if child and left:
            days = held.days(last.scenarios) / len(last.scenarios) * (last.wanted - last.there)
            self._pace.learn(days, left, self.terms.jobs)
        return {
            **told,
            "begun": True,
            "scenarios": len(last.scenarios),
            "replicates": last.replicates,
            "there": last.there,
            "wanted": last.wanted,
            "failed": last.failed,
            "left": "" if left is None else f"about {duration(left)} to go",
        }

    def _known(self, held: StoreState) -> dict[str, Choice]:
        return {**self._choices, **self._own(held)}

    def _own(self, held: StoreState) -> dict[str, Choice]:
        """What only the store has."""
        if held.contents is None:
            return {}
        try:
            return store_choices(held.contents.manifest.scenarios, self._choices)
        except PanjError:
            return {}  # of another version; a comparison says so

    # -- what is asked -------------------------------------------------------------------------

    def answer(self, text: str) -> list[Answer]:
        """Answer one message; what is wrong with it is told in an ``error`` and changes nothing."""
        with self._lock:
            return answer_message(text, _MESSAGE, KNOWN, self._answers)

    def _answers(self, message: Message) -> Iterator[Answer]:
        if isinstance(message, Stop):
            if self._child is not None:
                self._child.stop()
        elif isinstance(message, Start):
            self._start(message)
        else:
            yield self._plan(message)
            return
        self._seen = None
        yield self.state()

    def _plan(self, wanted: Plan) -> Answer:
        """What the store lacks of it, how long that may take, and the command that does it."""
        held = self._watched.look()
        given = self._given(held, wanted)
        missing = {
            each: wanted.replicates - held.ended([each.digest], wanted.replicates)[0]
            for name, each in self._known(held).items()
            if name in wanted.scenarios
        }
        many = sum(missing.values())
        days = sum(runs * each.days for each, runs in missing.items())
        seconds = self._pace.seconds(days, self.terms.jobs)
        return {
            "is": "plan",
            "missing": many,
            "time": duration(seconds) if many and seconds is not None else "",
            "command": shlex.join(["panj", *given]),
        }

    def _given(self, held: StoreState, wanted: _Wanted) -> list[str]:
        """The arguments of ``panj`` for what is wanted."""
        there = [
            name
            for name, each in (held.contents.manifest.scenarios if held.contents else {}).items()
            if not each.origin
        ]
        store, jobs, code, mixed = self.terms
        named = batch_arguments(wanted.scenarios, self._known(held), there, str(store))
        return [
            *("batch", *named, "-n", str(wanted.replicates), "-o", str(store)),
            *(("--jobs", str(jobs)) if jobs else ()),
            *(("--retry-failed",) if wanted.retry else ()),
            *(("--allow-code",) if code else ()),
            *(("--allow-mixed",) if mixed else ()),
        ]

    def _start(self, wanted: Start) -> None:
        self._hear()
        if self._child is not None:
            raise PanjError(
                f"a batch of this page runs already (process {self._child.pid})",
                remedy="Wait until it ends, or stop it; what it has done will be kept.",
            )
        given = self._given(self._watched.look(), wanted)
        self._child, self._ended = BatchProcess(given), None

    def _hear(self) -> None:
        """Take note of a batch that has ended."""
        if self._child is not None and not self._child.running:
            self._ended, self._child = self._child.ended(), None

    # -- the end -------------------------------------------------------------------------------

    def close(self) -> BatchEnd | None:
        """Stop the batch of this page, if one runs; how it ended."""
        with self._lock:
            child, self._child = self._child, None
        if child is None or not child.running:
            return None
        child.stop()
        return child.ended() if child.wait(_GOODBYE_SECONDS) else None
