"""Patrols by schedule against groups in the open for a fixed or an exponential time."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import sqrt
from typing import Final, NamedTuple

from sim.agents.beats import Beat
from sim.incidents.records import Crossing, Cue
from sim.model import BorderModel
from sim.theory.queues import p_first
from sim.theory.search import (
    back_and_forth,
    back_and_forth_exponential,
    cyclic,
    cyclic_exponential,
    out_and_back,
    poisson,
    poisson_exponential,
)
from sim.verify.case import Case, share
from sim.verify.runs import crossings, trials_needed
from sim.verify.scenarios import LAND, UNIFORM_FLOW, Changes, districts, empty_scenario, exposure

Place = Callable[[Beat, Crossing], bool]
"""Whether the theory covers a crossing at its place on that half section."""

LENGTHS: Final = (0.25, 0.5, 1.0, 1.5)
"""Line lengths walked, or passes due, during the exposure: ``h`` of sim.theory.search."""

RATIOS: Final = (0.5, 2.0)
"""Rates of leaving relative to the rate of passes: ``a`` of sim.theory.search."""

_HOUR = 1.0 / 24.0
_DENSE, _SPARSE = 50.0, 2.0  # crossings a day on the whole frontier


class Watch(NamedTuple):
    """A way to patrol, with the theoretical probability that a group is seen.

    ``per_day`` is the number of crossings on the whole frontier; it is low where crossings must
    hardly ever meet the same patrol.
    """

    name: str
    theory: float
    changes: Changes
    where: Place = lambda beat, crossing: True
    per_day: float = _DENSE


# -- three ways to patrol -------------------------------------------------------------------

ROUNDS: Final[Changes] = {
    **UNIFORM_FLOW,
    "patrols.schedule": "regular",
    "patrols.off_path_factor": 20.0,
    "posts.spacing_km": 1.0,
}
"""Sorties that take less than a minute: the two passes of a sortie are one, which sees with
``1 - (1 - p_sight)^2``, as with a patrol that walks round and round."""

AT_RANDOM: Final[Changes] = {
    **UNIFORM_FLOW,
    "patrols.schedule": "random",
    "patrols.off_path_factor": 0.05,
}
"""Patrols so slow that their two passes are days apart; departures are Poisson, as are passes."""

THERE_AND_BACK: Final[Changes] = {
    "smugglers.district_weights": districts(
        {info.slug: info.length_km for info in LAND.districts if info.km_to <= 680.0}
    ),
    "patrols.schedule": "regular",
    "patrols.off_path_factor": 20.0,
    "patrols.p_sight": 1.0,
    "posts.density": districts({"shahritus": 1.0, "murghob": 1.0}),
    "posts.spacing_km": 300.0,
}
"""Two posts at the ends of the line, and a half section of some 590 km between them that takes a
mounted patrol six hours. Groups come on and near it; those beyond its ends are left out."""


def _walk_days(beat: Beat) -> float:
    """Time from one end of a half section to the other."""
    return beat.half_km / beat.stretch.day_speed


def _there_and_back() -> tuple[dict[str, object], float, Place]:
    """Patrols that leave when the last one returns; the walk, days; and the places that count."""
    chosen = BorderModel(empty_scenario(THERE_AND_BACK)).posts[0].beats[1]
    walk = _walk_days(chosen)
    changes = {**THERE_AND_BACK, "patrols.sorties_per_day": 1.0 / walk}
    return changes, walk, lambda beat, _: beat.identity == chosen.identity


def _far_passes(days: float) -> Place:
    """Places that a patrol passes again only after ``days``, so that passes are Poisson."""

    def is_far(beat: Beat, crossing: Crossing) -> bool:
        left = beat.half_km - abs(crossing.km - beat.stretch.km)
        return 2.0 * left / beat.stretch.day_speed > days

    return is_far


# -- the table of fixed exposures ------------------------------------------------------------

_ROUND_HOURS: Final = 17.0
_RANDOM_HOURS: Final = 9.6


def round_and_round(effort: float) -> list[Case]:
    """Regular sorties that see all groups, or six in ten, and are much faster than a crossing.

    Sections are one kilometre long; the period is the exposure over ``h``. Sight has no range, so
    a pass is an instant; nobody waits for a gap; each half section has its own phase. A sortie
    takes less than a thousandth of its period, which changes the probability by less than 0.0002
    (``out_and_back`` gives it exactly). Source: sim/theory/search.py (cf. Koopman 1980).
    """
    cases: list[Case] = []
    for root, q, h in _table(2_000, 2_010):
        changes = {
            **ROUNDS,
            **exposure(_ROUND_HOURS),
            "patrols.p_sight": 1.0 - sqrt(1.0 - q),
            "patrols.sorties_per_day": 2.0 * h / (_ROUND_HOURS * _HOUR),
        }
        name = f"cyclic, h {h:g}, q {q:g}"
        cases += _seen(Watch(name, cyclic(h, q), changes), effort, root)
    return cases


def _table(certain: int, partial: int) -> Iterator[tuple[int, float, float]]:
    """Seed, probability to see and ``h`` of each row; the first seeds are those of 1 and of 0.6."""
    for first, q in ((certain, 1.0), (partial, 0.6)):
        for row, h in enumerate(LENGTHS):
            yield first + row, q, h


def there_and_back(effort: float) -> list[Case]:
    """One patrol after the other on a half section, each leaving when the last returns.

    This equals one patrol that walks back and forth: the period is twice the walk. Crossings are
    uniform in place, and in phase too, since a day is not a multiple of the period. Sight has no
    range. Source: sim/theory/search.py (cf. Koopman 1980).
    """
    regular, walk, here = _there_and_back()
    cases: list[Case] = []
    for row, h in enumerate(LENGTHS):
        changes = {**regular, **exposure(h * walk / _HOUR)}
        name = f"back and forth, h {h:g}, q 1"
        cases += _seen(Watch(name, back_and_forth(h), changes, here), effort, 2_020 + row)
    return cases


def at_random(effort: float) -> list[Case]:
    """Random departures of slow patrols that see all groups, or six in ten, as they pass.

    A sortie takes two to four days and an exposure ten hours. Places that one patrol would pass
    twice within an exposure are left out; at all others the two windows of departure are disjoint,
    so the number of passes is exactly Poisson with mean sorties a day x exposure. Crossings are so
    few that hardly two meet the same patrol. Source: sim/theory/search.py.
    """
    exposed = _RANDOM_HOURS * _HOUR
    cases: list[Case] = []
    for root, q, h in _table(2_030, 2_040):
        changes = {
            **AT_RANDOM,
            **exposure(_RANDOM_HOURS),
            "patrols.p_sight": q,
            "patrols.sorties_per_day": h / exposed,
        }
        name = f"Poisson, h {h:g}, q {q:g}"
        watch = Watch(name, poisson(h, q), changes, _far_passes(exposed), _SPARSE)
        cases += _seen(watch, effort, root)
    return cases


# -- exponential exposures --------------------------------------------------------------------


def exponential_exposures(effort: float) -> list[Case]:
    """The three schedules above against exposures of exponential length.

    With random passes, places that are passed again within eight mean exposures are left out:
    fewer than one exposure in 3,000 lasts so long. The differences show the order: cyclic over
    back and forth over Poisson; their negative control is a model in which the schedule has no
    effect. Source: sim/theory/search.py.
    """
    cases: list[Case] = []
    for row, a in enumerate(RATIOS):
        schedules = _exponential(a, effort, 2_050 + 10 * row)
        cases += schedules
        for better, worse in pairwise(schedules):
            first, second = (case.name.partition(",")[0] for case in (better, worse))
            cases.append(
                Case(
                    f"{first} over {second}, a {a:g}",
                    better.theory - worse.theory,
                    better.estimate - worse.estimate,
                    sqrt(better.error**2 + worse.error**2),
                    wrong=0.0,
                )
            )
    return cases


def _exponential(a: float, effort: float, root: int) -> list[Case]:
    """Cyclic, back and forth, and Poisson for one ``a``: pass intervals per mean exposure."""
    regular, walk, here = _there_and_back()
    hours, short = 15.0, 2.0
    rounds = {
        **ROUNDS,
        **exposure(hours, "exponential"),
        "patrols.p_sight": 1.0,
        "patrols.sorties_per_day": 2.0 / (a * hours * _HOUR),
    }
    regular |= exposure(walk / a / _HOUR, "exponential")
    at_random = {
        **AT_RANDOM,
        **exposure(short, "exponential"),
        "patrols.p_sight": 1.0,
        "patrols.sorties_per_day": 1.0 / (a * short * _HOUR),
    }
    far = _far_passes(8.0 * short * _HOUR)
    says = f"exponential, a {a:g}"
    return [
        case
        for row, watch in enumerate(
            (
                Watch(f"cyclic, {says}", cyclic_exponential(a), rounds),
                Watch(f"back and forth, {says}", back_and_forth_exponential(a), regular, here),
                Watch(f"Poisson, {says}", poisson_exponential(a), at_random, far, _SPARSE),
            )
        )
        for case in _seen(watch, effort, root + row)
    ]


# -- sorties as posts send them ----------------------------------------------------------------


def sorties_on_foot(effort: float) -> list[Case]:
    """Regular foot patrols of the default posts, with half sections of their default lengths.

    Between the limits above: a sortie takes a seventh to a third of its period. The probability is
    that of ``out_and_back`` (sim/theory/search.py) for each half section, weighted by its length,
    since crossings are uniform along the line.
    """
    hours, q, per_day = 17.0, 0.6, 1.7
    changes = {
        **UNIFORM_FLOW,
        **exposure(hours),
        "patrols.schedule": "regular",
        "patrols.p_sight": q,
        "patrols.sorties_per_day": per_day,
    }
    period = 2.0 / per_day
    beats = [beat for post in BorderModel(empty_scenario(changes)).posts for beat in post.beats]
    theory = sum(
        beat.half_km * out_and_back(hours * _HOUR / period, 2.0 * _walk_days(beat) / period, q)
        for beat in beats
    ) / sum(beat.half_km for beat in beats)
    return _seen(Watch("out and back on foot, q 0.6", theory, changes), effort, 2_070)


# -- sign ---------------------------------------------------------------------------------------


def sign_found_later(effort: float) -> list[Case]:
    """Random passes, a group in the open for an hour, and its sign, which lasts longer.

    The group goes unseen with probability ``exp(-rate q tau)``. Passes then find its sign with
    their own probability until it fades, after an exponential time: ``rate p / (rate p + 1 /
    life)``, a race of two hazards. Places passed again within ten lives are left out.
    """
    hours, life, rate, q, p = 1.0, 2.4, 30.0, 0.2, 0.8
    changes = {
        **AT_RANDOM,
        **exposure(hours),
        "patrols.sorties_per_day": rate,
        "patrols.p_sight": q,
        "sign.life_hours": life,
        "sign.p_found": p,
    }
    seen = poisson(rate * hours * _HOUR, q)
    found = p_first(rate * p, 1.0 / (life * _HOUR))
    trials = max(
        trials_needed(1.0 - seen, effort), round(trials_needed(found, effort) / (1.0 - seen))
    )
    far = _far_passes(10.0 * life * _HOUR)
    cues = _cues(Watch("sign", found, changes, far, _SPARSE), trials, 2_080)
    unseen = [cue for cue in cues if cue != "patrol"]
    return [
        share("group not seen", 1.0 - seen, len(unseen), len(cues)),
        share("sign found, if the group was not seen", found, unseen.count("sign"), len(unseen)),
    ]


# -- counting --------------------------------------------------------------------------------------


def _seen(watch: Watch, effort: float, root: int) -> list[Case]:
    """The share seen by a patrol as a case, if the effort is enough for it."""
    trials = trials_needed(watch.theory, effort)
    if not trials:
        return []
    cues = _cues(watch, trials, root)
    return [share(watch.name, watch.theory, cues.count("patrol"), len(cues))]


def _cues(watch: Watch, trials: int, root: int) -> list[Cue | None]:
    """The cue of each crossing at a place that counts."""
    return [
        crossing.cue
        for model, crossing in crossings(watch.changes, watch.per_day, trials, root)
        if watch.where(model.post_at(crossing.km).beat_at(crossing.km), crossing)
    ]
