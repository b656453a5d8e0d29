"""How often the baseline shows a month like that of the first seed article, against criteria.

Each line has a criterion of the project: the probability that a month like the reported one must
have, while base rates stay in the range of the reports.
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
    """A figure and its 95 % interval; NaN where it is undefined."""

    figure: float
    low: float
    high: float


class Bar(NamedTuple):
    """The criterion of a figure: from ``least`` to ``most``."""

    words: str
    least: float
    most: float = np.inf

    def judged(self, found: Found) -> str:
        """``yes`` or ``no`` by the figure, and ``open`` too where the interval contains both."""
        if np.isnan(found.figure):
            return "-"
        inside = self.least <= found.figure <= self.most
        sure = (self.least <= found.low and found.high <= self.most) if inside else (
            found.high < self.least or found.low > self.most
        )  # fmt: skip
        return ("yes" if inside else "no") + ("" if sure else ", open")


class Line(NamedTuple):
    """A row of the table: its label, its measure over years, and its criterion."""

    label: str
    measure: Callable[[Sequence[Year]], Found]
    bar: Bar | None = None
    digits: int = 3
    still: bool = False
    """Whether it is about years of one regime."""


def share(name: str, least: float = 1.0) -> Callable[[Sequence[Year]], Found]:
    """The share of years with at least ``least``, with the exact binomial interval.

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
    """The ratio of two sums over all years."""

    def measure(years: Sequence[Year]) -> Found:
        rows = np.column_stack([_column(years, part), _column(years, whole)])
        return _resampled(rows, lambda rows: rows[:, 0].sum() / rows[:, 1].sum())

    return measure


def dispersion(name: str) -> Callable[[Sequence[Year]], Found]:
    """Variance over mean of the years: 1 for Poisson counts of one mean."""
    return lambda years: _resampled(
        _column(years, name)[:, None],
        lambda rows: rows.var(ddof=1) / rows.mean(),
    )


def branching(
    lag_days: float, days: float, of: Literal["plans", "acts"] = "plans"
) -> Callable[[Sequence[Year]], Found]:
    """The number of plans that one operation brings about, fitted to the times of both.

    ``of`` selects all plans considered, or those not dropped.

    Plans come at a rate ``base + branching sum exp(-age / lag) / lag`` over the operations that
    are over, in all years alike, and each year begins without any. Base and branching maximise
    the likelihood (Ogata 1978); the error treats years as independent (sandwich estimator of
    White 1982). Operations whose offspring control prevents are included: it is the realised
    branching.
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
    """The kernel summed over the operations that ended before each plan."""
    ages = np.array(plans, float)[:, None] - np.array(done, float)[None, :]
    return np.where(ages > 0.0, np.exp(-np.abs(ages) / lag_days) / lag_days, 0.0).sum(1)


def _column(years: Sequence[Year], name: str) -> Floats:
    return np.array([year.sums[name] for year in years], float)


def _resampled(rows: Floats, statistic: Callable[[Floats], float]) -> Found:
    """A figure with its percentile interval over 500 resamples of the years (Efron 1979)."""
    draw = np.random.default_rng(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        figure = float(statistic(rows))
        if np.isnan(figure):
            return Found(nan, nan, nan)
        again = [statistic(rows[draw.integers(0, len(rows), len(rows))]) for _ in range(500)]
        low, high = np.nanquantile(again, [0.025, 0.975])
    return Found(figure, float(low), float(high))


def lines(lag_days: float, days: float) -> tuple[Line, ...]:
    """The rows of the table, for years of ``days`` days and a mean lag of ``lag_days``."""
    spell = f"a span of {DAYS} days"
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
        Line("plans that an operation triggers, within a regime", branching(lag_days, days),
             None, 2, still=True),
        Line("of them carried out", branching(lag_days, days, "acts"), None, 2, still=True),
    )  # fmt: skip


def markdown(rows: Sequence[Line], years: Sequence[Year], still: Sequence[Year]) -> str:
    """The table: figures, 95 % intervals and criteria."""
    out = []
    for row in rows:
        found = row.measure(still if row.still else years)
        figure, low, high = (f"{value:.{row.digits}f}" for value in found)
        bar = row.bar.words if row.bar else "-"
        judged = row.bar.judged(found) if row.bar else "-"
        out.append((row.label, figure, f"{low} to {high}", bar, judged))
    return table(("what", "figure", "95 %", "bar", "reached"), out)
