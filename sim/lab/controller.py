"""The state that the page shows, and answers to its messages. All tabs share one controller."""

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
MOST_REPLICATES: Final = 1_000_000
"""Most paired years that the page can run; the command line has no limit."""

DEFAULT_REPLICATES: Final = 100
"""Paired years offered first, as by ``panj batch``."""

_CACHE_SECONDS: Final = 0.2
"""For how long the tabs share one reading of the store."""

_STOP_SECONDS: Final = 60.0
"""How long an interrupted batch may take to put its store in order."""


class _BatchMessage(ClientMessage):
    """Scenarios, and how many paired years of them the store should hold."""

    scenarios: Annotated[list[Text], Field(max_length=500)]
    replicates: Annotated[int, Field(ge=1, le=MOST_REPLICATES)]
    retry: bool = False


class Plan(_BatchMessage):
    """Ask what this would run, and how long it may take."""

    do: Literal["plan"]


class Start(_BatchMessage):
    """Run it."""

    do: Literal["start"]


class Stop(ClientMessage):
    """Stop the batch that this page started."""

    do: Literal["stop"]


Message = Plan | Start | Stop
KNOWN: Final = ("plan", "start", "stop")
_MESSAGE: Final[TypeAdapter[Message]] = TypeAdapter(Annotated[Message, Field(discriminator="do")])


class LabOptions(NamedTuple):
    """Options of ``panj lab``, which apply to every batch."""

    store: Path
    jobs: int | None = None
    allow_code: bool = False
    allow_mixed: bool = False


class Controller:
    """Controls one store, and at most one batch of this page."""

    def __init__(self, options: LabOptions, choices: dict[str, Choice], speed: RunSpeed) -> None:
        self.options = options
        self._choices, self._speed = choices, speed
        self._watcher = StoreWatcher(options.store)
        self._lock = threading.RLock()
        self._process: BatchProcess | None = None
        self._ended: BatchEnd | None = None
        self._time_left: tuple[object, TimeLeft] = (None, TimeLeft())
        self._cached: tuple[float, Answer] | None = None

    # -- state ---------------------------------------------------------------------------------

    def catalogue(self) -> Answer:
        """The scenarios to pick, and those picked first; sent once to each tab."""
        with self._lock:
            state = self._watcher.look()
            last = state.last
            first = [name for name in last.scenarios if name in self._known(state)] if last else []
            return {
                "is": "catalogue",
                "format": FORMAT,
                "store": str(self.options.store),
                "scenarios": [
                    {"name": each.name, "title": each.title, "sentence": each.sentence}
                    for each in self._known(state).values()
                ],
                "picked": first or self._picked_first(),
                "replicates": last.replicates if last else DEFAULT_REPLICATES,
                "most": MOST_REPLICATES,
            }

    def _picked_first(self) -> list[str]:
        """The baseline, and the files named on the command line."""
        named = [each.name for each in self._choices.values() if each.argument != each.name]
        return list(dict.fromkeys(["baseline", *named]))

    def stamp(self) -> str:
        """A text that stands for the present runs of the store."""
        with self._lock:
            return self._watcher.look().stamp

    def state(self) -> Answer:
        """The state of the store and its batch, cached for a moment."""
        with self._lock:
            now = time.monotonic()
            if self._cached is None or now - self._cached[0] > _CACHE_SECONDS:
                self._cached = now, self._state(now)
            return self._cached[1]

    def _state(self, now: float) -> Answer:
        self._check_process()
        state = self._watcher.look()
        cut_short = not (state.closed or state.in_use or self._process)
        return {
            "is": "state",
            "stamp": state.stamp,
            "runs": {name: list(counts) for name, counts in state.runs.items()},
            "own": sorted(self._own(state)),
            "trouble": state.trouble,
            "batch": self._batch(state, now),
            "cut_short": cut_short,
            "said": self._ended and self._ended._asdict(),
        }

    def _batch(self, state: StoreState, now: float) -> Answer | None:
        """The running batch, of this page or of another process."""
        process, last = self._process, state.last
        if process is None and not state.in_use:
            return None
        answer: Answer = {
            "mine": process is not None,
            "stopping": process is not None and process.stopping,
            "command": process.command if process else last.command if last else "",
        }
        begun = last is not None and not state.closed and (process is None or state.in_use)
        if last is None or not begun:
            return {**answer, "begun": False}
        key = process, last.command, last.wanted
        if self._time_left[0] != key:
            self._time_left = key, TimeLeft()
        left = self._time_left[1].seconds(last.there, last.wanted, now)
        if process and left:
            days = state.days(last.scenarios) / len(last.scenarios) * (last.wanted - last.there)
            self._speed.learn(days, left, self.options.jobs)
        return {
            **answer,
            "begun": True,
            "scenarios": len(last.scenarios),
            "replicates": last.replicates,
            "there": last.there,
            "wanted": last.wanted,
            "failed": last.failed,
            "left": "" if left is None else f"about {duration(left)} to go",
        }

    def _known(self, state: StoreState) -> dict[str, Choice]:
        return {**self._choices, **self._own(state)}

    def _own(self, state: StoreState) -> dict[str, Choice]:
        """Scenarios that only the store has."""
        if state.contents is None:
            return {}
        try:
            return store_choices(state.contents.manifest.scenarios, self._choices)
        except PanjError:
            return {}  # a store of another version; the comparison reports it

    # -- messages ------------------------------------------------------------------------------

    def answer(self, text: str) -> list[Answer]:
        """Answer a message; the answer to an invalid one is an ``error``, and nothing changes."""
        with self._lock:
            return answer_message(text, _MESSAGE, KNOWN, self._answers)

    def _answers(self, message: Message) -> Iterator[Answer]:
        if isinstance(message, Stop):
            if self._process is not None:
                self._process.stop()
        elif isinstance(message, Start):
            self._start(message)
        else:
            yield self._plan(message)
            return
        self._cached = None
        yield self.state()

    def _plan(self, message: Plan) -> Answer:
        """How many runs the store lacks, how long they may take, and the command that runs them."""
        state = self._watcher.look()
        arguments = self._arguments(state, message)
        missing = {
            each: message.replicates - state.ended([each.digest], message.replicates)[0]
            for name, each in self._known(state).items()
            if name in message.scenarios
        }
        count = sum(missing.values())
        days = sum(runs * each.days for each, runs in missing.items())
        seconds = self._speed.seconds(days, self.options.jobs)
        return {
            "is": "plan",
            "missing": count,
            "time": duration(seconds) if count and seconds is not None else "",
            "command": shlex.join(["panj", *arguments]),
        }

    def _arguments(self, state: StoreState, message: _BatchMessage) -> list[str]:
        """The arguments of ``panj`` for a batch."""
        in_store = [
            name
            for name, each in (state.contents.manifest.scenarios if state.contents else {}).items()
            if not each.origin
        ]
        store, jobs, code, mixed = self.options
        named = batch_arguments(message.scenarios, self._known(state), in_store, str(store))
        return [
            *("batch", *named, "-n", str(message.replicates), "-o", str(store)),
            *(("--jobs", str(jobs)) if jobs else ()),
            *(("--retry-failed",) if message.retry else ()),
            *(("--allow-code",) if code else ()),
            *(("--allow-mixed",) if mixed else ()),
        ]

    def _start(self, message: Start) -> None:
        self._check_process()
        if self._process is not None:
            raise PanjError(
                f"a batch of this page runs already (process {self._process.pid})",
                remedy="Wait until it ends, or stop it; what it has done will be kept.",
            )
        arguments = self._arguments(self._watcher.look(), message)
        self._process, self._ended = BatchProcess(arguments), None

    def _check_process(self) -> None:
        """Record the end of a batch."""
        if self._process is not None and not self._process.running:
            self._ended, self._process = self._process.ended(), None

    # -- the end -------------------------------------------------------------------------------

    def close(self) -> BatchEnd | None:
        """Stop the batch of this page if one runs, and return how it ended."""
        with self._lock:
            process, self._process = self._process, None
        if process is None or not process.running:
            return None
        process.stop()
        return process.ended() if process.wait(_STOP_SECONDS) else None
