"""What all parts of the suite are told: whose runs, how often, and whether a short look will do."""

from typing import NamedTuple

from sim.scenario.spec import Scenario


class Setting(NamedTuple):
    """The baseline, the seed of every run, the rounds, and whether to make everything small."""

    scenario: Scenario
    seed: int
    repeat: int
    quick: bool = False
