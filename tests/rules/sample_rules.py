"""The rules of ``docs/extending.md``, written to files as a user would."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "extending.md"


def blocks(language: str, having: str) -> str:
    """The one code block of the page in a language that has these words in it."""
    found = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    (block,) = [block for block in found if having in block]
    return block


def module() -> str:
    """The text of ``my_rules.py``."""
    return blocks("python", "class Weekends") + "\n\n" + blocks("python", "class Westward")


def write(folder: Path, name: str = "my_rules") -> Path:
    """Put a module and ``weekends.toml``, which names its rule, into a folder; the scenario."""
    (folder / f"{name}.py").write_text(module(), "utf-8")
    scenario = folder / "weekends.toml"
    scenario.write_text(blocks("toml", "my_rules:Weekends").replace("my_rules", name), "utf-8")
    return scenario
