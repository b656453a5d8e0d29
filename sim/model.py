"""The model of one run: built from a scenario and a seed, run to any day, read at any time."""

from bisect import bisect_right
from collections.abc import Callable
from copy import deepcopy
from hashlib import blake2b
from numbers import Integral
from pathlib import Path
from typing import ClassVar, Final, Self

from sim.agents.accounts import accounts_so_far, spans
from sim.agents.cells import MilitantCell
from sim.agents.command import Command
from sim.agents.dispatch import Dispatch
from sim.agents.false_alarms import FalseAlarms
from sim.agents.frontier import FrontierAgent
from sim.agents.host_state import HostState
from sim.agents.passage import Passage
from sim.agents.patrols import Patrol
from sim.agents.plan_forecast import NO_HARM, Harm
from sim.agents.posts import BorderPost
from sim.agents.regimes import YEAR_DAYS, Regimes
from sim.agents.reporting import reported
from sim.agents.rumours import Rumours
from sim.agents.sectors import Sector
from sim.agents.targets import Target
from sim.agents.teams import ResponseTeam
from sim.agents.traffic import Traffic
from sim.agents.villages import Village
from sim.agents.worksites import Worksite
from sim.engine.agenda import LAST
from sim.engine.branching_draws import BranchingDraws
from sim.engine.whole_numbers import as_seed
from sim.engine.world import World
from sim.errors import PanjError
from sim.frontier.ground import Ground
from sim.frontier.places import (
    PostSite,
    cell_homes,
    post_sites,
    team_bases,
    village_sites,
    work_sites,
)
from sim.frontier.season import Calendar, calendar_for
from sim.incidents.narrative import notable, sentence
from sim.incidents.records import Accounts, Expectation, Incident
from sim.measures.registry import district_rows, headline_rows, outcome_row, outcomes_on
from sim.measures.run_view import RunView
from sim.measures.user_defined import user_outcome_row
from sim.notebook_card import card
from sim.scenario.field import Section
from sim.scenario.load import to_scenario
from sim.scenario.merge import merged
from sim.scenario.mid_run import check_change
from sim.scenario.overrides import Overrides, nested
from sim.scenario.spec import Scenario
from sim.scenario.values import with_overrides

_GRAVEST: Final = 3
"""Number of incidents that a notebook shows of a run."""


def add_cells(model: "BorderModel") -> None:
    """Add the militant cells, each at its home."""
    for home in cell_homes(model.spec):
        name = f"cell/{model.ground.slugs[home.district]}/{home.number}"
        model.cells.append(MilitantCell(model, name, home))
        model.cells[-1].start()


def add_flow(model: "BorderModel") -> None:
    """Add the sources of smuggling groups and false alarms."""
    for district in model.ground.districts:
        for source in (Traffic(model, district), FalseAlarms(model, district)):
            model.sources.append(source)
            source.start()


class BorderModel(World):
    """One run of one scenario.

    Parameters
    ----------
    spec
        The scenario: from ``sim.load``, a shipped one by name, or the path of a file.
    overrides
        Other values, as in ``sim.load``: ``{"patrols.size": 6}``. Keyword arguments
        (``**{"patrols.size": 6}``, as from ``mesa.batch_run``) override them. A whole number here
        is the seed.
    seed
        0..2^63-1; the same seed in two scenarios gives paired runs. ``None`` draws a random one,
        which the attribute ``seed`` holds.

    A Mesa model: ``agents``, ``agents_by_type``, ``step`` (a day), ``run_until``,
    ``schedule_event`` and a ``DataCollector`` in ``datacollector`` work as in any other. Until one
    is set, ``datacollector`` holds the outcomes so far.

    Raises :class:`~sim.errors.PanjError` for an invalid scenario, value or seed.
    """

    populations: ClassVar[tuple[Callable[["BorderModel"], None], ...]] = (add_cells, add_flow)
    """Called with the model once posts, teams and command exist, to add agents. A subclass adds its
    own."""

    shared = (Section, Ground, Calendar)

    def __init__(
        self,
        spec: Scenario | str | Path,
        overrides: Overrides | int = (),
        seed: int | None = 1,
        **values: object,
    ) -> None:
        if isinstance(overrides, int | Integral):
            overrides, seed = (), as_seed(overrides)
        spec = to_scenario(spec, merged(nested(overrides), nested(values)))
        seed = as_seed(seed)
        super().__init__(seed)
        self.spec = spec
        self.ground = spec.ground
        self.seed = seed
        self.calendar = calendar_for(spec.ground, spec.start, spec.days)
        self.rumours = Rumours(spec.smugglers)
        self.regimes = Regimes(self.draws)
        self.eras: tuple[tuple[float, Scenario], ...] = ((0.0, spec),)
        self.ledger: dict[str, Expectation] = {}
        self.luck = NO_HARM
        self.sources: list[Traffic | FalseAlarms] = []
        self.passages: dict[str, Passage] = {}
        self.cells: list[MilitantCell] = []
        self._build_places()
        self._build_institutions()
        for populate in self.populations:
            populate(self)
        self._horizon = self.agenda.at(spec.days, self.on_horizon, priority=LAST)
        self.agenda.at(YEAR_DAYS, self.on_new_year)

    # -- building -------------------------------------------------------------------------

    def _build_places(self) -> None:
        self.sectors = tuple(Sector(district, self.spec) for district in self.ground.districts)
        self.posts = [self._build_post(site) for site in post_sites(self.spec)]
        self._section_ends = [post.east_km for post in self.posts[:-1]]
        self.villages = [
            Village(
                self,
                f"village/{self.ground.slugs[place.district]}/{place.number}",
                place.km,
                place.depth_km,
                self.sectors[place.district],
            )
            for place in sorted(village_sites(self.spec))
        ]
        self._village_km = [village.km for village in self.villages]
        self.worksites = [
            Worksite(self, f"site/{self.ground.slugs[place.district]}/{place.number}", place)
            for place in work_sites(self.spec)
        ]
        self.targets: list[Target] = [*self.worksites, *self.posts, *self.villages]

    def _build_post(self, site: PostSite) -> BorderPost:
        name = f"{self.ground.slugs[site.district]}/{site.number}"
        sector = self.sectors[site.district]
        post = BorderPost(self, f"post/{name}", site.km, site.west_km, site.east_km, sector)
        Patrol(self, f"patrol/{name}", post)
        return post

    def _build_institutions(self) -> None:
        self.dispatch = Dispatch(self)
        self.host_state = HostState(self)
        self.host_state.start()
        self._raise_teams()
        self.command = Command(self)
        self.command.start()

    def _raise_teams(self) -> None:
        """Make the teams that are missing, and base the standing ones where they belong."""
        teams = {team.identity: team for team in self.dispatch.teams}
        raised: list[ResponseTeam] = []
        for base in team_bases(self.spec):
            name = f"team/{self.ground.slugs[base.district]}/{base.number}"
            if name in teams:
                teams[name].km = base.km
            else:
                raised.append(ResponseTeam(self, name, base.km))
        for n in range(self.spec.teams.reserve):
            name, sector = f"team/reserve/{n}", self.sectors[(n * 5 + 6) % len(self.sectors)]
            if name not in teams:
                raised.append(ResponseTeam(self, name, sector.middle_km, reserve=True))
        self.dispatch.teams += raised
        for team in raised:
            self.dispatch.on_free(team)

    # -- changes in the middle of a run ---------------------------------------------------

    def change(self, to: Scenario | Overrides) -> None:
        """Continue under another scenario from this instant; the past stays as it was.

        ``to`` is a scenario, or overrides of the present one such as
        ``{"alert.policy": "triggered"}``. ``docs/forks.md`` says what happens to planned events.

        Raises :class:`~sim.errors.PanjError` for a run that is over, for a value that is not
        allowed, and with every key that cannot change in the middle of a run; nothing changes then.
        """
        now, before = self.now, self.spec
        if now >= before.days:
            raise PanjError(
                f"the run is over: it is day {now:g} of {before.days:g}",
                remedy="Fork or change a model that has not ended.",
            )
        if not isinstance(to, Scenario):
            to = nested(to)
        if not to:
            return
        after = to if isinstance(to, Scenario) else with_overrides(before, to)
        changes = check_change(before, after, now)
        self.spec = after
        if changes:
            eras = [era for era in self.eras if era[0] < now]
            self.eras = (*eras, (now, after))
            self._adopt(before)

    def _adopt(self, before: Scenario) -> None:
        """Apply the new scenario: to places first, then to agents, then to events to come."""
        spec, now = self.spec, self.now
        self.calendar = calendar_for(spec.ground, spec.start, spec.days)
        self._horizon.cancel()
        self._horizon = self.agenda.at(spec.days, self.on_horizon, priority=LAST)
        for sector in self.sectors:
            sector.adopt(now, spec)
        self.rumours.adopt(now, spec.smugglers)
        self._raise_teams()
        for agent in list(self.agents):
            if isinstance(agent, FrontierAgent):
                agent.adopt(before)
        for source in self.sources:
            source.adopt()
        for sector in self.sectors:
            for watcher in list(sector.watchers.values()):
                watcher()

    def fork(self, to: Scenario | Overrides = ()) -> Self:
        """A copy with the same past that continues under another scenario.

        ``to`` and errors are as in :meth:`change`. This model stays as it is; the two are
        independent. A fork into the same scenario is a copy.
        """
        other = deepcopy(self)
        other.change(to)
        return other

    def branch(self, name: str) -> None:
        """Continue with another future, drawn under ``name``; the past stays as it was.

        Plans that were drawn but not made are drawn again too. Raises ``TypeError`` for a model
        whose draws cannot branch (:mod:`sim.engine.branching_draws`).
        """
        if not isinstance(self.draws, BranchingDraws):
            raise TypeError(f"{type(self.draws).__name__} cannot branch: they remember nothing")
        self.draws.branch(name)
        for cell in self.cells:
            cell.planning.renew()

    # -- places ---------------------------------------------------------------------------

    def sector_at(self, km: float) -> Sector:
        """The district that holds chainage ``km``."""
        return self.sectors[self.ground.district_at(km)]

    def post_at(self, km: float) -> BorderPost:
        """The post whose section holds chainage ``km``."""
        return self.posts[bisect_right(self._section_ends, km)]

    def village_near(self, km: float) -> Village | None:
        """The village nearest to chainage ``km``, or ``None`` where there are no villages."""
        if not self.villages:
            return None
        kms = self._village_km
        right = min(bisect_right(kms, km), len(kms) - 1)
        left = max(right - 1, 0)
        return self.villages[left if km - kms[left] <= kms[right] - km else right]

    # -- events ---------------------------------------------------------------------------

    def dissolve(self, cell: MilitantCell) -> None:
        """Remove a cell."""
        self.cells.remove(cell)

    def expect(self, expectation: Expectation) -> None:
        """Write down the expected harm of an encounter before it is decided, once."""
        if expectation.identity in self.ledger:
            raise ValueError(f"{expectation.identity} is decided twice")
        self.ledger[expectation.identity] = expectation

    def add_luck(self, luck: Harm) -> None:
        """Add luck: harm forecast above its mean by what chance decided, by column of incidents."""
        self.luck = self.luck + luck

    def announce(self, incident: Incident) -> None:
        """An incident is over: report it or not, write it down, and inform command."""
        incident = reported(self.draws, self.spec.reporting, incident)
        self.record(incident)
        if incident.killed_villagers + incident.wounded_villagers > 0:
            self.sector_at(incident.km).lose_trust(self.agenda.now)
        self.command.on_incident(incident)

    def on_new_year(self) -> None:
        """The new year may have another regime, in which cells plan sooner."""
        for cell in self.cells:
            cell.replan()
        self.agenda.at(self.now + YEAR_DAYS, self.on_new_year)

    def on_horizon(self) -> None:
        """The run ends: write what is still open as open."""
        for cell in self.cells:
            cell.planning.stop()
        for passage in list(self.passages.values()):
            passage.write()
        self.dispatch.write_open()
        self.running = False

    def run_until(self, end_time: float) -> None:
        """Run all events up to day ``end_time``, but none after the horizon."""
        super().run_until(min(end_time, self.spec.days))

    def run(self) -> "BorderModel":
        """Run to the scenario's horizon."""
        self.run_until(self.spec.days)
        return self

    # -- results --------------------------------------------------------------------------

    def summary(self) -> dict[str, float | int | None]:
        """What Mesa's tools read where nobody collects data: the seed and the outcomes so far."""
        return {"seed": self.seed, **self.outcomes()}

    def outcomes(self) -> dict[str, float | int | None]:
        """The outcomes of the run so far: those of the model, then user-defined ones.

        ``sim.outcomes()`` describes them. Raises :class:`sim.errors.OutcomeError` where a
        user-defined one raises or does not return a number.
        """
        run = self._view()
        return outcome_row(run) | user_outcome_row(run)

    def _view(self) -> RunView:
        held = [(span.spec, span.end - span.start) for span in spans(self)]
        luck = self.luck - sum((cell.planning.due() for cell in self.cells), start=NO_HARM)
        return RunView(self.log, self.accounts(), self.spec, held, self.ledger, luck.tolist())

    def __repr__(self) -> str:
        at = f"day {self.now:g} of {self.spec.days:g}"
        return f"<{type(self).__name__} of {self.spec.name}, seed {self.seed}, {at}>"

    def _repr_html_(self) -> str:
        """The card that a notebook shows: day, gravest incidents and headline outcomes so far."""
        incidents = self.log[Incident]
        gravest = [
            sentence(each, self.spec.start, self.ground) for each in notable(incidents, _GRAVEST)
        ]
        where = f"Day {self.now:g} of {self.spec.days:g}, seed {self.seed}"
        many = f"{len(incidents):,} incidents{', the gravest:' if gravest else '.'}"
        title, lines = self.spec.title or self.spec.name, [f"{where}, {many}", *gravest]
        return card(title, lines, rows=headline_rows(self.outcomes()), left=(0, 2))

    def accounts(self) -> Accounts:
        """Effort, levels and readiness of the guarding side so far."""
        return accounts_so_far(self)

    def district_table(self) -> list[dict[str, float | int | str | None]]:
        """Crossings, interdictions and harm by district."""
        return district_rows(self._view())

    def fingerprint(self) -> str:
        """A digest of all records and of the model's outcomes.

        Expected harm did not happen, and is left out.
        """
        happened = [outcome for outcome in outcomes_on(self.ground) if not outcome.mean_of]
        digest = blake2b(digest_size=16)
        digest.update(self.log.fingerprint().encode())
        digest.update(repr(sorted(outcome_row(self._view(), happened).items())).encode())
        return digest.hexdigest()
