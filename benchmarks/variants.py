"""What a year costs when something else than the flow is changed."""

from sim.scenario.spec import Scenario
from sim.scenario.vary import with_overrides


def scenarios(baseline: Scenario) -> dict[str, Scenario]:
    """The variants by name; each changes one thing."""
    return {
        "ten times as many posts": with_overrides(
            baseline, {"posts.spacing_km": baseline.posts.spacing_km / 10.0}
        ),
        "horizon x 3": with_overrides(baseline, {"days": 3.0 * baseline.days}),
        "alert heightened, more sorties": with_overrides(baseline, {"alert.level": "heightened"}),
        "regular departures": with_overrides(baseline, {"patrols.schedule": "regular"}),
        "jittered departures": with_overrides(baseline, {"patrols.schedule": "jittered"}),
        "random departures, as baseline": with_overrides(baseline, {"patrols.schedule": "random"}),
    }
