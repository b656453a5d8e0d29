"""What an exploration found, told: sentences, tables and pictures."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure

from sim.comparison.sheets import Sheet


class Picture(NamedTuple):
    """A picture of a finding: its name, unique on the page, what it shows, and the figure."""

    name: str
    summary: str
    figure: Figure


class Told(NamedTuple):
    """A finding in words, tables and pictures."""

    sentences: Sequence[str]
    sheets: Sequence[Sheet] = ()
    pictures: Sequence[Picture] = ()
