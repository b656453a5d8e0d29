"""Short scenarios for the lab's tests, and how to wait for a batch."""

import time
from collections.abc import Callable
from pathlib import Path

from sim.runs.catalogue import is_store
from sim.runs.store import Store

YEARS = 12
"""Years of each scenario in the store that tests begin with."""


def written(folder: Path, name: str, **settings: object) -> Path:
    """A scenario file of so many settings, short unless they say otherwise."""
    path = folder / f"{name}.toml"
    lines = [f"{key.replace('__', '.')} = {value}" for key, value in settings.items()]
    days = [] if "days" in settings else ["days = 3"]
    text = (
        f'name = "{name}"\ntitle = "Short: {name}"\ndescription = """\nThe `{name}` one. More.\n"""'
    )
    path.write_text("\n".join([text, *days, *lines, ""]))
    return path


BUSY = {
    "days": 8,
    "regimes__flow_spread": 0.0,
    "regimes__plans_spread": 0.0,
    "cells__count": 16,
    "cells__plans_per_year": 60.0,
    "cells__infiltration": 1.0,
    "cells__preparation_days": 1.0,
    "cells__regroup_days": 2.0,
    "strikes__drone_p_hit": 0.3,
    "strikes__fire_range_km": 8.0,
}
"""So much happens in these days that a few of them tell policies apart."""


def policies(folder: Path) -> list[Path]:
    """Files of a scenario in which much happens, and of two policies that help, one for money."""
    return [
        written(folder, "plain", **BUSY),
        written(folder, "walls", **BUSY, worksites__hardening=0.6, worksites__counter_drone=0.6),
        written(folder, "watchful", **BUSY, alert__level='"heightened"'),
    ]


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(6000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to hold")


def runs(store: Path) -> int:
    """How many runs a store holds, of all scenarios."""
    if not is_store(store) or not (store / "store.sqlite").stat().st_size:
        return 0
    opened = Store.open(store)
    return sum(opened.counts(name)[0] for name in opened.scenarios)
