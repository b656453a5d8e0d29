"""The patrol of a post: where its sorties are at any instant."""

from sim.agents.frontier import Frontier, FrontierAgent, Post


class Patrol(FrontierAgent):
    """The patrol of one post; its sorties are computed from the schedule and not stored."""

    def __init__(self, model: Frontier, identity: str, post: Post) -> None:
        super().__init__(model, identity, post.km)
        self.post = post

    def sorties_out(self, t: float) -> list[float]:
        """Chainages of all sorties out at ``t`` (two may be out at once)."""
        return [km for beat in self.post.beats for km in beat.places(t)]

    def position(self, t: float | None = None) -> tuple[float, float]:
        """Where the sortie that is out is, or the post when none is out."""
        out = self.sorties_out(self.now if t is None else t)
        return (out[-1] if out else self.km), 0.0
