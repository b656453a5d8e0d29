"""What a comparison says, word by word."""

import numpy as np
import pytest

from sim.comparison.paired import Contrast, contrasts, judged
from sim.comparison.question import Question
from sim.comparison.results import Pairs
from sim.comparison.verdict import Setting, amount, verdict

YEAR = Setting("routine", 0.9, 365.0)


def contrast(outcome: str, **figures) -> Contrast:
    """A contrast as it might be found."""
    common = {"scenario": "alert", "outcome": outcome, "unit": "persons", "orientation": "less",
              "n": 100, "undefined": 0, "p_equal": 0.0}  # fmt: skip
    return Contrast(**(common | figures))


FEWER = contrast(
    "victims", difference=-1.8, low=-2.6, high=-1.1, p_better=0.93, p_worse=0.03, p_equal=0.04,
    judgement="better", replicates_to_settle=0,
)  # fmt: skip
HOURS = contrast(
    "guard_hours", unit="h", ratio=4.1, difference=3.1e6, low=3e6, high=3.2e6, judgement="worse"
)
OPEN = contrast(
    "workers_chinese_killed", difference=-0.2, low=-0.5, high=0.1, p_better=0.5, p_worse=0.3,
    judgement="not settled", replicates_to_settle=140,
)  # fmt: skip


def said(*found: Contrast, setting: Setting = YEAR, same: bool = False, **asked) -> str:
    """The verdict on some contrasts."""
    return verdict(found, setting, Question(**{"harm": "victims", **asked}), same)


def test_a_sentence_for_a_ministers_aide():
    """Harm, how often, how much, at what effort, and what is still open."""
    assert said(FEWER, HOURS, OPEN) == (
        "alert is better than routine in 93 % of paired years (equal in 4 %): 1.8 fewer victims "
        "a year (90 % CI 1.1 to 2.6); 4.1 times the guard-hours. About 140 more replicates would "
        "settle the Chinese workers killed."
    )


def test_worse_is_said_as_plainly():
    """With the share of pairs that are worse."""
    c = contrast("victims", difference=2.0, low=1.0, high=3.0, p_better=0.1, p_worse=0.9,
                 judgement="worse")  # fmt: skip
    assert said(c) == (
        "alert is worse than routine in 90 % of paired years: 2.0 more victims a year "
        "(90 % CI 1.0 to 3.0)."
    )


def test_what_is_open_says_both_sides():
    """An interval over zero is told with both directions; the harm's own need comes first."""
    c = contrast("victims", difference=-0.4, low=-1.0, high=0.2, p_better=0.5, p_worse=0.3,
                 p_equal=0.2, judgement="not settled", replicates_to_settle=301)  # fmt: skip
    assert said(c, OPEN) == (
        "alert against routine is not settled in victims: 0.40 fewer victims a year (90 % CI 1.0 "
        "fewer to 0.20 more), better in 50 % and worse in 30 % of 100 paired years. About 310 "
        "more replicates would settle the victims."
    )


def test_what_may_be_luck_among_many_is_called_so():
    """An interval beyond zero that does not stand up to Holm is explained."""
    c = contrast("victims", difference=-0.4, low=-0.7, high=-0.1, p_better=0.5, p_worse=0.3,
                 judgement="not settled")  # fmt: skip
    assert "which may be luck among so many comparisons" in said(c)


def test_the_same_in_practice():
    """With the width of the rope."""
    c = contrast("victims", difference=0.01, low=-0.02, high=0.04, rope_high=0.1,
                 judgement="practically the same")  # fmt: skip
    assert said(c).startswith("alert is practically the same as routine in victims: 0.010 more")
    assert "within 0.10 either way" in said(c)


def test_no_difference_in_the_harm():
    """The harm may agree while other things differ."""
    c = contrast("victims", difference=0.0, low=0.0, high=0.0, p_equal=1.0,
                 judgement="no difference can be measured")  # fmt: skip
    assert said(c, HOURS) == (
        "In victims no difference between alert and routine can be measured: all 100 paired "
        "years agree; 4.1 times the guard-hours."
    )


def test_no_difference_in_anything():
    """Every outcome agrees in every pair."""
    c = contrast("victims", difference=0.0, p_equal=1.0)
    assert said(c) == (
        "No difference between alert and routine can be measured: all 100 paired years agree in "
        "every outcome looked at."
    )


def test_two_names_of_one_scenario():
    """The digest tells; nothing else is said."""
    assert said(FEWER, same=True) == (
        "alert and routine are the same scenario under two names: no difference can be measured."
    )


def test_nothing_in_common():
    """No pair, or no pair with a value."""
    assert "no run can be paired with routine" in said(contrast("victims", n=0))
    told = said(contrast("victims", n=0), OPEN)
    assert told.startswith("Of victims under alert nothing can be said")


@pytest.mark.parametrize(("n", "words"), [(1, "there is only one paired year"),
                                          (2, "there are only 2 paired years")])  # fmt: skip
def test_few_pairs_are_called_few(n, words):
    """One or two years are no evidence."""
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
    assert amount(contrast("patrol_km", unit="km", difference=4e5)) == (
        "400k km more distance patrolled"
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [(366.0, "victims a year"), (90.0, "victims in 90 days"), (None, "victims a run")],
)
def test_the_horizon_is_told(days, words):
    """A year is a year; other horizons by their days."""
    setting = Setting("routine", 0.9, days)
    assert words in said(FEWER, setting=setting)


@pytest.mark.parametrize("pairs", [0, 1, 2, 3, 12])
@pytest.mark.parametrize("seed", range(12))
def test_no_verdict_ever_shows_a_nan(pairs, seed):
    """Few pairs, ties, gaps, zeros: words or numbers."""
    rng = np.random.default_rng(seed)
    names = ["victims", "guard_hours", "mean_readiness", "strange"]
    base = rng.integers(0, 3, (pairs, 4)).astype(float)
    policy = base + rng.integers(-1, 2, (pairs, 4)) * (rng.random(4) < 0.6)
    policy[rng.random((pairs, 4)) < 0.3] = np.nan
    question = Question(outcomes=names, harm="victims")
    found = contrasts("alert", Pairs(np.arange(pairs), base, policy), names, question)
    told = verdict(judged(found, question, {"alert": False}), YEAR, question, same=False)
    assert not {"nan", "None", "inf"} & set(told.replace("(", " ").split())
    assert told.endswith(".")
