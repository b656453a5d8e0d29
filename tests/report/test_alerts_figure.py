"""The picture of how well alarms predict, and its words."""

import sim
from sim.comparison.terms import PLAIN
from sim.explore.alerts.result import Alerts, Estimate
from sim.explore.alerts.words import beats_chance, share
from sim.report.alerts import draw_alerts, section_content

SMALL = {
    "smugglers.loads_per_year": 0.0,
    "false_alarms.per_100_km_year": 0.0,
    "days": 60.0,
    "posts.spacing_km": 80.0,
    "villages.per_100_km": 1.0,
}


def found(plans: float) -> Alerts:
    """An assessment of a rule over three short years with a number of plans per year."""
    spec = sim.load("surge_after_attack", {**SMALL, "cells.plans_per_year": plans})
    return sim.alerts(spec, 3, executor="serial", within=7.0)


def test_a_row_of_three_panels_for_each_rule() -> None:
    """The picture has them, and names the rule in the first; each rule has two tables."""
    one = found(25.0)
    both = one.model_copy(update={"rules": one.rules * 2})
    figure = draw_alerts(both)
    assert len(figure.axes) == 6
    assert figure.axes[0].get_title(loc="left") == "surge after attack: every threshold"
    told = section_content(both, PLAIN)
    assert len(told.tables) == 4
    assert len(told.figure.axes) == 3 * len(both.rules)


def test_years_without_events_are_drawn() -> None:
    """Zero is not divided by zero."""
    none = found(0.0)
    assert len(draw_alerts(none).axes) == 3
    assert "there was no attack in 3 years" in " ".join(section_content(none, PLAIN).sentences)


def test_a_verdict_needs_an_interval_beyond_chance() -> None:
    """A gain is named only where its interval is above zero."""
    (rule,) = found(25.0).rules
    for low, sure in ((0.01, True), (-0.01, False), (None, False)):
        gain = Estimate(value=0.1, low=low, high=0.2)
        skill = rule.skill.model_copy(update={"gain": gain})
        assert beats_chance(rule.model_copy(update={"skill": skill})) is sure


def test_a_small_share_has_the_digits_of_its_interval() -> None:
    """Rounded to whole per cent it would be outside; a dash stands for an unknown share."""
    assert share(Estimate(value=0.0141, low=0.012, high=0.017)) == "1.4 % (1.2 to 1.7)"
    assert share(Estimate(value=0.36)) == "36 %"
    assert share(Estimate(value=None)) == "–"
