"""Structural variants of the model: mechanisms switched off, years of a known kind.

A calibration says which values of its parameters fit; it does not say that the mechanisms are
right. So a policy is also run in variants of the model, and what it does there is set beside
what it does in the model as calibrated. The shipped variants stand in ``seeds/structure.toml``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from sim.errors import PanjError, Problem, ScenarioError

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.scenario.read import Table
    from sim.scenario.spec import Scenario

SHIPPED: Final = "structure.toml"
ALL: Final = "all"
CALIBRATED: Final = "calibrated"
"""The model as it is: no variant may have this name."""
AT: Final = "@"
"""Between scenario and variant in the name under which a store has both; no file may use it."""

_WORDS: Final = ("title", "on", "where")
_LONGEST: Final = 60
_SLUG: Final = re.compile(r"[a-z][a-z0-9_]{0,29}")


@dataclass(frozen=True)
class Variant:
    """A variant of the model: dotted keys and the values that hold whatever a draw says.

    ``title`` stands in tables; ``on`` names what a verdict depends on if it is another here, and
    ``where`` says where that is.
    """

    name: str
    sets: Mapping[str, Any]
    title: str
    on: str
    where: str

    def of(self, scenario: Scenario) -> Scenario:
        """A scenario in this variant, under the name of both.

        Raises :class:`~sim.errors.ScenarioError` for what cannot be set in it.
        """
        from sim.scenario.values import with_overrides

        try:
            changed = with_overrides(scenario, self.sets)
        except PanjError as error:
            told = f"in the variant {self.name} of {scenario.name}: "
            raise ScenarioError.of(
                Problem(told + p.reason, None, None, p.key, p.value, p.remedy)
                for p in error.problems
            ) from error
        return changed.model_copy(update={"name": f"{scenario.name}{AT}{self.name}"})

    def digest(self, origin: str) -> str:
        """Stand for a scenario with the digest ``origin`` in this variant."""
        text = json.dumps([origin, self.sets], sort_keys=True, allow_nan=False)
        return blake2b(text.encode("ascii"), digest_size=16).hexdigest()

    def changes(self, scenario: Scenario, posterior: Posterior | None) -> bool:
        """Whether it differs from the model as calibrated, in values or in what is drawn."""
        from sim.scenario.values import flatten

        values = flatten(scenario)
        drawn = {key for p in (posterior.parameters if posterior else ()) for key in p.keys}
        return any(values.get(key) != said or key in drawn for key, said in self.sets.items())


@dataclass(frozen=True)
class Origin:
    """What a scenario of a store is a variant of: the name of its origin there, and how."""

    scenario: str
    variant: Variant


def draw_values(
    posterior: Posterior, scenario: Scenario, draw: int, variant: Variant | None
) -> dict[str, float]:
    """What a draw sets in a scenario, but for what the variant has settled."""
    found = posterior.sets(scenario, draw)
    return {key: value for key, value in found.items() if not variant or key not in variant.sets}


def variants(asked: str | Path | Sequence[str | Path] = ALL) -> list[Variant]:
    """The variants that are meant: all shipped, some by name, those of a file, or several.

    Names may stand in one text between commas. Raises :class:`~sim.errors.PanjError` for a name
    that is not there, and for a file that cannot be used.
    """
    listed = [asked] if isinstance(asked, str | Path) else asked
    things = [part for each in listed for part in str(each).split(",")]
    shipped = {variant.name: variant for variant in _read(_shipped())}
    found: dict[str, Variant] = {}
    for thing in filter(None, map(str.strip, things)):
        for variant in _meant(thing, shipped):
            if found.setdefault(variant.name, variant) != variant:
                raise PanjError(
                    "two variants have this name", key="--structure", value=variant.name
                )
    if not found:
        raise PanjError(
            "names no variant", key="--structure", remedy=f"There are {', '.join(shipped)}."
        )
    return list(found.values())


def _meant(thing: str, shipped: Mapping[str, Variant]) -> Sequence[Variant]:
    from sim.registry import did_you_mean
    from sim.scenario.catalogue import names

    if thing == ALL:
        return list(shipped.values())
    if thing in shipped:
        return [shipped[thing]]
    if thing.endswith(".toml"):
        return _read(Path(thing))
    remedy = f"There are {', '.join(shipped)}; or give a file of your own, one that ends in .toml."
    if thing in names():
        remedy = f"{thing} is a scenario: name scenarios before --structure. {remedy}"
    raise PanjError(
        "no such variant", key="--structure", value=thing,
        remedy=f"{did_you_mean(thing, shipped)} {remedy}".strip(),
    )  # fmt: skip


def _shipped() -> Path:
    from sim.incidents.seeds import seeds_folder

    return seeds_folder() / SHIPPED


def _read(path: Path) -> list[Variant]:
    """The variants of a file, in its order."""
    from sim.scenario.catalogue import display
    from sim.scenario.read import read

    table = read(path)
    problems = list(_problems(table))
    if problems:
        raise ScenarioError.of(
            Problem(p.reason, display(path), table.lines.get(p.key or ""), p.key, p.value, p.remedy)
            for p in problems
        )
    return [_variant(name, cast(dict[str, Any], said)) for name, said in table.values.items()]


def _variant(name: str, said: Mapping[str, Any]) -> Variant:
    from sim.scenario.merge import leaves

    title = str(said.get("title", name.replace("_", " ")))
    on, where = said.get("on", title), said.get("where", f"under {title}")
    return Variant(name, dict(leaves(said["set"])), title, str(on), str(where))


def _problems(table: Table) -> Iterator[Problem]:
    """What is wrong with a file of variants, by key."""
    from sim.registry import did_you_mean
    from sim.scenario.merge import leaves
    from sim.scenario.parameters import parameter, parameters

    form = 'Write a variant as [name], title = "...", and [name.set] with keys of a scenario.'
    known: dict[str, str] = {}
    for name, said in table.values.items():
        inner = said.get("set") if isinstance(said, dict) else None
        if not isinstance(said, dict) or not isinstance(inner, dict) or not dict(leaves(inner)):
            yield Problem("is a variant that sets nothing", key=name, remedy=form)
            continue
        if name in (CALIBRATED, ALL) or not _SLUG.fullmatch(name):
            yield Problem(
                "is not a name for a variant", key=name,
                remedy=f"Take a short lowercase word other than {CALIBRATED!r} and {ALL!r}.",
            )  # fmt: skip
        for key, value in said.items():
            if key not in (*_WORDS, "set"):
                yield Problem("is not known here", key=f"{name}.{key}", remedy=form)
            elif key != "set" and not (isinstance(value, str) and 0 < len(value) <= _LONGEST):
                yield Problem("wants a few words", key=f"{name}.{key}", value=value)
        sets = dict(leaves(inner))
        for key, value in sets.items():
            if (there := parameter(key)) is None or there.kind == "date":
                remedy = (
                    did_you_mean(key, parameters()) or "'panj scenario show baseline' lists all."
                )
                why = "no scenario has such a parameter that a variant may set"
                yield Problem(why, key=f"{name}.set.{key}", value=value, remedy=remedy)
        same = known.setdefault(json.dumps(sets, sort_keys=True, default=str), name)
        if same != name:
            yield Problem(f"sets the same as the variant {same}", key=name, remedy="Keep one.")
