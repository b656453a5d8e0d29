"""A request to a store, and whether the store can take it: a new store, or a clear refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.errors import StoreError, output_errors
from sim.measures.user_defined import describe_user_outcomes
from sim.rules import user_rules
from sim.runs import catalogue, lock, store_files
from sim.runs.catalogue import Contents, Manifest, StoredScenario
from sim.runs.code_version import changed_rules, differences, made_with, rule_digests
from sim.runs.parameter_table import parameter_table
from sim.runs.parts import as_parquet
from sim.runs.posterior import DRAWS_FILE
from sim.runs.store import PARAMETERS, draws_of
from sim.runs.store_tables import TABLES, TableName
from sim.runs.structure import Origin, Variant

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.scenario.spec import Scenario

_MOST_SHOWN: Final = 5
"""How many differing parameters a message shows."""

_LONGEST_NAME: Final = 80


@dataclass(frozen=True)
class Request:
    """What a store should hold. None means: as the store has it.

    For a new store it means seed 0, the tables kept by default, and no draws.
    """

    scenarios: Sequence[Scenario]
    replicates: int
    root: int | None = None
    keep: Mapping[TableName, bool | None] = field(default_factory=dict)
    """Whether to keep a table that is optional."""
    allow_mixed: bool = False
    posterior: Posterior | None = None
    """Draws for a new store; for the coming year where they know the state of years."""
    variants: Sequence[Variant] = ()
    """Variants of the model in which the scenarios are run too."""
    model: Mapping[str, str] | None = None
    """The identity of the user-defined model that runs them
    (:func:`sim.runs.user_model.model_identity`)."""


@dataclass(frozen=True)
class AcceptedRequest:
    """A manifest that has room for a request, the scenarios by digest, and the draws."""

    manifest: Manifest
    scenarios: dict[str, Scenario]
    posterior: Posterior | None

    def origin(self, scenario: Scenario) -> Origin | None:
        """What one of the scenarios is a variant of."""
        return self.manifest.scenarios[scenario.name].origin

    def single_files(self) -> dict[str, bytes]:
        """The content of the store's files that are not parts, by name."""
        stored = self.manifest.scenarios.values()
        found = {PARAMETERS: as_parquet(parameter_table(stored, self.posterior))}
        if self.posterior is not None:
            found[DRAWS_FILE] = self.posterior.as_parquet()
        return found


def accept_request(store: Path, request: Request) -> AcceptedRequest:
    """Check a request and return the manifest that it leads to; nothing is written.

    Raises :class:`sim.errors.StoreError` where the folder is not a store, or where the request
    would silently mix versions of code or scenario, seeds, or tables.
    """
    return _RequestCheck(store, request).accept()


class _RequestCheck:
    """Checks a request against a store."""

    def __init__(self, store: Path, request: Request) -> None:
        self.store, self.request = store, request
        self.requested = _by_digest(request.scenarios)
        self.manifest, self.parts = self._contents()
        self.posterior = self._draws()

    def accept(self) -> AcceptedRequest:
        scenarios = {digest: self._add(digest, each) for digest, each in self.requested.items()}
        self._check_grounds()
        for scenario in scenarios.values():
            self._check_districts(scenario)
        if not scenarios:
            scenarios = {s.digest: s.scenario for s in self.manifest.scenarios.values()}
        if not scenarios:
            raise self._refused("holds no scenario yet", "Name at least one.")
        if self.request.variants:
            scenarios |= self._add_variants(scenarios)
        self._check_rules(scenarios.values())
        return AcceptedRequest(self.manifest, scenarios, self.posterior)

    def _refused(
        self, reason: str, remedy: str, key: str | None = None, value: object = None
    ) -> StoreError:
        return StoreError(reason, path=self.store, key=key, value=value, remedy=remedy)

    # -- the store -------------------------------------------------------------------------

    def _contents(self) -> Contents:
        """The catalogue of the store, or that of a new store."""
        store, request = self.store, self.request
        with output_errors(store):
            names = set(store_files.names_in(store)) if store.is_dir() else set()
            is_file = not store.is_dir() and store.exists()
        if is_file:
            raise self._refused("is a file", "Name a folder; it need not exist yet.")
        unwritten = {store_files.partial_path(Path(name)).name for name in (PARAMETERS, DRAWS_FILE)}
        written = names - {lock.NAME, *unwritten}
        if not written or (written <= set(catalogue.FILES) and catalogue.is_blank(store)):
            usual = {"districts": True, "incidents": False}
            keep = usual | {table: kept for table, kept in request.keep.items() if kept is not None}
            tables = tuple(table for table in TABLES if keep.get(table, True))
            made = made_with(request.model)
            return Contents(
                Manifest(tables, request.root or 0, made, own=describe_user_outcomes()), []
            )
        if not names & {catalogue.NAME, catalogue.OLDER}:
            raise self._refused(
                "holds files but is not a store of panj; it stays as it is",
                "Name a folder that does not exist yet.",
            )
        contents = catalogue.read(store)
        self._check_seed_and_tables(contents.manifest)
        check_outcomes(store, contents.manifest, has_runs=bool(contents.parts))
        self._check_code(contents.manifest)
        return contents

    def _check_seed_and_tables(self, manifest: Manifest) -> None:
        if self.request.root not in (None, manifest.root):
            raise self._refused(
                f"was created with seed {manifest.root}: runs with another seed cannot be paired "
                "with the existing ones",
                "Leave --seed out, or use a new store.",
                "--seed",
                self.request.root,
            )
        for table, keep in self.request.keep.items():
            if keep is not None and keep != (table in manifest.tables):
                does = "does not keep" if keep else "keeps"
                raise self._refused(
                    f"this store {does} the table {table}, from its first run on",
                    "Leave the option out, or use a new store.",
                )

    def _check_code(self, manifest: Manifest) -> None:
        found = differences(manifest.made_with, made_with(self.request.model))
        if found and not self.request.allow_mixed:
            raise self._refused(
                f"its runs were made with something else: {'; '.join(found)}",
                "Use a new store, or add to this one all the same with --allow-mixed.",
            )
        manifest.mixed |= bool(found)

    def _check_rules(self, scenarios: Iterable[Scenario]) -> None:
        """Record the code of user-defined rules; refuse code that has changed under its name."""
        digests = user_rules.digests(scenarios)
        changed = changed_rules(self.manifest.made_with, digests)
        if changed and not self.request.allow_mixed:
            raise self._refused(
                f"its runs were made with other code of the rule {changed[0]}",
                "Use a new store, give the rule another name, or add to this one all the same "
                "with --allow-mixed.",
            )
        self.manifest.mixed |= bool(changed)
        if digests:
            self.manifest.made_with["rules"] = rule_digests(self.manifest.made_with) | digests

    # -- draws -----------------------------------------------------------------------------

    def _draws(self) -> Posterior | None:
        """The draws of the store, which may become more while none has been used twice."""
        stored = draws_of(self.store, self.manifest)
        if self.request.posterior is None:
            return stored
        requested = self.request.posterior.of_year()
        runs = 1 + max((part.replicates[-1] for part in self.parts), default=-1)
        if self.parts if stored is None else not requested.continues(stored, runs):
            had = f"with the posterior {_described(stored)}" if stored else "without a posterior"
            other_year = stored is not None and stored.year != requested.year
            raise self._refused(
                f"was created {had}: runs with other draws cannot be paired with the existing ones",
                "Leave --posterior, --draws and --year out, or use a new store.",
                "--year" if other_year else "--posterior",
                (requested.year or "no single year") if other_year else _described(requested),
            )
        self.manifest.draws = requested.as_data()
        return requested

    def _check_districts(self, scenario: Scenario) -> None:
        """Refuse draws that were fitted on another ground, with which every run would fail."""
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

    def _check_drawn_keys(self, scenarios: Sequence[Scenario]) -> None:
        """Refuse a scenario that sets by hand a key that another of its name leaves to draws."""
        if self.posterior is None:
            return
        drawn = [set(self.posterior.sets(scenario, 0)) for scenario in scenarios]
        if differing := {key for one in drawn for other in drawn for key in one - other}:
            raise self._refused(
                f"{scenarios[0].name!r} draws this key in some runs and sets it by hand in others: "
                "they would be two scenarios under one name",
                "Use a new store for the one with --set.",
                min(differing),
            )

    # -- scenarios -------------------------------------------------------------------------

    def _add(self, digest: str, scenario: Scenario) -> Scenario:
        """Add a scenario to the manifest; returned under its name in the store."""
        named = self._named(digest, scenario)
        same_name = [each for each in self.request.scenarios if each.name == scenario.name]
        stored = self.manifest.scenarios.get(named.name)
        self._check_drawn_keys([*same_name, *([stored.scenario] if stored else [])])
        values = named.model_dump(mode="json")
        self.manifest.scenarios.setdefault(named.name, StoredScenario(digest, values))
        return named

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
        existing = self.manifest.scenarios.get(scenario.name)
        if existing is None:
            return scenario
        if not self.request.allow_mixed:
            raise self._refused(
                f"another scenario has the name {scenario.name!r} here: "
                f"{_differences(existing, scenario)}",
                'Give this one another name (name = "..." in its file), use a new store, or keep '
                "both with --allow-mixed.",
            )
        name = f"{scenario.name[: _LONGEST_NAME - 9]}~{digest[:8]}"
        return scenario.model_copy(update={"name": name})

    def _check_grounds(self) -> None:
        """Refuse two grounds of one name: a reader could not tell which one a run was on."""
        known: dict[str, str] = {}
        for name, stored in self.manifest.scenarios.items():
            ground = stored.scenario.ground
            if known.setdefault(ground.name, ground.digest) != ground.digest:
                raise self._refused(
                    f"{name!r} plays on another ground of the same name than the existing runs",
                    "Use a new store, or give the ground another name in its ground.toml.",
                    "ground",
                    ground.name,
                )

    def _add_variants(self, scenarios: Mapping[str, Scenario]) -> dict[str, Scenario]:
        """Add the scenarios in variants of the model to the manifest; returned by digest.

        Refuses a variant that changes nothing, and a second variant of the same name.
        """
        known = self.manifest.scenarios
        existing = {o.variant.name: o.variant for s in known.values() if (o := s.origin)}
        plain = {mark: each for mark, each in scenarios.items() if not known[each.name].origin}
        found = {}
        for variant in self.request.variants:
            if existing.get(variant.name, variant) != variant:
                raise self._refused(
                    f"another variant has the name {variant.name!r} here",
                    "Give this one another name, or use a new store.",
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
                changed, digest = variant.of(scenario), variant.digest(mark)
                values = changed.model_dump(mode="json")
                stored = StoredScenario(digest, values, Origin(scenario.name, variant))
                if known.setdefault(changed.name, stored).digest != digest:
                    raise self._refused(
                        "another scenario has the name of this variant here",
                        "Give the variant another name.",
                        value=changed.name,
                    )
                found[digest] = changed
        return found


def _by_digest(scenarios: Iterable[Scenario]) -> dict[str, Scenario]:
    """The scenarios by digest; refuses two of one name, and one under two names."""
    from sim.scenario.values import digest

    by_digest: dict[str, Scenario] = {}
    by_name: dict[str, str] = {}
    for scenario in scenarios:
        mark = digest(scenario)
        if mark in by_digest and by_digest[mark].name != scenario.name:
            raise StoreError(
                f"{by_digest[mark].name!r} and {scenario.name!r} are one scenario under two "
                "names: every parameter is the same",
                remedy="Name only one of them.",
            )
        if by_name.setdefault(scenario.name, mark) != mark:
            raise StoreError(
                "two different scenarios have this name",
                value=scenario.name,
                remedy='Give one of them another: name = "..." in its file.',
            )
        by_digest[mark] = scenario
    return by_digest


def check_outcomes(store: Path, manifest: Manifest, *, has_runs: bool) -> None:
    """Refuse user-defined outcomes that differ from those of the runs of a store.

    The manifest of a store without runs takes those that are registered now.
    """
    then = {str(outcome["name"]): outcome for outcome in manifest.own}
    now = {str(outcome["name"]): outcome for outcome in describe_user_outcomes()}
    if not has_runs:
        manifest.own = describe_user_outcomes()
    elif differ := [name for name in then | now if then.get(name) != now.get(name)]:
        found = [
            f"{name} is not registered now"
            if name not in now
            else f"{name} is not in its runs"
            if name not in then
            else f"{name} is another function or has other words now"
            for name in differ
        ]
        raise StoreError(
            f"its runs have other user-defined outcomes: {'; '.join(found)}",
            path=store,
            remedy="Register (sim.outcome) those of its first run, or use a new store.",
        )


def _described(posterior: Posterior) -> str:
    words = f"{posterior.source}, {len(posterior.draws)} draws"
    return f"{words}, for {posterior.year}" if posterior.year else words


def _differences(stored: StoredScenario, scenario: Scenario) -> str:
    from sim.errors import format_value
    from sim.scenario.values import diff

    found = diff(stored.scenario, scenario)
    words = [
        f"{d.key} is {format_value(d.a)} there and {format_value(d.b)} now"
        for d in found[:_MOST_SHOWN]
    ]
    more = [f"and {len(found) - _MOST_SHOWN} more"] if len(found) > _MOST_SHOWN else []
    return "; ".join([*words, *more])
