"""A scenario: all settings that are fixed before the first draw."""

import datetime as dt
from typing import Self

from pydantic import Field, model_validator

from sim.frontier.ground import Ground
from sim.scenario.field import Section, par
from sim.scenario.spec_guard import (
    Alert,
    Communications,
    FalseAlarms,
    Patrols,
    Posts,
    Readiness,
    Sign,
    Teams,
    Technical,
    Tips,
)
from sim.scenario.spec_society import (
    Costs,
    Diplomacy,
    HostStateSpec,
    Reporting,
    Villages,
    Worksites,
)
from sim.scenario.spec_threat import (
    Cells,
    Clash,
    Contact,
    Deterrence,
    Exposure,
    Regimes,
    Smugglers,
    Strikes,
)
from sim.validation import VisibleText


class Scenario(Section):
    """One scenario, validated and frozen. ``sim.load`` makes it from a TOML file."""

    name: str = Field(
        default="unnamed", min_length=1, max_length=80, description="short name of the scenario"
    )
    title: VisibleText = Field(
        default="", max_length=200, description="one line for tables and figures"
    )
    description: VisibleText = Field(
        default="", max_length=5000, description="description of the scenario"
    )
    start: dt.date = par(dt.date(2025, 1, 1), "first day of the run", "date")
    days: float = par(365.0, "length of the run", "days", 0.01, 36500.0)
    layout_seed: int = par(
        1, "seed of the synthetic places, which are the same in every replicate",
        "-", 0, 2**31 - 1,
    )  # fmt: skip
    ground: Ground = Field(
        default_factory=Ground.default,
        description="frontier: a shipped ground by name, or a folder",
    )
    posts: Posts = Posts()
    patrols: Patrols = Patrols()
    sign: Sign = Sign()
    technical: Technical = Technical()
    tips: Tips = Tips()
    false_alarms: FalseAlarms = FalseAlarms()
    communications: Communications = Communications()
    teams: Teams = Teams()
    alert: Alert = Alert()
    readiness: Readiness = Readiness()
    exposure: Exposure = Exposure()
    smugglers: Smugglers = Smugglers()
    contact: Contact = Contact()
    clash: Clash = Clash()
    regimes: Regimes = Regimes()
    deterrence: Deterrence = Deterrence()
    cells: Cells = Cells()
    strikes: Strikes = Strikes()
    villages: Villages = Villages()
    worksites: Worksites = Worksites()
    host_state: HostStateSpec = HostStateSpec()
    diplomacy: Diplomacy = Diplomacy()
    reporting: Reporting = Reporting()
    costs: Costs = Costs()
    stated: tuple[str, ...] = Field(
        default=(),
        description="keys that were set by hand; draws of a posterior leave them as they are",
    )

    def _repr_html_(self) -> str:
        """The card that a notebook shows."""
        from sim.scenario.notebook_card import as_html

        return as_html(self)

    @model_validator(mode="after")
    def _on_its_ground(self) -> Self:
        """Fill in missing district weights from the ground; refuse unknown districts."""
        for section, weights in self.ground.weights.items():
            part: Section = getattr(self, section)
            if "district_weights" not in part.model_fields_set:
                filled = part.model_copy(update={"district_weights": dict(weights)})
                object.__setattr__(self, section, filled)  # not frozen before it is whole
        tables = (
            self.posts.density, self.patrols.emphasis, self.technical.camera_emphasis,
            self.smugglers.district_weights, self.cells.district_weights,
            self.worksites.district_weights, self.host_state.control_by_district,
        )  # fmt: skip
        unknown = {name for table in tables for name in table} - set(self.ground.slugs)
        if unknown:
            raise ValueError(f"{self.ground} has no district {', '.join(sorted(unknown))}")
        return self
