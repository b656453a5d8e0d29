"""The result of ``panj alerts`` in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.comparison.number_format import DASH, interval_text, per_cent, short, with_interval
from sim.comparison.terms import Terms, an, capital, counted
from sim.comparison.text_tables import TextTable
from sim.explore.alerts.events import EVENTS, Event
from sim.explore.alerts.result import Alerts, Estimate, RuleResult, Threshold

FEW: Final = 30
"""With fewer years the sentences say that they are few."""


def figure(what: Estimate, factor: float = 1.0) -> str:
    """``0.36 (0.22 to 0.46)``."""
    return with_interval(what.value, what.low, what.high, factor)


def share(what: Estimate) -> str:
    """``36 % (22 to 46)``, in the digits of its interval."""
    if what.value is None:
        return DASH
    ends = interval_text(what.low, what.high, 100.0)
    return f"{short(what.value, 100.0)} %" + (f" ({ends})" if ends else "")


def beats_chance(rule: RuleResult) -> bool:
    """Whether the alarm is up for more events than by chance, beyond doubt."""
    return (rule.skill.gain.low or 0.0) > 0.0


def _best_threshold(rule: RuleResult) -> Threshold | None:
    """The threshold whose hit rate is farthest above its share of time."""
    known = [(t.hit_rate.value - t.share_up, t) for t in rule.thresholds if t.hit_rate.value]
    return max(known, key=lambda one: one[0])[1] if known else None


def sentences(result: Alerts, terms: Terms) -> list[str]:
    """Sentences on each rule, and on what they rest."""
    event = EVENTS[result.event]
    return [line for rule in result.rules for line in _sentences(rule, event, result, terms)]


def _sentences(rule: RuleResult, event: Event, result: Alerts, terms: Terms) -> Iterator[str]:
    name, seen, skill = terms.label(rule.scenario), rule.looking, rule.skill
    if not seen.events.value:
        yield f"{name}: there was no {event.one} in {counted(rule.years, 'year')}."
        return
    if not seen.alarms.value and not seen.share_up.value:
        yield (
            f"{name}: the level never reached {rule.level} in {counted(rule.years, 'year')}, so it "
            f"warned of none of the {short(seen.events.value)} {event.many} a year."
        )
        return
    yield (
        f"{name}: where the rule only observes, its level is {_level_words(rule)} for "
        f"{share(seen.hit_rate)} of {event.many} and {share(seen.share_up)} of the time. "
        f"{_verdict(rule)}"
    )
    bad = "districts and years" if rule.scope == "district" else "years"
    yield (
        f"The same alarms at random times of the same year would be up for "
        f"{share(skill.shifted)}. So {figure(skill.gain_in_year, 100.0)} points come from knowing "
        f"when; the rest come from knowing which {bad} are bad."
    )
    right = (seen.right.value or 0.0) / seen.alarms.value if seen.alarms.value else None
    yield (
        f"The alarm is raised {figure(seen.alarms)} times a year. {capital(an(event.one))} follows "
        f"{per_cent(right)} of alarms within {result.within:g} days, and "
        f"{share(skill.base_rate)} of all midnights. The alarm is up on "
        f"{share(skill.false_alarm_rate)} of midnights that no {event.one} follows."
    )
    if rule.lead.median.value is not None:
        yield (
            f"Half of the {event.many} that it is up for come more than {figure(rule.lead.median)} "
            f"days after its rise."
        )
    yield _acting(rule, event)
    best = _best_threshold(rule)
    if best is not None and len(rule.thresholds) > 1:
        yield (
            f"Of {len(rule.thresholds)} thresholds, {short(best.at)} is the farthest above chance: "
            f"up for {share(best.hit_rate)} of {event.many} and {per_cent(best.share_up)} of the "
            f"time, with {short(best.alarms)} alarms a year. The area below the curve of all "
            f"thresholds is {figure(skill.area)}; 0.5 is chance. The Brier skill of the signal is "
            f"{short(skill.brier)}; 0 is the base rate."
        )
    if rule.years < FEW:
        yield f"{counted(rule.years, 'year')} are few: run more."
    if rule.failed:
        yield f"{counted(rule.failed, 'year')} failed and are left out."


def _level_words(rule: RuleResult) -> str:
    return rule.level if rule.level == "emergency" else f"{rule.level} or above"


def _verdict(rule: RuleResult) -> str:
    gain = f"{figure(rule.skill.gain, 100.0)} points"
    if beats_chance(rule):
        return f"It predicts better than alarms at random times, by {gain}."
    if (rule.skill.gain.high or 0.0) < 0.0:
        return f"It predicts worse than alarms at random times: {gain}."
    return f"Whether it predicts better than alarms at random times is not settled: {gain}."


def _acting(rule: RuleResult, event: Event) -> str:
    acts = rule.acting
    low, high = rule.fewer.low or 0.0, rule.fewer.high or 0.0
    settled = "" if low > 0.0 or high < 0.0 else ", which is not settled"
    way = "fewer" if (rule.fewer.value or 0.0) >= 0.0 else "more"
    size = rule.fewer if way == "fewer" else _negated(rule.fewer)
    return (
        f"Where the rule acts there are {figure(size)} {way} {event.many} a year{settled}. Of its "
        f"{short(acts.alarms.value)} alarms a year {short(acts.right.value)} are right, "
        f"{short(acts.prevented.value)} prevent {an(event.one)}, and "
        f"{short(acts.false.value)} are false. Of the right ones {short(acts.brought.value)} are "
        f"right only by {an(event.one)} that the rule brings about."
    )


def _negated(what: Estimate) -> Estimate:
    """The estimate with the opposite sign."""
    low, high = what.low, what.high
    return Estimate(
        value=None if what.value is None else -what.value,
        low=None if high is None else -high,
        high=None if low is None else -low,
    )


# -- tables -----------------------------------------------------------------------------------


def text_tables(result: Alerts, terms: Terms) -> list[TextTable]:
    """Two tables for each rule: events and alarms, and every threshold."""
    event = EVENTS[result.event]
    return [
        sheet
        for rule in result.rules
        for sheet in (
            _scores(rule, event, result, terms),
            _thresholds(rule, event, result, terms),
        )
    ]


def _scores(rule: RuleResult, event: Event, result: Alerts, terms: Terms) -> TextTable:
    """The contingency table: events and alarms a year."""
    seen, acts = rule.looking, rule.acting
    none = Estimate(value=None)
    both = [
        (event.many, seen.events, acts.events, figure),
        ("  hits: an alarm was up", seen.warned, acts.warned, figure),
        ("  misses: none was up", seen.missed, acts.missed, figure),
        ("alarms", seen.alarms, acts.alarms, figure),
        ("  right", seen.right, acts.right, figure),
        ("  not followed, but prevented", none, acts.prevented, figure),
        ("  false alarms", seen.false, acts.false, figure),
        ("hit rate", seen.hit_rate, acts.hit_rate, share),
        ("share of time on alarm", seen.share_up, acts.share_up, share),
        ("false alarm ratio", seen.false_alarm_ratio, acts.false_alarm_ratio, share),
    ]
    return TextTable(
        f"{terms.label(rule.scenario)}: alarms at {_level_words(rule)}, "
        f"{counted(rule.years, 'year')}",
        ("a year", "rule observes", "rule acts"),
        [(name, say(a), say(b)) for name, a, b, say in both],
        note=f"right: {an(event.one)} follows within {result.within:g} days of the rise. "
        "prevented: none follows, but one does in the same year without the rule. "
        f"{100 * result.confidence:g} % intervals; whole years are resampled.",
    )


def _thresholds(rule: RuleResult, event: Event, result: Alerts, terms: Terms) -> TextTable:
    return TextTable(
        f"{terms.label(rule.scenario)}: every threshold, where the rule only observes",
        ("signal from", "level", "alarms a year", "time on alarm", "hit rate", "false", "lead"),
        [
            (
                short(t.at),
                t.level or DASH,
                short(t.alarms),
                per_cent(t.share_up),
                share(t.hit_rate),
                per_cent(t.false_alarm_ratio),
                short(t.lead),
            )
            for t in rule.thresholds
        ],
        (1,),
        "An alarm by that threshold alone, kept as long as the scenario keeps a level. false: "
        f"share of alarms that no {event.one} follows within {result.within:g} days. lead: median "
        f"days from the rise to the {event.one}.",
    )
