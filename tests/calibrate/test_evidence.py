"""What is fitted, in which order, given what, and what is not fitted and why."""

import pytest

from sim.calibrate.evidence import Evidence, evidence_of, read_evidence
from sim.calibrate.year_table import read_years
from sim.errors import PanjError


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """The shipped one."""
    return read_evidence()


def given(evidence: Evidence, name: str, period: str) -> dict[str, tuple[float, ...]]:
    """What a cell is conditioned on."""
    (link,) = (
        link
        for link in evidence.links
        if (link.cell.statistic.name, link.cell.period) == (name, period)
    )
    return {one.statistic: one.values for one in link.given}


def test_each_cell_is_fitted_or_has_a_reason(evidence: Evidence) -> None:
    """The war is left out with its reason; every other shipped cell is in the chain."""
    cells = read_years().cells
    assert len(evidence.links) + len(evidence.unfitted) == len(cells)
    assert {u.what.split()[-1] for u in evidence.unfitted} == {"1992..2005"}
    assert all("civil war" in u.why for u in evidence.unfitted)
    assert evidence.years == (2006, 2012, 2015, 2016, 2020, 2021, 2022, 2023, 2024, 2025)


def test_a_figure_is_given_those_before_it_of_the_same_months(evidence: Evidence) -> None:
    """The killed of 2016 given its clashes; of half a year given that half's; a sum of halves."""
    assert given(evidence, "clashes", "2016") == {}
    assert given(evidence, "intruders_killed", "2016") == {"clashes": (27.0,)}
    assert given(evidence, "intruders_killed", "2025-H1") == {"clashes": (10.0,)}
    assert given(evidence, "worst_35_days", "2025")["clashes"] == (17.0,)


def test_a_cell_of_several_years_is_given_what_is_known_of_each(evidence: Evidence) -> None:
    """The workers killed are known for each of the four years, the guards' dead only for one."""
    known = given(evidence, "deadly_worker_attacks", "2022..2025")
    assert known == {"workers_killed": (0.0, 0.0, 1.0, 5.0)}


def test_no_bound_is_given_to_anything(evidence: Evidence) -> None:
    """Only figures are: twelve clashes or more are not a number to start from."""
    assert "clashes" not in given(evidence, "intruders_killed", "2015 less 2015-H1")


def test_an_event_is_counted_of_who_is_left(evidence: Evidence) -> None:
    """Of a group of six nobody killed, three detained of six, three escaped of three."""
    (event,) = (e for e in evidence.events if e.marks.identity == "E11")
    assert event.group == ("smuggling_interdiction", True), "a guard died"
    of = {chance.mark: chance.trials for chance in event.chain}
    assert (of["killed_intruders"], of["detained"], of["escaped"]) == (6.0, 6.0, 3.0)
    assert of["seized_kg"] is None


def test_years_can_be_left_out(evidence: Evidence) -> None:
    """Their cells and events are gone, also cells of several years, and the chain is made again."""
    rest = evidence.without([2025])
    assert 2025 not in rest.years
    assert not any("2022..2025" in link.cell.period for link in rest.links)
    assert not any(e.marks.identity == "E1" for e in rest.events)
    assert any(e.marks.identity == "E7" for e in rest.events), "it has no date"
    assert len(evidence.without([]).links) == len(evidence.links)


def test_nothing_to_fit_is_refused() -> None:
    """A table that has only a war, without targets."""
    from dataclasses import replace

    table = read_years()
    war = replace(table, cells=tuple(c for c in table.cells if c.regime == "war"))
    with pytest.raises(PanjError, match="nothing to fit"):
        evidence_of(war)
