"""``panj verify``: does the simulator compute what theory says?"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.cli import options
from sim.cli.progress import progress_bar
from sim.cli.tables import print_json
from sim.cli.terminal import WIDTH

if TYPE_CHECKING:
    from sim.verify.case import Case
    from sim.verify.verification import Verification


_LEGEND: Final = (
    "z: standard errors between estimate and theory; a case fails from 4 on. control: the same for "
    "a fault of 5 %, or as docs/verification.md names it, which must be found. exact: equal to "
    "rounding."
)


@click.command(
    epilog="""\b
Examples:
  panj verify --quick
  panj verify
  panj verify clash patrols
  panj verify --quick -o verification.json

docs/verification.md says what each case is. Exit status 1 when the model and theory disagree."""
)
@click.argument("families", nargs=-1, metavar="[FAMILY]...")
@options.flag("--quick", "Half a minute instead of minutes; wider errors.")
@options.jobs
@options.output(
    "FILE",
    "Write the table to this JSON file as well; 'panj report' can take it in.",
    "path",
    required=False,
)
@options.as_json
def verify(
    families: tuple[str, ...], quick: bool, jobs: int | None, path: Path | None, as_json: bool
) -> int:
    """Compare the model with theory in limiting cases.

    Every case runs the simulator itself, put by its own parameters where the answer is known in
    closed form. A case fails from 4 standard errors on. Each also has a negative control, a
    fault of 5 % or as named, that must be found.
    """
    from sim.verify.verification import FULL, QUICK
    from sim.verify.verification import verify as run

    with progress_bar("studies") as show:
        found = run(families or None, QUICK if quick else FULL, jobs, progress=show)
    if path is not None:
        found.write(path)
    if as_json:
        print_json(found.as_data())
    else:
        click.echo("\n".join(_as_text(found)))
    return 0 if found.passed else 1


def _as_text(found: Verification) -> Iterator[str]:
    from sim.cli.tables import column_lines

    head = ("", "theory", "estimate", "std. error", "z", "control", "")
    rows: list[tuple[str, ...]] = [head]
    for family, cases in groupby(found.cases, key=lambda case: case.family):
        rows.append((family, *[""] * (len(head) - 1)))
        rows.extend(_cells(case) for case in cases)
    yield from column_lines(rows, left=(0, 6), most=WIDTH)
    yield ""
    yield _verdict(found)
    yield from textwrap.wrap(_LEGEND, WIDTH)


def _cells(case: Case) -> tuple[str, ...]:
    error, z = (f"{case.error:.2g}", f"{case.z:+.2f}") if case.error else ("exact", "0")
    if case.error == 0.0 and not case.holds:
        z = "off"
    control = "found" if not case.error and case.sees else f"{case.control:.1f}"
    word = "" if case.holds and case.sees else ("FAILS" if not case.holds else "CANNOT SEE")
    return f"  {case.name}", f"{case.theory:.5g}", f"{case.estimate:.5g}", error, z, control, word


def _verdict(found: Verification) -> str:
    cases = len(found.cases)
    if found.passed:
        return (
            f"All {cases} cases agree with theory, and every negative control was found "
            f"({found.seconds:,.0f} s)."
        )
    parts = []
    if found.failed:
        parts.append(f"{len(found.failed)} of {cases} cases disagree with theory")
    if found.blind:
        parts.append(f"{len(found.blind)} could not have seen a fault")
    return "; ".join(parts) + f" ({found.seconds:,.0f} s)."
