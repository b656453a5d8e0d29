"""Validate values into a frozen scenario, or report every problem with its place."""

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError
from sim.scenario.check import Fault, faults, unknown_districts
from sim.scenario.error_messages import fault_from
from sim.scenario.merge import Values
from sim.scenario.provenance import Sources, source_of
from sim.scenario.spec import Scenario


def validated(values: Values, sources: Sources) -> Scenario:
    """Validate complete values and freeze them; ``sources`` has the place of each value.

    Raises one :class:`~sim.errors.ScenarioError` with every problem, in the order of the files'
    lines.
    """
    found = list(unknown_districts(values))
    try:
        scenario = Scenario.model_validate(dict(values))
    except ValidationError as error:
        # An error without a location is about unknown districts, which are listed already.
        details = error.errors(include_url=False)
        found += [fault_from(detail) for detail in details if detail["loc"]]
    else:
        found += faults(scenario)
        if not found:
            return scenario
    problems = [_placed(fault, sources) for fault in found]
    problems.sort(key=lambda problem: (problem.path or "", problem.line or 0))
    raise ScenarioError.of(problems)


def _placed(fault: Fault, sources: Sources) -> Problem:
    """Give a fault the file and line of its key, or of the first related key that was set."""
    places = [source_of(sources, key) for key in (fault.key, *fault.others)]
    place = next((source for source in places if source and source.kind != "default"), None)
    return Problem(
        reason=fault.reason,
        path=place.place if place else None,
        line=place.line if place else None,
        key=fault.key,
        value=fault.value,
        remedy=fault.remedy,
    )
