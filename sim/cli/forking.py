"""``--fork 2025-12-01:B``: from that midnight on, a run goes by the rules of another scenario."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import PanjError

if TYPE_CHECKING:
    from sim.scenario.spec import Scenario

FLAG = "--fork"


class Fork(NamedTuple):
    """What holds from the first instant of ``day`` on."""

    day: float
    scenario: Scenario


def fork_of(text: str, spec: Scenario, settings: Sequence[str]) -> Fork:
    """Read a date and a scenario; ``settings`` hold for it as they do for ``spec``.

    Raises :class:`~sim.errors.PanjError` for what cannot be read, a day outside the run, and a
    scenario that cannot take over there.
    """
    from sim.scenario.load import load
    from sim.scenario.midrun import admit

    said, colon, name = text.partition(":")
    try:
        date = dt.date.fromisoformat(said.strip())
    except ValueError:
        date = None
    if date is None or not colon or not name.strip():
        remedy = "Write the date as year-month-day: --fork 2025-12-01:triggered."
        raise PanjError("wants a date, a colon and a scenario", key=FLAG, value=text, remedy=remedy)
    day = float((date - spec.start).days)
    if not 0.0 <= day < spec.days:
        last = spec.start + dt.timedelta(days=max(-(-spec.days // 1) - 1.0, 0.0))
        raise PanjError(
            f"the run goes from {spec.start} to {last}",
            key=FLAG,
            value=text,
            remedy="Give a date within it.",
        )
    other = load(name.strip(), settings)
    admit(spec, other, day)
    return Fork(day, other)
