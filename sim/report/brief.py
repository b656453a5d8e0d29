"""The first page of a report, for those who decide: what to choose from, and how sure it is."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.contrasts import Contrast
from sim.comparison.cost import CostRow
from sim.comparison.number_format import short
from sim.comparison.shortlist import Merit, Option, shortlist
from sim.comparison.source import MissingTableError
from sim.comparison.structure import sentences as structural
from sim.comparison.terms import Terms, capital, counted, listed
from sim.comparison.uncertainty import robustness
from sim.comparison.words import EFFORT, Words, amount, price
from sim.measures.outcome import Outcome
from sim.measures.registry import described
from sim.report.brief_figures import BriefFigure, draw_change_map, draw_costs
from sim.scenario.parameter_page import value_text
from sim.scenario.spec import Scenario
from sim.scenario.values import diff

MOST_LETTERS: Final = 180
"""A policy is described in about this many letters."""

MOST_LEVERS: Final = 3
"""At most this many levers describe a policy without a description of its own."""

type Entry = tuple[str, str]
"""A label, and what is said under it."""


class Card(NamedTuple):
    """An option on the page: why it is there, its title, its name, and what is known of it."""

    merit: str
    title: str
    name: str
    entries: list[Entry]


class Brief(NamedTuple):
    """The first page.

    ``lead`` is the answer, ``rest`` the other sentences. ``costs`` and ``change_map`` are its
    figures; ``doubts`` is what could turn the answer.
    """

    question: str
    lead: str
    rest: list[str]
    cards: list[Card]
    costs: BriefFigure | None
    change_map: BriefFigure | None
    doubts: dict[str, object] | None


def brief(comparison: Comparison, asked: str | None) -> Brief:
    """The first page of a comparison; ``asked`` replaces the question that the page makes."""
    terms = terms_with_titles(comparison)
    words = comparison.words(terms)
    options = shortlist(comparison)
    lead, *rest = comparison.summed_up(words) or [""]
    return Brief(
        asked or question(comparison, comparison.terms),
        capital(lead),
        rest if len(comparison.policies) > 1 else [],
        [_card(comparison, option, words) for option in options],
        draw_costs(comparison, [option.scenario for option in options]),
        draw_change_map(comparison, options[0].scenario) if options and options[0].harm else None,
        _doubts(comparison, options, terms),
    )


def question(comparison: Comparison, terms: Terms) -> str:
    """The question of the page, where the user gave none."""
    known, n = described(comparison.harm or ""), len(comparison.policies)
    what = f"{known.named} ({known.label})" if known.label != known.named else known.named
    base = terms.label(comparison.baseline)
    if n == 0:
        return f"What should be expected for {what} under {base}?"
    which = "Does this policy do better" if n == 1 else f"Which of these {n} policies does best"
    return f"{which} on {what}, compared with {base}, and at what cost?"


def title_of(comparison: Comparison, name: str) -> str:
    """The title of a scenario; its name in words where it has none."""
    spec = comparison.source.specs.get(name)
    return spec.title if spec is not None and spec.title else capital(comparison.terms.label(name))


def terms_with_titles(comparison: Comparison) -> Terms:
    """Terms that call scenarios by their titles in quotes; by their names where two share one.

    The baseline keeps its name, which stands in every other sentence.
    """
    specs = comparison.source.specs
    titles = {name: specs[name].title for name in comparison.policies if name in specs}
    every = list(titles.values())
    unique = {n: f"“{title}”" for n, title in titles.items() if title and every.count(title) == 1}
    return replace(comparison.terms, labels={**comparison.terms.labels, **unique})


# -- the options ------------------------------------------------------------------------------


def _card(comparison: Comparison, option: Option, words: Words) -> Card:
    specs, harm = comparison.source.specs, described(comparison.harm or "")
    spec, what = specs.get(option.scenario), capital(harm.named)
    entries: list[Entry] = []
    if spec is not None and (summary := _summary(spec, specs[comparison.baseline])):
        entries.append(("What it is", summary))
    if option.harm is None:
        contrasts = comparison.of(comparison.harm or "")
        mean = next((c.baseline_mean for c in contrasts if c.baseline_mean is not None), None)
        entries.append((what, f"{short(mean)} {words.terms.per_run} on average."))
    else:
        entries.append((what, _change(option.harm, words)))
        if option.cost is not None:
            cost = option.cost.outcome
            label = ", ".join(filter(None, (EFFORT.get(cost, cost), described(cost).unit)))
            entries.append((capital(label), _change(option.cost, words) + _price(option.price)))
        if also := _also(comparison, option.scenario):
            entries.append(("Also", also))
        entries.append(("How sure", _certainty(option.harm, option.ties, words)))
    title, name = title_of(comparison, option.scenario), comparison.terms.label(option.scenario)
    return Card(_merit(harm, option.merit), title, name, entries)


def _merit(harm: Outcome, merit: Merit) -> str:
    """Why an option is on the page."""
    fewest = "Fewest" if harm.unit in ("persons", "count") else "Least"
    best = {"less": f"{fewest} {harm.named}", "more": f"Most {harm.named}"}
    return {
        "best": best.get(harm.better, f"Largest change in {harm.named}"),
        "cheap": f"Cheapest way to fewer {harm.named}",
        "saving": f"Practically the same {harm.named}, cheaper",
        "next": "Next best",
        "open": "Not settled",
        "as it is": "No change",
    }[merit]


def _summary(spec: Scenario, baseline: Scenario) -> str:
    """The beginning of the description of a scenario, or what sets it apart from the baseline."""
    if spec.description.strip():
        return _beginning(spec.description)
    changes = diff(baseline, spec)
    levers = [f"{d.key} {_value(d.b)} (baseline {_value(d.a)})" for d in changes[:MOST_LEVERS]]
    more = [f"{len(changes) - MOST_LEVERS} more"] if len(changes) > MOST_LEVERS else []
    return f"{listed(levers + more)}."


def _value(value: object) -> str:
    return "none" if value is None else value_text(value)


def _beginning(description: str) -> str:
    """Whole sentences of up to :data:`MOST_LETTERS`; a longer first one up to twice as many."""
    text = ""
    for sentence in " ".join(description.replace("`", "").split()).split(". "):
        longer = f"{text} {sentence.rstrip('.')}.".strip()
        if text and len(longer) > MOST_LETTERS:
            break
        text = longer
    most = 2 * MOST_LETTERS
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0]} …"


def _change(c: Contrast, words: Words) -> str:
    """A difference with its interval, in per cent of the baseline too, and its judgement."""
    match c.standing:
        case "unknown":
            return "Nothing can be said."
        case "none":
            return "No difference in any pair."
    change = words.gap(c)
    if c.ratio is not None and c.unit != "share" and not c.settled:
        change = f"{_per_cent(c)}, {change}"
    return f"{capital(change)}{words.judged(c)}."


def _price(row: CostRow | None) -> str:
    if row is None or (row.cost_per_harm, row.saved_per_harm) == (None, None):
        return ""
    return f" {capital(price(row))}."


def _also(comparison: Comparison, scenario: str) -> str:
    """Which other outcomes of the matrix are known to be better or worse."""
    if (matrix := comparison.matrix) is None:
        return ""
    others = [
        comparison.contrast(scenario, outcome) for outcome in matrix.outcomes
        if outcome not in (matrix.harm, comparison.question.cost)
    ]  # fmt: skip
    changes = [
        f"{amount(c, described(c.outcome).named)}"
        + (f" ({_per_cent(c)})" if c.ratio is not None else "")
        + f", {c.judgement}"
        for c in others
        if c.judgement in ("better", "worse")
    ]
    return f"{capital('; '.join(changes))}." if changes else ""


def _per_cent(c: Contrast) -> str:
    """A change in per cent of the baseline's mean."""
    ratio = c.ratio or 0.0
    return f"{short(100.0 * abs(ratio - 1.0))} % {'more' if ratio >= 1.0 else 'less'}"


def _certainty(c: Contrast, ties: Sequence[str], words: Words) -> str:
    runs = words.terms.paired(c.n)
    if c.settled:
        text = f"beyond chance{words.share_of_pairs(c)}"
    elif c.standing == "same":
        text = f"the difference is smaller than {short(c.rope_high)} either way, in {runs}"
    else:
        text = f"within chance, in {runs}"
        more = c.replicates_to_settle
        text += f"; about {more:,} more would settle it" if more else ""
    if ties:
        text += f". Tied with {counted(len(ties), 'other')}"
    return f"{capital(text)}."


# -- what would change our mind ---------------------------------------------------------------


def _doubts(
    comparison: Comparison, options: Sequence[Option], terms: Terms
) -> dict[str, object] | None:
    """What the answer depends on: parameters, the model, displacement, chance."""
    if not options or options[0].harm is None:
        return None
    first = options[0].scenario
    depends = [row for row in comparison.dependence if row.depends]
    variants = [row for row in comparison.structure if row.scenario == first]
    try:
        regrets = comparison.regret
    except MissingTableError:
        regrets = ()
    return {
        "depends": robustness(depends, terms)[0] if depends else "",
        "regret": next((row for row in regrets if row.scenario == first), None),
        "structural": structural(variants, comparison.baseline, terms) if variants else [],
        "victims": _districts_with_more(comparison, first, "victims"),
        "not_stopped": _districts_with_more(comparison, first, "not_stopped"),
        "rank": next((row for row in comparison.ranking if row.scenario == first), None),
        "rivals": sum(row.kept for row in comparison.ranking if row.scenario != first),
    }


def _districts_with_more(comparison: Comparison, scenario: str, measure: str) -> list[str]:
    """Names of the districts in which there is more of a measure, beyond chance."""
    names = comparison.terms.ground.by_slug
    return [
        names[row.district].name for row in comparison.displacement
        if (row.scenario, row.measure, row.change) == (scenario, measure, "more")
        and row.district in names
    ]  # fmt: skip
