"""The result of ``panj alerts``, as it is stored: figures with intervals."""

from typing import ClassVar

from sim.explore.result import Part, Result


class Estimate(Part):
    """A figure and its interval; ``None`` where it cannot be computed."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Score(Part):
    """Events and alarms a year in one world, and how they met.

    ``warned`` are events with an alarm up and ``hit_rate`` their share; ``share_up`` is the share
    of time on alarm. ``right`` are alarms that an event followed within the horizon.
    ``false_alarm_ratio`` is the share of ``false`` ones. ``prevented`` are alarms that no event
    followed, though one would have without the rule; they are not false. ``brought`` are alarms
    that are right only by an event that the rule brings about. Both are zero where the rule only
    observes.
    """

    events: Estimate
    warned: Estimate
    missed: Estimate
    alarms: Estimate
    right: Estimate
    prevented: Estimate
    false: Estimate
    brought: Estimate
    hit_rate: Estimate
    share_up: Estimate
    false_alarm_ratio: Estimate


class Skill(Part):
    """How much better than chance the alarm predicts, where the rule only observes.

    ``gain`` is the hit rate minus the share of time on alarm, which is the hit rate of alarms at
    random times. ``shifted`` is the hit rate if the alarms of each year and district were moved to
    random times in it; ``gain_in_year`` is the hit rate minus that. ``base_rate`` is the share of
    midnights that an event follows within the horizon; ``false_alarm_rate`` is the share on alarm
    of the other midnights. ``area`` is that below the curve of hit rate over share of time for all
    thresholds; 1/2 is chance. ``brier`` is the Brier skill of the chances in the bins of the
    signal.
    """

    gain: Estimate
    shifted: Estimate
    gain_in_year: Estimate
    base_rate: Estimate
    false_alarm_rate: Estimate
    area: Estimate
    brier: float | None


class Threshold(Part):
    """A threshold of the signal, and the score of alarms by it alone."""

    at: float
    level: str
    """The level that has this threshold in the scenario; empty if none has."""
    alarms: float
    share_up: float
    hit_rate: Estimate
    false_alarm_ratio: float | None
    lead: float | None


class Bin(Part):
    """Midnights with a signal from ``low`` to ``high``: their share, and the chance of an event."""

    low: float
    high: float | None
    share: float
    chance: Estimate


class Lead(Part):
    """Days from the rise of an alarm to an event that it was up for.

    ``at_least`` is the share of all events before which an alarm had been up for at least each of
    ``days``; ``by_chance`` is the share of time on which one had been up for as long.
    """

    median: Estimate
    lower: Estimate
    upper: Estimate
    days: tuple[float, ...]
    at_least: tuple[Estimate, ...]
    by_chance: tuple[float, ...]


class RuleResult(Part):
    """The result for the rule of one scenario; ``looking`` is where it only observes."""

    scenario: str
    title: str
    policy: str
    scope: str
    level: str
    rest: str
    years: int
    failed: int
    days: float
    looking: Score
    acting: Score
    fewer: Estimate
    """By how many events a year are fewer where the rule acts."""
    skill: Skill
    thresholds: tuple[Threshold, ...]
    reliability: tuple[Bin, ...]
    lead: Lead


class Alerts(Result):
    """How well alert rules predict an event ``within`` a horizon, days."""

    kind: ClassVar[str] = "alerts"

    event: str
    within: float
    confidence: float
    rules: tuple[RuleResult, ...]
