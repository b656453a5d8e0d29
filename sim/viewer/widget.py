"""The control room in a notebook: one run, or two on the same seed, told and then played there.

::

    from sim.viewer.widget import MapWidget

    MapWidget("baseline", against="triggered", seed=7)

What is played is the story that a replay holds, drawn by the same scripts. They come with the
widget, so no net is needed; the kernel is not needed either once the story is told.
"""

import gzip
import json
from pathlib import Path
from typing import Final

from sim.errors import PanjError
from sim.model import BorderModel
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.viewer.replay import STATIC, told

try:
    import anywidget
    import traitlets
except ImportError:
    raise PanjError(
        "the widget needs anywidget, which is not installed",
        remedy="Install it: pip install 'panj[notebook]'.",
    ) from None

Shown = str | Path | Scenario | BorderModel
"""What can be shown: a scenario by name or file, a scenario, or a model."""

_GLUE: Final = Path(__file__).with_name("widget.js")
_STYLES: Final = (
    STATIC / "uPlot.min.css",
    STATIC / "panj.css",
    Path(__file__).with_name("widget.css"),
)


def script() -> str:
    """The widget's one module: the page's modules as data, then what puts them together."""
    files = {path.name: path.read_text("utf-8") for path in sorted(STATIC.glob("*.js"))}
    return f"const FILES = {json.dumps(files)};\n{_GLUE.read_text('utf-8')}"


def styles() -> str:
    """The page's styles, then those for a cell; the rest of the notebook is left as it is."""
    return "\n".join(path.read_text("utf-8") for path in _STYLES)


class MapWidget(anywidget.AnyWidget):
    """A run, or two side by side, to be played in a notebook.

    ``shown``, and ``against`` beside it, are scenarios by name or file, scenarios, or models. A
    model stays as it is: a new one of its class, scenario and seed is run. ``seed`` (0..2^63-1) is
    that of both runs unless a model has its own; ``theme`` is ``"light"`` or ``"dark"``.

    The traits ``t`` (moment shown, days), ``playing`` and ``mode`` (``"map"``, ``"strip"`` or
    ``"both"``) follow the screen and move it, so that they can be linked with other widgets.

    Raises :class:`~sim.errors.PanjError` for a scenario that cannot be read.
    """

    _esm = script()
    _css = styles()

    story = traitlets.Bytes(b"").tag(sync=True)
    theme = traitlets.Enum(("light", "dark"), "light").tag(sync=True)
    t = traitlets.Float(0.0).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    mode = traitlets.Enum(("map", "strip", "both"), "map").tag(sync=True)

    def __init__(
        self, shown: Shown, seed: int = 1, against: Shown | None = None, theme: str = "light"
    ) -> None:
        wanted = [shown] if against is None else [shown, against]
        models = [_fresh(one, seed) for one in wanted]
        self._title = " | ".join(model.spec.title or model.spec.name for model in models)
        self._seed, self.days = models[0].seed, max(model.spec.days for model in models)
        text = json.dumps(told(models), separators=(",", ":"), allow_nan=False)
        super().__init__(story=gzip.compress(text.encode(), 6, mtime=0), theme=theme)

    def __repr__(self) -> str:
        """What a page shows that cannot run the widget."""
        return f"Map of {self._title}; seed {self._seed}, {self.days:g} days. Run the cell to play."


def _fresh(shown: Shown, seed: int) -> BorderModel:
    """A model that has not begun."""
    if isinstance(shown, BorderModel):
        return type(shown)(shown.spec, seed=shown.seed)
    return BorderModel(shown if isinstance(shown, Scenario) else load(shown), seed=seed)
