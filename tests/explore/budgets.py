"""A small budget for tests."""

from pathlib import Path

SMALL = """
total = 52_000_000

[[lever]]
name = "sorties in Panj"
keys = ["patrols.emphasis.panj"]
from = 0.5
to = 4.0

[[lever]]
name = "sorties in Hamadoni"
keys = ["patrols.emphasis.hamadoni"]
from = 0.5
to = 4.0

[[lever]]
name = "guards at a site"
keys = ["worksites.guards"]
from = 1
to = 9

[[lever]]
name = "share that follows"
keys = ["patrols.hot_spot_share"]
from = 0.0
to = 1.0
cost = 0
"""


def written(folder: Path, text: str = SMALL) -> Path:
    """Write a budget file."""
    path = folder / "budget.toml"
    path.write_text(text, "utf-8")
    return path
