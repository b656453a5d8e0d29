"""``python -m benchmarks.dose_response``: run all worlds, print the tables, draw the pictures."""

from pathlib import Path

import click

from benchmarks.dose_response.pages import tables
from benchmarks.dose_response.pictures import draw_all
from benchmarks.dose_response.study import run
from benchmarks.dose_response.world import arms, baseline


@click.command()
@click.option("--years", default=200, show_default=True, type=click.IntRange(min=2),
              help="Simulated years in each world.")  # fmt: skip
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(min=1))
@click.option("-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path),
              help="Draw the pictures into this folder.")  # fmt: skip
def main(years: int, jobs: int, folder: Path | None) -> None:
    """Measure what each lever does to victims of a plan, and by what a level does it."""
    scenario = baseline()
    study = run(scenario, arms(scenario), years, jobs)
    click.echo("\n\n".join(tables(study, scenario)))
    if folder is not None:
        for path in draw_all(study, folder):
            click.echo(f"drawn: {path}", err=True)


if __name__ == "__main__":
    main()
