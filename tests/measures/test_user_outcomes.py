"""User-defined outcomes: what is accepted, what is refused, and how they are recognised."""

import importlib
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.engine.records import Log
from sim.errors import OutcomeError, PanjError
from sim.incidents.records import Accounts
from sim.measures import user_defined
from sim.measures.registry import OUTCOMES, described, outcomes
from sim.measures.run_view import RunView
from sim.runs.store_tables import FAILURE, RUN
from sim.scenario.spec import Scenario

SHORT = sim.load("baseline", {"days": 60.0})
EMPTY = RunView(Log(), Accounts(**dict.fromkeys(Accounts._fields, 0)), Scenario())


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Leave no outcome behind."""
    yield
    for outcome in user_defined.user_outcomes():
        OUTCOMES.remove(outcome.name)


def nights(run: RunView) -> int:
    """Nights with a clash."""
    return len({int(i.at - 0.5) for i in run.incidents if i.clash})


def giving(value: Any) -> Callable[[RunView], Any]:
    """A function that gives a value."""
    return lambda run: value


def test_an_outcome_of_ones_own_comes_last_in_the_row() -> None:
    """It is computed from the same run, and the model's own outcomes stay as they are."""
    model = sim.BorderModel(SHORT, 1).run()
    before, known = model.outcomes(), model.fingerprint()
    assert sim.outcome("nights_fought", "nights with a fight", better="less")(nights) is nights
    row = model.outcomes()
    assert list(row) == [*before, "nights_fought"]
    assert row["nights_fought"] == nights(RunView(model.log, model.accounts(), SHORT))
    assert {name: row[name] for name in before} == before
    assert model.fingerprint() == known
    assert described("nights_fought").better == "less"
    assert outcomes()[-1]["label"] == "nights with a fight"


@pytest.mark.parametrize("name", ["victims", "two words", "", "class", *RUN, *FAILURE, "district"])
def test_a_name_that_cannot_be_a_new_column_is_refused(name: str) -> None:
    """A taken name, no identifier, a word of Python, a column that says which run a row is."""
    with pytest.raises(PanjError) as caught:
        sim.outcome(name)(nights)
    assert caught.value.value == name
    assert user_defined.user_outcomes() == ()


def test_a_second_function_of_the_same_name_is_refused() -> None:
    """Another function may not take the name; the same one, run again, takes its own place."""
    sim.outcome("nights_fought")(nights)
    with pytest.raises(PanjError, match="registered already"):
        sim.outcome("nights_fought")(giving(1))
    sim.outcome("nights_fought", "again")(nights)
    assert [outcome.label for outcome in user_defined.user_outcomes()] == ["again"]


@pytest.mark.parametrize(
    ("words", "function"), [({"better": "fewer"}, nights), ({}, 3), ({}, len), ({}, print)]
)
def test_words_and_functions_that_are_none_are_refused(words: Any, function: Any) -> None:
    """A direction that is not known, and what is not a plain function."""
    with pytest.raises(OutcomeError):
        sim.outcome("fights", **words)(function)
    assert user_defined.user_outcomes() == ()


@pytest.mark.parametrize(
    ("unit", "value", "kept"),
    [
        ("count", 3, 3), ("count", 3.0, 3), ("count", np.int64(3), 3), ("share", None, None),
        ("share", np.float32(0.5), 0.5), ("kg", 2, 2.0),
    ],
)  # fmt: skip
def test_numbers_are_kept_as_their_unit_asks(unit: str, value: Any, kept: Any) -> None:
    """Counts are whole, everything else floats; None stays None."""
    sim.outcome("thing", unit=unit)(giving(value))
    found = user_defined.user_outcome_row(EMPTY)["thing"]
    assert (found, type(found)) == (kept, type(kept))


@pytest.mark.parametrize("value", ["3", True, np.True_, math.nan, math.inf, [1], 1j, b"1"])
def test_what_is_no_number_is_refused(value: Any) -> None:
    """Text, truth, NaN and the like: the error names the outcome and what it gave."""
    sim.outcome("thing", unit="kg")(giving(value))
    with pytest.raises(OutcomeError, match=r"outcome thing: gave .*, which is not a number"):
        user_defined.user_outcome_row(EMPTY)


def test_half_a_count_is_refused() -> None:
    """A count must be whole."""
    sim.outcome("thing")(giving(2.5))
    with pytest.raises(OutcomeError, match=r"is counted in count, but gave 2\.5"):
        user_defined.user_outcome_row(EMPTY)


def test_a_function_that_raises_is_named() -> None:
    """The outcome, the exception and its words; the cause is kept."""
    sim.outcome("thing")(lambda run: 1 / len(run.incidents))
    with pytest.raises(OutcomeError, match="outcome thing: raised ZeroDivisionError") as caught:
        user_defined.user_outcome_row(EMPTY)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


BASE = "import sim\nLIMIT = 3\ndef g(x): return x + LIMIT\ndef f(run): return g(1)\n"


@pytest.mark.parametrize(
    ("text", "same"),
    [(BASE, True), (BASE.replace("3", "4"), False), (BASE.replace("x + L", "x - L"), False)],
)
def test_a_function_is_known_by_the_source_of_its_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, same: bool
) -> None:
    """So a constant or a helper that it reads counts too."""
    monkeypatch.syspath_prepend(tmp_path)
    marks = []
    for n, source in enumerate((BASE, text)):
        (tmp_path / f"own_module_{n}_{same}.py").write_text(source)
        module = importlib.import_module(f"own_module_{n}_{same}")
        monkeypatch.setattr(module.f, "__module__", module.__name__)
        sim.outcome("thing")(module.f)
        marks.append(user_defined.describe_user_outcomes())
        OUTCOMES.remove("thing")
    assert (marks[0] == marks[1]) == same


def test_a_function_without_source_is_refused_where_it_must_be_known_again() -> None:
    """A store could not say later what it measured."""
    names: dict[str, Any] = {"__name__": "nowhere"}
    exec("def f(run): return 1", names)
    sim.outcome("thing")(names["f"])
    assert user_defined.user_outcome_row(EMPTY) == {"thing": 1}
    with pytest.raises(PanjError, match="source of this code cannot be read"):
        user_defined.describe_user_outcomes()


def test_a_worker_measures_what_it_was_sent_and_nothing_else() -> None:
    """What the order brings takes the place of what an earlier order brought."""
    nothing = user_defined.pack_user_outcomes()
    sim.outcome("thing")(giving(1))
    sent = user_defined.pack_user_outcomes()
    OUTCOMES.remove("thing")
    sim.outcome("from_before")(giving(2))
    user_defined.install_user_outcomes(sent)
    assert user_defined.user_outcome_row(EMPTY) == {"thing": 1}
    user_defined.install_user_outcomes(nothing)
    assert user_defined.user_outcome_row(EMPTY) == {}


def test_without_cloudpickle_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """This is said at once, with two ways out; where there is nothing to send, nothing is."""
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    assert user_defined.pack_user_outcomes() == b""
    sim.outcome("nights_fought")(nights)
    with pytest.raises(PanjError, match="cannot be sent to workers") as caught:
        user_defined.pack_user_outcomes()
    for way in ("cloudpickle", 'executor="serial"'):
        assert way in caught.value.remedy
