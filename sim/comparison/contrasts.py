"""One scenario against the baseline, outcome by outcome, in pairs of the same replicate."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

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
"""``more`` and ``less`` are for outcomes of which neither is better."""

SETTLED: Final = ("better", "worse", "more", "less")

Standing = Literal["more", "less", "same", "none", "open", "unknown"]
"""What a judgement says of the difference itself, whichever way is better."""


@dataclass(frozen=True)
class Contrast:
    """What the pairs say about one outcome of one scenario; ``None`` is "cannot be said".

    ``n`` pairs in which both runs say something, ``undefined`` in which one does not. Means,
    differences (scenario minus baseline), ``low`` and ``high`` and the rope are in the outcome's
    unit, and so are the ``standard_error`` of the mean difference and ``p05`` and ``p95``, the
    quantiles of the differences; ``p_better``, ``p_equal`` and ``p_worse``, and ``p_less`` and
    ``p_more``, are shares of the pairs; ``variance_ratio`` is how many times the replicates that
    unpaired runs would need.

    Where expected harm is known (``expected``), the means, the mean difference with its error,
    interval, p-value and rope, and what is judged by them, are those of expected harm; medians,
    ``sd_difference``, quantiles and shares stay those of what happened. ``gain`` is how many times
    the replicates that counts alone would need.

    ``heaviest`` is the largest share that one pair, that of the replicate ``heaviest_in``, holds
    of the variance of the differences of which the mean is taken; where pairs share a draw, one
    draw. ``None`` where nothing varies.
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
        """Whether no pair differs in any way."""
        return self.p_equal == 1.0 and self.difference == 0.0 and not self.standard_error

    @property
    def interval(self) -> Interval | None:
        """Of the mean difference; ``None`` where there is none."""
        return None if self.low is None or self.high is None else Interval(self.low, self.high)

    @property
    def settled(self) -> bool:
        """Whether a direction is beyond chance, all scenarios taken together."""
        return self.judgement in SETTLED

    @property
    def standing(self) -> Standing:
        """What is known of the difference: all that words and prices are made of."""
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
    """Each other scenario in pairs with the baseline, these outcomes in columns."""
    base = samples[baseline].only(outcomes)
    return {n: pair(base, one.only(outcomes)) for n, one in samples.items() if n != baseline}


def contrast_scenarios(
    samples: Mapping[str, Sample], baseline: str, outcomes: Sequence[str], question: Question
) -> list[Contrast]:
    """Each other scenario against the baseline in each outcome, judged together."""
    digest = samples[baseline].digest
    pairs = pair_with_baseline(samples, baseline, outcomes)
    return judge(
        [
            c
            for name, both in pairs.items()
            for c in contrast_outcomes(name, both, outcomes, question)
        ],
        question,
        {name: digest is not None and samples[name].digest == digest for name in pairs},
    )


def contrast_outcomes(
    scenario: str, pairs: Pairs, outcomes: Sequence[str], question: Question
) -> list[Contrast]:
    """Compare every outcome of a scenario with the baseline; judgements come later."""
    if len(pairs.replicates) == 0:
        return [_blank(scenario, outcome, 0, 0) for outcome in outcomes]
    said = np.isfinite(pairs.differences)
    means = np.zeros((RESAMPLES, len(outcomes)), order="F")
    spoken = said.any(axis=0)
    every = slice(None) if spoken.all() else spoken
    means[:, every] = resampled_means(pairs.independent[:, every], RESAMPLES, question.seed)
    baseline_means, policy_means = pairs.means or (pairs.baseline, pairs.policy)
    found = []
    for k, outcome in enumerate(outcomes):
        undefined = len(said) - int(said[:, k].sum())
        rows = said[:, k] if undefined else slice(None)
        units = pairs.independent[:, k]
        units = units[np.isfinite(units)] if undefined else units
        columns = _Columns(
            baseline_means[rows, k], policy_means[rows, k], pairs.differences[rows, k], units,
            means[:, k],
        )  # fmt: skip
        contrast = _contrast((scenario, outcome), columns, undefined, question)
        if outcome in pairs.expected:
            counted = by_draw(pairs.differences[:, [k]], pairs.draws)[:, 0]
            gain = variance_over(counted[np.isfinite(counted)], units)
            contrast = replace(contrast, expected=True, gain=gain)
        found.append(_weighed(contrast, pairs, k))
    return found


def _weighed(contrast: Contrast, pairs: Pairs, column: int) -> Contrast:
    """Add which pair, or draw, weighs most in the variance."""
    units = pairs.independent[:, column]
    said = np.isfinite(units)
    squares = np.where(said, units - units[said].mean(), 0.0) ** 2 if said.any() else units
    total = float(squares.sum())
    if said.sum() < 2 or total == 0.0:
        return contrast
    heaviest = int(squares.argmax())
    names = pairs.replicates if pairs.draws is None else np.unique(pairs.draws)
    return replace(
        contrast, heaviest=float(squares[heaviest]) / total, heaviest_in=int(names[heaviest])
    )


def _blank(scenario: str, outcome: str, n: int, undefined: int) -> Contrast:
    known = described(outcome)
    return Contrast(scenario, outcome, known.unit, known.better, n, undefined)


class _Columns(NamedTuple):
    """One outcome: as means are taken of it in each run of either scenario, the differences of
    what happened, independent differences for the mean, and their resampled means.

    The independent differences are those of the pairs, or where pairs share a draw of the
    uncertain parameters the means over each draw.
    """

    baseline: Floats
    policy: Floats
    happened: Floats
    independent: Floats
    means: Floats


def _contrast(
    names: tuple[str, str],
    columns: _Columns,
    undefined: int,
    question: Question,
) -> Contrast:
    scenario, outcome = names
    baseline, policy, happened, independent, means = columns
    n = len(baseline)
    blank = _blank(scenario, outcome, n, undefined)
    if n == 0:
        return blank
    differences = policy - baseline
    interval = bootstrap_mean(independent, means, question.confidence)
    base = float(baseline.mean())
    rope = question.rope.get(outcome, DEFAULT_ROPE * abs(base))
    contrast = replace(
        blank,
        baseline_mean=base,
        mean=float(policy.mean()),
        ratio=float(policy.mean()) / base if base else None,
        difference=float(differences.mean()),
        median_difference=float(np.median(happened)),
        sd_difference=float(happened.std(ddof=1)) if n > 1 else None,
        standard_error=_standard_error(independent),
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        p_value=sign_flip(independent),
        rope_low=-rope,
        rope_high=rope,
        variance_ratio=_variance_ratio(baseline, policy, differences),
    )
    return _with_shares(contrast, happened, question.confidence)


def _standard_error(independent: Floats) -> float | None:
    n = len(independent)
    return float(independent.std(ddof=1)) / math.sqrt(n) if n > 1 else None


def _with_shares(contrast: Contrast, differences: Floats, confidence: float) -> Contrast:
    """Add the shares of pairs that are better, equal and worse, and where nine in ten lie."""
    n = len(differences)
    equal = int((differences == 0.0).sum())
    fewer = int((differences < 0.0).sum())
    p05, p95 = quantiles(differences, (0.05, 0.95))
    contrast = replace(
        contrast, p_equal=equal / n, p_less=fewer / n, p_more=(n - equal - fewer) / n, p05=p05,
        p95=p95,
    )  # fmt: skip
    if contrast.orientation == "neither":
        return contrast
    better = fewer if contrast.orientation == "less" else n - equal - fewer
    interval = clopper_pearson(better, n, confidence)
    return replace(
        contrast,
        p_better=better / n,
        p_worse=(n - equal - better) / n,
        p_better_low=interval.low if interval else None,
        p_better_high=interval.high if interval else None,
    )


def quantiles(known: Floats, shares: Sequence[float]) -> list[float]:
    """Quantiles; of whole numbers a quantile is one of the numbers."""
    whole = bool((known == np.round(known)).all())
    found = np.quantile(known, shares, method="inverted_cdf" if whole else "linear")
    return [float(each) for each in found]


def _variance_ratio(baseline: Floats, policy: Floats, differences: Floats) -> float | None:
    """Variance of an unpaired difference over that of the paired one: the gain from pairing.

    ``(s_a^2 + s_b^2) / s_d^2``; ``None`` where the difference does not vary at all, or where
    there are too few pairs to see it vary.
    """
    if len(differences) < 2:
        return None
    paired_variance = float(differences.var(ddof=1))
    if paired_variance == 0.0:
        return None
    return (float(baseline.var(ddof=1)) + float(policy.var(ddof=1))) / paired_variance


def variance_over(these: Floats, those: Floats) -> float | None:
    """Variance of some differences over that of others; ``None`` where either is 0."""
    if len(these) < 2 or not np.ptp(these) or not np.ptp(those):
        return None
    return float(these.var(ddof=1)) / float(those.var(ddof=1))


def judge(
    found: Sequence[Contrast], question: Question, same: Mapping[str, bool]
) -> list[Contrast]:
    """Correct for the number of tests, and give each contrast its judgement.

    Three families are corrected apart: the harm that was declared first, the other headlines
    (or the outcomes asked for), and what else is looked at. So looking at more does not weaken
    what was asked. ``same`` tells of each scenario whether it is the baseline under another name.
    """
    families: dict[int, list[int]] = {}
    for i, contrast in enumerate(found):
        if contrast.p_value is not None and not contrast.all_equal:
            families.setdefault(_family(contrast.outcome, question), []).append(i)
    after = list(found)
    for family in families.values():
        adjusted = holm([found[i].p_value or 0.0 for i in family])
        for i, p in zip(family, adjusted, strict=True):
            after[i] = _settle(replace(found[i], p_holm=p), question, len(family))
    for i, contrast in enumerate(after):
        if contrast.all_equal:
            after[i] = replace(
                contrast,
                p_holm=1.0,
                judgement="no difference can be measured",
                replicates_to_settle=0 if same[contrast.scenario] else None,
            )
    return after


def _family(outcome: str, question: Question) -> int:
    if outcome == question.harm:
        return 0
    asked = headlines() if question.outcomes is None else question.outcomes
    return 1 if outcome in asked else 2


def _settle(contrast: Contrast, question: Question, tests: int) -> Contrast:
    if contrast.low is None or contrast.high is None:
        return replace(contrast, judgement="not settled")
    judgement = _judgement(contrast, Interval(contrast.low, contrast.high), question)
    more = 0 if judgement != "not settled" else _more_replicates(contrast, question, tests)
    return replace(contrast, judgement=judgement, replicates_to_settle=more)


def _judgement(contrast: Contrast, interval: Interval, question: Question) -> Judgement:
    """Inside the rope: the same. Beyond zero, and not by luck among many: a direction."""
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
    """How many more pairs would settle it if the truth were what the pairs say now.

    Either until the half-width is half of the difference and the test stands up among all the
    others (Bonferroni, which is what Holm asks at most), or until the interval lies in the rope.
    ``None`` where no number would do: no difference and no rope.
    """
    if contrast.standard_error is None:
        return None
    # what one more pair brings: where pairs share a draw, as if it came with its share of draws
    spread = contrast.standard_error * math.sqrt(contrast.n)
    size, tail = abs(contrast.difference or 0.0), (1.0 - question.confidence) / 2.0
    if spread == size == 0.0:
        return None
    if spread == 0.0:  # always the same difference: only the sign test still wants more
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
    # Where the formula thinks it is enough already and the test does not, a tenth more.
    return max(math.ceil(contrast.n / 10), math.ceil(min(needed)) - contrast.n)
