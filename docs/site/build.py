"""Build the documentation as a site that opens from disk: ``python docs/site/build.py DIR``.

The pages are those of ``docs``, some from elsewhere in the project, the help of every command, and
the public names of the package. Sphinx writes them; a warning is an error.
"""

import posixpath
import re
import sys
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import click
from sphinx.cmd.build import build_main

import sim
from sim.cli.main import panj

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

ELSEWHERE = {
    "readme.md": "README.md",
    "scenarios.md": "scenarios/README.md",
    "sources.md": "seeds/SOURCES.md",
    "contributing.md": "CONTRIBUTING.md",
    "changes.md": "CHANGELOG.md",
}
"""Pages of the site whose files are elsewhere in the project, by their name on the site."""

PARTS = {
    "First steps": ["readme", "tutorial"],
    "How to": [
        "scenarios", "batches", "rare", "explore", "forks", "lab", "viewer", "report", "notebooks",
        "extending", "completion",
    ],
    "Reference": [
        "commands", "python", "parameters", "outcomes", "kinds", "pictures", "gallery",
        "sources", "references", "glossary",
    ],
    "Explanation": [
        "odd", "calibration", "comparison", "verdict", "alert", "allocation", "verification",
        "reproducibility", "benchmarks", "scaling", "design", "contributing", "style", "changes",
    ],
    "Limits": ["limits"],
}  # fmt: skip
"""The pages by purpose, in the order of the site."""

WIDE = 92
_HOMES = {home: page for page, home in ELSEWHERE.items()}
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s#]*)(#[^)\s]*)?\)")


@click.command()
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
def main(target: Path) -> None:
    """Write the site into the folder TARGET."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        gather(source)
        options = ["-q", "-W", "--keep-going", "-b", "html", "-c", str(HERE)]
        sys.exit(build_main([*options, "-d", f"{folder}/read", str(source), str(target)]))


def gather(source: Path) -> None:
    """Write every page of the site, with its links adapted, into the folder ``source``."""
    source.mkdir()
    copytree(ROOT / "docs" / "img", source / "img")
    homes = {f"docs/{path.name}": path.name for path in (ROOT / "docs").glob("*.md")}
    homes = {home: page for home, page in homes.items() if page != "README.md"} | _HOMES
    for home, page in homes.items():
        text = (ROOT / home).read_text("utf-8")
        (source / page).write_text(linked(text, home, homes), "utf-8")
    for page, text in {"commands": commands(), "python": python(), "index": index()}.items():
        (source / f"{page}.md").write_text(text, "utf-8")


def linked(text: str, home: str, homes: dict[str, str]) -> str:
    """Turn links between files of the project into links between pages of the site.

    A file that is not on the site (a table, a notebook) is named without a link.
    """

    def moved(link: re.Match[str]) -> str:
        picture, words, target, place = link.groups(default="")
        if not target or "://" in target:
            return link[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(home), target))
        there = path.removeprefix("docs/") if path.startswith("docs/img/") else homes.get(path)
        if path == "docs/README.md":
            there = "index.md"
        return f"{picture}[{words}]({there}{place})" if there else f"{words} (`{path}`)"

    return _LINK.sub(moved, text)


def index() -> str:
    """The first page: the head of the README, and all pages by purpose."""
    first, _, _ = (ROOT / "README.md").read_text("utf-8").partition("\n## ")
    lines = [re.sub(r"\]\(docs/", "](", first).strip(), ""]
    for part, pages in PARTS.items():
        lines += ["```{toctree}", f":caption: {part}", ":maxdepth: 1", "", *pages, "```", ""]
    return "\n".join(lines)


def commands() -> str:
    """The help of every command, as the command line prints it."""

    def help_of(command: click.Command, context: click.Context, depth: int) -> list[str]:
        lines = [f"{'#' * depth} {context.command_path}", "", "```text"]
        lines += [command.get_help(context), "```", ""]
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                inner = command.get_command(context, name)
                if inner is not None:
                    below = click.Context(inner, info_name=name, parent=context)
                    lines += help_of(inner, below, min(depth + 1, 4))
        return lines

    context = click.Context(panj, info_name="panj", terminal_width=WIDE, max_content_width=WIDE)
    return "\n".join(["# Commands", "", *help_of(panj, context, 2)])


def python() -> str:
    """The public names of the package, each with its docstring."""
    lines = [
        "# Python",
        "",
        "The names of `import sim`; each is loaded when it is first used.",
        "",
    ]
    for name in sorted(sim.__all__, key=str.lower):
        thing = getattr(sim, name)
        kind = "autoclass" if isinstance(thing, type) else "autofunction"
        members = [":members:"] if kind == "autoclass" else []
        home = f"{thing.__module__}.{thing.__qualname__}"
        lines += [f"## {name}", "", "```{eval-rst}", f".. {kind}:: {home}"]
        lines += [f"   {member}" for member in members] + ["```", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
