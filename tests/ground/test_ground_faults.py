"""A ground that cannot be used: each fault by file, row, column and value, all at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import texts, write

import sim
from sim.cli.main import main
from sim.errors import GroundError, Problem
from sim.frontier.check import faults
from sim.frontier.ground import Ground

HERE = Path("land")
SHARE = '[[seized_in]]\nregion = "Media"\noutcome = "seized_media_share"\nstatistic = "media_kg"\n'
type Change = Callable[[dict[str, str]], None]


def swap(file: str, old: str, new: str) -> Change:
    """Change a text once; it must be there."""

    def change(files: dict[str, str]) -> None:
        assert old in files[file], (file, old)
        files[file] = files[file].replace(old, new, 1)

    return change


def row(number: int, **cells: str) -> Change:
    """Change cells of a row of the line; row 2 is km 0."""

    def change(files: dict[str, str]) -> None:
        lines = files["line.csv"].split("\n")
        values = dict(zip(lines[0].split(","), lines[number - 1].split(","), strict=True))
        lines[number - 1] = ",".join({**values, **cells}.values())
        files["line.csv"] = "\n".join(lines)

    return change


def found(*changes: Change) -> list[Problem]:
    """The faults of an invented ground after some changes."""
    files = texts()
    for change in changes:
        change(files)
    return faults(files, HERE)


def test_a_sound_ground_has_no_fault() -> None:
    """The invented one and the shipped one pass."""
    assert found() == []
    assert faults(Ground.default().texts, HERE) == []


@pytest.mark.parametrize(
    ("change", "file", "line", "column", "reason"),
    [
        (row(2, km="1"), "line.csv", 2, "km", "where the line begins"),
        (row(4, km="2.5"), "line.csv", 4, "km", "is in row 3 already"),
        (row(5, km="4"), "line.csv", 5, "km", "comes after 5"),
        (row(5, km="7"), "line.csv", 5, "km", "is 2 km after the row above"),
        (row(5, terrain="swamp"), "line.csv", 5, "terrain", "is not known here"),
        (row(5, lat="nan"), "line.csv", 5, "lat", "is not a number"),
        (row(5, elevation_m="inf"), "line.csv", 5, "elevation_m", "is not a number"),
        (row(5, lon="200"), "line.csv", 5, "lon", "not on the globe"),
        (row(5, crest_m=""), "line.csv", 5, "crest_m", "is empty"),
        (swap("line.csv", "roughness_m_per_km", "rough"), "line.csv", 1, "roughness_m_per_km",
         "is missing"),
        (swap("line.csv", "0.0,-69", '"0.0,-69'), "line.csv", 2, None, "not well-formed CSV"),
        (swap("districts.csv", ",40.0,90.0", ",45.0,90.0"), "districts.csv", 3, "km_from", "gap"),
        (swap("districts.csv", ",40.0,90.0", ",35.0,90.0"), "districts.csv", 3, "km_from",
         "overlaps"),
        (swap("districts.csv", ",90.0,120.0", ",90.0,110.0"), "districts.csv", 4, "km_to",
         "not the end of the line"),
        (swap("districts.csv", ",90.0,120.0", ",90.0,130.0"), "districts.csv", 4, "km_to",
         "not the end of the line"),
        (swap("districts.csv", "d2,", "d1,"), "districts.csv", 4, "slug", "is in row 3"),
        (swap("districts.csv", "d2,", "Sur 2,"), "districts.csv", 4, "slug", "cannot be a key"),
        (swap("districts.csv", "Sur,", ","), "districts.csv", 4, "name", "is empty"),
        (swap("districts.csv", "27000", "0"), "districts.csv", 4, "population", "is below 1"),
        (swap("river_season.csv", "\n7,", "\n8,"), "river_season.csv", 2, "month", "January"),
        (swap("river_season.csv", "12,1.6\n", ""), "river_season.csv", 2, "month", "January"),
        (swap("ground.toml", "d1 = 3.0", "d7 = 3.0"), "ground.toml", 7,
         "weights.smugglers.districts.d7", "no such district"),
        (swap("ground.toml", "d0 = 1.0, d1 = 3.0", "d0 = 0.0"), "ground.toml", 7,
         "weights.smugglers.districts", "weight 0"),
        (swap("ground.toml", "d1 = 3.0", "d1 = -3.0"), "ground.toml", 7,
         "weights.smugglers.districts.d1", "is below 0"),
        (swap("ground.toml", "[weights.smugglers]", "[weights.tourists]"), "ground.toml", 6,
         "weights.tourists", "is not known here"),
        (swap("ground.toml", "km_0", "km_zero"), "ground.toml", None, "km_0", "is missing"),
        (swap("ground.toml", "utc_offset_hours = -4.0", "utc_offset_hours = 8.0"), "ground.toml",
         4, "utc_offset_hours", "the sun does not rise and set within day 1"),
        (swap("ground.toml", "language", 'hot_district = "d8"\nlanguage'), "ground.toml", 5,
         "hot_district", "no such district"),
        (swap("ground.toml", "[weights", SHARE + "[weights"), "ground.toml", 6,
         "seized_in.0.region", "no such region"),
        (swap("ground.toml", "the lighthouse", "\\u001b[2J"), "ground.toml", 3, "km_0",
         "holds a control character"),
        (swap("districts.csv", "Norte", "\u202eNorte"), "districts.csv", 2, "name",
         "holds a control character"),
        (swap("ground.toml", "name =", "name"), "ground.toml", None, None, "is not valid TOML"),
    ],
)  # fmt: skip
def test_a_fault_is_told_where_it_is(
    change: Change, file: str, line: int | None, column: str | None, reason: str
) -> None:
    """One fault, one problem, with something to do about it."""
    problems = [p for p in found(change) if reason in p.reason]
    assert problems, found(change)
    problem = problems[0]
    assert (problem.path, problem.line, problem.key) == (str(HERE / file), line, column)
    assert problem.remedy


def test_a_crossing_in_no_district_is_refused() -> None:
    """The table of crossings may be left out, not be wrong."""
    (problem,) = found(lambda files: files.update({"crossings.csv": "name,district,km\nx,d9,4\n"}))
    assert (problem.line, problem.key, problem.value) == (2, "district", "d9")


def test_beyond_the_polar_circles_there_is_no_night(tmp_path: Path) -> None:
    """A day without a sunset is refused, not run with NaN."""
    files = texts(place=(20.0, 70.0), utc=1.0)
    with pytest.raises(GroundError, match="does not rise and set"):
        Ground.load(write(tmp_path, files))


def test_all_faults_are_told_at_once() -> None:
    """Four files, five faults, in one go."""
    problems = found(
        row(5, terrain="swamp"),
        swap("districts.csv", ",40.0,90.0", ",45.0,90.0"),
        swap("districts.csv", "Sur,", ","),
        swap("river_season.csv", "\n7,", "\n8,"),
        swap("ground.toml", "d1 = 3.0", "d7 = 3.0"),
    )
    assert len(problems) == 5
    assert len({problem.path for problem in problems}) == 4


@pytest.mark.parametrize(
    "missing", ["line.csv", "districts.csv", "river_season.csv", "ground.toml"]
)
def test_a_missing_file_is_named(missing: str, tmp_path: Path) -> None:
    """And nothing else is blamed for it."""
    files = {name: text for name, text in texts().items() if name != missing}
    with pytest.raises(GroundError, match="cannot be read") as caught:
        Ground.load(write(tmp_path, files))
    assert [problem.path for problem in caught.value.problems] == [str(tmp_path / missing)]


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    """A name in Latin-1 is not guessed at; a mark before the first letter is let pass."""
    write(tmp_path)
    table = tmp_path / "districts.csv"
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes().replace(b"\n", b"\r\n"))
    assert Ground.load(tmp_path) == Ground.load(write(tmp_path / "plain"))
    table.write_bytes(table.read_bytes().replace(b"Norte", b"Nort\xe9"))
    with pytest.raises(GroundError, match="is not UTF-8"):
        Ground.load(tmp_path)


def test_a_run_on_a_faulty_ground_says_the_same_as_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``run`` and ``ground check`` end with status 2 and the same words; nothing is written."""
    files = texts()
    row(5, terrain="swamp")(files)
    land = str(write(tmp_path / "land", files))
    assert main(["ground", "check", land]) == 2
    told = capsys.readouterr().err
    assert main(["run", "baseline", "--ground", land, "-o", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == told
    assert f"line.csv:5: terrain = {chr(34)}swamp{chr(34)}: is not known here" in told
    assert not (tmp_path / "out").exists()


@given(
    st.sampled_from(["line.csv", "districts.csv", "river_season.csv", "ground.toml"]),
    st.integers(0, 400),
    st.text(max_size=4),
)
def test_a_slip_of_the_pen_is_a_fault_or_a_ground(file: str, at: int, typed: str) -> None:
    """Whatever is typed over a file: problems in words, or a world that runs; no traceback."""
    files = texts()
    files[file] = files[file][:at] + typed + files[file][at + len(typed) :]
    if not faults(files, HERE):
        spec = sim.load("baseline", {"days": 0.1}, ground=Ground(files))
        sim.BorderModel(spec, seed=1).run()
