"""May these scenarios and this code go into that store? A new store, or a clear refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.errors import StoreError, written_to
from sim.measures.own import declared
from sim.rules import own
from sim.runs import catalogue, files, lock
from sim.runs.catalogue import Contents, Manifest, Stored
from sim.runs.code import changed_rules, differences, made_with, rules_of
from sim.runs.parts import Part, as_parquet
from sim.runs.posterior import DRAWS
from sim.runs.rows import TABLES, TableName
from sim.runs.setting import parameter_table
from sim.runs.store import PARAMETERS, draws_of
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
    """What :func:`sim.runs.own_model.noted` says of a model of one's own that runs them."""


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
    asked = _known_apart(request.scenarios)
    manifest, parts = _contents(store, request)
    posterior = _draws(store, manifest, request, parts)
    scenarios: dict[str, Scenario] = {}
    for digest, scenario in asked.items():
        placed = _named(store, manifest, digest, scenario, allow_mixed=request.allow_mixed)
        alike = [same for same in request.scenarios if same.name == scenario.name]
        there = manifest.scenarios.get(placed.name)
        _same_drawn(store, [*alike, *([there.scenario] if there else [])], posterior)
        values = placed.model_dump(mode="json")
        manifest.scenarios.setdefault(placed.name, Stored(digest, values))
        scenarios[digest] = placed
    _same_grounds(store, manifest)
    for scenario in scenarios.values():
        _has_the_districts(scenario, posterior)
    if not scenarios:
        scenarios = {s.digest: s.scenario for s in manifest.scenarios.values()}
    if not scenarios:
        raise StoreError("holds no scenario yet", path=store, remedy="Name at least one.")
    if request.variants:
        scenarios |= _in_variants(store, manifest, scenarios, request.variants, posterior)
    _same_rules(store, manifest, scenarios.values(), allow_mixed=request.allow_mixed)
    return Admitted(manifest, scenarios, posterior)


def _in_variants(
    store: Path,
    manifest: Manifest,
    scenarios: Mapping[str, Scenario],
    wanted: Sequence[Variant],
    posterior: Posterior | None,
) -> dict[str, Scenario]:
    """The scenarios in variants of the model, by digest; the manifest gets room for them.

    Refuses a variant that changes nothing, and another of the same name than what is there.
    """
    there = {o.variant.name: o.variant for s in manifest.scenarios.values() if (o := s.origin)}
    plain = [
        (mark, each) for mark, each in scenarios.items() if not manifest.scenarios[each.name].origin
    ]
    found = {}
    for variant in wanted:
        if there.get(variant.name, variant) != variant:
            raise StoreError(
                f"another variant has the name {variant.name!r} here",
                path=store,
                key="--structure",
                remedy="Give this one another name, or begin a new store.",
            )
        if not any(variant.changes(scenario, posterior) for _, scenario in plain):
            raise StoreError(
                f"the variant {variant.name!r} is the model as calibrated: each scenario has these "
                "values, and no draw changes them",
                key="--structure",
                remedy="Leave it out, or let it set something else.",
            )
        for mark, scenario in plain:
            placed, digest = variant.of(scenario), variant.digest(mark)
            values = placed.model_dump(mode="json")
            stored = Stored(digest, values, Origin(scenario.name, variant))
            if manifest.scenarios.setdefault(placed.name, stored).digest != digest:
                raise StoreError(
                    "another scenario has the name of this variant here",
                    path=store,
                    value=placed.name,
                    remedy="Give the variant another name.",
                )
            found[digest] = placed
    return found


def _same_rules(
    store: Path, manifest: Manifest, scenarios: Iterable[Scenario], *, allow_mixed: bool
) -> None:
    """Note the code of the rules of one's own; refuse code that has changed under its name."""
    noted = own.digests(scenarios)
    changed = changed_rules(manifest.made_with, noted)
    if changed and not allow_mixed:
        raise StoreError(
            f"its runs were made with other code of the rule {changed[0]}",
            path=store,
            remedy="Begin a new store, give the rule another name, or add to this one all the "
            "same with --allow-mixed.",
        )
    manifest.mixed |= bool(changed)
    if noted:
        manifest.made_with["rules"] = {**rules_of(manifest.made_with), **noted}


def _known_apart(scenarios: Iterable[Scenario]) -> dict[str, Scenario]:
    """The scenarios by digest; two of one name, or one under two names, are refused."""
    from sim.scenario.vary import digest

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


def _contents(store: Path, request: Request) -> Contents:
    with written_to(store):
        there = set(files.names_in(store)) if store.is_dir() else set()
        is_file = not store.is_dir() and store.exists()
    if is_file:
        raise StoreError("is a file", path=store, remedy="Name a folder; it need not exist yet.")
    begun = there - {lock.NAME, *(files.beside(Path(name)).name for name in (PARAMETERS, DRAWS))}
    if not begun or (begun <= set(catalogue.FILES) and _empty(store)):
        usual = {"districts": True, "incidents": False}
        keep = usual | {table: kept for table, kept in request.keep.items() if kept is not None}
        tables = tuple(table for table in TABLES if keep.get(table, True))
        made = made_with(request.model)
        return Contents(Manifest(tables, request.root or 0, made, own=declared()), [])
    if not there & {catalogue.NAME, catalogue.OLDER}:
        raise StoreError(
            "holds files but is not a store of panj; it stays as it is",
            path=store,
            remedy="Name a folder that does not exist yet.",
        )
    found = catalogue.read(store)
    _same_kind(store, found.manifest, request)
    same_outcomes(store, found.manifest, bool(found.parts))
    _same_code(store, found.manifest, request)
    return found


def _empty(store: Path) -> bool:
    """Whether a batch was killed before it had said anything."""
    return not (store / catalogue.NAME).stat().st_size


def _draws(
    store: Path, manifest: Manifest, request: Request, there: Sequence[Part]
) -> Posterior | None:
    """The draws for a request: those of the store, which may grow while none is dealt twice."""
    own = draws_of(store, manifest)
    if request.posterior is None:
        return own
    wanted = request.posterior.of_year()
    runs = 1 + max((part.replicates[-1] for part in there), default=-1)
    if (own is None and there) or (own is not None and not wanted.continues(own, runs)):
        had = f"with the posterior {_told(own)}" if own else "without a posterior"
        other_year = own is not None and own.year != wanted.year
        raise StoreError(
            f"was begun {had}: other draws would pair nothing with what is there",
            path=store,
            key="--year" if other_year else "--posterior",
            value=(wanted.year or "of no single year") if other_year else _told(wanted),
            remedy="Leave --posterior, --draws and --year out, or begin a new store.",
        )
    manifest.draws = wanted.as_data()
    return wanted


def _same_kind(store: Path, manifest: Manifest, request: Request) -> None:
    """Refuse another seed or other tables than those that the store was begun with."""
    if request.root not in (None, manifest.root):
        raise StoreError(
            f"was begun with seed {manifest.root}: another would pair nothing with what is there",
            path=store,
            key="--seed",
            value=request.root,
            remedy="Leave --seed out, or begin a new store.",
        )
    for table, wanted in request.keep.items():
        if wanted is not None and wanted != (table in manifest.tables):
            does = "does not keep" if wanted else "keeps"
            raise StoreError(
                f"this store {does} the table {table}, from its first run on",
                path=store,
                remedy="Leave the option out, or begin a new store.",
            )


def same_outcomes(store: Path, manifest: Manifest, begun: bool) -> None:
    """Refuse other outcomes of one's own than those that the runs of a store have.

    ``begun`` says that it has runs.
    """
    then = {str(said["name"]): said for said in manifest.own}
    now = {str(said["name"]): said for said in declared()}
    differ = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    if not begun:
        manifest.own = declared()
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


def _same_code(store: Path, manifest: Manifest, request: Request) -> None:
    found = differences(manifest.made_with, made_with(request.model))
    if not found:
        return
    if not request.allow_mixed:
        raise StoreError(
            f"its runs were made with something else: {'; '.join(found)}",
            path=store,
            remedy="Begin a new store, or add to this one all the same with --allow-mixed.",
        )
    manifest.mixed = True


def _has_the_districts(scenario: Scenario, posterior: Posterior | None) -> None:
    """Refuse draws that were fitted on another ground, before every run fails of them."""
    from sim.scenario.parameters import parameters

    for key in (key for p in (posterior.parameters if posterior else ()) for key in p.keys):
        table, _, slug = key.rpartition(".")
        if table in parameters() and slug not in scenario.ground.by_slug:
            raise StoreError(
                f"the posterior was fitted on another ground: {scenario.ground} has no {slug}",
                key="--posterior",
                remedy="Run the scenario's own values with --posterior none.",
            )


def _same_drawn(store: Path, scenarios: Sequence[Scenario], posterior: Posterior | None) -> None:
    """Refuse a scenario that sets by hand what the same one leaves to the draws."""
    if posterior is None:
        return
    drawn = [set(posterior.sets(scenario, 0)) for scenario in scenarios]
    if apart := {key for one in drawn for other in drawn for key in one - other}:
        raise StoreError(
            f"{scenarios[0].name!r} is drawn here at this key, and set by hand there: its runs "
            "would be two scenarios under one name",
            path=store,
            key=min(apart),
            remedy="Begin a new store for the one with --set.",
        )


def _same_grounds(store: Path, manifest: Manifest) -> None:
    """Refuse two grounds of one name: nobody could tell which of them a run was on."""
    known: dict[str, str] = {}
    for name, stored in manifest.scenarios.items():
        ground = stored.scenario.ground
        if known.setdefault(ground.name, ground.digest) != ground.digest:
            raise StoreError(
                f"{name!r} plays on another ground of the same name than what is here",
                path=store,
                key="ground",
                value=ground.name,
                remedy="Begin a new store, or give the ground another name in its ground.toml.",
            )


def _named(
    store: Path, manifest: Manifest, digest: str, scenario: Scenario, *, allow_mixed: bool
) -> Scenario:
    """The scenario under the name that it has, or is given, in the store."""
    for name, stored in manifest.scenarios.items():
        if stored.digest == digest and (name == scenario.name or "~" in name):
            return scenario.model_copy(update={"name": name})
        if stored.digest == digest:
            raise StoreError(
                f"{scenario.name!r} is in this store already, under the name {name!r}",
                path=store,
                remedy=f"Use the name {name!r}.",
            )
    there = manifest.scenarios.get(scenario.name)
    if there is None:
        return scenario
    if not allow_mixed:
        raise StoreError(
            f"another scenario has the name {scenario.name!r} here: {_differs(there, scenario)}",
            path=store,
            remedy='Give this one another name (name = "..." in its file), begin a new store, '
            "or keep both with --allow-mixed.",
        )
    name = f"{scenario.name[: _LONGEST_NAME - 9]}~{digest[:8]}"
    return scenario.model_copy(update={"name": name})


def _differs(stored: Stored, scenario: Scenario) -> str:
    from sim.errors import shown
    from sim.scenario.vary import diff

    found = diff(stored.scenario, scenario)
    told = [f"{d.key} is {shown(d.a)} there and {shown(d.b)} now" for d in found[:TOLD]]
    more = [f"and {len(found) - TOLD} more"] if len(found) > TOLD else []
    return "; ".join([*told, *more])
