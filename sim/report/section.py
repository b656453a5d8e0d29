"""What a section of the page holds."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure

from sim.comparison.text_tables import TextTable


class SectionContent(NamedTuple):
    """A finding as sentences, tables and a figure."""

    sentences: Sequence[str]
    tables: Sequence[TextTable]
    figure: Figure
