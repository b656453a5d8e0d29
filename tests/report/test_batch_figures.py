"""What holds for every figure of any batch."""

import warnings
from dataclasses import replace
from functools import cache

import pyarrow as pa
import pytest
from batches import BATCHES, PLACES, found_in, outcomes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pictures import collisions, outside, words_of

from sim.comparison.terms import Terms
from sim.errors import PanjError, StoreError
from sim.report.displacement import draw_displacement
from sim.report.gallery import ComparisonSource, comparison_source, draw, kinds_of
from sim.report.style import save

NEED_MORE = ("displacement", "structure", "regret", "ceiling", "funnel", "strip")
BY_RUN = [name for name in kinds_of(ComparisonSource) if name not in NEED_MORE]
OUTCOMES = ("victims", "crossings", "interdiction_share", "cost_usd")

kinds = pytest.mark.parametrize("kind", BY_RUN)
batches = pytest.mark.parametrize("batch", BATCHES)


@cache
def compared(batch, outcome):
    """One of the batches, compared once for all kinds of picture."""
    return comparison_source(BATCHES[batch], outcome=outcome)


def drawn(kind, table, outcome="victims", terms=None):
    """The picture of one of the batches, or of a table."""
    known = isinstance(table, str)
    subject = compared(table, outcome) if known else comparison_source(table, outcome=outcome)
    if terms is not None:
        subject = replace(subject, comparison=subject.comparison.called(terms))
    return draw(kind, subject)


@kinds
@batches
def test_no_words_overlap(kind, batch):
    """Titles, names, numbers and notes keep apart and are on the page, whatever the batch.

    Words say where something is unknown: no NaN, no infinity, no warning.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = drawn(kind, batch)
    assert collisions(figure) == []
    assert outside(figure) == []
    told = " ".join(words for words, _ in words_of(figure)).lower()
    told = told.replace("none of the", "").split()
    assert {"nan", "inf", "none", "[nan,"}.isdisjoint(told)


@pytest.mark.parametrize("kind", ["outcome", "cost", "convergence"])
@pytest.mark.parametrize(
    ("batch", "outcome"),
    [("twelve", "crossings"), ("twelve", "interdiction_share"), ("enormous", "cost_usd")],
)
def test_words_keep_apart_for_other_units(kind, batch, outcome):
    """Counts in hundreds, shares and millions of dollars are as readable as victims."""
    figure = drawn(kind, batch, outcome)
    assert collisions(figure) == []
    assert outside(figure) == []


@pytest.mark.parametrize("measure", ["victims", "not_stopped"])
@pytest.mark.parametrize("batch", PLACES)
def test_words_keep_apart_along_the_line(batch, measure):
    """Districts, scenarios and numbers of the displacement keep apart."""
    figure = draw_displacement(found_in(PLACES[batch]), measure=measure)
    assert collisions(figure) == []
    assert outside(figure) == []


@pytest.mark.parametrize(
    ("kind", "ending"),
    [*((kind, ".svg") for kind in BY_RUN), ("outcome", ".png"), ("outcome", ".pdf")],
)
def test_the_same_batch_gives_the_same_bytes(kind, ending, tmp_path):
    """A figure depends only on the table."""
    one = save(drawn(kind, "two"), tmp_path / f"one{ending}").read_bytes()
    assert save(drawn(kind, "two"), tmp_path / f"two{ending}").read_bytes() == one


def test_the_strips_give_the_same_bytes(tmp_path):
    """So is the displacement."""
    one = save(draw_displacement(found_in(PLACES["two"])), tmp_path / "one.svg").read_bytes()
    assert (
        save(draw_displacement(found_in(PLACES["two"])), tmp_path / "two.svg").read_bytes() == one
    )


@kinds
def test_the_order_of_rows_does_not_matter(kind, tmp_path):
    """Workers finish in any order; the figure is the same."""
    table = BATCHES["failures"]
    first = pa.concat_tables([table.slice(0, 1), table.slice(1)[::-1]])
    names = table.column("scenario").unique().to_pylist()
    back = first.take(pa.array(sorted(
        range(first.num_rows), key=lambda i: (names.index(first["scenario"][i].as_py()), -i)
    )))  # fmt: skip
    one = save(drawn(kind, "failures"), tmp_path / "one.svg").read_bytes()
    two = save(drawn(kind, back), tmp_path / "two.svg").read_bytes()
    assert one == two


@kinds
def test_failed_runs_change_nothing(kind, tmp_path):
    """A batch with failed runs looks like one without them."""
    table = BATCHES["failures"]
    done = pa.table({
        name: table.column(name) for name in table.column_names
    }).filter(pa.compute.equal(table.column("status"), "done"))  # fmt: skip
    names = ("baseline", "some", "vague")
    kept = table.filter(pa.compute.is_in(table.column("scenario"), pa.array(names)))
    one = save(drawn(kind, kept), tmp_path / "one.svg").read_bytes()
    two = save(drawn(kind, done), tmp_path / "two.svg").read_bytes()
    assert one == two


@kinds
def test_labels_stand_in_for_names(kind):
    """A title given for a scenario is what the reader sees."""
    terms = Terms({"policy": "A better policy"}, "run")
    told = " ".join(words for words, _ in words_of(drawn(kind, "two", terms=terms)))
    assert "A better policy" in told.replace("\n", " ") or kind == "ridgeline"
    assert " a year" not in told


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"baseline": "basline"}, "baseline"),
        ({"outcome": "victim"}, "victims"),
        ({"target": 0.0}, "target"),
        ({"target": float("nan")}, "target"),
        ({"results": outcomes(())}, "no runs"),
        ({"results": pa.table({"victims": [1]})}, "no column scenario"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_cannot_be_drawn_is_refused_in_words(changes, words):
    """An unknown name, an empty table, a target of zero: a message with the remedy."""
    with pytest.raises(PanjError, match=words):
        comparison_source(**{"results": BATCHES["two"], "baseline": "baseline", **changes})


def test_displacement_needs_districts():
    """A store without districts gives a message."""
    with pytest.raises(StoreError, match="districts"):
        drawn("displacement", "two")


def test_confidence_sets_the_intervals_of_figures():
    """Wider for a higher confidence, which the note names."""
    wide, narrow = (
        comparison_source(BATCHES["two"], confidence=level).comparison.of("victims")[0].interval
        for level in (0.99, 0.8)
    )
    assert wide.low < narrow.low < narrow.high < wide.high
    figure = draw("outcome", comparison_source(BATCHES["two"], confidence=0.99))
    told = " ".join(words for words, _ in words_of(figure)).replace("\n", " ")
    assert "Thick: 99 % interval" in told
    assert "mean, 99 % interval" in told


names_drawn = st.lists(
    st.text(alphabet="abcdefghij WM-_", min_size=1, max_size=70).filter(lambda s: s.strip(" _")),
    min_size=1, max_size=13, unique=True,
)  # fmt: skip


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(names_drawn, st.integers(1, 25), st.sampled_from(OUTCOMES), st.sampled_from(BY_RUN),
       st.integers(0, 1000))  # fmt: skip
def test_words_keep_apart_whatever_the_scenarios(names, n, outcome, kind, seed):
    """Random names, numbers of scenarios and replicates: no overlap, nothing off the page."""
    table = outcomes(("baseline", *(name for name in names if name != "baseline")), n, seed)
    figure = drawn(kind, table, outcome)
    assert collisions(figure) == []
    assert outside(figure) == []
