"""``panj incident``: one incident under two or more policies, side by side."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sim.cli import completion, options
from sim.cli.output_files import write_picture
from sim.cli.tables import print_json, print_result

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
  panj incident baseline group/vanj/5.0.4 --against triggered --against rotation --plot night.png
  panj incident baseline group/vanj/5.0.4 --against triggered --from 2025-06-01
  panj incident results/policies --find --against joint_control
  panj incident results/policies cell/darvoz/0/plan/1.0.2 --against rotation --replicate 4

See docs/explore.md for how to read the result."""
)
@click.argument("source", metavar="STORE|SCENARIO", shell_complete=completion.scenarios)
@click.argument("identity", metavar="[ID]", required=False)
@options.against(
    "Also show it under this scenario; can be given more than once.", multiple=True, required=True
)
@options.flag("--find", "List instead the incidents that a policy changed.")
@options.integer(
    "--top",
    least=1,
    default=TOP,
    help="Number of incidents for --find to list, the gravest first.",
)
@options.root_seed("Seed of the year, for scenarios  [default: 1].", default=None)
@options.integer(
    "--replicate",
    metavar="R",
    help="Replicate, for a store  [default: 0, or all with --find].",
)
@options.baseline
@options.value(
    "--from",
    "DATE",
    "Use the first scenario in every story until this day.",
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
    **query: Any,
) -> None:
    """Show one incident under two policies, side by side.

    The same group comes on the same night with the same intent and the same random draws, so the
    policy makes every difference. The command shows what happened step by step, where the two
    stories part, and why. ID is the identity of a group or a plan; --find lists the incidents that
    a policy changed, which ended in another way or happened under one policy only.

    SCENARIO is a shipped scenario or a TOML file. In a STORE the first scenario is the --baseline;
    the store keeps the result for 'panj report'.
    """
    if find == (identity is not None):
        raise click.UsageError("give the ID of an incident, or --find to list incidents.")
    if find:
        for flag, value in (("--plot", plot), ("--from", since)):
            if value is not None:
                raise click.UsageError(f"{flag} applies to one incident: leave out --find.")
        from sim.explore.incident.changed import turned

        changed = turned(source, **query)
        if as_json:
            rows = [incident._asdict() for incident in changed.turned[:top]]
            print_json({**changed._asdict(), "turned": rows})
        else:
            click.echo("\n".join(_list_lines(changed, top)))
        return
    from sim.explore.incident.study import incident as study

    day = since.date() if since else None
    result = study(source, identity or "", since=day, asked=command, **query)
    print_result(result, as_text(result), as_json)
    if plot is not None:
        from sim.report.incident import draw_incident

        write_picture(draw_incident(result), plot, to_stderr=as_json)


def as_text(result: IncidentComparison) -> Iterator[str]:
    """Yield the stories side by side, how each ended, where they part and why."""
    yield click.style(f"{result.title} ({result.which or result.identity})", bold=True)
    yield from _wrapped("; ".join(result.differ))
    yield ""
    width = (WIDTH - _CLOCK) // len(result.stories) - 2
    yield from _side_by_side([("", *result.names)], width, bold=True)
    yield from _side_by_side([_cells(rows, result) for rows in result.folded], width)
    yield ""
    ends = [story.outcome.words for story in result.stories]
    yield from _side_by_side([("in the end", *ends)], width, bold=True)
    yield ""
    for words in result.verdict:
        yield from _wrapped(words)


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, WIDTH, subsequent_indent="  ")


def _cells(rows: Sequence[Row], result: IncidentComparison) -> tuple[str, ...]:
    """Return the time of some rows, and what happened in each story."""
    from sim.explore.incident.story import moment

    cells = [
        "; ".join(step.told for row in rows if (step := row.steps[n]))
        for n in range(len(result.stories))
    ]
    if all(row.same for row in rows) and not all(row.quiet for row in rows):
        cells[1:] = ["the same" if cell == cells[0] else cell for cell in cells[1:]]
    return (moment(result.start, rows[0].at), *cells)


def _side_by_side(rows: Iterable[Sequence[str]], width: int, bold: bool = False) -> Iterator[str]:
    """Yield rows of a time and cells, wrapped at ``width``; a repeated time is left out."""
    before = ""
    for time, *cells in rows:
        wrapped = [textwrap.wrap(cell, width) or ["–"] for cell in cells]
        first = "" if time == before else time
        before = time
        for n, words in enumerate(zip_longest(*wrapped, fillvalue="")):
            line = ("" if n else first).ljust(_CLOCK)
            line += "".join(word.ljust(width + 2) for word in words)
            yield click.style(line.rstrip(), bold=True) if bold else line.rstrip()


def _list_lines(changed: ChangedIncidents, top: int) -> Iterator[str]:
    """Yield the incidents that a policy changed, gravest first, and the words that name each."""
    total, years = len(changed.turned), changed.years
    only = {
        name: sum(incident.only_in == name for incident in changed.turned) for name in changed.names
    }
    parts = [f"{n} only in {name}" for name, n in only.items()]
    parts.append(f"{total - sum(only.values())} ended in another way")
    yield click.style(
        f"A policy changed {total:,} of {changed.incidents:,} incidents in {years:,} paired "
        f"year{'' if years == 1 else 's'}: {', '.join(parts)}.",
        bold=True,
    )
    width = max(map(len, changed.names)) + 4
    for incident in changed.turned[:top]:
        yield ""
        of = "" if incident.replicate is None else f" --replicate {incident.replicate}"
        yield f"{incident.identity}{of}"
        for name, words in zip(changed.names, incident.words, strict=True):
            line = f"  {name}:".ljust(width) + words
            yield from textwrap.wrap(line, WIDTH, subsequent_indent=" " * width)
    if total > top:
        yield ""
        yield f"{total - top:,} more; --top {total} lists all."
