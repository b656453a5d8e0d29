"""When a cell plans: a self-exciting point process, reduced by the host state's control.

Plans arise spontaneously, more in bad years; every attack triggers further ones, a success more
than a failure (Hawkes 1971; Lewis et al. 2012), and so may the cell's own dead.
"""

from math import exp, expm1
from typing import NamedTuple, Protocol

from sim.agents.choices import Chooser
from sim.agents.plan_forecast import NO_HARM, Harm, PlanForecast, forecast_plan
from sim.engine.agenda import Timer
from sim.engine.arrivals import Arrivals, Point
from sim.incidents.records import Incident
from sim.scenario.spec import Scenario
from sim.scenario.spec_threat import Cells

_TILE_DAYS, _TILE_RATE = 100.0, 0.04  # part of the identity of every plan


class Planner(Chooser, Protocol):
    """A cell, as far as its planning is concerned."""

    identity: str
    district: int

    def take_up(self, plan: str) -> None:
        """A plan has come."""
        ...


def succeeded(incidents: list[Incident]) -> bool:
    """Whether an attack killed a guard, a worker or a villager."""
    return any(incident.victims > 0 for incident in incidents)


def offspring(rules: Cells, incidents: list[Incident]) -> float:
    """Plans that an attack triggers later: ``branching`` less the attacks that join others.

    Of ``1 + joint`` attacks on the same day ``joint`` were triggered by another. A success triggers
    more and a failure less, many dead more and few dead less; the mean is unchanged where
    successes and deaths are as usual (``success_share``, ``usual_dead``).
    """
    later = max(rules.branching - rules.joint / (1.0 + rules.joint), 0.0)
    weight = 1.0 + rules.success_premium * (float(succeeded(incidents)) - rules.success_share)
    dead = sum(incident.killed_militants for incident in incidents)
    return max(later * weight + rules.retaliation * (dead - rules.usual_dead), 0.0)


class Rate(NamedTuple):
    """Plans per day from an instant on, as long as nothing happens.

    A cell makes ``own`` plans at a constant rate; attacks trigger ``excited`` ones at a falling
    rate; control lets the share ``through``.
    """

    since: float
    own: float
    excited: float
    through: float
    lag_days: float

    @property
    def first(self) -> float:
        """The rate at its first instant."""
        return (self.own + self.excited) * self.through

    def expected(self, t: float) -> float:
        """Expected number of plans until ``t``: the integral of the rate."""
        passed = t - self.since
        faded = -expm1(-passed / self.lag_days)
        return (self.own * passed + self.excited * self.lag_days * faded) * self.through


class Planning:
    """The plans of one cell to come."""

    def __init__(self, cell: Planner) -> None:
        self._cell, self._model = cell, cell.model
        self._excitation = 0.0
        self._excited_at = 0.0
        self._rate: Rate | None = None  # since plans were last looked for
        self._forecast: PlanForecast | None = None
        self._worth = NO_HARM  # of a plan at this rate, forecast before chance decides
        self._plane = ""
        self.arrivals = self._plans()
        self._next: Timer | None = None

    @property
    def forecast(self) -> PlanForecast:
        """The forecast for one more plan, in the state when the present rules began to hold."""
        if self._forecast is None:
            self._forecast = forecast_plan(self._cell)
        return self._forecast

    def _plans(self) -> Arrivals:
        """The plane of the plans to come."""
        identity = f"{self._cell.identity}/plans{self._plane}"
        return Arrivals(self._model.draws, identity, _TILE_DAYS, _TILE_RATE)

    def adopt(self, before: Scenario) -> None:
        """Keep the number of plans still to be triggered; forecast plans again."""
        self.stop()
        self._forecast = None
        now, old, new = self._model.now, before.cells, self._model.spec.cells
        if new.lag_days != old.lag_days:
            left = self._excited(now, old.lag_days)
            self._excitation, self._excited_at = left * old.lag_days / new.lag_days, now

    def _excited(self, t: float, lag_days: float) -> float:
        """Plans per day that attacks trigger at ``t``, before control."""
        return self._excitation * exp(-(t - self._excited_at) / lag_days)

    def rate(self, t: float) -> float:
        """Plans per day at ``t``: (base x regime + excitation) x the share control lets through.

        ``branching`` counts plans that are made, so it includes control at rest; only changes of
        control by diplomacy change how many plans an attack triggers.
        """
        return self._rate_from(t).first

    def _rate_from(self, t: float) -> Rate:
        model, district = self._model, self._cell.district
        rules, host, effect = model.spec.cells, model.host_state, model.spec.host_state
        through = 1.0 - effect.effect_on_plans * host.control(district, t)
        at_rest = 1.0 - effect.effect_on_plans * host.control_at_rest(district)
        own = rules.plans_per_year / 365.0 * model.regimes.plans(model.spec, t)
        lag = rules.lag_days
        excited = self._excited(t, lag) / (at_rest or 1.0) if self._excitation else 0.0
        return Rate(t, own, excited, through, lag)

    def excite(self, plans: float) -> None:
        """Trigger ``plans`` further plans in expectation, after the mean lag."""
        now, lag = self._model.now, self._model.spec.cells.lag_days
        self._excitation, self._excited_at = self._excited(now, lag) + plans / lag, now
        self.replan()

    def replan(self) -> None:
        """Find the next instant at which a plan may come; the rate only falls until changed."""
        self.stop()
        model, cell = self._model, self._cell
        self._worth = self.forecast.plan(model.spec.days - model.now)
        self._rate = rate = self._rate_from(model.now)
        point = self.arrivals.next_after(model.now, model.spec.days, rate.first)
        if point is not None:
            self._next = model.agenda.at(point.at, self._on_point, point, key=cell.identity)

    def renew(self) -> None:
        """Take plans from another plane; nothing so far depends on plans still to come."""
        self._plane += "+"
        self.arrivals = self._plans()
        self.replan()

    def stop(self) -> None:
        """Cancel the next plan; subtract the expected harm of plans until now from the luck."""
        self._model.add_luck(-self.due())
        self._rate = None
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def due(self) -> Harm:
        """The expected harm of plans since they were last looked for."""
        if self._rate is None:
            return NO_HARM
        return self._rate.expected(self._model.now) * self._worth

    def _on_point(self, point: Point) -> None:
        """A plan comes, if the rate still allows it."""
        if point.mark < self.rate(self._model.now):
            self._model.add_luck(self._worth)
            self._cell.take_up(f"{self._cell.identity}/plan/{point.key}{self._plane}")
        self.replan()
