"""``panj scenario``: look at scenario files without running them."""

from __future__ import annotations

import textwrap

import click

from sim.cli import complete, options
from sim.cli.scenario_tables import (
    described,
    print_json,
    print_sections,
    print_table,
    value_rows,
    value_text,
)
from sim.cli.terminal import WIDTH
from sim.errors import Problem, ScenarioError
from sim.registry import near


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
    """Name the shipped scenarios.

    The last column counts the values that differ from the scenario it extends.
    """
    from sim.scenario.catalogue import names

    rows = [_summary(name) for name in names()]
    if as_json:
        print_json(rows)
        return
    head = ("name", "title", "extends", "differences")
    print_table(head, [[_cell(row[column]) for column in head] for row in rows])


def _cell(value: object) -> str:
    return "–" if value is None else str(value)


def _summary(name: str) -> dict[str, object]:
    from sim.scenario.catalogue import find
    from sim.scenario.load import load, load_with_sources
    from sim.scenario.spec import Scenario
    from sim.scenario.vary import diff

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
@click.argument("name", metavar="SCENARIO", shell_complete=complete.scenarios)
@options.settings
@options.flag("--sources", "Say where each value comes from.")
@options.value("--section", "NAME", "Show one section, such as patrols.")
@options.as_json
def show(
    name: str, settings: tuple[str, ...], sources: bool, section: str | None, as_json: bool
) -> None:
    """Show every value of a SCENARIO with what is allowed and its unit."""
    from sim.scenario.load import load_with_sources

    _check_section(section)
    loaded = load_with_sources(name, settings)
    if as_json:
        print_json(described(loaded, section))
        return
    if section is None:
        _print_heading(loaded.scenario.name, loaded.scenario.title, loaded.scenario.description)
    head = ("key", "value", *(("unit", "source") if sources else ("allowed",)))
    print_sections(head, value_rows(loaded, section, sources))


def _check_section(section: str | None) -> None:
    from sim.scenario.parameters import sections

    if section is None or section in sections():
        return
    told = near(section, sections(), 1) or f"Sections: {', '.join(sections())}."
    raise click.BadParameter(f"no section {section!r}. {told}", param_hint="--section")


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
@options.some_scenarios("names")
def check(names: tuple[str, ...]) -> None:
    """Check each SCENARIO and tell every problem; the exit status is 2 if there is any."""
    from sim.scenario.load import load

    problems: list[Problem] = []
    for name in names:
        try:
            found = load(name)
        except ScenarioError as error:
            # Two files may share a parent: its problems are told once.
            problems += [problem for problem in error.problems if problem not in problems]
        else:
            click.echo(f"ok  {name}  {found.title}".rstrip())
    if problems:
        raise ScenarioError.of(problems)


@scenario.command(
    epilog="""\b
Examples:
  panj scenario diff baseline triggered
  panj scenario diff baseline my_scenario.toml --json"""
)
@click.argument("a", metavar="A", shell_complete=complete.scenarios)
@click.argument("b", metavar="B", shell_complete=complete.scenarios)
@options.as_json
def diff(a: str, b: str, as_json: bool) -> None:
    """Show the values in which scenarios A and B differ."""
    from sim.scenario.load import load
    from sim.scenario.vary import diff as differences

    found = differences(load(a), load(b))
    if as_json:
        print_json([difference._asdict() for difference in found])
    elif not found:
        click.echo("no difference")
    else:
        rows = [[d.key, value_text(d.a), value_text(d.b), d.unit] for d in found]
        print_table(("key", a, b, "unit"), rows)
