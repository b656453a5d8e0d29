"""What agents may ask of the world they live in; the model fills it."""

from typing import TYPE_CHECKING

from sim.engine.world import World
from sim.incidents.records import Incident

if TYPE_CHECKING:
    from sim.agents.cells import MilitantCell
    from sim.agents.command import Command
    from sim.agents.dispatch import Dispatch
    from sim.agents.host_state import HostState
    from sim.agents.passage import Passage
    from sim.agents.posts import BorderPost
    from sim.agents.sectors import Sector
    from sim.agents.smugglers import Rumours
    from sim.agents.villages import Village
    from sim.agents.worksites import Worksite
    from sim.frontier.season import Calendar
    from sim.scenario.spec import Scenario


class Frontier(World):
    """The frontier as its agents see it: places in order of chainage, institutions, calendar."""

    spec: "Scenario"
    calendar: "Calendar"
    sectors: "tuple[Sector, ...]"
    posts: "list[BorderPost]"
    villages: "list[Village]"
    worksites: "list[Worksite]"
    cells: "list[MilitantCell]"
    command: "Command"
    dispatch: "Dispatch"
    host_state: "HostState"
    rumours: "Rumours"
    passages: "dict[str, Passage]"

    def sector_at(self, km: float) -> "Sector":
        """The district that holds chainage ``km``."""
        raise NotImplementedError

    def post_at(self, km: float) -> "BorderPost":
        """The post whose section holds chainage ``km``."""
        raise NotImplementedError

    def village_near(self, km: float) -> "Village | None":
        """The village nearest to chainage ``km``."""
        raise NotImplementedError

    def announce(self, incident: Incident) -> None:
        """An incident is over: it is reported or not, written down, and heard of."""
        raise NotImplementedError
