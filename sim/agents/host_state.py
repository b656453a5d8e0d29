"""The host state's control of its bank, and the effect of diplomacy on it."""

from typing import Literal

from sim.agents.frontier import Frontier, FrontierAgent
from sim.engine.agenda import Timer
from sim.engine.draws import exponential
from sim.engine.step_function import StepFunction
from sim.incidents.records import DiplomaticAct
from sim.scenario.spec import Scenario


class HostState(FrontierAgent):
    """Control of the bank by district, with history: control at rest plus acts in effect."""

    def __init__(self, model: Frontier) -> None:
        super().__init__(model, "host_state", model.ground.length_km / 2.0, -10.0)
        self._rest = self._at_rest()
        self._added = StepFunction(0.0, 0.0)
        self._demarches = 0
        self._terms = 0
        self._next_term: Timer | None = None

    def start(self) -> None:
        """Begin the joint mechanism, if there is one."""
        if self.spec.diplomacy.joint_mechanism:
            self._next_term = self.at(self.now, self.on_joint_term)

    def adopt(self, before: Scenario) -> None:
        """Control at rest changes at once; a joint mechanism begins now, or ends with its term."""
        self._rest = self._at_rest()
        if self._next_term is None or not self._next_term.pending:
            self.start()

    def _at_rest(self) -> list[float]:
        """Control of the bank opposite each district, without any act."""
        rules = self.spec.host_state
        return [
            rules.control_by_district.get(sector.slug, rules.control)
            for sector in self.model.sectors
        ]

    def control(self, district: int, t: float) -> float:
        """Control of the bank opposite a district at ``t``, in [0, 1]."""
        return min(max(self._rest[district] + self._added.at(t), 0.0), 1.0)

    def control_at_rest(self, district: int) -> float:
        """The same without any act of diplomacy."""
        return self._rest[district]

    def on_demarche(self) -> None:
        """A demarche arrives: after a delay it works, does nothing, or backfires."""
        rules, now = self.spec.diplomacy, self.now
        self._demarches += 1
        luck, delay, lasting = self.draw.uniforms(f"demarche {self._demarches}", 3)
        if luck < rules.p_success:
            result: Literal["success", "backfire"] = "success"
            change = rules.uplift
        elif luck > 1.0 - rules.p_backfire:
            result, change = "backfire", -rules.uplift
        else:
            self.model.record(DiplomaticAct(now, "demarche", "nothing", None, None))
            return
        begins = now + exponential(delay, rules.delay_days)
        ends = begins + exponential(lasting, rules.duration_days)
        self.model.record(DiplomaticAct(now, "demarche", result, begins, ends))
        self.at(begins, self._on_change, change)
        self.at(ends, self._on_change, -change)

    def on_joint_term(self) -> None:
        """A term of the joint mechanism begins, if it is renewed; it works or it does not."""
        rules, now = self.spec.diplomacy, self.now
        if not rules.joint_mechanism:
            return
        term, self._terms = self._terms, self._terms + 1
        ends = now + rules.joint_term_days
        if self.draw.chance(f"joint term {term}", rules.joint_p_success):
            self.model.record(DiplomaticAct(now, "joint_term", "success", now, ends))
            self._on_change(rules.joint_uplift)
            self.at(ends, self._on_change, -rules.joint_uplift)
        else:
            self.model.record(DiplomaticAct(now, "joint_term", "nothing", None, None))
        self._next_term = self.at(ends, self.on_joint_term)

    def _on_change(self, change: float) -> None:
        """Control changes, so cells may plan sooner."""
        self._added.set(self.now, self._added.current + change)
        for cell in self.model.cells:
            cell.replan()
