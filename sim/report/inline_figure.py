"""A figure as part of a page: its words as text, the rest as an SVG among others.

The same figure gives the same text. Nothing in it refers to anything outside.
"""

import io
import re
from typing import Final, NamedTuple
from xml.etree import ElementTree

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from sim.report import style
from sim.report.labels import text_extent
from sim.report.layout import MARGIN

_XLINK: Final = "{http://www.w3.org/1999/xlink}href"
_DROPPED: Final = ("metadata", "style", "title")
_JOINS: Final = "stroke-linejoin:round;stroke-linecap:butt"
"""What matplotlib asks for in a style sheet, which would hold for the whole page."""

_DECIMAL: Final = re.compile(r"-?\d+\.\d+")
_URL: Final = re.compile(r"url\(#([^)]+)\)")


class InlineFigure(NamedTuple):
    """A figure for a page: its finding, what that rests on, how to read it, and the drawing."""

    title: str
    subtitle: str
    note: str
    svg: str


def inline_figure(figure: Figure, prefix: str, spoken: str = "") -> InlineFigure:
    """Take a figure apart; ``prefix`` begins every id, so that no two figures share one.

    ``spoken`` is what is read aloud of a figure without a headline.

    The headline and the note are removed from the figure: on a page they are text, which wraps,
    is found and is read aloud.
    """
    (title, beneath, note), box_in = _take_words(figure)
    target = io.BytesIO()
    with style.styled():
        figure.savefig(target, format="svg", bbox_inches=box_in)
    root = ElementTree.fromstring(target.getvalue())
    spoken = spoken or ". ".join(words for words in (title, beneath) if words)
    _clean(root, prefix)
    box = root.attrib["viewBox"]
    root.attrib.clear()
    root.attrib.update(viewBox=box, role="img", style=_JOINS)
    root.attrib["aria-label"] = spoken
    return InlineFigure(title, beneath, note, ElementTree.tostring(root, encoding="unicode"))


def _take_words(figure: Figure) -> tuple[tuple[str, str, str], Bbox]:
    """Remove headline and note, which stand at the left margin, and give them in one line each.

    As :mod:`sim.report.page` writes them: the finding is bold, the rest grey, the note at the foot.
    With them comes what is left of the figure between the two, inches.
    """
    left = MARGIN / figure.bbox.width
    told: dict[str, list[str]] = {"title": [], "beneath": [], "note": []}
    foot, top = 0.0, float(figure.bbox.height)
    for text in list(figure.texts):
        if abs(text.get_position()[0] - left) > 1e-6:
            continue
        part = _part(text)
        if part is not None:
            box = text_extent(text)
            foot, top = (max(foot, box.y1), top) if part == "note" else (foot, min(top, box.y0))
            told[part].append(" ".join(text.get_text().split()))
            text.remove()
    title, beneath, note = (" ".join(lines) for lines in told.values())
    between = Bbox([[0.0, foot], [figure.bbox.width, top]])
    return (title, beneath, note), Bbox(between.get_points() / figure.dpi)


def _part(text: Text) -> str | None:
    if text.get_fontweight() == "bold":
        return "title"
    if text.get_color() != style.GREY:
        return None
    return "note" if text.get_verticalalignment() == "bottom" else "beneath"


def _clean(root: ElementTree.Element, prefix: str) -> None:
    """Drop what a page has no use for, rename what refers to each other, and shorten numbers."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _local_name(child.tag) in _DROPPED:
                parent.remove(child)
    used = _referenced_ids(root)
    for element in root.iter():
        element.tag = _local_name(element.tag)
        element.text = element.tail = None
        attributes = dict(element.attrib)
        element.attrib.clear()
        for name, value in attributes.items():
            _keep(element, name, value, prefix, used)


def _keep(
    element: ElementTree.Element, name: str, value: str, prefix: str, used: frozenset[str]
) -> None:
    if name == "id":
        if value in used:
            element.attrib["id"] = f"{prefix}-{value}"
    elif name == _XLINK:
        element.attrib["href"] = f"#{prefix}-{value[1:]}" if value.startswith("#") else value
    elif name == "d":
        element.attrib["d"] = _DECIMAL.sub(_shortened, " ".join(value.split()))
    else:
        element.attrib[name] = _URL.sub(rf"url(#{prefix}-\1)", value)


def _referenced_ids(root: ElementTree.Element) -> frozenset[str]:
    """The ids that something in the drawing refers to."""
    found = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == _XLINK and value.startswith("#"):
                found.add(value[1:])
            found.update(_URL.findall(value))
    return frozenset(found)


def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _shortened(number: re.Match[str]) -> str:
    """A hundredth of a point is finer than any screen or printer."""
    shown = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown
