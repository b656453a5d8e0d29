"""``panj verify``: its table, its exit status, faults and blind cases."""

import json
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.errors import OutputError, PanjError
from sim.verify import verification
from sim.verify.case import Case
from sim.verify.families import FAMILIES, studies
from sim.verify.verification import Verification, read_verification, verify

GOOD = Case("a mean", 2.0, 2.01, 0.01)
EXACT = Case("a count", 0.0, 0.0, wrong=3.0)
OFF = Case("off by a tenth", 2.0, 2.2, 0.01)
BLIND = Case("too few runs", 2.0, 2.01, 0.5)


def good(effort: float) -> list[Case]:
    """Two cases that hold, one of them smaller in error with more effort."""
    return [GOOD._replace(error=0.01 / effort**0.5), EXACT]


def off(effort: float) -> list[Case]:
    """A case that fails."""
    return [OFF]


def blind(effort: float) -> list[Case]:
    """A case that could find nothing."""
    return [BLIND]


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch):
    """Families of studies that cost nothing, by the names of the functions above."""

    def use(*studies: str) -> None:
        families = {"toy": studies, "other": ("good",)}
        known = {title: {n: globals()[n] for n in names} for title, names in families.items()}
        monkeypatch.setattr(verification, "FAMILIES", known)
        monkeypatch.setattr(verification, "studies", known.__getitem__)
        monkeypatch.setattr(
            verification, "start_workers", lambda executor, jobs: original("serial", None)
        )

    original = verification.start_workers
    return use


# -- cases --------------------------------------------------------------------------------


def test_a_case_holds_within_four_standard_errors() -> None:
    """A case holds at 1 standard error and not at 20; an exact case holds up to rounding."""
    assert (GOOD.holds, OFF.holds, EXACT.holds) == (True, False, True)
    assert EXACT._replace(estimate=1e-15).holds
    assert not EXACT._replace(estimate=1e-6).holds


def test_a_case_sees_a_fault_of_five_per_cent() -> None:
    """An error of 0.5 % detects 5 %, one of 25 % does not; an exact case detects any fault."""
    assert (GOOD.sees, BLIND.sees, EXACT.sees) == (True, False, True)
    assert GOOD.control == pytest.approx(9.0)
    assert Case("exact", 2.0, 2.0).sees
    assert not Case("a control that agrees", 0.0, 0.0, wrong=0.0).sees


def test_every_family_has_studies_that_exist() -> None:
    """Each name leads to a function, and all families of theory are there."""
    assert len(FAMILIES) >= 13
    found = {family: studies(family) for family in FAMILIES}
    assert all(found.values())
    assert sum(map(len, found.values())) == 48
    assert list(found["alert"]) == [
        "raised_for_a_stay", "down_step_by_step", "while_the_score_is_high"
    ]  # fmt: skip


# -- runs ---------------------------------------------------------------------------------


def test_cases_come_in_the_order_of_the_families(toy) -> None:
    """All families, or those named; progress counts studies."""
    toy("good", "off")
    told: list[tuple[int, int, str]] = []
    found = verify(effort=4.0, progress=lambda *step: told.append(step))
    assert [case.name for case in found.cases] == [
        "a mean",
        "a count",
        OFF.name,
        *["a mean"],
        "a count",
    ]
    assert found.cases[0].error == 0.005
    assert told[-1][:2] == (3, 3)
    assert [case.family for case in verify(["other"]).cases] == ["other", "other"]


def test_what_cannot_be_run_is_refused(toy) -> None:
    """An unknown family and too little effort are refused."""
    toy("good")
    with pytest.raises(PanjError, match="toy, other"):
        verify(["nonsense"])
    with pytest.raises(PanjError, match=r"0\.05 or more"):
        verify(effort=0.02)


# -- the command --------------------------------------------------------------------------


def test_all_is_well(toy, capsys: pytest.CaptureFixture[str]) -> None:
    """The table has a row for each case, and the status is 0."""
    toy("good")
    assert main(["verify", "--quick"]) == 0
    out = capsys.readouterr().out
    assert "a mean" in out
    assert "All 4 cases agree with theory and detect their negative control" in out
    assert all(len(line) <= 100 for line in out.splitlines())


@pytest.mark.parametrize(
    ("study", "word", "sentence"),
    [
        ("off", "FAILS", "1 of 3 cases disagree with theory"),
        ("blind", "CANNOT SEE", "1 cannot detect a fault"),
    ],
)
def test_what_is_wrong_shows_in_the_status(
    toy, capsys: pytest.CaptureFixture[str], study: str, word: str, sentence: str
) -> None:
    """A case that fails or is blind is marked; the status is 1."""
    toy(study)
    assert main(["verify", "--quick"]) == 1
    out = capsys.readouterr().out
    assert word in out
    assert sentence in out


def test_json_and_file_say_the_same(
    toy, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """One JSON object on the terminal and in the file; an infinite z is null."""
    toy("off")
    path = tmp_path / "verification.json"
    assert main(["verify", "--quick", "--json", "-o", str(path), "toy"]) == 1
    said = json.loads(capsys.readouterr().out)
    kept = json.loads(path.read_text())
    assert said["cases"] == kept["cases"]
    assert said["passed"] is False
    assert read_verification(path).cases == (OFF._replace(family="toy"),)


def test_a_verification_survives_the_disk(toy, tmp_path: Path) -> None:
    """A verification is read as it was written; another file is refused by name."""
    found = Verification((GOOD, EXACT, BLIND), 1.0, 2.5)

    found.write(tmp_path / "v.json")
    assert read_verification(tmp_path / "v.json") == found
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(OutputError, match="is not a verification"):
        read_verification(tmp_path / "other.json")
    with pytest.raises(OutputError, match="cannot be written"):
        found.write(tmp_path / "nowhere" / "deeper" / "v.json")


def test_an_unknown_family_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown family gives status 2 and one line with the families."""
    assert main(["verify", "clashes"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error:")
    assert "clash" in err
