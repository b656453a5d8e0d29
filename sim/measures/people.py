"""Outcomes: who was hurt, taken, or got away."""

from collections.abc import Iterator, Sequence
from typing import Final

from sim.incidents.records import Incident
from sim.measures.outcome import Better, Outcome, within

_SIDES: Final[tuple[tuple[str, str, Better, int | None], ...]] = (
    ("guards", "guards", "less", 3),
    ("workers_chinese", "Chinese workers", "less", 4),
    ("workers_other", "other workers", "less", 5),
    ("villagers", "villagers", "less", 6),
    ("militants", "militants", "neither", None),  # harm to intruders is no aim
    ("smugglers", "smugglers", "neither", None),
)


def _worst_window(incidents: Sequence[Incident], days: float) -> int:
    """Most deaths in any window of ``days`` (it is enough to start windows at deaths)."""
    deadly = sorted((i.at, i.deaths) for i in incidents if i.deaths)
    return max(
        (
            sum(deaths for at, deaths in deadly[first:] if at <= start + days)
            for first, (start, _) in enumerate(deadly)
        ),
        default=0,
    )


def _hurt() -> Iterator[Outcome]:
    """The dead and wounded of each side."""
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
            "deaths without those of intruders",
            lambda run: sum(i.victims for i in run.incidents),
            noun="victims", one="victim", headline=1, district=8),
    Outcome("worst_35_days", "most deaths in any 35 days", "persons", "less",
            "largest sum of deaths within 35 days",
            lambda run: _worst_window(run.incidents, 35.0), level=True),
    *_hurt(),
    Outcome("detained", "intruders detained", "persons", "neither",  # depends on who came
            "detained of all incidents", lambda run: sum(i.detained for i in run.incidents)),
    Outcome("escaped", "intruders who got away when met", "persons", "less",
            "escaped of all incidents", lambda run: sum(i.escaped for i in run.incidents)),
)  # fmt: skip
