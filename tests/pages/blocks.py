"""The code on the pages of the project, block by block, and what the marks beside it say.

A mark is a comment in a line of its own before a block, which no reader of the page sees:

``<!-- run: OLD => NEW; OLD => NEW -->``
    run it with these words in the place of those, a small number for a long one;
``<!-- not run: REASON -->``
    leave it out, for one of :data:`REASONS`;
``<!-- file: NAME -->``
    it is a file of that name, or goes on with one;
``<!-- output -->``
    it is what the command before it prints, and dots stand for what is left out;
``<!-- first: COMMAND -->``
    give this command too, before the block: what a page takes for granted.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "scenarios/README.md",
    "seeds/SOURCES.md",
    *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md"))),
)
REASONS = {
    "hours": "it takes more than an hour, and has no small form",
    "network": "it fetches libraries; .ci/run does it",
    "elsewhere": "it needs another machine",
    "figures": "it measures for minutes what the page shows; its own test runs it small",
}
"""Why a block may be left out, by the first word of its reason."""
LANGUAGES = {"sh", "python", "toml", "sql", "text"}
PROGRAMS = ("panj", "python", "python3", "pip", "dask", "jupyter", "cp", "ssh", ".")
"""What a line of an indented block begins with."""

_MARK = re.compile(r"<!-- (run|not run|file|first|output)(?:: (.*?))? -->", re.S)


class Block(NamedTuple):
    """A block of code: its place, its kind, and its marks."""

    page: str
    line: int
    section: str
    language: str
    text: str
    marks: dict[str, list[str]]

    @property
    def where(self) -> str:
        """For a message."""
        return f"{self.page}:{self.line}"

    @property
    def swaps(self) -> list[tuple[str, str]]:
        """The words that are put in the place of others to run it."""
        pairs = [swap.partition(" => ") for said in self.marks["run"] for swap in said.split("; ")]
        return [(old.strip(), new.strip()) for old, _, new in pairs]

    @property
    def to_run(self) -> str:
        """The text with those words."""
        text = self.text
        for old, new in self.swaps:
            text = text.replace(old, new)
        return text

    @property
    def commands(self) -> list[str]:
        """The lines that a shell is given; what is said beside them is left out."""
        return lines_of(self.to_run) if self.language == "sh" else []


def lines_of(text: str) -> list[str]:
    """The commands of a block, each without the words after two blanks or more."""
    return [re.split(r" {2,}", line.strip())[0] for line in text.splitlines() if line.strip()]


@cache
def blocks_of(page: str) -> tuple[Block, ...]:
    """Every block of a page, in order."""
    return tuple(_found((ROOT / page).read_text("utf-8"), page))


def _found(text: str, page: str) -> Iterator[Block]:
    section, marks = "", _none()
    tokens = MarkdownIt("commonmark").parse(text)
    for number, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag in ("h1", "h2"):
            section = tokens[number + 1].content
        if token.type == "html_block":
            for name, said in _MARK.findall(token.content):
                marks[name].append(" ".join(said.split()))
        elif token.type in ("fence", "code_block"):
            language = token.info.strip() or ("sh" if token.type == "code_block" else "")
            assert token.map is not None
            yield Block(page, token.map[0] + 1, section, language, token.content, marks)
            marks = _none()
        else:
            assert not any(marks.values()), f"{page}: no block after the mark {marks}"


def _none() -> dict[str, list[str]]:
    return {name: [] for name in ("run", "not run", "file", "first", "output")}


def inline(page: str) -> list[str]:
    """Every ``panj ...`` in a sentence or a table of a page."""
    outside = re.sub(
        r"^```.*?^```|^    .*?$", "", (ROOT / page).read_text("utf-8"), flags=re.S | re.M
    )
    found = re.findall(r"`(panj [^`]+)`", outside)
    return [" ".join(words.replace("\\|", "|").split()) for words in found]
