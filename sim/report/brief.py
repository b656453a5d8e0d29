"""The first page of a report, for somebody who decides: what to choose from, and how sure it is."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from sim.comparison.comparison import Comparison
from sim.comparison.contrasts import Contrast
from sim.comparison.cost import CostRow
from sim.comparison.number_format import per_cent, short
from sim.comparison.shortlist import Merit, Option, shortlist
from sim.comparison.source import MissingTableError
from sim.comparison.structure import sentences as structural
from sim.comparison.terms import Terms, capital, counted, listed
from sim.comparison.uncertainty import robustness
from sim.comparison.words import EFFORT, Words, amount, price
from sim.measures.registry import described
from sim.report.lives_saved import draw_lives_saved
from sim.report.told import Small
from sim.report.where import draw_where
from sim.scenario.parameter_page import value_text
from sim.scenario.spec import Scenario
from sim.scenario.values import diff

MOST: Final = 180
"""So many characters tell what a policy is."""

LEVERS: Final = 3
"""So many of its levers are named where it has no description."""

type Said = tuple[str, str]
"""A word in bold, and what is said of it."""


class Card(NamedTuple):
    """An option on the page: why it is there, its title, its name, and what is said of it."""

    merit: str
    title: str
    name: str
    told: list[Said]


class Brief(NamedTuple):
    """``lead`` is the answer, ``rest`` what else is known of all; then the options, pictures and
    what could turn the answer.
    """

    question: str
    lead: str
    rest: list[str]
    cards: list[Card]
    saved: Small | None
    place: Small | None
    doubts: dict[str, object] | None


def brief(found: Comparison, asked: str | None) -> Brief:
    """The page of a comparison; ``asked`` replaces the question that it finds for itself."""
    terms = titled(found)
    words = found.words(terms)
    options = shortlist(found)
    lead, *rest = found.summed_up(words) or [""]
    return Brief(
        asked or question(found, found.terms),
        capital(lead),
        rest if len(found.policies) > 1 else [],
        [_card(found, option, words) for option in options],
        draw_lives_saved(found, [option.scenario for option in options]),
        draw_where(found, options[0].scenario) if options and options[0].harm else None,
        _doubts(found, options, terms),
    )


def question(found: Comparison, terms: Terms) -> str:
    """What was asked, where nobody put it in words."""
    known, n = described(found.harm or ""), len(found.policies)
    what = f"{known.named} ({known.label})" if known.label != known.named else known.named
    base = terms.label(found.baseline)
    if n == 0:
        return f"What is to be expected of {what} under {base}?"
    which = "does this policy change" if n == 1 else f"of these {n} policies does best"
    asked = f"What {which} in {what}" if n == 1 else f"Which {which} in {what}"
    return f"{asked}, compared with {base}, and at what cost?"


def title_of(found: Comparison, name: str) -> str:
    """The title of a scenario; its name in words where it has none."""
    spec = found.source.specs.get(name)
    return spec.title if spec is not None and spec.title else capital(found.terms.label(name))


def titled(found: Comparison) -> Terms:
    """Terms with scenarios under their titles in quotes; under their names where two share one.

    The baseline keeps its name, which stands in every other sentence.
    """
    specs = found.source.specs
    titles = {name: specs[name].title for name in found.policies if name in specs}
    every = list(titles.values())
    own = {n: f"“{title}”" for n, title in titles.items() if title and every.count(title) == 1}
    return replace(found.terms, labels={**found.terms.labels, **own})


# -- the options ------------------------------------------------------------------------------


def _card(found: Comparison, option: Option, words: Words) -> Card:
    specs, harm = found.source.specs, described(found.harm or "")
    spec = specs.get(option.scenario)
    name = found.terms.label(option.scenario)
    title = title_of(found, option.scenario)
    told: list[Said] = []
    if spec is not None and (what := _what(spec, specs[found.baseline])):
        told.append(("What it is", what))
    if option.harm is None:
        own = found.of(found.harm or "")
        mean = next((c.baseline_mean for c in own if c.baseline_mean is not None), None)
        told.append((capital(harm.named), f"{short(mean)} {words.terms.per_run} on average."))
        return Card(_merit(found, option.merit), title, name, told)
    told.append((capital(harm.named), _figure(option.harm, words)))
    if option.cost is not None:
        unit = described(option.cost.outcome).unit
        of = ", ".join(filter(None, (EFFORT.get(option.cost.outcome, option.cost.outcome), unit)))
        told.append((capital(of), _figure(option.cost, words) + _price(option.price)))
    if also := _also(found, option.scenario):
        told.append(("Also", also))
    told.append(("How sure", _sure(option.harm, option.ties, words)))
    return Card(_merit(found, option.merit), title, name, told)


def _merit(found: Comparison, merit: Merit) -> str:
    """Why an option is on the page."""
    known = described(found.harm or "")
    least = {"less": f"Fewest {known.named}" if known.unit in ("persons", "count") else
             f"Least {known.named}", "more": f"Most {known.named}"}  # fmt: skip
    return {
        "best": least.get(known.better, f"Largest change in {known.named}"),
        "cheap": f"Cheapest way to fewer {known.named}",
        "saving": f"The same {known.named} for less money",
        "next": "Next best",
        "open": "Not settled",
        "as it is": "All stays as it is",
    }[merit]


def _what(spec: Scenario, baseline: Scenario) -> str:
    """The beginning of a scenario's own description, or else what sets it apart."""
    if spec.description.strip():
        return _beginning(spec.description)
    own = diff(baseline, spec)
    levers = [f"{d.key} {_value(d.b)} (baseline {_value(d.a)})" for d in own[:LEVERS]]
    more = [f"{len(own) - LEVERS} more"] if len(own) > LEVERS else []
    return f"{listed(levers + more)}."


def _value(value: object) -> str:
    return "none" if value is None else value_text(value)


def _beginning(description: str) -> str:
    """Whole sentences up to :data:`MOST` characters, the first in any case, cut if it must be."""
    told = ""
    for sentence in " ".join(description.replace("`", "").split()).split(". "):
        longer = f"{told} {sentence.rstrip('.')}.".strip()
        if told and len(longer) > MOST:
            break
        told = longer
    return told if len(told) <= 2 * MOST else f"{told[: 2 * MOST].rpartition(' ')[0]} …"


def _figure(c: Contrast, words: Words) -> str:
    """A difference with its interval and in per cent of the baseline, and what is known of it."""
    match c.standing:
        case "unknown":
            return "Nothing can be said."
        case "none":
            return "No difference in any pair."
    told = words.gap(c)
    if c.ratio is not None and c.unit != "share" and not c.settled:
        told = f"{_share(c)}, {told}"
    return f"{capital(told)}{words.judged(c)}."


def _price(row: CostRow | None) -> str:
    if row is None or (row.cost_per_harm, row.saved_per_harm) == (None, None):
        return ""
    return f" {capital(price(row))}."


def _also(found: Comparison, scenario: str) -> str:
    """What else is known to be better or worse, of what the matrix shows."""
    matrix = found.matrix
    others = [] if matrix is None else [
        found.contrast(scenario, outcome) for outcome in matrix.outcomes
        if outcome not in (matrix.harm, found.question.cost)
    ]  # fmt: skip
    told = [
        f"{amount(c, described(c.outcome).named)}"
        + (f" ({_share(c)})" if c.ratio is not None else "")
        + f", {c.judgement}"
        for c in others
        if c.judgement in ("better", "worse")
    ]
    return f"{capital('; '.join(told))}." if told else ""


def _share(c: Contrast) -> str:
    """A change in per cent of the baseline's mean."""
    ratio = c.ratio or 0.0
    return f"{short(100.0 * abs(ratio - 1.0))} % {'more' if ratio >= 1.0 else 'less'}"


def _sure(c: Contrast, ties: Sequence[str], words: Words) -> str:
    runs = words.terms.paired(c.n)
    if c.settled:
        won = c.p_better if c.judgement == "better" else c.p_worse
        told = "beyond chance"
        if won is not None:
            told += f"; {c.judgement} in {per_cent(won)} of {runs}"
            told += f", equal in {per_cent(c.p_equal)}" if c.p_equal else ""
    elif c.standing == "same":
        told = f"the difference is smaller than {short(c.rope_high)} either way, in {runs}"
    else:
        told = f"within chance, in {runs}"
        more = c.replicates_to_settle
        told += f"; about {more:,} more would settle it" if more else ""
    if ties:
        told += f". Not told apart from {counted(len(ties), 'other')}"
    return f"{capital(told)}."


# -- what would change our mind ---------------------------------------------------------------


def _doubts(found: Comparison, options: Sequence[Option], terms: Terms) -> dict[str, object] | None:
    """On what the answer hangs: parameters, the model, what moves next door, chance."""
    if not options or options[0].harm is None:
        return None
    first = options[0].scenario
    hangs = [row for row in found.dependence if row.depends]
    own = [row for row in found.structure if row.scenario == first]
    try:
        regrets = found.regret
    except MissingTableError:
        regrets = ()
    return {
        "hangs": robustness(hangs, terms)[0] if hangs else "",
        "regret": next((row for row in regrets if row.scenario == first), None),
        "structural": structural(own, found.baseline, terms) if own else [],
        "victims": _more(found, first, "victims"),
        "not_stopped": _more(found, first, "not_stopped"),
        "place": next((p for p in found.ranking if p.scenario == first), None),
        "rivals": sum(p.kept for p in found.ranking if p.scenario != first),
    }


def _more(found: Comparison, scenario: str, measure: str) -> list[str]:
    """Districts in which there is more of a measure, beyond chance."""
    names = found.terms.ground.by_slug
    return [
        names[row.district].name for row in found.displacement
        if (row.scenario, row.measure, row.change) == (scenario, measure, "more")
        and row.district in names
    ]  # fmt: skip
