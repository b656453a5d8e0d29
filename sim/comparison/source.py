"""The source of a comparison: a store, or tables of the same shape.

No other file here reads a store; comparisons, pictures and pages use only a :class:`Source`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from sim.comparison.districts import COLUMNS as DISTRICT_COLUMNS
from sim.comparison.samples import (
    Sample,
    read_samples,
    require_columns,
    scenario_names,
    with_expected,
)
from sim.comparison.terms import Terms
from sim.errors import StoreError
from sim.frontier.ground import Ground
from sim.runs.posterior import Posterior as Posterior
from sim.runs.posterior import UncertainParameter as UncertainParameter
from sim.runs.store_tables import FAILURE, RUN
from sim.runs.structure import AT, Origin
from sim.runs.structure import CALIBRATED as CALIBRATED
from sim.runs.structure import Variant as Variant
from sim.runs.uncertain_parameter import year_in_words as year_in_words

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.runs.store import Store
    from sim.scenario.spec import Scenario

type Results = "Source | Store | pa.Table | Path | str"
"""What can be compared: a source, a store, a table of runs, or the path of one of them."""

KEYS: Final = (*RUN, *FAILURE)
"""Columns that identify a run, or say whether it failed."""

_SUMMED: Final = ("crossings", "interdicted", "victims")
_WANTED: Final = "Give the folder that 'panj batch -o' wrote, or a Parquet file of its outcomes."


class MissingTableError(StoreError):
    """The source lacks what a finding or a picture needs."""


@dataclass(frozen=True)
class Provenance:
    """Where the runs of a store come from.

    ``made_with`` holds code, commit and versions; ``history`` the batches that wrote to the store,
    oldest first. ``mixed``: runs of more than one version; ``complete``: no batch was interrupted.
    """

    root: int
    digests: Mapping[str, str]
    made_with: Mapping[str, object]
    history: Sequence[Mapping[str, object]]
    mixed: bool
    complete: bool


@dataclass(frozen=True)
class Source:
    """Finished runs of scenarios, from a store or a table.

    ``names`` are the scenarios and ``outcomes`` the columns, both in order; ``specs`` holds the
    scenarios that were kept. ``given_ground`` is a ground given for a table. ``origins`` describes
    further scenarios of the source, which are structural variants of those in ``names``.
    """

    names: tuple[str, ...]
    outcomes: tuple[str, ...]
    specs: Mapping[str, Scenario] = field(default_factory=dict)
    posterior: Posterior | None = None
    provenance: Provenance | None = None
    store: Store | None = None
    runs: pa.Table | None = None
    by_district: pa.Table | None = None
    given_ground: Ground | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The structural variants of the model, in order of first use."""
        by_name = {origin.variant.name: origin.variant for origin in self.origins.values()}
        return tuple(by_name.values())

    def in_variant(self, variant: Variant) -> tuple[Self, dict[str, str]]:
        """The source of one variant, and the name of each scenario there by its usual name."""
        there = {
            origin.scenario: name
            for name, origin in self.origins.items()
            if origin.variant.name == variant.name
        }
        return replace(self, names=tuple(there.values()), origins={}), there

    def samples(self, names: Sequence[str], outcomes: Sequence[str]) -> dict[str, Sample]:
        """The finished runs of some scenarios with these outcomes, read at once.

        Raises :class:`~sim.errors.StoreError` if there are no runs.
        """
        wanted = [n for n in with_expected(outcomes) if n in outcomes or n in self.outcomes]
        table = self.runs if self.store is None else self.store.outcomes(names, wanted)
        if table is None or table.num_rows == 0:
            raise StoreError("there are no runs to compare", remedy="Run 'panj batch' first.")
        return read_samples(table, names, outcomes)

    def districts(self, names: Sequence[str]) -> pa.Table | None:
        """Counts of each run by district, if the source has them."""
        if self.by_district is not None or self.store is None:
            return self.by_district
        if "districts" not in self.store.tables:
            return None
        return self.store.districts(names, DISTRICT_COLUMNS)

    def incidents(self, name: str, columns: Sequence[str]) -> pa.Table | None:
        """The incidents of a scenario, if the source has them."""
        if self.store is None or "incidents" not in self.store.tables:
            return None
        return self.store.incidents([name], columns)

    @cached_property
    def ground(self) -> Ground:
        """The ground that all scenarios share. Raises as :func:`shared_ground` does."""
        return self.given_ground or shared_ground(self.specs)

    def drawn_from(self, folder: Path) -> bool | None:
        """Whether the runs draw from the calibration in a folder; ``None`` without draws."""
        if self.posterior is None:
            return None
        fitted, drawn = Posterior.read(folder).first(len(self.posterior.draws)), self.posterior
        names = [parameter.name for parameter in drawn.lasting]
        known = {parameter.name for parameter in fitted.parameters}
        return known.issuperset(names) and all(
            fitted.column(name) == drawn.column(name) for name in names
        )


def open_source(
    results: Results, districts: pa.Table | None = None, ground: Ground | None = None
) -> Source:
    """The source for anything that can be compared.

    A table has one row per run (``scenario``, ``replicate``, outcomes), or one per run and
    district, which are added up. Raises :class:`~sim.errors.StoreError` for anything else.
    """
    import pyarrow as pa

    if isinstance(results, Source):
        return results
    if isinstance(results, str | Path):
        results = open_path(Path(results))
    if isinstance(results, pa.Table):
        if districts is None and "district" in results.column_names:
            results, districts = _summed(results), results
        names = tuple(scenario_names(results))
        origins = _origins_by_name(names)
        plain = tuple(name for name in names if name not in origins)
        return Source(
            plain, tuple(outcome_names(results)), runs=results, by_district=districts,
            given_ground=ground, origins=origins,
        )  # fmt: skip
    origins = getattr(results, "origins", {})
    return Source(
        tuple(name for name in results.scenarios if name not in origins),
        tuple(results.outcome_names), results.scenarios, results.posterior, _provenance(results),
        results, None, districts, ground, origins,
    )  # fmt: skip


def _origins_by_name(names: Sequence[str]) -> dict[str, Origin]:
    """The structural variants in a table, recognised by their names."""
    origins = {}
    for name in names:
        scenario, at, variant = name.partition(AT)
        if at and scenario in names:
            word = variant.replace("_", " ")
            origins[name] = Origin(scenario, Variant(variant, {}, word, word, f"under {word}"))
    return origins


def open_path(path: Path) -> Store | pa.Table:
    """A store, or a Parquet file or folder in the shape of its outcomes.

    Raises :class:`~sim.errors.StoreError` for anything else.
    """
    from sim.runs.catalogue import is_store
    from sim.runs.store import Store

    if is_store(path):
        return Store.open(path)
    import pyarrow as pa
    from pyarrow import dataset

    if not path.exists():
        raise StoreError("there is no such store", path=path, remedy=_WANTED)
    try:
        table = dataset.dataset(path, format="parquet").to_table()
    except (pa.ArrowException, OSError, UnicodeError) as error:
        kind = f"a {path.suffix[1:].upper()} file" if path.is_file() and path.suffix else "this"
        raise StoreError(
            f"{kind} is neither a store nor a Parquet file", path=path, remedy=_WANTED
        ) from error
    if table.num_columns == 0:
        raise StoreError("it is empty", path=path, remedy="'panj batch' writes a store.")
    return table


def outcome_names(table: pa.Table) -> list[str]:
    """The numeric columns that are not keys, in the order of the table."""
    import pyarrow.types as kinds

    return [
        field.name
        for field in table.schema
        if field.name not in KEYS
        and (kinds.is_integer(field.type) or kinds.is_floating(field.type))
    ]


def shared_ground(scenarios: Mapping[str, Scenario]) -> Ground:
    """The ground that scenarios share; the shipped one if there are no scenarios.

    Raises :class:`~sim.errors.StoreError` for two grounds, whose runs cannot be paired.
    """
    grounds = {spec.ground: name for name, spec in scenarios.items()}
    if len(grounds) > 1:
        (a, one), (b, other), *_ = grounds.items()
        raise StoreError(
            f"{one} plays on {a!r} and {other} on {b!r}: runs on two grounds cannot be paired",
            remedy="Compare scenarios of one ground.",
        )
    return next(iter(grounds), None) or Ground.default()


def check_horizon(scenarios: Mapping[str, Scenario]) -> None:
    """Raise :class:`~sim.errors.StoreError` if the horizons differ by more than a day."""
    ordered = sorted(scenarios, key=lambda name: scenarios[name].days)
    short, long = (scenarios[name].days for name in (ordered[0], ordered[-1]))
    if long - short > 1.5:
        raise StoreError(
            f"{ordered[0]} runs for {short:g} and {ordered[-1]} for {long:g} days: what adds "
            "up over them cannot be compared",
            remedy="Compare scenarios of equal length; --scenarios selects some of a store.",
        )


def terms_of(
    scenarios: Mapping[str, Scenario], *, titles: bool = False, ground: Ground | None = None
) -> Terms:
    """The terms for scenarios and their runs: a run is a "year" if all last for one.

    ``titles`` uses the titles of the scenarios in place of their names.
    """
    days = {spec.days for spec in scenarios.values()}
    year = bool(days) and all(abs(each - 365.0) < 1.5 for each in days)
    labels = {name: s.title for name, s in scenarios.items() if s.title} if titles else {}
    shared = days.pop() if len(days) == 1 else None
    return Terms(labels, "year" if year else "run", ground or shared_ground(scenarios), shared)


def _summed(table: pa.Table) -> pa.Table:
    """The sums over the districts of each run."""
    require_columns(table, DISTRICT_COLUMNS, "districts")
    keys: list[str] = [name for name in KEYS if name in table.column_names]
    sums: list[Any] = [(name, "sum") for name in _SUMMED]
    runs = table.group_by(keys, use_threads=False).aggregate(sums)
    return runs.rename_columns([name.removesuffix("_sum") for name in runs.column_names])


def _provenance(store: Store) -> Provenance | None:
    manifest = getattr(store, "manifest", None)
    if manifest is None:
        return None
    return Provenance(
        manifest.root, manifest.digests, manifest.made_with, manifest.history, manifest.mixed,
        store.complete,
    )  # fmt: skip
