"""The parts of a report: sentences, cells and inline figures."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_reader import Page
from report_stores import DRAWN, EVIL, SIGHT, scenario

from sim.comparison.comparison import Comparison, compare
from sim.comparison.number_format import (
    DASH,
    MINUS,
    interval_text,
    per_cent,
    real_minus,
    short,
    with_interval,
)
from sim.comparison.source import Provenance
from sim.comparison.terms import PLAIN
from sim.comparison.text_tables import differences_by_scenario, ranking
from sim.report import style
from sim.report.brief import question
from sim.report.inline_figure import InlineFigure, inline_figure
from sim.report.jinja import environment
from sim.report.layout import MARGIN, add_panel, new_frame
from sim.report.matrix_text import cell_text, column_heads, full_matrices
from sim.report.parameters import (
    MOST_LEVERS,
    count_assumptions,
    levers,
    pinned,
    posterior_sentences,
    posterior_table,
)
from sim.runs.posterior import LatentYear, Posterior
from sim.runs.provenance import without_paths
from sim.scenario.values import with_overrides

# -- the question -----------------------------------------------------------------------------


def years(n: int = 40, **policies: list[int]) -> pa.Table:
    """A baseline and policies; each list holds the changes of victims under a policy, in turn."""
    rng = np.random.default_rng(3)
    base = rng.poisson(9.0, n)
    rows = []
    for name, changes in {"baseline": [0], **policies}.items():
        for r in range(n):
            change = changes[r % len(changes)]
            rows.append({
                "scenario": name, "replicate": r, "victims": int(base[r] + change),
                "interdiction_share": 0.1 - 0.01 * change,
                "cost_usd": 1e7 - 2e6 * change + 1e3 * rng.normal(),
            })  # fmt: skip
    return pa.Table.from_pylist(rows)


def test_the_question_names_the_harm_in_full() -> None:
    """The word comes with what it counts."""
    found = compare(years(a=[1], b=[2]))
    assert question(found, PLAIN) == (
        "Which of these 2 policies does best on victims (guards, workers and villagers killed), "
        "compared with baseline, and at what cost?"
    )


# -- tables -----------------------------------------------------------------------------------


def test_a_table_has_a_cell_for_each_scenario_and_outcome() -> None:
    """Harm in one table, the rest in the other; shares in points; a judgement in each cell."""
    (_, harm), (_, other) = full_matrices(compare(years(helps=[-2, -1])))
    assert column_heads(harm, PLAIN) == [("Victims", "a year")]
    assert [unit for _, unit in column_heads(other, PLAIN)] == ["%", "a year"]
    assert cell_text(other.base.cells[0]).mean == "10"
    assert cell_text(other.rows[0].cells[0]).difference.startswith("+1.5 (")
    assert harm.rows[0].cells[0].mark == "better"
    assert cell_text(harm.rows[0].cells[0]).difference.startswith(f"{MINUS}1.5 (")


def test_standings_follow_the_ranking_with_the_baseline_among_them() -> None:
    """The best mean first; the baseline has no difference to itself."""
    found = compare(years(worse=[1], helps=[-1]))
    assert [row[0] for row in ranking(found, PLAIN).rows] == ["helps", "baseline", "worse"]
    own = differences_by_scenario(found, "victims", PLAIN)
    assert [(row[0], row[4], row[-1]) for row in own.rows] == [
        ("worse", "0 %", "worse"), ("helps", "100 %", "better"),
    ]  # fmt: skip
    assert {len(row) for row in own.rows} == {len(own.heads)}


def test_an_unknown_figure_is_a_dash() -> None:
    """Scenarios without a common replicate have rows without numbers."""
    rows = [row for row in years(near=[1], far=[0]).to_pylist()]
    apart = [{**row, "replicate": row["replicate"] + 100} if row["scenario"] == "far" else row
             for row in rows]  # fmt: skip
    table = pa.Table.from_pylist(apart)
    found: Comparison = compare(table)
    (row,) = (row for row in full_matrices(found)[0][1].rows if row.scenario == "far")
    assert row.cells[0].mark == "unknown"
    assert cell_text(row.cells[0]) == (DASH, "", DASH, DASH)


# -- words ------------------------------------------------------------------------------------


def test_numbers_are_written_for_readers() -> None:
    """A real minus, a dash for an unknown, whole per cent, and both ends or none."""
    assert short(-1234567.0) == f"{MINUS}1.23M"
    assert short(None) == per_cent(None) == DASH
    assert per_cent(0.934) == "93 %"
    assert interval_text(-1.0, 2.5) == f"{MINUS}1.0 to 2.5"
    assert interval_text(None, 2.5) == ""
    assert with_interval(1.0, None, None) == "1.0"
    assert with_interval(1.0, 0.5, 2.0, 100.0) == "100 (50 to 200)"
    assert with_interval(None, None, None) == DASH
    assert real_minus("-3.2e-05") == f"{MINUS}3.2e{MINUS}05"


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        ("panj batch a.toml -o results/x", "panj batch a.toml -o results/x"),
        ("panj batch /data/u/a.toml -o '/data/my runs/x'", "panj batch …/a.toml -o '…/x'"),
        ("panj batch -o=/srv/x --cluster tcp://node7:8786", "panj batch -o=…/x --cluster tcp://…"),
        (r"panj batch C:\Users\me\a.toml", "panj batch …/a.toml"),
        ("panj batch ~/x --set a.b=0.5", "panj batch …/x --set a.b=0.5"),
        (None, ""),
    ],
)
def test_commands_lose_what_belongs_to_one_machine(command: str | None, kept: str) -> None:
    """Relative paths, options and values stay."""
    assert without_paths(command) == kept


@settings(max_examples=30)
@given(st.text(max_size=60))
def test_no_command_is_too_strange(command: str) -> None:
    """Any text can be cleaned, and cleaning twice changes nothing more."""
    once = without_paths(command)
    assert without_paths(once) == once


# -- what drives the result -------------------------------------------------------------------


def test_levers_are_those_that_differ() -> None:
    """Key, both values, unit and source; a scenario without any has a sentence."""
    specs = {"baseline": scenario("baseline"), "b": scenario("b"), "same": scenario("baseline")}
    found, told = levers(specs, ["baseline", "b", "same"], PLAIN)
    assert [row[:2] for row in found.rows] == [("b", "technical.camera_coverage")]
    assert found.rows[0][-1] == "assumption"
    assert told == ["same does not differ from baseline."]


def test_many_levers_are_counted() -> None:
    """Beyond the limit the others are counted."""
    base = scenario("baseline")
    weights = {f"smugglers.district_weights.{d}": 1.5 + i for i, d in
               enumerate(base.smugglers.district_weights)}  # fmt: skip
    more = {f"cells.district_weights.{d}": 1.5 + i for i, d in
            enumerate(base.smugglers.district_weights)}  # fmt: skip
    found, told = levers(
        {"baseline": base, "b": with_overrides(base, {**weights, **more})},
        ["baseline", "b"], PLAIN,
    )  # fmt: skip
    assert len(found.rows) == MOST_LEVERS
    assert told[0].endswith("more parameters.")


def test_assumptions_are_counted() -> None:
    """Most parameters have no other source, and not all."""
    some, every = count_assumptions()
    assert 0 < some < every


def test_parameters_that_draws_do_not_change_are_named() -> None:
    """A scenario that sets a drawn parameter keeps its own value."""
    specs = {"a": scenario("a"), "b": scenario("b", **{SIGHT: 0.9})}
    assert pinned(DRAWN, specs, PLAIN) == [f"b keeps its own {SIGHT}."]


def test_what_the_data_taught() -> None:
    """The moved first, with the spread kept: the square root of the variance kept."""
    rows = posterior_table(DRAWN).rows
    assert [row[-1] for row in rows] == ["something", "almost nothing"]
    assert rows[0][4] == "60 %"
    assert posterior_sentences(DRAWN)[0] == "The reports taught something about 1 of 2 parameters."
    assert "<b>wild</b>: it keeps" in posterior_sentences(DRAWN)[1]


def test_the_state_of_a_year_is_not_a_parameter_that_was_learnt() -> None:
    """It comes last, names its year, and is not counted among the parameters."""
    state = LatentYear("emirate", ("regimes.flow",), tuple((1.0 + i,) for i in range(8)))
    drawn = replace(DRAWN, years={"coming": state}).of_year()
    assert posterior_table(drawn).rows[-1][-1] == "is the state of the coming year"
    assert posterior_sentences(drawn) == posterior_sentences(DRAWN)
    told = facts(Provenance(7, {}, {}, [], mixed=False, complete=True), drawn)
    assert ", for the coming year (regime: emirate), from panj" in told["Uncertain parameters"]


def facts(made: Provenance, drawn: Posterior | None) -> dict[str, str]:
    """The terms and definitions of the page."""
    page = (
        environment()
        .get_template("facts.html.j2")
        .render(provenance=made, posterior=drawn, command="")
    )
    return dict(re.findall(r"<dt>(.*?)</dt><dd>\s*(.*?)\s*</dd>", page, flags=re.DOTALL))


def test_provenance_of_a_store_that_was_mixed_or_stopped() -> None:
    """Both are named, and so are uncommitted changes."""
    made = {"code": "c0de", "versions": {"panj": "1", "odd": None},
            "commit": {"id": "abc", "dirty": True}}  # fmt: skip
    told = facts(Provenance(7, {}, made, [], mixed=True, complete=False), None)
    assert told["Model's code"] == "digest c0de, commit abc with changes"
    assert told["Versions"] == "panj 1"
    assert {"Mixed", "Unfinished"} <= set(told)


# -- drawings ---------------------------------------------------------------------------------


def drawing(title: str = "A finding", prefix: str = "p") -> InlineFigure:
    """A small figure with words, a clipped line, a legend and a label at the left margin."""
    with style.styled():
        page = new_frame(240.0, (title, "What it rests on"), "How to read it").figure
        page.text(MARGIN / page.bbox.width, 0.5, "an axis", rotation=90)
        ax = add_panel(page, 80, 60, 600, 200)
        ax.plot([0, 1, 2], [0.123456789, 9, 1], label="line")
        ax.set_ylim(0, 2)
        ax.legend()
        return inline_figure(page, prefix)


def test_headline_and_note_are_taken_out_of_the_drawing() -> None:
    """Title, subtitle and note are text; an axis label at the same margin stays in the drawing."""
    found = drawing()
    assert found[:3] == ("A finding", "What it rests on", "How to read it")
    assert float(found.svg.split('viewBox="')[1].split()[3].strip('"')) < 300.0 * 72 / style.DPI
    assert 'aria-label="A finding. What it rests on"' in found.svg


def test_drawings_do_not_clash() -> None:
    """Ids begin with the prefix, and every reference is to one of them."""
    one, two = drawing(prefix="a"), drawing(prefix="b")
    page = Page(f"<html><body>{one.svg}{two.svg}</body></html>")
    assert page.faults == []
    assert page.ids()
    assert all(name.startswith(("a-", "b-")) for name in page.ids())
    assert one == drawing(prefix="a")
    assert "url(#a-" in one.svg


def test_a_drawing_holds_nothing_that_acts_on_the_page() -> None:
    """No style sheet, no metadata, no comment, no external name."""
    svg = drawing(EVIL.replace("$", "")).svg
    root = ElementTree.fromstring(svg)
    assert not [e for e in root.iter() if e.tag in ("style", "metadata", "script", "title")]
    assert "<!--" not in svg
    assert "http" not in svg
    assert "<script>" not in svg


def test_the_template_is_shipped_beside_the_code() -> None:
    """Page and styles lie in the package."""
    import sim.report

    folder = Path(sim.report.__file__).parent / "templates"
    assert {"brief.html.j2", "parts.html.j2", "report.css", "report.html.j2"} <= {
        path.name for path in folder.iterdir()
    }
