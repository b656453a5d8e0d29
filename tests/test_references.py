"""Every work that is cited stands in the list of references, and the list has no other."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "docs" / "references.md"
NAME = r"[A-Z][a-zA-Zéöü\-]+"
CITED = re.compile(
    rf"\b({NAME})((?:, {NAME})*(?:,? (?:and|&) (?:{NAME}|others))?(?:,? et al\.?)?)"
    r",? \(?((?:1[89]|20)\d\d)\b((?:, (?:1[89]|20)\d\d\b)*)"
)
LASTING = re.compile(
    r"(?:doi:10\.\d{4,9}/\S*[\w)]|arXiv:\d{4}\.\d{4,5}|JSTOR:\d+|[Nn]o DOI known)(?= \||$)"
)
"""By what a work is found, or that nothing is known by which it would be."""
NOT_WORKS = {
    "After", "Apr", "April", "Aug", "August", "Before", "By", "Darvoz", "Dec", "December", "Feb",
    "February", "From", "GEBCO", "In", "Jan", "January", "Jul", "July", "Jun", "June", "Kashmir",
    "London",
    "Mar", "March", "May", "Nov", "November", "Oct", "October", "Of", "Sep", "September", "Since",
    "The", "Until", "Where", "Year",
}  # fmt: skip
"""Words before a year that name no author."""


def listed() -> list[tuple[str, str, str]]:
    """First author, year and source of each row of the list."""
    rows = re.findall(r"^\| (.+?) (\d{4}) \| (.+) \|$", LIST.read_text("utf-8"), re.M)
    return [(re.sub(r"^D[ia] ", "", re.split(r",? and |, ", who)[0]), *rest) for who, *rest in rows]


@pytest.fixture(scope="module")
def cited() -> dict[tuple[str, str], str]:
    """First author and year of each citation, with a file where it stands."""
    done = subprocess.run(
        ["git", "ls-files", "sim", "docs", "seeds"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("not a checkout of git")
    found = {}
    for name in done.stdout.split():
        if not name.endswith((".py", ".md", ".toml")) or name == "docs/references.md":
            continue
        text = re.sub(r"\n[ #*>]*", " ", (ROOT / name).read_text("utf-8"))
        for first, _, year, more in CITED.findall(text):
            if first not in NOT_WORKS:
                found |= {(first, each): name for each in [year, *more.split(", ")[1:]]}
    return found


def test_every_citation_has_its_work(cited: dict[tuple[str, str], str]) -> None:
    """By first author and year."""
    known = {(author, year) for author, year, _ in listed()}
    assert not {key: name for key, name in cited.items() if key not in known}


def test_every_work_is_cited(cited: dict[tuple[str, str], str]) -> None:
    """A list that grows by itself is not one of references."""
    assert not [(author, year) for author, year, _ in listed() if (author, year) not in cited]


def test_a_work_can_be_found() -> None:
    """Each has a title, a place, and a DOI or another lasting number, or says that it has none."""
    for author, year, source in listed():
        assert LASTING.search(source), (author, year)
        title, _, place = re.sub(r"[?] ", ". ", source).partition(". ")
        assert len(title) > 3, (author, year)
        assert place, (author, year)


def test_no_two_works_have_one_number() -> None:
    """A DOI that was copied from another row would lead to another work."""
    numbers = [LASTING.findall(source)[-1] for *_, source in listed()]
    given = [number for number in numbers if number != "No DOI known"]
    assert len(given) == len(set(given))


@pytest.mark.parametrize("number", ["doi:10.1007", "doi:11.1007/x", "doi:10.1007/b.", "JSTOR:x"])
def test_a_number_of_another_form_is_found(number: str) -> None:
    """A DOI is 10, a dot, a registrant, a stroke, a name."""
    assert not LASTING.search(f"A title. A journal. {number}")
