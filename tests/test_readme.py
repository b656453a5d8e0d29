"""What the README promises is there: commands, files, and the line by which it is checked."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
MOST_WORDS = 900
QUICK_START = README.partition("## Quick start")[2].partition("\n## ")[0]
COMMANDS = [block.strip() for block in re.findall(r"```sh\n(.*?)```", QUICK_START, re.S)]
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md"))),
]


def test_the_readme_is_read_in_minutes() -> None:
    """It has fewer words than a reader takes in at once; the rest stands in ``docs``."""
    assert len(re.sub(r"<!--.*?-->", "", README, flags=re.S).split()) < MOST_WORDS


def test_the_quick_start_is_two_lines() -> None:
    """There are exactly two commands, each on one line, each making its own environment."""
    assert len(COMMANDS) == 2
    for command in COMMANDS:
        assert "\n" not in command
        assert command.startswith("python3 -m venv .venv")
        assert " pip install" not in command.replace("/bin/pip install", "")


def test_the_first_command_runs_and_compares_shipped_scenarios() -> None:
    """The first command ends in a batch of shipped scenarios, its comparison and its report."""
    batch, compare, report = (shlex.split(part) for part in COMMANDS[0].split(" && ")[-3:])
    assert batch[:3] == [".venv/bin/panj", "batch", "baseline"]
    for name in batch[2 : batch.index("-n")]:
        assert (ROOT / f"scenarios/{name}.toml").exists()
    assert compare[:2] == [".venv/bin/panj", "compare"]
    assert batch[batch.index("-o") + 1] == compare[2] == report[2]


def test_the_second_command_is_what_is_checked() -> None:
    """``.ci/run`` takes the tests' command from the README: exactly that line."""
    pattern = re.search(r"grep '(.*)' README\.md", (ROOT / ".ci" / "run").read_text("utf-8"))
    assert pattern is not None
    assert re.findall(f"{pattern[1]}.*", README, re.M) == [COMMANDS[1]]


def test_the_checks_stop_at_the_first_failure() -> None:
    """``.ci/run`` may be executed, and ends at the first command that fails."""
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in script.read_text("utf-8")
    subprocess.run(["bash", "-n", str(script)], check=True)


@pytest.mark.parametrize("page", PAGES)
def test_every_file_named_is_there(page: str) -> None:
    """A path in a page of the project leads somewhere."""
    text = (ROOT / page).read_text("utf-8")
    inside = r"`((?:sim|docs|scenarios|seeds|tests|\.ci)/[\w./-]*|[\w-]+\.(?:md|toml))`"
    for path in re.findall(inside, text):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"\]\(([^)#]+)", text):
        assert (ROOT / page).parent.joinpath(path).exists(), path


def test_every_method_named_exists() -> None:
    """The methods by which a smuggler decides are called what CONTRIBUTING.md says."""
    row = next(line for line in CONTRIBUTING.splitlines() if "smuggler decide" in line)
    source = (ROOT / "sim/agents/smugglers.py").read_text("utf-8")
    for name in re.findall(r"`(on_\w+)`", row):
        assert f"def {name}(" in source


def test_the_layout_is_the_tree() -> None:
    """Every part of the package has its line in the layout, and every line its part."""
    layout = CONTRIBUTING.partition("## Layout")[2]
    told = set(re.findall(r"^  (\w+)/", layout, re.M))
    there = {path.parent.name for path in (ROOT / "sim").glob("*/__init__.py")}
    assert told == there


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_no_host(page: str) -> None:
    """No page sends a reader to an address on the net."""
    assert not re.search(r"https?://|www\.", (ROOT / page).read_text("utf-8"))


@pytest.mark.thorough
def test_the_lines_of_python_run() -> None:
    """The lines of Python in the README run as they stand: three for a run, three for a batch."""
    for code, begins in zip(re.findall(r"```python\n(.*?)```", README, re.S), "{[", strict=True):
        assert len([line for line in code.splitlines() if line]) == 3
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(begins)
