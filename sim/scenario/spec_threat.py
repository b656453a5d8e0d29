"""Parameters of those who cross or attack, and of what happens when the two sides meet."""

from typing import Literal

from sim.scenario.field import (
    GROUND,
    Section,
    TerrainFactors,
    TerrainHours,
    Weight,
    chance,
    par,
    share,
)


class Exposure(Section):
    """How long a group is in the open: the water and the patrolled strip behind it."""

    hours: TerrainHours = par(
        TerrainHours(lowland=0.8, foothill=1.0, gorge=1.2, high_valley=1.0, alpine=1.8),
        "time in the open at mean river stage by day",
        "h",
    )  # fmt: skip
    river_effect: float = par(
        0.5, "relative increase of the time in the open per unit of river index above its mean",
        "ratio", 0.0, 5.0,
    )  # fmt: skip
    night_factor: float = par(1.2, "time in the open by night relative to day", "ratio", 0.1, 10.0)
    shortest_hours: float = par(0.3, "shortest time in the open", "h", 0.0, 24.0)
    longest_hours: float = par(2.5, "longest time in the open", "h", 0.01, 240.0)
    law: Literal["fixed", "exponential"] = par(
        "fixed",
        "fixed: time in the open as set by terrain, river and light; exponential: that on average",
        "choice",
    )  # fmt: skip


class Smugglers(Section):
    """Smuggling groups."""

    loads_per_year: float = par(
        1000.0, "loads attempted per year where the host state prevents none",
        "1/year", 0.0, 200000.0, source="400-2,000 implied by seizures over interdiction share",
    )  # fmt: skip
    district_weights: dict[str, Weight] = par(
        {}, "share of the flow by district (normalised)", "weight", source=GROUND
    )
    night_share: float = share(
        0.95, "share of crossings by night", source="14 of 15 timed incidents: Beta(14, 1.5)"
    )
    season_effect: float = par(
        0.3, "how strongly high water reduces the flow: weight of (1 - river index)",
        "ratio", 0.0, 0.8,
    )  # fmt: skip
    size_median: float = par(
        4.0, "median group size", "persons", 1.0, 50.0, source="incident rows: median 4"
    )
    size_sigma: float = par(
        0.45, "standard deviation of the logarithm of the group size", "-", 0.0, 2.0
    )
    size_least: int = par(2, "smallest group", "persons", 1, 50)
    size_most: int = par(
        40, "largest group", "persons", 1, 100, source="incident rows: about 30 in December 2010"
    )
    load_median_kg: float = par(
        41.0, "median load of a group of median size",
        "kg", 0.1, 2000.0, source="loads seen 25-60 kg",
    )  # fmt: skip
    load_sigma: float = par(0.35, "standard deviation of the logarithm of the load", "-", 0.0, 2.0)
    load_size_power: float = par(
        0.5, "growth of the load with the group size: 0 is none, 1 is in proportion",
        "-", 0.0, 1.0, source="assumption: four sized rows show no growth, carrying asks for some",
    )  # fmt: skip
    carry_most_kg: float = par(30.0, "largest load per person", "kg", 1.0, 1000.0)
    threshold: float = par(
        0.18, "believed chance of interdiction above which groups begin to stay away; 1 is never",
        "probability", 0.001, 1.0,
        source="Anthony 2004: risk is ignored below a threshold; its size an assumption",
    )  # fmt: skip
    hard_core: float = share(0.2, "share of groups that come whatever the risk")
    p_armed: float = chance(0.35, "chance that a group is armed")
    inland_least_km: float = par(
        5.0, "shortest walk inland before a group disperses", "km", 0.0, 200.0
    )
    inland_most_km: float = par(
        20.0, "longest walk inland before a group disperses", "km", 0.0, 200.0
    )
    walk_km_h: float = par(
        2.4, "walking speed inland with a load",
        "km/h", 0.1, 10.0, source="Tobler 1993 off path with a load",
    )  # fmt: skip
    displacement: float = share(
        0.4, "share of groups that choose their place by what they have heard; 0: no displacement"
    )
    reach_km: float = par(
        60.0, "distance along the line within which a group chooses its place", "km", 0.0, 500.0
    )
    rationality: float = par(
        20.0, "precision of the choice of place (quantal response); 0 is a random choice",
        "-", 0.0, 1000.0,
    )  # fmt: skip
    distance_weight: float = par(
        0.15, "cost of moving by the whole of reach_km, in units of certain interdiction",
        "-", 0.0, 100.0,
    )  # fmt: skip
    memory_days: float = par(
        45.0, "mean time for which an interdiction is remembered", "days", 1.0, 3650.0
    )
    prior_attempts: float = par(
        5.0, "earlier attempts without interdiction that groups assume at every place",
        "crossings", 0.1, 1000.0,
    )  # fmt: skip
    longest_wait_hours: float = par(
        4.0, "longest time that a group that watched the patrols waits for a gap", "h", 0.0, 24.0
    )
    surveillance: float = chance(
        0.2, "chance that a group watched the patrols and times its crossing by them"
    )


class Contact(Section):
    """What intruders and guards do when they meet."""

    p_turn_back: float = chance(
        0.45, "chance that smugglers who are seen at the line run back before contact"
    )
    p_drop_load: float = chance(0.8, "chance that smugglers who run leave their load")
    p_fight_armed: float = chance(0.8, "chance that armed smugglers fight at even odds")
    p_surrender: float = chance(0.03, "chance that smugglers who do not fight surrender")
    odds_effect: float = par(
        0.15, "exponent of (intruders / guards) in the odds of a fight", "exponent", 0.0, 5.0
    )
    p_militants_fight: float = chance(
        0.95, "chance that militants fight rather than scatter",
        source="escape share of militants near 0 in the incident rows",
    )  # fmt: skip
    p_cordon: float = chance(
        0.25, "chance that a team that finds a group surrounds it and chooses the moment"
    )
    cordon_hours: float = par(
        1.0, "mean time from finding a group to contact with it surrounded", "h", 0.0, 48.0
    )
    cordon_numbers: float = par(
        2.0, "least number of guards per surrounded intruder; others join a team that is smaller",
        "ratio", 0.0, 10.0,
    )  # fmt: skip
    p_surrender_cordon_militants: float = chance(
        0.04, "chance that surrounded militants surrender when called upon",
        source="3.7 % (2.1-5.8) of those killed or surrendered in Kashmir 2019-20: Beta(4, 96)",
    )  # fmt: skip
    p_surrender_cordon_smugglers: float = chance(
        0.15, "chance that surrounded smugglers surrender when called upon",
        source="assumption: more than militants, few enough for the detained per clash",
    )  # fmt: skip
    cordon_cover: float = par(
        0.35, "hit rate of surrounded intruders relative to others: guards chose their ground",
        "ratio", 0.0, 1.0,
        source="guards killed per deliberate contact in Kashmir 2018-22: 0.15-0.4",
    )  # fmt: skip
    cordon_leak: float = par(
        0.2, "rate at which surrounded intruders slip away, relative to others", "ratio", 0.0, 1.0
    )
    cordon_hold: float = par(
        5.0, "rates of pursuit after contact with a surrounded group, relative to others",
        "ratio", 1.0, 100.0,
        source="militants killed per deliberate contact in Kashmir 2017-22: 1.3-2.4",
    )  # fmt: skip
    shadowing: float = par(
        4.0, "factor on a team's contact rate where guards keep the group in view",
        "ratio", 1.0, 100.0,
    )  # fmt: skip


class Clash(Section):
    """Fights (a Markov process, square law) between people able to fight, and pursuit."""

    guard_rate: float = par(
        0.8, "hits per hour that a guard able to fight scores", "1/(h head)", 0.0, 100.0
    )
    smuggler_rate: float = par(
        1.0, "hits per hour that an armed smuggler scores", "1/(h head)", 0.0, 100.0
    )
    militant_rate: float = par(
        1.6, "hits per hour that a militant scores", "1/(h head)", 0.0, 100.0
    )
    lethality_guards: float = chance(
        0.3, "chance that a hit kills a guard", source="wounded per killed guards 2.2-3.8"
    )
    lethality_smugglers: float = chance(0.6, "chance that a hit kills a smuggler")
    lethality_militants: float = chance(0.9, "chance that a hit kills a militant")
    break_off_guards: float = share(
        0.6, "share of guards out of action at which they break off, in the median fight"
    )
    break_off_smugglers: float = share(
        0.5, "share of smugglers out of action at which they run, in the median fight"
    )
    break_off_militants: float = share(
        1.0, "share of militants out of action at which they run, in the median fight"
    )
    break_off_raiders: float = share(
        0.25, "share of raiders out of action at which they run, in the median fight"
    )
    raid_cover: float = par(
        0.4, "factor on the hit rate of raiders against guards in prepared positions",
        "ratio", 0.0, 1.0,
        source="assumption; three attackers to a defender at even odds (Mearsheimer 1989)",
    )  # fmt: skip
    break_spread: float = par(
        0.5, "spread of break-off shares over fights: scale of the logistic law of their logarithm",
        "-", 0.0, 3.0, source="assumption: break points are distributions (Helmbold 1971)",
    )  # fmt: skip
    intensity_spread: float = par(
        2.0, "spread over fights of the factor on both sides' hit rates: inverse Weibull shape",
        "-", 0.0, 3.0,
        source="assumption: many bloodless clashes and a heavy tail, as dated rows have",
    )  # fmt: skip
    disengage_rate: float = par(
        12.5, "rate at which smugglers slip away from a fight", "1/h", 0.0, 1000.0
    )
    disengage_militants: float = par(
        0.2, "rate at which militants slip away from a fight", "1/h", 0.0, 1000.0
    )
    surprise_factor: float = par(
        1.5, "factor on the hit rate of the side that fires first, until the first hit",
        "ratio", 1.0, 20.0,
    )  # fmt: skip
    p_guards_first: float = chance(0.6, "chance that guards fire first")
    pursuit_hit: float = par(
        0.25, "rate of being hit while running from a clash, relative to that of getting away",
        "ratio", 0.0, 100.0,
    )  # fmt: skip
    pursuit_caught: float = par(
        0.03, "rate of being caught while running from a clash, relative to that of getting away",
        "ratio", 0.0, 100.0,
    )  # fmt: skip
    pursuit_night: float = par(0.7, "factor on the rates of pursuit by night", "ratio", 0.0, 10.0)
    pursuit_terrain: TerrainFactors = par(
        TerrainFactors(lowland=1.0, foothill=0.9, gorge=0.6, high_valley=0.8, alpine=0.7),
        "factor on the rates of pursuit, by terrain",
        "ratio",
    )  # fmt: skip
    pursuit_depth: float = par(
        0.1, "growth of the rates of pursuit with the distance back to the line", "1/km", 0.0, 10.0
    )
    p_wounded_captured: float = chance(0.8, "chance that a wounded intruder is captured")


NEVER = -10.0
"""Utility of refraining at which a cell never refrains."""


class Cells(Section):
    """Militant cells: stylised, and modelled on no real group."""

    count: int = par(6, "cells at the start of the run", "cells", 0, 200)
    anti_foreign_share: float = share(
        0.5, "share of cells that target foreign worksites rather than the state"
    )
    district_weights: dict[str, Weight] = par(
        {}, "weight of the bank opposite each district as the home of cells",
        "weight", source=GROUND,
    )  # fmt: skip
    strength: int = par(12, "people in a cell at the start of the run", "persons", 1, 500)
    recruits_per_year: float = par(
        3.0, "people that a cell recruits per year, up to its strength at the start",
        "1/year", 0.0, 500.0,
    )  # fmt: skip
    plans_per_year: float = par(
        1.1, "plans of its own that a cell makes per year where the host state has no control",
        "1/year", 0.0, 400.0,
    )  # fmt: skip
    branching: float = par(
        0.55, "further plans that one attack triggers in all, joint ones too, at control at rest",
        "plans", 0.0, 0.95,
        source="Lewis et al. 2012: 37-50 % of events triggered; a quarter of plans is left",
    )  # fmt: skip
    success_premium: float = par(
        0.5, "plans triggered by a success less those by a failure, relative to the mean",
        "ratio", 0.0, 1.0,
    )  # fmt: skip
    success_share: float = share(
        0.25, "share of attacks with victims for which the mean of triggered plans is `branching`"
    )
    retaliation: float = par(
        0.05, "further plans that the death of one militant triggers",
        "plans/person", 0.0, 0.5,
        source="assumption: signs differ (Haushofer et al. 2010; Jaeger and Paserman 2008)",
    )  # fmt: skip
    usual_dead: float = par(
        0.5, "militants killed per attack for which the mean of triggered plans is `branching`",
        "persons", 0.0, 100.0,
    )  # fmt: skip
    lag_days: float = par(
        14.0, "mean time from an attack to a plan that it triggers",
        "days", 0.1, 365.0, source="Lewis et al. 2012: 2-6 weeks",
    )  # fmt: skip
    own_share: float = share(
        0.4, "share of the triggered plans that come to the attacking cell itself"
    )
    passing: float = chance(
        0.5, "chance that the plan of a busy cell passes to a free neighbour; otherwise it waits"
    )
    joint: float = chance(
        0.3, "chance that a free neighbour joins a plan with an attack of its own on the same day",
        source="assumption; several attacks a day are common (Porter and White 2012)",
    )  # fmt: skip
    preparation_days: float = par(
        4.0, "mean time to prepare a plan; the cell then acts at the next hour of its choice",
        "days", 0.0, 365.0,
    )  # fmt: skip
    regroup_days: float = par(15.0, "mean rest after an action", "days", 0.0, 365.0)
    party_least: int = par(2, "smallest party sent across", "persons", 1, 100)
    party_most: int = par(
        20, "largest party sent across",
        "persons", 1, 100, source="incident rows: 20 in November 2019",
    )  # fmt: skip
    party_exponent: float = par(
        1.0, "exponent of the power law of party sizes; higher: fewer large parties; 0: uniform",
        "exponent", 0.0, 10.0, source="incident rows: 1.3 (0.6-2.0) for sizes as met",
    )  # fmt: skip
    raid_ratio: float = par(
        0.5, "people that a raid needs per defender of the target", "ratio", 0.0, 5.0
    )
    rationality: float = par(
        3.0,
        "precision of a cell's choice (quantal response); 0 is a random choice, large the best one",
        "-", 0.0, 1000.0,
    )  # fmt: skip
    refrain: float = par(
        0.35,
        "utility of doing nothing; higher: fewer attacks; at the lowest value a cell always acts",
        "-", NEVER, 10.0,
    )  # fmt: skip
    w_reward: float = par(1.0, "weight of a target's value", "-", 0.0, 100.0)
    w_risk: float = par(1.0, "weight of the risk the cell believes in", "-", 0.0, 100.0)
    w_distance: float = par(
        0.6, "weight of the distance from home, in units of reach_km", "-", 0.0, 100.0
    )
    reach_km: float = par(
        90.0, "distance along the line within which a cell looks for targets", "km", 1.0, 40000.0
    )
    skill: float = par(
        0.4, "surveillance: share of the believed risk that comes from the true patrol density, "
        "and chance of timing a crossing by the patrols",
        "share", 0.0, 1.0,
    )  # fmt: skip
    memory_days: float = par(
        60.0, "mean time for which an outcome is remembered", "days", 1.0, 3650.0
    )
    prior_risk: float = chance(
        0.3, "chance of failing that a cell assumes where it has heard nothing"
    )
    learning: float = share(0.4, "weight of a cell's own newest outcome in its belief")
    hearsay: float = par(
        0.5, "weight of other cells' outcomes relative to its own", "ratio", 0.0, 1.0
    )
    detour_km: float = par(
        15.0, "distance to either side of its target at which a party may cross; 0: opposite only",
        "km", 0.0, 200.0,
    )  # fmt: skip
    infiltration: float = par(
        0.55, "value that a cell adds to infiltration as a mode of attack", "-", -10.0, 10.0
    )
    drone: float = par(0.2, "value that a cell adds to a drone strike", "-", -10.0, 10.0)
    fire: float = par(0.15, "value that a cell adds to fire across the line", "-", -10.0, 10.0)
    modes_off: list[str] = par(
        [], "modes of attack that are switched off: any of infiltration, drone, fire", "choice"
    )
    night_share: float = share(
        0.93, "share of attacks and crossings by night",
        source="14 of 15 timed incidents: Beta(14, 1.5)",
    )  # fmt: skip
    march_km_h: float = par(
        1.8, "walking speed of a party that has crossed",
        "km/h", 0.1, 10.0, source="Tobler 1993 off path by night",
    )  # fmt: skip
    hide_depth_km: float = par(
        3.0, "distance beyond its target at which a party hides", "km", 0.0, 50.0
    )
    hide_hours: float = par(
        40.0, "mean time for which a party hides before it strikes",
        "h", 0.0, 2000.0, source="12-150 h from crossing to contact in the incident rows",
    )  # fmt: skip


class Strikes(Section):
    """Strikes from across the line, raids, and what targets are worth."""

    drone_p_arrive: float = chance(0.55, "chance that a drone reaches an unprotected site")
    drone_p_hit: float = chance(
        0.25, "chance that a drone that arrives hits a given person in the open"
    )
    fire_range_km: float = par(
        3.0, "largest distance from the line of a target of fire across it", "km", 0.0, 30.0
    )
    fire_p_hit: float = chance(
        0.5, "chance that fire hits a given person in the open at the line itself by day"
    )
    fire_night_factor: float = par(
        0.6, "chance of a hit by fire at night, relative to day", "ratio", 0.0, 1.0
    )
    patrol_suppression: float = share(
        0.5, "share of hits by fire that are avoided where a patrol or another post can answer"
    )
    suppression_reach_km: float = par(
        3.0, "distance within which a patrol or another post can answer fire", "km", 0.0, 50.0
    )
    raid_p_hit: float = chance(
        0.03, "chance that a raider hits a given person in the open in a raid that gets through"
    )
    shared: float = par(
        0.33, "correlation of people's hits in one strike; 0: each person's fate is separate",
        "share", 0.0, 0.95, source="assumption: incident rows fit 0.01-0.8",
    )  # fmt: skip
    lethality_workers: float = chance(
        0.45, "chance that a hit kills a worker or villager",
        source="wounded per killed workers about 1.2",
    )  # fmt: skip
    exposed_share: float = share(0.35, "share of a site's people in the open")
    guards_exposed: int = par(4, "guards of a post in the open", "persons", 0, 100)
    villagers_exposed: int = par(6, "people of a village in the open", "persons", 0, 1000)
    post_value: float = par(0.35, "value of a post to an anti-state cell", "-", 0.0, 10.0)
    site_value: float = par(1.0, "value of a foreign site to an anti-foreign cell", "-", 0.0, 10.0)
    other_value: float = par(0.2, "value of a target a cell does not seek first", "-", 0.0, 10.0)
    village_value: float = par(0.05, "value of a village", "-", 0.0, 10.0)


class Regimes(Section):
    """What makes whole years differ, independently of the defender."""

    flow: float = par(
        1.0, "smuggling in the years of the run relative to the long-run mean", "ratio", 0.0, 20.0
    )
    plans: float = par(
        1.0, "cells' own plans in the years of the run relative to the long-run mean",
        "ratio", 0.0, 20.0,
    )  # fmt: skip
    flow_spread: float = par(
        0.4, "standard deviation of the logarithm of a year's smuggling; 0: all years are alike",
        "-", 0.0, 2.0, source="published yearly clashes: 0.55 (0.25-0.96)",
    )  # fmt: skip
    plans_spread: float = par(
        0.7, "standard deviation of the logarithm of a year's own plans; 0: all years are alike",
        "-", 0.0, 2.0, source="yearly infiltrations elsewhere: 0.8 (0.45-1.5)",
    )  # fmt: skip
    correlation: float = par(
        0.5, "correlation of the logarithms of a year's smuggling and own plans", "-", -1.0, 1.0
    )
    persistence: float = share(
        0.73, "correlation of a year's logarithm with the next one's",
        source="yearly infiltrations elsewhere: 0.77 (0.4-0.95)",
    )  # fmt: skip
    flow_first: float = par(
        0.0, "expected log of the first year's smuggling, in standard deviations from its mean",
        "-", -6.0, 6.0,
    )  # fmt: skip
    plans_first: float = par(
        0.0, "expected log of the first year's own plans, in standard deviations from its mean",
        "-", -6.0, 6.0,
    )  # fmt: skip
    first_spread: float = par(
        1.0, "spread of the first year's two logs, relative to that of any year; 0: no spread",
        "-", 0.0, 1.0,
    )  # fmt: skip


class Deterrence(Section):
    """Deterrence: whom visible guards keep away, besides those they meet."""

    militants: float = par(
        0.2, "elasticity of cells' plans at a place to the patrols seen there; 0: no deterrence",
        "exponent", 0.0, 2.0,
        source="Klick and Tabarrok 2005; Draca et al. 2011; or none (LaFree et al. 2009)",
    )  # fmt: skip
    smugglers: float = par(
        0.1, "elasticity of smuggling to patrols above the reference; 0: no deterrence",
        "exponent", 0.0, 2.0, source="Gathmann 2008: about 0.1",
    )  # fmt: skip
    reference_sorties: float = par(
        2.0, "sorties per post whose deterrence the rates of attack and smuggling include already",
        "1/day", 0.1, 48.0,
    )  # fmt: skip
    terrain: TerrainFactors = par(
        TerrainFactors(lowland=1.0, foothill=0.7, gorge=0.4, high_valley=0.6, alpine=0.3),
        "factor on deterrence, by terrain",
        "ratio",
        source="assumption; barriers work on smooth ground (Linebarger and Braithwaite 2020)",
    )  # fmt: skip
