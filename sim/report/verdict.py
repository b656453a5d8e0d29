"""The finding of a comparison in two lines: what changes, and how sure that is."""

from typing import NamedTuple

from sim.report.paired import LEVEL, Compared, Gap
from sim.report.wording import (
    Terms,
    capital,
    change_words,
    decimals,
    number,
    per_cent,
)


class Verdict(NamedTuple):
    """A headline, and the line beneath it."""

    title: str
    beneath: str


def verdict(found: Compared, baseline: str, terms: Terms) -> Verdict:
    """The best settled difference; else the worst; else that none is settled."""
    what, against = capital(found.field.label), terms.label(baseline)
    seen = [gap for gap in found.gaps if gap.mean is not None]
    if not seen:
        nothing = f"no {terms.run}s in common" if found.gaps else "no other scenario"
        return Verdict(f"{what}: {nothing} to compare with {against}", "")
    settled = [gap for gap in seen if gap.settled]
    if not settled:
        return _none(what, found, seen, terms)
    good = [gap for gap in settled if gap.contrast.judgement != "worse"]
    gap = max(good or settled, key=lambda gap: abs(gap.mean or 0.0))
    lead = "" if good else "no option is better beyond chance; "
    title = f"{what}: {lead}{_amount(gap, found, terms)} under {terms.label(gap.name)} than under"
    return Verdict(f"{title} {against}", _certainty(gap, found, len(good), terms))


def _none(what: str, found: Compared, seen: list[Gap], terms: Terms) -> Verdict:
    n = max(gap.contrast.n for gap in seen)
    who = f"{terms.label(seen[0].name)} makes" if len(seen) == 1 else "the options make"
    if not any(gap.fewer or gap.more for gap in seen):
        return Verdict(f"{what}: {who} no difference at all in {terms.paired(n)}", "")
    sign = -1.0 if found.field.better == "more" else 1.0
    near = min(seen, key=lambda gap: sign * (gap.mean or 0.0))
    beneath = f"Lowest mean: {terms.label(near.name)}, {found.words(near)}"
    if sign < 0:
        beneath = beneath.replace("Lowest", "Highest")
    return Verdict(f"{what}: {who} no difference beyond chance in {terms.paired(n)}", beneath)


def _amount(gap: Gap, found: Compared, terms: Terms) -> str:
    """``1.8 fewer a year``, ``3.1 million USD less a year``, ``4.1 percentage points lower``."""
    mean = (gap.mean or 0.0) / found.scale.divisor
    low, high = gap.interval or (0.0, 0.0)
    digits = decimals((high - low) / 2 / found.scale.divisor)
    unit = "" if found.scale.unit == "persons" else found.scale.unit
    per = f"a {terms.run}" if found.field.adds_up else ""
    words = [number(abs(mean), digits), unit, change_words(found.field, mean), per]
    return " ".join(word for word in words if word)


def _certainty(gap: Gap, found: Compared, good: int, terms: Terms) -> str:
    low, high = (end / found.scale.divisor for end in gap.interval or (0.0, 0.0))
    digits = decimals((high - low) / 2)
    near, far = sorted((abs(low), abs(high)))
    share = gap.fewer if (gap.mean or 0.0) < 0 else gap.more
    words = (
        f"{per_cent(LEVEL)} interval {number(near, digits)} to {number(far, digits)}; "
        f"{change_words(found.field, gap.mean or 0.0)} in {per_cent(share)} of "
        f"{terms.paired(gap.contrast.n)}"
    )
    if good > 1 and found.field.better != "neither":
        words += f"; {good} of {len(found.gaps)} options are better beyond chance"
    return words
