"""``--posterior``, ``--draws`` and ``--year``: the draws of uncertain parameters to use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from sim.runs.posterior import Posterior
    from sim.scenario.spec import Scenario


class DrawOptions(NamedTuple):
    """The values of ``--posterior``, ``--draws`` and ``--year``."""

    posterior: str | None
    draws: int | None
    year: str | None

    def resolve(self, specs: Sequence[Scenario]) -> Posterior | None:
        """Return the posterior for some scenarios: by default the shipped one, none for "none"."""
        from sim.runs.posterior import DEFAULT_DRAWS, SHIPPED, choose_draws

        if self.posterior == "none":
            for option, value in (("--draws", self.draws), ("--year", self.year)):
                if value:
                    raise click.UsageError(
                        f"{option} needs a posterior: leave it out with --posterior none."
                    )
            return None
        if self.posterior == "prior":
            from sim.calibrate.bank import prior_draws
            from sim.calibrate.simulator import simulator

            if self.year:
                raise click.UsageError(
                    "--year needs a posterior: the prior says nothing about single years. "
                    "Leave it out with --posterior prior."
                )
            if not specs:
                raise click.UsageError("--posterior prior needs scenarios: name them.")
            return prior_draws(simulator(specs[0]), self.draws or DEFAULT_DRAWS)
        return choose_draws(self.posterior or SHIPPED, self.draws, self.year)


def draws_as_data(draws: Mapping[str, Any] | None) -> dict[str, object] | None:
    """Return which draws runs were made with, from what a posterior says of itself."""
    if draws is None:
        return None
    names = [parameter["name"] for parameter in draws["parameters"]]
    same = {key: draws.get(key) for key in ("source", "digest", "year", "regime")}
    return {"parameters": names, **same}


def draws_as_text(draws: Mapping[str, Any] | None) -> str:
    """Return the same in words."""
    from sim.runs.posterior import year_in_description

    if draws is None:
        return "none: the scenarios' own values"
    year = year_in_description(draws)
    return (
        f"of {len(draws['parameters'])} parameters{f', for {year}' if year else ''}, "
        f"from {draws['source'] or 'a table'}"
    )
