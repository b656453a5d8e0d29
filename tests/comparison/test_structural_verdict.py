"""What a policy does in variants of the model: rows that can be counted, sentences that follow."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from synthetic import runs

from sim.comparison.comparison import compare
from sim.comparison.number_format import real_minus
from sim.comparison.source import MissingTableError, open_source
from sim.comparison.structure import StructuralRow, scenario_tables, sentences
from sim.comparison.terms import Terms
from sim.errors import PanjError

USUAL = (
    ("", "as calibrated"),
    ("deterrence", "without deterrence"),
    ("fatigue", "without fatigue"),
    ("the kind of year", "in a quiet year"),
    ("the kind of year", "in a violent year"),
)
WORDS = {"better": "better", "worse": "worse", "same": "practically the same",
         "open": "not settled", "none": "no difference can be measured"}  # fmt: skip


ENDS = {"better": (-3.0, -1.5), "worse": (1.5, 3.0), "same": (-0.2, 0.2), "open": (-2.0, 0.5),
        "none": (0.0, 0.0)}  # fmt: skip


def rows(*standings: str, scenario: str = "guard") -> list[StructuralRow]:
    """One policy in the usual variants, with what is known of it in each."""
    shown = {"same": "no different", "none": "no different", "open": "not settled"}
    return [
        StructuralRow(
            scenario, f"v{n}" if n else "calibrated", where, on, where, "victims", 30, 10.0, -1.0,
            *ENDS[standing], 0.9, False,
            WORDS[standing], shown.get(standing, standing), standing,
        )
        for n, ((on, where), standing) in enumerate(zip(USUAL, standings, strict=True))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("standings", "told"),
    [
        ("better better better better better",
         "guard is better than baseline on victims in all 5 variants of the model."),
        ("worse worse worse worse worse",
         "guard is worse than baseline on victims in all 5 variants of the model."),
        ("same none same same same",
         "guard is no different from baseline on victims in all 5 variants of the model."),
        ("open open open open open",
         "Whether guard differs from baseline on victims is not settled in any of 5 variants of "
         "the "
         "model."),
        ("better better open better open",
         "guard is better than baseline on victims in 3 of 5 variants of the model; not settled "
         "without fatigue and in a violent year."),
        ("better same better better better",
         "How guard compares with baseline on victims depends on deterrence: better as calibrated "
         "and in 3 "
         "others; no different without deterrence."),
        ("better better worse open better",
         "How guard compares with baseline on victims depends on fatigue: better as calibrated "
         "and in 2 "
         "others; worse without fatigue; not settled in a quiet year."),
        ("better worse better same same",
         "How guard compares with baseline on victims depends on deterrence and the kind of year: "
         "better as "
         "calibrated and without fatigue; worse without deterrence; no different in a quiet year "
         "and in a violent year."),
        ("open better open worse better",
         "How guard compares with baseline on victims depends on the kind of year: better without "
         "deterrence "
         "and in a violent year; worse in a quiet year; not settled as calibrated and without "
         "fatigue."),
    ],
)  # fmt: skip
def test_a_sentence_says_where_the_verdict_holds(standings: str, told: str) -> None:
    """What is not settled is never counted as a verdict, nor as dependence."""
    assert sentences(rows(*standings.split()), "baseline", Terms()) == [told]


def test_verdicts_that_hardly_differ_are_no_dependence() -> None:
    """One just beyond what is too small to matter, another just within: both may be alike."""
    usual, *others = rows("same", "better", "same", "same", "open")
    near = replace(others[0], low=-0.6, high=-0.1)
    assert sentences([usual, near, *others[1:]], "baseline", Terms()) == [
        "guard is no different from baseline on victims in 3 of 5 variants of the model; better "
        "without deterrence, but the difference between variants may be chance; not settled in a "
        "violent year."
    ]


def test_each_policy_has_a_sentence_and_a_table() -> None:
    """In the order in which they come, a row for each variant."""
    every = [*rows(*["better"] * 5), *rows(*["open"] * 5, scenario="idle")]
    said = sentences(every, "baseline", Terms())
    assert all(name in one for name, one in zip(["guard", "idle"], said, strict=True))
    first, second = scenario_tables(every, "baseline", "90 % CI", Terms())
    assert first.title == "guard against baseline: victims, 30 pairs in each"
    assert second.rows[1] == (
        "without deterrence", "10", real_minus("-1.0 (-2.0 to 0.50)"), real_minus("-10 %"), "open"
    )  # fmt: skip


def table(pairs: int = 60) -> pa.Table:
    """A policy that spares a third of victims, but none where fear is off."""
    rng = np.random.default_rng(3)
    victims = rng.poisson(9.0, pairs)
    spared = rng.binomial(victims, 0.33)
    idle = rng.permutation([*[1] * (pairs // 2), *[-1] * (pairs // 2)])
    said = {
        "baseline": victims, "guard": victims - spared, "baseline@no_fear": 2 * victims,
        "guard@no_fear": 2 * victims, "baseline@luck": victims, "guard@luck": victims + 3 * idle,
    }  # fmt: skip
    return runs({name: {"victims": column.tolist()} for name, column in said.items()})


def test_without_a_word_the_model_is_as_calibrated() -> None:
    """A comparison of such runs lists each scenario once, and a note mentions the variants."""
    found = compare(table())
    assert found.names == ("baseline", "guard")
    assert len(found.ranking) == 2
    assert found.structure == ()
    assert found.structural == []
    assert any("2 structural variants" in note and "--structure" in note for note in found.notes)


def test_each_variant_has_its_own_baseline() -> None:
    """A difference is taken inside a variant, and judged as it would be by itself."""
    found = compare(table(), structure=True)
    usual, off, luck = found.structure
    assert [row.variant for row in found.structure] == ["calibrated", "no_fear", "luck"]
    assert usual.difference == found.contrast("guard", "victims").difference < 0.0
    assert usual.judgement == "better"
    assert off.baseline_mean == 2 * usual.baseline_mean
    assert (off.difference, off.word) == (0.0, "no different")
    assert luck.word == "not settled"
    assert found.structural == [
        "How guard compares with baseline on victims depends on no fear: better as calibrated; no "
        "different "
        "under no fear; not settled under luck."
    ]
    assert not any("structural variants" in note for note in found.notes)
    assert found.table("structure").num_rows == 3


def test_other_baselines_and_outcomes_are_looked_at_too() -> None:
    """The harm, the confidence and the baseline are those of the question."""
    found = compare(table(), "guard", structure=True, rope={"victims": 100.0})
    assert [row.scenario for row in found.structure] == ["baseline"] * 3
    assert {row.word for row in found.structure} == {"no different"}


def test_a_policy_without_a_variant_is_told_of_the_others() -> None:
    """One that came to the store later, as calibrated only."""
    every = table()
    late = every.filter(pa.compute.field("scenario") != "guard@luck")
    assert [row.variant for row in compare(late, structure=True).structure] == [
        "calibrated", "no_fear"
    ]  # fmt: skip
    none = late.filter(pa.compute.field("scenario") != "guard@no_fear")
    assert compare(none, structure=True).structure == ()


def test_results_without_variants_say_how_to_get_them() -> None:
    """Neither a table of plain runs nor one scenario by itself has such a verdict."""
    plain = runs({"baseline": {"victims": [1, 2]}, "guard": {"victims": [1, 1]}})
    with pytest.raises(MissingTableError, match="panj batch -o STORE --structure"):
        _ = compare(plain, structure=True).structure
    one = runs({"baseline": {"victims": [1, 2]}, "baseline@luck": {"victims": [1, 1]}})
    with pytest.raises(MissingTableError, match="there is one scenario"):
        _ = compare(one, structure=True).structure


def test_a_name_with_a_variant_is_no_scenario_to_ask_for() -> None:
    """It is asked for by the flag."""
    with pytest.raises(PanjError, match="no such scenario"):
        compare(table(), scenarios=["guard@luck"])


def test_a_source_opens_one_variant() -> None:
    """Its names are those of the variant, found by the usual ones."""
    source = open_source(table())
    inside, there = source.in_variant(source.variants[0])
    assert there == {"baseline": "baseline@no_fear", "guard": "guard@no_fear"}
    assert inside.names == ("baseline@no_fear", "guard@no_fear")
    assert inside == replace(inside, origins={})
