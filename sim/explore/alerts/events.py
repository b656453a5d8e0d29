"""The events that an alarm may predict: an attack, a deadly one, a crossing by militants."""

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
    """A kind of event; ``one`` and ``many`` are its words, ``find`` reads it from a year."""

    name: str
    one: str
    many: str
    find: Callable[[YearEvents], Iterable[Occurrence]]

    def occurrences(self, year: YearEvents) -> list[Occurrence]:
        """The first occurrence of each operation, by time.

        A party that strikes and is met on its way back makes two incidents, and one attack that
        several cells join makes more: an alarm that rises between them predicts nothing.
        """
        first: dict[str, Occurrence] = {}
        for occurrence in sorted(self.find(year)):
            first.setdefault(occurrence[2], occurrence)
        return sorted(first.values())


def _struck(incident: Incident) -> bool:
    kind = INCIDENTS[incident.kind]
    return incident.is_attack and (kind.raid or bool(kind.blow))


def _incidents(which: Callable[[Incident], bool]) -> Callable[[YearEvents], Iterator[Occurrence]]:
    def find(year: YearEvents) -> Iterator[Occurrence]:
        return (
            (i.at, i.district, i.identity.removesuffix(f"/{i.kind}").removesuffix("+joint"))
            for i in year.incidents
            if which(i)
        )

    return find


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
        "crossing", "crossing by militants", "crossings by militants", lambda year: year.crossings
    ),
)
"""``attack``: a post, a worksite or a village was struck. ``deadly``: militants killed a guard, a
worker or a villager, wherever they met. ``crossing``: a party of militants came over the line."""
