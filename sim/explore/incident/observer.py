"""Observes one group or plan through a run: who could notice it, and what decided each step.

The observer stops the model between its events and reads it. It draws, plans and changes nothing,
so the run is the same as without it (like the story of the viewer).
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nextafter
from typing import TYPE_CHECKING, Any, Final

from sim.agents.detection import DetectionChance
from sim.agents.passage import Passage
from sim.explore.incident.conditions import (
    PATROLS,
    READINESS,
    TRUST,
    conditions_at,
    teams_near,
)
from sim.explore.incident.story import Cause, Step

if TYPE_CHECKING:
    from sim.explore.incident.plans import Choice
    from sim.explore.incident.worlds import World
    from sim.model import BorderModel

SEEN: Final = {
    "patrol": ("a patrol saw the group", "a patrol came by and did not see it"),
    "watch": ("the watch of a post saw the group", "the watch of a post did not see it"),
    "camera": ("a camera showed the group", "no camera showed it"),
    "uav": ("an aircraft saw the group", "no aircraft saw it"),
    "sign": ("a patrol found its sign", "a patrol passed over its sign and missed it"),
    "word of it": ("a village sent word of the crossing", "no word of the crossing came"),
    "strangers": ("a village sent word of strangers", "no word of strangers came"),
}
"""Words for a look that noticed the group, and for one that did not."""


class _Passages(dict[str, Passage]):
    """The crossings of a model; calls back when one begins, before anybody has looked."""

    def __init__(self, passages: dict[str, Passage], identity: str, begun: Callable[[Any], None]):
        super().__init__(passages)
        self._identity, self._begun = identity, begun

    def __setitem__(self, identity: str, passage: Passage) -> None:
        super().__setitem__(identity, passage)
        if identity == self._identity:
            self._begun(passage)

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy has an ordinary dictionary."""
        return dict, (), None, None, iter(self.items())


class Observer:
    """One run of a world, observed for one group or plan.

    ``steps`` are those up to the end of the crossing that the log does not record. ``passage`` is
    the crossing, if there was one. ``teams`` are the conditions of the teams when each alarm was
    heard, ``at_target`` those of the target when it was struck. ``waits`` is the chance that guards
    who saw the group hold off, ``choice`` what a cell weighed.
    """

    def __init__(self, world: World, origin: str) -> None:
        self.world, self.origin = world, origin
        self.model: BorderModel = world.begin()
        self.model.passages = _Passages(self.model.passages, origin, self._on_crossing)
        self.passage: Passage | None = None
        self.steps: list[Step] = []
        self.teams: dict[str, tuple[Cause, ...]] = {}
        self.at_target: tuple[Cause, ...] = ()
        self.choice: Choice | None = None
        self._looked_until = 0.0
        self._standing: tuple[Cause, ...] = ()
        self.waits = 0.0

    # -- the course of the run ----------------------------------------------------------------

    def reach(self, at: float) -> None:
        """Run to just before an instant."""
        self.world.advance(self.model, nextafter(at, -inf))

    def follow(self, over: Callable[[], bool], look: Callable[[], None] | None = None) -> None:
        """Run event by event until ``over`` is true; call ``look`` before each event."""
        model = self.model
        while not over() and (at := model.agenda.next_time()) is not None:
            if at > model.spec.days:
                return
            due = self.world.changes_at(model)
            at = at if due is None else min(at, due)
            self._before(at)
            if look is not None:
                look()
            self.world.advance(model, max(at, nextafter(model.now, inf)))
            self._after()

    def finish(self) -> None:
        """Run to the end."""
        self.follow(self._crossing_over)
        self.world.advance(self.model, self.model.spec.days)

    def _crossing_over(self) -> bool:
        return self.passage is None or self.origin not in self.model.passages

    def _before(self, at: float) -> None:
        if self.passage is None or self.origin not in self.model.passages:
            return
        if not self.passage.shadowed and self.passage.ending is None:
            self.waits = self.passage.detection.post.sector.rules.wait
        self._look(self.passage, at)
        self._standing = teams_near(self.model, self.passage)

    def _after(self) -> None:
        call = None if self.passage is None else self.passage.call
        if call is not None and call.identity not in self.teams and call.heard_at is not None:
            self.teams[call.identity] = self._standing

    # -- who might notice the group -----------------------------------------------------------

    def _on_crossing(self, passage: Passage) -> None:
        """Record who could notice the group as it enters the water."""
        self.passage, now = passage, passage.crossed_at
        self._looked_until = nextafter(now, -inf)
        self.waits = passage.detection.post.sector.rules.wait
        causes = conditions_at(self.model, passage.sector, now)
        what = f"the {passage.intruders.actor} crossed, {passage.size} of them"
        self.steps.append(
            Step("crosses", now, what, f"{passage.km:.3f} {passage.size}", causes=causes)
        )  # fmt: skip
        self._standing = teams_near(self.model, passage)
        for look in passage.detection.layer_chances():
            wanted = TRUST if look.cue == "tip" else READINESS
            self.steps.append(
                self._step(look, conditions_at(self.model, passage.sector, now, wanted))
            )
        self._look(passage, now)

    def _look(self, passage: Passage, until: float) -> None:
        """Record the patrols that pass before the next event."""
        if until <= self._looked_until:
            return
        post = passage.detection.post.sector
        known, gone = passage.detected_at is not None, passage.ending is not None
        for look in passage.detection.patrol_chances(self._looked_until, until):
            could = not passage.shadowed if look.cue == "patrol" else not known
            if could and not gone:
                causes = conditions_at(self.model, post, self.model.now, PATROLS, READINESS)
                self.steps.append(self._step(look, causes))
            elif could and look.cue == "sign" and look.noticed:
                self.steps.append(
                    self._step(look, conditions_at(self.model, post, self.model.now, PATROLS))
                )
        self._looked_until = until

    def _step(self, look: DetectionChance, causes: tuple[Cause, ...]) -> Step:
        kind = look.layer if look.layer in SEEN else look.cue
        words = SEEN[kind][not look.noticed]
        return Step(f"look {look.layer}", look.at, words,
                    "noticed" if look.noticed else "missed", quiet=not look.noticed,
                    chance=min(look.chance, 1.0), luck=look.luck, causes=causes)  # fmt: skip
