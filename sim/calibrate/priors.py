"""Free parameters and their priors: ``seeds/priors.toml``."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Self

import numpy as np
from pydantic import AfterValidator, Field, ValidationInfo, create_model, model_validator

from sim.calibrate.distributions import DISTRIBUTIONS
from sim.calibrate.toml_entries import Entry, Positive, Text, file_in, open_entries
from sim.scenario.error_messages import nearest
from sim.scenario.parameters import Parameter as ScenarioParameter
from sim.scenario.parameters import number, parameter
from sim.scenario.spec import Scenario
from sim.scenario.values import flatten
from sim.validation import HEADER, one_of, refusal

FILE: Final = "priors.toml"
LEAST_MASS: Final = 1e-4
"""A law with less mass than this within its bounds is taken for a mistake."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A free parameter with its prior: a distribution (``law``) truncated at ``low`` and ``high``.

    ``key`` is a key of the scenario, which takes the value; or the name of a factor, which
    multiplies the scenario's values at the keys of ``multiplies``. ``shape`` holds the numbers of
    the distribution, in its order.
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
        """The keys of the scenario that the parameter changes."""
        return self.multiplies or (self.key,)

    def quantile(self, u: Any) -> Any:
        """Return the quantile of the prior at ``u`` in [0, 1], a float or an array."""
        distribution = DISTRIBUTIONS[self.law]
        first, last = self.ends()
        value = np.clip(
            distribution.inverse(first + u * (last - first), *self.shape), self.low, self.high
        )
        return float(value) if np.ndim(value) == 0 else value

    def share(self, x: Any) -> Any:
        """Return the share of the prior below ``x``, in [0, 1]: the inverse of ``quantile``."""
        first, last = self.ends()
        inside = np.clip(x, self.low, self.high)
        value = np.clip(
            (DISTRIBUTIONS[self.law].mass(inside, *self.shape) - first) / (last - first), 0, 1
        )
        return float(value) if np.ndim(value) == 0 else value

    def overrides(self, value: float, scenario: Scenario) -> dict[str, float]:
        """Return the values of the scenario that this value of the parameter sets, by key."""
        if not self.multiplies:
            return {self.key: value}
        base = flatten(scenario)
        return {key: value * float(str(base.get(key, 0.0))) for key in self.multiplies}

    def ends(self) -> tuple[float, float]:
        """Return the masses of the distribution at ``low`` and ``high``."""
        mass: Callable[..., Any] = DISTRIBUTIONS[self.law].mass
        return float(mass(self.low, *self.shape)), float(mass(self.high, *self.shape))


def _is_number(key: str, otherwise: str = "") -> str:
    """Return a key that names a number of the scenario; refuse any other."""
    known = parameter(key)
    if known is None:
        close = nearest(key.split("."))
        remedy = f"Did you mean {' or '.join(close)}?" if close else otherwise
        raise refusal(f"{key} is not a parameter of a scenario", remedy)
    if known.kind == "number" or (known.kind == "district table" and key != known.key):
        return key
    raise refusal(f"{key} is a {known.kind}", "Only a parameter that is a number can be free.")


def _factor(info: ValidationInfo) -> bool:
    """Whether the table has ``multiplies``, valid or not."""
    return info.data.get("multiplies", ()) is not None


def _known(info: ValidationInfo) -> ScenarioParameter | None:
    """Return the scenario parameter of the table; ``None`` for a factor or an unknown key."""
    return None if _factor(info) else parameter(info.data.get("header", ""))


def _each_once(keys: list[str]) -> list[str]:
    if len(set(keys)) < len(keys):
        raise refusal("names a parameter twice", "Keep one of them.")
    return keys


def _header(header: str, info: ValidationInfo) -> str:
    if not _factor(info):
        return _is_number(header, "A factor needs multiplies = [keys of the scenario].")
    if parameter(header) is not None:
        remedy = "Give the factor another name, or leave multiplies out."
        raise refusal("is a parameter and cannot stand for several", remedy)
    return header


def _low(low: float, info: ValidationInfo) -> float:
    known = _known(info)
    if _factor(info) and low < 0.0:
        raise refusal("is below 0", "A factor is at least 0.")
    if known is not None and known.low is not None and low < known.low:
        raise refusal(f"is below the least value {number(known.low)}", f"Allowed: {known.allowed}.")
    return low


def _high(high: float, info: ValidationInfo) -> float:
    known, low = _known(info), info.data.get("low", -np.inf)
    if not low < high:
        raise refusal(f"is not above low = {low:g}", "Give low and high in order.")
    if known is not None and known.high is not None and high > known.high:
        reason = f"is above the largest value {number(known.high)}"
        raise refusal(reason, f"Allowed: {known.allowed}.")
    return high


def _unit(unit: str, info: ValidationInfo) -> str:
    known = _known(info)
    required = "ratio" if _factor(info) else known.unit if known is not None else unit
    if unit != required:
        what = "a factor" if _factor(info) else "the parameter"
        raise refusal(f"is not the unit of {what}", f'Write unit = "{required}".')
    return unit


_Number = Annotated[str, AfterValidator(_is_number)]


class _Prior(Entry):
    """The keys of a table, whatever its law."""

    multiplies: Annotated[list[_Number], AfterValidator(_each_once)] | None = Field(
        default=None, min_length=1, description='Name keys, as in ["cells.count"].'
    )
    header: Annotated[str, AfterValidator(_header)] = Field(alias=HEADER)
    law: Annotated[str, one_of(DISTRIBUTIONS)] = Field(
        description=f"Choose one of {', '.join(DISTRIBUTIONS)}."
    )
    low: Annotated[float, AfterValidator(_low)]
    high: Annotated[float, AfterValidator(_high)]
    unit: Annotated[Text, AfterValidator(_unit)] = Field(description="Give the unit.")
    source: Text = Field(description='Say where it comes from, or "assumption".')

    def as_parameter(self) -> Parameter:
        """Return the parameter; the shape numbers are not checked."""
        a, b = [float(getattr(self, name)) for name in DISTRIBUTIONS[self.law].shape] or (0.0, 0.0)
        keys = tuple(self.multiplies or ())
        return Parameter(
            self.header, self.low, self.high, self.unit, self.source, self.law, (a, b), keys
        )


class _Lawful(_Prior, extra="forbid"):
    """A prior with the shape numbers of its law and no other keys."""

    @model_validator(mode="after")
    def _check_bounds(self) -> Self:
        """Check that the bounds are in the support of the law and contain some of its mass."""
        law, low, high = DISTRIBUTIONS[self.law], self.low, self.high
        if low < law.least or (low == law.least and not law.closed) or high > law.most:
            least = f"{'at least' if law.closed else 'more than'} {law.least:g}"
            most = "" if law.most == np.inf else f" and at most {law.most:g}"
            reason = f"gives the {self.law} law bounds from {low:g} to {high:g}"
            raise refusal(reason, f"Give {least}{most}.")
        first, last = self.as_parameter().ends()
        if law.shape and last - first < LEAST_MASS:
            reason = f"puts less than {LEAST_MASS:g} of the {self.law} law within its bounds"
            raise refusal(reason, "Widen the bounds or move the law.")
        return self


def _model(law: str) -> type[_Prior]:
    """Make the model of a law's priors; all shape numbers but a normal mean are positive."""
    shape: dict[str, Any] = {
        name: (float if name == "mean" else Positive, ...) for name in DISTRIBUTIONS[law].shape
    }
    return create_model(f"_{law}", __base__=_Lawful, **shape)


_MODELS: Final = {law: _model(law) for law in DISTRIBUTIONS}


def read_priors(folder: str | Path | None = None) -> tuple[Parameter, ...]:
    """Read and check ``priors.toml`` of a folder; the shipped one where it has none.

    Raise ``SeedTableError`` with every problem of the file.
    """
    file = open_entries(file_in(folder, FILE), "priors, each under the key of its parameter")
    priors: list[Parameter] = []
    moved: dict[str, str] = {}
    for header, table in file.tables.items():
        entry = file.entry(header, _MODELS.get(str(table.get("law")), _Prior))
        if entry is None:
            continue
        priors.append(entry.as_parameter())
        for key in priors[-1].keys:
            if key in moved:
                reason = f"changes {key}, as {moved[key]} does"
                file.add_problem(header, None, reason, "Let one parameter change it.")
            moved.setdefault(key, header)
    file.check()
    return tuple(priors)
