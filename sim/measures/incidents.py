"""Outcomes: what an agency could report, and what of it became known."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from sim.incidents.kinds import INCIDENTS, IncidentKind
from sim.incidents.records import Incident
from sim.measures.outcome import Better, Number, Outcome, within
from sim.measures.run_view import RunView, ratio

# What is reported says as much about reporting as about the line, so neither more nor less of it
# is better; a clash may be a success of the guards or of the other side.


def _counted(
    total: Outcome, reported: str, belongs: Callable[[Incident], bool]
) -> Iterator[Outcome]:
    """How many incidents belong, and how many of them were reported by the end of the run."""
    yield replace(total, measure=lambda run: sum(map(belongs, run.incidents)))
    yield Outcome(
        f"{total.name}_reported", reported, formula=f"{total.name} reported by the end of the run",
        measure=lambda run: sum(i.reported_at is not None and i.reported_at <= run.accounts.at
                                for i in run.incidents if belongs(i)),
    )  # fmt: skip


def _of_kind(kind: IncidentKind) -> Iterator[Outcome]:
    better: Better = "less" if kind.target or kind.blow else "neither"  # aimed at somebody
    total = Outcome(kind.name, kind.many, better=better, formula="incidents of this kind")
    return _counted(total, f"{kind.many} (reported)", lambda i: i.kind == kind.name)


def _hot_share(run: RunView) -> Number:
    grave = Counter(i.district for i in run.incidents if i.is_attack or i.deaths)
    return ratio(max(grave.values(), default=0), grave.total())


HAPPENED: Final = within(
    "incidents",
    *_counted(Outcome("incidents", formula="all that an agency could report", district=4),
              "incidents reported", lambda _: True),
    *_counted(Outcome("clashes", formula="incidents with a fight", district=5),
              "clashes reported", lambda i: i.clash),
    Outcome("deliberate_contacts", "groups met surrounded by a team", better="more",
            formula="incidents in which a team surrounded the group and chose the moment",
            measure=lambda run: sum(i.deliberate for i in run.incidents)),
    Outcome("attacks", "attacks and infiltrations by militants", better="less",
            formula="incidents by those whose every deed is an attack, fought or not",
            measure=lambda run: sum(i.is_attack for i in run.incidents),
            noun="attacks by militants", headline=7, district=6),
    Outcome("hot_share", "attacks and deadly clashes in the district with most of them", "share",
            "neither", "of attacks and of incidents with deaths, those in the district with most",
            _hot_share),
    *(outcome for kind in INCIDENTS.values() for outcome in _of_kind(kind)),
)  # fmt: skip
