"""The result of ``panj optimise`` in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.comparison.number_format import DASH, per_cent, short, with_interval
from sim.comparison.terms import Terms, capital, listed
from sim.comparison.text_tables import TextTable, display_factor, outcome_heading
from sim.explore.optimise.result import Allocation, More, Optimum
from sim.measures.registry import described


def sentences(result: Optimum, terms: Terms) -> list[str]:
    """What the mix saves against other ways, what less money does, and what one unit more saves."""
    return [
        _against(result, terms),
        *_not_better(result, terms),
        *_less(result, terms),
        _more(result, terms),
        f"These figures are from {_years(result, terms)}.",
    ]


def _others(result: Optimum) -> list[Allocation]:
    """The other ways to spend the same money, and the present state."""
    return [one for one in result.allocations if one.name != "mix" and one.name in _rivals(result)]


def _rivals(result: Optimum) -> set[str]:
    return {result.scenario, *(name for row in result.bought for name in row.amounts)}


def settled(one: Allocation | More) -> bool:
    """Whether its interval excludes zero."""
    return one.low is not None and one.high is not None and (one.low > 0.0 or one.high < 0.0)


def amount(result: Optimum, one: Allocation | More) -> str:
    """``0.90 (0.60 to 1.2)``, in the unit in which the outcome is shown."""
    return with_interval(one.saved, one.low, one.high, display_factor(result.harm))


def _noun(result: Optimum) -> str:
    known = described(result.harm)
    return ("expected " if result.expected else "") + known.named


def headline(result: Optimum, terms: Terms) -> tuple[str, str]:
    """For a picture: the harm under the mix, and which ways it beats beyond chance."""
    rivals, by = _others(result), display_factor(result.harm)
    each = [f"{short(one.harm, by)} {_called(one, result)}" for one in rivals[:2]]
    title = f"{_start(result, terms)}; {listed(each)}"
    beaten = listed([one.title for one in rivals if _beats(one)])
    equal = listed([one.title for one in rivals if not settled(one)])
    beneath = f"{_comparative(result)} beyond chance than {beaten}; " if beaten else ""
    beneath += f"not distinguishable from {equal}; " if equal else ""
    return title, capital(f"{beneath}from {_years(result, terms)}")


def _years(result: Optimum, terms: Terms) -> str:
    years = result.of("mix").years
    return (
        f"{terms.runs(years)} that took no part in the choice of the mix; the search tried "
        f"{len(result.tried)} mixes, on {terms.runs(result.training)} each"
    )


def _comparative(result: Optimum) -> str:
    return "fewer" if result.better == "less" else "more"


def _beats(one: Allocation) -> bool:
    return settled(one) and (one.low or 0.0) > 0.0


def _start(result: Optimum, terms: Terms) -> str:
    mix = result.of("mix")
    return (
        f"For {short(result.total)} {unit(result)} a {terms.run} the best mix found has "
        f"{short(mix.harm, display_factor(result.harm))} {_noun(result)}"
    )


def _against(result: Optimum, terms: Terms) -> str:
    beaten = [one for one in _others(result) if _beats(one)]
    if not beaten:
        return f"{_start(result, terms)}; it beats no other way to spend the money beyond chance."
    gains = [
        f"{amount(result, one)} {_comparative(result)} than {_called(one, result)}"
        for one in beaten
    ]
    return f"{_start(result, terms)}: {listed(gains)}."


def _called(one: Allocation, result: Optimum) -> str:
    return one.title if one.name == result.scenario else f"with the money spent {one.title}"


def _not_better(result: Optimum, terms: Terms) -> Iterator[str]:
    worse = [one for one in _others(result) if settled(one) and not _beats(one)]
    equal = [one for one in _others(result) if not settled(one)]
    if worse:
        ways = listed([_called(one, result) for one in worse])
        yield f"It does worse than {ways}: the search did not find the better mix."
    if equal:
        ways = listed([f"that {_called(one, result)} ({amount(result, one)})" for one in equal])
        yield f"Its harm cannot be distinguished from {ways}."


def _less(result: Optimum, terms: Terms) -> Iterator[str]:
    by = display_factor(result.harm)
    for one in result.allocations:
        if one.name in _rivals(result) or one.name == "mix" or one.saved is None:
            continue
        if not settled(one):
            verdict = f"makes no difference beyond chance ({amount(result, one)})"
        elif one.saved > 0.0:
            verdict = f"costs {amount(result, one)} {_noun(result)} a {terms.run}"
        else:
            opposite = with_interval(-one.saved, -(one.high or 0.0), -(one.low or 0.0), by)
            verdict = f"saves {opposite} {_noun(result)} a {terms.run}"
        yield f"{capital(one.title)} {verdict}."


def _more(result: Optimum, terms: Terms) -> str:
    paying = [one for one in result.more if settled(one) and one.saved > 0.0]
    if not paying:
        return (
            f"One unit more of any lever, beyond the budget, saves nothing beyond chance in "
            f"{max((m.years for m in result.more), default=0)} {terms.run}s: no single lever is "
            "the constraint that binds."
        )
    first = min(paying, key=lambda one: one.price / one.saved)
    return (
        f"The constraint that binds most is {first.lever}: {short(first.step)} more, for "
        f"{short(first.price)} {unit(result)} a {terms.run}, would save "
        f"{amount(result, first)} {_noun(result)}."
    )


def unit(result: Optimum) -> str:
    """The unit of the currency."""
    return described(result.currency).unit


# -- tables -----------------------------------------------------------------------------------


def text_tables(result: Optimum, terms: Terms) -> list[TextTable]:
    """Ways to spend the money, what each buys, and what one unit more saves."""
    return [_ways(result, terms), _amounts(result), _units(result, terms)]


def _ways(result: Optimum, terms: Terms) -> TextTable:
    by = display_factor(result.harm)
    level = f"{100 * result.confidence:g} %"
    return TextTable(
        f"Ways to spend {short(result.total)} {unit(result)} a {terms.run}, on held-out "
        f"{terms.run}s",
        (
            "",
            "price",
            outcome_heading(result.harm),
            f"the mix saves ({level})",
            "stopped",
            "ceiling",
        ),
        [
            (
                one.title,
                short(one.price),
                short(one.harm, by),
                amount(result, one) if one.saved is not None else "",
                per_cent(one.interdiction),
                per_cent(one.reached),
            )
            for one in result.allocations
        ],
        note="price: in a year in which nobody comes. the mix saves: paired difference. stopped: "
        "share of the smuggled weight. ceiling: share that patrols reach of the most that as many "
        "patrols could see of crossers who do not react to them.",
    )


def _amounts(result: Optimum) -> TextTable:
    names = [one.name for one in result.allocations if one.name in result.bought[0].amounts]
    return TextTable(
        "What it buys",
        ("", "from", "to", *names),
        [
            (
                row.lever, short(row.low), short(row.high),
                *(short(row.amounts[name]) for name in names),
            )
            for row in result.bought
        ],
    )  # fmt: skip


def _units(result: Optimum, terms: Terms) -> TextTable:
    rows: Sequence[More] = sorted(result.more, key=lambda one: -one.saved)
    return TextTable(
        f"One unit more on top of the mix, on {max((m.years for m in rows), default=0)} held-out "
        f"{terms.run}s",
        ("", "more", f"price, {unit(result)}", f"saves, {_noun(result)}", "a million saves"),
        [
            (
                one.lever,
                short(one.step),
                short(one.price),
                amount(result, one),
                short(1e6 * one.saved / one.price, display_factor(result.harm))
                if one.price > 0
                else DASH,
            )
            for one in rows
        ],
    )
