"""Parameters of worksites, villages, the host state, diplomacy, reporting and cost."""

from sim.scenario.field import GROUND, Section, Share, Weight, chance, par, share


class Villages(Section):
    """Villages along the near bank."""

    per_100_km: float = par(
        9.0, "villages on 100 km of line, fewer where few people live", "1/(100 km)", 0.0, 200.0
    )


class Worksites(Section):
    """Mines and road camps."""

    count: int = par(22, "worksites on the frontier", "sites", 0, 1000)
    district_weights: dict[str, Weight] = par(
        {}, "weight of each district in the placing of worksites", "weight", source=GROUND
    )
    chinese_share: float = share(0.6, "share of sites with Chinese operators")
    chinese_staff_share: float = share(
        0.7, "share of Chinese staff at a site with a Chinese operator"
    )
    headcount: int = par(35, "mean number of people at a site", "persons", 1, 5000)
    guards: int = par(3, "guards at a site", "persons", 0, 500)
    road_share: float = chance(
        0.3, "chance that an attack on a site meets its people on the road instead of inside",
        source="assumption: well guarded compounds elsewhere left most victims to the road",
    )  # fmt: skip
    travellers: int = par(6, "people of a site who travel together", "persons", 1, 500)
    escorts: int = par(0, "guards who travel with a site's people", "persons", 0, 500)
    shelter_work: float = share(0.5, "share of the work of people kept inside that a site loses")
    hardening: float = share(0.1, "share of hits that walls and shelters prevent")
    counter_drone: float = chance(0.05, "chance that counter-drone cover stops a drone")
    farthest_km: float = par(8.0, "largest distance of a site from the line", "km", 0.1, 100.0)
    p_advisory: float = chance(
        0.8, "chance that the embassy urges people to leave after a worker is killed"
    )
    advisory_reach_km: float = par(
        150.0, "distance along the line within which an advisory applies to a site",
        "km", 0.0, 40000.0,
    )  # fmt: skip
    p_comply: float = chance(0.5, "chance that a site follows an advisory")
    closed_days: float = par(
        30.0, "mean time for which an evacuated site stays shut", "days", 0.0, 3650.0
    )
    p_harden_after: float = chance(0.5, "chance that a site that reopens has been hardened")
    hardened_gain: float = share(
        0.4, "share of the remaining hits prevented at a site that was hardened afterwards"
    )


class HostStateSpec(Section):
    """How far the host state controls the opposite bank."""

    control: float = share(0.3, "control of the bank without any diplomatic act")
    control_by_district: dict[str, Share] = par(
        {}, "control without any diplomatic act in districts that differ from `control`", "share"
    )
    effect_on_plans: float = share(1.0, "share of plans prevented at full control")
    effect_on_smuggling: float = share(0.3, "share of smuggling prevented at full control")


class Diplomacy(Section):
    """Diplomatic acts toward the host state: each has a cost and may fail."""

    demarche_deaths: int = par(
        2, "guards, workers and villagers killed in one incident that lead to a demarche; 0: never",
        "persons", 0, 1000,
    )  # fmt: skip
    p_success: float = chance(0.35, "chance that a demarche raises control")
    p_backfire: float = chance(0.05, "chance that a demarche lowers control instead")
    delay_days: float = par(10.0, "mean time from a demarche to its effect", "days", 0.0, 365.0)
    uplift: float = share(
        0.2, "control that a successful demarche adds, and one that backfires takes away"
    )
    duration_days: float = par(60.0, "mean duration of a demarche's effect", "days", 0.1, 3650.0)
    joint_mechanism: bool = par(
        False, "whether a joint mechanism exists, renewed term by term", "flag"
    )
    joint_term_days: float = par(
        90.0, "length of a term of the joint mechanism", "days", 1.0, 3650.0
    )
    joint_p_success: float = chance(0.6, "chance that a term of the joint mechanism works")
    joint_uplift: float = share(0.3, "control that a term that works adds")


class Reporting(Section):
    """How incidents are reported."""

    p_quiet: float = chance(0.6, "chance that an interdiction without deaths is reported")
    p_clash: float = chance(0.85, "chance that a clash or attack without deaths is reported")
    p_intruder_death: float = chance(
        0.95, "chance that an incident in which only intruders died is reported"
    )
    p_victim_death: float = chance(
        1.0, "chance that an incident in which a guard, worker or villager died is reported"
    )
    lag_days: float = par(
        1.8, "mean time from an incident to its report",
        "days", 0.0, 365.0, source="1-2 days typical, up to 18",
    )  # fmt: skip
    p_actor_known: float = chance(0.7, "chance that a report names the right kind of actor")


class Costs(Section):
    """A price list, which turns effort and loss into one figure."""

    guard_hour: float = par(2.5, "price of an hour of a guard on duty", "USD/h", 0.0, 1e6)
    patrol_km: float = par(0.5, "price of a kilometre walked by a patrol", "USD/km", 0.0, 1e6)
    team_hour: float = par(60.0, "price of an hour of a team on a mission", "USD/h", 0.0, 1e6)
    air_hour: float = par(2500.0, "price of an hour of a helicopter", "USD/h", 0.0, 1e7)
    uav_hour: float = par(150.0, "price of an hour of a surveillance aircraft", "USD/h", 0.0, 1e6)
    camera_km_day: float = par(
        8.0, "price of a kilometre of line in view of a camera for a day", "USD/(km day)", 0.0, 1e6
    )
    tips_programme_year: float = par(
        400000.0, "price of a year of the tips programme at full intensity", "USD/year", 0.0, 1e9
    )
    hardening_site_year: float = par(
        60000.0, "price of a year of full hardening of one site", "USD/year", 0.0, 1e9
    )
    counter_drone_site_year: float = par(
        120000.0, "price of a year of full counter-drone cover of one site", "USD/year", 0.0, 1e9
    )
    reserve_team_day: float = par(900.0, "price of a day of a reserve team", "USD/day", 0.0, 1e6)
    worker_day: float = par(80.0, "price of a lost working day of one worker", "USD/day", 0.0, 1e6)
    demarche: float = par(20000.0, "price of a demarche", "USD", 0.0, 1e9)
    joint_mechanism_day: float = par(
        3000.0, "price of a day of the joint mechanism", "USD/day", 0.0, 1e9
    )
