"""A scenario: everything that is fixed before the first draw."""

import datetime as dt

from pydantic import Field

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
from sim.scenario.spec_threat import Cells, Clash, Contact, Exposure, Smugglers, Strikes


class Scenario(Section):
    """One scenario, validated and frozen. ``sim.load`` makes it from a TOML file."""

    name: str = Field(default="unnamed", min_length=1, max_length=80, description="short name")
    title: str = Field(default="", max_length=200, description="one line for tables and figures")
    description: str = Field(
        default="", max_length=5000, description="what the scenario stands for"
    )
    start: dt.date = par(dt.date(2025, 1, 1), "first day", unit="date")
    days: float = par(365.0, "horizon", unit="days", low=0.01, high=36500.0)
    layout_seed: int = par(
        1,
        "seed of the synthetic places: the same in every replicate",
        unit="-",
        low=0,
        high=2**31 - 1,
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
    cells: Cells = Cells()
    strikes: Strikes = Strikes()
    villages: Villages = Villages()
    worksites: Worksites = Worksites()
    host_state: HostStateSpec = HostStateSpec()
    diplomacy: Diplomacy = Diplomacy()
    reporting: Reporting = Reporting()
    costs: Costs = Costs()
