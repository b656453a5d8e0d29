"""A lever over many years: what is compared, and that the numbers are the command line's."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.cli.main import main
from sim.comparison.contrasts import Contrast
from sim.runs.background import Background
from sim.viewer.messages import MOST_YEARS
from sim.viewer.paired_years import COLUMNS, OUTCOMES, _spread, compare_years
from sim.viewer.session import InitialView, Session
from sim.viewer.year_comparison import ComparedScenarios, DisplayedWorld, compared_scenarios

pytestmark = pytest.mark.thorough

LEVERS = {"patrols.sorties_per_day": 6.0, "cells.plans_per_year": 9.0}
SETTINGS = ["days=5", "cells.count=20"]
HELD = [*SETTINGS, *(f"{key}={value}" for key, value in LEVERS.items())]
PATIENCE_S = 120.0


def against(seen: list[DisplayedWorld]) -> ComparedScenarios:
    """What is compared; something is."""
    what = compared_scenarios(seen)
    assert what is not None
    return what


def test_years_are_those_of_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Run here and by ``panj batch --set``, compared here and by ``panj compare``: one answer.

    A design gives both scenarios their values by hand, as the levers do.
    """
    plain = sim.load("baseline", SETTINGS)
    now = sim.load("baseline", HELD)
    (policy,) = against([DisplayedWorld("a", plain, now)]).policies.values()
    ours: Any = compare_years(tmp_path / "ours", plain, (policy,), 12).data
    (told,) = ours["policies"]

    design = tmp_path / "design.csv"
    design.write_text(
        "name,days,cells.count," + ",".join(LEVERS) + "\nplain,5,20,,\n"
        "levers,5,20," + ",".join(str(value) for value in LEVERS.values()) + "\n"
    )
    store = str(tmp_path / "theirs")
    batch = ["batch", "--design", str(design), "-n", "12", "-o", store, "--serial"]
    assert main(batch) == 0
    capsys.readouterr()
    asked = ["compare", store, "--baseline", "plain", "--outcomes", ",".join(OUTCOMES), "--json"]
    assert main(asked) == 0
    answer = json.loads(capsys.readouterr().out)
    rows = {row["outcome"]: row for row in answer["contrasts"]}
    for outcome, ends in told["outcomes"].items():
        row = rows[outcome]
        same = {key: ends[key] for key in ("difference", "low", "high", "n", "judgement")}
        assert same == {key: row[key] for key in same}
        shares = (ends["less"], ends["equal"], ends["more"])
        assert shares == (row["p_less"], row["p_equal"], row["p_more"])
    assert told["outcomes"]["victims"]["expected"] is True
    assert told["drawn"] == ["cells.plans_per_year"]


def test_each_world_that_differs_is_against_a_as_it_is() -> None:
    """One world with levers, two policies, or both: never a world against itself."""
    plain = sim.load("baseline", SETTINGS)
    now = sim.load("baseline", HELD)
    other = sim.load("triggered", SETTINGS)
    assert compared_scenarios([DisplayedWorld("a", plain, plain)]) is None
    assert (
        compared_scenarios([DisplayedWorld("a", plain, plain), DisplayedWorld("b", plain, plain)])
        is None
    )
    alone = against([DisplayedWorld("a", plain, now)])
    assert [*alone.policies] == ["a"]
    assert alone.words["against"] == "baseline as it is"
    words: Any = alone.words
    (row,) = words["policies"]
    assert row["named"] == "baseline with its levers"
    assert [(x["label"], x["value"], x["instead_of"]) for x in row["levers"]] == [
        ("Sorties of a post", "6 a day", "2 a day"),
        ("Plans of a cell", "9 a year", "1.1 a year"),
    ]
    both = against([DisplayedWorld("a", plain, now), DisplayedWorld("b", other, other)])
    assert [*both.policies] == ["a", "b"]
    assert both.words["against"] == "A, baseline, as it is"
    assert [
        *against([DisplayedWorld("a", plain, plain), DisplayedWorld("b", other, other)]).policies
    ] == ["b"]


def test_a_lever_on_what_is_drawn_holds_its_value() -> None:
    """A lever is set by hand, as with ``--set``: no draw of the posterior goes over it."""
    plain, now = sim.load("baseline"), sim.load("baseline", {"cells.plans_per_year": 9.0})
    held = DisplayedWorld("a", plain, now).held
    assert held.stated == ("cells.plans_per_year",)
    assert held == now


@given(st.lists(st.integers(-60, 60) | st.floats(-1e8, 1e8, allow_nan=False), max_size=60))
def test_every_year_stands_in_one_column(differences: list[float]) -> None:
    """Columns add up to the years, either side of zero by itself, whatever the differences."""
    values = np.array(differences, float)
    said = Contrast("x", "victims", "persons", "less", len(values), 0, low=-0.5, high=0.25)
    spread: Any = _spread(values, said)
    if not differences:
        assert spread is None
        return
    assert sum(spread["less"]) == (values < 0).sum()
    assert sum(spread["more"]) == (values > 0).sum()
    assert spread["equal"] == (values == 0).sum()
    assert len(spread["less"]) == len(spread["more"]) == COLUMNS
    assert spread["width"] > 0.0


@pytest.fixture
def session() -> Iterator[Session]:
    """A tab on a very short baseline, whose years take the same priority as the test."""
    with Background(nice=0) as background:
        made = Session(InitialView("baseline", None, 1, SETTINGS), background)
        yield made
        made.close()


def ask(session: Session, **message: object) -> Any:
    """Send a message; the last answer."""
    return session.answer(json.dumps(message))[-1]


def settled(session: Session, years: int) -> Any:
    """The comparison once so many years are in."""
    end = time.monotonic() + PATIENCE_S
    while (told := ask(session, do="odds"))["years"] < years:
        assert time.monotonic() < end, told
        assert told["state"] in ("waiting", "running"), told
        time.sleep(0.05)
    return told


def test_a_lever_begins_the_years_and_the_next_one_others(session: Session) -> None:
    """Nothing without a lever; then years come in; stop, more, and back to where it stood."""
    ask(session, do="open", scenario="baseline")
    assert ask(session, do="odds")["state"] == "none"
    ask(session, do="lever", key="patrols.sorties_per_day", value=6.0)
    first = settled(session, 10)
    assert 10 <= first["years"] < 100
    assert first["wanted"] == 100
    told = first["found"]["policies"][0]["outcomes"]["victims"]["told"]
    assert "victims" in told
    stopped = ask(session, do="odds", years=0)
    assert stopped["state"] == "ended"
    assert ask(session, do="odds")["state"] == "ended"
    ask(session, do="odds", years=stopped["years"] + 10)
    more = settled(session, stopped["years"] + 10)
    assert more["pair"] == first["pair"]
    ask(session, do="lever", key="teams.per_district", value=3)
    other = ask(session, do="odds")
    assert other["pair"] > first["pair"]
    assert (other["years"], other["found"], other["wanted"]) == (0, None, 100)
    for key, value in (("patrols.sorties_per_day", 2.0), ("teams.per_district", 1)):
        ask(session, do="lever", key=key, value=value)
    assert ask(session, do="odds")["state"] == "none"


def test_a_lever_that_is_refused_leaves_the_years_alone(session: Session) -> None:
    """The answer is an error in words; the comparison stays as it was."""
    ask(session, do="open", scenario="baseline", against="triggered")
    before = ask(session, do="odds")
    assert before["state"] in ("waiting", "running")
    refused = ask(session, do="lever", key="patrols.sorties_per_day", value=99)
    assert refused["is"] == "error"
    after = ask(session, do="odds")
    assert (after["pair"], after["policies"]) == (before["pair"], before["policies"])
    for years in (-1, 10_000, 1.5):
        assert ask(session, do="odds", years=years)["is"] == "error"


def test_a_closed_tab_makes_room_and_leaves_nothing() -> None:
    """Two tabs take turns and say so; when one is closed the other continues alone."""
    first = InitialView("baseline", "triggered", 1, SETTINGS)
    with Background(nice=0) as background:
        one, two = Session(first, background), Session(first, background)
        for tab in (one, two):
            ask(tab, do="open", scenario="baseline", against="triggered")
            ask(tab, do="odds", years=MOST_YEARS)
        for tab in (one, two):
            told = settled(tab, 10)
            assert (told["state"], told["beside"]) == ("running", 1)
        folder = Path(one._comparison._folder.name)  # type: ignore[union-attr]
        assert folder.exists()
        one.close()
        end = time.monotonic() + PATIENCE_S
        while folder.exists():
            assert time.monotonic() < end
            time.sleep(0.02)
        alone = settled(two, ask(two, do="odds")["years"] + 20)
        assert (alone["state"], alone["beside"]) == ("running", 0)
        two.close()


def test_a_disk_that_refuses_is_told_and_the_world_goes_on(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong in the background is in the answer; the view plays on."""
    (tmp_path / "years").write_text("in the way")

    class Taken:
        def __init__(self, **_: object) -> None:
            self.name = str(tmp_path)

        def cleanup(self) -> None:
            pass

    monkeypatch.setattr("sim.viewer.year_comparison.TemporaryDirectory", Taken)
    ask(session, do="open", scenario="baseline", against="triggered")
    ask(session, do="odds")
    end = time.monotonic() + PATIENCE_S
    while (told := ask(session, do="odds"))["state"] != "failed":
        assert time.monotonic() < end, told
        time.sleep(0.05)
    assert str(tmp_path) in told["wrong"]
    assert ask(session, do="more", until=1.0)["t1"] == 1.0


def test_two_processes_find_the_same(tmp_path: Path) -> None:
    """Where there are more cores the years are shared out, and say the same."""
    plain, policy = sim.load("baseline", SETTINGS), sim.load("triggered", SETTINGS)
    alone, shared = (
        compare_years(tmp_path / str(jobs), plain, (policy,), 4, jobs) for jobs in (1, 2)
    )
    assert alone == shared
