"""A batch as a process of its own: ``panj batch``, begun, stopped by an interrupt, heard out."""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final, Literal, NamedTuple

from sim.errors import PanjError
from sim.runs.time_left import OPENING

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_INTERRUPTED: Final = (128 + signal.SIGINT, 128 + signal.SIGTERM)
_EARLY: Final = (-signal.SIGINT, -signal.SIGTERM)
"""Ends of a process that was interrupted before it listened."""

_REFUSED: Final = 2
_MIXED: Final = (
    "In the lab: end it with Ctrl-C, and begin it again with another store, or with --allow-mixed."
)
"""What the advice of the command means here."""

_MOST_SAID: Final = 4000
"""Letters of what it said that are told."""

Kind = Literal["done", "stopped", "refused", "failed"]
"""``refused``: the command says what is to be done first. ``failed``: all else."""


class BatchEnd(NamedTuple):
    """How a batch ended, and what it said."""

    kind: Kind
    text: str


class BatchProcess:
    """A command of panj that runs beside this process and outlives none of its mistakes.

    What it says goes to files, not pipes: it never waits for a reader, and if this process is
    killed it comes to its end undisturbed.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self.command = shlex.join(["panj", *arguments])
        self.stopping = False
        # who ignores Ctrl-C, as a background shell does, has children that ignore it too
        ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        self._ending = signal.SIGTERM if ignored else signal.SIGINT
        self._out = tempfile.TemporaryFile()  # noqa: SIM115, as long as this object
        self._err = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "sim", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=self._out,
                stderr=self._err,
                env=_as_here(),
                start_new_session=True,  # a terminal's Ctrl-C is for the page, which passes it on
            )
        except OSError as error:
            raise PanjError(
                f"the batch cannot be started ({error.strerror or error})",
                remedy="Allow more processes and open files (ulimit -u, ulimit -n), or give the "
                f"command in a terminal: {self.command}",
            ) from error

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Interrupt it once, as Ctrl-C would; it keeps what is finished and ends."""
        if self.running and not self.stopping:
            self.stopping = True
            self._process.send_signal(self._ending)

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within so many seconds."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def ended(self) -> BatchEnd:
        """How it ended and what it said; only when it does not run any more."""
        status = self._process.returncode
        out, err = _text(self._out), _text(self._err)
        if status == 0:
            return BatchEnd("done", _joined(_damage(err), out))
        if status == 1 and out:
            return BatchEnd("failed", _joined(_damage(err), out))
        # while Python itself starts, an interrupt ends it by the signal or by a traceback
        if self.stopping and (status in _EARLY or (status == 1 and "KeyboardInterrupt" in err)):
            return BatchEnd("stopped", "The batch was stopped before it had begun.")
        if status in _INTERRUPTED:
            return BatchEnd("stopped", err.removesuffix("interrupted").strip())
        if status < 0:
            how = f"The batch was ended from outside ({signal.Signals(-status).name})."
            kept = "Every finished run is kept: start it again, and it goes on."
            return BatchEnd("failed", _joined(how, kept, err))
        if status == _REFUSED:
            return BatchEnd("refused", _joined(err, _MIXED if "--allow-mixed" in err else ""))
        return BatchEnd("failed", err or f"The batch ended with status {status}.")


def _as_here() -> dict[str, str]:
    """An environment in which the process finds the copy of panj that this one runs."""
    path = [str(_PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def _text(file: IO[bytes]) -> str:
    """What was said, the end of it if it was much, without what was said of the time it takes."""
    file.seek(0)
    lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return "\n".join(line for line in lines if not line.startswith(OPENING))[-_MOST_SAID:].strip()


def _damage(err: str) -> str:
    return "\n".join(line for line in err.splitlines() if line.startswith("damaged: "))


def _joined(*texts: str) -> str:
    return "\n".join(filter(None, texts))
