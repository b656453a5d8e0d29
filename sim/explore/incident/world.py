"""The worlds in which an incident is told: a scenario, a seed, and perhaps other rules later."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from sim.errors import PanjError
from sim.incidents.kinds import INCIDENTS
from sim.incidents.records import Crossing, Incident, Plan
from sim.scenario.vary import digest

if TYPE_CHECKING:
    from sim.model import BorderModel
    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

_ID: Final = re.compile(r"(group/\w+|cell/\w+/\d+/plan)/\d+\.\d+\.\d+(\+joint)*", re.ASCII)


@dataclass(frozen=True)
class World:
    """A scenario as it is run once; from day ``since`` on by the rules of ``then``."""

    name: str
    spec: Scenario
    seed: int
    since: float | None = None
    then: Scenario | None = None

    def begin(self) -> BorderModel:
        """A run of it that has not begun."""
        from sim.model import BorderModel

        return BorderModel(self.spec, seed=self.seed)

    def changes_at(self, model: BorderModel) -> float | None:
        """When a run of it is still to change its rules."""
        return self.since if self.then is not None and model.spec is self.spec else None

    def advance(self, model: BorderModel, until: float) -> None:
        """Let everything up to ``until`` happen; the rules change where that is due."""
        due = self.changes_at(model)
        if due is not None and self.then is not None and until >= due:
            model.run_until(due)
            model.change(self.then)
        model.run_until(max(until, model.now))

    def run(self) -> BorderModel:
        """A whole run of it."""
        model = self.begin()
        self.advance(model, model.spec.days)
        return model

    @property
    def rules(self) -> Scenario:
        """The rules that it is known by: those that hold at the end."""
        return self.then or self.spec


def origin_of(identity: str) -> str:
    """Whose incident it is: the group, or the plan of a cell, the same in every world.

    ``identity`` is that, or that of an incident of it. Raises ``PanjError`` for what is neither.
    """
    kind = next((kind for kind in INCIDENTS if identity.endswith(f"/{kind}")), None)
    origin = identity.strip().removesuffix(f"/{kind}")
    if not _ID.fullmatch(origin):
        raise PanjError(
            "is not the name of a group or a plan",
            key="ID",
            value=identity,
            remedy="It looks like group/darvoz/3.0.1 or cell/vanj/2/plan/1.0.2; "
            "--find lists those that a policy turned.",
        )
    return origin


def incident_origin(incident: Incident) -> str:
    """Whose incident it is."""
    return incident.identity.removesuffix(f"/{incident.kind}")


def unknown(origin: str, models: Iterable[BorderModel]) -> PanjError:
    """What is said of a name that stands for nobody in any of these runs."""
    there: dict[str, None] = {}
    for model in models:
        there |= dict.fromkeys(incident_origin(i) for i in model.log[Incident])
        there |= dict.fromkeys(plan.identity for plan in model.log[Plan])
        there |= dict.fromkeys(crossing.identity for crossing in model.log[Crossing])
    near = get_close_matches(origin, there, n=3, cutoff=0.5)
    return PanjError(
        "no such group came and no such plan was made in any of these worlds",
        key="ID",
        value=origin,
        remedy=(f"Near it are {', '.join(near)}; " if near else "") + "--find lists some.",
    )


def apart(worlds: Sequence[World]) -> Sequence[World]:
    """The worlds, if an incident can be told in all. Raises ``PanjError`` for one that is there
    twice, and for worlds that do not share ground, layout and first day.
    """
    if len(worlds) < 2:
        raise PanjError(
            "one incident is told in two worlds or more", remedy="Name another with --against."
        )
    seen: dict[tuple[str, str, float | None], str] = {}
    first = worlds[0].spec
    for world in worlds:
        same = digest(world.spec), digest(world.rules), world.since
        same = same if same[0] != same[1] else (same[0], same[1], None)
        if same in seen:
            raise PanjError(
                f"is the same scenario as {seen[same]}: nothing can part their stories",
                key="--against",
                value=world.name,
                remedy="Give another scenario.",
            )
        seen[same] = world.name
        for key in ("ground", "start", "layout_seed"):
            if getattr(world.spec, key) != getattr(first, key):
                raise PanjError(
                    f"has another {key} than {worlds[0].name}: no night is the same in both",
                    key="--against",
                    value=world.name,
                    remedy="Tell an incident in scenarios of one ground, layout and first day.",
                )
    return worlds


def of_scenarios(
    specs: Sequence[Scenario], seed: int = 1, since: dt.date | None = None
) -> Sequence[World]:
    """Worlds of one seed; with ``since`` all live by the first scenario until that day."""
    return apart(_forked([World(spec.name, spec, seed) for spec in specs], since))


def of_store(
    store: Store, names: Sequence[str], replicate: int, since: dt.date | None = None
) -> Sequence[World]:
    """A replicate of a store, as it was run. Raises ``StoreError`` where it was not."""
    from sim.errors import StoreError
    from sim.runs.work import RunOf

    worlds = []
    for name in names:
        if replicate not in store.finished(name) - store.failed(name):
            ended = sorted(store.finished(name) - store.failed(name))
            there = f"It has {ended[0]} to {ended[-1]}." if ended else "It has none that ended."
            failed = replicate in store.failed(name)
            raise StoreError(
                f"of {name} this replicate {'failed' if failed else 'was not run'}",
                path=store.path,
                key="--replicate",
                value=replicate,
                remedy=there,
            )
        origin = store.origins.get(name)
        run = RunOf(
            replicate, store.manifest.root, store.posterior, origin.variant if origin else None
        )
        worlds.append(World(name, run.drawn(store.scenarios[name]), run.blank.seed))
    return apart(_forked(worlds, since))


def _forked(worlds: Sequence[World], since: dt.date | None) -> list[World]:
    if since is None:
        return list(worlds)
    from sim.scenario.midrun import admit

    first, *others = worlds
    day = float((since - first.spec.start).days)
    if not 0.0 <= day < first.spec.days:
        raise PanjError(
            f"the run goes {first.spec.days:g} days from {first.spec.start}",
            key="--from",
            value=since.isoformat(),
            remedy="Give a date within it.",
        )
    found = [first]
    for other in others:
        admit(first.spec, other.spec, day)
        name = f"{other.name} from {since.day} {since:%b}"
        found.append(World(name, first.spec, first.seed, day, other.spec))
    return found
