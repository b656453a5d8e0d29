"""A batch as a process of its own: ``panj batch``, which an interrupt stops."""

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
_INTERRUPTED_EARLY: Final = (-signal.SIGINT, -signal.SIGTERM)
"""Exit codes of a process that was interrupted before it handled signals."""

_REFUSED: Final = 2
_MIXED: Final = (
    "In the lab: end it with Ctrl-C, and start it again with another store, or with --allow-mixed."
)
"""What the remedy of the command means in the lab."""

_LONGEST_OUTPUT: Final = 4000
"""Most characters of the output that are shown."""

Kind = Literal["done", "stopped", "refused", "failed"]
"""``refused``: the command says what has to be done first. ``failed``: any other failure."""


class BatchEnd(NamedTuple):
    """How a batch ended, and its output."""

    kind: Kind
    text: str


class BatchProcess:
    """A command of panj as a process beside this one.

    Its output goes to files, not pipes: it never waits for a reader, and if this process is
    killed, it runs to its end.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self.command = shlex.join(["panj", *arguments])
        self.stopping = False
        # Children of a process that ignores Ctrl-C, as a background shell does, ignore it, too.
        ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        self._stop_signal = signal.SIGTERM if ignored else signal.SIGINT
        self._out = tempfile.TemporaryFile()  # noqa: SIM115, open as long as this object
        self._err = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "sim", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=self._out,
                stderr=self._err,
                env=_environment(),
                start_new_session=True,  # Ctrl-C goes to the page, which passes it on
            )
        except OSError as error:
            raise PanjError(
                f"the batch cannot be started ({error.strerror or error})",
                remedy="Allow more processes and open files (ulimit -u, ulimit -n), or give the "
                f"command in a terminal: {self.command}",
            ) from error

    @property
    def pid(self) -> int:
        """The process ID."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it is still running."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Interrupt it once, as Ctrl-C would; it ends and keeps what is finished."""
        if self.running and not self.stopping:
            self.stopping = True
            self._process.send_signal(self._stop_signal)

    def wait(self, seconds: float) -> bool:
        """Wait at most ``seconds``, and return whether it has ended."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def ended(self) -> BatchEnd:
        """How it ended and its output; only once it has ended."""
        status = self._process.returncode
        out, err = _text(self._out), _text(self._err)
        if status == 0:
            return BatchEnd("done", _joined(_damage(err), out))
        if status == 1 and out:
            return BatchEnd("failed", _joined(_damage(err), out))
        # While Python starts, an interrupt ends it by the signal or with a traceback.
        if self.stopping and (
            status in _INTERRUPTED_EARLY or (status == 1 and "KeyboardInterrupt" in err)
        ):
            return BatchEnd("stopped", "The batch was stopped before it started.")
        if status in _INTERRUPTED:
            return BatchEnd("stopped", err.removesuffix("interrupted").strip())
        if status < 0:
            how = f"The batch was ended from outside ({signal.Signals(-status).name})."
            kept = "Every finished run is kept: start it again, and it continues."
            return BatchEnd("failed", _joined(how, kept, err))
        if status == _REFUSED:
            return BatchEnd("refused", _joined(err, _MIXED if "--allow-mixed" in err else ""))
        return BatchEnd("failed", err or f"The batch ended with status {status}.")


def _environment() -> dict[str, str]:
    """An environment in which the process finds the copy of panj that runs here."""
    path = [str(_PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def _text(file: IO[bytes]) -> str:
    """The output without reports of the time left; only its end if it is long."""
    file.seek(0)
    lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return "\n".join(line for line in lines if not line.startswith(OPENING))[
        -_LONGEST_OUTPUT:
    ].strip()


def _damage(err: str) -> str:
    return "\n".join(line for line in err.splitlines() if line.startswith("damaged: "))


def _joined(*texts: str) -> str:
    return "\n".join(filter(None, texts))
