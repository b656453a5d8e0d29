"""A run on disk: complete, traceable, and the same when it is read back."""

import datetime as dt
import hashlib
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import sim
from sim.engine.records import Log
from sim.errors import OutputError, StoreError
from sim.incidents.records import RECORD_TYPES, AlertChange, Crossing, Incident, Plan
from sim.runs.one_run import TABLES, StoredRun, read_run, write_run
from sim.runs.provenance import commit, utc_now, versions
from sim.scenario.spec import Scenario

CLASH = Incident(
    identity="incident/1",
    kind="infiltration_then_clash",
    actor="militants",
    clash=True,
    district="shamsiddin_shohin",
    km=310.5,
    at=1.6,
    crossed_at=23.5 / 24,
    detected_at=1 + 11.25 / 24,
    cue="sign",
    alarm_at=1.5,
    contact_at=1.6,
    group_size=3,
    killed_guards=2,
    killed_militants=3,
)
RAISED = AlertChange(at=1.7, district="shamsiddin_shohin", level="emergency", cause="score")


@dataclass
class Year:
    """A finished run as :func:`write_run` sees it."""

    spec: Scenario = field(default_factory=lambda: Scenario(start=dt.date(2025, 11, 25)))
    seed: int = 7
    time: float = 365.0
    log: Log = field(default_factory=Log)
    delay: float | None = None

    @property
    def eras(self) -> tuple[tuple[float, Scenario], ...]:
        """One scenario from the beginning."""
        return ((0.0, self.spec),)

    def outcomes(self) -> dict[str, float | int | None]:
        """Three outcomes; of one nothing can be said."""
        return {"guards_killed": 2, "interdiction_share": 0.06, "delay_to_contact_h": self.delay}

    def district_table(self) -> list[dict[str, object]]:
        """Two districts."""
        return [
            {"district": "panj", "crossings": 10, "seized_kg": 0},
            {"district": "vanj", "crossings": 3, "seized_kg": 0.5},
        ]

    def fingerprint(self) -> str:
        """Hex digest of the log."""
        return self.log.fingerprint()


@pytest.fixture
def year() -> Year:
    """A run in which one clash happened."""
    run = Year()
    run.log.add(CLASH)
    run.log.add(RAISED)
    return run


@pytest.fixture
def stored(year: Year, tmp_path: Path) -> StoredRun:
    """That run, written and read back."""
    write_run(year, tmp_path / "run", command="panj run baseline --seed 7")
    return read_run(tmp_path / "run")


def test_every_record_type_has_a_table() -> None:
    """No kind of record is forgotten, and each has a table of its own."""
    assert set(TABLES.values()) == set(RECORD_TYPES)
    assert len(TABLES) == len(RECORD_TYPES)


def test_a_result_holds_every_table(stored: StoredRun) -> None:
    """The folder holds the outcome row, the districts and one table for each type of record."""
    names = {f"{name}.parquet" for name in ("outcomes", "districts", *TABLES)}
    assert set(os.listdir(stored.folder)) == names | {"run.json"}


def test_records_come_back(stored: StoredRun) -> None:
    """Each record is read back as it was logged, and types without records are empty."""
    assert stored.records(Incident) == [CLASH]
    assert stored.records(AlertChange) == [RAISED]
    assert stored.records(Crossing) == []
    assert stored.records(Plan) == []


def test_the_incident_table_tells_the_story(stored: StoredRun) -> None:
    """The table says in local time: crossed Tuesday 23:30, sign found next day at 11:15."""
    (row,) = stored.table("incidents").to_pylist()
    assert f"{row['crossed_at_local']:%a %H:%M}" == "Tue 23:30"
    assert f"{row['detected_at_local']:%a %H:%M}" == "Wed 11:15"


def test_outcomes_come_back(stored: StoredRun, year: Year) -> None:
    """The outcome row is read back with whole numbers whole and None as None."""
    assert stored.outcomes() == year.outcomes()
    assert isinstance(stored.outcomes()["guards_killed"], int)


def test_outcomes_of_numpy_are_plain(tmp_path: Path) -> None:
    """An outcome computed by NumPy is written like any other number."""
    write_run(Year(delay=np.float64(1.5)), tmp_path / "run")
    assert read_run(tmp_path / "run").outcomes()["delay_to_contact_h"] == 1.5


def test_the_outcome_row_has_one_schema(tmp_path: Path) -> None:
    """An outcome of which nothing can be said has the type it has in other years."""
    schemas = []
    for delay in (None, 1.5):
        write_run(Year(delay=delay), tmp_path / "run", force=True)
        schemas.append(read_run(tmp_path / "run").table("outcomes").schema)
    assert schemas[0].equals(schemas[1])


def test_districts_come_back(stored: StoredRun) -> None:
    """The district table is read back row by row."""
    assert stored.table("districts").to_pylist() == [
        {"district": "panj", "crossings": 10, "seized_kg": 0.0},
        {"district": "vanj", "crossings": 3, "seized_kg": 0.5},
    ]


def test_provenance_names_the_run(stored: StoredRun, year: Year) -> None:
    """run.json holds all that is needed to run it again and to know whether it is the same."""
    found = stored.provenance
    assert found["seed"] == 7
    assert found["days"] == 365.0
    assert found["command"] == "panj run baseline --seed 7"
    assert found["fingerprint"] == year.fingerprint()
    assert found["versions"] == versions()
    assert dt.datetime.fromisoformat(str(found["created"])).utcoffset() == dt.timedelta(0)


def test_the_scenario_can_be_run_again_from_the_result(stored: StoredRun, year: Year) -> None:
    """The scenario in run.json has every value, and is the scenario that was run."""
    text = json.dumps(stored.provenance["scenario"])
    assert Scenario.model_validate_json(text) == year.spec


def test_checksums_are_those_of_the_files(stored: StoredRun) -> None:
    """run.json lists every other file with its SHA-256."""
    files = stored.provenance["files"]
    assert files == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in stored.folder.iterdir()
        if path.name != "run.json"
    }


def test_the_same_run_gives_the_same_tables(year: Year, tmp_path: Path) -> None:
    """Two writings of a run differ in nothing but the time in run.json."""
    found = []
    for name in ("one", "two"):
        write_run(year, tmp_path / name)
        found.append({**read_run(tmp_path / name).provenance, "created": None})
    assert found[0] == found[1]


def test_pictures_are_part_of_the_result(year: Year, tmp_path: Path) -> None:
    """A picture is written with the tables and listed with a checksum."""
    write_run(year, tmp_path / "run", pictures={"map.svg": lambda path: path.write_text("<svg/>")})
    stored = read_run(tmp_path / "run")
    assert (stored.folder / "map.svg").read_text() == "<svg/>"
    assert "map.svg" in str(stored.provenance["files"])


def test_a_picture_that_cannot_be_drawn_leaves_nothing(year: Year, tmp_path: Path) -> None:
    """If drawing fails, the whole result is not there."""

    def fail(path: Path) -> None:
        raise OutputError("cannot be drawn", path=path)

    with pytest.raises(OutputError, match="cannot be drawn"):
        write_run(year, tmp_path / "run", pictures={"map.svg": fail})
    assert os.listdir(tmp_path) == []


def test_a_result_names_no_place(stored: StoredRun) -> None:
    """run.json holds no path of the machine it was made on."""
    assert str(stored.folder.parent) not in (stored.folder / "run.json").read_text()
    assert str(Path(sim.__file__).parent) not in (stored.folder / "run.json").read_text()


def test_a_result_is_replaced_only_with_force(year: Year, tmp_path: Path) -> None:
    """Writing twice needs force, and then the second is there."""
    write_run(year, tmp_path / "run")
    year.seed = 8
    with pytest.raises(OutputError, match="--force"):
        write_run(year, tmp_path / "run")
    assert read_run(tmp_path / "run").provenance["seed"] == 7
    write_run(year, tmp_path / "run", force=True)
    assert read_run(tmp_path / "run").provenance["seed"] == 8


def test_a_model_that_fails_while_telling_leaves_nothing(tmp_path: Path) -> None:
    """If the outcomes cannot be computed, no half result is left."""

    class Broken(Year):
        def district_table(self) -> list[dict[str, object]]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_run(Broken(), tmp_path / "run")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["missing", "."])
def test_what_is_no_result_is_not_read(tmp_path: Path, name: str) -> None:
    """A folder without run.json is named, with what one should look like."""
    with pytest.raises(StoreError, match="not a result of panj") as caught:
        read_run(tmp_path / name)
    assert "run.json" in caught.value.remedy


def test_a_changed_table_is_not_read(stored: StoredRun) -> None:
    """A table that is not the one that was written is refused, with its path."""
    path = stored.folder / "incidents.parquet"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(StoreError, match="checksum") as caught:
        stored.records(Incident)
    assert caught.value.path == str(path)


def test_a_missing_table_is_named(stored: StoredRun) -> None:
    """A table that was removed is said to be missing."""
    (stored.folder / "plans.parquet").unlink()
    with pytest.raises(StoreError, match="missing"):
        stored.table("plans")


def test_a_table_that_never_was_is_named(stored: StoredRun) -> None:
    """Asking for a table that results do not have is answered with its name."""
    with pytest.raises(StoreError, match="no table 'weather'"):
        stored.table("weather")


def test_parquet_is_compressed(stored: StoredRun) -> None:
    """Tables are stored with zstd."""
    column = pq.ParquetFile(stored.folder / "incidents.parquet").metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"


def test_versions_name_what_a_number_depends_on() -> None:
    """Panj, Python and each numerical library are there with a version."""
    found = versions()
    assert set(found) == {"panj", "python", "mesa", "numpy", "scipy"}
    assert found["panj"] == sim.__version__
    assert found["numpy"] == np.__version__


def test_now_is_in_utc_to_the_second() -> None:
    """The time of writing is unambiguous."""
    now = dt.datetime.fromisoformat(utc_now())
    assert now.utcoffset() == dt.timedelta(0)
    assert now.microsecond == 0


def git(folder: Path, *arguments: str) -> None:
    """Run git with a name of its own."""
    who = ["-c", "user.name=Tester", "-c", "user.email=tester@localhost"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def test_a_source_tree_names_its_commit(tmp_path: Path) -> None:
    """A source tree under git gives its commit, and says when tracked files were changed."""
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    git(tmp_path, "init")
    assert commit(tmp_path) is None
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    clean = commit(tmp_path)
    assert clean is not None
    assert len(str(clean["id"])) == 12
    assert clean["dirty"] is False
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert commit(tmp_path) == {**clean, "dirty": True}


def test_an_installed_copy_names_no_commit(tmp_path: Path) -> None:
    """A copy inside somebody else's repository does not claim that repository's commit."""
    git(tmp_path, "init")
    (tmp_path / "site-packages").mkdir()
    assert commit(tmp_path / "site-packages") is None
