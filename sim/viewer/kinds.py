"""What the page has to know of kinds, cues and endings: words, shapes and colours by name."""

from dataclasses import asdict

from sim.incidents.kinds import ACTORS, AGENTS, CUES, ENDINGS, INCIDENTS, Look

Kinds = dict[str, dict[str, object]]
"""``agents`` and ``events`` with their looks, in the order of the legend; ``cues``, ``endings``."""


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


def _shown(look: Look, label: str, one: str = "") -> object:
    return {"one": one or label, "label": label, **asdict(look)}
