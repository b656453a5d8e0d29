"""A session answers requests, reports what is wrong with them, and changes nothing else."""

import gc
import json
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.model import BorderModel
from sim.serving.messages import LARGEST, Answer
from sim.viewer.session import MOST_DAYS, InitialView, Session

SHORT = InitialView("baseline", "triggered", 1, ["days=10", "cells.plans_per_year=40"])


def ask(session: Session, **message: object) -> list[Answer]:
    """Send a message; the answers."""
    return session.answer(json.dumps(message))


def opened(**message: object) -> Session:
    """A session with the baseline, or the scenario given, open."""
    session = Session(SHORT)
    first = ask(session, **{"do": "open", "scenario": "baseline", **message})
    assert first[0]["is"] == "ground", first
    return session


def test_the_catalogue_names_every_scenario() -> None:
    """All shipped scenarios with their titles, and what to open first; nothing is built."""
    told = Session(SHORT).catalogue()
    scenarios = told["scenarios"]
    assert isinstance(scenarios, list)
    assert scenarios[0] == {"name": "baseline", "title": sim.load("baseline").title}
    assert len(scenarios) >= 14
    assert told["first"] == {"scenario": "baseline", "against": "triggered", "seed": "1"}


def test_two_policies_are_two_sides_on_one_seed() -> None:
    """Grounds a and b, then a stretch of each for every question, to the same day."""
    session = Session(SHORT)
    grounds = ask(session, do="open", scenario="baseline", against="triggered", seed="7")
    assert [(g["is"], g["side"], g["seed"]) for g in grounds] == [
        ("ground", "a", "7"),
        ("ground", "b", "7"),
    ]
    told = ask(session, do="more", until=4.0)
    assert [(s["is"], s["side"], s["t0"], s["t1"]) for s in told] == [
        ("stretch", "a", 0.0, 4.0),
        ("stretch", "b", 0.0, 4.0),
    ]
    assert [s["world"] for s in told] == [g["world"] for g in grounds]


def test_a_viewed_run_is_the_batch_run() -> None:
    """Played to its end in a session, a scenario has the fingerprint of a run nobody saw."""
    session = opened(seed=3)
    for day in (0.5, 3.3, 3.3, 7.0, 99.0):
        ask(session, do="more", until=day)
    model = session._worlds["a"].model
    whole = BorderModel(sim.load("baseline", SHORT.settings), seed=3).run()
    assert model.fingerprint() == whole.fingerprint()


def test_the_same_group_has_the_same_identity_in_both_worlds() -> None:
    """Groups of the two policies are matched by name: most are in both, at one place and time."""
    session = Session(SHORT)
    ask(session, do="open", scenario="baseline", against="surveillance", seed=1)
    a, b = (
        {track["id"]: track["points"][0] for track in told["tracks"] if track["kind"] != "team"}  # type: ignore[attr-defined]
        for told in ask(session, do="more", until=10.0)
    )
    common = a.keys() & b.keys()
    assert len(common) > 0.8 * max(len(a), len(b))
    assert sum(a[name] == b[name] for name in common) > 0.8 * len(common)


def test_a_year_is_asked_for_in_parts() -> None:
    """One question brings 40 days at most, so that no tab keeps the machine busy for long."""
    session = Session(InitialView("baseline"))
    ask(session, do="open", scenario="baseline")
    (told,) = ask(session, do="more", until=365.0)
    assert told["t1"] == MOST_DAYS


def test_a_live_lever_acts_without_a_new_world() -> None:
    """Moved at the present, only the answer comes; the next stretch continues from there."""
    session = opened()
    ask(session, do="more", until=4.0)
    (moved,) = ask(session, do="lever", key="alert.level", value="emergency", at=4.0)
    assert moved == {
        "is": "lever",
        "key": "alert.level",
        "value": "emergency",
        "live": True,
        "from": {"a": 4.0},
    }
    (told,) = ask(session, do="more", until=5.0)
    assert told["t0"] == 4.0
    assert {tuple(row) for row in told["alert"]} == {(4.0, d, 3, "lever") for d in range(13)}  # type: ignore[attr-defined]


def test_a_live_lever_at_the_moment_on_the_screen_goes_back_to_it() -> None:
    """What was simulated ahead is dropped: a new world, from day 0 to that moment."""
    session = opened()
    (before,) = ask(session, do="more", until=6.0)
    ground, told, moved = ask(session, do="lever", key="patrols.p_sight", value=0.9, at=2.5)
    assert (ground["is"], told["is"], moved["is"]) == ("ground", "stretch", "lever")
    assert (told["t0"], told["t1"]) == (0.0, 2.5)
    assert ground["world"] == told["world"] != before["world"]
    (further,) = ask(session, do="more", until=3.0)
    assert further["t0"] == 2.5
    assert further["world"] == ground["world"]


def test_a_lever_of_a_day_to_come_waits_for_it() -> None:
    """The world is brought to that day first, as a page does that finds its server again."""
    session = opened()
    told, moved = ask(session, do="lever", key="alert.level", value="routine", at=3.0)
    assert (told["is"], told["t0"], told["t1"]) == ("stretch", 0.0, 3.0)
    assert moved["from"] == {"a": 3.0}
    (further,) = ask(session, do="more", until=4.0)
    assert {row[0] for row in further["alert"]} == {3.0}  # type: ignore[attr-defined]


def test_a_lever_that_is_not_live_builds_the_world_anew() -> None:
    """The same seed, from day 0 to the present, with the lever's value in the ground."""
    session = opened(seed=5)
    ask(session, do="more", until=4.0)
    ground, told, moved = ask(session, do="lever", key="teams.per_district", value=3)
    assert ground["seed"] == "5"
    assert len(ground["teams"]) == 39  # type: ignore[arg-type]
    assert (told["t0"], told["t1"]) == (0.0, 4.0)
    assert moved["live"] is False


def test_a_lever_moves_both_worlds_or_the_one_that_is_named() -> None:
    """Without a side it moves in both, whatever their policies are."""
    session = Session(SHORT)
    ask(session, do="open", scenario="baseline", against="triggered")
    ask(session, do="more", until=3.0)
    (both,) = ask(session, do="lever", key="alert.level", value="routine")
    assert (both["is"], both["live"]) == ("lever", True)
    assert both["from"] == {"a": 3.0, "b": 3.0}
    (only,) = ask(session, do="lever", key="patrols.p_sight", value=0.5, side="b")
    assert only["from"] == {"b": 3.0}


def test_worlds_can_be_opened_with_levers_moved() -> None:
    """A page that resets keeps the values of its sliders."""
    session = Session(SHORT)
    levers = {"patrols.sorties_per_day": 5, "cells.count": 3}
    (ground,) = ask(session, do="open", scenario="baseline", levers=levers)
    values = {lever["key"]: lever["value"] for lever in ground["levers"]}  # type: ignore[attr-defined]
    assert (values["patrols.sorties_per_day"], values["cells.count"]) == (5.0, 3)


WRONG = [
    ("", "not JSON"),
    ("{", "not JSON"),
    ("[" * 60000, "not JSON"),
    ("[1]", "does not know"),
    ("null", "does not know"),
    ('{"do": "dance"}', '"dance"'),
    ('{"do": ["open"]}', "does not know"),
    ('{"do": "more"}', "more.until: field required"),
    ('{"do": "more", "until": -1}', "more.until = -1"),
    ('{"do": "more", "until": NaN}', "more.until"),
    ('{"do": "more", "until": "1"}', "more.until"),
    ('{"do": "more", "until": 1, "fast": true}', "more.fast"),
    ('{"do": "open"}', "open.scenario"),
    ('{"do": "open", "scenario": "nowhere"}', "not among the scenarios"),
    ('{"do": "open", "scenario": "../pyproject.toml"}', "not among the scenarios"),
    ('{"do": "open", "scenario": "baseline", "seed": -1}', "from 0 to 2^63 - 1"),
    ('{"do": "open", "scenario": "baseline", "seed": "x"}', "seed"),
    ('{"do": "open", "scenario": "baseline", "levers": {"x": 1}}', "no such lever"),
    ('{"do": "open", "scenario": "baseline", "levers": {"x": null}}', "open.levers.x"),
    ('{"do": "lever", "key": "alert.level", "value": "x"}', "alert.level"),
    ('{"do": "lever", "key": "alert.level", "value": null}', "value"),
    ('{"do": "lever", "key": "alert.level", "value": "routine", "side": "b"}', "no second world"),
    ('{"do": "lever", "key": "patrols.p_sight", "value": 0.1, "at": -1}', "at"),
    ('{"do": "lever", "key": "alert.level", "value": "routine", "side": "c"}', "side"),
    ('"' + "x" * LARGEST + '"', "at most"),
]


@pytest.fixture(scope="module")
def lasting() -> Session:
    """One session that meets every mistake in turn."""
    session = opened()
    ask(session, do="more", until=2.0)
    return session


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[text[:40] for text, _ in WRONG])
def test_a_wrong_message_is_told_and_changes_nothing(
    lasting: Session, text: str, said: str
) -> None:
    """The answer says what is wrong; the world continues from where it was."""
    (answer,) = lasting.answer(text)
    assert answer["is"] == "error"
    assert said in str(answer["text"])
    (told,) = ask(lasting, do="more", until=2.0)
    assert (told["t0"], told["t1"]) == (2.0, 2.0)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=40)
@given(
    do=st.sampled_from(["open", "more", "lever"]) | JSON,
    rest=st.dictionaries(
        st.sampled_from(["until", "key", "value", "at", "side", "id", "t", "against"]), JSON
    ),
)
def test_no_message_breaks_a_session(lasting: Session, do: object, rest: dict[str, object]) -> None:
    """Whatever JSON comes in, an answer goes out."""
    answers = lasting.answer(json.dumps({"do": do, **rest}))
    assert answers
    assert all(answer["is"] in ("error", "stretch", "lever") for answer in answers)


def test_before_anything_is_open_that_is_said() -> None:
    """More of nothing, or a lever of nothing, is an error with its remedy."""
    for message in ({"do": "more", "until": 1.0}, {"do": "lever", "key": "x", "value": 0.0}):
        (answer,) = Session(SHORT).answer(json.dumps(message))
        assert answer["is"] == "error"
        assert 'Send "open" first' in str(answer["text"])


def test_a_scenario_that_cannot_be_built_leaves_the_world_as_it_was() -> None:
    """Cells without a district to live in: an error, and the old world continues."""
    nowhere = [f"cells.district_weights.{slug}=0" for slug in
               sim.load("baseline").cells.district_weights]  # fmt: skip
    session = Session(InitialView("baseline", None, 1, ["cells.count=0", "days=5", *nowhere]))
    ask(session, do="open", scenario="baseline")
    ask(session, do="more", until=1.0)
    (answer,) = ask(session, do="lever", key="cells.count", value=4)
    assert answer["is"] == "error"
    assert "every district has weight 0" in str(answer["text"])
    (told,) = ask(session, do="more", until=2.0)
    assert told["t0"] == 1.0


def test_a_closed_session_lets_its_models_go() -> None:
    """After closing, nothing holds the worlds."""
    session = opened(against="triggered")
    ask(session, do="more", until=5.0)
    models = [weakref.ref(world.model) for world in session._worlds.values()]
    session.close()
    gc.collect()
    assert [model() for model in models] == [None, None]
