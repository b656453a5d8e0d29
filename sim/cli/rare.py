"""``panj rare``: how likely a grave year is, and what a policy changes in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from sim.cli import options
from sim.cli.draws import DrawOptions, draws_as_data
from sim.cli.progress import progress_bar

if TYPE_CHECKING:
    from sim.rare.probability import Difference, Probability
    from sim.rare.run import Rare
    from sim.runs.posterior import Posterior

ROOTS: Final = 200


@click.command(
    epilog="""\b
Examples:
  panj rare baseline --event "worst_35_days>=20"
  panj rare baseline triggered joint_control --event "worst_35_days>=20" -n 1000
  panj rare baseline harden_worksites --event "victims>=15" -n 500 --confidence 0.95
  panj rare baseline --event "workers_chinese_killed>=6" --posterior none --json

docs/rare.md says how it is done and how to read it."""
)
@options.scenario_arguments("scenarios")
@options.value(
    "--event",
    "OUTCOME>=X",
    "What is asked about: an outcome that only grows, or worst_35_days, and a threshold.",
    required=True,
)
@options.integer(
    "-n", "--roots", least=2, default=ROOTS, help="Root years, the same in every scenario."
)
@options.workers
@options.settings
@options.allow_code
@options.root_seed("Seed from which those of the root years come.")
@options.draw_options("Draws of it to use, in turn: root year r gets draw r mod K")
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

    Years that are on their way to the event are copied, and each copy meets another future; so
    many futures are seen of the few years that matter. The estimate is unbiased. The first
    SCENARIO is the baseline: of the others the difference is told, on the same root years.

    A root year is the replicate of that number of 'panj batch': it lies as the coming year may,
    or as --year did.
    """
    from sim.rare.run import run_rare
    from sim.scenario.load import load

    specs = [load(name, settings) for name in scenarios]
    dealt = draw_options.resolve(specs)
    with progress_bar("root years") as show:
        found = run_rare(
            specs,
            event,
            roots,
            *workers,
            root=seed,
            posterior=dealt,
            draws=len(dealt.draws) if dealt else None,
            confidence=confidence,
            progress=lambda done, total: show(done, total, ""),
        )
    if as_json:
        click.echo(in_json(found, dealt))
        return
    click.echo("\n".join(as_text(found)))
    if dealt and dealt.year:
        click.echo(f"Root years are drawn for {dealt.year}.")


def in_json(found: Rare, posterior: Posterior | None) -> str:
    """All of it as one object."""
    said = {**asdict(found), "draws": draws_as_data(posterior.as_data() if posterior else None)}
    said["event"]["text"] = str(found.event)
    said["levels"] = {"at": list(found.levels.at), "copies": found.levels.copies}
    return json.dumps(said, allow_nan=False)


def as_text(found: Rare) -> Iterator[str]:
    """Probabilities, then differences, then how they were found."""
    from sim.cli.tables import column_lines

    yield f"The probability of {found.event}, with {100.0 * found.confidence:g} % intervals:"
    yield ""
    told = [row for row in found.chances if row.probability is not None]
    if told:
        head = ("", "probability", "root years", "as sure as", "sooner")
        yield from column_lines([head, *(_row(row, found) for row in told)])
    for row in found.chances:
        if row.probability is None:
            yield f"  {row.scenario}: {_not_told(row, found)}"
    if found.differences:
        yield ""
        yield f"Against {found.differences[0].baseline}, on the same root years:"
        yield ""
        yield from (f"  {_against(row)}" for row in found.differences)
    yield ""
    yield from _how(found)


def _row(row: Probability, found: Rare) -> tuple[str, ...]:
    from sim.comparison.number_format import short, with_interval

    plain = row.plain_years or 0.0
    sooner = plain * found.year_seconds / row.seconds if row.seconds else 0.0
    return (
        row.scenario,
        f"{with_interval(row.probability, row.low, row.high, 100.0)} %",
        f"{row.reached:,} of {row.roots:,} came to it",
        f"{round(plain):,} years run whole",
        f"{short(sooner)} times" if found.levels.at else "not split",
    )


def _not_told(row: Probability, found: Rare) -> str:
    from sim.comparison.number_format import short

    if row.low > 0.0:
        return (
            f"cannot be told: all {row.roots:,} root years came to it; "
            f"more than {short(row.low, 100.0)} %. Give a higher threshold."
        )
    seen = "none" if row.highest is None else f"{row.highest:g}"
    return (
        f"cannot be told: none of {row.roots:,} root years or their copies came to it; "
        f"less than {short(row.high, 100.0)} %. The highest {found.event.outcome} was {seen}. "
        "Run more root years (-n), or give a lower threshold."
    )


def _against(row: Difference) -> str:
    from sim.comparison.number_format import with_interval

    if row.difference is None:
        return f"{row.scenario}: cannot be told"
    told = with_interval(row.difference, row.low, row.high, 100.0)
    return f"{row.scenario}: {told} percentage points"


def _how(found: Rare) -> Iterator[str]:
    from sim.rare.probability import FEW

    at = ", ".join(f"{level:.3g}" for level in found.levels.at)
    if at:
        yield (
            f"Years were split into {found.levels.copies} at {at}; a pilot of "
            f"{found.pilot_years} other years chose the levels."
        )
    else:
        yield (
            f"Years were not split: in a pilot of {found.pilot_years} other years the event was "
            "not rare, or nothing led up to it."
        )
    if any(row.probability is not None and row.reached < FEW for row in found.chances):
        yield f"Fewer than {FEW} root years came to it somewhere: more (-n) would tell more."
