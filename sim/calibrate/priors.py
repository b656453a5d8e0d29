"""What is believed of the free parameters before the data: ``seeds/priors.toml``, read."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.calibrate.entries import Entry, open_entries
from sim.calibrate.laws import LAWS
from sim.errors import SeedTableError
from sim.incidents.seeds import seeds_folder
from sim.scenario.explain import nearest
from sim.scenario.parameters import Parameter as ScenarioParameter
from sim.scenario.parameters import number, parameter
from sim.scenario.spec import Scenario
from sim.scenario.vary import flatten

FILE: Final = "priors.toml"
LEAST_MASS: Final = 1e-4
"""A law that lies outside its bounds but for less than this is a slip."""
_KNOWN: Final = ("law", "low", "high", "unit", "multiplies", "source")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A free parameter with its prior: a law cut off at ``low`` and ``high``.

    ``key`` is a key of the scenario, set to the value; or a name of its own, and then the
    value multiplies what the scenario has at each key of ``multiplies``. ``shape`` are the
    numbers of the law, in its order.
    """

    key: str
    low: float
    high: float
    unit: str
    source: str
    law: str = "uniform"
    shape: tuple[float, float] = (0.0, 0.0)
    multiplies: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the scenario that it moves."""
        return self.multiplies or (self.key,)

    def quantile(self, u: Any) -> Any:
        """The value below which a share ``u`` in [0, 1] of the prior lies; floats or arrays."""
        law = LAWS[self.law]
        first, last = self._ends()
        value = np.clip(law.inverse(first + u * (last - first), *self.shape), self.low, self.high)
        return float(value) if np.ndim(value) == 0 else value

    def log_density(self, x: Any) -> Any:
        """Natural logarithm of the density at ``x``, minus infinity out of bounds."""
        law = LAWS[self.law]
        first, last = self._ends()
        inside = np.clip(x, self.low, self.high)
        held = law.log_slope(inside, *self.shape) - np.log(last - first)
        value = np.where(inside == x, held, -np.inf)
        return float(value) if np.ndim(value) == 0 else value

    def overrides(self, value: float, scenario: Scenario) -> dict[str, float]:
        """What the scenario is to say instead where the parameter has this value."""
        if not self.multiplies:
            return {self.key: value}
        said = flatten(scenario)
        return {key: value * float(str(said.get(key, 0.0))) for key in self.multiplies}

    def _ends(self) -> tuple[float, float]:
        mass: Callable[..., Any] = LAWS[self.law].mass
        return float(mass(self.low, *self.shape)), float(mass(self.high, *self.shape))


def read_priors(folder: str | Path | None = None) -> tuple[Parameter, ...]:
    """Read and check ``priors.toml`` of a folder; the shipped one where it has none.

    Raises ``SeedTableError`` with every problem of the file.
    """
    path = file_in(folder, FILE)
    file = open_entries(path, "priors, each under the key of its parameter")
    entries = file.entries()
    found = [(entry, _parameter(entry)) for entry in entries]
    moved: dict[str, str] = {}
    for entry, prior in found:
        for key in prior.keys if prior is not None else ():
            if key in moved:
                reason = f"moves {key}, as {moved[key]} does"
                entry.refuse(None, reason, "Let one parameter move it.")
            moved.setdefault(key, entry.name)
    file.check()
    return tuple(prior for _, prior in found if prior is not None)


def file_in(folder: str | Path | None, name: str) -> Path:
    """The file of a user's folder, or the shipped one where the folder has none of that name.

    Raises ``SeedTableError`` when the folder is none.
    """
    if folder is None:
        return seeds_folder() / name
    if not Path(folder).is_dir():
        raise SeedTableError(
            "is no folder",
            path=folder,
            remedy="Give a folder with targets.toml, priors.toml or both.",
        )
    own = Path(folder) / name
    return own if own.exists() else seeds_folder() / name


def _parameter(entry: Entry) -> Parameter | None:
    """One entry as a parameter; ``None`` after a problem."""
    law_name = entry.choice("law", tuple(LAWS))
    low, high = entry.number("low"), entry.number("high")
    source = entry.text("source", 'Say where it comes from, or "assumption".')
    multiplies: tuple[str, ...] = ()
    if "multiplies" in entry:
        multiplies = entry.texts("multiplies", 'Name keys, as in ["cells.count"].')
        _check_keys(entry, multiplies)
    unit = _unit(entry, bool(multiplies or "multiplies" in entry), low, high)
    names = LAWS[law_name].shape if law_name is not None else ()
    shape = [_shape_number(entry, name) for name in names]
    if law_name is None:  # which shape numbers belong to it is not known
        entry.asked.update(entry.values)
    entry.refuse_unknown((*_KNOWN, *names))
    if low is None or high is None or law_name is None or None in shape:
        return None
    if not low < high:
        entry.refuse("high", f"is not above low = {low:g}", "Give low and high in order.")
        return None
    a, b = ([value for value in shape if value is not None] + [0.0, 0.0])[:2]
    made = Parameter(entry.name, low, high, unit or "", source or "", law_name, (a, b), multiplies)
    return made if _fits(entry, made) and source and unit else None


def _shape_number(entry: Entry, name: str) -> float | None:
    """A number of the law; all but the mean of a normal law are positive."""
    return entry.number(name, above=None if name == "mean" else 0.0)


def _fits(entry: Entry, made: Parameter) -> bool:
    """Whether the bounds lie in the law's support and hold some of its mass."""
    law = LAWS[made.law]
    if made.low < law.least or (made.low == law.least and not law.closed) or made.high > law.most:
        least = f"{'at least' if law.closed else 'more than'} {law.least:g}"
        most = "" if law.most == np.inf else f" and at most {law.most:g}"
        reason = f"gives the {made.law} law bounds from {made.low:g} to {made.high:g}"
        entry.refuse(None, reason, f"Give {least}{most}.")
        return False
    first, last = made._ends()
    if law.shape and last - first < LEAST_MASS:
        reason = f"puts less than {LEAST_MASS:g} of the {made.law} law within its bounds"
        entry.refuse(None, reason, "Widen the bounds or move the law.")
        return False
    return True


def _unit(entry: Entry, factor: bool, low: float | None, high: float | None) -> str | None:
    """Check the key, the bounds and the unit against the specification."""
    unit = entry.text("unit", "Give the unit.")
    if factor:
        if unit not in (None, "ratio"):
            entry.refuse("unit", "is not the unit of a factor", 'Write unit = "ratio".')
        if parameter(entry.name) is not None:
            reason = "is a parameter and cannot stand for several"
            entry.refuse("multiplies", reason, "Give it another name, or leave multiplies out.")
        if low is not None and low < 0.0:
            entry.refuse("low", "is below 0", "A factor is at least 0.")
        return unit
    known = _number_parameter(entry, entry.name, None)
    if known is None:
        return unit
    allowed = f"Allowed: {known.allowed}."
    if low is not None and known.low is not None and low < known.low:
        entry.refuse("low", f"is below the least value {number(known.low)}", allowed)
    if high is not None and known.high is not None and high > known.high:
        entry.refuse("high", f"is above the largest value {number(known.high)}", allowed)
    if unit is not None and unit != known.unit:
        entry.refuse("unit", "is not the parameter's unit", f'Write unit = "{known.unit}".')
    return unit


def _check_keys(entry: Entry, keys: tuple[str, ...]) -> None:
    for key in keys:
        _number_parameter(entry, key, "multiplies")
    if len(set(keys)) < len(keys):
        entry.refuse("multiplies", "names a parameter twice", "Keep one of them.")


def _number_parameter(entry: Entry, key: str, at: str | None) -> ScenarioParameter | None:
    """The scenario's parameter ``key`` if it is a number; else a problem and ``None``."""
    known = parameter(key)
    if known is None:
        close = nearest(key.split("."))
        remedy = f"Did you mean {' or '.join(close)}?" if close else ""
        if at is None:
            remedy = remedy or "A name of its own needs multiplies = [keys of the scenario]."
        entry.refuse(at, f"{key} is no parameter of a scenario", remedy)
        return None
    if known.kind == "number" or (known.kind == "district table" and key != known.key):
        return known
    entry.refuse(at, f"{key} is a {known.kind}", "Only a parameter that is a number can be free.")
    return None
