"""``python -m benchmarks``: what a run costs, compared with what, and what makes it cost more."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import click

import sim
from benchmarks import batch, engine, expected, pairing, scaling, tuning, year
from benchmarks.figures import write
from benchmarks.scaling_picture import draw
from benchmarks.setting import Setting
from benchmarks.table import Section, as_data, show
from benchmarks.twin import speed
from sim.report.style import save

_BASELINE = Path(__file__).resolve().parent.parent / "scenarios" / "baseline.toml"


SCALING = "scaling"
PARTS: dict[str, Callable[[Setting], Section]] = {
    "year": year.section,
    "twin": speed.section,
    "engine": engine.section,
    "batch": batch.section,
    "pairing": pairing.section,
    "expected": expected.section,
    "tuning": tuning.section,
}
"""The other parts, in the order of the table."""


def _notes(repeat: int) -> list[str]:
    return [
        f"Processor time of one core after import unless said; medians; rounds, in turn: {repeat}; "
        "ratios within a round. Places and calendar of a scenario are made once a process "
        "and not timed here.",
    ]


def _setting(seed: int, repeat: int | None, days: float | None, quick: bool) -> Setting:
    horizon = days or (60.0 if quick else None)
    scenario = sim.load(_BASELINE, {"days": horizon} if horizon else None)
    return Setting(scenario, seed, repeat or (2 if quick else 7), quick)


def _timed[T](name: str, part: Callable[[Setting], T], setting: Setting) -> T:
    """Run one part and report how long it took."""
    start = perf_counter()
    found = part(setting)
    click.echo(f"{name}: {perf_counter() - start:.0f} s", err=True)
    return found


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice([SCALING, *PARTS]))
@click.option("--repeat", type=click.IntRange(min=1), help="Rounds (7; 2 if quick).")
@click.option("--seed", default=1, show_default=True, help="Seed of every run.")
@click.option("--days", type=float, help="Horizon of the baseline, days (365; 60 if quick).")
@click.option("--quick", is_flag=True, help="A quick check: small runs, wide spreads.")
@click.option("--plot", "picture", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Draw the cost of growth (.png, .svg, .pdf).")  # fmt: skip
@click.option(
    "--json",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures as JSON.",
)
def main(
    parts: tuple[str, ...], picture: Path | None, path: Path | None, **given: int | float | None
) -> None:
    """Measure all PARTS, or the named ones, side by side and print one table."""
    chosen = parts or (SCALING, *PARTS)
    if picture is not None and SCALING not in chosen:
        raise click.UsageError(f"--plot draws the part '{SCALING}', which was not selected")
    setting = _setting(**given)  # type: ignore[arg-type]
    grown = _timed(SCALING, scaling.measure, setting) if SCALING in chosen else None
    sections = [scaling.section(grown)] if grown else []
    sections += [_timed(name, PARTS[name], setting) for name in PARTS if name in chosen]
    show("What a run costs", sections, _notes(setting.repeat))
    if grown and picture:
        save(draw(grown.curves, setting), picture)
    write(path, {
        "seed": setting.seed,
        "days": setting.scenario.days,
        "repeat": setting.repeat,
        "rows": as_data(sections),
        "scaling": scaling.as_data(grown) if grown else None,
    })  # fmt: skip


if __name__ == "__main__":
    main()
