"""The record of a calibration, written and read again."""

import json
from math import inf
from pathlib import Path

import numpy as np
import pytest
from toys import FOUR, KEYS

from sim.calibrate.intervals import TargetRange
from sim.calibrate.posterior import Check, Moments, Posterior
from sim.calibrate.record import (
    CHECKS,
    GRID,
    MEMBERS,
    CalibrationRecord,
    TabulatedPrior,
    read_record,
    write_record,
)
from sim.errors import OutputError, StoreError
from sim.runs.store_files import PARTIAL, checksum

CHECKED = (
    Check(TargetRange("a", 0.5, 0.5, 0.1), 0.31, 0.4, 0.1, 0.9, 0.0),
    Check(TargetRange("b", 0.2, 0.7, 0.1, 0.0), 1.0, 0.4, 0.3, 0.5, 0.25),
    Check(TargetRange("c", 3.0, inf, 2.0), None, None, None, None, 1.0),
)


def posterior(members: int = 7) -> Posterior:
    """A posterior of the toy with four parameters."""
    rng = np.random.default_rng(4)
    return Posterior(KEYS, rng.random((members, 4)), {key: Moments(1.0, 2.0) for key in KEYS})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a record."""
    write_record(tmp_path, posterior(), FOUR, CHECKED)
    return tmp_path


def same(one: Posterior, other: Posterior) -> bool:
    """Whether two posteriors are the same to the last bit."""
    alike = np.array_equal(one.values, other.values)
    return alike and (one.keys, one.prior) == (other.keys, other.prior)


def test_what_is_written_is_read(folder: Path) -> None:
    """Posterior, priors and checks to the last bit; a floor is one again."""
    found = read_record(folder)
    assert isinstance(found, CalibrationRecord)
    assert same(found.posterior, posterior())
    assert found.checks == CHECKED
    assert found.priors == tuple(map(TabulatedPrior.of, FOUR))
    assert found.priors[2].high == inf


@pytest.mark.parametrize("last", [1.0, 2.0])
def test_a_record_of_a_former_version_is_read_if_its_members_count_alike(
    folder: Path, last: float
) -> None:
    """They had weights; where these differ, the record is refused and says why."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    weights = np.array([1.0] * 6 + [last])
    table = pq.read_table(folder / MEMBERS)
    table = table.append_column("weight", pa.array(weights / weights.sum()))
    pq.write_table(table, folder / MEMBERS)
    said = json.loads((folder / CHECKS).read_text("utf-8"))
    said |= {"format": "panj-checks/2", "members": checksum((folder / MEMBERS).read_bytes())}
    (folder / CHECKS).write_text(json.dumps(said), "utf-8")
    if last == 1.0:
        assert same(read_record(folder).posterior, posterior())
    else:
        with pytest.raises(StoreError, match=r"members have weights.*panj calibrate"):
            read_record(folder)


def test_a_record_has_the_summary_of_its_posterior(folder: Path) -> None:
    """The summary of what is read is that of what was written."""
    assert read_record(folder).posterior.summary() == posterior().summary()


def test_a_table_stands_in_for_a_prior() -> None:
    """At the grid exactly, between its points to half a per cent, and again as a table."""
    for prior in FOUR:
        table = TabulatedPrior.of(prior)
        assert np.array_equal(table.quantile(GRID), prior.quantile(GRID))
        between = np.linspace(0.05, 0.95, 37)
        spread = float(prior.quantile(np.array(0.95)) - prior.quantile(np.array(0.05)))
        off = np.abs(table.quantile(between) - prior.quantile(between))
        assert off.max() < 0.005 * spread
        assert TabulatedPrior.of(table) == table


def test_a_newer_record_takes_the_place_of_an_older(folder: Path) -> None:
    """Whole, and nothing half written is left beside it."""
    write_record(folder, posterior(3), FOUR, CHECKED[:1])
    found = read_record(folder)
    assert (len(found.posterior), len(found.checks)) == (3, 1)
    assert not [path for path in folder.iterdir() if path.name.endswith(PARTIAL)]


def test_it_is_plain_json(folder: Path) -> None:
    """Other programs read it: no NaN, no infinity, names in full."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    said = json.loads((folder / CHECKS).read_text("utf-8"), parse_constant=refuse)
    assert [check["aim"]["name"] for check in said["checks"]] == ["a", "b", "c"]
    assert [entry["key"] for entry in said["parameters"]] == list(KEYS)


def test_the_same_calibration_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """The record is a function of what was found."""
    again = tmp_path / "again"
    again.mkdir()
    write_record(again, posterior(), FOUR, CHECKED)
    for name in (CHECKS, MEMBERS):
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_a_folder_without_a_record_is_refused(tmp_path: Path) -> None:
    """With the command that writes one."""
    for place in (tmp_path, tmp_path / "absent"):
        with pytest.raises(StoreError, match="panj calibrate"):
            read_record(place)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (CHECKS, b"not json", "cannot be read"),
        (CHECKS, b'{"format": "other"}', "its format"),
        (CHECKS, b"[]", "its format"),
        (MEMBERS, b"PAR1", "checksum"),
        (MEMBERS, None, "cannot be read"),
    ],
)
def test_a_damaged_record_is_refused(
    folder: Path, name: str, content: bytes | None, words: str
) -> None:
    """Changed, cut short or gone: the file is named."""
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(StoreError, match=words) as caught:
        read_record(folder)
    assert caught.value.path == str(folder / name)


@pytest.mark.parametrize("lost", ["checks", "parameters"])
def test_a_record_that_lacks_a_part_is_damaged(folder: Path, lost: str) -> None:
    """By whatever it lacks."""
    said = json.loads((folder / CHECKS).read_text("utf-8"))
    del said[lost]
    (folder / CHECKS).write_text(json.dumps(said), "utf-8")
    with pytest.raises(StoreError, match=lost):
        read_record(folder)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file in the way is not a folder."""
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(OutputError, match="taken"):
        write_record(tmp_path / "taken", posterior(), FOUR, CHECKED)
