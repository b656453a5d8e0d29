"""What the pictures take from a comparison: samples, paired differences, and their spread.

A row without a value (a failed run, an outcome that is undefined in it) takes no part, and
neither does its partner.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.comparison.paired import Contrast, contrasts, judged
from sim.comparison.question import Question, check_names
from sim.comparison.results import KEYS, Pairs, Sample, pair, read_sample, scenario_names
from sim.measures.outcome import Outcome
from sim.measures.registry import described
from sim.report.wording import Scale, decimals, number, scale

LEVEL: Final = Question().confidence
"""Confidence of every interval drawn: that of the verdict."""

Floats = NDArray[np.float64]


class Gap(NamedTuple):
    """A contrast, and how its differences are spread; all zero where it has no pairs.

    ``p5`` and ``p95`` are quantiles, ``fewer`` and ``more`` the shares below and above zero.
    """

    contrast: Contrast
    p5: float
    p95: float
    fewer: float
    more: float

    @property
    def name(self) -> str:
        """The scenario."""
        return self.contrast.scenario

    @property
    def mean(self) -> float | None:
        """Mean difference, ``None`` without pairs."""
        return self.contrast.difference

    @property
    def interval(self) -> tuple[float, float] | None:
        """Interval of the mean, ``None`` where there is none."""
        low, high = self.contrast.low, self.contrast.high
        return None if low is None or high is None else (low, high)

    @property
    def settled(self) -> bool:
        """Whether a direction is beyond chance, all scenarios taken together."""
        return self.contrast.judgement in ("better", "worse", "more", "less")


class Compared(NamedTuple):
    """An outcome against the baseline: a gap for each other scenario, and how numbers show."""

    field: Outcome
    gaps: list[Gap]
    scale: Scale
    digits: int

    def words(self, gap: Gap) -> str:
        """The mean and, in brackets, its interval; a mean without an interval stands alone."""
        mean, *ends = (
            number(value / self.scale.divisor, self.digits, sign=True)
            for value in (gap.mean or 0.0, *(gap.interval or ()))
        )
        return f"{mean}  [{', '.join(ends)}]" if ends else mean


def compared(
    table: pa.Table, outcome: str, baseline: str, names: Sequence[str] | None = None
) -> Compared:
    """Paired differences of every scenario to the baseline, in the order of ``names``."""
    field = described(outcome)
    found = gaps(table, outcome, baseline, names)
    ends = [each.interval for each in found if each.interval is not None]
    by = scale(field, max((abs(end) for pair in ends for end in pair), default=0.0), change=True)
    widths = [(high - low) / by.divisor for low, high in ends]
    return Compared(field, found, by, digits_of(widths))


def digits_of(widths: Iterable[float]) -> int:
    """Digits after the point for numbers in one column, by the widths of their intervals."""
    halves = [width / 2 for width in widths if width > 0.0]
    return decimals(min(max(halves), 5 * median(halves))) if halves else 0


def sample(table: pa.Table, scenario: str, outcomes: Sequence[str]) -> Sample:
    """The finished runs of a scenario, with these outcomes and nothing else.

    Raises ``PanjError`` where the table knows no such scenario or outcome.
    """
    check_names("outcome", outcomes, table.column_names)
    check_names("scenario", [scenario], scenario_names(table))
    # Only what is needed: to filter a table is to copy every column of it.
    narrow = table.select([name for name in KEYS if name in table.column_names] + [*outcomes])
    return read_sample(narrow, scenario, outcomes)


def values(table: pa.Table, scenario: str, outcome: str) -> Floats:
    """Values of one outcome in all runs that have one, in the order of replicates."""
    column = sample(table, scenario, [outcome]).values[:, 0]
    known: Floats = column[np.isfinite(column)]
    return known


def gaps(
    table: pa.Table, outcome: str, baseline: str, scenarios: Sequence[str] | None = None
) -> list[Gap]:
    """Every scenario against the baseline, in the order of ``scenarios`` or of the table."""
    base = sample(table, baseline, [outcome])
    others = [n for n in scenarios or scenario_names(table) if n != baseline]
    samples = {name: sample(table, name, [outcome]) for name in others}
    pairs = {name: pair(base, one) for name, one in samples.items()}
    same = {n: one.digest is not None and one.digest == base.digest for n, one in samples.items()}
    return judge(pairs, [outcome], same)


def judge(
    pairs: Mapping[str, Pairs],
    columns: Sequence[str],
    same: Mapping[str, bool],
    rope: float | None = None,
) -> list[Gap]:
    """Contrasts of all scenarios and columns as one family of tests, scenario by scenario.

    ``rope`` is the half-width of practical equivalence, the comparison's own where it is not
    given; ``same`` tells which scenario is the baseline under another name.
    """
    question = Question(outcomes=columns, rope={} if rope is None else dict.fromkeys(columns, rope))
    found = [
        one for name, both in pairs.items() for one in contrasts(name, both, columns, question)
    ]
    spreads = [
        _spread(both.differences[:, k]) for both in pairs.values() for k in range(len(columns))
    ]
    ordered = judged(found, question, same)
    return [Gap(one, *spread) for one, spread in zip(ordered, spreads, strict=True)]


def _spread(differences: Floats) -> tuple[float, float, float, float]:
    known = differences[np.isfinite(differences)]
    if not known.size:
        return 0.0, 0.0, 0.0, 0.0
    low, high = quantiles(known, (0.05, 0.95))
    return low, high, float((known < 0.0).mean()), float((known > 0.0).mean())


def quantiles(known: Floats, shares: Sequence[float]) -> list[float]:
    """Quantiles; of whole numbers a quantile is one of the numbers."""
    whole = bool((known == np.round(known)).all())
    found = np.quantile(known, shares, method="inverted_cdf" if whole else "linear")
    return [float(each) for each in found]
