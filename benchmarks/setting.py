"""The setting of all parts of the suite: scenario, seed, rounds and size."""

from typing import NamedTuple

from sim.scenario.spec import Scenario


class Setting(NamedTuple):
    """The baseline, the seed of every run, the number of rounds, and whether runs are small."""

    scenario: Scenario
    seed: int
    repeat: int
    quick: bool = False
