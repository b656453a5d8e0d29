"""Plain English: patterns that read as translated, or say nothing, do not come back."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SPARED = {"docs/style.md", "tests/test_style.py"}
"""They quote what is not to be written."""

FINE = (
    "longer|more|fewer|less|farther|worse|better|wider|larger|smaller|one|other|different|gain"
    "|change|room"
)
PATTERNS = {
    "is not a, are not": rf"(?<![Tt]here )\b(?:is|are|was|were) no (?!(?:{FINE})\b)[a-z]",
    "name who does it": r"\b[Ww]hoever\b",
    "the default": r"\bmeant when\b",
    "before": r"\bbeforehand\b",
    "of it, in it": r"\b(?:there|where)(?:of|in|upon|with)\b",
    "use": r"\b(?:utili[sz]e|leverag(?:e|ing) the)\b",
    "to": r"\b[Ii]n order to\b",
    "leave it out": r"\b(?:[Pp]lease note|[Ss]imply|[Oo]bviously)\b",
    "depends on": r"\bhang(?:s|ing)? on\b",
    "again": r"\banew\b",
    "your own, the user's": r"\bone's own\b",
    "shows, reports, says": r"\b(?:is|are|was|were) told (?!apart)",
    "simulated": r"\blived\b",
    "one row per draw": r"\ba (?:row|line|file|column|curve) an? [a-z]+\b",
}


def texts() -> dict[str, str]:
    """The text of each file that a person reads, by its path."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "*.py", "*.md", "*.toml", "*.js", "*.j2"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a checkout of git")
    return {
        name: (ROOT / name).read_text("utf-8")
        for name in listed.stdout.split("\0")
        if name and name not in SPARED and (ROOT / name).exists()
    }


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    """Read once."""
    return texts()


@pytest.mark.parametrize("instead", PATTERNS)
def test_the_pattern_does_not_come_back(written: dict[str, str], instead: str) -> None:
    """In no file of the project but the page that quotes it."""
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]!r}"
        for name, text in written.items()
        for match in re.finditer(PATTERNS[instead], text)
    ]
    assert not found, f"write {instead!r} instead:\n" + "\n".join(found)


def test_the_patterns_find_what_they_are_for() -> None:
    """Each finds an example of its own, and the usual negation passes."""
    bad = (
        "gold is no outcome", "whoever reads", "meant when nothing is said", "known beforehand",
        "a part thereof", "utilise", "in order to see", "simply run",
        "what it hangs on", "made anew", "a rule of one's own", "the damage is told to the user",
        "each year is lived twice", "a table with a row a draw",
    )  # fmt: skip
    for pattern, text in zip(PATTERNS.values(), bad, strict=True):
        assert re.search(pattern, text)
    fine = "there is no store; it is no longer there; gold is not an outcome"
    assert not any(re.search(pattern, fine) for pattern in PATTERNS.values())
