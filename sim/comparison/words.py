"""The sentences of a comparison: the one place that words a difference, a price or a spread.

Verdicts, answers, titles of pictures and the section on cost use these sentences. They depend only
on the standing of a :class:`~sim.comparison.contrasts.Contrast`, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.comparison.number_format import (
    interval_text,
    relative_change,
    rounded_up,
    short,
)
from sim.comparison.terms import Terms, capital, several
from sim.measures.registry import described, headlines

if TYPE_CHECKING:
    from sim.comparison.contrasts import Contrast
    from sim.comparison.cost import CostRow
    from sim.comparison.distribution import Distribution
    from sim.comparison.question import Question

MOST_ALSO: Final = 3
"""A verdict names at most this many further findings of each kind."""

LEAST_GAIN: Final = 1.5
"""A verdict mentions the gain from expected harm from this factor on."""

EFFORT: Final = {"guard_hours": "guard-hours", "cost_usd": "cost"}
"""The outcomes of effort, and their names in a verdict."""

_EFFORT_CHANGES: Final = {"guard_hours": ("more", "fewer"), "cost_usd": ("higher", "lower")}

MOST_HEAVY: Final = 3
"""A note names at most this many heavy pairs."""

FEW: Final = 10
"""With fewer pairs a heavy one means nothing: some pair is always heavy."""

_COUNTED: Final = frozenset({"persons", "count", "days", "h", ""})
"""Units with "fewer"; kilograms and money have "less"."""


class Claim(NamedTuple):
    """A finding, and the figures that support it (may be empty)."""

    title: str
    beneath: str

    @property
    def sentence(self) -> str:
        """Both in one, without a full stop."""
        return f"{self.title}: {self.beneath}" if self.beneath else self.title


def amount(c: Contrast, outcome: str = "") -> str:
    """A difference in words: "1.8 fewer", "2.1 points more", "3.00M USD less"."""
    size = c.difference or 0.0
    figure = f"{short(100.0 * abs(size))} points" if c.unit == "share" else short(abs(size))
    unit = "" if c.unit == "share" else described(c.outcome).shown_unit
    return " ".join(part for part in (figure, unit, _direction(size, c.unit), outcome) if part)


def _direction(size: float, unit: str) -> str:
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
        """The baseline's label."""
        return self.terms.label(self.baseline)

    @property
    def _ci(self) -> str:
        return f"{100.0 * self.confidence:g} % CI"

    def _per_run(self, outcome: str) -> str:
        """`` a year`` for an outcome that adds up over a run, else nothing."""
        return f" {self.terms.per_run}" if described(outcome).adds_up else ""

    # -- one outcome of one scenario -----------------------------------------------------------

    def claim(self, c: Contrast) -> Claim:
        """The finding on one difference, and the figures that support it."""
        name, what = self.terms.label(c.scenario), described(c.outcome).named
        match c.standing:
            case "more" | "less":
                title = f"{name} is {c.judgement} than {self.base} on {what}"
                if c.orientation == "neither":
                    direction = _direction(c.difference or 0.0, c.unit)
                    title = f"{name} has {direction} {what} than {self.base}"
                return Claim(title, f"{self.gap(c)}{self.share_of_pairs(c)}")
            case "same":
                rope = short(c.rope_high, 100.0 if c.unit == "share" else 1.0)
                title = f"{name} is practically the same as {self.base} on {what}"
                return Claim(title, f"{self.gap(c)}, within ±{rope}, which counts as the same")
            case "none":
                title = f"No difference in {what} between {name} and {self.base} can be measured"
                return Claim(title, self._all_equal(c.n))
            case "unknown":
                why = "no pair has a value" if c.undefined else "no run can be paired"
                return Claim(f"Nothing can be said about {what} under {name}", why)
        doubt = "" if _includes_zero(c) else f"; {self._doubt(c)}"
        title = f"Whether {name} differs from {self.base} on {what} is not settled"
        return Claim(title, f"{self.gap(c)}{self._both_shares(c)}{doubt}")

    def effect(self, c: Contrast) -> str:
        """As in "0.30 fewer victims a year (90 % CI 0.10 to 0.50)", without the scenarios."""
        what = described(c.outcome).named
        if c.standing == "none":
            return f"No difference in {what}: {self._all_equal(c.n)}"
        if c.standing == "unknown":
            return f"Nothing can be said about {what}"
        return f"{amount(c, what)}{self._per_run(c.outcome)}{self._interval(c)}{self.judged(c)}"

    def judged(self, c: Contrast) -> str:
        """As in ": practically the same", after a difference without a settled direction."""
        if c.standing == "same":
            return ": practically the same"
        if c.standing != "open":
            return ""
        return ": not settled" if _includes_zero(c) else f": not settled, because {self._doubt(c)}"

    def _doubt(self, c: Contrast) -> str:
        """Why a difference is open although its interval excludes zero."""
        if (c.p_value or 0.0) <= 1.0 - self.confidence:
            return "it may be chance, given so many comparisons"
        return "a second test does not confirm it"

    def gap(self, c: Contrast) -> str:
        """As in "27 % fewer, 1.8 a year (90 % CI 1.1 to 2.6)"."""
        size, text = c.difference or 0.0, amount(c)
        if c.settled and c.ratio is not None and c.ratio >= 0.0 and c.unit != "share":
            text = text.removesuffix(f" {_direction(size, c.unit)}")
            text = f"{_relative(c.ratio, c.unit)}, {text}"
        return f"{text}{self._per_run(c.outcome)}{self._interval(c)}"

    def _interval(self, c: Contrast) -> str:
        if c.interval is None:
            return ""
        low, high = (end * (100.0 if c.unit == "share" else 1.0) for end in c.interval)
        if low < 0.0 < high:
            words = f"{short(-low)} {_direction(-1.0, c.unit)} to {short(high)} more"
        else:
            words = interval_text(*sorted((abs(low), abs(high))))
        return f" ({self._ci} {words})"

    def share_of_pairs(self, c: Contrast) -> str:
        """As in "; better in 93 of 100 paired years, equal in 4"."""
        if c.orientation == "neither":
            return f", in {self.terms.paired(c.n)}"
        better = _pairs(c.p_better if c.judgement == "better" else c.p_worse, c.n)
        equal = f", equal in {_pairs(c.p_equal, c.n)}" if c.p_equal else ""
        return f"; {c.judgement} in {better} of {self.terms.paired(c.n)}{equal}"

    def _both_shares(self, c: Contrast) -> str:
        if c.n < 2:
            return f"; one paired {self.terms.run} says nothing about chance"
        if c.n < 3:
            return f"; there are only {self.terms.paired(c.n)}"
        if c.p_better is None or c.p_worse is None:
            return f", in {self.terms.paired(c.n)}"
        better, worse = _pairs(c.p_better, c.n), _pairs(c.p_worse, c.n)
        return f"; better in {better} and worse in {worse} of {self.terms.paired(c.n)}"

    def _all_equal(self, n: int) -> str:
        if n > 1:
            return f"all {self.terms.paired(n)} are equal"
        return f"the one paired {self.terms.run} is equal"

    # -- one scenario --------------------------------------------------------------------------

    def verdict(self, contrasts: Sequence[Contrast], question: Question, same: bool) -> str:
        """A few sentences on one scenario: the harm first, then effort, then the rest.

        ``contrasts`` are those of the scenario. The harm of the question comes first; the rest are
        the outcomes asked for, or the headlines. ``same``: the scenario is the baseline under
        another name.
        """
        name = self.terms.label(contrasts[0].scenario)
        if same:
            return (
                f"{name} and {self.base} are the same scenario under two names: "
                "no difference can be measured."
            )
        if not any(c.n for c in contrasts):
            return f"{name}: no run can be paired with {self.base}; nothing can be said."
        if all(c.all_equal for c in contrasts if c.n):
            return (
                f"No difference between {name} and {self.base} can be measured: "
                f"{self._all_equal(max(c.n for c in contrasts))} in every outcome compared."
            )
        by_name = {c.outcome: c for c in contrasts}
        first = by_name.get(question.harm or "", contrasts[0])
        effort = " and ".join(
            f"{relative_change(c.ratio, *_EFFORT_CHANGES[outcome])} {word}"
            for outcome, word in EFFORT.items()
            if (c := by_name.get(outcome)) and c is not first and c.settled and c.ratio
        )
        sentences = [self.claim(first).sentence + (f"; {effort}" if effort else "") + "."]
        sentences += self._expected_harm(first)
        wanted = headlines() if question.outcomes is None else question.outcomes
        rest = [
            c
            for c in contrasts
            if c is not first and c.outcome in wanted and c.outcome not in EFFORT
        ]
        for judgement in ("better", "worse"):
            those = [c for c in rest if c.judgement == judgement][:MOST_ALSO]
            text = ", ".join(amount(c, described(c.outcome).named) for c in those)
            sentences += [f"{capital(judgement)}: {text}."] if text else []
        return " ".join([*sentences, *_soonest_settled([first, *rest])])

    def _expected_harm(self, c: Contrast) -> list[str]:
        """A sentence where means are those of expected harm and not of counts."""
        if not c.expected or c.standing in ("none", "unknown"):
            return []
        text = f"Means are of expected {described(c.outcome).named}"
        if c.gain is not None and c.gain >= LEAST_GAIN:
            text += f" (counts would need {short(c.gain)} times the replicates)"
        return [f"{text}; shares of {self.terms.run}s are counted."]

    # -- one outcome of all scenarios ----------------------------------------------------------

    def finding(self, contrasts: Sequence[Contrast], outcome: str) -> Claim:
        """Which scenarios do better in an outcome beyond chance, and by how much the best does."""
        what, n = described(outcome).named, len(contrasts)
        if not any(c.n for c in contrasts):
            nothing = f"no {self.terms.run}s in common" if contrasts else "no other scenario"
            return Claim(f"{capital(what)}: {nothing} to compare with {self.base}", "")
        if n == 1:
            claim = self.claim(contrasts[0])
            return Claim(capital(claim.title), claim.beneath)
        if good := improvements(contrasts):
            return self._improvement(good, n, what)
        standings = {c.standing for c in contrasts}
        if standings == {"none"}:
            equal = self._all_equal(max(c.n for c in contrasts))
            return Claim(f"None of the {n} policies makes a difference in {what}", equal)
        if standings <= {"same", "none"}:
            return Claim(f"None of the {n} policies changes {what} by an amount that matters", "")
        title = f"None of the {n} policies is known to do better than {self.base} on {what}"
        if bad := self._labels(c for c in contrasts if c.judgement == "worse"):
            title += f"; {several(bad)} {'does' if len(bad) == 1 else 'do'} worse"
        sign = -1.0 if described(outcome).better == "more" else 1.0
        near = min((c for c in contrasts if c.n), key=lambda c: sign * (c.difference or 0.0))
        place = "highest" if sign < 0.0 else "lowest"
        return Claim(
            title,
            f"{place} mean under {self.terms.label(near.scenario)}, {self.gap(near)}, in "
            f"{self.terms.paired(max(c.n for c in contrasts))}",
        )

    def _improvement(self, good: Sequence[Contrast], n: int, what: str) -> Claim:
        best = largest_change(good)
        neither, name = best.orientation == "neither", self.terms.label(best.scenario)
        than = f"known to {'differ from' if neither else 'do better than'} {self.base} on {what}"
        if len(good) == 1:
            title = f"Of {n} policies only {name} is {than}"
        else:
            every = "Both" if n == 2 else f"All {n}"
            many = every if len(good) == n else f"{len(good)} of {n}"
            most = "differs most" if neither else "does best"
            title = f"{many} policies are {than}; {name} {most}"
        return Claim(title, f"{self.gap(best)}{self.share_of_pairs(best)}")

    def lead(
        self, contrasts: Sequence[Contrast], outcome: str, costs: Mapping[str, Contrast]
    ) -> str:
        """The finding in one sentence, the cost of the best, and what does as well for less.

        ``contrasts`` are in the order of the matrix: of two that are as good in practice, the
        cheaper one comes first.
        """
        text = self.finding(contrasts, outcome).sentence
        good = improvements(contrasts)
        chosen = largest_change(good) if good else None
        cost = costs.get(chosen.scenario) if chosen else None
        if chosen is None or cost is None or cost is chosen or cost.ratio is None:
            return f"{text}."
        price = {
            "open": "whether it costs more is not settled",
            "same": "at practically the same cost",
            "none": "at the same cost",
        }
        at = f"at {relative_change(cost.ratio, *_EFFORT_CHANGES['cost_usd'])} cost"
        text = f"{text}; {price.get(cost.standing, at)}."
        first, cheaper = good[0], costs.get(good[0].scenario)
        if first is chosen or cheaper is None or cost.difference is None:
            return text
        saved = cost.difference - (cheaper.difference or 0.0)
        return (
            f"{text} {self.terms.label(first.scenario)} does practically as well for "
            f"{self._money(cheaper.outcome, saved)} less: {self.gap(first)}."
        )

    def _labels(self, contrasts: Iterable[Contrast]) -> list[str]:
        return [self.terms.label(c.scenario) for c in contrasts]

    def _money(self, outcome: str, size: float) -> str:
        """``4.2M USD a year``."""
        return f"{short(abs(size))} {described(outcome).unit}{self._per_run(outcome)}"

    def known(
        self, contrasts: Sequence[Contrast], costs: Mapping[str, Contrast], ties: Collection[str]
    ) -> list[str]:
        """Further findings: ties with the best, what saves money, what is worse.

        ``ties`` are the scenarios that may be the best.
        """
        good = improvements(contrasts)
        best = largest_change(good) if good else None
        sentences = []
        if best and best.scenario in ties:
            tied = self._labels(c for c in contrasts if c.scenario in ties and c is not best)
            if tied:
                name = self.terms.label(best.scenario)
                sentences.append(
                    f"{name} is tied with {several(tied)}: more replicates would separate them."
                )
        for title, those in (
            ("Better at lower cost", [c for c in good if c is not best]),
            (f"The same {described(contrasts[0].outcome).named} at lower cost",
             [c for c in contrasts if c.standing in ("same", "none")]),
        ):  # fmt: skip
            saving = [
                f"{self.terms.label(c.scenario)} saves {self._money(cost.outcome, cost.difference)}"
                for c in those
                if (cost := costs.get(c.scenario)) and cost.judgement == "better"
                and cost.difference is not None
            ]  # fmt: skip
            sentences += [f"{title}: {several(saving)}."] if saving else []
        bad = self._labels(c for c in contrasts if c.judgement == "worse")
        return [*sentences, f"Worse: {several(bad)}."] if bad and good else sentences

    def others(self, contrasts: Sequence[Contrast]) -> list[str]:
        """The scenarios that do not lead, by what is known of each."""
        good = improvements(contrasts)
        groups = {
            "Also better": good if len(good) > 1 else [],
            "Worse": [c for c in contrasts if c.judgement == "worse"],
            "Too small to matter": [c for c in contrasts if c.standing == "same"],
            "No difference measured": [c for c in contrasts if c.standing == "none"],
            "Not settled": [c for c in contrasts if c.standing == "open"],
            "Nothing can be said": [c for c in contrasts if c.standing == "unknown"],
        }
        best = largest_change(good) if good else None
        return [
            f"{title}: {several(names)}."
            for title, those in groups.items()
            if len(contrasts) > 1 and (names := self._labels(c for c in those if c is not best))
        ]

    def heavy(self, contrasts: Sequence[Contrast], unit: str) -> str:
        """A warning about the differences in which one pair outweighs all others; empty if none.

        ``contrasts`` are those of one outcome. ``unit`` is what the number of a pair counts:
        "replicate", or "draw" where pairs share one.
        """
        by_pair: dict[int, list[Contrast]] = {}
        for c in contrasts:
            if c.n >= FEW and (c.heaviest or 0.0) > 0.5 and c.heaviest_in is not None:
                by_pair.setdefault(c.heaviest_in, []).append(c)
        if not by_pair:
            return ""
        most = sorted(by_pair.items(), key=lambda each: -len(each[1]))[:MOST_HEAVY]
        text = "; ".join(f"{unit} {k} under {several(self._labels(those))}" for k, those in most)
        return (
            f"One {'pair' if unit == 'replicate' else unit} accounts for more than half of the "
            f"variance of a difference in {described(contrasts[0].outcome).named}: {text}. Read "
            "such an interval with care."
        )

    # -- a scenario by itself ------------------------------------------------------------------

    def spread(self, d: Distribution) -> str:
        """The mean of an outcome of a scenario, and its range from run to run."""
        known, name, per_run = described(d.outcome), self.terms.label(d.scenario), self.terms.run
        factor = 100.0 if d.unit == "share" else 1.0
        unit = "%" if d.unit == "share" else known.shown_unit
        if d.mean is None:
            return f"{name}: nothing can be said about {known.named}: no run has a value."
        mean = " ".join(part for part in (short(d.mean, factor), unit) if part)
        mean += self._per_run(d.outcome)
        if d.low is None:
            return (
                f"{name}: {known.named} {mean} in the only {per_run} that was run; "
                f"how {per_run}s differ is unknown."
            )
        return (
            f"{name}: {known.named} {mean} on average ({self._ci} "
            f"{interval_text(d.low, d.high, factor)}); nine {per_run}s in ten lie between "
            f"{short(d.p05, factor)} and {short(d.p95, factor)}."
        )


def improvements(contrasts: Sequence[Contrast]) -> list[Contrast]:
    """Those settled as better; of an outcome without a better direction, those settled."""
    return [c for c in contrasts if c.settled and c.judgement != "worse"]


def largest_change(contrasts: Sequence[Contrast]) -> Contrast:
    """The one with the largest difference."""
    return max(contrasts, key=lambda c: abs(c.difference or 0.0))


def _pairs(share: float | None, n: int) -> str:
    """A share of the pairs as a number of pairs."""
    return f"{round((share or 0.0) * n):,}"


def _relative(ratio: float, unit: str) -> str:
    if ratio >= 2.0:
        return f"{short(ratio)} times as {'many' if unit in _COUNTED else 'much'}"
    return f"{short(100.0 * abs(ratio - 1.0))} % {_direction(ratio - 1.0, unit)}"


def _includes_zero(c: Contrast) -> bool:
    return c.interval is None or c.interval.low <= 0.0 <= c.interval.high


def _soonest_settled(contrasts: Sequence[Contrast]) -> list[str]:
    """Which open difference would be settled soonest; the first contrast, if it is open."""
    known = [c for c in contrasts if c.standing == "open" and c.replicates_to_settle]
    if not known:
        return []
    soonest = min(known, key=lambda c: (c is not contrasts[0], c.replicates_to_settle))
    count = soonest.replicates_to_settle or 0
    some = "replicate" if count == 1 else "replicates"
    what = described(soonest.outcome).named
    return [f"About {rounded_up(count)} more {some} would settle the difference in {what}."]


def price(row: CostRow) -> str:
    """The cost of averting one harm, or why there is no figure."""
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
        if harm == "less":
            return "dominates the baseline: less harm at lower cost"
        return "dominated by the baseline: more harm at higher cost"
    ratio = row.saved_per_harm if row.cost_per_harm is None else row.cost_per_harm
    if ratio is None:
        return "no figure: the harm averted may be close to zero"
    figures, ends = f"{short(ratio)} {unit}".rstrip(), f"({interval_text(row.low, row.high)})"
    if harm == "less":
        return f"{figures} per {known.singular} averted {ends}"
    return f"{figures} saved per additional {known.singular} {ends}"
