"""The control room in a notebook: one run, or two with the same seed, simulated and then played.

::

    from sim.viewer.widget import MapWidget

    MapWidget("baseline", against="triggered", seed=7)

The widget plays the same story as a replay, drawn by the same scripts. They come with the widget,
so it needs no network, nor the kernel once the run is over.
"""

import gzip
import json
from pathlib import Path
from typing import Final

from sim.errors import PanjError
from sim.model import BorderModel
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.viewer.replay import STATIC, replay_data

try:
    import anywidget
    import traitlets
except ImportError:
    raise PanjError(
        "the widget needs anywidget, which is not installed",
        remedy="Install it: pip install 'panj[notebook]'.",
    ) from None

Source = str | Path | Scenario | BorderModel
"""A scenario by name or file, a scenario, or a model."""

_MODULE: Final = Path(__file__).with_name("widget.js")
_STYLES: Final = (
    STATIC / "uPlot.min.css",
    STATIC / "panj.css",
    Path(__file__).with_name("widget.css"),
)


def script() -> str:
    """The widget's one module: the page's modules as data, then the code that loads them."""
    files = {path.name: path.read_text("utf-8") for path in sorted(STATIC.glob("*.js"))}
    return f"const FILES = {json.dumps(files)};\n{_MODULE.read_text('utf-8')}"


def styles() -> str:
    """The page's styles, then those for a cell; the rest of the notebook is unchanged."""
    return "\n".join(path.read_text("utf-8") for path in _STYLES)


class MapWidget(anywidget.AnyWidget):
    """Plays one run, or two side by side, in a notebook.

    ``shown``, and ``against`` beside it, are scenarios by name or file, scenarios, or models. A
    model is not touched: a new one of its class, scenario and seed is run. ``seed`` (0..2^63-1) is
    that of both runs, except of models; ``theme`` is ``"light"`` or ``"dark"``.

    The traits ``t`` (moment shown, days), ``playing`` and ``mode`` (``"map"``, ``"strip"`` or
    ``"both"``) follow the screen and control it, so they can be linked with other widgets.

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
        self, shown: Source, seed: int = 1, against: Source | None = None, theme: str = "light"
    ) -> None:
        sources = [shown] if against is None else [shown, against]
        models = [_new_model(source, seed) for source in sources]
        self._title = " | ".join(model.spec.title or model.spec.name for model in models)
        self._seed, self.days = models[0].seed, max(model.spec.days for model in models)
        text = json.dumps(replay_data(models), separators=(",", ":"), allow_nan=False)
        super().__init__(story=gzip.compress(text.encode(), 6, mtime=0), theme=theme)

    def __repr__(self) -> str:
        """The text that a page shows if it cannot run the widget."""
        return f"Map of {self._title}; seed {self._seed}, {self.days:g} days. Run the cell to play."


def _new_model(source: Source, seed: int) -> BorderModel:
    """A model that has not begun."""
    if isinstance(source, BorderModel):
        return type(source)(source.spec, seed=source.seed)
    return BorderModel(source if isinstance(source, Scenario) else load(source), seed=seed)
