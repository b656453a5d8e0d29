"""What may be warned of: an attack, a deadly one, an armed group that crosses."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sim.explore.alerts.observer import YearEvents
from sim.incidents.kinds import INCIDENTS
from sim.incidents.records import Incident
from sim.registry import Registry

type Occurrence = tuple[float, str, str]
"""An instant, the name of a district, and the operation."""


@dataclass(frozen=True)
class Event:
    """Something to be warned of; ``one`` and ``many`` are what it is called."""

    name: str
    one: str
    many: str
    of: Callable[[YearEvents], Iterable[Occurrence]]

    def first(self, lived: YearEvents) -> list[Occurrence]:
        """The first of each operation, in their order.

        A party that strikes and is met on its way back makes two incidents, and one attack that
        several cells join makes more: a warning that comes between them warns of nothing.
        """
        found: dict[str, Occurrence] = {}
        for happened in sorted(self.of(lived)):
            found.setdefault(happened[2], happened)
        return sorted(found.values())


def operation(identity: str, kind: str = "") -> str:
    """The operation that an incident or a crossing belongs to, the same in every world."""
    return identity.removesuffix(f"/{kind}").removesuffix("+joint")


def _struck(incident: Incident) -> bool:
    kind = INCIDENTS[incident.kind]
    return incident.is_attack and (kind.raid or bool(kind.blow))


def _incidents(which: Callable[[Incident], bool]) -> Callable[[YearEvents], Iterator[Occurrence]]:
    def of(lived: YearEvents) -> Iterator[Occurrence]:
        return (
            (i.at, i.district, operation(i.identity, i.kind)) for i in lived.incidents if which(i)
        )

    return of


EVENTS: Final = Registry(
    "event to be warned of",
    Event("attack", "attack", "attacks", _incidents(_struck)),
    Event(
        "deadly",
        "deadly attack",
        "deadly attacks",
        _incidents(lambda i: i.is_attack and i.victims > 0),
    ),
    Event(
        "crossing", "crossing by militants", "crossings by militants", lambda lived: lived.crossings
    ),
)
"""``attack``: a post, a worksite or a village was struck. ``deadly``: militants killed a guard, a
worker or a villager, wherever they met. ``crossing``: a party of militants came over the line."""
