"""Outcomes: who crossed, what was stopped, and how crossings became known."""

from typing import Final

from sim.frontier.files import RegionShare
from sim.incidents.kinds import CUES
from sim.measures.outcome import Outcome, within
from sim.measures.run_view import RunView, middle, ratio


def seized_in(share: RegionShare) -> Outcome:
    """The outcome that a ground declares: the share of the weight seized that a region has."""
    region = share.region

    def measure(run: RunView) -> float | None:
        there = run.ground.within(region)
        return ratio(sum(i.seized_kg for i in run.incidents if i.district in there), run.seized_kg)

    return Outcome(
        share.outcome, f"of the weight seized, in {region}", "share", group="flow",
        formula=f"seized_kg in the districts of {region} / seized_kg", measure=measure,
    )  # fmt: skip


FLOW: Final = within(
    "flow",
    Outcome("crossings", "crossings attempted", better="less",
            formula="attempts to cross that are over",
            measure=lambda run: len(run.crossings), district=1),
    Outcome("crossings_smuggling", "crossings by smugglers", better="less",
            formula="crossings by those who smuggle",
            measure=lambda run: len(run.smuggling)),
    Outcome("crossings_infiltration", "crossings by militants", better="less",
            formula="crossings by those who attack",
            measure=lambda run: len(run.infiltrating)),
    Outcome("night_share", "crossings by night", "share",
            formula="crossings by night / crossings",
            measure=lambda run: ratio(sum(c.night for c in run.crossings), len(run.crossings))),
    Outcome("interdicted", "smuggling crossings stopped", better="more",
            formula="smuggling crossings that lost their load or people to the guards",
            measure=lambda run: sum(c.stopped for c in run.smuggling), district=3),
    Outcome("interdicted_infiltrations", "infiltrations that guards met before they struck",
            better="more", formula="crossings by those who attack, met before an attack",
            measure=lambda run: sum(c.stopped for c in run.infiltrating)),
    Outcome("interdiction_share", "smuggled weight stopped", "share", "more",
            "seized_kg / weight that smuggling crossings carried",
            lambda run: ratio(run.seized_kg, sum(c.load_kg for c in run.smuggling)), headline=8),
    Outcome("interdiction_share_known", "known smuggling crossings stopped", "share", "more",
            "interdicted / smuggling crossings that became known",
            lambda run: ratio(sum(c.stopped for c in run.smuggling),
                              sum(c.detected_at is not None for c in run.smuggling))),
    Outcome("turned_back", "groups turned back with their load", better="more",
            formula="smuggling crossings that ran back from guards at the line",
            measure=lambda run: sum(c.ending == "turned_back" for c in run.smuggling)),
    Outcome("seized_kg", "weight seized", "kg", "more", "seized_kg of all incidents",
            lambda run: run.seized_kg, noun="kg seized", headline=9, district=9),
    Outcome("seized_arms", "arms seized", better="more", formula="seized_arms of all incidents",
            measure=lambda run: sum(i.seized_arms for i in run.incidents)),
)  # fmt: skip

DETECTION: Final = within(
    "detection",
    Outcome("detected", "crossings that became known", better="more",
            formula="crossings with an instant at which they became known",
            measure=lambda run: sum(c.detected_at is not None for c in run.crossings), district=2),
    *(Outcome(f"detected_by_{cue.name}", f"first known by {cue.label}",
              formula=f"crossings whose first cue was {cue.name}",
              measure=lambda run, name=cue.name: sum(  # type: ignore[misc]
                  c.cue == name for c in run.crossings))
      for cue in CUES.values()),
    Outcome("delay_to_contact_h", "median time from crossing to contact", "h", "less",
            "median over crossings that were met", lambda run: middle(run.delays_h), level=True),
    Outcome("longest_delay_h", "longest time from crossing to contact", "h", "less",
            "maximum over crossings that were met",
            lambda run: max(run.delays_h, default=None), level=True),
    Outcome("escape_share", "smugglers who got away from a clash or arrest", "share", "less",
            "escaped / group_size, over smugglers who fought or lost somebody to an arrest",
            lambda run: ratio(sum(i.escaped for i in run.met), sum(i.group_size for i in run.met))),
)  # fmt: skip
