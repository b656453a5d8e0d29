"""The paired differences of a comparison as tables for a page: every scenario, every headline."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.digits import about
from sim.comparison.paired import Contrast
from sim.measures.registry import described
from sim.report.prose import DASH, figure, share, span
from sim.report.wording import Terms, capital

Row = Mapping[str, object]

_HARM_GROUPS: Final = ("people", "incidents")

_WORDS: Final = {
    "better": "better",
    "worse": "worse",
    "more": "more",
    "less": "less",
    "practically the same": "same",
    "not settled": "open",
    "no difference can be measured": "none",
    "nothing can be said": DASH,
}
"""Judgements in a cell; each is also the class by which it is coloured."""


class Head(NamedTuple):
    """A column: what it counts, and in which unit."""

    words: str
    unit: str


class Cell(NamedTuple):
    """A difference, its interval, and what is made of it."""

    change: str
    interval: str
    judgement: str


class Grid(NamedTuple):
    """Differences of all scenarios in some outcomes, below the means of the baseline."""

    caption: str
    heads: list[Head]
    baseline: list[str]
    rows: list[tuple[str, list[Cell]]]


class Standing(NamedTuple):
    """A scenario by the harm: its mean, its difference, in how many pairs it wins, its rank."""

    name: str
    mean: str
    change: str
    shares: str
    pairs: str
    pairing: str
    p_best: str
    behind: str
    judgement: str


def contrasts_of(found: Comparison) -> list[Contrast]:
    """The rows of a comparison's table as they were."""
    return [Contrast(**row) for row in found.table.to_pylist()]


def harm_of(found: Comparison) -> str:
    """The outcome that opens the verdicts and ranks the scenarios."""
    ranking = found.ranking.to_pylist()
    return str(ranking[0]["outcome"]) if ranking else ""


def grids(found: Comparison, terms: Terms) -> list[Grid]:
    """Two tables: harm and attacks, then what is stopped and what it takes."""
    by_name = {(c.scenario, c.outcome): c for c in contrasts_of(found)}
    outcomes = list(dict.fromkeys(outcome for _, outcome in by_name))
    outcomes.sort(key=lambda name: name != harm_of(found))  # the harm asked about comes first
    harms = [name for name in outcomes if described(name).group in _HARM_GROUPS]
    others = [name for name in outcomes if name not in harms]
    captions = ("Harm and attacks", "What is stopped, and what it takes")
    return [
        _grid(caption, columns, by_name, terms)
        for caption, columns in zip(captions, (harms, others), strict=True)
        if columns
    ]


def _grid(
    caption: str, columns: Sequence[str], by_name: Mapping[tuple[str, str], Contrast], terms: Terms
) -> Grid:
    scenarios = list(dict.fromkeys(scenario for scenario, _ in by_name))
    base = {c.outcome: c.baseline_mean for c in by_name.values() if c.baseline_mean is not None}
    return Grid(
        caption,
        [Head(capital(described(name).named), _unit(name, terms)) for name in columns],
        [figure(base.get(name), _factor(name)) for name in columns],
        [
            (terms.label(scenario), [_cell(by_name[scenario, name]) for name in columns])
            for scenario in scenarios
        ],
    )


def _factor(outcome: str) -> float:
    return 100.0 if described(outcome).unit == "share" else 1.0


def _unit(outcome: str, terms: Terms) -> str:
    """``a year``, ``kg a year``, ``%, change in points``; the unit unless the name has it."""
    field = described(outcome)
    if field.unit == "share":
        return "%; change in points"
    per = f"a {terms.run}" if field.adds_up else ""
    return " ".join(part for part in (field.beside, per) if part)


def _cell(c: Contrast) -> Cell:
    factor = _factor(c.outcome)
    if c.judgement == "no difference can be measured":
        return Cell("0", "", "none")
    return Cell(figure(c.difference, factor), span(c.low, c.high, factor), _WORDS[c.judgement])


def standings(found: Comparison, terms: Terms) -> list[Standing]:
    """Every scenario by the harm, in the order of the ranking, the baseline among them."""
    harm = harm_of(found)
    own = {c.scenario: c for c in contrasts_of(found) if c.outcome == harm}
    return [
        _standing(terms.label(str(place["scenario"])), place, own.get(str(place["scenario"])))
        for place in found.ranking.to_pylist()
    ]


def _standing(name: str, place: Row, c: Contrast | None) -> Standing:
    factor = _factor(str(place["outcome"]))
    best, behind = share(place["p_best"]), figure(place["behind_at_most"], factor)
    if not place["kept"]:
        best = f"{best}, excluded"
    mean = place["mean"]
    if c is None:
        return Standing(name, figure(mean, factor), "the baseline", "", "", "", best, behind, "")
    ends = span(c.low, c.high, factor)
    change = figure(c.difference, factor) + (f" ({ends})" if ends else "")
    each = (share(value).removesuffix(" %") for value in (c.p_better, c.p_equal, c.p_worse))
    pairing = DASH if c.variance_ratio is None else f"{figure(c.variance_ratio)}×"
    return Standing(
        name, figure(c.mean if mean is None else mean, factor), change, " / ".join(each),
        f"{c.n:,}", pairing, best, behind, _judgement(c),
    )  # fmt: skip


def _judgement(c: Contrast) -> str:
    if c.judgement == "not settled" and c.replicates_to_settle:
        return f"not settled; about {about(c.replicates_to_settle)} more would do"
    return c.judgement


def prices(found: Comparison, terms: Terms) -> list[tuple[str, str, str, str]]:
    """What averting the harm costs: scenario, cost, harm averted, what is made of the two."""
    factor = _factor(harm_of(found))
    return [
        (
            terms.label(str(row["scenario"])),
            _with_ends(row, "cost_difference", ("cost_low", "cost_high"), 1.0),
            _with_ends(row, "harm_averted", ("averted_low", "averted_high"), factor),
            str(row["words"]),
        )
        for row in found.cost.to_pylist()
    ]


def _with_ends(row: Row, middle: str, ends: tuple[str, str], factor: float) -> str:
    between = span(row[ends[0]], row[ends[1]], factor)
    return figure(row[middle], factor) + (f" ({between})" if between else "")
