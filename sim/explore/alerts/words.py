"""What ``panj alerts`` found in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.comparison.number_format import DASH, interval_text, per_cent, short, with_interval
from sim.comparison.terms import Terms, capital, counted
from sim.comparison.text_tables import TextTable
from sim.explore.alerts.events import EVENTS, Event
from sim.explore.alerts.result import Alerts, Estimate, RuleResult, Threshold

FEW: Final = 30
"""Fewer years than this tell little of what is rare."""

_ONLY, _ACTS = "rule looks on", "rule acts"


def figure(what: Estimate, factor: float = 1.0) -> str:
    """``0.36 (0.22 to 0.46)``."""
    return with_interval(what.value, what.low, what.high, factor)


def share(what: Estimate) -> str:
    """``36 % (22 to 46)``, in the digits of its interval."""
    if what.value is None:
        return DASH
    ends = interval_text(what.low, what.high, 100.0)
    return f"{short(what.value, 100.0)} %" + (f" ({ends})" if ends else "")


def foretells(rule: RuleResult) -> bool:
    """Whether the alarm is beyond doubt up for more events than chance would have it."""
    return (rule.skill.gain.low or 0.0) > 0.0


def farthest(rule: RuleResult) -> Threshold | None:
    """The threshold whose hit rate lies highest above its share of time."""
    known = [(t.hit_rate.value - t.share_up, t) for t in rule.thresholds if t.hit_rate.value]
    return max(known, key=lambda one: one[0])[1] if known else None


def sentences(found: Alerts, terms: Terms) -> list[str]:
    """What is said of each rule, and what it rests on."""
    event = EVENTS[found.event]
    return [line for rule in found.rules for line in _said(rule, event, found, terms)]


def _said(rule: RuleResult, event: Event, found: Alerts, terms: Terms) -> Iterator[str]:
    name, seen, skill = terms.label(rule.scenario), rule.looking, rule.skill
    if not seen.events.value:
        yield f"{name}: there was no {event.one} in {counted(rule.years, 'year')}."
        return
    if not seen.alarms.value and not seen.share_up.value:
        yield (
            f"{name}: the level never came to {rule.level} in {counted(rule.years, 'year')}, so it "
            f"warned of none of {short(seen.events.value)} {event.many} a year."
        )
        return
    yield (
        f"{name}: where the rule only looks on, its level stands at {_level_words(rule)} when "
        f"{share(seen.hit_rate)} of {event.many} come, and {share(seen.share_up)} of the time. "
        f"{_verdict(rule)}"
    )
    bad = "districts and years" if rule.scope == "district" else "years"
    yield (
        f"The same alarms at random times of their own year would be up for "
        f"{share(skill.shifted)}. So {figure(skill.gain_in_year, 100.0)} points come of "
        f"knowing when; the rest of knowing which {bad} are bad."
    )
    right = (seen.right.value or 0.0) / seen.alarms.value if seen.alarms.value else None
    yield (
        f"It is raised {figure(seen.alarms)} times a year. {capital(an(event.one))} follows "
        f"{per_cent(right)} of alarms within {found.within:g} days, and "
        f"{share(skill.base_rate)} of all midnights. It is up on {share(skill.false_alarm_rate)} "
        f"of midnights that no {event.one} follows."
    )
    if rule.lead.median.value is not None:
        yield (
            f"Half of the {event.many} that it is up for come more than {figure(rule.lead.median)} "
            f"days after it was raised."
        )
    yield _acting(rule, event)
    best = farthest(rule)
    if best is not None and len(rule.thresholds) > 1:
        yield (
            f"Of {len(rule.thresholds)} thresholds, {short(best.at)} lies farthest above chance: "
            f"up for {share(best.hit_rate)} of {event.many} and {per_cent(best.share_up)} of the "
            f"time, with {short(best.alarms)} alarms a year. The area below all "
            f"of them is {figure(skill.area)}; 0.5 is chance."
        )
    if rule.years < FEW:
        yield f"{counted(rule.years, 'year')} tell little: run more."
    if rule.failed:
        yield f"{counted(rule.failed, 'year')} failed and are left out."


def _level_words(rule: RuleResult) -> str:
    return rule.level if rule.level == "emergency" else f"{rule.level} or above"


def _verdict(rule: RuleResult) -> str:
    gain = f"{figure(rule.skill.gain, 100.0)} points"
    if foretells(rule):
        return f"It foretells better than alarms at random times, by {gain}."
    if (rule.skill.gain.high or 0.0) < 0.0:
        return f"It foretells worse than alarms at random times: {gain}."
    return f"That it foretells better than alarms at random times is not settled: {gain}."


def _acting(rule: RuleResult, event: Event) -> str:
    acts = rule.acting
    low, high = rule.fewer.low or 0.0, rule.fewer.high or 0.0
    settled = "" if low > 0.0 or high < 0.0 else ", which is not settled"
    way = "fewer" if (rule.fewer.value or 0.0) >= 0.0 else "more"
    size = rule.fewer if way == "fewer" else _turned(rule.fewer)
    told = (
        f"Where the rule acts there are {figure(size)} {way} {event.many} a year{settled}. Of its "
        f"{short(acts.alarms.value)} alarms a year {short(acts.right.value)} are right, "
        f"{short(acts.prevented.value)} prevent {an(event.one)}, and "
        f"{short(acts.false.value)} are false"
    )
    return f"{told}; {short(acts.brought.value)} of the right ones come of it alone."


def _turned(what: Estimate) -> Estimate:
    """The same with the other sign."""
    low, high = what.low, what.high
    return Estimate(
        value=None if what.value is None else -what.value,
        low=None if high is None else -high,
        high=None if low is None else -low,
    )


def an(word: str) -> str:
    """With its article."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


# -- tables -----------------------------------------------------------------------------------


def sheets(found: Alerts, terms: Terms) -> list[TextTable]:
    """Three tables a rule: what came of it, every threshold, how likely an event was."""
    event = EVENTS[found.event]
    return [
        sheet
        for rule in found.rules
        for sheet in (
            _scores(rule, event, found, terms),
            _thresholds(rule, event, found, terms),
            _reliability(rule, event, found, terms),
        )
    ]


def _scores(rule: RuleResult, event: Event, found: Alerts, terms: Terms) -> TextTable:
    """The contingency table: events and alarms a year."""
    seen, acts = rule.looking, rule.acting
    none = Estimate(value=None)
    both = [
        (event.many, seen.events, acts.events, figure),
        ("  hits: an alarm was up", seen.warned, acts.warned, figure),
        ("  misses: none was", seen.missed, acts.missed, figure),
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
        ("a year", _ONLY, _ACTS),
        [(name, say(a), say(b)) for name, a, b, say in both],
        note=f"right: {an(event.one)} follows within {found.within:g} days of the rise. "
        "prevented: none follows, but one does in the same year without the rule. "
        f"{100 * found.confidence:g} % intervals; whole years are bootstrap.",
    )


def _thresholds(rule: RuleResult, event: Event, found: Alerts, terms: Terms) -> TextTable:
    return TextTable(
        f"{terms.label(rule.scenario)}: every threshold, where the rule only looks on",
        ("signal from", "is now", "alarms a year", "time on alarm", "hit rate", "false", "lead"),
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
        f"share of alarms that no {event.one} follows within {found.within:g} days. lead: median "
        "days from the rise to what it is up for.",
    )


def _reliability(rule: RuleResult, event: Event, found: Alerts, terms: Terms) -> TextTable:
    brier = rule.skill.brier
    return TextTable(
        f"{terms.label(rule.scenario)}: how likely {an(event.one)} is within {found.within:g} days",
        ("signal at midnight", "share of midnights", "chance"),
        [(bin_words(b.low, b.high), per_cent(b.share), share(b.chance)) for b in rule.reliability],
        note=f"All midnights: {share(rule.skill.base_rate)}. Brier skill of these chances against "
        f"it, each half of the years foretold from the other: {short(brier)}.",
    )


def bin_words(low: float, high: float | None) -> str:
    """``1.2 to 3.4``, ``from 3.4``; a bin of whole levels reads the same."""
    return f"from {short(low)}" if high is None else f"{short(low)} to {short(high)}"
