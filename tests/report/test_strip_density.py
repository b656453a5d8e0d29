"""The strip map of many runs: where and when incidents happen in a mean run."""

import random

import numpy as np
import pyarrow as pa
import pytest
from matplotlib.collections import QuadMesh
from pictures import START, collisions, counted, incident, outside, words_of

from sim.errors import StoreError
from sim.frontier.ground import Ground
from sim.incidents.kinds import INCIDENTS
from sim.incidents.records import Incident
from sim.report.strip_density import COLUMNS, RecordedIncidents, draw_strip_density, finding
from sim.report.strip_layout import bins
from sim.report.style import save
from sim.runs.arrow import to_table

LAND = Ground.default()


def happened(count=60, runs=4, days=365.0, kinds=tuple(INCIDENTS)):
    """Incidents here and there, half of them in one district, a fifth of them deadly."""
    draw = random.Random(7)
    rows = [
        incident(
            440.0 if i % 2 else draw.uniform(0.0, 1340.0), draw.uniform(0.0, days),
            draw.choice(kinds), killed_guards=int(i % 5 == 0),
        )
        for i in range(count)
    ]  # fmt: skip
    table = to_table(rows, Incident).select(list(COLUMNS))
    return RecordedIncidents(
        table, runs, START, days, LAND, "a baseline", "year" if days == 365.0 else "run"
    )


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(happened(0), marks=SLOW),
        pytest.param(happened(1, 1, 0.5), marks=SLOW),
        pytest.param(happened(500, 1000, 3650.0), marks=SLOW),
    ],
    ids=["nothing", "one in half a day", "ten years, rare"],
)
def test_no_words_overlap(made):
    """All districts, kinds, shades and margins; also where nothing happens."""
    readable(draw_strip_density(made))


def readable(figure):
    """No word on another, none off the page, no NaN."""
    assert collisions(figure) == []
    assert outside(figure) == []
    words = " ".join(words for words, _ in words_of(figure)).lower().split()
    assert not {"nan", "inf"} & set(words)


def density(made):
    """The panel of chainage and time."""
    return draw_strip_density(made).axes[1]


def test_the_cells_add_up_to_the_incidents_of_a_mean_run():
    """Each incident is in one cell of 20 km and one bin of time."""
    (mesh,) = (c for c in density(happened(60, 4)).collections if isinstance(c, QuadMesh))
    assert np.asarray(mesh.get_array()).sum() == pytest.approx(60 / 4)
    by_km, by_day = bins(LAND, 365.0)
    assert np.asarray(mesh.get_array()).size == (len(by_km) - 1) * (len(by_day) - 1)


def test_the_deadly_have_a_dot():
    """One for each incident in which people died."""
    shown = density(happened(60)).collections
    (dots,) = (each for each in shown if len(each.get_offsets()) == 12)
    assert len(dots.get_offsets()) == 12


def test_the_margins_are_means_of_a_run():
    """By place and by time, the same incidents; and nothing overlaps."""
    figure = draw_strip_density(happened(60, 4))
    readable(figure)
    _, _, by_place, by_time, *_ = figure.axes
    assert counted(by_place) == counted(by_time) == pytest.approx(15.0)


def test_the_title_says_the_finding():
    """The number per run and where most of them are, or that nothing happens."""
    words = finding(happened(60, 4))
    assert words.startswith("A year of a baseline has 15.0 incidents, ")
    assert words.endswith("of them in Shamsiddin Shohin")
    assert finding(happened(0)) == "Nothing happens under a baseline"


@pytest.mark.slow
def test_the_order_of_rows_does_not_matter(tmp_path):
    """Runs end in any order; the figure has the same bytes."""
    made = happened(30)
    rows = made.table.num_rows
    turned = made._replace(table=made.table.take(pa.array(range(rows - 1, -1, -1))))
    one, two = (
        save(draw_strip_density(each), tmp_path / f"{i}.png").read_bytes()
        for i, each in enumerate((made, turned))
    )
    assert one == two


def test_a_scenario_without_a_finished_run_is_refused():
    """A scenario that only failed cannot be drawn."""
    with pytest.raises(StoreError, match="a baseline"):
        draw_strip_density(happened(0, 0))
