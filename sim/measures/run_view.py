"""What an outcome can read: a run, and lists that several outcomes count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from math import fsum
from statistics import median
from typing import TYPE_CHECKING

from sim.engine.records import Log
from sim.incidents.kinds import ACTORS
from sim.incidents.records import (
    HARM,
    Accounts,
    Alarm,
    Crossing,
    DiplomaticAct,
    Expectation,
    Incident,
)
from sim.precision import single

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario


class RunView:
    """A run so far: ``log`` (records by type), ``accounts`` (effort spent), ``spec``, and lists.

    ``incidents`` are what an agency could report, ``met`` those with smugglers who fought or lost
    somebody to an arrest; ``crossings`` are attempts to cross, ``smuggling`` and ``infiltrating``
    those by people who smuggle or attack; ``alarms`` are true and false. ``seized_kg`` is kg,
    ``delays_h`` are hours from crossing to contact, ``guard_hours`` those on watch, on patrol and
    on call; ``ground`` is that of the scenario. ``spans`` are the scenarios that held, each with
    its days: one scenario, unless the run was forked.

    A crossing counts once it is over, and one that nobody noticed is over only when its sign
    is gone, so before the horizon the last days over-represent crossings that became known.
    """

    def __init__(
        self,
        log: Log,
        accounts: Accounts,
        spec: Scenario,
        spans: Sequence[tuple[Scenario, float]] = (),
        ledger: Mapping[str, Expectation] | None = None,
        luck: Sequence[float] = (0.0,) * len(HARM),
    ) -> None:
        self.log, self.accounts, self.spec = log, accounts, spec
        self.spans = spans or ((spec, accounts.at),)
        self.ground = spec.ground
        self.incidents = log[Incident]
        self._ledger = ledger or {}
        self._luck = luck
        self.met = [
            i for i in self.incidents if ACTORS[i.actor].smuggles and (i.clash or i.detained)
        ]
        self.seized_kg = sum(incident.seized_kg for incident in self.incidents)
        self.crossings = log[Crossing]
        self.smuggling = [c for c in self.crossings if ACTORS[c.actor].smuggles]
        self.infiltrating = [c for c in self.crossings if ACTORS[c.actor].attacks]
        self.delays_h = [
            24.0 * (c.contact_at - c.crossed_at) for c in self.crossings if c.contact_at is not None
        ]
        self.alarms = log[Alarm]
        self.demarches = sum(act.act == "demarche" for act in log[DiplomaticAct])
        self.guard_hours = (
            accounts.watch_guard_hours + accounts.patrol_guard_hours + accounts.on_call_guard_hours
        )

    @cached_property
    def expected(self) -> dict[str, float]:
        """Expected killed and wounded by side, by column of the incidents.

        Each encounter counts as the model's ledger has it, an incident without an entry as it
        happened; the luck of which attacks took place is subtracted, so a sum may be below 0.
        """
        ledger = self._ledger
        rows = [
            *(entry.harm for entry in ledger.values()),
            *(incident.harm for incident in self.incidents if incident.identity not in ledger),
        ]
        sums = map(fsum, zip(*rows, strict=True)) if rows else repeat(0.0)
        return {
            column: total - single(luck)
            for column, total, luck in zip(HARM, sums, self._luck, strict=False)
        }

    def by_district(self) -> dict[str, RunView]:
        """The run in each district; the accounts are those of the whole line."""
        logs: dict[str, Log] = {district.slug: Log() for district in self.ground.districts}
        for crossing in self.crossings:
            logs[crossing.district].add(crossing)
        for incident in self.incidents:
            logs[incident.district].add(incident)
        return {
            slug: RunView(log, self.accounts, self.spec, self.spans) for slug, log in logs.items()
        }


def ratio(part: float, whole: float) -> float | None:
    """``part / whole``; ``None`` for a share of nothing."""
    return part / whole if whole else None


def middle(values: Iterable[float]) -> float | None:
    """The median; ``None`` of nothing."""
    listed = list(values)
    return median(listed) if listed else None
