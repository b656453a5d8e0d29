"""What a calibration says of itself: ``calibration.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import blake2b
from math import inf, isclose
from pathlib import Path
from typing import Any, Final, Self

from sim.calibrate.problem import MARKS, Aim, CalibrationProblem
from sim.calibrate.settings import Settings
from sim.errors import StoreError
from sim.runs import files as place
from sim.runs.code import differences, made_with

NAME: Final = "calibration.json"
FORMAT: Final = "panj-calibration/1"

_HERE: Final = Path(__file__).resolve().parent
_DECIDES: Final = (
    "distance.py", "kernel.py", "latent.py", "population.py", "priors.py", "stage.py",
    "statistics.py", "work.py",
)  # fmt: skip
"""What of this package can change a posterior."""


@dataclass(frozen=True)
class Record:
    """A finished generation; 0 is the bank, which has neither threshold nor divisors."""

    number: int
    sha256: str
    tried: int
    accepted: int
    threshold: float | None = None
    divisors: tuple[float, ...] = ()
    effective: float | None = None

    @property
    def acceptance(self) -> float:
        """Share of proposals accepted."""
        return self.accepted / self.tried


@dataclass
class Manifest:
    """The contents of ``calibration.json``.

    Priors are written as quantiles, targets as numbers: enough to read the results without the
    program that made them, and to say what differs from another problem.
    """

    settings: Settings
    priors: dict[str, list[float]]
    targets: tuple[Aim, ...]
    identity: str
    made_with: dict[str, object]
    mixed: bool = False
    generations: list[Record] = field(default_factory=list)

    @classmethod
    def of(cls, problem: CalibrationProblem, settings: Settings) -> Self:
        """The manifest of a calibration that begins."""
        return cls(settings, problem.marks, problem.aims, problem.identity, _now())

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a manifest. Raises StoreError where there is none or it is no such thing."""
        path = folder / NAME
        try:
            found = json.loads(path.read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise StoreError(
                "is no calibration" if folder.exists() else "does not exist",
                path=folder,
                remedy=f"Name a folder that holds {NAME}.",
            ) from None
        except (OSError, ValueError) as error:
            raise _damaged(path, str(error)) from error
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise _damaged(path, f"its format is not {FORMAT}")
        try:
            return cls._of(found)
        except (KeyError, TypeError, ValueError) as error:
            raise _damaged(path, f"{type(error).__name__}: {error}") from error

    @classmethod
    def _of(cls, found: Mapping[str, Any]) -> Self:
        return cls(
            settings=Settings(**found["settings"]),
            priors={str(key): [float(x) for x in marks] for key, marks in found["priors"].items()},
            targets=tuple(
                Aim(**{**t, "high": inf if t["high"] is None else t["high"]})
                for t in found["targets"]
            ),
            identity=str(found["identity"]),
            made_with=dict(found["made_with"]),
            mixed=bool(found["mixed"]),
            generations=[
                Record(**{**entry, "divisors": tuple(entry["divisors"])})
                for entry in found["generations"]
            ],
        )

    def write(self, folder: Path) -> None:
        """Put the manifest in its place, whole. ``OSError`` as the disk says."""
        targets = [{**t._asdict(), "high": None if t.high == inf else t.high} for t in self.targets]
        text = {"format": FORMAT, **asdict(self), "targets": targets}
        place.put(folder, NAME, (json.dumps(text, indent=1, allow_nan=False) + "\n").encode())

    def other_problem(self, problem: CalibrationProblem) -> list[str]:
        """What differs between this calibration and a problem, in words."""
        return self.other_simulations(problem) + _other_targets(self.targets, problem.aims)

    def other_simulations(self, problem: CalibrationProblem) -> list[str]:
        """The same without the targets, of which a bank knows nothing."""
        found = _other_priors(self.priors, problem.marks)
        if self.identity != problem.identity:
            found.append(f"the simulator ({self.identity!r} then, {problem.identity!r} now)")
        return found

    def other_code(self) -> list[str]:
        """What differs between the code and versions it was begun with and those of now."""
        now = _now()
        found = differences(self.made_with, now)
        if self.made_with.get("calibrator") != now["calibrator"]:
            found.append("the calibrator's code")
        return found

    @property
    def last(self) -> Record | None:
        """The newest generation, if there is one beside the bank."""
        return self.generations[-1] if len(self.generations) > 1 else None


def _other_priors(then: Mapping[str, list[float]], now: Mapping[str, list[float]]) -> list[str]:
    found = [f"the parameter {key} is gone" for key in then if key not in now]
    found += [f"the parameter {key} is new" for key in now if key not in then]
    if not found and list(then) != list(now):
        found.append("the order of the parameters")
    for key in (key for key in then if key in now):
        for mark, a, b in zip(MARKS, then[key], now[key], strict=True):
            if not isclose(a, b, rel_tol=1e-9, abs_tol=1e-12):
                found.append(f"the prior of {key} ({mark:.0%} quantile {a:g} then, {b:g} now)")
                break
    return found


def _other_targets(then: tuple[Aim, ...], now: tuple[Aim, ...]) -> list[str]:
    before, after = {a.name: a for a in then}, {a.name: a for a in now}
    found = [f"the target {name} is gone" for name in before if name not in after]
    found += [f"the target {name} is new" for name in after if name not in before]
    for name in (name for name in before if name in after):
        if before[name] != after[name]:
            found.append(f"the target {_told(before[name])} then, {_told(after[name])} now")
    if not found and then != now:
        found.append("the order of the targets")
    return found


def _told(aim: Aim) -> str:
    return f"{aim.told()} (scale {aim.scale:g}, weight {aim.weight:g})"


def _now() -> dict[str, object]:
    return {**made_with(), "calibrator": calibrator_digest()}


@cache
def calibrator_digest() -> str:
    """16 hexadecimal digits that stand for the source that decides a posterior."""
    digest = blake2b(digest_size=8)
    for name in _DECIDES:
        if (_HERE / name).exists():
            digest.update(name.encode() + (_HERE / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _damaged(path: Path, why: str) -> StoreError:
    return StoreError(
        f"the manifest cannot be read ({why})",
        path=path,
        remedy="Restore it from a copy, or begin a new calibration.",
    )
