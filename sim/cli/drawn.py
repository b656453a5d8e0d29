"""``--posterior``, ``--draws``, ``--year``: where draws of the uncertain parameters come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.scenario.spec import Scenario


class Wanted(NamedTuple):
    """The draws that were asked for, as options say it."""

    posterior: str | None
    draws: int | None
    year: str | None

    def of(self, specs: Sequence[Scenario]) -> Posterior | None:
        """Draws for scenarios: the shipped ones without a word, none for "none".

        Where they know of years they stand for ``year``, or for the coming one.
        """
        from sim.runs.batch import DRAWS, chosen
        from sim.runs.posterior import SHIPPED

        if self.posterior == "none":
            for option, given in (("--draws", self.draws), ("--year", self.year)):
                if given:
                    raise click.UsageError(
                        f"{option} is of a posterior: leave it out with --posterior none."
                    )
            return None
        if self.posterior == "prior":
            from sim.calibrate.bank import prior_draws
            from sim.calibrate.simulator import simulator

            if self.year:
                raise click.UsageError(
                    "--year is of a posterior: the prior knows of no year what it was like. "
                    "Leave it out with --posterior prior."
                )
            if not specs:
                raise click.UsageError(
                    "--posterior prior needs the scenarios it is for: name them."
                )
            return prior_draws(simulator(specs[0]), self.draws or DRAWS)
        return chosen(self.posterior or SHIPPED, self.draws, self.year)


def described(draws: Mapping[str, Any] | None) -> dict[str, object] | None:
    """Which draws runs were made with, for machines; of what a posterior says of itself."""
    if draws is None:
        return None
    names = [parameter["name"] for parameter in draws["parameters"]]
    same = {key: draws.get(key) for key in ("source", "digest", "year", "regime")}
    return {"parameters": names, **same}


def told(draws: Mapping[str, Any] | None) -> str:
    """The same in words."""
    from sim.runs.posterior import year_of

    if draws is None:
        return "none: the scenarios' own values"
    year = year_of(draws)
    return (
        f"of {len(draws['parameters'])} parameters{f', for {year}' if year else ''}, "
        f"from {draws['source'] or 'a table'}"
    )
