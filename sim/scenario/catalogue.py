"""Find scenario files: the shipped ones by name, your own by path."""

import os.path
from difflib import get_close_matches
from pathlib import Path

from sim.errors import ScenarioError

SUFFIX = ".toml"
_PACKAGE = Path(__file__).resolve().parents[1]


def shipped() -> Path:
    """Return the folder of the shipped scenarios, in the source tree or in the installed package.

    Raises :class:`~sim.errors.ScenarioError` when it is missing from the installation.
    """
    places = (_PACKAGE.parent / "scenarios", _PACKAGE / "_shipped" / "scenarios")
    for place in places:
        if (place / f"baseline{SUFFIX}").is_file():
            return place
    raise ScenarioError(
        "the shipped scenarios are missing",
        path=places[-1],
        remedy="Install the program again, or give the path of a scenario file.",
    )


def names() -> list[str]:
    """Return the names of the shipped scenarios: the baseline, then in alphabetical order."""
    found = (path.stem for path in shipped().glob(f"*{SUFFIX}"))
    return sorted(found, key=lambda name: (name != "baseline", name))


def find(name_or_path: str | Path) -> Path:
    """Return the path for ``triggered``, ``scenarios/triggered.toml`` or any other path.

    A file that exists as given comes first, then a shipped scenario of that name. A path that does
    not exist is returned as given, so that reading it reports what is wrong.
    """
    path = Path(name_or_path)
    if os.path.isfile(path):
        return path
    if path.parent in (Path(), Path("scenarios")) and path.suffix in ("", SUFFIX) and path.name:
        candidate = shipped() / f"{path.stem}{SUFFIX}"
        if os.path.isfile(candidate):
            return candidate
    return path


def near(path: Path) -> list[str]:
    """Return up to three names similar to a missing one: files beside it, shipped scenarios."""
    beside = _toml_files(path.parent)
    close = get_close_matches(path.stem or path.name, [*beside, *names()], n=3, cutoff=0.6)
    return [beside.get(name, name) for name in dict.fromkeys(close)]


def display(path: Path) -> str:
    """Write a path relative to the working folder if it is below it, else as it is."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _toml_files(folder: Path) -> dict[str, str]:
    """Return the scenario files of a folder, from stem to displayed path; none if unreadable."""
    try:
        return {file.stem: display(file) for file in sorted(folder.glob(f"*{SUFFIX}"))}
    except (OSError, ValueError):
        return {}
