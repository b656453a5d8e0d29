"""May these scenarios and this code go into that store? A new store, or a clear refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.errors import StoreError, written_to
from sim.measures.user_defined import describe_user_outcomes
from sim.rules import user_rules
from sim.runs import catalogue, lock, store_files
from sim.runs.catalogue import Contents, Manifest, Stored
from sim.runs.code_version import changed_rules, differences, made_with, rules_of
from sim.runs.parameter_table import parameter_table
from sim.runs.parts import as_parquet
from sim.runs.posterior import DRAWS
from sim.runs.store import PARAMETERS, draws_of
from sim.runs.store_tables import TABLES, TableName
from sim.runs.structure import Origin, Variant

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.scenario.spec import Scenario

TOLD: Final = 5
"""How many differing parameters are told."""

_LONGEST_NAME: Final = 80


@dataclass(frozen=True)
class Request:
    """What is asked of a store. ``root`` and ``tables`` of None mean: as the store has it."""

    scenarios: Sequence[Scenario]
    replicates: int
    root: int | None = None
    keep: Mapping[TableName, bool | None] = field(default_factory=dict)
    """For a table that need not be kept whether it shall be; None: as usual, or as the store."""
    allow_mixed: bool = False
    posterior: Posterior | None = None
    """Draws for a new store, for the coming year where they know of years; None for one that is
    there means: as the store has it."""
    variants: Sequence[Variant] = ()
    """Variants of the model in which the scenarios are run too."""
    model: Mapping[str, str] | None = None
    """What :func:`sim.runs.user_model.noted` says of a model of one's own that runs them."""


@dataclass(frozen=True)
class Admitted:
    """A manifest that has room for a request, the scenarios by digest, and the draws."""

    manifest: Manifest
    scenarios: dict[str, Scenario]
    posterior: Posterior | None

    def origin(self, scenario: Scenario) -> Origin | None:
        """What one of the scenarios is a variant of."""
        return self.manifest.scenarios[scenario.name].origin

    def single_files(self) -> dict[str, bytes]:
        """The files of a store that are not parts."""
        every = self.manifest.scenarios.values()
        found = {PARAMETERS: as_parquet(parameter_table(every, self.posterior))}
        return found if self.posterior is None else {**found, DRAWS: self.posterior.as_parquet()}


def admit(store: Path, request: Request) -> Admitted:
    """Find or make the manifest for a request; nothing is written.

    Raises :class:`sim.errors.StoreError` where the folder is something else, or where the
    request would silently mix versions of code or scenario, seeds, or tables.
    """
    return _Gate(store, request).admitted()


class _Gate:
    """Lets a request into a store, or says why not."""

    def __init__(self, store: Path, request: Request) -> None:
        self.store, self.request = store, request
        self.asked = _known_apart(request.scenarios)
        self.manifest, self.parts = self._contents()
        self.posterior = self._draws()

    def admitted(self) -> Admitted:
        """The manifest with room for the request."""
        scenarios = {digest: self._placed(digest, each) for digest, each in self.asked.items()}
        self._same_grounds()
        for scenario in scenarios.values():
            self._has_the_districts(scenario)
        if not scenarios:
            scenarios = {s.digest: s.scenario for s in self.manifest.scenarios.values()}
        if not scenarios:
            raise self._refused("holds no scenario yet", "Name at least one.")
        if self.request.variants:
            scenarios |= self._in_variants(scenarios)
        self._same_rules(scenarios.values())
        return Admitted(self.manifest, scenarios, self.posterior)

    def _refused(
        self, reason: str, remedy: str, key: str | None = None, value: object = None
    ) -> StoreError:
        return StoreError(reason, path=self.store, key=key, value=value, remedy=remedy)

    # -- the store -------------------------------------------------------------------------

    def _contents(self) -> Contents:
        store, request = self.store, self.request
        with written_to(store):
            there = set(store_files.names_in(store)) if store.is_dir() else set()
            is_file = not store.is_dir() and store.exists()
        if is_file:
            raise self._refused("is a file", "Name a folder; it need not exist yet.")
        unwritten = {store_files.beside(Path(name)).name for name in (PARAMETERS, DRAWS)}
        begun = there - {lock.NAME, *unwritten}
        if not begun or (begun <= set(catalogue.FILES) and catalogue.is_blank(store)):
            usual = {"districts": True, "incidents": False}
            keep = usual | {table: kept for table, kept in request.keep.items() if kept is not None}
            tables = tuple(table for table in TABLES if keep.get(table, True))
            made = made_with(request.model)
            return Contents(
                Manifest(tables, request.root or 0, made, own=describe_user_outcomes()), []
            )
        if not there & {catalogue.NAME, catalogue.OLDER}:
            raise self._refused(
                "holds files but is not a store of panj; it stays as it is",
                "Name a folder that does not exist yet.",
            )
        found = catalogue.read(store)
        self._same_kind(found.manifest)
        same_outcomes(store, found.manifest, bool(found.parts))
        self._same_code(found.manifest)
        return found

    def _same_kind(self, manifest: Manifest) -> None:
        """Refuse another seed or other tables than those that the store was begun with."""
        if self.request.root not in (None, manifest.root):
            raise self._refused(
                f"was begun with seed {manifest.root}: another would pair nothing with what is "
                "there",
                "Leave --seed out, or begin a new store.",
                "--seed",
                self.request.root,
            )
        for table, wanted in self.request.keep.items():
            if wanted is not None and wanted != (table in manifest.tables):
                does = "does not keep" if wanted else "keeps"
                raise self._refused(
                    f"this store {does} the table {table}, from its first run on",
                    "Leave the option out, or begin a new store.",
                )

    def _same_code(self, manifest: Manifest) -> None:
        found = differences(manifest.made_with, made_with(self.request.model))
        if found and not self.request.allow_mixed:
            raise self._refused(
                f"its runs were made with something else: {'; '.join(found)}",
                "Begin a new store, or add to this one all the same with --allow-mixed.",
            )
        manifest.mixed |= bool(found)

    def _same_rules(self, scenarios: Iterable[Scenario]) -> None:
        """Note the code of the rules of one's own; refuse code that has changed under its name."""
        noted = user_rules.digests(scenarios)
        changed = changed_rules(self.manifest.made_with, noted)
        if changed and not self.request.allow_mixed:
            raise self._refused(
                f"its runs were made with other code of the rule {changed[0]}",
                "Begin a new store, give the rule another name, or add to this one all the same "
                "with --allow-mixed.",
            )
        self.manifest.mixed |= bool(changed)
        if noted:
            self.manifest.made_with["rules"] = {**rules_of(self.manifest.made_with), **noted}

    # -- draws -----------------------------------------------------------------------------

    def _draws(self) -> Posterior | None:
        """The draws for it: those of the store, which may grow while none is dealt twice."""
        own = draws_of(self.store, self.manifest)
        if self.request.posterior is None:
            return own
        wanted = self.request.posterior.of_year()
        runs = 1 + max((part.replicates[-1] for part in self.parts), default=-1)
        if (own is None and self.parts) or (own is not None and not wanted.continues(own, runs)):
            had = f"with the posterior {_told(own)}" if own else "without a posterior"
            other_year = own is not None and own.year != wanted.year
            raise self._refused(
                f"was begun {had}: other draws would pair nothing with what is there",
                "Leave --posterior, --draws and --year out, or begin a new store.",
                "--year" if other_year else "--posterior",
                (wanted.year or "of no single year") if other_year else _told(wanted),
            )
        self.manifest.draws = wanted.as_data()
        return wanted

    def _has_the_districts(self, scenario: Scenario) -> None:
        """Refuse draws that were fitted on another ground, before every run fails of them."""
        from sim.scenario.parameters import parameters

        drawn = self.posterior.parameters if self.posterior else ()
        for key in (key for parameter in drawn for key in parameter.keys):
            table, _, slug = key.rpartition(".")
            if table in parameters() and slug not in scenario.ground.by_slug:
                raise StoreError(
                    f"the posterior was fitted on another ground: {scenario.ground} has no {slug}",
                    key="--posterior",
                    remedy="Run the scenario's own values with --posterior none.",
                )

    def _same_drawn(self, scenarios: Sequence[Scenario]) -> None:
        """Refuse a scenario that sets by hand what the same one leaves to the draws."""
        if self.posterior is None:
            return
        drawn = [set(self.posterior.sets(scenario, 0)) for scenario in scenarios]
        if apart := {key for one in drawn for other in drawn for key in one - other}:
            raise self._refused(
                f"{scenarios[0].name!r} is drawn here at this key, and set by hand there: its runs "
                "would be two scenarios under one name",
                "Begin a new store for the one with --set.",
                min(apart),
            )

    # -- scenarios -------------------------------------------------------------------------

    def _placed(self, digest: str, scenario: Scenario) -> Scenario:
        """A scenario under its name in the store, which has room for it from now on."""
        placed = self._named(digest, scenario)
        alike = [same for same in self.request.scenarios if same.name == scenario.name]
        there = self.manifest.scenarios.get(placed.name)
        self._same_drawn([*alike, *([there.scenario] if there else [])])
        values = placed.model_dump(mode="json")
        self.manifest.scenarios.setdefault(placed.name, Stored(digest, values))
        return placed

    def _named(self, digest: str, scenario: Scenario) -> Scenario:
        """The scenario under the name that it has, or is given, in the store."""
        for name, stored in self.manifest.scenarios.items():
            if stored.digest == digest and (name == scenario.name or "~" in name):
                return scenario.model_copy(update={"name": name})
            if stored.digest == digest:
                raise self._refused(
                    f"{scenario.name!r} is in this store already, under the name {name!r}",
                    f"Use the name {name!r}.",
                )
        there = self.manifest.scenarios.get(scenario.name)
        if there is None:
            return scenario
        if not self.request.allow_mixed:
            raise self._refused(
                f"another scenario has the name {scenario.name!r} here: "
                f"{_differs(there, scenario)}",
                'Give this one another name (name = "..." in its file), begin a new store, or keep '
                "both with --allow-mixed.",
            )
        name = f"{scenario.name[: _LONGEST_NAME - 9]}~{digest[:8]}"
        return scenario.model_copy(update={"name": name})

    def _same_grounds(self) -> None:
        """Refuse two grounds of one name: nobody could tell which of them a run was on."""
        known: dict[str, str] = {}
        for name, stored in self.manifest.scenarios.items():
            ground = stored.scenario.ground
            if known.setdefault(ground.name, ground.digest) != ground.digest:
                raise self._refused(
                    f"{name!r} plays on another ground of the same name than what is here",
                    "Begin a new store, or give the ground another name in its ground.toml.",
                    "ground",
                    ground.name,
                )

    def _in_variants(self, scenarios: Mapping[str, Scenario]) -> dict[str, Scenario]:
        """The scenarios in variants of the model, by digest; the manifest gets room for them.

        Refuses a variant that changes nothing, and another of the same name than what is there.
        """
        known = self.manifest.scenarios
        there = {o.variant.name: o.variant for s in known.values() if (o := s.origin)}
        plain = {mark: each for mark, each in scenarios.items() if not known[each.name].origin}
        found = {}
        for variant in self.request.variants:
            if there.get(variant.name, variant) != variant:
                raise self._refused(
                    f"another variant has the name {variant.name!r} here",
                    "Give this one another name, or begin a new store.",
                    "--structure",
                )
            if not any(variant.changes(scenario, self.posterior) for scenario in plain.values()):
                raise StoreError(
                    f"the variant {variant.name!r} is the model as calibrated: each scenario has "
                    "these values, and no draw changes them",
                    key="--structure",
                    remedy="Leave it out, or let it set something else.",
                )
            for mark, scenario in plain.items():
                placed, digest = variant.of(scenario), variant.digest(mark)
                values = placed.model_dump(mode="json")
                stored = Stored(digest, values, Origin(scenario.name, variant))
                if known.setdefault(placed.name, stored).digest != digest:
                    raise self._refused(
                        "another scenario has the name of this variant here",
                        "Give the variant another name.",
                        value=placed.name,
                    )
                found[digest] = placed
        return found


def _known_apart(scenarios: Iterable[Scenario]) -> dict[str, Scenario]:
    """The scenarios by digest; two of one name, or one under two names, are refused."""
    from sim.scenario.values import digest

    by_digest: dict[str, Scenario] = {}
    by_name: dict[str, str] = {}
    for scenario in scenarios:
        mark = digest(scenario)
        if mark in by_digest and by_digest[mark].name != scenario.name:
            raise StoreError(
                f"{by_digest[mark].name!r} and {scenario.name!r} are one scenario under two "
                "names: every parameter is the same",
                remedy="Name one of them only.",
            )
        if by_name.setdefault(scenario.name, mark) != mark:
            raise StoreError(
                "two different scenarios have this name",
                value=scenario.name,
                remedy='Give one of them another: name = "..." in its file.',
            )
        by_digest[mark] = scenario
    return by_digest


def same_outcomes(store: Path, manifest: Manifest, begun: bool) -> None:
    """Refuse other outcomes of one's own than those that the runs of a store have.

    ``begun`` says that it has runs.
    """
    then = {str(said["name"]): said for said in manifest.own}
    now = {str(said["name"]): said for said in describe_user_outcomes()}
    differ = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    if not begun:
        manifest.own = describe_user_outcomes()
    elif differ:
        why = {True: "is not registered now", False: "is not in its runs"}
        told = [
            f"{n} {
                'is another function or has other words now'
                if n in then and n in now
                else why[n in then]
            }"
            for n in differ
        ]
        raise StoreError(
            f"its runs have other outcomes of one's own: {'; '.join(told)}",
            path=store,
            remedy="Register (sim.outcome) what the store was begun with, or begin a new store.",
        )


def _told(posterior: Posterior | None) -> str:
    if posterior is None:
        return "none"
    told = f"{posterior.source}, {len(posterior.draws)} draws"
    return f"{told}, for {posterior.year}" if posterior.year else told


def _differs(stored: Stored, scenario: Scenario) -> str:
    from sim.errors import shown
    from sim.scenario.values import diff

    found = diff(stored.scenario, scenario)
    told = [f"{d.key} is {shown(d.a)} there and {shown(d.b)} now" for d in found[:TOLD]]
    more = [f"and {len(found) - TOLD} more"] if len(found) > TOLD else []
    return "; ".join([*told, *more])
