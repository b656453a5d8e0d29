"""When a cell acts: mostly by night, and in a gap between the patrols if it watched them."""

from math import floor

from sim.agents.choices import Option
from sim.agents.frontier import Frontier
from sim.engine.draws import Stream
from sim.frontier.season import HOUR

_MOMENTS_TRIED = 6  # instants that a party that watched the patrols compares


def moment(model: Frontier, operation: Stream, option: Option, ready: float) -> float:
    """The instant of an attack: the next hour of the cell's choice after ``ready``.

    A cell that needs no preparation does not wait for an hour.
    """
    rules = model.spec.cells
    if rules.preparation_days == 0.0:
        return ready
    hours = operation.uniforms("hour", _MOMENTS_TRIED)
    moments = [next_hour(model, option.km, ready, u) for u in hours]
    watches = operation.chance("watches", rules.skill)
    if option.mode != "infiltration" or not watches:
        return moments[0]
    return min(moments, key=lambda at: _expected_passes(model, option.km, at))


def next_hour(model: Frontier, km: float, ready: float, u: float) -> float:
    """The instant that ``u`` picks, on the day of ``ready`` or the next."""
    calendar, night_share = model.calendar, model.spec.cells.night_share
    district, day = model.sector_at(km).index, floor(ready)
    at = calendar.instant(district, day, u, night_share)
    return at if at >= ready else calendar.instant(district, day + 1, u, night_share)


def _expected_passes(model: Frontier, km: float, at: float) -> int:
    """Patrol passes that an observer of weeks expects during the time in the open at ``km``."""
    spec = model.spec
    open_days = getattr(spec.exposure.hours, spec.ground.terrain_at(km)) * HOUR
    beat = model.post_at(km).beat_at(km)
    return len(beat.predicted(km, at, at + open_days, spec.patrols.sight_range_night_km))
