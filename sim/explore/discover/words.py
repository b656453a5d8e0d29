"""The result of ``panj discover`` in sentences and as a table."""

from typing import Final

from sim.comparison.number_format import interval_text, per_cent, short, with_interval
from sim.comparison.terms import Terms, counted
from sim.comparison.text_tables import TextTable, display_factor
from sim.explore.discover.result import Box, Discovery, Limit
from sim.measures.registry import described

VERBS: Final = {
    "loses": "does worse than",
    "may lose": "may do worse than",
    "gains least": "does not do worse than",
}


def sentences(result: Discovery, terms: Terms) -> list[str]:
    """A sentence for each box, or that there is none; and the result over all draws."""
    boxes = [_describe(box, result, terms) for box in result.boxes] or [_no_box(result, terms)]
    return [*boxes, _overall(result, terms)]


def _describe(box: Box, result: Discovery, terms: Terms) -> str:
    policy, base = terms.label(result.policy), terms.label(result.baseline)
    by, known, held = display_factor(result.outcome), described(result.outcome), box.held
    each = f" {terms.per_run}" if known.adds_up else ""
    place = f"where {where(box)}"
    opening = f"{policy} {VERBS[box.verdict]} {base} on {known.named}{_by(result)} {place}"
    if box.verdict == "gains least":
        opening = (
            f"On average {policy} nowhere does worse than {base} on {known.named}{_by(result)}, "
            f"but it does least well {place}"
        )
    mean = "is not known" if held.inside is None else (
        f"is {short(held.inside, by)}{each} ({100.0 * result.confidence:g} % CI "
        f"{interval_text(held.low, held.high, by)})"
    )  # fmt: skip
    return (
        f"{opening} ({per_cent(box.found.share)} of the draws): there the mean difference {mean}, "
        f"elsewhere {short(held.outside, by)}. {per_cent(held.coverage)} of the {terms.run}s in "
        f"which it does worse lie there (coverage), and it does worse in {per_cent(held.density)} "
        f"of the {terms.run}s there (density). These figures are from draws that took no part in "
        f"the search; luck alone gives a box as strong with a probability of "
        f"{_probability(box.p_value)}."
    )


def _no_box(result: Discovery, terms: Terms) -> str:
    policy, base = terms.label(result.policy), terms.label(result.baseline)
    return (
        f"No box holds up: no values of one or two of {counted(result.parameters, 'parameter')} "
        f"are known to make {policy} do worse than {base} on {described(result.outcome).named}. "
        f"Luck alone gives a box as strong as the strongest in these "
        f"{counted(result.draws, 'draw')} with a probability of {_probability(result.p_value)}. "
        "More runs may still show a box."
    )


def _overall(result: Discovery, terms: Terms) -> str:
    expected = "expected " if result.expected else ""
    mean = short(result.mean, display_factor(result.outcome))
    return (
        f"Over all draws the mean difference is {mean} (of {expected}"
        f"{described(result.outcome).named}; above zero is worse), and it does worse"
        f"{_by(result)} in {per_cent(result.worse)} of the {terms.run}s, as counted."
    )


def where(box: Box) -> str:
    """The limits of a box in words, for "where"."""
    return " and ".join(_limit(limit) for limit in box.limits)


def _limit(limit: Limit) -> str:
    unit = f" {limit.unit}" if limit.unit not in ("", "ratio", "probability") else ""
    return f"{limit.parameter} is {limit.way} {short(limit.value)}{unit}"


def _by(result: Discovery) -> str:
    if not result.worse_by:
        return ""
    return f" by more than {short(result.worse_by, display_factor(result.outcome))}"


def _probability(p: float) -> str:
    return f"{100.0 * p:.0f} %" + (" at most" if p <= 0.01 else "")


def text_tables(result: Discovery) -> list[TextTable]:
    """A table of the boxes, each on the draws of the search and on draws held out; none without."""
    if not result.boxes:
        return []
    by = display_factor(result.outcome)
    rows = [
        (
            " and ".join(f"{x.parameter} {'>' if x.way == 'above' else '<'} {short(x.value)}"
                         for x in box.limits) if name == "found" else "  held out",
            per_cent(figures.share),
            with_interval(figures.inside, figures.low, figures.high, by),
            short(figures.outside, by),
            per_cent(figures.coverage),
            per_cent(figures.density),
        )
        for box in result.boxes
        for name, figures in (("found", box.found), ("held", box.held))
    ]  # fmt: skip
    heads = ("box", "draws", f"inside ({100.0 * result.confidence:g} % CI)", "outside", "coverage")
    return [TextTable(
        f"Difference to the baseline in {described(result.outcome).named}",
        (*heads, "density"), rows,
        note="held out: draws in ten parts, each judged by the box that the other nine give. "
        "coverage: share of the worse runs that lie in the box. density: share of its runs that "
        "are worse.",
    )]  # fmt: skip
