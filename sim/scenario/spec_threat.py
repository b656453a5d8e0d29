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
        0.5, "relative lengthening per unit of river index above its mean", "ratio", 0.0, 5.0
    )
    night_factor: float = par(1.2, "time in the open by night relative to day", "ratio", 0.1, 10.0)
    shortest_hours: float = par(0.3, "shortest time in the open", "h", 0.0, 24.0)
    longest_hours: float = par(2.5, "longest time in the open", "h", 0.01, 240.0)
    law: Literal["fixed", "exponential"] = par(
        "fixed", "whether all groups take that time, or each its own around that mean", "choice"
    )


class Smugglers(Section):
    """Smuggling groups."""

    loads_per_year: float = par(
        1000.0, "loads attempted a year with host-state control at zero effect",
        "1/year", 0.0, 200000.0, source="400-2,000 implied by seizures over interdiction share",
    )  # fmt: skip
    district_weights: dict[str, Weight] = par(
        {}, "share of the flow by district (normalised)", "weight", source=GROUND
    )
    night_share: float = share(
        0.95, "share of crossings by night", source="14 of 15 timed incidents: Beta(14, 1.5)"
    )
    season_effect: float = par(
        0.3, "how strongly high water thins the flow: weight of (1 - river index)",
        "ratio", 0.0, 0.8,
    )  # fmt: skip
    size_median: float = par(
        4.0, "median group size", "persons", 1.0, 50.0, source="incident rows: median 4"
    )
    size_sigma: float = par(0.45, "spread of the logarithm of the size", "-", 0.0, 2.0)
    size_least: int = par(2, "smallest group", "persons", 1, 50)
    size_most: int = par(
        40, "largest group", "persons", 1, 100, source="incident rows: about 30 in December 2010"
    )
    load_median_kg: float = par(
        41.0, "median load of a group of median size",
        "kg", 0.1, 2000.0, source="loads seen 25-60 kg",
    )  # fmt: skip
    load_sigma: float = par(0.35, "spread of the logarithm of the load", "-", 0.0, 2.0)
    load_size_power: float = par(
        0.5, "how the load grows with the group: 0 is not at all, 1 in proportion to its size",
        "-", 0.0, 1.0, source="assumption: four sized rows show no growth, carrying asks for some",
    )  # fmt: skip
    carry_most_kg: float = par(30.0, "most that one person carries", "kg", 1.0, 1000.0)
    threshold: float = par(
        0.18, "believed chance of interdiction from which groups stay away; 1 is never",
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
        0.4, "share of groups that choose their place by what they heard; 0 means no displacement"
    )
    reach_km: float = par(
        60.0, "how far along the line a group that chooses looks", "km", 0.0, 500.0
    )
    rationality: float = par(
        20.0, "quantal-response precision of the choice of place", "-", 0.0, 1000.0
    )
    distance_weight: float = par(
        0.15, "cost of moving as far as the whole reach, in units of certain interdiction",
        "-", 0.0, 100.0,
    )  # fmt: skip
    memory_days: float = par(
        45.0, "mean time for which an interdiction is remembered", "days", 1.0, 3650.0
    )
    prior_attempts: float = par(
        5.0, "attempts without interdiction that a place is believed to have seen before",
        "crossings", 0.1, 1000.0,
    )  # fmt: skip
    longest_wait_hours: float = par(
        4.0, "how long a group that watched the patrols waits for a gap", "h", 0.0, 24.0
    )
    surveillance: float = chance(
        0.2, "chance that a group watched the patrols and times its crossing by them"
    )


class Contact(Section):
    """What people do when they are met."""

    p_turn_back: float = chance(
        0.45, "chance that smugglers seen in the strip run back before contact"
    )
    p_drop_load: float = chance(0.8, "chance that those who run leave the load")
    p_fight_armed: float = chance(0.8, "chance that armed smugglers fight at even odds")
    p_surrender: float = chance(0.03, "chance that smugglers who do not fight give up")
    odds_effect: float = par(
        0.15, "power of (intruders / guards) in the odds of a fight", "exponent", 0.0, 5.0
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
        2.0, "guards that gather around each surrounded intruder, if the team is not enough",
        "ratio", 0.0, 10.0,
    )  # fmt: skip
    p_surrender_cordon_militants: float = chance(
        0.04, "chance that surrounded militants give up when called upon",
        source="3.7 % (2.1-5.8) of those killed or surrendered in Kashmir 2019-20: Beta(4, 96)",
    )  # fmt: skip
    p_surrender_cordon_smugglers: float = chance(
        0.15, "chance that surrounded smugglers give up when called upon",
        source="assumption: more than militants, few enough for the detained per clash",
    )  # fmt: skip
    cordon_cover: float = par(
        0.35, "hit rate of surrounded intruders relative to their own: guards chose their ground",
        "ratio", 0.0, 1.0,
        source="guards killed per deliberate contact in Kashmir 2018-22: 0.15-0.4",
    )  # fmt: skip
    cordon_leak: float = par(
        0.2, "hazard of slipping away from a cordon, relative to that without", "ratio", 0.0, 1.0
    )
    cordon_hold: float = par(
        5.0, "hazards of pursuit around a cordon, relative to those without",
        "ratio", 1.0, 100.0,
        source="militants killed per deliberate contact in Kashmir 2017-22: 1.3-2.4",
    )  # fmt: skip
    shadowing: float = par(
        4.0, "how much sooner a team finds a group that guards hold in view", "ratio", 1.0, 100.0
    )


class Clash(Section):
    """Continuous-time Markov attrition between people able to fight (square law), and pursuit."""

    guard_rate: float = par(0.8, "hits a guard scores", "1/(h head)", 0.0, 100.0)
    smuggler_rate: float = par(1.0, "hits an armed smuggler scores", "1/(h head)", 0.0, 100.0)
    militant_rate: float = par(1.6, "hits a militant scores", "1/(h head)", 0.0, 100.0)
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
        0.25, "the same for militants who raid: they came to hit and run"
    )
    raid_cover: float = par(
        0.4, "hit rate of raiders against defenders in prepared positions, relative to their own",
        "ratio", 0.0, 1.0,
        source="assumption; three attackers to a defender at even odds (Mearsheimer 1989)",
    )  # fmt: skip
    break_spread: float = par(
        0.5, "spread of those shares over fights: scale of the logistic law of their logarithm",
        "-", 0.0, 3.0, source="assumption: break points are distributions (Helmbold 1971)",
    )  # fmt: skip
    intensity_spread: float = par(
        2.0, "spread over fights of the factor on both sides' hit rates: inverse Weibull shape",
        "-", 0.0, 3.0,
        source="assumption: many bloodless clashes and a heavy tail, as dated rows have",
    )  # fmt: skip
    disengage_rate: float = par(12.5, "hazard that smugglers slip away", "1/h", 0.0, 1000.0)
    disengage_militants: float = par(0.2, "hazard that militants slip away", "1/h", 0.0, 1000.0)
    surprise_factor: float = par(
        1.5, "hit rate of the side that fires first, until the first hit, relative to its own",
        "ratio", 1.0, 20.0,
    )  # fmt: skip
    p_guards_first: float = chance(0.6, "chance that guards fire first")
    pursuit_hit: float = par(
        0.25, "hazard of being hit while running from a clash, relative to that of getting away",
        "ratio", 0.0, 100.0,
    )  # fmt: skip
    pursuit_caught: float = par(
        0.03, "hazard of being caught while running from a clash, relative to getting away",
        "ratio", 0.0, 100.0,
    )  # fmt: skip
    pursuit_night: float = par(
        0.7, "hazards of pursuit by night relative to day", "ratio", 0.0, 10.0
    )
    pursuit_terrain: TerrainFactors = par(
        TerrainFactors(lowland=1.0, foothill=0.9, gorge=0.6, high_valley=0.8, alpine=0.7),
        "hazards of pursuit by terrain",
        "ratio",
    )  # fmt: skip
    pursuit_depth: float = par(
        0.1, "growth of the hazards of pursuit with the way back to the line", "1/km", 0.0, 10.0
    )
    p_wounded_captured: float = chance(0.8, "chance that a wounded intruder is caught")


NEVER = -10.0
"""Utility of refraining at which a cell never refrains."""


class Cells(Section):
    """Militant cells: stylised, no real group."""

    count: int = par(6, "cells at the start", "cells", 0, 200)
    anti_foreign_share: float = share(
        0.5, "share of cells that seek foreign worksites rather than the state"
    )
    district_weights: dict[str, Weight] = par(
        {}, "where cells have their home, by district opposite", "weight", source=GROUND
    )
    strength: int = par(12, "people in a cell at the start", "persons", 1, 500)
    recruits_per_year: float = par(
        3.0, "people a cell gains in a year, up to its first strength", "1/year", 0.0, 500.0
    )
    plans_per_year: float = par(
        1.1, "plans a cell makes a year, without control and excitation", "1/year", 0.0, 400.0
    )
    branching: float = par(
        0.55, "plans one attack brings forth in all, joint ones too, under the control at rest",
        "plans", 0.0, 0.95,
        source="Lewis et al. 2012: 37-50 % of events triggered; a quarter of plans is left",
    )  # fmt: skip
    success_premium: float = par(
        0.5, "how much more a success brings forth than a failure, relative to the mean of all",
        "ratio", 0.0, 1.0,
    )  # fmt: skip
    success_share: float = share(
        0.25, "share of attacks with victims at which the mean is `branching`"
    )
    retaliation: float = par(
        0.05, "further plans that the death of one militant brings forth",
        "plans/person", 0.0, 0.5,
        source="assumption: signs differ (Haushofer et al. 2010; Jaeger and Paserman 2008)",
    )  # fmt: skip
    usual_dead: float = par(
        0.5, "militants killed in an attack at which the mean is `branching`",
        "persons", 0.0, 100.0,
    )  # fmt: skip
    lag_days: float = par(
        14.0, "mean time from an attack to a plan it brings forth",
        "days", 0.1, 365.0, source="Lewis et al. 2012: 2-6 weeks",
    )  # fmt: skip
    own_share: float = share(0.4, "share of the excitation that stays in the cell that attacked")
    passing: float = chance(
        0.5, "chance that the plan of a busy cell passes to a free neighbour; else it waits"
    )
    joint: float = chance(
        0.3, "chance that a free neighbour joins a plan with an attack of its own, the same day",
        source="assumption; several attacks a day are common (Porter and White 2012)",
    )  # fmt: skip
    preparation_days: float = par(
        4.0, "mean time from plan to being ready; it then acts at the next hour of its choice",
        "days", 0.0, 365.0,
    )  # fmt: skip
    regroup_days: float = par(15.0, "mean rest after an action", "days", 0.0, 365.0)
    party_least: int = par(2, "smallest party sent across", "persons", 1, 100)
    party_most: int = par(
        20, "largest party sent across",
        "persons", 1, 100, source="incident rows: 20 in November 2019",
    )  # fmt: skip
    party_exponent: float = par(
        1.0, "power of the law of party sizes: larger is smaller parties; 0 is all alike",
        "exponent", 0.0, 10.0, source="incident rows: 1.3 (0.6-2.0) for sizes as met",
    )  # fmt: skip
    raid_ratio: float = par(
        0.5, "people a raid needs for each defender of the target", "ratio", 0.0, 5.0
    )
    rationality: float = par(
        3.0, "quantal-response precision; 0 is random, large is best response", "-", 0.0, 1000.0
    )
    refrain: float = par(
        0.35, "utility of leaving it; at the lowest value a cell never refrains", "-", NEVER, 10.0
    )
    w_reward: float = par(1.0, "weight of a target's value", "-", 0.0, 100.0)
    w_risk: float = par(1.0, "weight of the risk the cell believes in", "-", 0.0, 100.0)
    w_distance: float = par(0.6, "weight of the distance from home, per reach", "-", 0.0, 100.0)
    reach_km: float = par(
        90.0, "how far along the line a cell looks for targets", "km", 1.0, 40000.0
    )
    skill: float = par(
        0.4, "surveillance: share of the believed risk that is the true patrol density, "
        "and chance to time a crossing by the patrols",
        "share", 0.0, 1.0,
    )  # fmt: skip
    memory_days: float = par(
        60.0, "mean time for which an outcome is remembered", "days", 1.0, 3650.0
    )
    prior_risk: float = chance(
        0.3, "chance of failing that is taken for granted where nothing else was heard"
    )
    learning: float = share(0.4, "weight of one's own newest outcome in what is believed")
    hearsay: float = par(
        0.5, "weight of what happened to others relative to one's own experience", "ratio", 0.0, 1.0
    )
    detour_km: float = par(
        15.0, "how far to either side of its target a party also thinks of crossing",
        "km", 0.0, 200.0,
    )  # fmt: skip
    infiltration: float = par(0.55, "value added to infiltration as a mode", "-", -10.0, 10.0)
    drone: float = par(0.2, "value added to a drone strike as a mode", "-", -10.0, 10.0)
    fire: float = par(0.15, "value added to fire across the line as a mode", "-", -10.0, 10.0)
    modes_off: list[str] = par([], "modes switched off: any of infiltration, drone, fire", "choice")
    night_share: float = share(
        0.93, "share of actions by night", source="14 of 15 timed incidents: Beta(14, 1.5)"
    )
    march_km_h: float = par(
        1.8, "walking speed of a party inside",
        "km/h", 0.1, 10.0, source="Tobler 1993 off path by night",
    )  # fmt: skip
    hide_depth_km: float = par(3.0, "how far behind its target a party lies up", "km", 0.0, 50.0)
    hide_hours: float = par(
        40.0, "mean time a party lies up before it strikes",
        "h", 0.0, 2000.0, source="12-150 h from crossing to contact in the incident rows",
    )  # fmt: skip


class Strikes(Section):
    """Strikes that need no crossing, and raids."""

    drone_p_arrive: float = chance(0.55, "chance that a drone reaches an unprotected site")
    drone_p_hit: float = chance(0.25, "chance that one exposed person is hit")
    fire_range_km: float = par(
        3.0, "farthest target from the line under fire across it", "km", 0.0, 30.0
    )
    fire_p_hit: float = chance(
        0.5, "chance that one exposed person is hit at the line itself by day"
    )
    fire_night_factor: float = par(
        0.6, "chance of a hit by night relative to day", "ratio", 0.0, 1.0
    )
    patrol_suppression: float = share(
        0.5, "share of the hits across the line spared when a patrol or another post is in reach"
    )
    suppression_reach_km: float = par(
        3.0, "how near a patrol or another post must be to answer fire", "km", 0.0, 50.0
    )
    raid_p_hit: float = chance(
        0.03, "chance that one raider hits one exposed person in a raid that gets through"
    )
    shared: float = par(
        0.33, "how far all people in one strike share their fate: correlation of their hits",
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
    """What makes whole years differ, whatever the defender does."""

    flow: float = par(1.0, "smuggling of the run's years relative to the mean", "ratio", 0.0, 20.0)
    plans: float = par(
        1.0, "cells' own plans in the run's years relative to the mean", "ratio", 0.0, 20.0
    )
    flow_spread: float = par(
        0.4, "standard deviation of the logarithm of a year's smuggling; 0: all years alike",
        "-", 0.0, 2.0, source="published yearly clashes: 0.55 (0.25-0.96)",
    )  # fmt: skip
    plans_spread: float = par(
        0.7, "standard deviation of the logarithm of a year's own plans; 0: all years alike",
        "-", 0.0, 2.0, source="yearly infiltrations elsewhere: 0.8 (0.45-1.5)",
    )  # fmt: skip
    correlation: float = par(0.5, "correlation of the two logarithms", "-", -1.0, 1.0)
    persistence: float = share(
        0.73, "correlation of a year's logarithm with the next one's",
        source="yearly infiltrations elsewhere: 0.77 (0.4-0.95)",
    )  # fmt: skip
    flow_first: float = par(
        0.0, "where the smuggling of the first year lies, in standard deviations of its logarithm",
        "-", -6.0, 6.0,
    )  # fmt: skip
    plans_first: float = par(
        0.0, "where the own plans of the first year lie, in standard deviations of their logarithm",
        "-", -6.0, 6.0,
    )  # fmt: skip
    first_spread: float = par(
        1.0, "how far the first year may lie from there; 1: as any year may, 0: it is known",
        "-", 0.0, 1.0,
    )  # fmt: skip


class Deterrence(Section):
    """What visible guards keep away, beyond whom they meet."""

    militants: float = par(
        0.2, "elasticity of cells' plans at a place to the patrols seen there; 0 is none",
        "exponent", 0.0, 2.0,
        source="Klick and Tabarrok 2005; Draca et al. 2011; or none (LaFree et al. 2009)",
    )  # fmt: skip
    smugglers: float = par(
        0.1, "elasticity of smuggling to the patrols seen above the reference; 0 is none",
        "exponent", 0.0, 2.0, source="Gathmann 2008: about 0.1",
    )  # fmt: skip
    reference_sorties: float = par(
        2.0, "sorties of a post at which presence deters as much as the rates have in them",
        "1/day", 0.1, 48.0,
    )  # fmt: skip
    terrain: TerrainFactors = par(
        TerrainFactors(lowland=1.0, foothill=0.7, gorge=0.4, high_valley=0.6, alpine=0.3),
        "how far presence deters, by terrain",
        "ratio",
        source="assumption; barriers work on smooth ground (Linebarger and Braithwaite 2020)",
    )  # fmt: skip
