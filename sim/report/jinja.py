"""The Jinja environment of pages: text is escaped, and a number stays on the line of its unit."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim import __version__
from sim.comparison.number_format import interval_text, per_cent, short, with_interval
from sim.comparison.terms import counted, several
from sim.comparison.text_tables import display_factor
from sim.measures.registry import described
from sim.report.matrix_text import cell_text, column_heads, rank_range
from sim.report.verification import case_figures, cases_by_family
from sim.runs.provenance import without_paths

_TEMPLATES: Final = Path(__file__).parent / "templates"
_FUNCTIONS: Final = (
    case_figures, cases_by_family, cell_text, column_heads, counted, described, display_factor,
    interval_text, per_cent, rank_range, several, short, with_interval, without_paths,
)  # fmt: skip
"""What a template can call."""


def _with_hard_space(value: object) -> object:
    """Keep a number and its % on one line; finished HTML stays as it is."""
    return value.replace(" %", "\N{NO-BREAK SPACE}%") if type(value) is str else value


@cache
def environment(*folders: Path) -> Environment:
    """The environment that renders templates from ``folders``, then from this package.

    A name that a template uses and nobody passes is an error.
    """
    made = Environment(
        loader=FileSystemLoader([*folders, _TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_with_hard_space,
    )
    made.globals.update({function.__name__: function for function in _FUNCTIONS})
    made.globals["version"] = __version__
    return made
