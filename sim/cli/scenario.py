"""``panj scenario``: list, show, check and compare scenario files without running them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from sim.cli import completion, options
from sim.cli.tables import print_json, print_table
from sim.cli.terminal import WIDTH
from sim.errors import Problem, ScenarioError, format_value
from sim.registry import did_you_mean

if TYPE_CHECKING:
    from sim.scenario.load import Loaded
    from sim.scenario.parameters import Parameter


@click.group(
    epilog="""\b
Examples:
  panj scenario list
  panj scenario show triggered --section alert --sources
  panj scenario check my_scenario.toml
  panj scenario diff baseline my_scenario.toml

A SCENARIO is the name of a shipped scenario or the path of a TOML file."""
)
def scenario() -> None:
    """List, show, check and compare scenarios."""


@scenario.command("list")
@options.as_json
def list_(as_json: bool) -> None:
    """List the shipped scenarios.

    The last column counts the values that differ from the scenario that it extends.
    """
    from sim.scenario.catalogue import names

    rows = [_summary(name) for name in names()]
    if as_json:
        print_json(rows)
        return
    head = ("name", "title", "extends", "differences")
    cells = [["–" if row[name] is None else str(row[name]) for name in head] for row in rows]
    print_table(head, cells)


def _summary(name: str) -> dict[str, object]:
    from sim.scenario.catalogue import find
    from sim.scenario.load import load, load_with_sources
    from sim.scenario.spec import Scenario
    from sim.scenario.values import diff

    loaded = load_with_sources(find(name))
    parents = loaded.files[1:]
    parent = load(parents[0]) if parents else Scenario()
    return {
        "name": name,
        "title": loaded.scenario.title,
        "extends": parents[0].stem if parents else None,
        "differences": len(diff(parent, loaded.scenario)),
    }


@scenario.command(
    epilog="""\b
Examples:
  panj scenario show baseline
  panj scenario show triggered --section alert --sources
  panj scenario show baseline --set patrols.size=6 --json"""
)
@click.argument("name", metavar="SCENARIO", shell_complete=completion.scenarios)
@options.settings
@options.flag("--sources", "Show where each value comes from.")
@options.value("--section", "NAME", "Show one section, such as patrols.")
@options.as_json
def show(
    name: str, settings: tuple[str, ...], sources: bool, section: str | None, as_json: bool
) -> None:
    """Show every value of SCENARIO, with its unit and the allowed values."""
    from sim.scenario.load import load_with_sources

    _check_section(section)
    loaded = load_with_sources(name, settings)
    if as_json:
        print_json(_as_data(loaded, section))
        return
    if section is None:
        _print_heading(loaded.scenario.name, loaded.scenario.title, loaded.scenario.description)
    head = ("key", "value", *(("unit", "source") if sources else ("allowed",)))
    print_table(head, list(_value_rows(loaded, section, sources)))


def _check_section(section: str | None) -> None:
    from sim.scenario.parameters import sections

    if section is None or section in sections():
        return
    hint = did_you_mean(section, sections(), 1) or f"Sections: {', '.join(sections())}."
    raise click.BadParameter(f"there is no section {section!r}. {hint}", param_hint="--section")


def _print_heading(name: str, title: str, description: str) -> None:
    click.echo(click.style(f"{name}: {title}" if title else name, bold=True))
    for line in textwrap.wrap(" ".join(description.split()), WIDTH):
        click.echo(line)
    click.echo()


@scenario.command(
    epilog="""\b
Examples:
  panj scenario check my_scenario.toml
  panj scenario check scenarios/*.toml"""
)
@options.scenario_arguments("names")
def check(names: tuple[str, ...]) -> None:
    """Check each SCENARIO and list all problems; the exit status is 2 if there are any."""
    from sim.scenario.load import load

    problems: list[Problem] = []
    for name in names:
        try:
            loaded = load(name)
        except ScenarioError as error:
            # two files may share a parent: list its problems once
            problems += [problem for problem in error.problems if problem not in problems]
        else:
            click.echo(f"ok  {name}  {loaded.title}".rstrip())
    if problems:
        raise ScenarioError.of(problems)


@scenario.command(
    epilog="""\b
Examples:
  panj scenario diff baseline triggered
  panj scenario diff baseline my_scenario.toml --json"""
)
@click.argument("a", metavar="A", shell_complete=completion.scenarios)
@click.argument("b", metavar="B", shell_complete=completion.scenarios)
@options.as_json
def diff(a: str, b: str, as_json: bool) -> None:
    """Show the values in which scenarios A and B differ."""
    from sim.scenario.load import load
    from sim.scenario.values import diff as differences

    changes = differences(load(a), load(b))
    if as_json:
        print_json([change._asdict() for change in changes])
    elif not changes:
        click.echo("no difference")
    else:
        rows = [[d.key, _value_text(d.a), _value_text(d.b), d.unit] for d in changes]
        print_table(("key", a, b, "unit"), rows)


def _value_text(value: object) -> str:
    """Write a value as a scenario file would; a missing value is a dash."""
    from sim.scenario.parameters import number

    if value is None:
        return "–"
    if isinstance(value, list):
        return f"[{', '.join(map(_value_text, value))}]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return format_value(value)


def _values(loaded: Loaded, section: str | None) -> Iterator[tuple[str, Parameter, object]]:
    """Yield key, parameter and value; the value of an empty district table is ``None``."""
    from sim.scenario.parameters import parameters
    from sim.scenario.values import flatten

    values, slugs = flatten(loaded.scenario), loaded.scenario.ground.slugs
    for key, parameter in parameters().items():
        if section is not None and not key.startswith(f"{section}."):
            continue
        names = [key] if parameter.kind != "district table" else [f"{key}.{d}" for d in slugs]
        for name in [name for name in names if name in values] or [key]:
            yield name, parameter, values.get(name)


def _value_rows(loaded: Loaded, section: str | None, sources: bool) -> Iterable[list[str]]:
    """Yield key, value and allowed values, or with ``sources`` key, value, unit and source."""
    if section is None:
        place = str(loaded.sources["ground"])
        name = str(loaded.scenario.ground)
        yield ["ground", name, *(("-", place) if sources else ("a shipped ground or a folder",))]
    for key, parameter, value in _values(loaded, section):
        row = [key, "none" if value is None else _value_text(value)]
        yield (
            [*row, parameter.unit, _source(loaded, key, parameter)]
            if sources
            else [*row, parameter.allowed]
        )


def _source(loaded: Loaded, key: str, parameter: Parameter) -> str:
    source = loaded.sources.get(key)
    return f"default: {parameter.source}" if source is None else str(source)


def _as_data(loaded: Loaded, section: str | None) -> dict[str, object]:
    """Return a loaded scenario as plain data: labels, digest, files and every value."""
    from sim.scenario.catalogue import display
    from sim.scenario.values import digest

    scenario = loaded.scenario
    values = {}
    for key, parameter, value in _values(loaded, section):
        values[key] = {
            "value": {} if value is None else value,
            "unit": parameter.unit,
            "low": parameter.low,
            "high": parameter.high,
            "choices": list(parameter.choices) if parameter.kind == "choice" else None,
            "source": _source(loaded, key, parameter),
        }
    return {
        "name": scenario.name,
        "title": scenario.title,
        "description": scenario.description.strip(),
        "digest": digest(scenario),
        "ground": {"name": scenario.ground.name, "digest": scenario.ground.digest},
        "files": [display(file) for file in loaded.files],
        "values": values,
    }
