"""``panj rare``: the probability of a grave year, and how a policy changes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from sim.cli import options
from sim.cli.draws import DrawOptions, draws_as_data
from sim.cli.progress import progress_bar
from sim.cli.tables import column_lines, print_json

if TYPE_CHECKING:
    from sim.rare.probability import Difference, Probability
    from sim.rare.run import Rare
    from sim.runs.posterior import Posterior


@click.command(
    epilog="""\b
Examples:
  panj rare baseline --event "worst_35_days>=20"
  panj rare baseline triggered joint_control --event "worst_35_days>=20" -n 1000
  panj rare baseline harden_worksites --event "victims>=15" -n 500 --confidence 0.95
  panj rare baseline --event "workers_chinese_killed>=6" --posterior none --json

See docs/rare.md for the method and how to read the result."""
)
@options.scenario_arguments("scenarios")
@options.value(
    "--event",
    "OUTCOME>=X",
    "The event: an outcome that only grows, or worst_35_days, and a threshold.",
    required=True,
)
@options.integer(
    "-n", "--roots", least=2, default=200, help="Number of root years, the same in every scenario."
)
@options.workers
@options.settings
@options.allow_code
@options.root_seed("Seed from which the seeds of the root years are derived.")
@options.draw_options("Number of draws to use: root year r gets draw r mod K")
@options.confidence
@options.as_json
def rare(
    scenarios: tuple[str, ...],
    event: str,
    roots: int,
    workers: options.Workers,
    settings: tuple[str, ...],
    seed: int,
    draw_options: DrawOptions,
    confidence: float,
    as_json: bool,
) -> None:
    """Estimate the probability of a grave year in each SCENARIO.

    The command copies years that come near the event, and gives each copy another future; so it
    simulates many futures of the few years that matter. The estimate is unbiased. The first
    SCENARIO is the baseline; for each other one the command gives the difference, on the same root
    years.

    Root year r has the seed and the draw of replicate r of 'panj batch'. It starts in
    conditions drawn for the coming year, or for --year.
    """
    from sim.rare.run import run_rare
    from sim.scenario.load import load

    specs = [load(name, settings) for name in scenarios]
    posterior = draw_options.resolve(specs)
    with progress_bar("root years") as show:
        result = run_rare(
            specs,
            event,
            roots,
            *workers,
            root=seed,
            posterior=posterior,
            draws=len(posterior.draws) if posterior else None,
            confidence=confidence,
            progress=lambda done, total: show(done, total, ""),
        )
    if as_json:
        print_json(_as_data(result, posterior))
        return
    click.echo("\n".join(as_text(result)))
    if posterior and posterior.year:
        click.echo(f"Root years are drawn for {posterior.year}.")


def _as_data(result: Rare, posterior: Posterior | None) -> dict[str, object]:
    data = {**asdict(result), "draws": draws_as_data(posterior.as_data() if posterior else None)}
    data["event"]["text"] = str(result.event)
    data["levels"] = {"at": list(result.levels.at), "copies": result.levels.copies}
    return data


def as_text(result: Rare) -> Iterator[str]:
    """Yield the probabilities, the differences, and how the estimates were made."""
    yield f"The probability of {result.event}, with {100.0 * result.confidence:g} % intervals:"
    yield ""
    rows = [_row(row, result) for row in result.chances if row.probability is not None]
    if rows:
        head = ("", "probability", "reached by", "as precise as", "speed-up")
        yield from column_lines([head, *rows])
    for row in result.chances:
        if row.probability is None:
            yield f"  {row.scenario}: no estimate: {_bound(row, result)}"
    if result.differences:
        yield ""
        yield f"Against {result.differences[0].baseline}, on the same root years:"
        yield ""
        yield from (f"  {row.scenario}: {_difference(row)}" for row in result.differences)
    yield ""
    yield from _method(result)


def _row(row: Probability, result: Rare) -> tuple[str, ...]:
    from sim.comparison.number_format import short, with_interval

    plain = row.plain_years or 0.0
    speed_up = plain * result.year_seconds / row.seconds if row.seconds else 0.0
    return (
        row.scenario,
        f"{with_interval(row.probability, row.low, row.high, 100.0)} %",
        f"{row.reached:,} of {row.roots:,} root years",
        f"{round(plain):,} whole years",
        f"{short(speed_up)} times" if result.levels.at else "not split",
    )


def _bound(row: Probability, result: Rare) -> str:
    from sim.comparison.number_format import short

    if row.low > 0.0:
        return (
            f"all {row.roots:,} root years reached the event, so the probability is more than "
            f"{short(row.low, 100.0)} %. Give a higher threshold."
        )
    highest = "none" if row.highest is None else f"{row.highest:g}"
    return (
        f"none of {row.roots:,} root years and their copies reached the event, so the probability "
        f"is less than {short(row.high, 100.0)} %. The highest {result.event.outcome} was "
        f"{highest}. Run more root years (-n), or give a lower threshold."
    )


def _difference(row: Difference) -> str:
    from sim.comparison.number_format import with_interval

    if row.difference is None:
        return "no estimate"
    return f"{with_interval(row.difference, row.low, row.high, 100.0)} percentage points"


def _method(result: Rare) -> Iterator[str]:
    from sim.rare.probability import FEW

    levels = ", ".join(f"{level:.3g}" for level in result.levels.at)
    if levels:
        yield (
            f"Years were split into {result.levels.copies} at {levels}; a pilot of "
            f"{result.pilot_years} other years chose the levels."
        )
    else:
        yield (
            f"Years were not split: in a pilot of {result.pilot_years} other years the event was "
            "not rare, or nothing led up to it."
        )
    if any(row.probability is not None and row.reached < FEW for row in result.chances):
        yield f"An estimate rests on fewer than {FEW} root years: run more of them (-n)."
