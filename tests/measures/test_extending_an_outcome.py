"""``docs/extending.md`` on outcomes is a script that runs, from a folder of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "extending.md"


@pytest.mark.thorough
def test_the_walk_through_an_outcome_runs(tmp_path: Path) -> None:
    """A script in an empty folder registers, runs, compares on two workers and reads."""
    section = PAGE.read_text("utf-8").partition("\n## An outcome\n")[2].partition("\n## ")[0]
    script = tmp_path / "own.py"
    script.write_text("\n".join(re.findall(r"```python\n(.*?)```", section, re.S)), "utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    nights, verdict, runs = done.stdout.splitlines()
    assert 0 < int(nights.removesuffix(" of 90")) < 90
    assert "nights with a fight" in verdict
    assert runs == "8 runs"
