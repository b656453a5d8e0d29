"""The figure of the distance from the ceiling: what it shows, and that it is readable."""

from dataclasses import replace

import pyarrow as pa
import pytest
from batches import LONG, found_in, look
from pictures import collisions, outside, words_of

import sim
from sim.comparison.ceiling import CeilingRow
from sim.comparison.comparison import Comparison
from sim.comparison.source import open_source
from sim.comparison.terms import Terms
from sim.errors import StoreError
from sim.report.ceiling import cell, draw_ceiling, title
from sim.report.style import save


def row(name, expected=0.04, guaranteed=0.025, most=0.036):
    """A scenario whose ceiling is four times what it reaches."""
    return CeilingRow(
        name, 69.0, expected, 4 * expected, 0.25 if expected else None, guaranteed, most,
        guaranteed / most if most else None, "panj" if guaranteed else None, True, "",
    )  # fmt: skip


def found(*rows, baseline="baseline") -> Comparison:
    """A comparison with these rows."""
    names = [each.scenario for each in rows]
    made = look(
        pa.table({"scenario": names, "replicate": [0] * len(names), "victims": [1] * len(names)}),
        baseline=baseline,
    ).comparison
    vars(made)["ceilings"] = rows
    return made


FOURTEEN = (
    row("baseline"),
    row("nobody_sees_anybody", 0.0, 0.0, 0.0),
    row("never", 0.03, 0.0),
    *(row(name, 0.01 * (n + 1), 0.003 * n) for n, name in enumerate(LONG)),
)


@pytest.mark.parametrize("rows", [FOURTEEN, FOURTEEN[:1]])
def test_no_words_overlap(rows):
    """From one row to fourteen with long names, every word can be read and is on the page."""
    figure = draw_ceiling(found(*rows))
    assert collisions(figure) == []
    assert outside(figure) == []


@pytest.mark.parametrize(("panel", "measure"), [(0, "expected"), (1, "guaranteed")])
def test_bars_are_the_figures(panel, measure):
    """A pale bar as long as the most possible, a filled one as long as what is reached."""
    axes = draw_ceiling(found(*FOURTEEN)).axes
    ax = axes[panel]
    rows = {each.scenario.replace("_", " "): each for each in FOURTEEN}
    drawn = [path.get_extents() for each in ax.collections[1:] for path in each.get_paths()]
    bars = [((box.y0 + box.y1) / 2, box.width) for box in drawn]
    most, there = [], []
    for y, name in enumerate(shown(axes[0])):
        one = next(rows[known] for known in rows if known[:20] == name[:20])
        most.append((y, getattr(one, f"{measure}_most")))
        there.append((y, getattr(one, measure)))
    assert bars == [(pytest.approx(y), pytest.approx(wide)) for y, wide in (*most, *there)]


def shown(ax):
    """The names of the rows from the top, each in one line."""
    return [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]


@pytest.mark.parametrize(("baseline", "order"), [("baseline", ["baseline", "a", "b"]),
                                                 ("b", ["b", "a", "baseline"])])  # fmt: skip
def test_the_nearest_comes_first(baseline, order):
    """The baseline on top, then by the share reached against one who looks first."""
    rows = row("b", guaranteed=0.01), row("a", guaranteed=0.03), row("baseline")
    assert shown(draw_ceiling(found(*rows, baseline=baseline)).axes[0]) == order


def test_words_beside_the_rows():
    """The probability, the most and the share, or that nothing can be seen."""
    rows = {each.scenario: each for each in FOURTEEN}
    assert cell(rows["baseline"], "expected") == "4.0 % of 16 %: 25 %"
    assert cell(rows["never"], "guaranteed") == "0 % of 3.6 %: 0 %"
    assert cell(rows["nobody_sees_anybody"], "expected") == "nothing can be seen"


def test_the_title_is_the_finding():
    """How near the scenarios come, or that the patrols see nobody."""
    told = title([row("a"), row("b", guaranteed=0.0)])
    assert told == (
        "Patrols reach 25 % of the most possible against crossers who ignore patrols and 0 % "
        "to 69 % against a crosser who looks first"
    )
    assert title(FOURTEEN[1:2]) == "These patrols can see nobody"


def test_labels_take_the_place_of_names():
    """Titles of scenarios are written where they are given."""
    renamed = found(FOURTEEN[0])
    vars(renamed)["terms"] = Terms({"baseline": "As it is now"})
    figure = draw_ceiling(renamed)
    assert any("As it is now" in words for words, _ in words_of(figure))


def test_the_same_table_gives_the_same_bytes(tmp_path):
    """Neither time nor machine changes a figure."""
    one = save(draw_ceiling(found(FOURTEEN[0])), tmp_path / "one.svg").read_bytes()
    assert save(draw_ceiling(found(FOURTEEN[0])), tmp_path / "two.svg").read_bytes() == one


def test_it_is_computed_from_the_scenarios():
    """The scenarios of a comparison give the picture; results without them lack it."""
    runs = pa.table({"scenario": ["baseline", "policy"], "replicate": [0, 0], "victims": [1, 1]})
    days = {"days": 2.0, "posts.spacing_km": 100.0}
    kept = {
        "baseline": sim.load("baseline", days),
        "policy": sim.load("baseline", {**days, "patrols.sorties_per_day": 4.0}),
    }
    source = replace(open_source(runs), specs=kept)
    assert any(words == "policy" for words, _ in words_of(draw_ceiling(found_in(source))))
    for few in ({}, {"baseline": kept["baseline"]}):
        with pytest.raises(StoreError, match="have no scenarios"):
            draw_ceiling(found_in(replace(source, specs=few)))
