"""``panj report``: a comparison as one HTML page, for those who decide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli import options
from sim.cli.output_files import check_page, write_page


@click.command(
    epilog="""\b
Examples:
  panj report results/policies
  panj report results/policies -o policies.html --baseline routine_always
  panj report results/policies --scenarios triggered,surveillance --harm guards_killed
  panj report results/policies --question "Is surveillance worth its price?" --force
  panj report results/policies --verification verification.json --calibration results/fit
  panj report results/policies -o policies.html --pdf

docs/report.md says what is in it."""
)
@options.store
@options.output(
    "FILE.html",
    "Write the page to this new file.",
    "output",
    required=False,
    default=Path("report.html"),
    show_default=True,
)
@options.baseline
@options.scenarios
@options.harm
@options.confidence
@options.value("--title", "TEXT", "Head the page with this.")
@options.value("--question", "TEXT", "The question that the comparison answers.")
@options.value(
    "--verification", "FILE", "Take in the table of 'panj verify -o FILE'.", type=options.PATH
)
@options.value(
    "--calibration",
    "FOLDER",
    "Take in the pictures of 'panj calibrate -o FOLDER'.",
    type=options.PATH,
)
@options.flag("--pdf", "Print it to a PDF beside it, by Chromium or WeasyPrint.")
@options.force("a result")
def report(folder: Path, output: Path, pdf: bool, force: bool, **wishes: Any) -> None:
    """Write a report on the scenarios in STORE as one HTML page.

    One HTML file. Its first page is for those who decide: the options, what each does and costs,
    how sure that is. Then tables, pictures, assumptions, limits, and where it all comes from. It
    needs no network and runs no script. The same store and options give the same bytes.
    """

    check_page(output, force=force)
    on_paper, by = output.with_suffix(".pdf"), None
    if pdf:
        from sim.report.pdf import printer

        check_page(on_paper, force=force, endings=(".pdf",))
        by = printer()
    from sim.engine.garbage_collection import collection_paused

    with (
        collection_paused()
    ):  # figures are full of cycles; walking them all takes a tenth of the time
        from sim.report.document import report as page_of

        page = page_of(folder, **wishes)
    write_page(output, page)
    if by is not None:
        from sim.report.pdf import write_pdf

        click.echo(f"Written to {on_paper} ({write_pdf(page, on_paper, by) / 1e6:.1f} MB)")
