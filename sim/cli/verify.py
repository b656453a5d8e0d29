"""``panj verify``: compare the simulator with theory."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.cli import options
from sim.cli.progress import progress_bar
from sim.cli.tables import column_lines, print_json
from sim.cli.terminal import WIDTH

if TYPE_CHECKING:
    from sim.verify.case import Case
    from sim.verify.verification import Verification


_LEGEND: Final = (
    "z: standard errors between estimate and theory; a case fails at 4 or more. control: the same "
    "for a fault of 5 %, or one that docs/verification.md names, which it must detect. exact: "
    "equal up to rounding."
)


@click.command(
    epilog="""\b
Examples:
  panj verify --quick
  panj verify
  panj verify clash patrols
  panj verify --quick -o verification.json

See docs/verification.md for the cases. The exit status is 1 if the model and theory disagree."""
)
@click.argument("families", nargs=-1, metavar="[FAMILY]...")
@options.flag("--quick", "Take half a minute instead of minutes, with wider errors.")
@options.jobs
@options.output(
    "FILE",
    "Also write the table to this JSON file, which 'panj report' can add.",
    "path",
    required=False,
)
@options.as_json
def verify(
    families: tuple[str, ...], quick: bool, jobs: int | None, path: Path | None, as_json: bool
) -> int:
    """Compare the model with theory in limiting cases.

    Every case runs the simulator itself, with parameters for which the answer is known in closed
    form. A case fails at 4 or more standard errors. Each case also has a negative control, a fault
    of 5 % or a named one, that the test must detect.
    """
    from sim.verify.verification import FULL, QUICK
    from sim.verify.verification import verify as run_cases

    with progress_bar("studies") as show:
        result = run_cases(families or None, QUICK if quick else FULL, jobs, progress=show)
    if path is not None:
        result.write(path)
    if as_json:
        print_json(result.as_data())
    else:
        click.echo("\n".join(_as_text(result)))
    return 0 if result.passed else 1


def _as_text(result: Verification) -> Iterator[str]:
    head = ("", "theory", "estimate", "std. error", "z", "control", "")
    rows: list[tuple[str, ...]] = [head]
    for family, cases in groupby(result.cases, key=lambda case: case.family):
        rows.append((family, *[""] * (len(head) - 1)))
        rows.extend(_cells(case) for case in cases)
    yield from column_lines(rows, left=(0, 6), most=WIDTH)
    yield ""
    yield _verdict(result)
    yield from textwrap.wrap(_LEGEND, WIDTH)


def _cells(case: Case) -> tuple[str, ...]:
    error, z = (f"{case.error:.2g}", f"{case.z:+.2f}") if case.error else ("exact", "0")
    if case.error == 0.0 and not case.holds:
        z = "off"
    control = "found" if not case.error and case.sees else f"{case.control:.1f}"
    note = "" if case.holds and case.sees else ("FAILS" if not case.holds else "CANNOT SEE")
    return f"  {case.name}", f"{case.theory:.5g}", f"{case.estimate:.5g}", error, z, control, note


def _verdict(result: Verification) -> str:
    cases, seconds = len(result.cases), f"({result.seconds:,.0f} s)"
    if result.passed:
        return f"All {cases} cases agree with theory and detect their negative control {seconds}."
    parts = []
    if result.failed:
        parts.append(f"{len(result.failed)} of {cases} cases disagree with theory")
    if result.blind:
        parts.append(f"{len(result.blind)} cannot detect a fault")
    return f"{'; '.join(parts)} {seconds}."
