"""The emulator of the tuner: every figure of a year by itself, in milliseconds.

In the emulator of the likelihood each figure is given those before it. Here each figure stands
alone, those that are not fitted too, and the result is small enough to store beside a posterior::

    posterior/
      emulator.parquet    one row per figure: coefficients, noise, error
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from scipy.special import ndtri

from sim.calibrate.evidence import Evidence, Link, Months, chain_cells
from sim.calibrate.noise import Counts, Weights, count_quantile
from sim.calibrate.priors import Parameter
from sim.calibrate.regressions import FEWEST, fit_with_noise, interval_coverage, quadratic
from sim.calibrate.simulator import Simulator
from sim.calibrate.statistics import Statistic, statistics
from sim.calibrate.training_data import Scaling, TrainingData, read_training_data
from sim.calibrate.types import Floats
from sim.errors import StoreError, output_errors
from sim.frontier.ground import Ground
from sim.runs import store_files
from sim.runs.code_version import made_with
from sim.runs.parts import as_parquet
from sim.runs.posterior import SHIPPED, shipped_folder
from sim.scenario.values import digest, flatten

if TYPE_CHECKING:
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

type Key = tuple[str, Months] | str
"""A statistic over months of a year, or the name of a target."""

FILE: Final = "emulator.parquet"
FORMAT: Final = "panj-emulator/1"
_EDGE: Final = 1e-6
_PIECES: Final = 10
_METADATA: Final = b"panj"
_REMEDY: Final = "'panj calibrate -o FOLDER' writes it again."


class Figure(NamedTuple):
    """A regression of one figure on a quadratic surface of the inputs, with its ``noise``.

    ``error`` is how far the log of the mean is off: too few years, and misfit of the surface.
    ``coverage`` is the share of held-out years within the 90 % intervals.
    """

    coefficients: Floats
    noise: Counts | Weights
    error: float
    coverage: float


@dataclass(frozen=True)
class Surrogate:
    """Regressions of figures on the inputs of a year, each with its noise.

    ``free`` are its parameters, ``names`` those that are inputs beside flow and plans. ``scenario``
    holds the other values, by key, of the ``years`` it was fitted to. ``made`` names the bank, the
    command and the code.
    """

    free: tuple[Parameter, ...]
    names: tuple[str, ...]
    scaling: Scaling
    figures: Mapping[Key, Figure]
    scenario: Mapping[str, object]
    years: int
    made: Mapping[str, object]

    def unknown_settings(self, scenario: Scenario) -> list[str]:
        """Return the keys, other than free parameters, in which a scenario differs from the bank's.

        Keys that are new in the specification since then are taken to be at their old state: off.
        """
        free = {key for parameter in self.free for key in parameter.keys}
        values = plain_values(scenario)
        keys = (self.scenario.keys() & values.keys()) - free
        return sorted(key for key in keys if values[key] != self.scenario[key])

    def inputs(self, values: Mapping[str, Floats | float], logs: Floats) -> Floats:
        """Return the inputs of n years, (n, inputs).

        ``values`` are free parameters, each a number or (n,), clipped to their priors; ``logs``,
        (n, 2), are those of flow and plans.
        """
        by_key = {parameter.key: parameter for parameter in self.free}
        columns = [
            np.broadcast_to(
                ndtri(np.clip(by_key[name].share(values[name]), _EDGE, 1.0 - _EDGE)), len(logs)
            )
            for name in self.names
        ]
        return np.column_stack([self.scaling.inputs(logs), *columns])

    def predict(self, inputs: Floats, u: Floats) -> tuple[Floats, Floats]:
        """Return mean and quantile at ``u`` of each figure in n years, all (n, figures)."""
        eta = self._matrix[0] + quadratic(inputs) @ self._matrix[1:]
        extra, spread, least, level, slope = self._noise_numbers
        mean = np.exp(np.clip(eta, -25.0, 12.0))
        counts = least + count_quantile(mean, mean * (1.0 + extra) + spread * mean**2, u)
        sd = np.exp(0.5 * np.clip(level + slope * eta, -12.0, 2.0))
        kept = np.clip(eta, -25.0, 12.0)
        weights = np.expm1(kept + 0.5 * sd**2), np.expm1(kept + sd * ndtri(u))
        return (
            np.where(self._is_weight, np.maximum(weights[0], 0.0), least + mean),
            np.where(self._is_weight, np.maximum(weights[1], 0.0), counts),
        )

    def scatter(self, key: Key, mean: float) -> float:
        """Return the standard deviation of a figure over like years, at this mean."""
        noise = self.figures[key].noise
        if isinstance(noise, Counts):
            return float(np.sqrt(noise.variance(np.array([mean - noise.least]))[0]))
        return float(noise.sd(np.log1p(np.array([mean])))[0] * (1.0 + mean))

    @cached_property
    def coverage(self) -> float:
        """Share of held-out years within the 90 % intervals, over all figures."""
        return float(np.mean([one.coverage for one in self.figures.values()]))

    def error(self, key: Key, mean: float) -> float:
        """Return the standard error of a mean, in the unit of the figure."""
        one = self.figures[key]
        base = mean + 1.0 if isinstance(one.noise, Weights) else mean
        return float(np.expm1(one.error) * base)

    @cached_property
    def _matrix(self) -> Floats:
        return np.stack([one.coefficients for one in self.figures.values()], axis=1)

    @cached_property
    def _is_weight(self) -> Any:
        return np.array([isinstance(one.noise, Weights) for one in self.figures.values()])

    @cached_property
    def _noise_numbers(self) -> Floats:
        """The three numbers of counts, then the two of weights, (5, figures)."""
        noises = [one.noise for one in self.figures.values()]
        each = [
            (x.extra, x.spread, x.least, -12.0, 0.0)
            if isinstance(x, Counts)
            else (0.0, 0.0, 0.0, x.constant, x.slope)
            for x in noises
        ]
        return np.array(each).T

    # -- on disk --------------------------------------------------------------------------

    def write(self, folder: Path) -> None:
        """Write it beside a posterior, whole or not at all.

        Raise :class:`~sim.errors.OutputError` where the disk refuses.
        """
        import pyarrow as pa

        rows = [
            {
                "figure": key if isinstance(key, str) else key[0],
                "months": None if isinstance(key, str) else sorted(key[1]),
                "law": type(one.noise).__name__,
                "numbers": list(asdict(one.noise).values()),
                "error": one.error,
                "coverage": one.coverage,
                "coefficients": one.coefficients.tolist(),
            }
            for key, one in self.figures.items()
        ]
        description = {
            "format": FORMAT,
            "years": self.years,
            "free": [asdict(parameter) for parameter in self.free],
            "names": self.names,
            "scaling": asdict(self.scaling),
            "scenario": self.scenario,
            **self.made,
        }
        table = pa.Table.from_pylist(rows, _schema())
        text = json.dumps(description, allow_nan=False).encode()
        with output_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            store_files.put(
                folder, FILE, as_parquet(table.replace_schema_metadata({_METADATA: text}))
            )

    @classmethod
    def read(cls, folder: str | Path) -> Surrogate:
        """Read the emulator beside the posterior in a folder; ``"shipped"`` is that of Panj.

        Raise :class:`~sim.errors.StoreError` where there is none, or it is damaged.
        """
        root = shipped_folder() if folder == SHIPPED else Path(folder)
        path = next((p for p in (root / "posterior" / FILE, root / FILE) if p.exists()), root)
        try:
            return _parse(store_files.read(path))
        except (FileNotFoundError, StoreError) as error:
            raise StoreError("there is no emulator", path=path, remedy=_REMEDY) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise StoreError(f"cannot be read ({error})", path=path, remedy=_REMEDY) from error


def fit_surrogate(
    model: Simulator,
    evidence: Evidence,
    store: Store,
    years: int | None = None,
    source: str = "",
) -> Surrogate:
    """Fit every figure of the evidence and every target to the first ``years`` of a bank, or all.

    ``source`` is the command. Raise ``StoreError`` where the bank is too small.
    """
    links = tuple(Link(link.cell, ()) for link in chain_cells(x.cell for x in evidence.links))
    training = read_training_data(model, Evidence(links, (), model.targets, ()), store, years)
    if len(training) < FEWEST:
        raise StoreError(
            f"holds {len(training)} years, and an emulator needs {FEWEST}", path=store.path,
            remedy=f"Make it larger: panj calibrate -o {store.path} --bank 2000.",
        )  # fmt: skip
    bank = store.posterior
    made = {
        "source": source,
        "bank": None if bank is None else bank.digest,
        "root": store.manifest.root,
        "bank_made_with": dict(store.manifest.made_with),
    }
    return Surrogate(
        model.parameters,
        training.names,
        training.scaling,
        fit_figures(training, statistics(model.scenario.ground)),
        plain_values(model.scenario),
        len(training),
        {**made, "scenario_digest": digest(model.scenario), **made_with()},
    )


def fit_figures(training: TrainingData, known: Mapping[str, Statistic]) -> dict[Key, Figure]:
    """Regress each figure that enough years define and that varies."""
    features = quadratic(training.inputs)
    columns: list[tuple[Key, Floats]] = [*training.figures.items(), *training.targets.items()]
    figures: dict[Key, Figure] = {}
    for key, y in columns:
        usable = np.isfinite(y)
        y = y[usable]
        if len(y) < FEWEST or np.ptp(y) == 0.0:
            continue
        in_kg = not isinstance(key, str) and known[key[0]].unit == "kg"
        weight = in_kg or bool(np.any(y != np.round(y)))
        figures[key] = _figure(training.inputs[usable], features[usable], y, weight)
    return figures


def _figure(inputs: Floats, features: Floats, y: Floats, weight: bool) -> Figure:
    regression, noise = fit_with_noise(features, y, weight)
    small = regression.coefficients.astype(np.float32).astype(np.float64)
    error = float(np.hypot(regression.error, _misfit(inputs, regression.held_out, y, noise)))
    return Figure(small, noise, error, interval_coverage(noise, regression.held_out, y))


def _misfit(inputs: Floats, held_out: Floats, y: Floats, noise: Counts | Weights) -> float:
    """Return how far a quadratic surface misses held-out years, as an error of the log mean.

    Along each input the years are split into tenths; the squared mean residual of a tenth, less its
    variance by chance, is averaged. The result is the root of the sum over inputs.
    """
    if isinstance(noise, Counts):
        base = np.exp(held_out)
        off, variance = y - base, noise.variance(base)
    else:
        base, off, variance = np.ones_like(y), np.log1p(y) - held_out, noise.sd(held_out) ** 2
    excess = 0.0
    for column in inputs.T:
        each = [
            (off[i].sum() / base[i].sum()) ** 2 - variance[i].sum() / base[i].sum() ** 2
            for i in np.array_split(np.argsort(column, kind="stable"), _PIECES)
        ]
        excess += float(np.mean(each))
    return float(np.sqrt(max(excess, 0.0)))


def plain_values(scenario: Scenario) -> dict[str, object]:
    """Return the values of a scenario by key, in the types that JSON gives back."""
    values = {k: v.digest if isinstance(v, Ground) else v for k, v in flatten(scenario).items()}
    plain: dict[str, object] = json.loads(json.dumps(values, default=str))
    return plain


def _schema() -> Any:
    import pyarrow as pa

    return pa.schema(
        [
            ("figure", pa.string()),
            ("months", pa.list_(pa.int8())),
            ("law", pa.string()),
            ("numbers", pa.list_(pa.float64())),
            ("error", pa.float64()),
            ("coverage", pa.float64()),
            ("coefficients", pa.list_(pa.float32())),
        ]
    )


def _parse(content: bytes) -> Surrogate:
    from sim.runs.parts import from_parquet

    table = from_parquet(content)
    description = json.loads((table.schema.metadata or {})[_METADATA])
    if description["format"] != FORMAT:
        raise ValueError(f"its format is {description['format']!r}, not {FORMAT!r}")
    noises = {"Counts": Counts, "Weights": Weights}
    figures: dict[Key, Figure] = {}
    for row in table.to_pylist():
        months: Sequence[int] | None = row["months"]
        key: Key = row["figure"] if months is None else (row["figure"], frozenset(months))
        noise = noises[row["law"]](*row["numbers"])
        slopes = np.array(row["coefficients"], np.float64)
        figures[key] = Figure(slopes, noise, row["error"], row["coverage"])
    parts = {"format", "years", "free", "names", "scaling", "scenario"}
    return Surrogate(
        tuple(_parameter(entry) for entry in description["free"]),
        tuple(description["names"]),
        Scaling(**{name: tuple(pair) for name, pair in description["scaling"].items()}),
        figures,
        description["scenario"],
        int(description["years"]),
        {name: value for name, value in description.items() if name not in parts},
    )


def _parameter(entry: Mapping[str, Any]) -> Parameter:
    tuples = {name: tuple(entry[name]) for name in ("shape", "multiplies")}
    return Parameter(**{**entry, **tuples})
