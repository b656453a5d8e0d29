"""The engine of the model against plain Mesa, on a standard workload."""

from collections.abc import Callable
from functools import partial

import click

from benchmarks.phold import (
    Engine,
    Hops,
    Load,
    in_order,
    keyed,
    on_agenda,
    on_mesa,
    on_world,
    trace,
)
from benchmarks.setting import Setting
from benchmarks.table import Row, Section
from benchmarks.timing import Timings, Work, in_turn

FULL = Load(places=1024, jobs=4096, horizon=12.0)
QUICK = Load(places=64, jobs=256, horizon=8.0)

Way = tuple[Engine, Callable[[Load], Hops]]
ON_MESA = "PHOLD, Mesa's event list"
KEYED_ON_MESA = "Mesa's event list, keyed draws"
WAYS: dict[str, Way] = {
    ON_MESA: (on_mesa, in_order),
    "that program on our world": (on_world, in_order),
    "our agenda by itself": (on_agenda, in_order),
    KEYED_ON_MESA: (on_mesa, keyed),
    "our agenda, keyed draws": (on_agenda, keyed),
}


def section(setting: Setting) -> Section:
    """PHOLD in each way: check that all do the same, then time them in turn."""
    load = QUICK if setting.quick else FULL
    events = _agreed(load)
    todo: dict[str, Work] = {
        name: partial(trace, engine, load, hops) for name, (engine, hops) in WAYS.items()
    }
    timings = in_turn(todo, setting.repeat)
    rows = [_row(name, timings, events[name]) for name in WAYS]
    note = (
        f"PHOLD (Fujimoto 1990): {load.jobs:,} jobs on {load.places:,} places, exponential steps "
        f"of mean 1, for {load.horizon:g}; before it is timed, every way is seen to handle the "
        "same jobs in the same order as Mesa does with the same draws."
    )
    return Section("The engine alone, over Mesa's", rows, (note,))


def _row(name: str, timings: Timings, events: int) -> Row:
    ms = timings.ms(name)
    rate = 1000.0 * events / max(ms.median, 1e-6)
    return Row(name, ms, timings.ratio(name, ON_MESA), f"{rate:,.0f} events/s")


def _agreed(load: Load) -> dict[str, int]:
    """The number of events of each way; the order must agree where the draws are the same."""
    told = {name: trace(engine, load, hops) for name, (engine, hops) in WAYS.items()}
    for name, (_, hops) in WAYS.items():
        model = ON_MESA if hops is in_order else KEYED_ON_MESA
        if told[name] != told[model]:
            raise click.ClickException(f"PHOLD took another course: {name}, and {model}")
    return {name: len(events) for name, events in told.items()}
