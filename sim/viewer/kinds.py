"""What the page has to know of kinds, cues and endings: words, shapes and colours by name."""

from typing import TypedDict

from sim.incidents.kinds import ACTORS, AGENTS, CUES, ENDINGS, INCIDENTS, Look


class Shown(TypedDict):
    """A kind on the map: what it is called, its shape, half its width in px, its colours."""

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
    guards = {name: _shown(kind.label, kind.look) for name, kind in AGENTS.items() if kind.guards}
    actors = {name: _shown(actor.many, actor.look) for name, actor in ACTORS.items()}
    others = {name: _shown(kind.label, kind.look) for name, kind in AGENTS.items()}
    return {
        "agents": guards | actors | others,
        "events": {name: _shown(kind.label, kind.look) for name, kind in INCIDENTS.items()},
        "cues": {name: cue.noted for name, cue in CUES.items()},
        "endings": {name: ending.words for name, ending in ENDINGS.items()},
    }


def _shown(label: str, look: Look) -> Shown:
    return {"label": label, "shape": look.shape, "size": look.size, "light": look.light,
            "dark": look.dark}  # fmt: skip
