"""The worlds whose runs are frozen, what is kept of a run, and how two of them differ."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

from worlds import BUSY, PREEMPTIVE, WATCHED, run

from sim.model import BorderModel
from sim.scenario.load import load

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden.json")


class Frozen(TypedDict):
    """What is kept of a run."""

    fingerprint: str
    records: int
    outcomes: dict[str, float | int | None]


def baseline(seed: int) -> BorderModel:
    """Sixty days of the baseline as shipped."""
    return BorderModel(load(ROOT / "scenarios" / "baseline.toml", {"days": 60.0}), seed).run()


RUNS: dict[str, Callable[[], BorderModel]] = {
    "baseline, 60 days, seed 1": lambda: baseline(1),
    "baseline, 60 days, seed 2": lambda: baseline(2),
    "busy, 60 days, seed 1": lambda: run(BUSY),
    "preemptive, 60 days, seed 1": lambda: run(PREEMPTIVE),
    "watched, 60 days, seed 1": lambda: run(WATCHED),
    "busy, half a day, largest seed": lambda: run(BUSY, {"days": 0.5}, seed=2**63 - 1),
}
"""The runs that are frozen: the baseline as shipped, and worlds with everything on."""


def runs() -> dict[str, BorderModel]:
    """All of them."""
    return {name: make() for name, make in RUNS.items()}


def frozen(model: BorderModel) -> Frozen:
    """What is kept of this run."""
    return {
        "fingerprint": model.fingerprint(),
        "records": len(model.log),
        "outcomes": model.outcomes(),
    }


def differences(name: str, kept: Frozen | None, now: Frozen) -> list[str]:
    """What changed in a run, in words; nothing if it is the same."""
    if kept is None:
        return [f"{name}: not frozen yet"]
    if kept["fingerprint"] == now["fingerprint"]:
        return []
    lines = [f"{name}: {kept['records']} records -> {now['records']}"]
    before, after = kept["outcomes"], now["outcomes"]
    for field in [*before, *(after.keys() - before.keys())]:
        old, new = before.get(field, "absent"), after.get(field, "absent")
        if old != new:
            lines.append(f"  {field}: {old} -> {new}")
    if len(lines) == 1:
        lines.append("  no outcome changed, but the log did")
    return lines


def read() -> dict[str, Frozen]:
    """The frozen runs; none before they are frozen for the first time."""
    return json.loads(GOLDEN.read_text("utf-8")) if GOLDEN.exists() else {}
