"""The answer for somebody who decides: one sentence, what it leaves open, and a few figures."""

from collections.abc import Sequence
from typing import NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.digits import about, change
from sim.comparison.paired import Contrast
from sim.comparison.verdict import Setting, amount
from sim.measures.registry import described
from sim.report.differences import contrasts_of, harm_of
from sim.report.prose import figure, minus, several, share, span
from sim.report.wording import Terms, capital


class Card(NamedTuple):
    """A figure that a reader looks for: what it is, the scenario, and the evidence."""

    label: str
    name: str
    detail: str


class Answer(NamedTuple):
    """``lead`` is one sentence; ``rest`` say what of the other scenarios; ``cards`` stand out."""

    lead: str
    rest: list[str]
    cards: list[Card]


def answer(found: Comparison, terms: Terms, days: float | None) -> Answer:
    """Say which scenarios do better in the harm declared first, by how much, at which cost.

    ``days`` is the horizon that all scenarios share, ``None`` where they do not.
    """
    harm = harm_of(found)
    every = contrasts_of(found)
    own = [c for c in every if c.outcome == harm]
    costs = {c.scenario: c for c in every if c.outcome == "cost_usd"}
    saying = _Saying(terms, Setting(found.baseline, found.confidence, days), harm, costs)
    return Answer(saying.lead(own), saying.rest(own), _cards(found, every, terms))


def question(found: Comparison, terms: Terms) -> str:
    """What was asked, where nobody put it in words."""
    n = len({row["scenario"] for row in found.table.select(["scenario"]).to_pylist()})
    harm, label = described(harm_of(found)).named, described(harm_of(found)).label
    what = f"{harm} ({label})" if label != harm else harm
    base = terms.label(found.baseline)
    if n == 1:
        return f"What does this policy change in {what}, compared with {base}, and at what cost?"
    return (
        f"Which of these {n} policies does best in {what}, compared with {base}, and at what cost?"
    )


class _Saying(NamedTuple):
    terms: Terms
    setting: Setting
    harm: str
    costs: dict[str, Contrast]

    def lead(self, own: Sequence[Contrast]) -> str:
        """One sentence: who does better beyond chance, by how much, at which cost."""
        base, what = self.terms.label(self.setting.baseline), described(self.harm).named
        good = self._good(own)
        if good:
            best = max(good, key=lambda c: abs(c.difference or 0.0))
            return f"{self._who(good, len(own), best)}: {self._gap(best)}{self._price(best)}."
        if len(own) == 1:
            return self._alone(own[0])
        bad = [self._name(c) for c in own if c.judgement == "worse"]
        none = f"None of the {len(own)} policies is known to do better than {base} in {what}"
        if bad:
            return f"{none}; {several(bad)} {'does' if len(bad) == 1 else 'do'} worse."
        if all(c.judgement.startswith(("practically", "no diff")) for c in own):
            return f"None of the {len(own)} policies changes {what} by an amount that matters."
        return f"{none} after {max(c.n for c in own):,} {self.setting.pairs}."

    def rest(self, own: Sequence[Contrast]) -> list[str]:
        """What is known of the others, and what is not."""
        good = self._good(own)
        kinds = (
            ("Better too", [c for c in good if len(good) > 1]),
            ("Worse", [c for c in own if c.judgement == "worse"]),
            ("Too small to matter", [c for c in own if c.judgement == "practically the same"]),
            ("No difference measured", [c for c in own if c.judgement.startswith("no diff")]),
            ("Not settled", [c for c in own if c.judgement == "not settled"]),
            ("Nothing can be said", [c for c in own if c.judgement == "nothing can be said"]),
        )
        best = max(good, key=lambda c: abs(c.difference or 0.0), default=None)
        told = []
        for words, those in kinds:
            names = [self._name(c) for c in those if c is not best]
            if names and len(own) > 1:
                told.append(f"{words}: {several(names)}.")
        return told

    def _good(self, own: Sequence[Contrast]) -> list[Contrast]:
        return [c for c in own if c.judgement in ("better", "more", "less")]

    def _who(self, good: Sequence[Contrast], n: int, best: Contrast) -> str:
        base, what = self.terms.label(self.setting.baseline), described(self.harm).named
        does = "differ from" if described(self.harm).better == "neither" else "do better than"
        name = self._name(best)
        if n == 1:
            return f"{capital(name)} is known to {does} {base} in {what}"
        if len(good) == 1:
            return f"Of {n} policies only {name} is known to {does} {base} in {what}"
        many = f"All {n}" if len(good) == n else f"{len(good)} of {n}"
        return f"{many} policies are known to {does} {base} in {what}, {name} the most"

    def _gap(self, c: Contrast) -> str:
        sure = f"{100.0 * self.setting.confidence:g} % confidence"
        factor = 100.0 if c.unit == "share" else 1.0
        ends = sorted((abs(c.low or 0.0), abs(c.high or 0.0)))
        between = f" ({span(ends[0], ends[1], factor)}, with {sure})" if c.low is not None else ""
        return f"{amount(c)}{self.setting.span}{between}"

    def _price(self, c: Contrast) -> str:
        cost = self.costs.get(c.scenario)
        if cost is None or cost is c or cost.ratio is None:
            return ""
        if cost.judgement in ("better", "worse"):
            return f", at {change(cost.ratio)} cost"
        if cost.judgement == "not settled":
            return "; whether it costs more is not known"
        return ", at practically the same cost"

    def _alone(self, c: Contrast) -> str:
        name, base = capital(self._name(c)), self.terms.label(self.setting.baseline)
        what = described(self.harm).named
        match c.judgement:
            case "worse":
                return f"{name} is known to do worse than {base} in {what}: {self._gap(c)}."
            case "practically the same":
                within = figure(c.rope_high)
                return f"{name} changes {what} by no amount that matters (less than {within})."
            case "no difference can be measured":
                return f"{name} and {base} do not differ in {what} in any of {c.n:,} pairs."
            case "nothing can be said":
                return f"Of {name} nothing can be said: no run can be paired with {base}."
        more = c.replicates_to_settle
        enough = f"; about {about(more)} more {self.setting.pairs} would tell" if more else ""
        return f"Whether {name} does better than {base} in {what} is not known yet{enough}."

    def _name(self, c: Contrast) -> str:
        return self.terms.label(c.scenario)


def _cards(found: Comparison, every: Sequence[Contrast], terms: Terms) -> list[Card]:
    cards = [_best(found, every, terms), _stopper(every, terms), _cheapest(found, terms)]
    return [card for card in cards if card is not None]


def _best(found: Comparison, every: Sequence[Contrast], terms: Terms) -> Card | None:
    places = found.ranking.to_pylist()
    if not places or places[0]["p_best"] is None:
        return None
    best = max(places, key=lambda place: place["p_best"])
    others = sum(bool(place["kept"]) for place in places) - bool(best["kept"])
    detail = f"the best in {share(best['p_best'])} of resamples of the {terms.run}s"
    if others:
        detail += f"; {others} other{'s' if others > 1 else ''} cannot be excluded"
    own = [c for c in every if (c.scenario, c.outcome) == (best["scenario"], best["outcome"])]
    if own and own[0].judgement != "better":
        detail += f"; not known to do better than {terms.label(found.baseline)}"
    label = f"Probably best in {described(str(best['outcome'])).named}"
    return Card(label, terms.label(best["scenario"]), detail)


def _stopper(every: Sequence[Contrast], terms: Terms) -> Card | None:
    own = [c for c in every if c.outcome == "interdiction_share"]
    if not own:
        return None
    good = [c for c in own if c.judgement == "better"]
    label = "Stops the most smuggled weight"
    if not good:
        return Card(label, "none", "no policy is known to stop a larger share")
    best = max(good, key=lambda c: c.difference or 0.0)
    return Card(label, terms.label(best.scenario),
                f"{figure(best.difference, 100.0)} points more ({span(best.low, best.high, 100.0)})"
                )  # fmt: skip


def _cheapest(found: Comparison, terms: Terms) -> Card | None:
    rows = found.cost.to_pylist()
    if not rows:
        return None
    label = f"Least cost of averting {described(str(rows[0]['harm'])).named}"
    free = [row for row in rows if str(row["words"]).startswith(("dominates", "less harm"))]
    if free:
        best = max(free, key=lambda row: row["harm_averted"])
        return Card(label, terms.label(best["scenario"]), str(best["words"]))
    priced = [row for row in rows if row["cost_per_harm"] is not None]
    if not priced:
        return Card(label, "no figure", "nowhere are both the cost and the harm averted settled")
    best = min(priced, key=lambda row: row["cost_per_harm"])
    return Card(label, terms.label(best["scenario"]), minus(str(best["words"])))
