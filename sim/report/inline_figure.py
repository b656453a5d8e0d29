"""A figure as part of a page: its headline and note as text, the rest as inline SVG.

The same figure gives the same text. The SVG refers to nothing outside it.
"""

import io
import re
from typing import Final, NamedTuple
from xml.etree import ElementTree

from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from sim.report import style
from sim.report.labels import text_extent
from sim.report.layout import PARTS

_XLINK: Final = "{http://www.w3.org/1999/xlink}href"
_DROPPED: Final = ("metadata", "style", "title")
_JOINS: Final = "stroke-linejoin:round;stroke-linecap:butt"
"""What matplotlib writes into a style sheet, which would apply to the whole page."""

_DECIMAL: Final = re.compile(r"-?\d+\.\d+")
_URL: Final = re.compile(r"url\(#([^)]+)\)")


class InlineFigure(NamedTuple):
    """A figure for a page: its finding, what that rests on, how to read it, and the drawing."""

    title: str
    subtitle: str
    note: str
    svg: str


def inline_figure(figure: Figure, prefix: str, label: str = "") -> InlineFigure:
    """Take a figure apart for a page, where its headline and note are text that wraps.

    ``prefix`` begins every id, so that no two figures share one. ``label`` is what a screen reader
    says of the drawing; without one it is the headline. The words are removed from the figure.
    """
    words, drawing = _take_words(figure)
    target = io.BytesIO()
    with style.styled():
        figure.savefig(target, format="svg", bbox_inches=drawing)
    root = ElementTree.fromstring(target.getvalue())
    _clean(root, prefix)
    box = root.attrib["viewBox"]
    root.attrib.clear()
    root.attrib.update(viewBox=box, role="img", style=_JOINS)
    headline = (words["title"], words["subtitle"])
    root.attrib["aria-label"] = label or ". ".join(filter(None, headline))
    return InlineFigure(**words, svg=ElementTree.tostring(root, encoding="unicode"))


def _take_words(figure: Figure) -> tuple[dict[str, str], Bbox]:
    """Remove the headline and the note; return them, each in one line, and the box of the rest.

    The box is in inches, between headline and note.
    """
    words = dict.fromkeys(PARTS, "")
    foot, top = 0.0, float(figure.bbox.height)
    for text in [text for text in figure.texts if text.get_gid() in PARTS]:
        part, box = str(text.get_gid()), text_extent(text)
        foot, top = (max(foot, box.y1), top) if part == "note" else (foot, min(top, box.y0))
        words[part] = " ".join(text.get_text().split())
        text.remove()
    between = Bbox([[0.0, foot], [figure.bbox.width, top]])
    return words, Bbox(between.get_points() / figure.dpi)


def _clean(root: ElementTree.Element, prefix: str) -> None:
    """Drop what a page does not need, put the prefix before ids, and shorten numbers."""
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
    """The ids that the drawing refers to."""
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
