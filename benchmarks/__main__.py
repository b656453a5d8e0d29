"""``python -m benchmarks``: how long a year takes, and what makes it longer."""

import json
import platform
from dataclasses import asdict
from pathlib import Path

import click

import sim
from benchmarks import flow, variants, year
from benchmarks.counting import Counts, counted_run
from benchmarks.table import Row, as_data, show
from benchmarks.timing import Timings, in_turn
from sim.scenario.spec import Scenario

_BASELINE = Path(__file__).resolve().parent.parent / "scenarios" / "baseline.toml"


def measure(scenario: Scenario, seed: int, repeat: int) -> tuple[list[Row], Counts]:
    """All rows of the table, and what one baseline run does."""
    counts, _ = counted_run(scenario, seed)
    flows = flow.scenarios(scenario)
    others = variants.scenarios(scenario) | flows
    work = year.work(scenario, seed, counts)
    work |= {name: year.whole(variant, seed) for name, variant in others.items()}
    timings = in_turn(work, repeat)
    crossings = {name: flow.crossings(variant, seed) for name, variant in flows.items()}
    notes = {name: f"{count} crossings" for name, count in crossings.items()}
    rows = [
        Row(name, timings.ms(name), timings.ratio(name, year.TOTAL), notes.get(name, ""))
        for name in work
    ]
    floor = Row("baseline over the bare loop", None, timings.ratio(year.TOTAL, year.BARE))
    hashed = timings.ratio(year.TOTAL, year.BARE_HASHES)
    floors = [floor, Row("the same, one draw a hash", None, hashed)]
    return [*rows, *floors, *_linearity(timings, crossings)], counts


def _linearity(timings: Timings, crossings: dict[str, int]) -> list[Row]:
    line = flow.fit(timings, crossings)
    note = (
        f"{line.ms_at_none:.1f} ms + {1000.0 * line.ms_per_crossing:.0f} us each, "
        f"R2 {line.r_squared:.4f}"
    )
    return [
        Row("one more crossing, 4 to 10 over 1 to 2", None, flow.marginal(timings, crossings)),
        Row("straight line through the five flows", None, None, note),
    ]


def _notes(counts: Counts, repeat: int) -> list[str]:
    return [
        f"One baseline run: {counts.crossings} crossings, {counts.events} events, "
        f"{counts.pushes} heap pushes, {counts.pops} pops, {counts.numbers} random numbers from "
        f"{counts.digests} keyed hashes, "
        f"{counts.keys - counts.digests} streams derived.",
        "The bare loop pushes, pops and draws as often as the run. It draws each number by itself; "
        "the run reads up to eight from a hash, so the second ratio gives the loop one a hash.",
        f"Processor time of one core after import; medians of {repeat} rounds in turn; ratios to "
        "the baseline of the same round. Places and calendar of a scenario are made once a process "
        "and not timed here.",
    ]


@click.command()
@click.option("--repeat", default=7, show_default=True, type=click.IntRange(min=1), help="Rounds.")
@click.option("--seed", default=1, show_default=True, help="Seed of every run.")
@click.option("--days", type=float, help="Horizon of the baseline, days (the scenario's).")
@click.option("--json", "path", type=click.Path(dir_okay=False, path_type=Path), help="Write here.")
def main(repeat: int, seed: int, days: float | None, path: Path | None) -> None:
    """Measure ratios side by side in this process and print them."""
    scenario = sim.load(_BASELINE, {"days": days} if days else None)
    rows, counts = measure(scenario, seed, repeat)
    show(f"A baseline run of {scenario.days:g} days", rows, _notes(counts, repeat))
    if path is not None:
        data = {
            "python": platform.python_version(),
            "panj": sim.__version__,
            "seed": seed,
            "days": scenario.days,
            "repeat": repeat,
            "counts": asdict(counts),
            "rows": as_data(rows),
        }
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
