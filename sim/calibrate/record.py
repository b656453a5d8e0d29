"""The record of a calibration: its posterior, priors and checks, to be shown again later.

::

    FOLDER/
      checks.json         every target beside the years of the calibrated model; every prior; the
                          parameters that were fixed
      members.parquet     the members of the posterior, equally likely

The checks cost hundreds of simulated years, and no folder stores the priors as distributions;
reading the record needs neither.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.calibrate.intervals import TargetRange
from sim.calibrate.posterior import Check, Moments, Posterior
from sim.calibrate.types import Floats, PriorLike
from sim.errors import StoreError
from sim.runs import store_files
from sim.runs.parts import as_parquet
from sim.runs.posterior import posterior_folder

CHECKS: Final = "checks.json"
MEMBERS: Final = "members.parquet"
FORMAT: Final = "panj-checks/3"
_READ: Final = (FORMAT, "panj-checks/2")
"""In the older format each member has a weight."""

GRID: Final[Floats] = np.linspace(0.0, 1.0, 201)[1:-1]
"""Probabilities at which the quantiles of a prior are stored: 0.005, 0.01 ... 0.995."""

_REMEDY: Final = "'panj calibrate -o FOLDER' writes it again."


@dataclass(frozen=True)
class TabulatedPrior:
    """A prior by its bounds and its quantiles at :data:`GRID`, with linear interpolation."""

    key: str
    low: float
    high: float
    quantiles: tuple[float, ...]

    @classmethod
    def of(cls, prior: PriorLike) -> TabulatedPrior:
        """Tabulate a prior."""
        quantiles = np.asarray(prior.quantile(GRID), np.float64)
        return cls(prior.key, float(prior.low), float(prior.high), tuple(map(float, quantiles)))

    def quantile(self, u: Floats) -> Floats:
        """Return the inverse distribution function, elementwise; constant beyond the grid."""
        return np.interp(u, GRID, self.quantiles)


@dataclass(frozen=True)
class CalibrationRecord:
    """A posterior, the priors of its parameters, its checks, and the fixed parameters."""

    posterior: Posterior
    priors: tuple[TabulatedPrior, ...]
    checks: tuple[Check, ...]
    fixed: Mapping[str, float] = field(default_factory=dict)


def write_record(
    folder: Path,
    posterior: Posterior,
    priors: Sequence[PriorLike],
    checks: Sequence[Check],
    fixed: Mapping[str, float] | None = None,
) -> None:
    """Write both files, each whole, and replace older ones.

    Raise :class:`~sim.errors.OutputError` where the disk refuses.
    """
    content = as_parquet(_members(posterior))
    description = {
        "format": FORMAT,
        "members": store_files.checksum(content),
        "parameters": [_parameter(TabulatedPrior.of(prior), posterior) for prior in priors],
        "fixed": dict(fixed or {}),
        "checks": [_as_json(check) for check in checks],
    }
    with store_files.writing(folder):
        store_files.put(folder, MEMBERS, content)
        store_files.put(
            folder, CHECKS, (json.dumps(description, indent=1, allow_nan=False) + "\n").encode()
        )


def read_record(folder: str | Path) -> CalibrationRecord:
    """Read what :func:`write_record` wrote.

    Raise :class:`~sim.errors.StoreError` where there is none, or it is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = posterior_folder(Path(folder))
    description = _read_description(path)
    try:
        content = (path / MEMBERS).read_bytes()
    except OSError as error:
        raise _damaged(path / MEMBERS, f"cannot be read ({error.strerror})") from error
    if store_files.checksum(content) != description.get("members"):
        raise _damaged(path / MEMBERS, "is not what was written: its checksum differs")
    try:
        table = pq.read_table(io.BytesIO(content))
        checks = tuple(map(_check, description["checks"]))
        fixed = {str(key): float(value) for key, value in description.get("fixed", {}).items()}
        priors = tuple(map(_prior, description["parameters"]))
        if "weight" in table.column_names and len(table["weight"].unique()) > 1:
            reason = "its members have weights, as in former versions; they must be equally likely"
            raise _damaged(path / MEMBERS, reason)
        return CalibrationRecord(_posterior(table, description), priors, checks, fixed)
    except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise _damaged(
            path / CHECKS, f"cannot be read ({type(error).__name__}: {error})"
        ) from error


def _read_description(folder: Path) -> dict[str, Any]:
    try:
        description = json.loads((folder / CHECKS).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(
            "has no finished calibration to draw", path=folder, remedy=_REMEDY
        ) from None
    except (OSError, ValueError) as error:
        raise _damaged(folder / CHECKS, f"cannot be read ({error})") from error
    if not isinstance(description, dict) or description.get("format") not in _READ:
        raise _damaged(folder / CHECKS, f"its format is not {FORMAT}")
    return description


def _damaged(path: Path, why: str) -> StoreError:
    return StoreError(why, path=path, remedy=_REMEDY)


def _members(posterior: Posterior) -> Any:
    """Return the posterior as a table: one column per parameter, one row per member."""
    import pyarrow as pa

    columns: dict[str, Any] = {f"value/{key}": posterior[key] for key in posterior.keys}
    return pa.table(columns)


def _posterior(table: Any, description: Mapping[str, Any]) -> Posterior:
    prior = {str(e["key"]): Moments(*map(float, e["moments"])) for e in description["parameters"]}
    columns = [np.array(table.column(f"value/{key}"), dtype=np.float64) for key in prior]
    return Posterior(tuple(prior), np.stack(columns, axis=1), prior)


def _parameter(prior: TabulatedPrior, posterior: Posterior) -> dict[str, object]:
    ends = {"low": prior.low, "high": prior.high}
    return {
        "key": prior.key,
        **{name: end if isfinite(end) else None for name, end in ends.items()},
        "moments": list(posterior.prior[prior.key]),
        "quantiles": list(prior.quantiles),
    }


def _prior(entry: Mapping[str, Any]) -> TabulatedPrior:
    low = -inf if entry["low"] is None else float(entry["low"])
    high = inf if entry["high"] is None else float(entry["high"])
    return TabulatedPrior(str(entry["key"]), low, high, tuple(map(float, entry["quantiles"])))


def _as_json(check: Check) -> dict[str, object]:
    target, *values = check
    high = None if target.high == inf else target.high
    return {
        "aim": {**target._asdict(), "high": high},
        **dict(zip(Check._fields[1:], values, strict=True)),
    }


def _check(entry: Mapping[str, Any]) -> Check:
    values = dict(entry)
    target = values.pop("aim")
    high = inf if target["high"] is None else target["high"]
    return Check(TargetRange(**{**target, "high": high}), **values)
