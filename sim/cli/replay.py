"""``panj replay``: a run, or two on the same seed, as one HTML file."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli import options


@click.command(
    epilog="""\b
Examples:
  panj replay baseline -o year.html
  panj replay baseline --against triggered --days 90 -o quarter.html
  panj replay my-scenario.toml --seed 7 --set teams.reserve=3 -o run.html"""
)
@click.argument("scenario")
@click.option("--against", metavar="OTHER", help="Put this scenario beside it, on the same seed.")
@options.seed
@click.option("--days", type=float, metavar="D", help="Horizon in days instead of the scenario's.")
@options.settings
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE.html",
    help="Write the page to this new file.",
)
@click.option("--force", is_flag=True, help="Replace a file that is already there.")
def replay(
    scenario: str,
    against: str | None,
    seed: int,
    days: float | None,
    settings: tuple[str, ...],
    output: Path,
    force: bool,
) -> None:
    """Write a run of SCENARIO as one HTML file that plays offline.

    --set and --days change both scenarios.
    """
    _check(output, force)
    from sim.scenario.load import load
    from sim.viewer.replay import replay as page_of

    changes = [*settings, *([] if days is None else [f"days={days!r}"])]
    specs = [load(name, changes) for name in (scenario, against) if name is not None]
    page = page_of(specs, seed)
    _write(output, page)
    click.echo(f"Written to {output} ({len(page.encode()) / 1e6:.1f} MB)")


def _check(output: Path, force: bool) -> None:
    """Find out before the run whether the file can be written."""
    from sim.errors import OutputError

    if output.suffix.lower() not in (".html", ".htm"):
        raise OutputError("a replay is an HTML page", path=output, remedy="End the name in .html.")
    if output.is_dir() or not output.absolute().parent.is_dir():
        raise OutputError(
            "is a folder" if output.is_dir() else "its folder does not exist",
            path=output,
            remedy="Give a file in a folder that exists.",
        )
    if output.exists() and not force:
        raise OutputError(
            "is already there", path=output, remedy="Give another name, or --force to replace it."
        )


def _write(output: Path, page: str) -> None:
    """Write all of the file or nothing."""
    from sim.errors import OutputError

    unfinished = output.with_name(f".{output.name}.part")
    try:
        unfinished.write_text(page, encoding="utf-8", newline="\n")
        unfinished.replace(output)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            path=output,
            remedy="Give a path in a folder that exists and may be written to.",
        ) from error
