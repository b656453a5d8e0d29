"""A page as the tests read it, with a strict parser."""

from collections import Counter
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "br", "img", "hr", "input", "area", "base", "col", "source"})
INSIDE = {
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"th", "td"},
    "ul": {"li"},
    "dl": {"div", "dt", "dd"},
    "p": {"a", "strong", "code", "em", "small", "span", "b"},
    "h1": {"code"},
    "h2": {"code"},
    "figure": {"figcaption", "div", "p"},
}
"""What may stand directly inside an element; of others nothing is asked."""


class Page(HTMLParser):
    """Elements with their attributes and text; ``faults`` lists what no page may have."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.faults: list[str] = []
        self.pieces: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(html)
        self.close()
        self.faults += [f"{tag} is never closed" for tag in self.open]
        self._check_ids()

    @property
    def text(self) -> str:
        """All the words of the body, with one space between them."""
        return " ".join(" ".join(self.pieces).split())

    def tags(self, name: str) -> list[dict[str, str]]:
        """The attributes of every element of a kind."""
        return [attributes for tag, attributes in self.elements if tag == name]

    def ids(self) -> list[str]:
        """Every id in order."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self._note(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of a drawing, which ends where it begins."""
        if "svg" not in self.open:
            self.faults.append(f"<{tag}/> outside a drawing")
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> at line {self.getpos()[0]} ends {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Words."""
        data = data.replace("\N{NO-BREAK SPACE}", " ")
        if "body" in self.open:
            self.pieces.append(data)
            if {"td", "th"} & set(self.open[-3:]) and self.rows and self.rows[-1]:
                self.rows[-1][-1] += data

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        twice = [name for name, count in Counter(name for name, _ in attrs).items() if count > 1]
        if twice:
            self.faults.append(f"{tag} has {twice} twice")
        parent = self.open[-1] if self.open else ""
        if parent in INSIDE and tag not in INSIDE[parent]:
            self.faults.append(f"<{tag}> in <{parent}> at line {self.getpos()[0]}")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def _check_ids(self) -> None:
        ids = Counter(self.ids())
        self.faults += [f"id {name} is there {n} times" for name, n in ids.items() if n > 1]
        for tag, attributes in self.elements:
            wanted = [*attributes.get("aria-labelledby", "").split()]
            if attributes.get("href", "").startswith("#"):
                wanted.append(attributes["href"][1:])
            self.faults += [f"{tag} names {name}, which is not there" for name in wanted
                            if name not in ids]  # fmt: skip
