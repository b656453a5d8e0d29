"""Sliders for a scenario, in a notebook: the levers of the live view as ipywidgets.

::

    from sim.viewer.panel import Panel

    panel = Panel("baseline", ["patrols.sorties_per_day", "alert.level"])
    panel.observe(lambda change: print(change.new.name), "scenario")
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from sim.errors import PanjError
from sim.scenario.load import load
from sim.scenario.spec import Scenario
from sim.viewer.levers import Lever, Value, known_lever, levers, overrides

try:
    import ipywidgets  # type: ignore[import-untyped]
    import traitlets
except ImportError:
    raise PanjError(
        "the panel needs ipywidgets, which are not installed",
        remedy="Install them: pip install 'panj[notebook]'.",
    ) from None

_LABEL: Final = {"description_width": "170px"}
_WIDE: Final = "460px"
_HEADS: Final = {"guards": "What a defender decides", "unknown": "What nobody knows well"}


class Panel(ipywidgets.VBox):  # type: ignore[misc]
    """Levers of a scenario; the trait ``scenario`` is the scenario with the levers as they stand.

    Parameters
    ----------
    base
        A scenario, or one by name or file.
    keys
        The levers wanted, of those in :data:`sim.viewer.levers.KNOBS`; all unless said.

    A slider acts when it is let go. ``sliders`` are the widgets by key; ``reset()`` puts them
    back. Raises :class:`~sim.errors.PanjError` for a key that is not a lever.
    """

    scenario = traitlets.Instance(Scenario)

    def __init__(self, base: Scenario | str | Path, keys: Sequence[str] | None = None) -> None:
        self._base = base if isinstance(base, Scenario) else load(base)
        wanted = {known_lever(key).key for key in keys} if keys is not None else None
        self._levers = [
            lever for lever in levers(self._base) if wanted is None or lever["key"] in wanted
        ]
        self.sliders: dict[str, Any] = {one["key"]: _slider(one) for one in self._levers}
        self._quiet = False
        super().__init__(list(self._laid_out()), scenario=self._base)
        for slider in self.sliders.values():
            slider.observe(self._moved, "value")

    @property
    def moved(self) -> dict[str, Value]:
        """The levers that do not stand as in the base, by key."""
        return {
            one["key"]: self.sliders[one["key"]].value
            for one in self._levers
            if self.sliders[one["key"]].value != one["value"]
        }

    def reset(self) -> None:
        """Put every lever back."""
        self.set({one["key"]: one["value"] for one in self._levers})

    def set(self, values: dict[str, Value]) -> None:
        """Move several levers at once."""
        self._quiet = True
        try:
            for key, value in values.items():
                self.sliders[key].value = value
        finally:
            self._quiet = False
        self._moved()

    def _moved(self, _: object = None) -> None:
        if not self._quiet:
            self.scenario = overrides(self._base, self.moved)

    def _laid_out(self) -> Any:
        """Each group under its heading, beside each other."""
        columns = []
        for group, head in _HEADS.items():
            own = [self.sliders[one["key"]] for one in self._levers if one["group"] == group]
            if own:
                columns.append(ipywidgets.VBox([ipywidgets.HTML(f"<b>{head}</b>"), *own]))
        return [ipywidgets.HBox(columns, layout={"flex_flow": "row wrap"})]

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """For a page that cannot run widgets: the levers as a table."""
        bundle = dict(super()._repr_mimebundle_(**kwargs))
        rows = [(one["label"], _shown(one, self.sliders[one["key"]].value)) for one in self._levers]
        bundle["text/plain"] = "\n".join(f"{label}: {value}" for label, value in rows)
        cells = "".join(
            f"<tr><td style='text-align:left'>{escape(label)}</td><td>{escape(value)}</td></tr>"
            for label, value in rows
        )
        bundle["text/html"] = f"<table><tbody>{cells}</tbody></table>"
        return bundle


def _slider(lever: Lever) -> Any:
    label = {"description": lever["label"], "style": _LABEL, "layout": {"width": _WIDE}}
    if lever["kind"] == "choice":
        return ipywidgets.Dropdown(options=lever["choices"], value=lever["value"], **label)
    kind = ipywidgets.IntSlider if isinstance(lever["value"], int) else ipywidgets.FloatSlider
    span = {"min": lever["low"], "max": lever["high"], "step": lever["step"]}
    if kind is ipywidgets.IntSlider:
        span = {name: int(value or 0) for name, value in span.items()}
    return kind(value=lever["value"], continuous_update=False, **span, **label)


def _shown(lever: Lever, value: Value) -> str:
    """A value with its unit, where the unit says something."""
    if isinstance(value, str):
        return value
    unit = "" if lever["unit"] in ("share", "probability") else lever["unit"]
    return f"{value:g} {unit}".strip()
