"""Make the page ``docs/outcomes.md`` from the entries in ``sim/measures``.

Refresh it with ``python -m benchmarks.outcome_page docs/outcomes.md``.
"""

import sys
from itertools import groupby
from pathlib import Path
from typing import Final

from sim.frontier.ground import Ground
from sim.measures.outcome import Outcome
from sim.measures.registry import BY_DISTRICT, headlines, outcomes_on
from sim.scenario.parameter_page import table

_HEAD: Final = """# Outcomes

Every outcome of a run. `python -m benchmarks.outcome_page docs/outcomes.md` makes this page from
the entries in `sim/measures`; a test compares the two. `panj outcomes` prints them,
`sim.outcomes()` returns them in Python, and [extending.md](extending.md#an-outcome) adds one.

`count` and `persons` are whole numbers unless they are expected ([verdict.md](verdict.md)); a
`share` is between 0 and 1 and is shown in per cent.
Where there is no value, as for a share of nothing, the entry is null, and means over replicates
leave the run out. A ground declares the shares of regions; these are those of the shipped ground.
"""
_COLUMNS: Final = ("name", "what it is", "unit", "better", "how it is computed")


def page() -> str:
    """Return the page as Markdown."""
    parts = [_HEAD, _listed("Shown by default, gravest first", [*headlines()])]
    parts.append(
        _listed("Also shown by district, where they add up", [o.name for o in BY_DISTRICT])
    )
    for group, members in groupby(outcomes_on(Ground.default()), key=lambda outcome: outcome.group):
        parts += [f"## {group.capitalize()}\n", table(_COLUMNS, map(_row, members))]
    return "\n".join(parts)


def _listed(what: str, names: list[str]) -> str:
    return f"{what}: {', '.join(f'`{name}`' for name in names)}.\n"


def _row(outcome: Outcome) -> tuple[str, ...]:
    return f"`{outcome.name}`", outcome.label, outcome.unit, outcome.better, outcome.formula


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
