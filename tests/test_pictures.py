"""Every picture of the documentation has a command in the list, and is shown on a page."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "img"
LIST = (ROOT / "docs" / "pictures.md").read_text("utf-8").partition("## How the pictures")[2]
ROWS = re.findall(r"^\| ([^|`]+) \| `(.+)` \|$", LIST, re.M)
MOST_BYTES = 200_000
FILM_BYTES = 700_000


def pictures() -> list[str]:
    """Each picture of the project, by its path in ``docs/img``."""
    listed = subprocess.run(
        ["git", "ls-files", "docs/img"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a checkout of git")
    names = [name.removeprefix("docs/img/") for name in listed.stdout.split()]
    return [name for name in names if not name.endswith(".json")]


def test_each_picture_is_made_by_one_command() -> None:
    """Its row names it or its folder, and no row names a missing picture."""
    made: list[str] = []
    for named, _ in ROWS:
        for pattern in named.split(", "):
            found = [str(path.relative_to(IMAGES)) for path in IMAGES.glob(pattern)]
            assert found, pattern
            made += found
    assert sorted(made) == sorted(pictures())


def test_each_command_exists() -> None:
    """A module of the project, a script, or ``panj``."""
    assert len(ROWS) > 10
    for _, command in ROWS:
        match command.split():
            case ["python", "-m", module, *_]:
                path = ROOT.joinpath(*module.split("."))
                assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), command
            case ["python", script, *_]:
                assert (ROOT / script).exists(), command
            case words:
                assert words[0] == "panj", command


def test_each_picture_is_shown() -> None:
    """On a page of the documentation, or in the README."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {
        name
        for page in pages
        for name in re.findall(r"\]\((?:docs/)?img/([^)]+)\)", page.read_text("utf-8"))
    }
    assert set(pictures()) <= shown


def test_each_picture_is_small() -> None:
    """A page of them loads quickly; a film may be larger."""
    for name in pictures():
        most = FILM_BYTES if name.endswith(".webp") else MOST_BYTES
        assert (IMAGES / name).stat().st_size < most, name
