"""The pictures of one run, from its folder."""

import json
from dataclasses import replace

import pytest
from pictures import collisions, outside, words_of

import sim
from sim.errors import StoreError
from sim.model import BorderModel
from sim.report.anatomy import draw_gravest
from sim.report.funnel_run import draw_run_funnel
from sim.report.one_run import OneRun
from sim.report.strip_map import draw_strip_map
from sim.runs.one_run import write_run

SHORT = sim.load("baseline", {"days": 12.0})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run of twelve days, as 'panj run -o' writes it."""
    path = tmp_path_factory.mktemp("runs") / "run"
    write_run(BorderModel(SHORT, seed=3).run(), path)
    return path


@pytest.fixture(scope="module")
def run(folder):
    """The same run, read."""
    return OneRun.read(folder)


def test_a_run_is_read_as_it_was_written(run):
    """Scenario, seed, days and every record."""
    model = BorderModel(SHORT, seed=3).run()
    assert run == OneRun.of(model)


@pytest.mark.slow
@pytest.mark.parametrize("draw", [draw_strip_map, draw_run_funnel, draw_gravest])
def test_each_picture_is_readable(run, draw):
    """No words overlap, none is off the page."""
    figure = draw(run)
    assert collisions(figure) == []
    assert outside(figure) == []
    assert words_of(figure)


def test_a_run_that_cannot_be_repeated_has_no_anatomy(run):
    """The paths of patrols are simulated again: other code would give another story."""
    with pytest.raises(StoreError, match="does not give the same run"):
        draw_gravest(replace(run, seed=4))
    one, *others = run.incidents
    with pytest.raises(StoreError, match="does not give the same run"):
        draw_gravest(replace(run, incidents=[one._replace(at=one.at + 0.001), *others]))


def test_another_machine_may_differ_in_far_digits(run):
    """A time that differs by a millisecond is the same time."""
    one, *others = run.incidents
    near = one._replace(at=one.at + 1e-3 / 86400.0)
    assert draw_gravest(replace(run, incidents=[near, *others])) is not None


def test_a_run_without_an_incident_has_no_anatomy(run):
    """And the run is named."""
    with pytest.raises(StoreError, match="seed 3"):
        draw_gravest(replace(run, incidents=()))


def test_a_scenario_of_another_version_is_refused(folder, tmp_path):
    """With a remedy, not with a traceback."""
    said = json.loads((folder / "run.json").read_text("utf-8"))
    said["scenario"]["days"] = -1.0
    (tmp_path / "run.json").write_text(json.dumps(said), "utf-8")
    with pytest.raises(StoreError, match="does not fit this version"):
        OneRun.read(tmp_path)
