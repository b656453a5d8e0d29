"""The twin written with the cost of a step in mind.

Groups come and patrols leave as before, but no agent is stepped in vain: a post sleeps until its
next patrol leaves, a patrol moves only while somebody, or their sign, is in its half section, and
nothing is shuffled, since the order in which patrols look has no effect.
"""

from __future__ import annotations

from heapq import merge
from operator import attrgetter

from benchmarks.twin.agents import Patrol, Post, Sortie
from benchmarks.twin.coupled import CoupledTwin
from benchmarks.twin.model import TickTwin


class CarefulTwin(TickTwin):
    """A twin that steps only relevant agents; patrols look before groups move on."""

    def send_out(self) -> None:
        """Move the departures of all posts into one list by time, and remove the posts."""
        super().send_out()
        posts = list(self.agents_by_type[Post])
        streams = [merge([post.next_sortie], post.sorties, key=_AT) for post in posts]
        self._departures = merge(*streams, key=_AT)
        self._next_sortie = next(self._departures)
        for post in posts:
            post.remove()

    def step(self) -> None:
        """Patrols leave and groups come; then patrols that may see look, and groups move on."""
        self.now = self.steps * self.dt
        while self._next_sortie.at <= self.now:
            self._let_leave(self._next_sortie)
            self._next_sortie = next(self._departures)
        self.let_groups_come()
        left = [agents for kind, agents in self.agents_by_type.items() if kind is not Patrol]
        for half in dict.fromkeys(who.half for agents in left for who in agents):
            for patrol in list(half.patrols):
                self._look(patrol)
        for agents in left:
            agents.do("step")

    def _let_leave(self, sortie: Sortie) -> None:
        """Send out one patrol; remove those of its half section that have come home."""
        for patrol in list(sortie.half.patrols):
            if self._walked_before(patrol) >= sortie.half.way_km:
                patrol.remove()
        Patrol(self, sortie)

    def _look(self, patrol: Patrol) -> None:
        """Move a patrol to its present place and let it look, unless it is home."""
        before = self._walked_before(patrol)
        if before < patrol.half.way_km:
            patrol.walked_km = max(before, 0.0)
            patrol.walk_to(patrol.speed * (self.now - patrol.left_at))

    def _walked_before(self, patrol: Patrol) -> float:
        """How far a patrol would have walked by the last step on an endless path."""
        return patrol.speed * (self.now - self.dt - patrol.left_at)


class CarefulCoupledTwin(CarefulTwin, CoupledTwin):
    """The careful twin with the draws of a run of Panj."""


_AT = attrgetter("at")
