"""Expected harm as outcomes: which there are, and that they are numbers of a mean, not counts."""

import pytest

from sim.engine.records import Log
from sim.incidents.records import HARM, SIDES, Accounts, Expectation, Incident
from sim.measures.expected import EXPECTED
from sim.measures.people import PEOPLE
from sim.measures.registry import headlines, outcome_row, outcomes_on
from sim.measures.run_view import RunView
from sim.scenario.spec import Scenario

NOTHING = Accounts(**dict.fromkeys(Accounts._fields, 0))


def incident(identity: str, **changes: object) -> Incident:
    """An incident of which all that matters is what it cost."""
    row = Incident(identity, "smuggling_interdiction", "smugglers", True, "panj", 230.0, 10.0, 9.0,
                   9.5, "patrol", 9.5, 10.0, 4)  # fmt: skip
    return row._replace(**changes)


def row(incidents: list[Incident], ledger: list[Expectation]) -> dict[str, float | int | None]:
    """The expected outcomes of a run with these incidents and this ledger."""
    log = Log()
    for each in incidents:
        log.add(each)
    told = {each.identity: each for each in ledger}
    return outcome_row(RunView(log, NOTHING, Scenario(), (), told), EXPECTED)


def test_each_stands_beside_the_count_whose_mean_it_has() -> None:
    """Deaths, victims, and killed and wounded of each side; same unit, same aim, no headline."""
    counts = {outcome.name: outcome for outcome in PEOPLE}
    assert [o.mean_of for o in EXPECTED] == [
        "deaths", "victims", *(f"{s}_{w}" for s in ("guards", "workers_chinese", "workers_other",
        "villagers", "militants", "smugglers") for w in ("killed", "wounded")),
    ]  # fmt: skip
    for outcome in EXPECTED:
        count = counts[outcome.mean_of]
        assert outcome.name == f"expected_{count.name}"
        assert (outcome.unit, outcome.better, outcome.level) == (count.unit, count.better, False)
        assert count.whole
        assert not outcome.whole
        assert outcome.name not in headlines()
    assert not any(o.mean_of for o in outcomes_on(Scenario().ground) if o not in EXPECTED)


def test_columns_of_harm() -> None:
    """Those of an incident and of an expectation, in one order."""
    values = {column: n + 1 for n, column in enumerate(HARM)}
    assert incident("i", **values).harm == tuple(range(1, 13))
    assert Expectation("i", "cross_border_fire", **values).harm == tuple(range(1, 13))
    assert len(HARM) == 2 * len(SIDES)


def test_sums_of_the_ledger() -> None:
    """Every side by itself; victims without intruders; deaths with all, wounded in neither."""
    values = {column: 2.0**n for n, column in enumerate(HARM)}
    found = row([], [Expectation("i", "cross_border_fire", **values)] * 2)
    assert found["expected_guards_killed"] == values["killed_guards"]
    assert found["expected_militants_wounded"] == values["wounded_militants"]
    assert found["expected_deaths"] == sum(values[f"killed_{side}"] for side in SIDES)
    assert found["expected_victims"] == found["expected_deaths"] - sum(
        values[f"killed_{side}"] for side in ("militants", "smugglers")
    )


def test_what_happened_does_not_count_where_it_was_expected() -> None:
    """Of two incidents one was expected: the other one counts with its dead."""
    incidents = [incident("a", killed_guards=3), incident("b", killed_guards=2)]
    found = row(incidents, [Expectation("a", "smuggling_interdiction", killed_guards=0.5)])
    assert found["expected_victims"] == pytest.approx(2.5)
    assert row(incidents, [])["expected_victims"] == 5
    assert set(row([], []).values()) == {0.0}
