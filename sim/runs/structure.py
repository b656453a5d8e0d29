"""Structural variants of the model: mechanisms switched off, years of a known kind.

A calibration finds values of the parameters that fit; it does not show that the mechanisms are
right. So a policy can also be run in variants of the model, and its effect there compared with
its effect in the model as calibrated. The shipped variants are in ``seeds/structure.toml``.
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
"""The model as calibrated: no variant may have this name."""
AT: Final = "@"
"""Separates scenario and variant in a name in a store; no scenario file may use it."""

_WORDS: Final = ("title", "on", "where")
_LONGEST: Final = 60
_SLUG: Final = re.compile(r"[a-z][a-z0-9_]{0,29}")


@dataclass(frozen=True)
class Variant:
    """A variant of the model: dotted keys with values that take precedence over any draw.

    ``title`` is used in tables. If a verdict differs in this variant, ``on`` names what the
    verdict depends on, and ``where`` says where it differs.
    """

    name: str
    sets: Mapping[str, Any]
    title: str
    on: str
    where: str

    def of(self, scenario: Scenario) -> Scenario:
        """A scenario in this variant, named SCENARIO@VARIANT.

        Raises :class:`~sim.errors.ScenarioError` for values that cannot be set in it.
        """
        from sim.scenario.values import with_overrides

        try:
            changed = with_overrides(scenario, self.sets)
        except PanjError as error:
            where = f"in the variant {self.name} of {scenario.name}: "
            raise ScenarioError.of(
                Problem(where + p.reason, None, None, p.key, p.value, p.remedy)
                for p in error.problems
            ) from error
        return changed.model_copy(update={"name": f"{scenario.name}{AT}{self.name}"})

    def digest(self, origin: str) -> str:
        """The digest, in this variant, of a scenario with the digest ``origin``."""
        text = json.dumps([origin, self.sets], sort_keys=True, allow_nan=False)
        return blake2b(text.encode("ascii"), digest_size=16).hexdigest()

    def changes(self, scenario: Scenario, posterior: Posterior | None) -> bool:
        """Whether it differs from the scenario as it is, in values or in what is drawn."""
        from sim.scenario.values import flatten

        values = flatten(scenario)
        drawn = {key for p in (posterior.parameters if posterior else ()) for key in p.keys}
        return any(values.get(key) != value or key in drawn for key, value in self.sets.items())


@dataclass(frozen=True)
class Origin:
    """The name of the scenario in the store that this one is a variant of, and the variant."""

    scenario: str
    variant: Variant


def draw_values(
    posterior: Posterior, scenario: Scenario, draw: int, variant: Variant | None
) -> dict[str, float]:
    """The values that a draw sets in a scenario, without keys that the variant sets."""
    found = posterior.sets(scenario, draw)
    return {key: value for key, value in found.items() if not variant or key not in variant.sets}


def variants(names: str | Path | Sequence[str | Path] = ALL) -> list[Variant]:
    """Variants by name or file: ``"all"`` shipped ones, names, TOML files, or several of these.

    A text may hold several, separated by commas. Raises :class:`~sim.errors.PanjError` for an
    unknown name, and for a file that cannot be used.
    """
    listed = [names] if isinstance(names, str | Path) else names
    words = [part for each in listed for part in str(each).split(",")]
    shipped = {variant.name: variant for variant in _read(_shipped())}
    found: dict[str, Variant] = {}
    for word in filter(None, map(str.strip, words)):
        for variant in _by_name(word, shipped):
            if found.setdefault(variant.name, variant) != variant:
                raise PanjError(
                    "two variants have this name", key="--structure", value=variant.name
                )
    if not found:
        raise PanjError(
            "names no variant", key="--structure", remedy=f"There are {', '.join(shipped)}."
        )
    return list(found.values())


def _by_name(word: str, shipped: Mapping[str, Variant]) -> Sequence[Variant]:
    from sim.registry import did_you_mean
    from sim.scenario.catalogue import names

    if word == ALL:
        return list(shipped.values())
    if word in shipped:
        return [shipped[word]]
    if word.endswith(".toml"):
        return _read(Path(word))
    remedy = f"There are {', '.join(shipped)}; or give your own file, whose name ends in .toml."
    if word in names():
        remedy = f"{word} is a scenario: name scenarios before --structure. {remedy}"
    raise PanjError(
        "no such variant", key="--structure", value=word,
        remedy=f"{did_you_mean(word, shipped)} {remedy}".strip(),
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
    return [_variant(name, cast(dict[str, Any], entry)) for name, entry in table.values.items()]


def _variant(name: str, entry: Mapping[str, Any]) -> Variant:
    from sim.scenario.merge import leaves

    title = str(entry.get("title", name.replace("_", " ")))
    on, where = entry.get("on", title), entry.get("where", f"under {title}")
    return Variant(name, dict(leaves(entry["set"])), title, str(on), str(where))


def _problems(table: Table) -> Iterator[Problem]:
    """The problems of a file of variants, by key."""
    from sim.registry import did_you_mean
    from sim.scenario.merge import leaves
    from sim.scenario.parameters import parameter, parameters

    form = 'Write a variant as [name], title = "...", and [name.set] with keys of a scenario.'
    known: dict[str, str] = {}
    for name, entry in table.values.items():
        inner = entry.get("set") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(inner, dict) or not dict(leaves(inner)):
            yield Problem("is a variant that sets nothing", key=name, remedy=form)
            continue
        if name in (CALIBRATED, ALL) or not _SLUG.fullmatch(name):
            yield Problem(
                "is not a name for a variant", key=name,
                remedy=f"Take a short lowercase word other than {CALIBRATED!r} and {ALL!r}.",
            )  # fmt: skip
        for key, value in entry.items():
            if key not in (*_WORDS, "set"):
                yield Problem("is not known here", key=f"{name}.{key}", remedy=form)
            elif key != "set" and not (isinstance(value, str) and 0 < len(value) <= _LONGEST):
                yield Problem("must be a few words", key=f"{name}.{key}", value=value)
        sets = dict(leaves(inner))
        for key, value in sets.items():
            if (known_key := parameter(key)) is None or known_key.kind == "date":
                remedy = (
                    did_you_mean(key, parameters()) or "'panj scenario show baseline' lists all."
                )
                why = "no scenario has such a parameter that a variant may set"
                yield Problem(why, key=f"{name}.set.{key}", value=value, remedy=remedy)
        same = known.setdefault(json.dumps(sets, sort_keys=True, default=str), name)
        if same != name:
            yield Problem(f"sets the same as the variant {same}", key=name, remedy="Keep one.")
