"""What the page has to know of kinds, cues and endings: words, shapes and colours by name."""

from typing import TypedDict

from sim.incidents.kinds import ACTORS, AGENTS, CUES, ENDINGS, INCIDENTS, Look


class Shown(TypedDict):
    """A kind on the map: its name for one and for many, shape, half its width in px, colours."""

    one: str
    label: str
    shape: str
    size: float
    light: str
    dark: str


class Kinds(TypedDict):
    """Words and looks by name, in the order of the legend."""

    agents: dict[str, Shown]
    events: dict[str, Shown]
    cues: dict[str, str]
    endings: dict[str, str]


def kinds() -> Kinds:
    """All that is registered: the guards, those who cross, then everybody else."""
    standing = {name: _shown(kind.look, kind.label) for name, kind in AGENTS.items()}
    guards = {name: shown for name, shown in standing.items() if AGENTS[name].guards}
    crossing = {name: _shown(who.look, who.many, who.one) for name, who in ACTORS.items()}
    return {
        "agents": guards | crossing | standing,
        "events": {name: _shown(kind.look, kind.label) for name, kind in INCIDENTS.items()},
        "cues": {name: cue.noted for name, cue in CUES.items()},
        "endings": {name: ending.words for name, ending in ENDINGS.items()},
    }


def _shown(look: Look, label: str, one: str = "") -> Shown:
    return {"one": one or label, "label": label, "shape": look.shape, "size": look.size,
            "light": look.light, "dark": look.dark}  # fmt: skip
