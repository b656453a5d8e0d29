"""``python -m benchmarks.dose_response``: run all worlds, print the tables, draw the pictures."""

from pathlib import Path

import click

from benchmarks.dose_response.pages import put, tables
from benchmarks.dose_response.pictures import draw_all
from benchmarks.dose_response.study import run
from benchmarks.dose_response.world import arms, baseline


@click.command()
@click.option("--years", default=200, show_default=True, type=click.IntRange(min=2),
              help="Simulated years in each world.")  # fmt: skip
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(min=1))
@click.option("-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path),
              help="Draw the pictures into this folder.")  # fmt: skip
@click.option("--page", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Put the tables between their marks in this file.")  # fmt: skip
def main(years: int, jobs: int, folder: Path | None, page: Path | None) -> None:
    """Measure the effect of each lever on victims per plan, and the mechanisms of a level."""
    scenario = baseline()
    study = run(scenario, arms(scenario), years, jobs)
    texts = tables(study, scenario)
    click.echo("\n".join(f"## {name}\n\n{table}" for name, table in texts.items()))
    if page is not None:
        page.write_text(put(page.read_text("utf-8"), texts), "utf-8")
    if folder is not None:
        for path in draw_all(study, folder):
            click.echo(f"drawn: {path}", err=True)


if __name__ == "__main__":
    main()
