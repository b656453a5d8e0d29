"""Outcomes: people killed, wounded, detained or escaped."""

from collections.abc import Iterable, Iterator
from math import floor
from typing import Final

from sim.measures.outcome import Better, Outcome, within

_SIDES: Final[tuple[tuple[str, str, Better, int | None], ...]] = (
    ("guards", "guards", "less", 3),
    ("workers_chinese", "Chinese workers", "less", 4),
    ("workers_other", "other workers", "less", 5),
    ("villagers", "villagers", "less", 6),
    ("militants", "militants", "neither", None),  # harm to intruders is not an aim
    ("smugglers", "smugglers", "neither", None),
)


def worst_spell(deaths: Iterable[tuple[float, int]], days: int = 35) -> int:
    """Most deaths in any ``days`` consecutive calendar days, the first and the last included.

    ``deaths`` are pairs of time (days) and number of deaths. Reports give the day and not the hour,
    so a run is counted by the day too. It is enough to start at days with deaths.
    """
    deadly = [(floor(at), dead) for at, dead in deaths if dead]
    spells = (
        sum(dead for day, dead in deadly if first <= day < first + days) for first, _ in deadly
    )
    return max(spells, default=0)


HURT: Final = {
    f"{side}_{what}": f"{what}_{side}" for side, *_ in _SIDES for what in ("killed", "wounded")
}
"""The columns of incidents, by the outcome that sums each of them up."""


def _hurt() -> Iterator[Outcome]:
    """The killed and wounded of each side."""
    for side, label, better, headline in _SIDES:
        for what in ("killed", "wounded"):
            yield Outcome(
                f"{side}_{what}", f"{label} {what}", "persons", better,
                f"{what}_{side} of all incidents",
                lambda run, column=f"{what}_{side}": sum(  # type: ignore[misc]
                    getattr(incident, column) for incident in run.incidents
                ),
                headline=headline if what == "killed" else None,
                one="guard killed" if (side, what) == ("guards", "killed") else "",
            )  # fmt: skip


PEOPLE: Final = within(
    "people",
    Outcome("deaths", "killed, all sides", "persons", "less",  # no death is a success
            "guards, workers, villagers and intruders killed, of all incidents",
            lambda run: sum(i.deaths for i in run.incidents),
            noun="deaths on all sides", one="death", headline=2, district=7),
    Outcome("victims", "guards, workers and villagers killed", "persons", "less",
            "deaths, those of intruders left out",
            lambda run: sum(i.victims for i in run.incidents),
            noun="victims", one="victim", headline=1, district=8),
    Outcome("worst_35_days", "most deaths in any 35 days", "persons", "less",
            "largest sum of deaths over 35 consecutive calendar days, first and last included",
            lambda run: worst_spell((i.at, i.deaths) for i in run.incidents), level=True),
    *_hurt(),
    Outcome("detained", "intruders detained", "persons", "neither",  # depends on who came
            "detained of all incidents", lambda run: sum(i.detained for i in run.incidents)),
    Outcome("escaped", "intruders who got away when met", "persons", "less",
            "escaped of all incidents", lambda run: sum(i.escaped for i in run.incidents)),
)  # fmt: skip
