"""What ``python -m benchmarks expected`` tells of expected victims."""

import numpy as np
import pyarrow as pa
import pytest

from benchmarks import expected
from sim.comparison.comparison import compare

PAIRS = 300


def runs() -> pa.Table:
    """A baseline and two policies whose yearly means are known; victims are Poisson counts."""
    rng = np.random.default_rng(3)
    mean = rng.gamma(9.0, 0.4, PAIRS)
    rows = []
    for scenario, left in (("baseline", 1.0), ("half", 0.5), ("most", 0.9)):
        counts = rng.poisson(left * mean)
        rows += [
            {"scenario": scenario, "replicate": n, "seed": n, "status": "done",
             "victims": int(counts[n]), "expected_victims": float(left * mean[n])}
            for n in range(PAIRS)
        ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def test_rows_are_gains_and_their_geometric_mean() -> None:
    """One for each policy, as the comparison has it, and all together with the z of the means."""
    found = compare(runs(), outcomes=["victims"])
    rows = expected.rows(found)
    gains = [found.contrast(name, "victims").gain for name in ("half", "most")]
    assert [row.what for row in rows] == [
        "counted victims, half", "counted victims, most", "counted victims",
    ]  # fmt: skip
    assert [row.ratio.median for row in rows[:2] if row.ratio] == gains
    assert rows[2].ratio is not None
    assert rows[2].ratio.median == pytest.approx(float(np.prod(np.array(gains))) ** 0.5)
    assert (rows[2].ratio.low, rows[2].ratio.high) == (min(gains), max(gains))
    assert rows[0].note == "300 pairs"


def test_two_means_that_differ_are_told_apart() -> None:
    """|z| is small where victims are drawn from their expectation, and large 20 % off it."""
    table = runs()
    samples = list(compare(table, outcomes=["victims"]).samples.values())
    assert abs(expected.distance(samples)) < 4.0
    place = table.column_names.index("expected_victims")
    off = pa.array(np.asarray(table["expected_victims"]) * 1.2)
    wrong = compare(table.set_column(place, "expected_victims", off), outcomes=["victims"])
    assert expected.distance(list(wrong.samples.values())) < -4.0


def test_without_expected_victims_there_is_nothing_to_tell() -> None:
    """Runs of an older version have no rows."""
    assert expected.rows(compare(runs().drop_columns(["expected_victims"]))) == []
