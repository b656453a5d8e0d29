"""The sentences of a comparison, word for word."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import runs

from sim.comparison.comparison import compare
from sim.comparison.contrasts import Contrast, contrast_outcomes, judge
from sim.comparison.cost import cost_row
from sim.comparison.distribution import distribution
from sim.comparison.question import Question
from sim.comparison.samples import Pairs
from sim.comparison.terms import Terms
from sim.comparison.words import Words, amount

YEAR = Words("routine", 0.9, Terms(days=365.0))


def contrast(outcome: str, **figures) -> Contrast:
    """A contrast as it might be found."""
    common = {"scenario": "alert", "outcome": outcome, "unit": "persons", "orientation": "less",
              "n": 100, "undefined": 0, "p_equal": 0.0}  # fmt: skip
    return Contrast(**(common | figures))


FEWER = contrast(
    "victims", difference=-1.8, ratio=0.73, low=-2.6, high=-1.1, p_better=0.93, p_worse=0.03,
    p_equal=0.04, judgement="better", replicates_to_settle=0,
)  # fmt: skip
HOURS = contrast(
    "guard_hours", unit="h", ratio=4.1, difference=3.1e6, low=3e6, high=3.2e6, judgement="worse"
)
OPEN = contrast(
    "workers_chinese_killed", difference=-0.2, low=-0.5, high=0.1, p_better=0.5, p_worse=0.3,
    judgement="not settled", replicates_to_settle=140,
)  # fmt: skip


def said(*found: Contrast, words: Words = YEAR, same: bool = False, **asked) -> str:
    """The verdict on some contrasts."""
    return words.verdict(found, Question(**{"harm": "victims", **asked}), same)


def test_a_sentence_for_a_ministers_aide():
    """How much, how surely, how often, at what effort, and what is still open."""
    assert said(FEWER, HOURS, OPEN) == (
        "alert is better than routine on victims: 27 % fewer, 1.8 a year (90 % CI 1.1 to 2.6); "
        "better in 93 of 100 paired years, equal in 4; 4.1 times the guard-hours. About 140 more "
        "replicates would settle the difference in Chinese workers killed."
    )


def test_worse_is_said_as_plainly():
    """With the share of pairs that are worse; a large factor is a number of times."""
    c = contrast("victims", difference=2.0, ratio=2.5, low=1.0, high=3.0, p_better=0.1,
                 p_worse=0.9, judgement="worse")  # fmt: skip
    assert said(c) == (
        "alert is worse than routine on victims: 2.5 times as many, 2.0 a year (90 % CI 1.0 to "
        "3.0); worse in 90 of 100 paired years."
    )


def test_what_is_open_says_both_sides():
    """An interval that includes zero names both directions; the harm is settled first."""
    c = contrast("victims", difference=-0.4, low=-1.0, high=0.2, p_better=0.5, p_worse=0.3,
                 p_equal=0.2, judgement="not settled", replicates_to_settle=301)  # fmt: skip
    assert said(c, OPEN) == (
        "Whether alert differs from routine on victims is not settled: 0.40 fewer a year (90 % CI "
        "1.0 fewer to 0.20 more); better in 50 and worse in 30 of 100 paired years. About 310 more "
        "replicates would settle the difference in victims."
    )


def test_what_may_be_luck_among_many_is_called_so():
    """An interval beyond zero that does not stand up to Holm is explained."""
    c = contrast("victims", difference=-0.4, low=-0.7, high=-0.1, p_better=0.5, p_worse=0.3,
                 judgement="not settled")  # fmt: skip
    assert "it may be chance, given so many comparisons" in said(c)
    assert YEAR.judged(c) == ": not settled, because it may be chance, given so many comparisons"
    doubted = YEAR.judged(replace(c, p_value=0.3))
    assert doubted == ": not settled, because a second test does not confirm it"
    assert YEAR.judged(OPEN) == ": not settled"
    assert YEAR.judged(FEWER) == ""


def test_the_same_in_practice():
    """With the width of the rope."""
    c = contrast("victims", difference=0.01, low=-0.02, high=0.04, rope_high=0.1,
                 judgement="practically the same")  # fmt: skip
    assert said(c).startswith("alert is practically the same as routine on victims: 0.010 more")
    assert "within ±0.10, which counts as the same" in said(c)


def test_the_same_in_practice_of_a_share():
    """Difference, interval and rope are all in points."""
    c = contrast("interdiction_share", unit="share", orientation="more", difference=-0.001,
                 low=-0.002, high=0.0005, rope_high=0.0044,
                 judgement="practically the same")  # fmt: skip
    assert "0.10 points less (90 % CI 0.20 less to 0.050 more), within ±0.44, " in said(c)


def test_an_effect_in_one_breath():
    """The difference with its outcome, for where a reader sees what is compared."""
    assert YEAR.effect(FEWER) == "1.8 fewer victims a year (90 % CI 1.1 to 2.6)"
    assert YEAR.effect(OPEN) == (
        "0.20 fewer Chinese workers killed a year (90 % CI 0.50 fewer to 0.10 more): not settled"
    )
    same = replace(FEWER, judgement="practically the same")
    assert YEAR.effect(same).endswith("2.6): practically the same")
    none = replace(FEWER, judgement="no difference can be measured")
    assert YEAR.effect(none) == "No difference in victims: all 100 paired years are equal"
    unknown = replace(FEWER, judgement="nothing can be said")
    assert YEAR.effect(unknown) == "Nothing can be said about victims"


def test_no_difference_in_the_harm():
    """The harm may agree while other things differ."""
    c = contrast("victims", difference=0.0, low=0.0, high=0.0, p_equal=1.0,
                 judgement="no difference can be measured")  # fmt: skip
    assert said(c, HOURS) == (
        "No difference in victims between alert and routine can be measured: all 100 paired years "
        "are equal; 4.1 times the guard-hours."
    )


def test_no_difference_in_anything():
    """Every outcome agrees in every pair."""
    c = contrast("victims", difference=0.0, p_equal=1.0)
    assert said(c) == (
        "No difference between alert and routine can be measured: all 100 paired years are "
        "equal in every outcome compared."
    )


def test_two_names_of_one_scenario():
    """The digests are equal; the sentence says only that."""
    assert said(FEWER, same=True) == (
        "alert and routine are the same scenario under two names: no difference can be measured."
    )


def test_nothing_in_common():
    """No pair, or no pair with a value."""
    assert "no run can be paired with routine" in said(contrast("victims", n=0))
    told = said(contrast("victims", n=0), OPEN)
    assert told.startswith("Nothing can be said about victims under alert")


@pytest.mark.parametrize(("n", "words"), [(1, "one paired year says nothing about chance"),
                                          (2, "there are only 2 paired years")])  # fmt: skip
def test_few_pairs_are_called_few(n, words):
    """One or two years are not evidence."""
    c = contrast("victims", n=n, difference=-2.0, p_better=1.0, p_worse=0.0,
                 judgement="not settled")  # fmt: skip
    assert words in said(c)


def test_other_findings_are_named():
    """What else is better or worse, up to three of each, gravest first."""
    guards = contrast("guards_killed", difference=-0.5, judgement="better")
    ready = contrast("mean_readiness", unit="share", difference=-0.021, judgement="worse")
    seized = contrast("seized_kg", unit="kg", difference=-120.0, judgement="worse")
    told = said(FEWER, guards, ready, seized)
    assert "Better: 0.50 fewer guards killed." in told
    assert "Worse: 2.1 points less readiness, 120 less kg seized." in told


def test_what_was_not_asked_is_not_told():
    """Without headlines or request an outcome stays in the table."""
    other = contrast("escaped", difference=5.0, judgement="worse")
    assert "Worse" not in said(FEWER, other)
    assert "Worse: 5.0 more intruders who got away when met" in said(
        FEWER, other, outcomes=["escaped"]
    )


def test_units_are_told_where_the_name_has_none():
    """Kilometres are; persons and counts go without."""
    c = contrast("patrol_km", unit="km", difference=4e5)
    assert amount(c, "distance patrolled") == "400k km more distance patrolled"


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (Terms(), "1.8 a year"),
        (Terms(run="run", days=90.0), "1.8 in 90 days"),
        (Terms(run="run"), "1.8 a run"),
    ],
)
def test_the_horizon_is_told(terms, words):
    """A year is a year; other horizons by their days."""
    assert words in said(FEWER, words=Words("routine", 0.9, terms))


@pytest.mark.parametrize("pairs", [0, 1, 2, 3, 12])
def test_no_verdict_ever_shows_a_nan(pairs):
    """Few pairs, ties, gaps, zeros: words or numbers."""
    for seed in range(12):
        no_nan(pairs, seed)


def no_nan(pairs, seed):
    """The words of a verdict on made-up pairs have neither NaN nor infinity."""
    rng = np.random.default_rng(seed)
    names = ["victims", "guard_hours", "mean_readiness", "strange"]
    base = rng.integers(0, 3, (pairs, 4)).astype(float)
    policy = base + rng.integers(-1, 2, (pairs, 4)) * (rng.random(4) < 0.6)
    policy[rng.random((pairs, 4)) < 0.3] = np.nan
    question = Question(outcomes=names, harm="victims")
    found = contrast_outcomes("alert", Pairs(np.arange(pairs), base, policy), names, question)
    told = YEAR.verdict(judge(found, question, {"alert": False}), question, same=False)
    assert not {"nan", "None", "inf"} & set(told.replace("(", " ").split())
    assert told.endswith(".")


# -- a finding reads the same everywhere ---------------------------------------------------------

_JUDGEMENTS = ("better", "worse", "practically the same", "not settled",
               "no difference can be measured")  # fmt: skip


def as_judged(outcome: str, judgement: str, size: float) -> Contrast:
    """A contrast with this judgement; both outcomes are better if less."""
    sign = {"better": -1.0, "worse": 1.0}.get(judgement, 1.0)
    none = judgement == "no difference can be measured"
    return contrast(
        outcome, difference=0.0 if none else sign * size, ratio=1.0, low=-size, high=size,
        rope_high=size, p_better=0.5, p_worse=0.5, judgement=judgement,
        p_equal=1.0 if none else 0.0,
    )  # fmt: skip


@given(st.sampled_from(_JUDGEMENTS), st.sampled_from(_JUDGEMENTS), st.floats(0.1, 10.0),
       st.integers(0, 10**6))  # fmt: skip
def test_verdict_and_price_never_disagree(harm, cost, size, seed):
    """The section on cost and the verdict always agree on the harm."""
    found = as_judged("victims", harm, size), as_judged("cost_usd", cost, size)
    noise = np.random.default_rng(seed).normal(0.0, 0.01, (30, 2))
    signs = np.array([c.difference for c in found[::-1]])
    row = cost_row(found[1], found[0], signs + noise * (signs != 0.0), 0.9)
    verdict = YEAR.claim(found[0]).sentence
    both = harm == cost == "no difference can be measured"
    marks = {
        "not settled": ("on victims is not settled", "the difference in victims is not settled"),
        "practically the same": ("practically the same as", "victims practically the same"),
        "no difference can be measured": (
            "No difference in victims between",
            "no difference " + ("can" if both else "in victims can"),
        ),
        "better": ("is better than", "less harm"),
        "worse": ("is worse than", "more harm"),
    }  # fmt: skip
    for judgement, (told, priced) in marks.items():
        assert (told in verdict) == (judgement == harm), (verdict, judgement)
        if judgement == harm and row.cost_per_harm is None and row.saved_per_harm is None:
            assert priced in row.words
        elif judgement != harm:
            assert priced not in row.words, (row.words, judgement)
    assert (row.cost_per_harm is not None) == ((harm, cost) == ("better", "worse"))
    assert (row.saved_per_harm is not None) == ((harm, cost) == ("worse", "better"))
    assert row.free == (harm == "better" and cost not in ("worse", "not settled"))


@given(st.lists(st.sampled_from(_JUDGEMENTS), min_size=2, max_size=6))
def test_the_answer_counts_what_the_verdicts_say(judgements):
    """The title of all policies agrees with the sentence on each; nobody is forgotten."""
    own = [
        replace(as_judged("victims", judgement, 1.0 + n), scenario=f"policy {n}")
        for n, judgement in enumerate(judgements)
    ]
    title, better = YEAR.finding(own, "victims").title, judgements.count("better")
    if better == 0:
        assert title.startswith(f"None of the {len(own)} policies")
        assert ("worse" in title) == ("worse" in judgements)
    elif better == 1:
        assert title.startswith(f"Of {len(own)} policies only policy {judgements.index('better')}")
    else:
        every = "Both" if better == 2 else f"All {better}"
        many = every if better == len(own) else f"{better} of {len(own)}"
        assert title.startswith(f"{many} policies are known to do better")
    told = " ".join([title, *YEAR.others(own)])
    assert all(f"policy {n}" in told for n in range(len(own)))


# -- a scenario by itself ----------------------------------------------------------------------


def test_one_scenario_is_told_by_its_spread():
    """Mean, interval, and where nine years in ten lie; of one year no more than that one."""
    many = compare(runs({"alone": {"victims": [*range(20)]}}))
    assert YEAR.spread(distribution(many.samples["alone"], "victims", Question())).startswith(
        "alone: victims 9.5 a year on average (90 % CI "
    )
    one = compare(runs({"alone": {"victims": [7]}}))
    assert YEAR.spread(distribution(one.samples["alone"], "victims", Question())) == (
        "alone: victims 7.0 a year in the only year that was run; how years differ is unknown."
    )
    none = compare(runs({"alone": {"victims": [7], "delay": [None]}})).samples["alone"]
    assert "nothing can be said" in YEAR.spread(
        distribution(replace(none, values=none.values * np.nan), "victims", Question())
    )
