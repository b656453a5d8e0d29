"""The fate of intruders after a fight: pure functions of keyed draws."""

from typing import NamedTuple

from sim.agents.encounters import ClashResult
from sim.engine.draws import Stream
from sim.scenario.spec import Scenario
from sim.theory.pursuit import fates


class Chase(NamedTuple):
    """Hazards of a person who runs, relative to that of getting away."""

    hit: float
    caught: float


def chase(spec: Scenario, km: float, depth: float, night: bool, deliberate: bool) -> Chase:
    """Pursuit from ``km``, ``depth`` km behind the line: easier by day, in the open, far inside.

    People farther from the water run longer; for those surrounded most ways are blocked.
    """
    rules = spec.clash
    ease: float = getattr(rules.pursuit_terrain, spec.ground.terrain_at(km))
    ease *= 1.0 + depth * rules.pursuit_depth
    if night:
        ease *= rules.pursuit_night
    if deliberate:
        ease *= spec.contact.cordon_hold
    return Chase(ease * rules.pursuit_hit, ease * rules.pursuit_caught)


def caught_running(draw: Stream, purpose: str, people: int, after: Chase) -> int:
    """Number caught of people who run without a fight; nobody shoots at them."""
    return draw.binomial(f"{purpose} caught running", people, fates(0.0, after.caught)[1])


class Aftermath(NamedTuple):
    """The effect of a clash and the pursuit after it on the intruders.

    ``escaped`` counts all who are neither dead nor detained, wounded or not.
    """

    field_held: bool  # by the guards
    killed: int
    wounded: int
    detained: int
    escaped: int

    @property
    def arms(self) -> int:
        """Weapons of the dead and the detained, which guards who hold the field find."""
        return self.killed + self.detained if self.field_held else 0

    def columns(self, result: ClashResult, side: str) -> dict[str, int]:
        """Columns of the incident of a clash with intruders of this side."""
        return {
            "killed_guards": result.killed_guards,
            "wounded_guards": result.wounded_guards,
            f"killed_{side}": self.killed,
            f"wounded_{side}": self.wounded,
            "detained": self.detained,
            "escaped": self.escaped,
            "seized_arms": self.arms,
        }


def aftermath(
    draw: Stream,
    purpose: str,
    heads: int,
    lethality: float,
    result: ClashResult,
    after: Chase,
    p_wounded_captured: float,
) -> Aftermath:
    """Each intruder still unhurt is hit, caught, or gets away: whichever comes first.

    Competing exponential hazards with separate draws for each, so that harder pursuit takes the
    same people and more. The intensity of the fight continues: where people were easily hit they
    are as they run. Nobody pursues unless the guards hold the field.
    """
    killed, wounded, caught = result.killed_intruders, result.wounded_intruders, 0
    if result.ended_by == "guards":
        return Aftermath(False, killed, wounded, 0, heads - killed)
    p_hit, p_caught = fates(after.hit * result.intensity, after.caught)
    for n in range(heads - killed - wounded):
        fate, lethal = draw.uniforms(f"{purpose} pursued {n}", 2)
        if fate < p_hit:
            if lethal < lethality:
                killed += 1
            else:
                wounded += 1
        elif fate < p_hit + p_caught:
            caught += 1
    caught += draw.binomial(f"{purpose} wounded captured", wounded, p_wounded_captured)
    return Aftermath(True, killed, wounded, caught, heads - killed - caught)
