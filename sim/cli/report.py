"""``panj report``: a comparison as one HTML page, for decision-makers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli import options
from sim.cli.output_files import PAGE, check_output, write_page


@click.command(
    epilog="""\b
Examples:
  panj report results/policies
  panj report results/policies -o policies.html --baseline routine_always
  panj report results/policies --scenarios triggered,surveillance --harm guards_killed
  panj report results/policies --question "Is surveillance worth its price?" --force
  panj report results/policies --verification verification.json --calibration results/fit
  panj report results/policies -o policies.html --pdf

See docs/report.md for what is on the page."""
)
@options.store
@options.output(
    "FILE.html",
    "Write the page to this file.",
    "output",
    required=False,
    default=Path("report.html"),
    show_default=True,
)
@options.baseline
@options.scenarios
@options.harm
@options.confidence
@options.value("--title", "TEXT", "Title of the page.")
@options.value("--question", "TEXT", "Question that the comparison answers.")
@options.value(
    "--verification", "FILE", "Add the table of 'panj verify -o FILE'.", type=options.PATH
)
@options.value(
    "--calibration",
    "FOLDER",
    "Add the pictures of 'panj calibrate -o FOLDER'.",
    type=options.PATH,
)
@options.flag("--pdf", "Also print the page to a PDF beside it, with Chromium or WeasyPrint.")
@options.force("a page")
def report(folder: Path, output: Path, pdf: bool, force: bool, **query: Any) -> None:
    """Write a report on the scenarios in STORE as one HTML page.

    The first page is for decision-makers: the options, what each does and costs, and how certain
    that is. Tables, pictures, assumptions, limits and sources follow. The file needs no network
    and runs no script. The same store and options give the same bytes.
    """
    check_output(output, PAGE, force=force)
    pdf_file, printer = output.with_suffix(".pdf"), None
    if pdf:
        from sim.report.pdf import find_printer

        check_output(pdf_file, (".pdf",), force=force)
        printer = find_printer()
    from sim.engine.garbage_collection import collection_paused

    with collection_paused():  # collecting the cycles of figures would take a tenth of the time
        from sim.report.document import report as report_page

        page = report_page(folder, **query)
    write_page(output, page)
    if printer is not None:
        from sim.report.pdf import write_pdf

        click.echo(f"Written to {pdf_file} ({write_pdf(page, pdf_file, printer) / 1e6:.1f} MB)")
