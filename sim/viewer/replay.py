"""One HTML file that plays a run from disk, with page, scripts, styles and story inside.

The same input gives the same bytes.
"""

import base64
import gzip
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sim.errors import PanjError
from sim.frontier.basemap import basemap
from sim.model import BorderModel
from sim.scenario.spec import Scenario
from sim.viewer.ground import ground
from sim.viewer.story import Story
from sim.viewer.wire_format import FORMAT

STATIC: Final = Path(__file__).parent / "static"
_SMALL: Final = 64 * 1024  # bytes of JSON; less is not worth compressing

_STYLE = re.compile(r'<link\b[^>]*\brel="stylesheet"[^>]*\bhref="(?:\./)?([\w.-]+)"[^>]*>')
_SCRIPT = re.compile(r'<script\b([^>]*?)\s+src="(?:\./)?([\w.-]+)"([^>]*)>\s*</script>')
_IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s*\(?\s*)(["'])\./([\w.-]+\.js)\2""")


def replay(specs: Sequence[Scenario], seed: int = 1, assets: Path = STATIC) -> str:
    """The page that plays one scenario, or two side by side, from day 0 to the horizon.

    Raises ``ValueError`` unless there are one or two scenarios, and ``PanjError`` if a file of the
    page is missing.
    """
    if not 1 <= len(specs) <= 2:
        raise ValueError(f"a replay shows one scenario or two, not {len(specs)}")
    return page(replay_data([BorderModel(spec, seed=seed) for spec in specs]), assets)


def replay_data(models: Sequence[BorderModel]) -> dict[str, object]:
    """Run one or two models that have not begun, and return the contents of a replay.

    The base map is included once, if a world lies on it.
    """
    sides: list[dict[str, Any]] = [
        {"side": side, "ground": ground(model), "stretch": Story(model).advance(model.spec.days)}
        for side, model in zip("ab", models, strict=False)
    ]
    placed = any(side["ground"]["basemap"] for side in sides)
    return {"format": FORMAT, "basemap": basemap().page_data if placed else None, "sides": sides}


def page(data: object, assets: Path = STATIC) -> str:
    """``index.html`` with styles and scripts inlined, and ``data`` before the first script."""
    html = _read(assets, "index.html")
    html = _STYLE.sub(lambda match: f"<style>\n{_read(assets, match[1])}\n</style>", html)
    modules = _modules(assets)
    html = _SCRIPT.sub(lambda match: _script(match, assets, modules), html)
    first = html.find("<script")
    if first < 0:
        raise PanjError("the page has no script", path=assets / "index.html", remedy=_REMEDY)
    return f"{html[:first]}{_data(data)}\n{_import_map(assets, modules)}{html[first:]}"


def payload(data: object) -> dict[str, object]:
    """The story as stored in the file: plain JSON if it is small, else compressed."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode()
    if len(text) <= _SMALL:
        return {"format": FORMAT, "encoding": "json", "data": data}
    squeezed = base64.b64encode(gzip.compress(text, 9, mtime=0)).decode("ascii")
    return {"format": FORMAT, "encoding": "gzip+base64", "data": squeezed}


def _data(data: object) -> str:
    text = json.dumps(payload(data), separators=(",", ":"), allow_nan=False)
    safe = text.replace("<", "\\u003c")  # nothing in it may end the script
    return f'<script type="application/json" id="panj-replay">{safe}</script>'


def _script(match: re.Match[str], assets: Path, modules: dict[str, str]) -> str:
    before, name, after = match.groups()
    code = _rename_imports(_read(assets, name), modules).replace("</script", "<\\/script")
    return f"<script{before}{after}>\n{code}\n</script>"


def _modules(assets: Path) -> dict[str, str]:
    """Modules that import each other: file names, each with its name inside the page."""
    texts = [path.read_text("utf-8") for path in sorted(assets.glob("*.js"))]
    names = sorted({match[3] for text in texts for match in _IMPORT.finditer(text)})
    return {name: f"panj/{name}" for name in names}


def _rename_imports(code: str, modules: dict[str, str]) -> str:
    """Replace paths in imports by names: a page in one file has no folder to import from."""
    return _IMPORT.sub(lambda match: f'{match[1]}"{modules.get(match[3], match[3])}"', code)


def _import_map(assets: Path, modules: dict[str, str]) -> str:
    """An import map from names to the code as data URLs; empty if nothing is imported."""
    if not modules:
        return ""
    places = {
        inside: "data:text/javascript;base64,"
        + base64.b64encode(_rename_imports(_read(assets, name), modules).encode()).decode("ascii")
        for name, inside in modules.items()
    }
    return f'<script type="importmap">{json.dumps({"imports": places})}</script>\n'


_REMEDY: Final = "Install the program again."


def _read(assets: Path, name: str) -> str:
    path = assets / name
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise PanjError(
            f"a part of the page cannot be read: {error.strerror or error}",
            path=path,
            remedy=_REMEDY,
        ) from None
