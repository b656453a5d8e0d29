"""Outcomes: the incidents that an agency could report, and those that it did report."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from sim.incidents.kinds import INCIDENTS, IncidentKind
from sim.incidents.records import Incident
from sim.measures.outcome import Better, Number, Outcome, within
from sim.measures.run_view import RunView, ratio

# Reports say as much about reporting as about the line, so neither more nor fewer are better; a
# clash may be a success of either side.


def _counts(
    total: Outcome, reported: str, belongs: Callable[[Incident], bool]
) -> Iterator[Outcome]:
    """The number of incidents that belong, and of those reported by the end of the run."""
    yield replace(total, measure=lambda run: sum(map(belongs, run.incidents)))
    yield Outcome(
        f"{total.name}_reported", reported, formula=f"{total.name} reported by the end of the run",
        measure=lambda run: sum(i.reported_at is not None and i.reported_at <= run.accounts.at
                                for i in run.incidents if belongs(i)),
    )  # fmt: skip


def _of_kind(kind: IncidentKind) -> Iterator[Outcome]:
    better: Better = "less" if kind.target or kind.blow else "neither"  # aimed at people
    total = Outcome(kind.name, kind.many, better=better, formula="incidents of this kind")
    return _counts(total, f"{kind.many} (reported)", lambda i: i.kind == kind.name)


def _hot_share(run: RunView) -> Number:
    grave = Counter(i.district for i in run.incidents if i.is_attack or i.deaths)
    return ratio(max(grave.values(), default=0), grave.total())


HAPPENED: Final = within(
    "incidents",
    *_counts(Outcome("incidents", formula="all that an agency could report", district=4),
              "incidents reported", lambda _: True),
    *_counts(Outcome("clashes", formula="incidents with a fight", district=5),
              "clashes reported", lambda i: i.clash),
    Outcome("deliberate_contacts", "groups surrounded by a team", better="more",
            formula="incidents in which a team surrounded the group and chose the moment",
            measure=lambda run: sum(i.deliberate for i in run.incidents)),
    Outcome("attacks", "attacks and infiltrations by militants", better="less",
            formula="incidents of actors who only attack, with or without a fight",
            measure=lambda run: sum(i.is_attack for i in run.incidents),
            noun="attacks by militants", headline=7, district=6),
    Outcome("hot_share", "attacks and deadly clashes in the district with most of them", "share",
            "neither",
            "of attacks and of incidents with deaths, the share in the district with the most",
            _hot_share),
    *(outcome for kind in INCIDENTS.values() for outcome in _of_kind(kind)),
)  # fmt: skip
