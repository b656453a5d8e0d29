"""A table reads back the same whatever program wrote it, and in whatever shape."""

import csv
import io
from dataclasses import asdict, fields
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.calibrate.targets import read_targets
from sim.calibrate.year_table import read_years
from sim.frontier.ground import Ground
from sim.incidents.external.cleaning import NOTHING
from sim.incidents.external.importing import import_table
from sim.incidents.kinds import CUES, INCIDENTS
from sim.incidents.seeds import (
    ObservedIncident,
    read_aggregates,
    read_incidents,
    seeds_folder,
)

LAND = Ground.default()
COLUMNS = [field.name for field in fields(ObservedIncident)]
COUNTS = ["killed_guards", "killed_intruders", "wounded_guards", "escaped", "detained"]
DATES = ["date_start", "date_end"]

WORDS = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]) | st.just("\n"),
        max_size=6,
    )
    .map(str.strip)
    .filter(lambda text: text not in NOTHING)
)


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, object]]:
    """Rows of incidents as plain values by column, with much left open."""
    rows: list[dict[str, object]] = []
    for number in range(draw(st.integers(1, 4))):
        day = draw(
            st.none() | st.dates(pd.Timestamp(1950, 1, 1).date(), pd.Timestamp(2025, 12, 31).date())
        )
        row: dict[str, object] = {
            "identity": f"R{number}",
            "date_start": day,
            "date_end": day,
            "kind": draw(st.sampled_from(list(INCIDENTS))),
            "district": draw(st.none() | st.sampled_from(LAND.slugs)),
            "night": draw(st.none() | st.booleans()),
            "seized_kg": draw(st.none() | st.integers(0, 10**6).map(lambda grams: grams / 100)),
            "cue": draw(st.none() | st.sampled_from(list(CUES))),
            "note": draw(WORDS),
            "origin": "search",
            "best_row": True,
            "prior_only": draw(st.booleans()),
        }
        row |= {column: draw(st.none() | st.integers(0, 40)) for column in COUNTS}
        rows.append(row)
    return rows


@st.composite
def dresses(draw: st.DrawFn) -> dict[str, object]:
    """How a program writes a table."""
    separator = draw(st.sampled_from([",", ";", "\t", "|"]))
    return {
        "separator": separator,
        "comma": separator != "," and draw(st.booleans()),
        "encoding": draw(
            st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
        ),
        "newline": draw(st.sampled_from(["\n", "\r\n"])),
        "hint": draw(st.booleans()),
        "nothing": draw(st.sampled_from(["", "NA", "NaN", "<NA>", "None"])),
        "floats": draw(st.booleans()),
        "flags": draw(
            st.sampled_from([("0", "1"), ("False", "True"), ("0.0", "1.0"), ("no", "yes")])
        ),
        "day": draw(st.sampled_from(["%Y-%m-%d", "%Y-%m-%d 00:00:00", "%d.%m.%Y", "%d %B %Y"])),
        "index": draw(st.booleans()),
        "empty": draw(st.integers(0, 2)),
        "blank": draw(st.booleans()),
        "title": draw(st.booleans()),
        "order": draw(st.permutations(COLUMNS)),
        "bare": draw(st.booleans()),
    }


def written(rows: list[dict[str, object]], dress: dict[str, object]) -> bytes:
    """The bytes of a file in which the rows are written so."""

    def cell(column: str, value: object) -> str:
        if value is None or value == "":
            return "" if column == "note" else str(dress["nothing"])
        if isinstance(value, bool):
            return dress["flags"][value]
        if isinstance(value, int) and dress["floats"]:
            return "2.0".replace("2", str(value)).replace(".", "," if dress["comma"] else ".")
        if isinstance(value, float):
            return str(value).replace(".", "," if dress["comma"] else ".")
        if column in DATES:
            return value.strftime(str(dress["day"]))
        return str(value)

    columns = list(dress["order"])
    if dress["bare"]:
        columns = [c for c in columns if any(row.get(c) is not None for row in rows)]
    header = [c.replace("_", " ").title() if dress["title"] else c for c in columns]
    lines = [[*header], *[[cell(c, row.get(c)) for c in columns] for row in rows]]
    if dress["index"]:
        lines = [["", *lines[0]], *[[str(n), *line] for n, line in enumerate(lines[1:])]]
    lines = [[*line, *[""] * int(str(dress["empty"]))] for line in lines]
    if dress["blank"]:
        lines = [*lines[:2], [""] * len(lines[0]), *lines[2:], []]
    out = io.StringIO()
    if dress["hint"]:
        out.write(f"sep={dress['separator']}{dress['newline']}")
    writer = csv.writer(
        out, delimiter=str(dress["separator"]), lineterminator=str(dress["newline"])
    )
    writer.writerows(lines)
    return out.getvalue().encode(str(dress["encoding"]))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), dresses())
def test_a_table_reads_back_the_same_in_any_dress(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[dict[str, object]],
    dress: dict[str, object],
) -> None:
    """Separator, letters, decimals, words for nothing, dates, order, index: none matters."""
    path = tmp_path_factory.mktemp("dressed") / "table.csv"
    path.write_bytes(written(rows, dress))
    found = import_table(path, LAND)
    assert [asdict(row) for row in found.rows] == [
        asdict(ObservedIncident(**{k: v for k, v in row.items() if v is not None})) for row in rows
    ]
    folder = path.parent / "seeds"
    assert read_incidents(found.write(folder), LAND) == found.rows


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("nothing", ["", "NA"])
def test_the_shipped_tables_survive_a_data_frame(
    tmp_path: Path, index: bool, separator: str, nothing: str
) -> None:
    """pandas turns counts into 2.0, flags into 1.0 and years into 2025.0; nothing is lost."""
    for name, read in (("incidents.csv", read_incidents), ("aggregates.csv", read_aggregates)):
        shipped = seeds_folder() / name
        frame = pd.read_csv(shipped)
        path = tmp_path / name
        frame.to_csv(path, index=index, sep=separator, na_rep=nothing)
        assert import_table(path).rows == read(shipped)


def test_a_calibration_takes_what_was_imported(tmp_path: Path) -> None:
    """The shipped tables by way of a data frame: the same targets, the same table of years."""
    folder = tmp_path / "seeds"
    for name in ("incidents.csv", "aggregates.csv"):
        path = tmp_path / name
        pd.read_csv(seeds_folder() / name).to_csv(path, sep=";", na_rep="NaN", encoding="utf-16")
        import_table(path).write(folder)
    assert read_targets(folder) == read_targets()
    assert read_years(folder).marks == read_years().marks


def test_the_shipped_tables_import_as_they_are() -> None:
    """Nothing is rewritten, filled in, or left."""
    for name in ("incidents.csv", "aggregates.csv"):
        taken = import_table(seeds_folder() / name).imported
        assert (taken.cleaner.changes, taken.notes, taken.skipped, taken.unused) == ([], [], [], {})
