"""Frozen records of what happened: one type per table, one row per event.

Times are days from the first midnight of the scenario, local time of its ground. ``None`` means
"did not happen". Simulated and reported incidents share :class:`Incident`'s vocabulary.
"""

from typing import Annotated, Literal, NamedTuple

from sim.incidents.kinds import ACTORS, CUES, ENDINGS, INCIDENTS

Actor = Annotated[str, ACTORS]
Kind = Annotated[str, INCIDENTS]
Cue = Annotated[str, CUES]
Ending = Annotated[str, ENDINGS]
"""Names in the registry given beside ``str``."""

SIDES = ("guards", "militants", "smugglers", "workers_chinese", "workers_other", "villagers")
"""Whose dead and wounded are counted, in the order of the columns."""

HARM = tuple(f"{what}_{side}" for what in ("killed", "wounded") for side in SIDES)
"""The columns of killed and wounded, in order."""


class Crossing(NamedTuple):
    """One attempt to cross, recorded when it is over."""

    identity: str
    actor: Actor
    district: str
    km: float
    crossed_at: float
    night: bool
    exposed_hours: float
    size: int
    armed: bool
    load_kg: float
    detected_at: float | None
    cue: Cue | None
    contact_at: float | None
    ending: Ending
    ended_at: float
    struck_at: float | None = None

    @property
    def stopped(self) -> bool:
        """Whether guards stopped it: met attackers before they struck, or took load or people."""
        if ACTORS[self.actor].attacks:
            return self.contact_at is not None and self.struck_at is None
        return ENDINGS[self.ending].stopped


class Incident(NamedTuple):
    """An incident that an agency could report."""

    identity: str
    kind: Kind
    actor: Actor
    clash: bool
    district: str
    km: float
    at: float
    crossed_at: float | None
    detected_at: float | None
    cue: Cue | None
    alarm_at: float | None
    contact_at: float | None
    group_size: int
    killed_guards: int = 0
    killed_militants: int = 0
    killed_smugglers: int = 0
    killed_workers_chinese: int = 0
    killed_workers_other: int = 0
    killed_villagers: int = 0
    wounded_guards: int = 0
    wounded_militants: int = 0
    wounded_smugglers: int = 0
    wounded_workers_chinese: int = 0
    wounded_workers_other: int = 0
    wounded_villagers: int = 0
    detained: int = 0
    escaped: int = 0
    seized_kg: float = 0.0
    seized_arms: int = 0
    target: str | None = None
    reported_at: float | None = None
    reported_actor: Actor | None = None
    depth: float = 0.0
    deliberate: bool = False  # the team surrounded the group and chose the moment

    @property
    def is_attack(self) -> bool:
        """Whether its actors are attackers, with or without a fight."""
        return ACTORS[self.actor].attacks

    @property
    def deaths(self) -> int:
        """People killed on all sides."""
        return sum(getattr(self, f"killed_{side}") for side in SIDES)

    @property
    def victims(self) -> int:
        """Guards, workers and villagers killed, whom the policy should protect."""
        return (
            self.killed_guards
            + self.killed_workers_chinese
            + self.killed_workers_other
            + self.killed_villagers
        )

    @property
    def harm(self) -> tuple[int, ...]:
        """The values of the columns :data:`HARM`."""
        return self[_FIRST : _FIRST + len(HARM)]  # type: ignore[return-value]

    @property
    def killed_intruders(self) -> int:
        """Militants and smugglers killed."""
        return self.killed_militants + self.killed_smugglers


class Expectation(NamedTuple):
    """The expected harm of an encounter, just before its first own draw.

    ``identity`` and ``kind`` are those of the incident to which it may lead; people killed and
    wounded are expected numbers.
    """

    identity: str
    kind: Kind
    killed_guards: float = 0.0
    killed_militants: float = 0.0
    killed_smugglers: float = 0.0
    killed_workers_chinese: float = 0.0
    killed_workers_other: float = 0.0
    killed_villagers: float = 0.0
    wounded_guards: float = 0.0
    wounded_militants: float = 0.0
    wounded_smugglers: float = 0.0
    wounded_workers_chinese: float = 0.0
    wounded_workers_other: float = 0.0
    wounded_villagers: float = 0.0

    @property
    def harm(self) -> tuple[float, ...]:
        """The values of the columns :data:`HARM`."""
        return self[2:]


_FIRST = Incident._fields.index(HARM[0])


class Track(NamedTuple):
    """The path of a group up to its incident: ``(day, km, depth)`` waypoints."""

    identity: str
    waypoints: tuple[tuple[float, float, float], ...]


class Alarm(NamedTuple):
    """A call for a team, true or false, recorded when its fate is known."""

    identity: str
    district: str
    km: float
    at: float
    cue: Cue | Literal["false"]
    fate: Literal["answered", "lost", "unanswered", "open"]
    team: str | None
    heard_at: float | None
    arrived_at: float | None
    released_at: float | None
    left_at: float | None = None
    base_km: float | None = None


class AlertChange(NamedTuple):
    """A district's level from this instant on."""

    at: float
    district: str
    level: str
    cause: str


class SiteClosure(NamedTuple):
    """A worksite evacuated on advisory."""

    site: str
    district: str
    headcount: int
    closed_at: float
    reopens_at: float


class DiplomaticAct(NamedTuple):
    """A demarche, or a term of the joint mechanism."""

    at: float
    act: Literal["demarche", "joint_term"]
    result: Literal["success", "nothing", "backfire"]
    effect_from: float | None
    effect_until: float | None


class Plan(NamedTuple):
    """A decision of a cell; one that refrains does nothing and has no target."""

    identity: str
    cell: str
    at: float
    mode: Literal["infiltration", "drone", "fire", "refrain"]
    target: str
    district: str
    km: float


class Accounts(NamedTuple):
    """Effort and condition of the guarding side from the start to ``at``."""

    at: float
    watch_guard_hours: float
    patrol_guard_hours: float
    on_call_guard_hours: float
    garrison_guard_hours: float
    site_guard_hours: float
    leave_days: float
    patrol_km: float
    sorties: float
    team_hours: float
    air_hours: float
    uav_hours: float
    camera_km_days: float
    reserve_team_days: float
    days_routine: float
    days_elevated: float
    days_heightened: float
    days_emergency: float
    mean_readiness: float
    lowest_readiness: float
    site_closures: int
    worker_days_lost: float
    worker_days_sheltered: float
    drone_cover_site_days: float
    joint_days: float


RECORD_TYPES: tuple[type[NamedTuple], ...] = (
    Crossing,
    Incident,
    Alarm,
    AlertChange,
    SiteClosure,
    DiplomaticAct,
    Plan,
)
