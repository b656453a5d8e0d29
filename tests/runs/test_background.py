"""Work beside the view: in turn, killable, and never left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from processes import PATIENCE_S, gone

from sim.errors import PanjError
from sim.runs.background import NICE, Background, Job


@pytest.fixture
def background() -> Iterator[Background]:
    """A place for work, empty again at the end."""
    made = Background()
    yield made
    made.close()


def who(number: int) -> tuple[int, int, int]:
    """A step that returns its number, its process and its priority."""
    return number, os.getpid(), os.getpriority(os.PRIO_PROCESS, 0)


def sleep(mark: Path) -> None:
    """A step that says who it is and does not end by itself."""
    part = mark.with_suffix(".part")
    part.write_text(str(os.getpid()))
    part.rename(mark)
    time.sleep(600.0)


def refuse() -> None:
    """A step that raises an error for the user."""
    raise PanjError("too many", key="victims", value=3)


def blunder() -> None:
    """A step that has a mistake."""
    raise ZeroDivisionError


def pid_in(mark: Path) -> int:
    """The process that wrote its number there, once it has."""
    end = time.monotonic() + PATIENCE_S
    while not mark.exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    return int(mark.read_text())


def test_steps_are_taken_elsewhere_in_order_and_with_less_priority(background: Background) -> None:
    """One process that is not this one, and the last result is kept."""
    asked = []

    def steps() -> Iterator[partial[tuple[int, int, int]]]:
        for number in range(3):
            asked.append(number)
            yield partial(who, number)

    job = background.begin(steps())
    job.wait(PATIENCE_S)
    assert (job.state, asked) == ("done", [0, 1, 2])
    assert job.last is not None
    number, pid, priority = job.last
    assert number == 2
    assert pid != os.getpid()
    assert priority == max(NICE, os.getpriority(os.PRIO_PROCESS, 0))
    assert gone(pid)


def test_work_waits_for_its_turn_and_an_ended_one_makes_room(
    background: Background, tmp_path: Path
) -> None:
    """The first job runs, the others know how many come before them; a waiting one can end."""
    first = background.begin([partial(sleep, tmp_path / "first")])
    second = background.begin([partial(who, 2)])
    third = background.begin([partial(who, 3)])
    pid = pid_in(tmp_path / "first")
    assert [job.ahead for job in (first, second, third)] == [0, 1, 2]
    assert second.state == "waiting"
    second.end()
    assert third.ahead == 1
    second.wait(PATIENCE_S)
    assert (second.state, third.ahead) == ("ended", 1)
    first.end()
    assert third.ahead == 0
    third.wait(PATIENCE_S)
    assert (first.state, third.state) == ("ended", "done")
    assert gone(pid)
    first.end()  # once more is not once too often


def test_pieces_of_work_take_turns_by_steps(background: Background, tmp_path: Path) -> None:
    """One that comes later does not wait for all of the first, and each keeps its own process."""
    gate = background.begin([partial(sleep, tmp_path / "gate")])
    pid_in(tmp_path / "gate")
    order: list[str] = []

    def begin(name: str) -> Job[tuple[int, int, int]]:
        def note(job: Job[tuple[int, int, int]]) -> None:
            order.extend([name] * (not job.over))

        return background.begin([partial(who, number) for number in range(3)], on_change=note)

    one, two = begin("one"), begin("two")
    assert (one.beside, two.beside) == (2, 2)
    gate.end()
    for job in (one, two):
        job.wait(PATIENCE_S)
    assert [(job.state, job.beside) for job in (one, two)] == [("done", 0)] * 2
    assert order == ["one", "two"] * 3
    assert one.last is not None
    assert two.last is not None
    assert one.last[1] != two.last[1]


def test_a_killed_process_is_told_and_the_next_work_goes_on(
    background: Background, tmp_path: Path
) -> None:
    """SIGKILL in the middle of a step, as the system does when memory is short."""
    job = background.begin([partial(sleep, tmp_path / "mark")])
    os.kill(pid_in(tmp_path / "mark"), signal.SIGKILL)
    job.wait(PATIENCE_S)
    assert job.state == "failed"
    assert "was killed" in job.error
    after = background.begin([partial(who, 1)])
    after.wait(PATIENCE_S)
    assert after.state == "done"


def test_what_a_step_raises_is_told(
    background: Background, caplog: pytest.LogCaptureFixture
) -> None:
    """A refusal in its own words; a mistake of the program with its traceback in the log."""
    refused, mistaken = background.begin([refuse]), background.begin([blunder])
    for job in (refused, mistaken):
        job.wait(PATIENCE_S)
        assert job.state == "failed"
    assert refused.error == "victims = 3: too many"
    assert "made a mistake" in mistaken.error
    assert "ZeroDivisionError" in caplog.text


def test_closing_ends_all(tmp_path: Path) -> None:
    """What runs and what waits."""
    background = Background()
    jobs = [background.begin([partial(sleep, tmp_path / name)]) for name in "ab"]
    pid = pid_in(tmp_path / "a")
    background.close()
    assert [job.state for job in jobs] == ["ended", "ended"]
    assert gone(pid)
    assert not (tmp_path / "b").exists()
    assert not [t for t in threading.enumerate() if t in {job._thread for job in jobs}]


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM], ids=str)
def test_nothing_outlives_the_program(tmp_path: Path, ending: signal.Signals) -> None:
    """However the program ends that began the work, its process ends with it."""
    code = (
        "import sys, time; sys.path[:0] = sys.argv[1], sys.argv[1] + '/..'\n"
        "from functools import partial; from pathlib import Path\n"
        "from sim.runs.background import Background; import test_background as t\n"
        "Background().begin([partial(t.sleep, Path(sys.argv[2]))]); time.sleep(600)"
    )
    mark = tmp_path / "mark"
    program = subprocess.Popen([sys.executable, "-c", code, str(Path(__file__).parent), str(mark)])
    pid = pid_in(mark)
    program.send_signal(ending)
    program.wait(PATIENCE_S)
    assert gone(pid)
