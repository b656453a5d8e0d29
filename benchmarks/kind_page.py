"""Make the page ``docs/kinds.md`` from the registries.

Refresh it with ``python -m benchmarks.kind_page docs/kinds.md``.
"""

import sys
from pathlib import Path
from typing import Final

from sim.incidents.kinds import (
    ACTORS,
    AGENTS,
    CUES,
    ENDINGS,
    INCIDENTS,
    ActorKind,
    AgentKind,
    Cue,
    Ending,
    IncidentKind,
)
from sim.rules.alert import LEVELS
from sim.scenario.parameter_page import table

_HEAD: Final = """# Kinds

Every kind that the records of a run name. `python -m benchmarks.kind_page docs/kinds.md` makes this
page from the registries in `sim/incidents/kinds.py`; a test compares the two.
[extending.md](extending.md) adds a kind.
"""


def page() -> str:
    """Return the page as Markdown."""
    parts = [
        _HEAD,
        "## Agents\n",
        table(("kind", "what it is", "guards"), map(_agent, AGENTS.values())),
        "## Actors\n",
        table(("actor", "smuggles", "attacks", "casualties of", "report without a fight",
               "may be mistaken for"), map(_actor, ACTORS.values())),
        "## Incidents\n",
        table(("kind", "what it is", "target", "by", "attack"), map(_incident, INCIDENTS.values())),
        "## Cues\n",
        "How a group first became known.\n",
        table(("cue", "known by", "somebody saw the group"), map(_cue, CUES.values())),
        "## Endings of a crossing\n",
        table(("ending", "fate of the group", "stopped"), map(_ending, ENDINGS.values())),
        "## Alert levels\n",
        f"From the lowest: {', '.join(f'`{level}`' for level in LEVELS)}.\n",
    ]  # fmt: skip
    return "\n".join(parts)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _agent(kind: AgentKind) -> tuple[str, ...]:
    return f"`{kind.name}`", kind.label, _yes(kind.guards)


def _actor(kind: ActorKind) -> tuple[str, ...]:
    return (
        f"`{kind.name}`", _yes(kind.smuggles), _yes(kind.attacks), kind.side,
        f"`reporting.{kind.report}`", ", ".join(f"`{name}`" for name in kind.mistaken_for),
    )  # fmt: skip


def _incident(kind: IncidentKind) -> tuple[str, ...]:
    by = kind.blow or "people who crossed"
    return f"`{kind.name}`", kind.label, kind.target or "any", by, _yes(kind.attack)


def _cue(cue: Cue) -> tuple[str, ...]:
    return f"`{cue.name}`", cue.label, _yes(cue.seen)


def _ending(ending: Ending) -> tuple[str, ...]:
    return f"`{ending.name}`", ending.words, _yes(ending.stopped)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
