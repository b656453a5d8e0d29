"""The desk: plans, starts, stops and refusals, one desk for all tabs."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lab_stores import YEARS, eventually, runs

from sim.lab.choices import load_choices
from sim.lab.controller import Controller, LabOptions
from sim.lab.run_speed import START_SECONDS, RunSpeed
from sim.runs.catalogue import NAME
from sim.runs.lock import locked
from sim.serving.messages import LARGEST, Answer

pytestmark = pytest.mark.thorough


def desk_of(store: Path, files: list[Path]) -> Controller:
    """A desk at a store, with these files beside the shipped scenarios."""
    return Controller(LabOptions(store, jobs=1), load_choices(map(str, files)), RunSpeed())


def ask(desk: Controller, **message: object) -> Answer:
    """Send a message; the one answer."""
    (answer,) = desk.answer(json.dumps(message))
    return answer


def finished(desk: Controller) -> Answer:
    """The state when the batch is over."""
    eventually(lambda: desk.state()["batch"] is None)
    return desk.state()


def test_a_new_store_offers_the_baseline_and_what_was_named(
    tmp_path: Path, shorts: list[Path]
) -> None:
    """Nothing is made on the disk by looking."""
    desk = desk_of(tmp_path / "s", [])
    told = desk.catalogue()
    assert told["picked"] == ["baseline"]
    named = desk_of(tmp_path / "s", shorts).catalogue()
    assert named["picked"] == ["baseline", "plain", "many"]
    assert told["replicates"] == 100
    assert desk.state()["runs"] == {}
    assert list(tmp_path.iterdir()) == []


def test_a_store_offers_what_its_last_batch_was_asked(store: Path, shorts: list[Path]) -> None:
    """So that going on is one click."""
    told = desk_of(store, shorts).catalogue()
    assert told["picked"] == ["plain", "many"]
    assert told["replicates"] == YEARS
    assert desk_of(store, []).state()["own"] == ["many", "plain"]
    assert desk_of(store, shorts).state()["own"] == []


def test_a_plan_counts_what_is_missing(store: Path, shorts: list[Path]) -> None:
    """What the store holds is not run again; the command is the one that would do the same."""
    desk = desk_of(store, shorts)
    plan = ask(desk, do="plan", scenarios=["plain", "baseline"], replicates=20)
    assert plan["missing"] == 20 - YEARS + 20
    assert plan["command"] == f"panj batch {shorts[0]} baseline -n 20 -o {store} --jobs 1"
    assert ask(desk, do="plan", scenarios=["plain"], replicates=YEARS)["missing"] == 0
    assert plan["time"] == ""  # nothing is known of the pace yet


def test_a_plan_takes_time_by_days_and_processes() -> None:
    """Twice the days take twice as long, after the start."""
    pace = RunSpeed()
    assert pace.seconds(1000.0) is None
    pace.learn(1000.0, 50.0, jobs=1)
    assert pace.seconds(2000.0, jobs=1) == pytest.approx(START_SECONDS + 100.0)
    assert pace.seconds(0.0, jobs=1) == START_SECONDS


def test_a_batch_from_start_to_end(store: Path, shorts: list[Path]) -> None:
    """It starts, a second start is refused while it runs, and all tabs show its end."""
    desk = desk_of(store, shorts)
    wanted = {"scenarios": ["plain", "many"], "replicates": YEARS + 4}
    state = ask(desk, do="start", **wanted)
    assert state["is"] == "state"
    assert isinstance(state["batch"], dict)
    assert state["batch"]["mine"] is True
    again = ask(desk, do="start", **wanted)
    assert again["is"] == "error"
    assert "runs already" in str(again["text"])
    ended = finished(desk)
    assert isinstance(ended["said"], dict)
    assert ended["said"]["kind"] == "done", ended["said"]
    assert ended["runs"] == {"plain": [YEARS + 4, 0], "many": [YEARS + 4, 0]}
    assert ended["stamp"] == desk.stamp()


def test_a_batch_is_stopped_and_gone_on_with(tmp_path: Path, shorts: list[Path]) -> None:
    """Progress is that of the store; what is finished counts in the next plan."""
    desk = desk_of(tmp_path / "s", shorts)
    wanted = {"scenarios": ["plain", "many"], "replicates": 300}
    ask(desk, do="start", **wanted)
    eventually(lambda: runs(tmp_path / "s") > 0)
    running = desk.state()["batch"]
    assert isinstance(running, dict)
    assert (running["begun"], running["wanted"], running["replicates"]) == (True, 600, 300)
    stopping = ask(desk, do="stop")["batch"]
    assert stopping is None or (isinstance(stopping, dict) and stopping["stopping"])
    ended = finished(desk)
    assert isinstance(ended["said"], dict)
    assert ended["said"]["kind"] == "stopped"
    missing = ask(desk, do="plan", **wanted)["missing"]
    assert missing == 600 - runs(tmp_path / "s")
    assert not ended["cut_short"]


def test_leaving_stops_the_batch_in_order(tmp_path: Path, shorts: list[Path]) -> None:
    """The page ends with Ctrl-C; its batch keeps finished runs and says how to continue."""
    desk = desk_of(tmp_path / "s", shorts)
    ask(desk, do="start", scenarios=["plain"], replicates=5000)
    eventually(lambda: runs(tmp_path / "s") > 0)
    stopped = desk.close()
    assert stopped is not None
    assert "Continue with:" in stopped.text
    assert desk.close() is None


def test_a_batch_of_another_process_is_shown_and_not_joined(
    store: Path, shorts: list[Path]
) -> None:
    """It is seen by the store's lock; a start is refused with the store's own message."""
    desk = desk_of(store, shorts)
    with locked(store):
        eventually(lambda: desk.state()["batch"] is not None)
        other = desk.state()["batch"]
        assert isinstance(other, dict)
        assert other["mine"] is False
        ask(desk, do="stop")  # is not this page's to stop
        ask(desk, do="start", scenarios=["plain"], replicates=YEARS + 1)
        eventually(lambda: desk.state()["said"] is not None)
    said = desk.state()["said"]
    assert isinstance(said, dict)
    assert said["kind"] == "refused"
    assert "another process writes here" in said["text"]


def test_a_damaged_store_is_told(store: Path, shorts: list[Path]) -> None:
    """Where it lies, and what to do; a start is refused by the command itself."""
    (store / NAME).write_bytes(b"no catalogue")
    desk = desk_of(store, shorts)
    assert "the catalogue cannot be read" in str(desk.state()["trouble"])
    ask(desk, do="start", scenarios=["plain"], replicates=1)
    ended = finished(desk)
    assert isinstance(ended["said"], dict)
    assert "the catalogue cannot be read" in ended["said"]["text"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ('{"do": "dance"}', "does not know"),
        ("x" * (LARGEST + 1), "at most"),
        ('{"do": "start"}', "start.scenarios"),
        ('{"do": "start", "scenarios": ["plain"], "replicates": 0}', "start.replicates"),
        ('{"do": "start", "scenarios": ["plain"], "replicates": 1.5}', "start.replicates"),
        ('{"do": "start", "scenarios": ["/etc/passwd"], "replicates": 1}', "is not among"),
        ('{"do": "start", "scenarios": ["--help"], "replicates": 1}', "is not among"),
        ('{"do": "start", "scenarios": [], "replicates": 1}', "no scenario is picked"),
        ('{"do": "stop", "pid": 1}', "stop.pid"),
    ],
    ids=lambda text: text[:40],
)
def test_what_cannot_be_asked_starts_nothing(
    tmp_path: Path, shorts: list[Path], text: str, said: str
) -> None:
    """One error in words; no process, no file."""
    desk = desk_of(tmp_path / "s", shorts)
    (answer,) = desk.answer(text)
    assert answer["is"] == "error"
    assert said in str(answer["text"])
    assert desk.state()["batch"] is None
    assert not (tmp_path / "s").exists()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    message=JSON
    | st.fixed_dictionaries(
        {"do": st.sampled_from(["plan", "stop", "x"])},
        optional={"scenarios": JSON, "replicates": JSON, "retry": JSON},
    )
)
@settings(max_examples=60)
def test_no_message_breaks_the_desk(message: object) -> None:
    """Whatever is sent is answered, and starts nothing that was not asked for."""
    desk = Controller(LabOptions(Path("no-such-store")), {}, RunSpeed())
    for answer in desk.answer(json.dumps(message)):
        assert answer["is"] in ("error", "plan", "state")
    assert desk.state()["batch"] is None


def test_a_process_that_cannot_be_started_is_told(
    tmp_path: Path, shorts: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The remedy includes the command to give in a terminal."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("subprocess.Popen", refused)
    desk = desk_of(tmp_path / "s", shorts)
    told = ask(desk, do="start", scenarios=["plain"], replicates=1)
    assert "cannot be started (Resource temporarily unavailable)" in str(told["text"])
    assert "panj batch" in str(told["text"])


def test_what_the_lab_is_given_is_given_to_its_batches(store: Path, shorts: list[Path]) -> None:
    """Processes, user code, other code and values: all are in the command that is shown."""
    terms = LabOptions(store, jobs=3, allow_code=True, allow_mixed=True)
    desk = Controller(terms, load_choices(map(str, shorts)), RunSpeed())
    (told,) = desk.answer('{"do": "plan", "scenarios": ["plain"], "replicates": 99}')
    assert str(told["command"]).endswith(" --jobs 3 --allow-code --allow-mixed")
