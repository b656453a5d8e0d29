"""What a bank cannot be compared with is told, and the remedy that is given helps."""

from dataclasses import replace

import numpy as np
import pytest
from toys import GAUSSIAN

from sim.calibrate.distance import Distance
from sim.calibrate.population import Population, nearest
from sim.calibrate.problem import Aim
from sim.calibrate.rows import simulated
from sim.errors import PanjError

BANK = simulated(GAUSSIAN, 60)
NEAR, FAR = Aim("noise", 0.0, 0.0, 1.0), Aim("mean", 500.0, 500.0, 0.1)


def chosen(*aims: Aim, size: int = 10, bank: object = BANK) -> Population:
    """The nearest of a bank to these targets."""
    return nearest(bank, Distance.seen_in(bank.aimed(aims), aims), size)


def remedy(*aims: Aim, **said: object) -> str:
    """What is to be done about a refusal."""
    with pytest.raises(PanjError) as caught:
        chosen(*aims, **said)
    return caught.value.remedy


def test_a_target_out_of_reach_may_be_held_back() -> None:
    """Which is what a weight of 0 is here; the figure that was simulated stands in the message."""
    assert remedy(NEAR, FAR).endswith('or hold the target back (use = "validate").')
    assert len(chosen(NEAR, FAR._replace(weight=0.0)).weights) == 10
    with pytest.raises(PanjError, match=r"mean = 500 \(simulated: .* to .*\)"):
        chosen(NEAR, FAR)


def test_the_only_target_cannot_be_held_back() -> None:
    """Nothing would be left to fit."""
    assert remedy(FAR).endswith("or widen the prior of a parameter that moves it.")
    both = remedy(FAR, FAR._replace(name="noise"))
    assert "hold" not in both


def test_a_target_that_is_never_defined_may_be_held_back() -> None:
    """A larger bank does not help where nothing is ever defined."""
    statistics = BANK.statistics.copy()
    statistics[:, BANK.names.index("mean")] = np.nan
    blind = replace(BANK, statistics=statistics)
    assert 'hold the target back (use = "validate")' in remedy(NEAR, FAR, bank=blind)


def test_a_bank_that_is_too_small_wants_more_or_fewer() -> None:
    """No target is to blame."""
    assert remedy(NEAR, size=61) == "Take a larger bank or fewer of it (a smaller population)."
    assert len(chosen(NEAR, size=60).weights) == 60
