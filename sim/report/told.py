"""What is told on a page: a finding in words, tables and a picture; a small picture by itself."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure

from sim.comparison.text_tables import TextTable
from sim.report.inline import inline


class Told(NamedTuple):
    """A finding in words, tables and its picture."""

    sentences: Sequence[str]
    sheets: Sequence[TextTable]
    picture: Figure


class Small(NamedTuple):
    """A picture that is printed in its own size: its name, its title, and how to read it."""

    name: str
    title: str
    note: str
    figure: Figure

    @property
    def svg(self) -> str:
        """The drawing, for a page."""
        return inline(self.figure, self.name, f"{self.title}. {self.note}").svg
