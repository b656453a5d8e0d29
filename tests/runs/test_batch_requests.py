"""What may go into a store: no version, seed or scenario is mixed in without a word."""

from collections.abc import Callable
from pathlib import Path

import pytest
from filled import ran
from quick_runs import CHOSEN, OTHER

import sim
from sim.errors import StoreError
from sim.runs import code_version
from sim.runs.request import Request
from sim.runs.store import Store
from sim.scenario.values import digest, with_overrides

CHANGED = with_overrides(CHOSEN, {"teams.per_district": 3, "patrols.size": 6})
RENAMED = CHOSEN.model_copy(update={"name": "mine"})


def fill(folder: Path, request: Request) -> Store:
    """Run a batch of quick runs in this process."""
    return ran(folder, request).store


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of two scenarios, three replicates each."""
    return fill(tmp_path / "s", Request([CHOSEN, OTHER], 3)).path


def refused(store: Path, request: Request) -> str:
    """What a request is refused with; the store is as it was."""
    before = {p: p.read_bytes() for p in store.rglob("*") if p.is_file()}
    with pytest.raises(StoreError) as caught:
        fill(store, request)
    assert {p: p.read_bytes() for p in store.rglob("*") if p.is_file()} == before
    return str(caught.value)


def test_a_changed_scenario_of_the_same_name_is_refused(store: Path) -> None:
    """The message says which parameters differ, and both values."""
    said = refused(store, Request([CHANGED], 3))
    assert "another scenario has the name 'baseline' here" in said
    assert f"patrols.size is {CHOSEN.patrols.size} there and 6 now" in said
    assert f"teams.per_district is {CHOSEN.teams.per_district} there and 3 now" in said


def test_a_file_in_the_place_of_the_store_is_told_and_left_alone(tmp_path: Path) -> None:
    """Not as a disk that refuses: more room would not help."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match=r"notes\.txt: is a file\. Name a folder"):
        fill(tmp_path / "notes.txt", Request([CHOSEN], 1))
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_changed_scenario_can_be_kept_beside_the_old(store: Path) -> None:
    """With allow_mixed it gets a name of its own, under which it can be extended."""
    name = f"baseline~{digest(CHANGED)[:8]}"
    for n in (2, 4):
        mixed = fill(store, Request([CHANGED], n, allow_mixed=True))
        assert list(mixed.scenarios) == ["baseline", "triggered", name]
        assert mixed.outcomes([name])["replicate"].to_pylist() == list(range(n))
    assert mixed.scenarios[name].teams.per_district == 3
    assert mixed.outcomes(["baseline"]).num_rows == 3


def test_a_scenario_under_a_second_name_is_refused(store: Path) -> None:
    """The same values are in the store once; the message gives their name there."""
    assert "under the name 'baseline'" in refused(store, Request([RENAMED], 3))


@pytest.mark.parametrize(
    ("pair", "words"),
    [((CHOSEN, RENAMED), "one scenario under two names"), ((CHOSEN, CHANGED), "have this name")],
    ids=["two names", "one name"],
)
def test_scenarios_of_a_batch_are_known_apart(
    tmp_path: Path, pair: tuple[sim.Scenario, sim.Scenario], words: str
) -> None:
    """Two names for one scenario, or one name for two, are refused before anything is made."""
    with pytest.raises(StoreError, match=words):
        fill(tmp_path / "new", Request(pair, 3))
    assert not (tmp_path / "new").exists()


def test_a_scenario_named_twice_is_run_once(tmp_path: Path) -> None:
    """The same name twice is neither a mistake nor a second run."""
    assert fill(tmp_path / "s", Request([CHOSEN, CHOSEN], 3)).outcomes().num_rows == 3


def test_another_seed_is_refused(store: Path) -> None:
    """A store has one root; the same one may be named again."""
    assert "was created with seed 0" in refused(store, Request([CHOSEN], 3, root=5))
    assert fill(store, Request([CHOSEN], 4, root=0)).outcomes(["baseline"]).num_rows == 4


def test_another_root_gives_other_seeds(store: Path, tmp_path: Path) -> None:
    """A store created with another root shares no seed with the first."""
    other = fill(tmp_path / "other", Request([CHOSEN], 3, root=5)).outcomes()["seed"].to_pylist()
    assert not set(other) & set(Store.open(store).outcomes()["seed"].to_pylist())


@pytest.mark.parametrize(
    ("keep", "words"),
    [({"incidents": True}, "does not keep"), ({"districts": False}, "keeps the table districts")],
    ids=["more", "less"],
)
def test_other_tables_are_refused(store: Path, keep: dict[str, bool], words: str) -> None:
    """Tables are chosen when a store is created; they cannot be added to runs later."""
    assert words in refused(store, Request([CHOSEN], 3, keep=keep))  # type: ignore[arg-type]


def test_tables_that_are_kept_may_be_named(store: Path) -> None:
    """Saying again what holds already is not a conflict."""
    request = Request([CHOSEN], 4, keep={"districts": True, "incidents": False})
    assert fill(store, request).tables == ("outcomes", "districts")


SPOIL: dict[str, Callable[[dict[str, object]], object]] = {
    "code": lambda made: {**made, "code": "0123456789abcdef"},
    "numpy": lambda made: {**made, "versions": {**made["versions"], "numpy": "1.0"}},  # type: ignore[dict-item]
    "Python": lambda made: {**made, "versions": {**made["versions"], "python": "3.11.4"}},  # type: ignore[dict-item]
}


@pytest.mark.parametrize("what", SPOIL)
def test_other_code_is_refused(store: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """The model's code, a library or a Python that differ are named; allow_mixed lets them in."""
    other = SPOIL[what](code_version.made_with())
    for module in ("request", "batch"):
        monkeypatch.setattr(f"sim.runs.{module}.made_with", lambda model=None: other)
    said = refused(store, Request([CHOSEN], 4))
    assert what in said
    assert "--allow-mixed" in said
    mixed = fill(store, Request([CHOSEN], 4, allow_mixed=True))
    assert mixed.manifest.mixed
    assert mixed.outcomes(["baseline"]).num_rows == 4


def test_a_patch_release_of_python_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """3.12.1 and 3.12.9 may share a store, and so may any panj with the same code."""
    made = code_version.made_with()
    versions = made["versions"]
    assert isinstance(versions, dict)
    major, minor, *_ = str(versions["python"]).split(".")
    other = {**made, "versions": {**versions, "python": f"{major}.{minor}.99", "panj": "9"}}
    assert code_version.differences(made, other) == []


def test_the_digest_of_the_code_sees_the_model_and_not_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed agent or rule for places gives another digest; a changed command does not."""
    for name in ("agents/cells.py", "frontier/places.py", "model.py", "cli/run.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(code_version, "_PACKAGE", tmp_path)

    def now() -> str:
        return code_version.code_digest.__wrapped__()

    before = now()
    (tmp_path / "cli/run.py").write_text("2")
    assert now() == before
    found = {before}
    for name in ("agents/cells.py", "frontier/places.py", "model.py"):
        (tmp_path / name).write_text("2")
        found.add(now())
    assert len(found) == 4
    (tmp_path / "model.py").write_bytes(b"2\r\n")
    windows = now()
    (tmp_path / "model.py").write_bytes(b"2\n")
    assert now() == windows


def test_the_manifest_tells_where_runs_come_from(store: Path) -> None:
    """Versions, code, and for each batch its time, scenarios and number of replicates."""
    fill(store, Request([CHOSEN], 5))
    manifest = Store.open(store).manifest
    assert manifest.made_with == code_version.made_with()
    assert [entry["replicates"] for entry in manifest.history] == [3, 5]
    assert manifest.history[1]["scenarios"] == ["baseline"]
    assert all(entry["began"] and entry["finished"] for entry in manifest.history)
    assert set(manifest.digests.values()) == {digest(CHOSEN), digest(OTHER)}


def test_stored_scenarios_are_the_resolved_ones(store: Path) -> None:
    """What is read back is the scenario that was run, every value of it."""
    assert Store.open(store).scenarios == {"baseline": CHOSEN, "triggered": OTHER}
