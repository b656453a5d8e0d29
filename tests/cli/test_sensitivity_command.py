"""``panj sensitivity``: its output, its result in the store, and its refusals."""

import json
from pathlib import Path

import pytest
from invoking import panj, refused

from sim.cli.main import main
from sim.comparison.terms import PLAIN
from sim.report.explorations import exploration_sections

SMALL = ["--serial", "-n", "2", "--seeds", "2"]
for _setting in (
    "days=20",
    "smugglers.loads_per_year=0",
    "false_alarms.per_100_km_year=0",
    "cells.plans_per_year=12",
    "posts.spacing_km=80",
    "villages.per_100_km=1",
):
    SMALL += ["--set", _setting]
LEVERS = ["--over", "teams.per_district=0:4", "--over", "cells.count=2:9"]


def test_it_tells_draws_and_leaves_a_section(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It gives sentences, tables, a picture, JSON, and a section of the report."""
    store, picture = tmp_path / "store", tmp_path / "tornado.png"
    question = ["baseline", "triggered", *LEVERS, "-o", str(store), *SMALL]
    question += ["--outcomes", "victims,cost_usd"]
    out = panj(capsys, "sensitivity", *question, "--plot", str(picture))
    assert "difference of triggered to baseline in expected victims" in out
    assert "Every outcome of baseline" in out
    assert "cells.count" in out
    assert max(map(len, out.replace(str(tmp_path), "").splitlines())) <= 100
    assert picture.stat().st_size > 5_000
    said = json.loads(panj(capsys, "sensitivity", *question, "--json"))
    assert said["points"] == 6
    assert said["runs"] == 24
    assert [f["name"] for f in said["factors"]] == ["teams.per_district", "cells.count"]
    assert (said["factors"][0]["low"], said["factors"][0]["high"]) == (0.0, 4.0)
    assert len(said["subjects"]) == 4
    assert main(["store", "verify", str(store), "--rerun", "1"]) == 0
    (section,) = exploration_sections(store, PLAIN)
    assert section.link == ("sensitivity", "What it depends on")
    assert section.origin.endswith("in 24 years.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["baseline", "--over", "patrols.sortie_per_day=1:6"], "patrols.sorties_per_day"),
        (["baseline", "--over", "patrols.size=6:1"], "the lower first"),
        (["baseline", "--outcomes", "victim"], "Did you mean victims"),
        (["baseline", "--method", "sobol", "-n", "100"], "64 or 128"),
        (["baseline", "--posterior", "nowhere"], "there is no posterior"),
        (["baseline", "--plot", "a.gif"], "End the name in"),
        (["baseline", "triggered", "surveillance"], "one scenario, or two"),
        (["baseline", "--over", "smugglers.size_least=1:12", "-n", "2"], "cannot be run"),
        (["baseline", "--cluster", "tcp://a:1", "--serial"], "--cluster runs on other machines"),
    ],
)
def test_a_mistake_is_one_message(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], said: str
) -> None:
    """A mistake gives one message; nothing runs and no folder is made."""
    assert said in refused(capsys, "sensitivity", *arguments, "-o", str(tmp_path / "store"))
    assert not (tmp_path / "store").exists()


def test_a_store_of_another_kind_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A batch that is not a design is refused and not changed."""
    store = str(tmp_path / "store")
    changes = [text for text in SMALL[5:]]
    assert main(["batch", "baseline", "-n", "1", "-o", store, "--serial", *changes]) == 0
    said = refused(capsys, "sensitivity", "baseline", *LEVERS, "-o", store, *SMALL)
    assert "runs that are not a design" in said
