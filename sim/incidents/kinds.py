"""Kinds of actor, incident and agent, cues and endings, with the properties of each.

Rules read properties of an entry (such as :attr:`ActorKind.attacks`) and never compare names;
sentences, pictures, the view and the checks of tables read words, shapes and colours here. A new
kind is a registered entry: ``docs/extending.md`` shows how to add one.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from sim.errors import PanjError
from sim.incidents.palette import (
    BLACK,
    BLUE,
    BROWN,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
)
from sim.registry import Registry

Shape = Literal[
    "disc", "ring", "square", "fort", "up", "down", "diamond", "arrow",
    "star", "star6", "burst", "spark", "plus", "cross", "octagon", "house",
]  # fmt: skip
"""The first row is for agents, the second for incidents."""

SHAPES: Final[tuple[str, ...]] = get_args(Shape)


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind is drawn: its shape, and its colours on a light and on a dark ground.

    ``size`` is half the width in pixels on the map of the view, where an incident has the shape of
    its kind, but the colour and size of its gravity. Raises ``PanjError`` for an unknown shape.
    """

    shape: Shape
    light: str
    dark: str
    size: float = 5.0

    def __post_init__(self) -> None:
        _check("shape", self.shape, SHAPES)


def _check(field: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        remedy = f"Use one of {', '.join(known)}."
        raise PanjError(f"no such {field}", value=value, remedy=remedy)


@dataclass(frozen=True, slots=True)
class AgentKind:
    """A kind of agent on the map; ``name`` is the first word of its identity."""

    name: str
    label: str
    look: Look
    guards: bool = False
    """Whether it belongs to the guards."""


@dataclass(frozen=True, slots=True)
class ActorKind:
    """A kind of people who cross or strike; ``one`` and ``many`` are their names.

    Raises ``PanjError`` for an unknown side or an unknown probability of a report.
    """

    name: str
    one: str
    many: str
    side: Literal["militants", "smugglers"]
    """The column in which their dead and wounded are counted."""
    look: Look
    smuggles: bool = False
    """Whether their crossings are smuggling, which is stopped if load or people are lost."""
    attacks: bool = False
    """Whether all they do is an attack, which is stopped if guards meet them before it."""
    report: Literal["p_quiet", "p_clash"] = "p_quiet"
    """The probability in ``reporting`` that applies if nobody fought and nobody died."""
    mistaken_for: tuple[str, ...] = ()
    """The kinds of actor that a report may name instead."""

    def __post_init__(self) -> None:
        _check("side", self.side, ("militants", "smugglers"))
        _check("report", self.report, ("p_quiet", "p_clash"))


@dataclass(frozen=True, slots=True)
class IncidentKind:
    """A kind of incident, which an agency could report: a meeting, a raid or a strike from afar.

    ``label`` names one, ``many`` several; ``colour`` is used in pictures.
    """

    name: str
    label: str
    many: str
    colour: str
    look: Look
    target: str = ""
    """What is raided or struck, such as ``worksite``; if empty, the target of the record."""
    blow: str = ""
    """The name of a strike from afar; empty if the incident needs a crossing."""
    attack: bool = True
    """Whether it is an attack or an infiltration."""

    @property
    def raid(self) -> bool:
        """Whether attackers came to the target."""
        return bool(self.target) and not self.blow


@dataclass(frozen=True, slots=True)
class Cue:
    """How a group first became known.

    ``label`` ends "first known by". ``clause`` is part of a sentence, and ``opening`` the same at
    its beginning, with ``{}`` for the group. Both are empty if sentences say it in another way.
    """

    name: str
    label: str
    colour: str
    clause: str = ""
    opening: str = ""
    standalone: str = ""
    """The clause without a sentence around it; ``clause`` unless given."""
    seen: bool = False
    """Whether somebody saw the group, rather than heard of it."""
    met: str = ""
    """The clause if those who saw the group met it at once."""
    mark: Literal["seen", "sign"] = "seen"
    """The mark in the picture of an incident."""

    @property
    def phrase(self) -> str:
        """The clause without a sentence around it."""
        return self.standalone or self.clause


@dataclass(frozen=True, slots=True)
class Ending:
    """The result of a crossing, in words that follow "the group"."""

    name: str
    words: str
    stopped: bool = False
    """Whether it lost its load or its people to the guards."""
    fled: bool = False
    """Whether the group ran from guards who met it, and lost nothing."""


AGENTS: Final = Registry(
    "kind of agent",
    AgentKind("post", "post", Look("fort", "#4A4A4A", "#B9C1C8", 3.3), guards=True),
    AgentKind("patrol", "patrol", Look("disc", "#4B7796", "#7FA6BF", 2.8), guards=True),
    AgentKind("team", "response team", Look("arrow", "#37806B", "#6FB8A2", 5.6), guards=True),
    AgentKind("cell", "militant cell", Look("diamond", "#A0603C", "#C98A66", 4.5)),
    AgentKind("site", "worksite", Look("square", "#8A5E7B", "#B992AC", 3.8)),
    AgentKind("village", "village", Look("ring", GREY, "#A9B2BA", 2.4)),
)

ACTORS: Final = Registry(
    "kind of actor",
    ActorKind(
        "smugglers", "smuggler", "smugglers", "smugglers", Look("up", "#8F6B22", "#C9A45A"),
        smuggles=True, mistaken_for=("militants",),
    ),
    ActorKind(
        "militants", "militant", "militants", "militants", Look("down", "#A54A24", "#DC8561", 5.5),
        attacks=True, report="p_clash", mistaken_for=("smugglers",),
    ),
)  # fmt: skip

INCIDENTS: Final = Registry(
    "kind of incident",
    IncidentKind(
        "smuggling_interdiction", "smugglers stopped", "smuggling groups stopped or fought",
        BLUE, Look("octagon", BLUE, SKY), attack=False,
    ),
    IncidentKind(
        "infiltration_then_clash", "militants met inside",
        "meetings with infiltrators, before or after they struck",
        VERMILION, Look("burst", VERMILION, "#FF7A33"),
    ),
    IncidentKind(
        "infiltration_then_post_attack", "attack on a post", "raids on posts",
        BLACK, Look("star6", BLACK, "#FFFFFF"), "post",
    ),
    IncidentKind(
        "armed_attack_on_workers", "raid on a worksite", "raids on worksites",
        PURPLE, Look("star", "#B0538C", PURPLE), "worksite",
    ),
    IncidentKind(
        "drone_attack_on_workers", "drone on a worksite", "drone strikes on worksites",
        GREEN, Look("cross", GREEN, "#2BD1A0"), "worksite", "drone strike",
    ),
    IncidentKind(
        "cross_border_fire_on_workers", "fire on a worksite",
        "fire across the line at worksites",
        ORANGE, Look("spark", "#C58800", ORANGE), "worksite", "fire across the line",
    ),
    IncidentKind(
        "cross_border_fire", "fire across the line",
        "fire across the line at posts and villages",
        SKY, Look("plus", "#2E8FC4", "#9AD4F5"), blow="fire across the line",
    ),
    IncidentKind(
        "armed_attack_on_village", "attack on a village", "raids on villages",
        BROWN, Look("house", BROWN, "#D9A066"), "village",
    ),
)  # fmt: skip
"""The kinds of the seed tables; a clash with smugglers is a ``smuggling_interdiction`` with
``clash`` true."""

CUES: Final = Registry(
    "cue",
    Cue("patrol", "a patrol", BLUE, "seen by a patrol", "{} seen by a patrol", seen=True,
        met="met by a patrol"),
    Cue("watch", "the watch of a post", SKY, "seen from a post", "{} seen from a post", seen=True),
    Cue("camera", "a camera", PURPLE, "seen on camera", "{} seen on camera", seen=True),
    Cue("uav", "an aircraft", GREY, "seen from the air", "{} seen from the air", seen=True),
    Cue("sign", "its sign", ORANGE, "sign found", "sign of {} found", mark="sign"),
    Cue("tip", "a tip", GREEN, "tip", "tip about {}", "tip from a village"),
    Cue("attack", "its attack", VERMILION, standalone="by its attack"),
)  # fmt: skip
"""In the order of legends and stacks: cues at the line before later ones."""

ENDINGS: Final = Registry(
    "ending of a crossing",
    Ending("through", "got through"),  # not met, or beat the guards
    Ending("turned_back", "turned back with the load", fled=True),
    Ending("load_left", "got away without the load", stopped=True),
    Ending("surrendered", "gave up", stopped=True),
    Ending("clash", "fought the guards", stopped=True),  # smugglers lost this fight
    Ending("withdrew", "withdrew or scattered"),  # back over the line after the attempt
    Ending("open", "still under way when the run ended"),
)

KINDS: Final[tuple[Registry[Any], ...]] = (AGENTS, ACTORS, INCIDENTS, CUES, ENDINGS)
SHIPPED: Final = tuple(frozenset(registry) for registry in KINDS)
"""The names of the shipped kinds, by registry."""
