"""One replicate of a scenario: its seed, its draw of the uncertain parameters, and its result."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.errors import OutcomeError, PanjError
from sim.measures.outcome import Number, Outcome
from sim.measures.registry import outcomes_on
from sim.measures.user_defined import user_outcomes
from sim.runs.structure import Variant, draw_values

if TYPE_CHECKING:
    from sim.incidents.records import Incident
    from sim.model import BorderModel
    from sim.runs.posterior import Posterior
    from sim.scenario.spec import Scenario

type Simulate = Callable[[Scenario, int, Sequence[str]], Run]
"""From a scenario, a seed and the names of the tables to keep to a run."""

PROCESS_DIED: Final = ("process", "the process that ran it died", None)
"""The failure of a run that ends the process that runs it."""


@dataclass(frozen=True)
class Run:
    """What is kept of one run: its numbers, or where and how it failed."""

    replicate: int
    seed: int
    outcomes: Mapping[str, Number] = field(default_factory=dict)
    districts: Sequence[Mapping[str, Number | str]] = ()
    incidents: Sequence[Incident] = ()
    failure: tuple[str, str, str | None] | None = None
    """Stage, message and traceback."""
    draw: int | None = None
    """The number of the draw of a posterior that it was run with."""

    @property
    def status(self) -> str:
        """``done`` or ``failed``."""
        return "done" if self.failure is None else "failed"


class RunKey(NamedTuple):
    """Which run of a scenario: what determines its seed, its draw and its variant of the model."""

    replicate: int
    root: int
    posterior: Posterior | None = None
    variant: Variant | None = None

    def empty_run(self, failure: tuple[str, str, str | None] | None = None) -> Run:
        """The run without results: replicate, seed and draw, and how it failed if it did."""
        if self.posterior is None:
            return Run(self.replicate, seed_of(self.replicate, self.root), failure=failure)
        seed = seed_of(self.posterior.seed_replicate(self.replicate), self.root)
        draw = self.posterior.draw_of(self.replicate)
        return Run(self.replicate, seed, failure=failure, draw=draw)

    def drawn(self, scenario: Scenario) -> Scenario:
        """The scenario as it is run: with the draw's values, except where the variant sets them."""
        from sim.scenario.values import with_overrides

        if self.posterior is None:
            return scenario
        draw = self.posterior.draw_of(self.replicate)
        values = draw_values(self.posterior, scenario, draw, self.variant)
        # The name in a store may be one that no file may have ("a@b", "a~1f3c").
        plain = scenario.model_copy(update={"name": "drawn"})
        return with_overrides(plain, values).model_copy(update={"name": scenario.name})


def seed_of(replicate: int, root: int = 0) -> int:
    """The seed of a replicate, 0..2^63-1: the same in every scenario, so that runs are paired.

    A hash, not a sum: batches with neighbouring roots share no seeds.
    """
    mixed = blake2b(f"{root}/{replicate}".encode("ascii"), digest_size=8).digest()
    return int.from_bytes(mixed, "big") >> 1


def simulate(
    scenario: Scenario, seed: int, keep: Sequence[str], model: type[BorderModel] | None = None
) -> Run:
    """Run a scenario once, in Panj's model or in ``model``; ``replicate`` is left at 0.

    An exception becomes a failed run with its stage (``build``, ``run`` or ``outcomes``). Only an
    error in a user-defined outcome is raised, as :class:`~sim.errors.OutcomeError`: it would
    occur in every run.
    """
    from sim.incidents.records import Incident
    from sim.model import BorderModel

    stage = "build"
    try:
        world = (model or BorderModel)(scenario, seed=seed)
        stage = "run"
        world.run()
        stage = "outcomes"
        return Run(
            replicate=0,
            seed=seed,
            outcomes=_checked(world.outcomes(), (*outcomes_on(scenario.ground), *user_outcomes())),
            districts=world.district_table() if "districts" in keep else (),
            incidents=world.log[Incident] if "incidents" in keep else (),
        )
    except OutcomeError:
        raise
    except Exception as error:  # whatever is wrong with one run, the batch continues
        trace = "".join(traceback.format_exception(error))
        return Run(0, seed, failure=(stage, f"{type(error).__name__}: {error}", trace))


def _checked(row: Mapping[str, Number], outcomes: Iterable[Outcome]) -> Mapping[str, Number]:
    """Refuse a row that its columns cannot hold: Arrow would silently cut 2.5 down to 2."""
    whole = {outcome.name: outcome.whole for outcome in outcomes}
    if row.keys() != whole.keys():
        raise ValueError(f"outcomes differ from those known in {sorted(row.keys() ^ whole.keys())}")
    for name, value in row.items():
        if whole[name] and value is not None and value != int(value):
            raise ValueError(f"{name} is counted, but is {value!r}")
    return row


def run_replicate(
    scenario: Scenario, key: RunKey, keep: Sequence[str], simulate: Simulate = simulate
) -> Run:
    """Run one replicate of a scenario. A failure is returned as a failed run."""
    try:
        scenario = key.drawn(scenario)
    except PanjError as error:
        return key.empty_run(("parameters", f"{type(error).__name__}: {error}", None))
    empty = key.empty_run()
    run = simulate(scenario, empty.seed, keep)
    return replace(run, replicate=empty.replicate, draw=empty.draw)
