"""``--year``: the conditions in which runs start, and its refusals."""

import json
from pathlib import Path

import pytest
from invoking import panj, refused

from sim.runs.posterior import LatentYear, Posterior, UncertainParameter
from sim.runs.store import Store

KEYS = ("regimes.flow_first", "regimes.first_spread")
OF_YEARS = Posterior(
    (UncertainParameter("patrols.p_sight", ("patrols.p_sight",), "set", (0.3,)),),
    ((0.1,), (0.2,)),
    "panj calibrate -o fit",
    years={
        "2016": LatentYear("republic", KEYS, ((-1.0, 0.0), (-2.0, 0.0))),
        "coming": LatentYear("emirate", KEYS, ((0.5, 0.7), (0.6, 0.7))),
    },
)
SHORT = ["--serial", "--set", "days=10"]


@pytest.fixture
def fit(tmp_path: Path) -> str:
    """A posterior that knows one past year and the coming one."""
    OF_YEARS.write(tmp_path / "fit")
    return str(tmp_path / "fit")


@pytest.mark.parametrize(
    ("asked", "wanted", "words"),
    [
        ([], None, "the coming year (regime: emirate)"),
        (["--year", "coming"], None, "the coming year (regime: emirate)"),
        (["--year", "2016"], "2016", "the year 2016 (regime: republic)"),
    ],
)
def test_a_batch_and_its_store_say_their_year(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    fit: str,
    asked: list[str],
    wanted: str | None,
    words: str,
) -> None:
    """The draws are for this year in both scenarios; batch and store name it."""
    folder = str(tmp_path / "s")
    both = ["baseline", "triggered", "-n", "2", "-o", folder, *SHORT]
    said = panj(capsys, "batch", *both, "--posterior", fit, *asked)
    assert f"The first year of each run is drawn for {words}." in said
    assert Store.open(folder).posterior == OF_YEARS.of_year(wanted)
    assert f"draws: of 3 parameters, for {words}, from panj cal" in panj(
        capsys, "store", "info", folder
    )
    told = json.loads(panj(capsys, "store", "info", folder, "--json"))["draws"]
    assert (told["year"], told["parameters"]) == (wanted or "coming", ["patrols.p_sight", *KEYS])
    more = json.loads(panj(capsys, "batch", "-n", "3", "-o", folder, "--serial", "--json"))
    assert more["draws"] == told


def test_a_store_goes_on_with_its_year_only(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, fit: str
) -> None:
    """A store refuses another year, and the message names both."""
    same = ["batch", "baseline", "-o", str(tmp_path / "s"), *SHORT]
    panj(capsys, *same, "-n", "1", "--posterior", fit, "--year", "2016")
    assert "1 new in" in panj(capsys, *same, "-n", "2", "--posterior", fit, "--year", "2016")
    err = refused(capsys, *same, "-n", "3", "--posterior", fit)
    assert (
        "2 draws, for the year 2016 (regime: republic): runs with other draws cannot be paired"
        in err
    )
    assert '--year = "the coming year (regime: emirate)"' in err
    assert "Leave --posterior, --draws and --year out" in err
    assert "1 new in" in panj(capsys, *same, "-n", "3")


@pytest.mark.parametrize(
    ("posterior", "said"),
    [
        ("prior", "the prior says nothing about single years"),
        ("none", "--year needs a posterior"),
        ("fit", "does not know this year. It knows 2016, and 'coming', the year that follows"),
        ("plain", "this posterior does not know the state of single years"),
        ("table.csv", "this posterior does not know the state of single years"),
    ],
)
@pytest.mark.parametrize("verb", ["batch", "rare"])
def test_a_year_that_cannot_be_drawn_is_refused(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    fit: str,
    verb: str,
    posterior: str,
    said: str,
) -> None:
    """The prior, none, an unknown year, and draws without years are refused."""
    Posterior(OF_YEARS.parameters, OF_YEARS.draws, "plain").write(tmp_path / "plain")
    (tmp_path / "table.csv").write_text("patrols.p_sight\n0.2\n")
    where = posterior if posterior in ("prior", "none") else str(tmp_path / posterior)
    rest = {"batch": ["-o", str(tmp_path / "s")], "rare": ["--event", "deaths>=5"]}[verb]
    err = refused(capsys, verb, "baseline", *rest, "--posterior", where, "--year", "2011")
    assert said in err
    assert not (tmp_path / "s").exists()


def test_rare_years_are_drawn_for_a_year(capsys: pytest.CaptureFixture[str], fit: str) -> None:
    """Text and JSON name the year; every requested draw is used."""
    quiet = ["smugglers.loads_per_year=0", "false_alarms.per_100_km_year=0", "posts.spacing_km=80"]
    small = [*SHORT, *(word for setting in quiet for word in ("--set", setting))]
    asked = ["rare", "baseline", "--event", "deaths>=5000", "-n", "2", "--posterior", fit, *small]
    assert "Root years are drawn for the coming year (regime: emirate)." in panj(capsys, *asked)
    told = json.loads(panj(capsys, *asked, "--year", "2016", "--json"))["draws"]
    assert (told["year"], told["regime"]) == ("2016", "republic")
    assert told["digest"] == OF_YEARS.of_year("2016").digest
