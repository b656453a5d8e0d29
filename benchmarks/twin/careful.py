"""The twin as one would write it who knows what a step costs.

Groups come and patrols leave as before, but nobody is asked in vain: a post sleeps until its next
patrol leaves, a patrol is moved only while somebody, or their sign, is in its half section, and
nothing is shuffled, since the order in which patrols look decides nothing.
"""

from __future__ import annotations

from heapq import merge
from operator import attrgetter

from benchmarks.twin.agents import Patrol, Post, Sortie
from benchmarks.twin.coupled import CoupledTwin
from benchmarks.twin.model import TickTwin


class CarefulTwin(TickTwin):
    """The twin that steps only who may matter; patrols look before groups move on."""

    def send_out(self) -> None:
        """Posts hand their departures to the model, which keeps them by time, and leave."""
        super().send_out()
        posts = list(self.agents_by_type[Post])
        streams = [merge([post.next_sortie], post.sorties, key=_AT) for post in posts]
        self._departures = merge(*streams, key=_AT)
        self._next_sortie = next(self._departures)
        for post in posts:
            post.remove()

    def step(self) -> None:
        """Patrols leave, groups come; then those look who may see, and groups move on."""
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
        """Send out one patrol; those of its half section that came home meanwhile are forgotten."""
        for patrol in list(sortie.half.patrols):
            if self._walked_before(patrol) >= sortie.half.way_km:
                patrol.remove()
        Patrol(self, sortie)

    def _look(self, patrol: Patrol) -> None:
        """Bring a patrol to where it is by now, if it is not home yet."""
        before = self._walked_before(patrol)
        if before < patrol.half.way_km:
            patrol.walked_km = max(before, 0.0)
            patrol.walk_to(patrol.speed * (self.now - patrol.left_at))

    def _walked_before(self, patrol: Patrol) -> float:
        """How far a patrol would have walked by the last step, were its way endless."""
        return patrol.speed * (self.now - self.dt - patrol.left_at)


class CarefulCoupledTwin(CarefulTwin, CoupledTwin):
    """The careful twin on the chance of a run of Panj."""


_AT = attrgetter("at")
