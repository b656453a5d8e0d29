"""``--posterior`` and ``--draws``: where the draws of the uncertain parameters come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.scenario.spec import Scenario


def drawn(wanted: str | None, draws: int | None, specs: Sequence[Scenario]) -> Posterior | None:
    """The draws that were asked for: the shipped ones without a word, none for "none"."""
    from sim.runs.batch import DRAWS, chosen
    from sim.runs.posterior import SHIPPED

    if wanted == "none":
        if draws:
            raise click.UsageError("--draws is of a posterior: leave it out with --posterior none.")
        return None
    if wanted == "prior":
        from sim.calibrate.bank import prior_draws
        from sim.calibrate.standard import standard_problem

        if not specs:
            raise click.UsageError("--posterior prior needs the scenarios it is for: name them.")
        return prior_draws(standard_problem(specs[0]), draws or DRAWS)
    return chosen(wanted or SHIPPED, draws)
