"""Where a result comes from: versions, commit, time and command."""

import datetime as dt
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

import sim

_SOURCE: Final = Path(sim.__file__).resolve().parent.parent
_GIT_SECONDS: Final = 10
_QUOTED: Final = re.compile(r"""("[^"]*"|'[^']*'|[^\s'"]+)""")


def versions() -> dict[str, str | None]:
    """Versions of Panj, Python, and the libraries that a number may depend on."""
    libraries = {name: _version(name) for name in ("mesa", "numpy", "scipy")}
    return {"panj": sim.__version__, "python": platform.python_version(), **libraries}


def commit(source: Path = _SOURCE) -> dict[str, object] | None:
    """The commit of a source tree, and whether its tracked files differ from the commit.

    None for an installed copy, or where git gives no answer.
    """
    # An installed copy may be inside another project's repository, whose commit says nothing.
    if not (source / ".git").exists() or not (source / "pyproject.toml").is_file():
        return None
    head = _git(source, "rev-parse", "--short=12", "HEAD")
    changes = _git(source, "status", "--porcelain", "--untracked-files=no")
    if head is None or changes is None:
        return None
    return {"id": head, "dirty": bool(changes)}


def utc_now() -> str:
    """The present time in UTC, to the second, in ISO 8601."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _git(source: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(source), *arguments],
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def without_paths(command: object) -> str:
    """A command without details of the machine: absolute paths are cut to the last name.

    Addresses of clusters lose their host.
    """
    return _QUOTED.sub(lambda word: _bare(word[0]), str(command)) if command else ""


def _bare(word: str) -> str:
    quote = word[0] if word[:1] in ("'", '"') else ""
    body = word.strip(quote) if quote else word
    option, equals, value = body.partition("=")
    if not equals or not option.startswith("-"):
        option, equals, value = "", "", body
    if "://" in value:
        value = f"{value.partition('://')[0]}://…"
    elif value.startswith("~") or PurePosixPath(value).is_absolute():
        value = f"…/{PurePosixPath(value).name}"
    elif PureWindowsPath(value).drive or value.startswith("\\"):
        value = f"…/{PureWindowsPath(value).name}"
    return f"{quote}{option}{equals}{value}{quote}"
