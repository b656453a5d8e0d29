"""Load a scenario from a file: parents, overrides, validation, provenance.

The defaults of the specification come first; the file that extends nothing is merged over them,
then each child over its parent, then the overrides, by :func:`sim.scenario.merge.merged`.
"""

import os.path
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from sim.errors import GroundError, ScenarioError
from sim.frontier.ground import Ground
from sim.rules import user_rules
from sim.scenario.catalogue import display, find, shipped
from sim.scenario.merge import defaults, leaves, merged
from sim.scenario.overrides import Overrides, nested
from sim.scenario.parameters import LABELS
from sim.scenario.provenance import OVERRIDE, Source, Sources, default_sources
from sim.scenario.read import Table, read
from sim.scenario.spec import Scenario
from sim.scenario.validate import validated
from sim.scenario.values import with_overrides, with_stated
from sim.toml_lines import line_of


class Loaded(NamedTuple):
    """A scenario with the source of each of its values, by dotted key.

    ``files`` are the file itself and then its parents, nearest first.
    """

    scenario: Scenario
    sources: Sources
    files: tuple[Path, ...]


def load(
    path: str | Path,
    overrides: Overrides | None = (),
    ground: Ground | str | Path | None = None,
    *,
    allow_code: bool = False,
) -> Scenario:
    """Load a scenario from the path of a file or the name of a shipped one.

    ``overrides`` are ``{"patrols.sorties_per_day": 3}`` or ``["patrols.sorties_per_day=3"]``.
    ``ground`` is a shipped one by name, or a folder, in place of the scenario's own.
    ``allow_code`` lets it import your own rules that the scenario names, from beside the file, the
    working folder, or where Python finds modules. Raises :class:`~sim.errors.ScenarioError` or
    :class:`~sim.errors.GroundError` with every problem.
    """
    loaded = load_with_sources(path, overrides, ground)
    if allow_code or user_rules.code_allowed():
        folders = [*(file.parent for file in loaded.files), Path()]
        for key, name in user_rules.rule_names(loaded.scenario).items():
            if user_rules.is_dotted(name):
                user_rules.import_rule(key, name, folders)
    return loaded.scenario


def to_scenario(base: Scenario | str | Path, overrides: Overrides | None = ()) -> Scenario:
    """A scenario from one, from the name of a shipped one or from a path, with ``overrides``.

    Raises what :func:`load` raises, also for an object of another type.
    """
    if isinstance(base, str | Path):
        return load(base, overrides)
    if not isinstance(base, Scenario):
        raise ScenarioError(
            f"is not a scenario but {type(base).__name__}",
            value=base,
            remedy="Give a scenario, a name or the path of a file. For mesa.batch_run, which "
            "tries each of several values, put a scenario into a list.",
        )
    above = nested(overrides)
    return with_stated(with_overrides(base, above), above) if above else base


def load_with_sources(
    path: str | Path,
    overrides: Overrides | None = (),
    ground: Ground | str | Path | None = None,
) -> Loaded:
    """Load a scenario as :func:`load` does, with the source of each value."""
    tables = _chain(find(path))
    above = nested(overrides)
    given = above.get("ground", ground) if ground is None else ground
    used = _ground(tables) if given is None else Ground.of(given)
    values: dict[str, object] = dict(defaults(used))
    sources: dict[str, Source] = dict(default_sources(used))
    for table in reversed(tables):
        own = table.values if table is tables[0] else _without_labels(table.values)
        values = merged(values, own)
        for key, _ in leaves(own):
            sources[key] = Source("file", table.path, line_of(table.lines, key))
    if "name" not in tables[0].values:
        values["name"] = tables[0].path.stem
        sources["name"] = Source("file", tables[0].path)
    values = {**merged(values, above), "ground": used}
    sources |= {key: OVERRIDE for key, _ in leaves(above)}
    if ground is not None:
        sources["ground"] = OVERRIDE
    scenario = with_stated(validated(values, sources), above)
    files = tuple(table.path for table in tables)
    return Loaded(scenario, MappingProxyType(sources), files)


def _ground(tables: Sequence[Table]) -> Ground:
    """The ground that the nearest file names, relative to its folder; else the shipped one."""
    table = next((table for table in tables if "ground" in table.values), None)
    if table is None:
        return Ground.default()
    named, line = table.values["ground"], table.lines.get("ground")
    if not isinstance(named, str):
        reason, remedy = "must be a name or the path of a folder", 'Write it as ground = "folder".'
    else:
        try:
            return Ground.named(named, beside=table.path.parent)
        except GroundError as error:
            if error.path is not None:
                raise
            reason, remedy = error.problems[0].reason, error.remedy
    raise ScenarioError(
        reason, path=display(table.path), line=line, key="ground", value=named, remedy=remedy
    )


def _without_labels(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if key not in LABELS}


def _chain(path: Path) -> list[Table]:
    """Read a file and its parents, nearest first, each without its ``extends``."""
    tables: list[Table] = []
    seen: list[Path] = []
    following: Path | None = path
    while following is not None:
        table = read(following)
        seen.append(_real(following))
        extends = table.values.pop("extends", None)
        tables.append(table)
        following = None if extends is None else _parent(table, extends, seen)
    return tables


def _parent(table: Table, extends: object, seen: list[Path]) -> Path:
    """Return the path of a parent; refuse one that is not text, outside, missing or circular."""

    def refused(reason: str, remedy: str) -> ScenarioError:
        line = table.lines.get("extends")
        return ScenarioError(
            reason, path=display(table.path), line=line, key="extends", value=extends, remedy=remedy
        )

    if not isinstance(extends, str) or not extends.strip() or "\0" in extends:
        raise refused(
            "must be the name of one file", 'Write it in quotes: extends = "baseline.toml".'
        )
    folder = table.path.parent
    # A command accepts the name of a scenario, so a file may too.
    plain = Path(extends).suffix or os.path.exists(folder / extends)
    named = extends if plain else f"{extends}.toml"
    beside = folder / named
    bare = Path(named).name == named
    parent = shipped() / named if bare and not os.path.exists(beside) else beside
    target = _real(parent)
    if not any(target.is_relative_to(_real(root)) for root in (folder, shipped())):
        raise refused(
            "is outside the folder of the file",
            "Extend a file in the same folder or below it, or a shipped scenario.",
        )
    if target in seen:
        circle = [*seen[seen.index(target) :], target]
        raise refused(
            f"is circular: {' -> '.join(file.name for file in circle)}",
            "Make the last of them extend another file or none.",
        )
    if not os.path.isfile(parent):
        raise refused(
            "there is no such file beside it or among the shipped scenarios",
            "`panj scenario list` names the shipped scenarios.",
        )
    tidy = Path(os.path.normpath(parent))
    return tidy if _real(tidy) == target else target


def _real(path: Path) -> Path:
    """Follow links; unlike ``Path.resolve`` this accepts circular links."""
    return Path(os.path.realpath(path))
