"""What a calibration has found, kept beside it so that it can be looked at again.

::

    FOLDER/
      checks.json         every target beside the years of the calibrated model; every prior; what
                          was fixed of what else is free
      members.parquet     the members of the posterior, all alike

The years that the checks rest on cost hundreds of simulations, and the priors are held by no
folder as laws: reading the record needs neither.
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

from sim.calibrate.diagnostics import Check
from sim.calibrate.intervals import TargetRange
from sim.calibrate.posterior import Moments, Posterior
from sim.calibrate.types import Floats, PriorLike
from sim.errors import StoreError
from sim.runs import store_files
from sim.runs.parts import as_parquet
from sim.runs.posterior import posterior_folder

CHECKS: Final = "checks.json"
MEMBERS: Final = "members.parquet"
FORMAT: Final = "panj-checks/3"
_READ: Final = (FORMAT, "panj-checks/2")
"""In the older one each member has a weight."""

GRID: Final[Floats] = np.linspace(0.0, 1.0, 201)[1:-1]
"""Shares of the prior at which its quantiles are kept: 0.005, 0.01 ... 0.995."""

_REMEDY: Final = "'panj calibrate -o FOLDER' writes it again."


@dataclass(frozen=True)
class TabulatedPrior:
    """A prior by its quantiles at :data:`GRID`, joined by straight lines, and its bounds."""

    key: str
    low: float
    high: float
    quantiles: tuple[float, ...]

    @classmethod
    def of(cls, prior: PriorLike) -> TabulatedPrior:
        """The table of a prior."""
        found = np.asarray(prior.quantile(GRID), np.float64)
        return cls(prior.key, float(prior.low), float(prior.high), tuple(map(float, found)))

    def quantile(self, u: Floats) -> Floats:
        """Inverse distribution function, elementwise; flat beyond the ends of the grid."""
        found: Floats = np.interp(u, GRID, self.quantiles)
        return found


@dataclass(frozen=True)
class CalibrationRecord:
    """A posterior, the priors of its parameters, its checks, and what was fixed."""

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
    """Write both files, each whole, in the place of older ones.

    Raises :class:`~sim.errors.OutputError` where the disk refuses.
    """
    content = as_parquet(_members(posterior))
    said = {
        "format": FORMAT,
        "members": store_files.checksum(content),
        "parameters": [_parameter(TabulatedPrior.of(prior), posterior) for prior in priors],
        "fixed": dict(fixed or {}),
        "checks": [_said(check) for check in checks],
    }
    with store_files.writing(folder):
        store_files.put(folder, MEMBERS, content)
        store_files.put(
            folder, CHECKS, (json.dumps(said, indent=1, allow_nan=False) + "\n").encode()
        )


def read_record(folder: str | Path) -> CalibrationRecord:
    """Read what :func:`write_record` wrote.

    Raises :class:`~sim.errors.StoreError` where there is none, or it is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = posterior_folder(Path(folder))
    said = _described(path)
    try:
        content = (path / MEMBERS).read_bytes()
    except OSError as error:
        raise _spoilt(path / MEMBERS, f"cannot be read ({error.strerror})") from error
    if store_files.checksum(content) != said.get("members"):
        raise _spoilt(path / MEMBERS, "is not what was written: its checksum differs")
    try:
        table = pq.read_table(io.BytesIO(content))
        checks = tuple(map(_check, said["checks"]))
        fixed = {str(key): float(value) for key, value in said.get("fixed", {}).items()}
        priors = tuple(map(_prior, said["parameters"]))
        if "weight" in table.column_names and len(table["weight"].unique()) > 1:
            reason = "its members have weights, as former versions gave them: all must be alike"
            raise _spoilt(path / MEMBERS, reason)
        return CalibrationRecord(_posterior(table, said), priors, checks, fixed)
    except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise _spoilt(path / CHECKS, f"cannot be read ({type(error).__name__}: {error})") from error


def _described(folder: Path) -> dict[str, Any]:
    try:
        said = json.loads((folder / CHECKS).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(
            "has no finished calibration to draw", path=folder, remedy=_REMEDY
        ) from None
    except (OSError, ValueError) as error:
        raise _spoilt(folder / CHECKS, f"cannot be read ({error})") from error
    if not isinstance(said, dict) or said.get("format") not in _READ:
        raise _spoilt(folder / CHECKS, f"its format is not {FORMAT}")
    return said


def _spoilt(path: Path, why: str) -> StoreError:
    return StoreError(why, path=path, remedy=_REMEDY)


def _members(posterior: Posterior) -> Any:
    """The posterior as a table: a column for each parameter, a row for each member."""
    import pyarrow as pa

    columns: dict[str, Any] = {f"value/{key}": posterior[key] for key in posterior.keys}
    return pa.table(columns)


def _posterior(table: Any, said: Mapping[str, Any]) -> Posterior:
    prior = {str(e["key"]): Moments(*map(float, e["moments"])) for e in said["parameters"]}
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


def _said(check: Check) -> dict[str, object]:
    aim = check.aim
    target = {**aim._asdict(), "high": None if aim.high == inf else aim.high}
    return {**check._asdict(), "aim": target}


def _check(entry: Mapping[str, Any]) -> Check:
    target = dict(entry["aim"])
    target["high"] = inf if target["high"] is None else target["high"]
    return Check(**{**entry, "aim": TargetRange(**target)})
