"""A page printed by WeasyPrint, where it and its libraries are installed."""

import logging

import pytest

from sim.report.pdf import print_with_weasyprint

try:
    import weasyprint  # noqa: F401
except (ImportError, OSError) as error:
    pytest.skip(f"WeasyPrint cannot be loaded: {error}", allow_module_level=True)

PAGE = """<!doctype html><title>A page</title><h1>A page</h1>
<svg viewBox="0 0 9 9"><path d="M0 0h9v9z" style="fill: #222222; stroke: none"/></svg>"""


def test_a_page_becomes_a_pdf_in_silence(caplog: pytest.LogCaptureFixture) -> None:
    """SVG properties unknown to CSS are drawn without a warning."""
    with caplog.at_level(logging.WARNING):
        content = print_with_weasyprint(PAGE)
    assert content.startswith(b"%PDF-")
    assert caplog.records == []
