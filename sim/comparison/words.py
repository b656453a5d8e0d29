"""What a comparison found, in words: the one place that tells a difference, a price, a spread.

Verdicts, answers, titles of pictures and the section on cost are made of these sentences, and
these of the standing of a :class:`~sim.comparison.contrasts.Contrast`: so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.comparison.number_format import interval_text, per_cent, relative_change, rounded_up, short
from sim.comparison.terms import Terms, capital, several
from sim.measures.registry import described, headlines

if TYPE_CHECKING:
    from sim.comparison.contrasts import Contrast
    from sim.comparison.cost import CostRow
    from sim.comparison.distribution import Distribution
    from sim.comparison.question import Question

ALSO: Final = 3
"""How many further findings of each kind a verdict names."""

WORTH_TELLING: Final = 1.5
"""How many times fewer replicates expected harm must need to be praised for it."""

EFFORT: Final = {"guard_hours": "guard-hours", "cost_usd": "cost"}

MOST_HEAVY: Final = 3
"""So many heavy pairs are named."""

FEW: Final = 10
"""Of fewer pairs a heavy one says nothing."""

_COUNTED: Final = frozenset({"persons", "count", "days", "h", ""})
"""Units of which there are "fewer"; of kilograms and money there is "less"."""


class Claim(NamedTuple):
    """What is found, and the figures that it rests on (may be empty)."""

    title: str
    beneath: str

    @property
    def sentence(self) -> str:
        """Both in one, without a full stop."""
        return f"{self.title}: {self.beneath}" if self.beneath else self.title


def amount(c: Contrast, outcome: str = "") -> str:
    """A difference as a reader says it: "1.8 fewer", "2.1 points more", "3.00M USD less"."""
    size, known = c.difference or 0.0, described(c.outcome)
    measured = f"{short(100.0 * abs(size))} points" if c.unit == "share" else short(abs(size))
    unit = "" if c.unit == "share" else known.beside
    return " ".join(part for part in (measured, unit, _way(size, c.unit), outcome) if part)


def _way(size: float, unit: str) -> str:
    if size >= 0.0:
        return "more"
    return "fewer" if unit in _COUNTED else "less"


@dataclass(frozen=True)
class Words:
    """Sentences on scenarios against a ``baseline``, in a reader's ``terms``."""

    baseline: str
    confidence: float
    terms: Terms

    @property
    def base(self) -> str:
        """What the baseline is called."""
        return self.terms.label(self.baseline)

    # -- one outcome of one scenario -----------------------------------------------------------

    def claim(self, c: Contrast) -> Claim:
        """What is known of one difference, and what that rests on."""
        name, what = self.terms.label(c.scenario), described(c.outcome).named
        match c.standing:
            case "more" | "less":
                told = f"is {c.judgement} than {self.base} in {what}"
                if c.orientation == "neither":
                    told = f"has {_way(c.difference or 0.0, c.unit)} {what} than {self.base}"
                return Claim(f"{name} {told}", f"{self.gap(c)}{self._won(c)}")
            case "same":
                rope = short(c.rope_high, 100.0 if c.unit == "share" else 1.0)
                within = f"within {rope} either way"
                title = f"{name} is practically the same as {self.base} in {what}"
                return Claim(title, f"{self.gap(c)}, {within}")
            case "none":
                title = f"In {what} no difference between {name} and {self.base} can be measured"
                return Claim(title, self._agree(c.n))
            case "unknown":
                why = "no pair has a value" if c.undefined else "no run can be paired"
                return Claim(f"Of {what} under {name} nothing can be said", why)
        luck = "" if _straddles(c) else f", which {self._doubt(c)}"
        title = f"{name} against {self.base} is not settled in {what}"
        return Claim(title, f"{self.gap(c)}{self._standing(c)}{luck}")

    def effect(self, c: Contrast) -> str:
        """As in "0.30 fewer victims a year (90 % CI 0.10 to 0.50)", where the two are known."""
        known = described(c.outcome)
        if c.standing == "none":
            return f"No difference in {known.named}: {self._agree(c.n)}"
        if c.standing == "unknown":
            return f"Nothing can be said of {known.named}"
        span_of = f" {self.terms.per_run}" if known.adds_up else ""
        return f"{amount(c, known.named)}{span_of}{self._interval(c)}{self.judged(c)}"

    def judged(self, c: Contrast) -> str:
        """As in ": practically the same", after a difference of which no direction is known."""
        if c.standing == "same":
            return ": practically the same"
        if c.standing != "open":
            return ""
        return ": not settled" if _straddles(c) else f": not settled, for it {self._doubt(c)}"

    def _doubt(self, c: Contrast) -> str:
        """Why a difference is open though its interval leaves out zero."""
        if (c.p_value or 0.0) <= 1.0 - self.confidence:
            return "may be luck among so many comparisons"
        return "does not stand a second test"

    def gap(self, c: Contrast) -> str:
        """As in "27 % fewer, 1.8 a year (90 % CI 1.1 to 2.6)"."""
        size, known = c.difference or 0.0, described(c.outcome)
        told = amount(c)
        if c.settled and c.ratio is not None and c.ratio >= 0.0 and c.unit != "share":
            told = told.removesuffix(f" {_way(size, c.unit)}")
            told = f"{_relative(c.ratio, c.unit)}, {told}"
        span_of = f" {self.terms.per_run}" if known.adds_up else ""
        return f"{told}{span_of}{self._interval(c)}"

    def _interval(self, c: Contrast) -> str:
        if c.interval is None:
            return ""
        low, high = (end * (100.0 if c.unit == "share" else 1.0) for end in c.interval)
        if low < 0.0 < high:
            words = f"{short(-low)} {_way(-1.0, c.unit)} to {short(high)} more"
        else:
            words = interval_text(*sorted((abs(low), abs(high))))
        return f" ({100.0 * self.confidence:g} % CI {words})"

    def _won(self, c: Contrast) -> str:
        if c.orientation == "neither":
            return f", in {self.terms.paired(c.n)}"
        share = c.p_better if c.judgement == "better" else c.p_worse
        ties = f" (equal in {per_cent(c.p_equal)})" if c.p_equal else ""
        return f"; {c.judgement} in {per_cent(share)} of {self.terms.paired(c.n)}{ties}"

    def _standing(self, c: Contrast) -> str:
        if c.n < 2:
            return f"; one paired {self.terms.run} tells nothing of chance"
        if c.n < 3:
            return f"; there are only {self.terms.paired(c.n)}"
        if c.p_better is None or c.p_worse is None:
            return f", in {self.terms.paired(c.n)}"
        return (
            f"; better in {per_cent(c.p_better)} and worse in {per_cent(c.p_worse)} of "
            f"{self.terms.paired(c.n)}"
        )

    def _agree(self, n: int) -> str:
        if n > 1:
            return f"all {self.terms.paired(n)} agree"
        return f"the one paired {self.terms.run} agrees"

    # -- one scenario --------------------------------------------------------------------------

    def verdict(self, found: Sequence[Contrast], question: Question, same: bool) -> str:
        """Say in a few sentences what a scenario does: harm first, then effort, then the rest.

        ``found`` are the contrasts of one scenario. The harm of the question opens, and the rest
        is what was asked for, or the headlines; ``same`` tells that the scenario is the baseline
        under another name.
        """
        name = self.terms.label(found[0].scenario)
        if same:
            return (
                f"{name} and {self.base} are the same scenario under two names: "
                "no difference can be measured."
            )
        if not any(c.n for c in found):
            return f"{name}: no run can be paired with {self.base}; nothing can be said."
        if all(c.all_equal for c in found if c.n):
            return (
                f"No difference between {name} and {self.base} can be measured: "
                f"{self._agree(max(c.n for c in found))} in every outcome looked at."
            )
        by_name = {c.outcome: c for c in found}
        opening = by_name.get(question.harm or "", found[0])
        effort = " and ".join(
            f"{relative_change(c.ratio)} {word}"
            for outcome, word in EFFORT.items()
            if (c := by_name.get(outcome)) and c is not opening and c.settled and c.ratio
        )
        sentences = [self.claim(opening).sentence + (f"; {effort}" if effort else "") + "."]
        sentences += self._basis(opening)
        asked = headlines() if question.outcomes is None else question.outcomes
        rest = [
            c for c in found if c is not opening and c.outcome in asked and c.outcome not in EFFORT
        ]
        for judgement in ("better", "worse"):
            those = [c for c in rest if c.judgement == judgement][:ALSO]
            told = ", ".join(amount(c, described(c.outcome).named) for c in those)
            sentences += [f"{capital(judgement)}: {told}."] if told else []
        return " ".join([*sentences, *_settling([opening, *rest])])

    def _basis(self, c: Contrast) -> list[str]:
        """Of what the mean is, where it is not that of what was counted."""
        if not c.expected or c.standing in ("none", "unknown"):
            return []
        told = f"The mean is that of expected {described(c.outcome).named}"
        if c.gain is not None and c.gain >= WORTH_TELLING:
            told += f", which settles with {short(c.gain)} times fewer replicates than counting"
        return [f"{told}; shares of {self.terms.run}s are as counted."]

    # -- one outcome of all scenarios ----------------------------------------------------------

    def finding(self, own: Sequence[Contrast], outcome: str) -> Claim:
        """Which scenarios do better in an outcome beyond chance, and by how much the best does."""
        what, n = described(outcome).named, len(own)
        if not any(c.n for c in own):
            nothing = f"no {self.terms.run}s in common" if own else "no other scenario"
            return Claim(f"{capital(what)}: {nothing} to compare with {self.base}", "")
        if n == 1:
            claim = self.claim(own[0])
            return Claim(capital(claim.title), claim.beneath)
        if good := improvements(own):
            return self._good(good, largest_change(good), n, what)
        standings = {c.standing for c in own}
        if standings == {"none"}:
            agree = self._agree(max(c.n for c in own))
            return Claim(f"None of the {n} policies makes a difference in {what}", agree)
        if standings <= {"same", "none"}:
            return Claim(f"None of the {n} policies changes {what} by an amount that matters", "")
        title = f"None of the {n} policies is known to do better than {self.base} in {what}"
        bad = [self.terms.label(c.scenario) for c in own if c.judgement == "worse"]
        if bad:
            title += f"; {several(bad)} {'does' if len(bad) == 1 else 'do'} worse"
        sign = -1.0 if described(outcome).better == "more" else 1.0
        near = min((c for c in own if c.n), key=lambda c: sign * (c.difference or 0.0))
        place = "highest" if sign < 0.0 else "lowest"
        return Claim(
            title,
            f"{place} mean under {self.terms.label(near.scenario)}, {self.gap(near)}, in "
            f"{self.terms.paired(max(c.n for c in own))}",
        )

    def _good(self, good: Sequence[Contrast], best: Contrast, n: int, what: str) -> Claim:
        does = "differ from" if best.orientation == "neither" else "do better than"
        than, name = f"known to {does} {self.base} in {what}", self.terms.label(best.scenario)
        if len(good) == 1:
            title = f"Of {n} policies only {name} is {than}"
        else:
            every = "Both" if n == 2 else f"All {n}"
            many = every if len(good) == n else f"{len(good)} of {n}"
            title = f"{many} policies are {than}, {name} the most"
        return Claim(title, f"{self.gap(best)}{self._won(best)}")

    def lead(self, own: Sequence[Contrast], outcome: str, costs: Mapping[str, Contrast]) -> str:
        """The finding in one sentence, with what the best costs, and what does as well for less.

        ``own`` are in the order of the matrix, in which the cheaper of two that are as good in
        practice comes first.
        """
        told = self.finding(own, outcome).sentence
        good = improvements(own)
        chosen = largest_change(good) if good else own[0] if len(own) == 1 else None
        cost = costs.get(chosen.scenario) if chosen else None
        if cost is None or cost is chosen or cost.ratio is None or not good:
            return f"{told}."
        price = {
            "open": "whether it costs more is not settled",
            "same": "at practically the same cost",
            "none": "at the same cost",
        }
        told = f"{told}; {price.get(cost.standing, f'at {relative_change(cost.ratio)} cost')}."
        first, cheaper = good[0], costs.get(good[0].scenario)
        if first is chosen or cheaper is None or cost.difference is None:
            return told
        saved = cost.difference - (cheaper.difference or 0.0)
        return (
            f"{told} {self.terms.label(first.scenario)} does practically as well for "
            f"{self._money(cheaper.outcome, saved)} less: {self.gap(first)}."
        )

    def _money(self, outcome: str, size: float) -> str:
        """``4.2M USD a year``."""
        known = described(outcome)
        per = f" {self.terms.per_run}" if known.adds_up else ""
        return f"{short(abs(size))} {known.unit}{per}"

    def known(
        self, own: Sequence[Contrast], costs: Mapping[str, Contrast], ties: Collection[str]
    ) -> list[str]:
        """What is known beside the lead: ties with the best, what saves money, what is worse.

        ``ties`` may be the best for all that is known.
        """
        good = improvements(own)
        best = largest_change(good) if good else None
        told = []
        if best and best.scenario in ties:
            tied = [c for c in own if c.scenario in ties and c is not best]
            names = several([self.terms.label(c.scenario) for c in tied])
            told += [f"A tie with {names}: more pairs would tell."] if tied else []
        for title, those in (
            ("Better for less", [c for c in good if c is not best]),
            (f"The same {described(own[0].outcome).named} for less",
             [c for c in own if c.standing in ("same", "none")]),
        ):  # fmt: skip
            saving = [
                f"{self.terms.label(c.scenario)} saves {self._money(cost.outcome, cost.difference)}"
                for c in those
                if (cost := costs.get(c.scenario)) and cost.judgement == "better"
                and cost.difference is not None
            ]  # fmt: skip
            told += [f"{title}: {several(saving)}."] if saving else []
        bad = [self.terms.label(c.scenario) for c in own if c.judgement == "worse"]
        return [*told, f"Worse: {several(bad)}."] if bad and good else told

    def others(self, own: Sequence[Contrast]) -> list[str]:
        """What is known of the scenarios that do not lead, and what is not."""
        good = improvements(own)
        kinds = {
            "Better too": good if len(good) > 1 else [],
            "Worse": [c for c in own if c.judgement == "worse"],
            "Too small to matter": [c for c in own if c.standing == "same"],
            "No difference measured": [c for c in own if c.standing == "none"],
            "Not settled": [c for c in own if c.standing == "open"],
            "Nothing can be said": [c for c in own if c.standing == "unknown"],
        }
        best = largest_change(good) if good else None
        told = []
        for words, those in kinds.items():
            names = [self.terms.label(c.scenario) for c in those if c is not best]
            if names and len(own) > 1:
                told.append(f"{words}: {several(names)}.")
        return told

    def heavy(self, own: Sequence[Contrast], unit: str) -> str:
        """Of an outcome: in which differences one pair outweighs all others; nothing if in none.

        ``unit`` is what a pair is called by its number, "replicate", or "draw" where pairs share
        one. Of few pairs one is always heavy, and their intervals do not rest on the spread alone.
        """
        found: dict[int, list[Contrast]] = {}
        for c in own:
            if c.n >= FEW and (c.heaviest or 0.0) > 0.5 and c.heaviest_in is not None:
                found.setdefault(c.heaviest_in, []).append(c)
        told = "; ".join(
            f"{unit} {number} under {several([self.terms.label(c.scenario) for c in those])}"
            for number, those in sorted(found.items(), key=lambda each: -len(each[1]))[:MOST_HEAVY]
        )
        what = described(own[0].outcome).named if own else ""
        return told and (
            f"One {'pair' if unit == 'replicate' else unit} holds more than half of the variance "
            f"of a difference in {what}: {told}. Take such an interval with care."
        )

    # -- a scenario by itself ------------------------------------------------------------------

    def spread(self, d: Distribution) -> str:
        """Where an outcome of a scenario lies from run to run."""
        known, name = described(d.outcome), self.terms.label(d.scenario)
        factor = 100.0 if d.unit == "share" else 1.0
        unit = "%" if d.unit == "share" else known.beside
        each = f" {self.terms.per_run}" if known.adds_up else ""
        if d.mean is None:
            return f"{name}: nothing can be said of {known.named}, no run has a value."
        mean = " ".join(part for part in (short(d.mean, factor), unit) if part)
        if d.low is None:
            return (
                f"{name}: {known.named} {mean}{each} in the one {self.terms.run} that was run; "
                f"how {self.terms.run}s differ cannot be told."
            )
        return (
            f"{name}: {known.named} {mean}{each} on average ({100.0 * self.confidence:g} % CI "
            f"{interval_text(d.low, d.high, factor)}); nine {self.terms.run}s in ten lie between "
            f"{short(d.p05, factor)} and {short(d.p95, factor)}."
        )


def improvements(own: Sequence[Contrast]) -> list[Contrast]:
    """Those settled for the better; of an outcome that is neither, those settled at all."""
    return [c for c in own if c.settled and c.judgement != "worse"]


def largest_change(good: Sequence[Contrast]) -> Contrast:
    """The largest difference."""
    return max(good, key=lambda c: abs(c.difference or 0.0))


def _relative(ratio: float, unit: str) -> str:
    if ratio >= 2.0:
        return f"{short(ratio)} times as {'many' if unit in _COUNTED else 'much'}"
    return f"{short(100.0 * abs(ratio - 1.0))} % {_way(ratio - 1.0, unit)}"


def _straddles(c: Contrast) -> bool:
    return c.interval is None or c.interval.low <= 0.0 <= c.interval.high


def _settling(found: Sequence[Contrast]) -> list[str]:
    """What is still open and would be settled soonest; the opening harm goes first if open."""
    known = [c for c in found if c.standing == "open" and c.replicates_to_settle]
    if not known:
        return []
    least = found[0] if found[0] in known else min(known, key=lambda c: c.replicates_to_settle or 0)
    count = least.replicates_to_settle or 0
    some = "replicate" if count == 1 else "replicates"
    return [
        f"About {rounded_up(count)} more {some} would settle the {described(least.outcome).named}."
    ]


def price(row: CostRow) -> str:
    """What averting a harm costs, or why there is no figure."""
    harm, cost = row.harm_standing, row.cost_standing
    known, unit = described(row.harm), described(row.cost).unit
    if "unknown" in (harm, cost):
        return "nothing can be said"
    if harm in ("same", "none"):
        if harm == cost == "none":
            return "no difference can be measured"
        costs = {
            "more": "it costs more", "less": "it costs less", "none": "at the same cost",
            "same": "at practically the same cost", "open": "the difference in cost is not settled",
        }[cost]  # fmt: skip
        if harm == "none":
            return f"no difference in {known.named} can be measured; {costs}"
        return f"{known.named} practically the same; {costs}"
    if harm == "open":
        return f"no figure: the difference in {known.named} is not settled"
    if cost in ("same", "none"):
        return f"{harm} harm at {'practically ' if cost == 'same' else ''}the same cost"
    if cost == "open":
        return f"no figure: {harm} harm, but the difference in cost is not settled"
    if cost == harm:
        whom = "dominates the baseline" if harm == "less" else "dominated by the baseline"
        return f"{whom}: {harm} harm for {cost} cost"
    ratio = row.saved_per_harm if row.cost_per_harm is None else row.cost_per_harm
    if ratio is None:
        return "no figure: the harm averted may be next to nothing"
    figures, ends = f"{short(ratio)} {unit}".rstrip(), f"({interval_text(row.low, row.high)})"
    if harm == "less":
        return f"{figures} per {known.singular} averted {ends}"
    return f"{figures} saved per {known.singular} more {ends}"
