"""What ``panj alerts`` found, as it is kept: figures with intervals."""

from typing import ClassVar

from sim.explore.result import Part, Result


class Estimate(Part):
    """A figure and its interval; ``None`` where nothing can be said."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Score(Part):
    """What came of the alarms of one world, events and alarms a year.

    ``hit_rate`` is the share of events that an alarm was up for, ``share_up`` that of time;
    ``right`` the share of alarms that an event followed within the horizon, and
    ``false_alarm_ratio`` that of alarms that warned of nothing. ``prevented`` are alarms that no
    event followed, but one would have without the rule; they are not false. ``brought`` are right
    ones by an event that there is only with the rule. Both are zero where the rule only looks on.
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
    """What the alarm knows more than chance, where it only looks on.

    ``gain``: hit rate less the share of time that it is up, which is what alarms at random times
    would have. ``shifted``: the hit rate if the alarms of each year, and district, were moved to
    random times in it; ``gain_in_year`` is what is left. ``base_rate``: how often an event
    follows a midnight within the horizon; ``false_alarm_rate`` the share of midnights on alarm
    among those that none follows. ``area``: below hit rate over share of time, of all thresholds;
    1/2 is chance. ``brier``: Brier skill of the chances in the bins of the signal.
    """

    gain: Estimate
    shifted: Estimate
    gain_in_year: Estimate
    base_rate: Estimate
    false_alarm_rate: Estimate
    area: Estimate
    brier: float | None


class Threshold(Part):
    """A threshold of the signal and what an alarm by it alone would have been worth."""

    at: float
    level: str
    """The level that the scenario has this threshold for; empty for another."""
    alarms: float
    share_up: float
    hit_rate: Estimate
    false_alarm_ratio: float | None
    lead: float | None


class Bin(Part):
    """Midnights on which the signal lay from ``low`` to ``high``, and how likely an event was."""

    low: float
    high: float | None
    share: float
    chance: Estimate


class Lead(Part):
    """Days from the rise of an alarm to the event that it was up for.

    ``at_least``: share of all events that had been warned of for at least each of ``days``;
    ``by_chance`` the share of time on which an alarm had been up for so long.
    """

    median: Estimate
    lower: Estimate
    upper: Estimate
    days: tuple[float, ...]
    at_least: tuple[Estimate, ...]
    by_chance: tuple[float, ...]


class RuleResult(Part):
    """One rule, looked at."""

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
    """Events a year that there are fewer where the rule acts."""
    skill: Skill
    thresholds: tuple[Threshold, ...]
    reliability: tuple[Bin, ...]
    lead: Lead


class Alerts(Result):
    """How well alert rules foretell an event within a horizon, days."""

    kind: ClassVar[str] = "alerts"

    event: str
    within: float
    confidence: float
    rules: tuple[RuleResult, ...]
