"""``panj incident``: one incident under two policies or more, side by side."""

from __future__ import annotations

import datetime as dt
import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sim.cli import completion, options
from sim.cli.output_files import write_picture

if TYPE_CHECKING:
    from sim.explore.incident.changed import ChangedIncidents
    from sim.explore.incident.partings import Row
    from sim.explore.incident.study import IncidentComparison

WIDTH: Final = 110
_CLOCK: Final = 13
TOP: Final = 8


@click.command(
    epilog="""\b
Examples:
  panj incident baseline --find --against triggered
  panj incident baseline group/hamadoni/1.1.3 --against triggered
  panj incident baseline group/vanj/5.0.4 --against triggered --against rotation --plot told.png
  panj incident baseline group/vanj/5.0.4 --against triggered --from 2025-06-01
  panj incident results/policies --find --against joint_control
  panj incident results/policies cell/darvoz/0/plan/1.0.2 --against rotation --replicate 4

docs/explore.md says how to read it."""
)
@click.argument("source", metavar="STORE|SCENARIO", shell_complete=completion.scenarios)
@click.argument("identity", metavar="[ID]", required=False)
@options.against("Tell it under this scenario too; may be repeated.", multiple=True, required=True)
@options.flag("--find", "List the incidents that a policy turned instead.")
@options.integer(
    "--top", least=1, default=TOP, help="With --find: how many to list, the gravest first."
)
@options.root_seed("Of scenarios: seed of the year  [default: 1].", default=None)
@options.integer(
    "--replicate",
    metavar="R",
    help="Of a store: which of its replicates  [default: 0; all with --find].",
)
@options.baseline
@options.value(
    "--from",
    "DATE",
    "Let all live by the first scenario until this day.",
    "since",
    type=click.DateTime(["%Y-%m-%d"]),
)
@options.settings
@options.allow_code
@options.plot
@options.as_json
@click.pass_obj
def incident(
    command: str,
    /,
    source: str,
    identity: str | None,
    find: bool,
    top: int,
    since: dt.datetime | None,
    plot: Path | None,
    as_json: bool,
    **which: Any,
) -> None:
    """Show one incident under two policies, side by side.

    The same group comes on the same night with the same intent and the same luck; so what differs
    is the policy's doing. Told are what happened step by step, where the stories part, and why. ID
    names the group or the plan; --find lists those that a policy turned: they ended otherwise, or
    only one policy has them.

    SCENARIO is a shipped scenario or a TOML file. Of a STORE the first scenario is its --baseline,
    and it keeps what was told for 'panj report'.
    """
    if find == (identity is not None):
        raise click.UsageError("give the ID of an incident, or --find to list some.")
    if find:
        for flag, given in (("--plot", plot), ("--from", since)):
            if given is not None:
                raise click.UsageError(f"{flag} is of one incident: leave out --find.")
        from sim.explore.incident.changed import turned

        some = turned(source, **which)
        click.echo(_found_json(some, top) if as_json else "\n".join(_listed(some, top)))
        return
    from sim.explore.incident.study import incident as compare_incident

    day = since.date() if since else None
    found = compare_incident(source, identity or "", since=day, asked=command, **which)
    click.echo(found.model_dump_json() if as_json else "\n".join(as_text(found)))
    if plot is not None:
        from sim.report.incident import draw_incident

        write_picture(draw_incident(found), plot, to_stderr=as_json)


def as_text(found: IncidentComparison) -> Iterator[str]:
    """The stories side by side, how each ended, where they part and why."""
    yield click.style(f"{found.title} ({found.which or found.identity})", bold=True)
    yield from _wrapped("; ".join(found.differ))
    yield ""
    wide = (WIDTH - _CLOCK) // len(found.stories) - 2
    yield from _table([("", *found.names)], wide, bold=True)
    yield from _table(_clocked([_cells(rows, found) for rows in found.folded]), wide)
    ends = [story.outcome.words for story in found.stories]
    yield ""
    yield from _table([("in the end", *ends)], wide, bold=True)
    yield ""
    for words in found.verdict:
        yield from _wrapped(words)


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, WIDTH, subsequent_indent="  ")


def _cells(rows: Sequence[Row], found: IncidentComparison) -> tuple[str, ...]:
    from sim.explore.incident.story import moment

    cells = []
    for n in range(len(found.stories)):
        said = [step.told for row in rows if (step := row.steps[n])]
        cells.append("; ".join(said))
    quiet = all(row.quiet for row in rows)
    clock = moment(found.start, rows[0].at)
    if not quiet and len(cells) > 1 and all(row.same for row in rows):
        cells[1:] = [_SAME if cell == cells[0] else cell for cell in cells[1:]]
    return (clock, *cells)


_SAME: Final = "the same"


def _clocked(rows: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The rows, each time told once."""
    before = ""
    for clock, *cells in rows:
        yield ("" if clock == before else clock, *cells)
        before = clock


def _table(rows: Iterable[Sequence[str]], wide: int, bold: bool = False) -> Iterator[str]:
    for clock, *cells in rows:
        told = [textwrap.wrap(cell, wide) or ["–"] for cell in cells]
        for k in range(max(map(len, told))):
            parts = [(clock if k == 0 else "").ljust(_CLOCK)]
            parts += [(cell[k] if k < len(cell) else "").ljust(wide + 2) for cell in told]
            line = "".join(parts).rstrip()
            yield click.style(line, bold=True) if bold else line


def _found_json(found: ChangedIncidents, top: int) -> str:
    rows = [one._asdict() for one in found.turned[:top]]
    return json.dumps({**found._asdict(), "turned": rows}, allow_nan=False)


def _listed(found: ChangedIncidents, top: int) -> Iterator[str]:
    """What was turned, the gravest first, and how to tell one."""
    many, years = len(found.turned), found.years
    where = f"{found.incidents:,} incidents of {years:,} paired year{'' if years == 1 else 's'}"
    only = {name: sum(one.only_in == name for one in found.turned) for name in found.names}
    otherwise = many - sum(only.values())
    told = [f"{n} only in {name}" for name, n in only.items()] + [f"{otherwise} ended otherwise"]
    yield click.style(f"{many:,} of {where} were turned: {', '.join(told)}.", bold=True)
    wide = max(map(len, found.names)) + 2
    for one in found.turned[:top]:
        yield ""
        named = "" if one.replicate is None else f" --replicate {one.replicate}"
        yield f"{one.identity}{named}"
        for name, words in zip(found.names, one.words, strict=True):
            head = f"  {name}:".ljust(wide + 2)
            yield from textwrap.wrap(head + words, WIDTH, subsequent_indent=" " * (wide + 2))
    if many > top:
        yield ""
        yield f"{many - top:,} more; --top {many} lists all."
