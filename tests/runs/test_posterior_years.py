"""A posterior that knows of years: a batch draws the state of one, the same in every scenario."""

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from filled import ran
from quick_runs import CHOSEN, OTHER

import sim
from sim.errors import PanjError, StoreError
from sim.runs.batch import run_batch
from sim.runs.posterior import (
    DESCRIPTION_FILE,
    DRAWS_FILE,
    LatentYear,
    Posterior,
    UncertainParameter,
    choose_draws,
)
from sim.runs.request import Request
from sim.runs.store import Store
from sim.runs.verify import verify
from sim.scenario.values import with_overrides

SIGHT = UncertainParameter(
    "patrols.p_sight", ("patrols.p_sight",), "set", (0.3,), "probability", 0.6, True
)
KEYS = ("regimes.flow", "regimes.flow_first", "regimes.first_spread")
YEARS = {
    "2016": LatentYear("republic", KEYS, ((0.8, -1.0, 0.0), (0.9, 0.5, 0.0), (1.1, 2.0, 0.0))),
    "coming": LatentYear("emirate", KEYS, ((1.5, 0.1, 0.7), (1.6, -0.2, 0.7), (1.7, 0.3, 0.7))),
}
OF_YEARS = Posterior((SIGHT,), ((0.1,), (0.2,), (0.4,)), "made up", {"code": "x"}, YEARS)


def fill(folder: Path, posterior: Posterior | None, replicates: int = 5) -> Store:
    """Quick runs of two scenarios with draws."""
    request = Request([CHOSEN, OTHER], replicates, posterior=posterior)
    return ran(folder, request).store


# -- of a year ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["2016", "coming", None])
def test_a_year_becomes_parameters_of_its_draws(name: str | None) -> None:
    """Row k of the year goes with draw k; without a name it is the coming year."""
    found, year = OF_YEARS.of_year(name), YEARS[name or "coming"]
    assert found.years == {}
    assert found.parameters[0] == SIGHT
    assert [(p.name, p.keys, p.year, p.contraction) for p in found.parameters[1:]] == [
        (key, (key,), name or "coming", None) for key in KEYS
    ]
    assert [row[1:] for row in found.draws] == list(year.values)
    assert found.made == {"code": "x", "year": name or "coming", "regime": year.regime}
    after = found.apply(CHOSEN, 1).regimes
    assert (after.flow, after.flow_first, after.first_spread) == year.values[1]


def test_the_words_of_a_year() -> None:
    """The coming one, one that was, and none."""
    assert OF_YEARS.of_year().year == "the coming year (regime: emirate)"
    assert OF_YEARS.of_year("2016").year == "the year 2016 (regime: republic)"
    assert OF_YEARS.year == ""


def test_without_years_nothing_is_added() -> None:
    """A posterior that knows of none stays what it is, down to its digest."""
    plain = Posterior((SIGHT,), OF_YEARS.draws)
    assert plain.of_year() is plain
    assert plain.digest == "b5d8d6955fa0ed5ad8ca105175b74dd6"
    with pytest.raises(StoreError, match="does not know the state of single years"):
        plain.of_year("2016")


def test_a_year_that_is_not_there_is_refused() -> None:
    """The message names those that are."""
    with pytest.raises(StoreError, match=r"not know this year. It knows 2016, and 'coming'"):
        OF_YEARS.of_year("2014")


def test_a_scenario_that_sets_the_state_of_its_year_keeps_its_own() -> None:
    """As of any other parameter: it says what would be if that were known."""
    quiet = with_overrides(CHOSEN, {"regimes.flow": 0.3})
    drawn = OF_YEARS.of_year()
    assert drawn.apply(quiet, 0).regimes.flow == 0.3
    assert drawn.apply(quiet, 0).regimes.first_spread == 0.7
    assert drawn.pinned(quiet) == ["regimes.flow"]


def test_a_first_part_is_that_of_the_years_too() -> None:
    """Fewer draws have as many rows of each year, and the years change the digest."""
    few = OF_YEARS.first(2)
    assert few.of_year("2016").draws == OF_YEARS.of_year("2016").draws[:2]
    digests = {p.digest for p in (OF_YEARS, few, OF_YEARS.of_year(), OF_YEARS.of_year("2016"))}
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ({"2016": YEARS["2016"]}, "must have one called 'coming'"),
        ({"coming": LatentYear("x", KEYS, YEARS["2016"].values[:2])}, "a row for each year"),
        ({"coming": LatentYear("x", ("a.factor",), ((0.1,),) * 3)}, "both a factor and"),
    ],
)
def test_years_must_fit_the_draws(years: dict[str, LatentYear], said: str) -> None:
    """The coming one among them, a row for each draw, no key that is multiplied already."""
    factor = UncertainParameter("factor", ("a.factor",), "scale")
    with pytest.raises(StoreError, match=said):
        Posterior((factor,), OF_YEARS.draws, "wrong", {}, years)


def test_a_year_may_have_a_value_of_its_own_for_a_parameter() -> None:
    """In that year it takes the parameter's place; in the coming one the parameter stays."""
    own = LatentYear(
        "x", (*KEYS, "patrols.p_sight"), tuple((*r, 0.5) for r in YEARS["2016"].values)
    )
    found = replace(OF_YEARS, years={**YEARS, "2016": own})
    named = [p.name for p in found.of_year("2016").parameters]
    assert named.count("patrols.p_sight") == 1
    assert {row[named.index("patrols.p_sight")] for row in found.of_year("2016").draws} == {0.5}
    assert found.of_year().draws == OF_YEARS.of_year().draws


@pytest.mark.parametrize(("keys", "values"), [((), ()), (("a", "a"), ()), (("a",), ((1.0, 2.0),))])
def test_a_year_has_keys_and_values_for_them(
    keys: tuple[str, ...], values: tuple[tuple[float, ...], ...]
) -> None:
    """No key, a key twice, a value too many: refused."""
    with pytest.raises(StoreError):
        LatentYear("x", keys, values)


def test_a_key_that_no_scenario_has_is_told() -> None:
    """Before any run fails of it."""
    strange = LatentYear("x", ("regimes.mood",), ((1.0,),) * 3)
    with pytest.raises(StoreError, match="not a number of a scenario"):
        Posterior((SIGHT,), OF_YEARS.draws, "x", {}, {"coming": strange}).of_year()


# -- in a store ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["2016", None])
def test_every_scenario_of_a_replicate_has_the_same_state(tmp_path: Path, name: str | None) -> None:
    """What the store says its draws set is the year's row, in both scenarios alike."""
    store = fill(tmp_path / "s", OF_YEARS.of_year(name))
    rows = [r for r in store.parameters().to_pylist() if r["draw"] is not None]
    for scenario in ("baseline", "triggered"):
        for draw, wanted in enumerate(YEARS[name or "coming"].values):
            mine = {
                r["key"]: r["value"] for r in rows if (r["scenario"], r["draw"]) == (scenario, draw)
            }
            assert tuple(mine[key] for key in KEYS) == wanted
    assert store.posterior == OF_YEARS.of_year(name)
    assert store.posterior.year == OF_YEARS.of_year(name).year
    assert verify(store) == []


def test_a_batch_is_for_the_coming_year_unless_told(tmp_path: Path) -> None:
    """From Python as from a request; and the model has the state that was drawn."""
    OF_YEARS.write(tmp_path / "p")
    assert (
        choose_draws(OF_YEARS) == choose_draws(tmp_path / "p", year="coming") == OF_YEARS.of_year()
    )
    assert choose_draws(tmp_path / "p", 2, "2016") == OF_YEARS.first(2).of_year("2016")
    assert fill(tmp_path / "s", OF_YEARS).posterior == OF_YEARS.of_year()
    short = sim.load("baseline", {"days": 2.0})
    store = run_batch([short], 1, executor="serial", posterior=tmp_path / "p", year="2016")
    assert store.posterior == OF_YEARS.of_year("2016")
    with pytest.raises(PanjError, match="needs the draws of a posterior"):
        run_batch([short], 1, tmp_path / "none", executor="serial", year="2016")
    assert not (tmp_path / "none").exists()


def test_a_store_keeps_its_year(tmp_path: Path) -> None:
    """Another year is refused by name; the same year, or none, continues."""
    folder = tmp_path / "s"
    fill(folder, OF_YEARS.of_year("2016"), 2)
    with pytest.raises(StoreError, match=r"3 draws, for the year 2016 \(regime: republic\)") as no:
        fill(folder, OF_YEARS)
    assert '--year = "the coming year (regime: emirate)"' in str(no.value)
    assert fill(folder, OF_YEARS.of_year("2016"), 3).posterior == OF_YEARS.of_year("2016")
    assert fill(folder, None, 4).posterior == OF_YEARS.of_year("2016")


# -- on disk ------------------------------------------------------------------------------


def test_years_survive_the_disk(tmp_path: Path) -> None:
    """What is read is what was written; a column of the plain table is a key of a year."""
    OF_YEARS.write(tmp_path / "p")
    again = Posterior.read(tmp_path / "p")
    assert again == OF_YEARS
    assert again.made == {"code": "x"}
    names = pq.read_table(tmp_path / "p" / DRAWS_FILE).column_names
    assert names[2:5] == [f"2016/{key}" for key in KEYS]
    said = json.loads((tmp_path / "p" / DESCRIPTION_FILE).read_text())
    assert said["years"]["2016"] == {"regime": "republic", "keys": list(KEYS)}


def test_an_older_posterior_is_read(tmp_path: Path) -> None:
    """The one before had no years, and its parameters did not say whose state they are."""
    plain = Posterior((SIGHT,), OF_YEARS.draws, "old")
    plain.write(tmp_path)
    path = tmp_path / DESCRIPTION_FILE
    said = json.loads(path.read_text())
    said["format"] = "panj-posterior/1"
    del said["parameters"][0]["year"]
    path.write_text(json.dumps(said))
    assert Posterior.read(tmp_path) == plain


@pytest.mark.parametrize(
    "years",
    [
        [],
        {"2016": {}},
        {"2016": 7},
        {"2016": {"regime": "x", "keys": 7}},
        {"2016": {"regime": "x", "keys": ["regimes.plans"]}},
        {"2016": {"regime": "x", "keys": list(KEYS)}},
        {"coming": {"regime": "x", "keys": list(KEYS)}},
        {"coming": {"regime": "x", "keys": []}},
    ],
)
def test_damaged_years_are_one_message(tmp_path: Path, years: object) -> None:
    """No table, no keys, no such column, no coming year, another digest."""
    OF_YEARS.write(tmp_path)
    path = tmp_path / DESCRIPTION_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), "years": years}))
    with pytest.raises(StoreError, match="is not a posterior of panj") as no:
        Posterior.read(tmp_path)
    assert len(no.value.problems) == 1
