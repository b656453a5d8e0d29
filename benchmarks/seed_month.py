"""How often the baseline does what was done: the month of the first seed article, held to bars.

Each line has the bar that the project set itself: a chance that a month like the one that was
seen must have, with base rates that stay where reports put them.
"""

from collections.abc import Callable, Sequence
from math import nan, sqrt
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import binomtest

from benchmarks.years import DAYS, Year
from sim.scenario.parameter_page import table

Floats = NDArray[np.float64]


class Found(NamedTuple):
    """A figure and its 95 % interval; NaN where nothing can be said."""

    figure: float
    low: float
    high: float


class Bar(NamedTuple):
    """What is asked of a figure: to lie from ``least`` to ``most``."""

    words: str
    least: float
    most: float = np.inf

    def judged(self, found: Found) -> str:
        """``yes`` and ``no`` by the figure; ``open`` as well where the interval has both."""
        if np.isnan(found.figure):
            return "-"
        inside = self.least <= found.figure <= self.most
        sure = (self.least <= found.low and found.high <= self.most) if inside else (
            found.high < self.least or found.low > self.most
        )  # fmt: skip
        return ("yes" if inside else "no") + ("" if sure else ", open")


class Line(NamedTuple):
    """A line of the table: what is counted in years, how it is told, and its bar."""

    label: str
    measure: Callable[[Sequence[Year]], Found]
    bar: Bar | None = None
    digits: int = 3
    still: bool = False
    """Whether it is about years of one regime."""


def share(name: str, least: float = 1.0) -> Callable[[Sequence[Year]], Found]:
    """The share of years that see at least so much, with the exact binomial interval.

    Source: Clopper and Pearson (1934).
    """

    def measure(years: Sequence[Year]) -> Found:
        seen = sum(year.sums[name] >= least for year in years)
        ends = binomtest(seen, len(years)).proportion_ci(0.95)
        return Found(seen / len(years), float(ends.low), float(ends.high))

    return measure


def mean(name: str) -> Callable[[Sequence[Year]], Found]:
    """The mean of a year."""
    return lambda years: _resampled(_column(years, name)[:, None], lambda rows: rows.mean(0)[0])


def ratio(part: str, whole: str) -> Callable[[Sequence[Year]], Found]:
    """A sum over all years over another."""

    def measure(years: Sequence[Year]) -> Found:
        rows = np.column_stack([_column(years, part), _column(years, whole)])
        return _resampled(rows, lambda rows: rows[:, 0].sum() / rows[:, 1].sum())

    return measure


def dispersion(name: str) -> Callable[[Sequence[Year]], Found]:
    """Variance over mean of the years: 1 if they were Poisson copies of one another."""
    return lambda years: _resampled(
        _column(years, name)[:, None],
        lambda rows: rows.var(ddof=1) / rows.mean(),
    )


def branching(
    lag_days: float, days: float, of: Literal["plans", "acts"] = "plans"
) -> Callable[[Sequence[Year]], Found]:
    """Plans that one operation brings forth, as fitted to when plans and operations were.

    All plans that are considered, or ``of`` them those that are not left.

    Plans come at a rate ``base + branching sum exp(-age / lag) / lag`` over the operations that
    are over, all years alike and each beginning without any. Base and branching are those of
    the largest likelihood (Ogata 1978); the error is that of years as independent wholes (the
    sandwich of White 1982). Operations whose offspring control prevents are in the figure: it
    is the branching of what is realised.
    """

    def measure(years: Sequence[Year]) -> Found:
        excited = [_excited(getattr(year, of), year.done, lag_days) for year in years]
        settled = np.array(
            [sum(1.0 - np.exp((at - days) / lag_days) for at in year.done) for year in years]
        )
        every = np.concatenate(excited)
        if not len(every) or not settled.sum():
            return Found(nan, nan, nan)

        def loss(parameters: Floats) -> float:
            base, n = np.exp(parameters)
            likely = np.log(base + n * every).sum()
            return float(base * days * len(years) + n * settled.sum() - likely)

        fitted = minimize(loss, np.log([len(every) / days / len(years), 0.2]), method="Nelder-Mead")
        base, n = np.exp(fitted.x)
        scores, bend = np.empty((len(years), 2)), np.zeros((2, 2))
        for i, x in enumerate(excited):
            slope = np.column_stack([np.ones_like(x), x]) / (base + n * x)[:, None]
            scores[i] = slope.sum(0) - [days, settled[i]]
            bend += slope.T @ slope
        inverse = np.linalg.inv(bend)
        error = sqrt(float((inverse @ scores.T @ scores @ inverse)[1, 1]))
        return Found(float(n), float(n) - 1.96 * error, float(n) + 1.96 * error)

    return measure


def _excited(plans: Sequence[float], done: Sequence[float], lag_days: float) -> Floats:
    """The kernel summed over what was over before each plan."""
    ages = np.array(plans, float)[:, None] - np.array(done, float)[None, :]
    return np.where(ages > 0.0, np.exp(-np.abs(ages) / lag_days) / lag_days, 0.0).sum(1)


def _column(years: Sequence[Year], name: str) -> Floats:
    return np.array([year.sums[name] for year in years], float)


def _resampled(rows: Floats, statistic: Callable[[Floats], float]) -> Found:
    """A figure of years with its percentile interval over 500 resamples of them (Efron 1979)."""
    draw = np.random.default_rng(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        figure = float(statistic(rows))
        if np.isnan(figure):
            return Found(nan, nan, nan)
        again = [statistic(rows[draw.integers(0, len(rows), len(rows))]) for _ in range(500)]
        low, high = np.nanquantile(again, [0.025, 0.975])
    return Found(figure, float(low), float(high))


def lines(lag_days: float, days: float) -> tuple[Line, ...]:
    """The table, for years of ``days`` and excitation with the mean lag ``lag_days``."""
    spell = f"some {DAYS} days"
    return (
        Line(f"12 or more dead in {spell}", share("worst_35_days", 12), Bar(">= .06", 0.06)),
        Line("5 or more workers killed in a year", share("workers_killed", 5), Bar(">= .06", 0.06)),
        Line("late contact, 2 or more guards and 3 or more intruders dead", share("like_kavo"),
             Bar(">= .03", 0.03)),
        Line(f"a deadly drone strike, deadly fire and a deadly infiltration in {spell}",
             share("all_three"), Bar(">= .02", 0.02)),
        Line("attacks on workers with deaths, a year", mean("deadly_worker_attacks"),
             Bar("about .75", 0.5, 1.0), 2),
        Line("infiltrations with deaths, a year", mean("deadly_infiltrations"),
             Bar("about .75", 0.5, 1.0), 2),
        Line("guards killed, a year", mean("all_guards_killed"), Bar("about 2", 1.5, 2.5), 2),
        Line("victims, a year", mean("victims"), None, 2),
        Line("clashes, a year", mean("clashes"), None, 1),
        Line("intruders killed per clash", ratio("intruders_killed", "clashes"),
             Bar(".41-.59", 0.41, 0.59), 2),
        Line("attacks, a year", mean("attacks"), None, 1),
        Line("variance over mean of attacks", dispersion("attacks"), None, 2),
        Line("the same, within a regime", dispersion("attacks"), Bar("> 2", 2.0), 2, still=True),
        Line("variance over mean of clashes", dispersion("clashes"), None, 2),
        Line("the same, within a regime", dispersion("clashes"), None, 2, still=True),
        Line("plans that an operation brings forth, within a regime", branching(lag_days, days),
             None, 2, still=True),
        Line("of them carried out", branching(lag_days, days, "acts"), None, 2, still=True),
    )  # fmt: skip


def markdown(rows: Sequence[Line], years: Sequence[Year], still: Sequence[Year]) -> str:
    """The table: figures, 95 % intervals and bars."""
    out = []
    for row in rows:
        found = row.measure(still if row.still else years)
        figure, low, high = (f"{value:.{row.digits}f}" for value in found)
        bar = row.bar.words if row.bar else "-"
        judged = row.bar.judged(found) if row.bar else "-"
        out.append((row.label, figure, f"{low} to {high}", bar, judged))
    return table(("what", "figure", "95 %", "bar", "reached"), out)
