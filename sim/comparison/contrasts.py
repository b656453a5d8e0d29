"""Contrasts: one scenario against the baseline in one outcome, over pairs of runs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from sim.comparison.intervals import Interval, bootstrap_mean, clopper_pearson
from sim.comparison.question import DEFAULT_ROPE, RESAMPLES, Question
from sim.comparison.resampling import resampled_means
from sim.comparison.samples import Floats, Pairs, Sample, by_draw, pair
from sim.comparison.significance import holm, sign_flip
from sim.measures.outcome import Better
from sim.measures.registry import described, headlines
from sim.theory.distributions import normal_quantile

Judgement = Literal[
    "better",
    "worse",
    "more",
    "less",
    "practically the same",
    "not settled",
    "no difference can be measured",
    "nothing can be said",
]
"""``more`` and ``less`` are for outcomes without a better direction."""

SETTLED: Final = ("better", "worse", "more", "less")

Standing = Literal["more", "less", "same", "none", "open", "unknown"]
"""The direction of a difference as far as it is known, whichever direction is better."""


@dataclass(frozen=True)
class Contrast:
    """One outcome of one scenario against the baseline; an unknown value is ``None``.

    ``n`` counts the pairs in which both runs have a value, ``undefined`` the others. Means,
    differences (scenario minus baseline), ``low`` and ``high``, the rope, the ``standard_error``
    of the mean difference, and ``p05`` and ``p95``, the quantiles of the differences, are in the
    outcome's unit; ``p_better``, ``p_equal``, ``p_worse``, ``p_less`` and ``p_more`` are shares of
    the pairs; ``variance_ratio`` is how many times the replicates that unpaired runs would need.

    If expected harm is known (``expected``), the means, the mean difference with its error,
    interval, p-value and rope, and the judgement are those of expected harm; medians,
    ``sd_difference``, quantiles and shares are those of counts. ``gain`` is how many times the
    replicates that counts would need.

    ``heaviest`` is the largest share of the variance of the differences from one pair, that of the
    replicate ``heaviest_in``; if pairs share draws, from one draw. ``None`` if nothing varies.
    """

    scenario: str
    outcome: str
    unit: str
    orientation: Better
    n: int
    undefined: int
    baseline_mean: float | None = None
    mean: float | None = None
    ratio: float | None = None
    difference: float | None = None
    median_difference: float | None = None
    sd_difference: float | None = None
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    p_better: float | None = None
    p_better_low: float | None = None
    p_better_high: float | None = None
    p_equal: float | None = None
    p_worse: float | None = None
    p_value: float | None = None
    p_holm: float | None = None
    rope_low: float | None = None
    rope_high: float | None = None
    judgement: Judgement = "nothing can be said"
    variance_ratio: float | None = None
    replicates_to_settle: int | None = None
    p05: float | None = None
    p95: float | None = None
    p_less: float | None = None
    p_more: float | None = None
    expected: bool = False
    gain: float | None = None
    heaviest: float | None = None
    heaviest_in: int | None = None

    @property
    def all_equal(self) -> bool:
        """Whether no pair differs, in counts or in expected harm."""
        return self.p_equal == 1.0 and self.difference == 0.0 and not self.standard_error

    @property
    def interval(self) -> Interval | None:
        """The interval of the mean difference, if there is one."""
        return None if self.low is None or self.high is None else Interval(self.low, self.high)

    @property
    def settled(self) -> bool:
        """Whether the direction is beyond chance, given all scenarios."""
        return self.judgement in SETTLED

    @property
    def standing(self) -> Standing:
        """The direction as far as it is known; words and prices depend on nothing else."""
        if self.settled:
            return "more" if (self.difference or 0.0) > 0.0 else "less"
        return _STANDINGS[self.judgement]


_STANDINGS: Final[Mapping[Judgement, Standing]] = {
    "practically the same": "same",
    "no difference can be measured": "none",
    "not settled": "open",
    "nothing can be said": "unknown",
}


def pair_with_baseline(
    samples: Mapping[str, Sample], baseline: str, outcomes: Sequence[str]
) -> dict[str, Pairs]:
    """The pairs of each other scenario with the baseline, these outcomes in columns."""
    base = samples[baseline].only(outcomes)
    return {n: pair(base, one.only(outcomes)) for n, one in samples.items() if n != baseline}


def contrast_scenarios(
    samples: Mapping[str, Sample], baseline: str, outcomes: Sequence[str], question: Question
) -> list[Contrast]:
    """The contrasts of every other scenario in every outcome, judged together."""
    digest = samples[baseline].digest
    pairs = pair_with_baseline(samples, baseline, outcomes)
    return judge(
        [c for n, both in pairs.items() for c in contrast_outcomes(n, both, outcomes, question)],
        question,
        {name: digest is not None and samples[name].digest == digest for name in pairs},
    )


def contrast_outcomes(
    scenario: str, pairs: Pairs, outcomes: Sequence[str], question: Question
) -> list[Contrast]:
    """The contrasts of one scenario, one per outcome, not yet judged."""
    if len(pairs.replicates) == 0:
        return [_blank(scenario, outcome, 0, 0) for outcome in outcomes]
    known = np.isfinite(pairs.differences).any(axis=0)
    chosen = slice(None) if known.all() else known
    means = np.zeros((RESAMPLES, len(outcomes)), order="F")
    means[:, chosen] = resampled_means(pairs.independent[:, chosen], RESAMPLES, question.seed)
    return [
        _contrast(scenario, outcome, pairs, k, means[:, k], question)
        for k, outcome in enumerate(outcomes)
    ]


def _blank(scenario: str, outcome: str, n: int, undefined: int) -> Contrast:
    known = described(outcome)
    return Contrast(scenario, outcome, known.unit, known.better, n, undefined)


def _contrast(
    scenario: str, outcome: str, pairs: Pairs, k: int, means: Floats, question: Question
) -> Contrast:
    """The contrast of one outcome, column ``k`` of the pairs, with its resampled ``means``."""
    valid = np.isfinite(pairs.differences[:, k])
    n = int(valid.sum())
    blank = _blank(scenario, outcome, n, len(valid) - n)
    if n == 0:
        return blank
    rows = slice(None) if n == len(valid) else valid
    baseline, policy = (each[rows, k] for each in pairs.means or (pairs.baseline, pairs.policy))
    differences, counted = policy - baseline, pairs.differences[rows, k]
    independent = pairs.independent[:, k]
    independent = independent if n == len(valid) else independent[np.isfinite(independent)]
    interval = bootstrap_mean(independent, means, question.confidence)
    base, size = float(baseline.mean()), len(independent)
    rope = question.rope.get(outcome, DEFAULT_ROPE * abs(base))
    heaviest, heaviest_in = _heaviest(pairs, k)
    p05, p95 = quantiles(counted, (0.05, 0.95))
    contrast = replace(
        blank,
        baseline_mean=base,
        mean=float(policy.mean()),
        ratio=float(policy.mean()) / base if base else None,
        difference=float(differences.mean()),
        median_difference=float(np.median(counted)),
        sd_difference=float(counted.std(ddof=1)) if n > 1 else None,
        standard_error=float(independent.std(ddof=1)) / math.sqrt(size) if size > 1 else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        p_value=sign_flip(independent),
        rope_low=-rope,
        rope_high=rope,
        variance_ratio=_variance_ratio(baseline, policy, differences),
        p05=p05,
        p95=p95,
        heaviest=heaviest,
        heaviest_in=heaviest_in,
        **_shares(blank.orientation, counted, question.confidence),
    )
    if outcome not in pairs.expected:
        return contrast
    counts = by_draw(pairs.differences[:, [k]], pairs.draws)[:, 0]
    return replace(
        contrast, expected=True, gain=variance_over(counts[np.isfinite(counts)], independent)
    )


def _heaviest(pairs: Pairs, column: int) -> tuple[float | None, int | None]:
    """The largest share of the variance from one pair, or draw, and its number."""
    units = pairs.independent[:, column]
    valid = np.isfinite(units)
    squares = np.where(valid, units - units[valid].mean(), 0.0) ** 2
    total = float(squares.sum())
    if valid.sum() < 2 or total == 0.0:
        return None, None
    heaviest = int(squares.argmax())
    numbers = pairs.replicates if pairs.draws is None else np.unique(pairs.draws)
    return float(squares[heaviest]) / total, int(numbers[heaviest])


def _shares(better: Better, differences: Floats, confidence: float) -> dict[str, Any]:
    """The shares of pairs that are less, equal and more, and better and worse."""
    n = len(differences)
    equal, fewer = int((differences == 0.0).sum()), int((differences < 0.0).sum())
    more = n - equal - fewer
    shares = {"p_equal": equal / n, "p_less": fewer / n, "p_more": more / n}
    if better == "neither":
        return shares
    good, bad = (fewer, more) if better == "less" else (more, fewer)
    low, high = clopper_pearson(good, n, confidence) or (None, None)
    return shares | {
        "p_better": good / n, "p_worse": bad / n, "p_better_low": low, "p_better_high": high,
    }  # fmt: skip


def quantiles(values: Floats, shares: Sequence[float]) -> list[float]:
    """Quantiles of values; a quantile of whole numbers is one of them."""
    whole = bool((values == np.round(values)).all())
    found = np.quantile(values, shares, method="inverted_cdf" if whole else "linear")
    return [float(each) for each in found]


def _variance_ratio(baseline: Floats, policy: Floats, differences: Floats) -> float | None:
    """The gain from pairing, ``(s_a^2 + s_b^2) / s_d^2``: the variance of an unpaired difference
    over that of the paired one; ``None`` if the paired one does not vary.
    """
    if len(differences) < 2:
        return None
    paired_variance = float(differences.var(ddof=1))
    if paired_variance == 0.0:
        return None
    return (float(baseline.var(ddof=1)) + float(policy.var(ddof=1))) / paired_variance


def variance_over(above: Floats, below: Floats) -> float | None:
    """The variance of some differences over that of others; ``None`` if either is 0."""
    if len(above) < 2 or not np.ptp(above) or not np.ptp(below):
        return None
    return float(above.var(ddof=1)) / float(below.var(ddof=1))


def judge(
    contrasts: Sequence[Contrast], question: Question, same: Mapping[str, bool]
) -> list[Contrast]:
    """The contrasts with their judgements, corrected for the number of tests.

    Three families are corrected separately: the harm declared first, the other headlines (or the
    outcomes of the question), and the rest. So looking at more outcomes does not weaken the
    question. ``same`` says of each scenario whether it is the baseline under another name.
    """
    families: dict[int, list[int]] = {}
    for i, contrast in enumerate(contrasts):
        if contrast.p_value is not None and not contrast.all_equal:
            families.setdefault(_family(contrast.outcome, question), []).append(i)
    judged = list(contrasts)
    for family in families.values():
        adjusted = holm([contrasts[i].p_value or 0.0 for i in family])
        for i, p in zip(family, adjusted, strict=True):
            judged[i] = _judge(replace(contrasts[i], p_holm=p), question, len(family))
    for i, contrast in enumerate(judged):
        if contrast.all_equal:
            judged[i] = replace(
                contrast,
                p_holm=1.0,
                judgement="no difference can be measured",
                replicates_to_settle=0 if same[contrast.scenario] else None,
            )
    return judged


def _family(outcome: str, question: Question) -> int:
    if outcome == question.harm:
        return 0
    wanted = headlines() if question.outcomes is None else question.outcomes
    return 1 if outcome in wanted else 2


def _judge(contrast: Contrast, question: Question, tests: int) -> Contrast:
    if contrast.interval is None:
        return replace(contrast, judgement="not settled")
    judgement = _judgement(contrast, contrast.interval, question)
    more = 0 if judgement != "not settled" else _more_replicates(contrast, question, tests)
    return replace(contrast, judgement=judgement, replicates_to_settle=more)


def _judgement(contrast: Contrast, interval: Interval, question: Question) -> Judgement:
    """The same inside the rope; a direction if both interval and corrected test exclude zero."""
    rope = contrast.rope_high or 0.0
    if contrast.n > 2 and rope > 0.0 and -rope <= interval.low and interval.high <= rope:
        return "practically the same"
    beyond = interval.low > 0.0 or interval.high < 0.0
    if not beyond or contrast.p_holm is None or contrast.p_holm > 1.0 - question.confidence:
        return "not settled"
    if contrast.orientation == "neither":
        return "more" if interval.low > 0.0 else "less"
    good = (interval.low > 0.0) == (contrast.orientation == "more")
    return "better" if good else "worse"


def _more_replicates(contrast: Contrast, question: Question, tests: int) -> int | None:
    """How many more pairs would settle the judgement if the differences stay as they are.

    Either until the half-width is half of the difference and the test holds among all others
    (Bonferroni, the most that Holm requires), or until the interval lies in the rope. ``None`` if
    no number is enough: no difference and no rope.
    """
    if contrast.standard_error is None:
        return None
    # the spread of one pair; if pairs share draws, each brings its share of a draw
    spread = contrast.standard_error * math.sqrt(contrast.n)
    size, tail = abs(contrast.difference or 0.0), (1.0 - question.confidence) / 2.0
    if spread == size == 0.0:
        return None
    if spread == 0.0:  # always the same difference: only the sign test needs more
        return max(1, math.ceil(1.0 - math.log2(2.0 * tail / tests)) - contrast.n)
    z, corrected = -normal_quantile(tail), -normal_quantile(tail / tests)
    rope = contrast.rope_high or 0.0
    needed = []
    if size > 0.0:
        noise = (spread / size) ** 2
        needed.append(max(4.0 * z**2 * noise, corrected**2 * (noise + 1.0)))
    if size < rope:
        needed.append((z * spread / (rope - size)) ** 2)
    if not needed:
        return None
    # at least a tenth more, in case the formula is satisfied and the test is not
    return max(math.ceil(contrast.n / 10), math.ceil(min(needed)) - contrast.n)
