"""Whether a line that begins with ``panj`` means something, found out without running it."""

import re
import shlex
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import click

import sim
from sim.cli import completion
from sim.cli.main import panj
from sim.comparison.districts import MEASURES
from sim.measures.registry import known
from sim.runs.structure import variants
from sim.scenario.catalogue import names
from sim.scenario.overrides import parse_override
from sim.scenario.parameters import parameters

ROOT = Path(__file__).resolve().parents[2]


def understood(line: str, files: Collection[str] = (), *, whole: bool = True) -> None:
    """Take a line apart as the command line does, and look up what it names.

    ``files`` are scenarios that the page has written. A line that is not ``whole`` names a command
    or an option in a sentence, so arguments may be missing. Raises :class:`click.UsageError` for
    an option or a choice that does not exist, :class:`AssertionError` or a refusal of Panj's own
    for a scenario, a key, a value or an outcome that does not.
    """
    command, words = _command(shlex.split(line)[1:])
    try:
        with command.make_context("panj", list(words)):
            pass
    except click.exceptions.Exit:
        return
    except click.MissingParameter:
        assert not whole, line
    except click.BadOptionUsage as error:
        if whole or "requires an argument" not in error.message:
            raise
        return
    except click.BadParameter:
        if not any(map(placeholder, words)):
            raise
    for parameter, given in _given(command, list(words)):
        for text in given:
            _looked_up(parameter, text, files)


def placeholder(word: str) -> bool:
    """Whether a word is a placeholder: STORE, KEY=VALUE, NAME."""
    return bool(re.fullmatch(r"[A-Z]+(?:[.=:,][A-Za-z]+)*", word))


def _command(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that a line names, and the words after it."""
    command: click.Command = panj
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        _, found, words = command.resolve_command(click.Context(command), words)
        assert found is not None, words
        command = found
    return command, words


def _given(command: click.Command, words: list[str]) -> Iterator[tuple[click.Parameter, list[str]]]:
    """Each parameter and what was written for it, as it was written."""
    context = click.Context(command)
    if "--help" in words or isinstance(command, click.Group):
        return
    found, _, _ = command.make_parser(context).parse_args(words)
    for parameter in command.params:
        value = found.get(parameter.name)
        several = value if isinstance(value, list | tuple) else [value]
        yield parameter, [text for text in several if isinstance(text, str)]


def _scenario(name: str, files: Collection[str]) -> None:
    there = name in names() or name in files or any(ROOT.glob(name))
    assert there or name.startswith("results/"), f"there is no scenario {name}"


def _setting(text: str, _: Collection[str]) -> None:
    key, value = parse_override(text)
    sim.load("baseline", {key: value})


def _outcomes(text: str, _: Collection[str]) -> None:
    unknown = {*re.split(r"[:>]", text)[0].split(",")} - {*known(), *MEASURES}
    assert not unknown, f"there is no outcome {unknown}"


def _scenarios(text: str, files: Collection[str]) -> None:
    for name in text.split(","):
        _scenario(name, files)


def _moved(text: str, _: Collection[str]) -> None:
    assert text == "free" or text.partition("=")[0] in parameters(), text


def _forked(text: str, files: Collection[str]) -> None:
    _scenario(text.partition(":")[2], files)


def _varied(text: str, _: Collection[str]) -> None:
    variants(text)


type Look = Callable[[str, Collection[str]], None]
BY_COMPLETER: dict[object, Look] = {
    completion.scenarios: _scenario,
    completion.scenario_list: _scenarios,
    completion.settings: _setting,
    completion.outcomes: _outcomes,
    completion.outcome_values: _outcomes,
}
"""What TAB offers for a parameter shows what to look up."""
BY_OPTION: dict[str, Look] = {
    "--over": _moved, "--fork": _forked, "--structure": _varied, "--event": _outcomes,
}  # fmt: skip


def _looked_up(parameter: click.Parameter, text: str, files: Collection[str]) -> None:
    if placeholder(text) or not text or isinstance(parameter.type, click.Choice):
        return
    look = BY_COMPLETER.get(getattr(parameter, "_custom_shell_complete", None))
    for option in parameter.opts:
        look = BY_OPTION.get(option, look)
    if look is not None:
        look(text, files)
