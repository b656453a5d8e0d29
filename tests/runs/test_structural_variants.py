"""Structural variants: which there are, what is refused, and what a store makes of them."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from filled import ran
from quick_runs import CHOSEN, OTHER, quick

from sim.errors import PanjError, ScenarioError, StoreError
from sim.runs.batch import fill_store
from sim.runs.posterior import Posterior, UncertainParameter
from sim.runs.replicate import Run, RunKey
from sim.runs.request import Request
from sim.runs.store import Store
from sim.runs.structure import Variant, variants
from sim.runs.verify import rerun, verify
from sim.runs.workers import start_workers
from sim.scenario.parameters import parameter
from sim.scenario.values import flatten, with_overrides

SIGHT = UncertainParameter("patrols.p_sight", ("patrols.p_sight",), "set", (0.3,))
FLOW = UncertainParameter("flow", ("smugglers.loads_per_year",), "scale")
DRAWS = Posterior((SIGHT, FLOW), ((0.1, 1.0), (0.2, 2.0), (0.4, 0.5)), "made up")
STRICT, CALM = variants("deterrence,quiet")


def within(**sets: object) -> Variant:
    """A variant that sets some keys, written with two underscores for a dot."""
    keys = {key.replace("__", "."): value for key, value in sets.items()}
    return Variant("mine", keys, "mine", "mine", "in mine")


def fill(folder: Path, *wanted: Variant, n: int = 3, **others: object) -> Store:
    """Quick runs of two scenarios, in variants too."""
    request = Request([CHOSEN, OTHER], n, variants=wanted, **others)
    return ran(folder, request).store


# -- which there are ----------------------------------------------------------------------


def test_the_shipped_ones_set_what_a_scenario_has() -> None:
    """Six beside the model as calibrated; each key is a parameter whose value changes."""
    found = variants()
    assert [v.name for v in found] == [
        "severity", "blast", "deterrence", "fatigue", "quiet", "violent"
    ]  # fmt: skip
    for variant in found:
        assert all(parameter(key) for key in variant.sets)
        changed = flatten(variant.of(CHOSEN))
        assert {k for k, v in changed.items() if v != flatten(CHOSEN)[k]} == set(variant.sets)


def test_some_are_chosen_by_name_or_file(tmp_path: Path) -> None:
    """Names and files stand between commas; words that a file leaves out come from the name."""
    (tmp_path / "own.toml").write_text("[hard_fights.set]\nclash.militant_rate = 3.0\n")
    found = variants(f"fatigue, {tmp_path / 'own.toml'}")
    assert [v.name for v in found] == ["fatigue", "hard_fights"]
    assert found[1].sets == {"clash.militant_rate": 3.0}
    assert found[1].title == "hard fights"
    assert found[1].where == "under hard fights"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("detterence", "Did you mean deterrence"),
        ("baseline", "baseline is a scenario: name scenarios before --structure"),
        ("", "names no variant"),
        ("gone.toml", "no such file"),
    ],
)
def test_a_variant_that_is_not_there_is_refused(asked: str, told: str) -> None:
    """The message names the like of it, or what was meant."""
    with pytest.raises(PanjError, match=told):
        variants(asked)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("[a.set]\nclash.militant_rat = 1.0\n", 2, "Did you mean clash.militant_rate"),
        ("[a.set]\nstart = 2020-01-01\n", 2, "that a variant may set"),
        ('[a]\ntitle = "x"\n', 1, "sets nothing"),
        ("a = 1\n", 1, "sets nothing"),
        ("[calibrated.set]\ncells.joint = 0.0\n", 1, "not a name for a variant"),
        ("[A.set]\ncells.joint = 0.0\n", 1, "not a name for a variant"),
        ("[a]\nwords = 1\n[a.set]\ncells.joint = 0.0\n", 2, "not known here"),
        ("[a]\non = 1\n[a.set]\ncells.joint = 0.0\n", 2, "must be a few words"),
        (
            "[a.set]\ncells.joint = 0.0\n[b.set]\ncells.joint = 0.0\n",
            3,
            "the same as the variant a",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_where(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    """Each mistake with the line on which it stands."""
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=told) as caught:
        variants(path)
    assert caught.value.line == line


def test_two_variants_of_one_name_are_refused(tmp_path: Path) -> None:
    """A user's file cannot replace a shipped variant."""
    (tmp_path / "own.toml").write_text("[fatigue.set]\ncells.joint = 0.0\n")
    with pytest.raises(PanjError, match="two variants have this name"):
        variants(["all", tmp_path / "own.toml"])


# -- what holds whatever is drawn ---------------------------------------------------------


@pytest.mark.parametrize("value", [0.3, 0.9])
def test_a_variant_settles_its_keys_whatever_is_drawn(value: float) -> None:
    """Also where its value is that of the calibrated scenario, and where a draw multiplies."""
    mine = within(patrols__p_sight=value, smugglers__loads_per_year=900.0)
    for replicate in range(4):
        run = RunKey(replicate, 0, DRAWS, mine).drawn(mine.of(CHOSEN))
        assert run.patrols.p_sight == value
        assert run.smugglers.loads_per_year == 900.0
        assert run.name == f"{CHOSEN.name}@mine"


def test_what_a_variant_does_not_set_is_drawn_as_ever() -> None:
    """Every other key has the value of the same replicate as calibrated."""
    mine = within(patrols__p_sight=0.3)
    for replicate in range(4):
        usual = flatten(RunKey(replicate, 0, DRAWS).drawn(CHOSEN))
        there = flatten(RunKey(replicate, 0, DRAWS, mine).drawn(mine.of(CHOSEN)))
        assert there == {**usual, "patrols.p_sight": 0.3}


def test_the_name_of_a_store_survives_a_draw() -> None:
    """A store may call a scenario by a name that no file may have."""
    kept = CHOSEN.model_copy(update={"name": "baseline~1234"})
    assert RunKey(0, 0, DRAWS).drawn(kept).name == "baseline~1234"


# -- in a store ---------------------------------------------------------------------------


def test_every_scenario_is_run_in_every_variant(tmp_path: Path) -> None:
    """Under the name of both, with the seeds and draws that the replicates have anyway."""
    store = fill(tmp_path / "s", STRICT, CALM, posterior=DRAWS)
    assert list(store.scenarios) == [
        *("baseline", "triggered"),
        *("baseline@deterrence", "triggered@deterrence", "baseline@quiet", "triggered@quiet"),
    ]
    usual = store.outcomes(["baseline"])
    for name in store.scenarios:
        rows = store.outcomes([name])
        assert rows["seed"] == usual["seed"]
        assert rows["draw"] == usual["draw"]
    origin = store.origins["triggered@quiet"]
    assert (origin.scenario, origin.variant) == ("triggered", CALM)
    assert store.scenarios["triggered@quiet"].regimes.first_spread == 0.0
    assert verify(store) == []


def test_the_parameters_are_told_as_they_were_run(tmp_path: Path) -> None:
    """No row of a draw for a key that the variant settles."""
    mine = within(patrols__p_sight=0.3)
    rows = fill(tmp_path / "s", mine, posterior=DRAWS).parameters().to_pylist()
    drawn = {(r["scenario"], r["key"]) for r in rows if r["draw"] is not None}
    assert ("baseline", "patrols.p_sight") in drawn
    assert ("baseline@mine", "patrols.p_sight") not in drawn
    assert ("baseline@mine", "smugglers.loads_per_year") in drawn


def test_a_store_goes_on_in_all_its_variants(tmp_path: Path) -> None:
    """Variants are added to runs that are there, and a larger N extends all of them."""
    fill(tmp_path / "s")
    store = fill(tmp_path / "s", STRICT)
    assert store.counts("baseline") == (3, 0)
    report = ran(tmp_path / "s", Request([], 5))
    assert report.progress.done == 4 * 2
    report = ran(tmp_path / "s", Request([], 5, variants=[STRICT, CALM]))
    assert report.progress.done == 2 * 5
    assert all(report.store.counts(name) == (5, 0) for name in report.store.scenarios)


def test_runs_in_a_variant_are_made_again_alike(tmp_path: Path) -> None:
    """A check of a store runs them as they were run, what the variant settles included."""
    short = with_overrides(CHOSEN, {"days": 2.0})
    request = Request([short], 2, variants=[within(patrols__p_sight=0.3)], posterior=DRAWS)
    with start_workers("serial") as workers:
        store = fill_store(tmp_path / "s", request, workers).store
    assert [unlike for _, unlike in rerun(store, 4, random.Random(1))] == [[]] * 4


def test_a_worker_is_told_the_variant(tmp_path: Path) -> None:
    """What is run has the values of the variant, in a draw that would set others."""
    seen: dict[str, set[float]] = {}

    def looking(scenario, seed: int, keep) -> Run:
        seen.setdefault(scenario.name, set()).add(scenario.patrols.p_sight)
        return quick(scenario, seed, keep)

    request = Request([CHOSEN], 3, posterior=DRAWS, variants=[within(patrols__p_sight=0.3)])
    ran(tmp_path / "s", request, looking)
    assert seen == {"baseline": {0.1, 0.2, 0.4}, "baseline@mine": {0.3}}


def test_a_variant_that_changes_nothing_is_refused(tmp_path: Path) -> None:
    """Without a draw of its keys it is the model as calibrated; with one it is not."""
    mine = within(patrols__p_sight=CHOSEN.patrols.p_sight)
    with pytest.raises(StoreError, match="'mine' is the model as calibrated"):
        fill(tmp_path / "s", mine)
    assert "baseline@mine" in fill(tmp_path / "t", mine, posterior=DRAWS).scenarios


def test_another_variant_of_a_name_is_refused(tmp_path: Path) -> None:
    """A store has one variant under a name."""
    fill(tmp_path / "s", within(cells__joint=0.0))
    with pytest.raises(StoreError, match="another variant has the name 'mine'"):
        fill(tmp_path / "s", within(cells__joint=0.9))


def test_scenarios_that_a_variant_makes_one_stay_two(tmp_path: Path) -> None:
    """A policy that sets only what the variant settles: its runs are those of the baseline."""
    bold = with_overrides(CHOSEN, {"cells.joint": 0.9, "name": "bold"})
    request = Request([CHOSEN, bold], 2, variants=[within(cells__joint=0.0)])
    store = ran(tmp_path / "s", request).store
    assert store.counts("bold@mine") == store.counts("baseline@mine") == (2, 0)
    assert verify(store) == []


def test_a_value_out_of_bounds_names_the_variant(tmp_path: Path) -> None:
    """Before anything is run."""
    with pytest.raises(ScenarioError, match="in the variant mine of baseline"):
        fill(tmp_path / "s", within(cells__joint=3.0))
    assert not (tmp_path / "s").exists()


def test_a_variant_that_was_tampered_with_is_found(tmp_path: Path) -> None:
    """The digest of a scenario in a variant stands for its origin and for what is settled."""
    store = fill(tmp_path / "s", STRICT)
    stored = store.manifest.scenarios["baseline@deterrence"]
    other = replace(STRICT, sets={**STRICT.sets, "deterrence.militants": 0.5})
    store.manifest.scenarios["baseline@deterrence"] = replace(
        stored, origin=replace(stored.origin, variant=other)
    )
    from sim.runs.verify import _wrong_scenarios

    assert any("do not give its digest" in told for told in _wrong_scenarios(store))


def test_what_a_store_keeps_of_a_variant_is_plain(tmp_path: Path) -> None:
    """Its words and values come back as they were."""
    store = Store.open(fill(tmp_path / "s", *variants()).path)
    assert tuple(dict.fromkeys(o.variant.name for o in store.origins.values())) == tuple(
        v.name for v in variants()
    )
    assert [json.dumps(o.variant.sets) for o in store.origins.values()][::2] == [
        json.dumps(v.sets) for v in variants()
    ]
