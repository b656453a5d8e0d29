"""Pages put together from templates: a figure and its unit stay together, all text is escaped."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim import __version__
from sim.comparison.number_format import interval_text, per_cent, short, with_interval
from sim.comparison.terms import counted, several
from sim.comparison.text_tables import display_factor
from sim.measures.registry import described
from sim.runs.provenance import without_paths

_TEMPLATES: Final = Path(__file__).parent / "templates"


def _unbroken(value: object) -> object:
    """A number and its per cent stay on one line; what is finished HTML stays as it is."""
    return value.replace(" %", "\N{NO-BREAK SPACE}%") if type(value) is str else value


@cache
def environment(*folders: Path) -> Environment:
    """Where pages are put together: everything is escaped, and what is missing is an error.

    Templates lie in ``folders``, and after them here, where the parts that pages share are. They
    may call what writes numbers and names.
    """
    found = Environment(
        loader=FileSystemLoader([*folders, _TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_unbroken,
    )
    found.filters["thousands"] = "{:,}".format
    said = (
        described,
        display_factor,
        short,
        interval_text,
        with_interval,
        per_cent,
        counted,
        several,
        without_paths,
    )
    found.globals.update({function.__name__: function for function in said})
    found.globals["version"] = __version__
    return found
