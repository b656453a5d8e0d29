"""What a year costs when the rules of the guarding side are others."""

from sim.scenario.spec import Scenario
from sim.scenario.vary import with_overrides


def scenarios(baseline: Scenario) -> dict[str, Scenario]:
    """The variants by name; each changes one thing."""
    return {
        "alert heightened, more sorties": with_overrides(baseline, {"alert.level": "heightened"}),
        "regular departures": with_overrides(baseline, {"patrols.schedule": "regular"}),
        "jittered departures": with_overrides(baseline, {"patrols.schedule": "jittered"}),
        "random departures, as baseline": with_overrides(baseline, {"patrols.schedule": "random"}),
    }
