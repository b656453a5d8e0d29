"""What a comparison says, in sentences for somebody who decides."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sim.comparison.digits import about, change, per_cent, short
from sim.comparison.paired import SETTLED, Contrast
from sim.comparison.question import Question
from sim.measures.registry import described, headlines

ALSO: Final = 3
"""How many further findings of each kind a verdict names."""

EFFORT: Final = {"guard_hours": "guard-hours", "cost_usd": "cost"}

_COUNTED: Final = frozenset({"persons", "count", "days", "h", ""})
"""Units of which there are "fewer"; of kilograms and money there is "less"."""


class Setting(NamedTuple):
    """What every sentence needs: the baseline's name, the confidence, the horizon in days.

    ``days`` is ``None`` where the horizon is not known.
    """

    baseline: str
    confidence: float
    days: float | None

    @property
    def span(self) -> str:
        """As in "1.8 fewer victims a year"."""
        if self.days is None:
            return " a run"
        if 365.0 <= self.days <= 366.0:
            return " a year"
        return f" in {self.days:g} days"

    @property
    def pairs(self) -> str:
        """What was compared: "paired years"."""
        return f"paired {'years' if self.span == ' a year' else 'runs'}"

    @property
    def level(self) -> str:
        """As in "90 % CI"."""
        return f"{100.0 * self.confidence:g} % CI"


def verdict(found: Sequence[Contrast], setting: Setting, question: Question, same: bool) -> str:
    """Say in a few sentences what a scenario does: harm first, then effort, then the rest.

    ``found`` are the contrasts of one scenario. The harm of the question opens, and the rest is
    what was asked for, or the headlines; ``same`` tells that the scenario is the baseline under
    another name.
    """
    scenario = found[0].scenario
    if same:
        return (
            f"{scenario} and {setting.baseline} are the same scenario under two names: "
            "no difference can be measured."
        )
    if not any(c.n for c in found):
        return f"{scenario}: no run can be paired with {setting.baseline}; nothing can be said."
    if all(c.p_equal == 1.0 for c in found if c.n):
        return (
            f"No difference between {scenario} and {setting.baseline} can be measured: "
            f"{_runs(max(c.n for c in found), setting)} agree in every outcome looked at."
        )
    by_name = {c.outcome: c for c in found}
    opening = by_name.get(question.harm or "", found[0])
    effort = _effort(by_name, opening)
    sentences = [_opening(opening, setting) + (f"; {effort}" if effort else "") + "."]
    asked = headlines() if question.outcomes is None else question.outcomes
    rest = [c for c in found if c is not opening and c.outcome in asked and c.outcome not in EFFORT]
    sentences += _also(rest)
    sentences += _settling([opening, *rest])
    return " ".join(sentences)


def _opening(c: Contrast, setting: Setting) -> str:
    baseline, name = setting.baseline, described(c.outcome).named
    if c.difference is None:
        return f"Of {name} under {c.scenario} nothing can be said: no pair has a value"
    gap = f"{amount(c)}{setting.span}{_interval(c, setting)}"
    match c.judgement:
        case "better" | "worse":
            shares = _won(c, c.judgement, setting)
            return f"{c.scenario} is {c.judgement} than {baseline} in {shares}: {gap}"
        case "more" | "less":
            return f"{c.scenario} has {gap} than {baseline}"
        case "practically the same":
            within = f"within {short(c.rope_high or 0.0)} either way"
            return f"{c.scenario} is practically the same as {baseline} in {name}: {gap}, {within}"
        case "no difference can be measured":
            return (
                f"In {name} no difference between {c.scenario} and {baseline} can be measured: "
                f"{_runs(c.n, setting)} agree"
            )
    few = f"; there {_are(c.n, setting)}" if c.n < 3 else f", {_standing(c, setting)}"
    luck = "" if _straddles(c) else ", which may be luck among so many comparisons"
    return f"{c.scenario} against {baseline} is not settled in {name}: {gap}{few}{luck}"


def amount(c: Contrast) -> str:
    """A difference as a reader says it: "1.8 fewer victims", "2 points more readiness"."""
    size, outcome = c.difference or 0.0, described(c.outcome)
    if c.unit == "share":
        return f"{short(100.0 * abs(size))} points {_way(size, c.unit)} {outcome.named}"
    measured = " ".join(part for part in (short(abs(size)), outcome.beside) if part)
    return f"{measured} {_way(size, c.unit)} {outcome.named}"


def _way(size: float, unit: str) -> str:
    if size >= 0.0:
        return "more"
    return "fewer" if unit in _COUNTED else "less"


def _interval(c: Contrast, setting: Setting) -> str:
    if c.low is None or c.high is None:
        return ""
    scale = 100.0 if c.unit == "share" else 1.0
    low, high = scale * c.low, scale * c.high
    if low < 0.0 < high:
        words = f"{short(-low)} {_way(-1.0, c.unit)} to {short(high)} more"
    else:
        ends = sorted((abs(low), abs(high)))
        words = f"{short(ends[0])} to {short(ends[1])}"
    return f" ({setting.level} {words})"


def _straddles(c: Contrast) -> bool:
    return c.low is None or c.high is None or c.low <= 0.0 <= c.high


def _won(c: Contrast, judgement: str, setting: Setting) -> str:
    share = c.p_better if judgement == "better" else c.p_worse
    ties = f" (equal in {per_cent(c.p_equal)})" if c.p_equal else ""
    return f"{per_cent(share or 0.0)} of {setting.pairs}{ties}"


def _standing(c: Contrast, setting: Setting) -> str:
    if c.p_better is None or c.p_worse is None:
        return f"in {c.n:,} {setting.pairs}"
    return (
        f"better in {per_cent(c.p_better)} and worse in {per_cent(c.p_worse)} "
        f"of {c.n:,} {setting.pairs}"
    )


def _runs(n: int, setting: Setting) -> str:
    return f"all {n:,} {setting.pairs}" if n > 1 else f"the one {setting.pairs[:-1]}"


def _are(n: int, setting: Setting) -> str:
    return f"are only {n} {setting.pairs}" if n > 1 else f"is only one {setting.pairs[:-1]}"


def _effort(by_name: dict[str, Contrast], opening: Contrast) -> str:
    said = []
    for outcome, name in EFFORT.items():
        c = by_name.get(outcome)
        if c is None or c is opening or c.ratio is None or c.judgement not in SETTLED:
            continue
        said.append(f"{change(c.ratio)} {name}")
    return " and ".join(said)


def _also(rest: Sequence[Contrast]) -> list[str]:
    sentences = []
    for judgement, word in (("better", "Better"), ("worse", "Worse")):
        found = [c for c in rest if c.judgement == judgement][:ALSO]
        if found:
            sentences.append(f"{word}: {', '.join(map(amount, found))}.")
    return sentences


def _settling(found: Sequence[Contrast]) -> list[str]:
    """What is still open and would be settled soonest; the opening harm goes first if open."""
    waiting = [c for c in found if c.judgement == "not settled"]
    known = [c for c in waiting if c.replicates_to_settle]
    if not known:
        return []
    least = found[0] if found[0] in known else min(known, key=lambda c: c.replicates_to_settle or 0)
    count = least.replicates_to_settle or 0
    some = "replicate" if count == 1 else "replicates"
    return [f"About {about(count)} more {some} would settle the {described(least.outcome).named}."]
