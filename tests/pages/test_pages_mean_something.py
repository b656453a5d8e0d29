"""Every block on a page has a known kind, and what it names exists; nothing is run."""

import ast
import importlib
import re
import shlex
import tomllib

import click
import pytest
from pages.blocks import LANGUAGES, PAGES, PROGRAMS, REASONS, ROOT, Block, blocks_of, inline
from pages.command_lines import understood

BLOCKS = [block for page in PAGES for block in blocks_of(page)]
WRITTEN = {
    page: {
        name
        for block in blocks_of(page)
        for name in (*block.marks["file"], *(said.split()[-1] for said in block.marks["first"]))
    }
    for page in PAGES
}
"""Files that each page makes, or is given."""


def commands() -> list[tuple[Block, str]]:
    """Every line for a shell, shown or hidden."""
    seen = [(block, line) for block in BLOCKS for line in block.commands]
    unseen = [(block, line) for block in BLOCKS for line in block.marks["first"]]
    return [(block, part) for block, line in seen + unseen for part in line.split(" && ")]


def test_each_block_is_of_a_known_language() -> None:
    """A block without a fence is for a shell, and a fence says what is in it."""
    for block in BLOCKS:
        assert block.language in LANGUAGES, block.where
        for line in block.commands:
            assert line.startswith(tuple(f"{name} " for name in PROGRAMS)), (block.where, line)


def test_each_block_is_run_or_says_why_not() -> None:
    """Text is what was printed; all else is run, written to a file, or left out for a reason."""
    for block in BLOCKS:
        if block.language == "toml":
            assert block.marks["file"] or block.marks["not run"], block.where
        for reason in block.marks["not run"]:
            assert reason.partition(":")[0] in REASONS, (block.where, reason)
    given = {reason.partition(":")[0] for block in BLOCKS for reason in block.marks["not run"]}
    assert given == set(REASONS), "a reason that nobody gives is left over"


def test_each_word_that_is_swapped_is_there() -> None:
    """A mark that names words that the block no longer has would change nothing in silence."""
    for block in BLOCKS:
        for old, _ in block.swaps:
            assert old.strip(), block.where
            assert old in block.text, (block.where, old)


@pytest.mark.parametrize("page", PAGES)
def test_each_panj_line_is_one_that_panj_takes(page: str) -> None:
    """Its command, options, scenarios, keys, values and outcomes exist."""
    for block, line in commands():
        words = re.sub(r"^\S*/panj ", "panj ", line)
        if block.page == page and words.startswith("panj "):
            try:
                understood(words, WRITTEN[page])
            except (click.ClickException, AssertionError) as error:
                raise AssertionError(f"{block.where}: {line}: {error}") from error
    for words in inline(page):
        try:
            understood(words, WRITTEN[page], whole=False)
        except (click.ClickException, AssertionError) as error:
            raise AssertionError(f"{page}: `{words}`: {error}") from error


def test_each_module_that_is_run_takes_what_it_is_given() -> None:
    """``python -m NAME``: the module exists, and its command has these options."""
    for block, line in commands():
        match shlex.split(line):
            case ["python", "-m", name, *words]:
                module = importlib.import_module(name)
                command = getattr(module, "main", None)
                if isinstance(command, click.Command):
                    context = click.Context(command)
                    command.make_parser(context).parse_args(words)
            case ["python", path, *_] if path.endswith(".py"):
                assert (ROOT / path).exists(), (block.where, path)


def test_each_block_of_python_compiles_and_finds_what_it_imports() -> None:
    """Modules, and the names that are taken from them."""
    for block in BLOCKS:
        if block.language != "python":
            continue
        for node in ast.walk(ast.parse(block.text, block.where)):
            if isinstance(node, ast.Import):
                for name in node.names:
                    importlib.import_module(name.name)
            elif isinstance(node, ast.ImportFrom):
                module = importlib.import_module(str(node.module))
                for name in node.names:
                    if not hasattr(module, name.name):
                        importlib.import_module(f"{module.__name__}.{name.name}")


def test_each_table_can_be_read() -> None:
    """A block of TOML is TOML."""
    for block in BLOCKS:
        if block.language == "toml":
            tomllib.loads(block.text)


@pytest.mark.parametrize(
    "line",
    [
        "panj rnu baseline",
        "panj run basline",
        "panj run baseline --sede 3",
        "panj run baseline --set patrols.sortes=3",
        "panj run baseline --set patrols.sorties_per_day=-3",
        "panj compare results/policies --outcomes victim",
        "panj plot results/policies --kind costs",
        "panj batch baseline --until victim:0.2",
        "panj rare baseline --event deads>=20",
        "panj sensitivity baseline --over patrols.size=1:6 --outcomes gold",
    ],
)
def test_a_line_that_means_nothing_is_found(line: str) -> None:
    """A wrong command, option, scenario, key, value, kind or outcome."""
    from sim.errors import PanjError

    with pytest.raises((click.ClickException, AssertionError, PanjError)):
        understood(line)
