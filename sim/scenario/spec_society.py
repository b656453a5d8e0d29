"""Parameters of worksites, villages, the host state, diplomacy, reporting and cost."""

from sim.scenario.field import GROUND, Section, Share, Weight, par


class Villages(Section):
    """Villages along the near bank."""

    per_100_km: float = par(
        9.0, "villages on 100 km of line, thinner where few people live",
        unit="1/(100 km)", low=0.0, high=200.0,
    )  # fmt: skip


class Worksites(Section):
    """Mines and road camps."""

    count: int = par(22, "worksites on the frontier", unit="sites", low=0, high=1000)
    district_weights: dict[str, Weight] = par(
        {}, "where worksites are, by district", unit="weight", source=GROUND
    )
    chinese_share: float = par(
        0.6, "share of sites with Chinese operators", unit="share", low=0.0, high=1.0
    )
    chinese_staff_share: float = par(
        0.7, "share of Chinese staff at a site with a Chinese operator",
        unit="share", low=0.0, high=1.0,
    )  # fmt: skip
    headcount: int = par(35, "people at a site", unit="persons", low=1, high=5000)
    guards: int = par(3, "guards at a site", unit="persons", low=0, high=500)
    road_share: float = par(
        0.3, "chance that an attack on a site meets its people on the road instead of inside",
        unit="probability", low=0.0, high=1.0,
        source="assumption: well guarded compounds elsewhere left most victims to the road",
    )  # fmt: skip
    travellers: int = par(
        6, "people of a site on the road together", unit="persons", low=1, high=500
    )
    escorts: int = par(0, "guards who go with them on the road", unit="persons", low=0, high=500)
    shelter_work: float = par(
        0.5, "share of a day's work lost by a site for each share of its people kept inside",
        unit="share", low=0.0, high=1.0,
    )  # fmt: skip
    hardening: float = par(
        0.1, "share of hits that walls and shelters spare", unit="share", low=0.0, high=1.0
    )
    counter_drone: float = par(
        0.05, "chance that counter-drone cover stops a drone", unit="probability", low=0.0, high=1.0
    )
    farthest_km: float = par(8.0, "farthest site from the line", unit="km", low=0.1, high=100.0)
    p_advisory: float = par(
        0.8, "chance that the embassy urges people to leave after a worker is killed",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip
    advisory_reach_km: float = par(
        150.0, "chainage within which sites hear the advisory as theirs",
        unit="km", low=0.0, high=40000.0,
    )  # fmt: skip
    p_comply: float = par(
        0.5, "chance that a site follows an advisory", unit="probability", low=0.0, high=1.0
    )
    closed_days: float = par(
        30.0, "mean time an evacuated site stays shut", unit="days", low=0.0, high=3650.0
    )
    p_harden_after: float = par(
        0.5,
        "chance that a site that reopens has been hardened",
        unit="probability",
        low=0.0,
        high=1.0,
    )
    hardened_gain: float = par(
        0.4, "share of the remaining hits spared at a site hardened afterwards",
        unit="share", low=0.0, high=1.0,
    )  # fmt: skip


class HostStateSpec(Section):
    """How well the host state holds the far bank."""

    control: float = par(0.3, "control of the bank at rest", unit="share", low=0.0, high=1.0)
    control_by_district: dict[str, Share] = par(
        {}, "control at rest where it differs from the rest", unit="share"
    )
    effect_on_plans: float = par(
        1.0, "share of plans prevented at full control", unit="share", low=0.0, high=1.0
    )
    effect_on_smuggling: float = par(
        0.3,
        "share of the smuggling flow prevented at full control",
        unit="share",
        low=0.0,
        high=1.0,
    )


class Diplomacy(Section):
    """Acts toward the host state: a lever with a cost and a chance to fail."""

    demarche_deaths: int = par(
        2, "guards, workers and villagers killed in one incident that bring a demarche; 0 is never",
        unit="persons", low=0, high=1000,
    )  # fmt: skip
    p_success: float = par(
        0.35, "chance that a demarche raises control", unit="probability", low=0.0, high=1.0
    )
    p_backfire: float = par(
        0.05, "chance that a demarche lowers control instead", unit="probability", low=0.0, high=1.0
    )
    delay_days: float = par(10.0, "mean delay of the effect", unit="days", low=0.0, high=365.0)
    uplift: float = par(
        0.2, "control added by an act that succeeds (taken away by one that backfires)",
        unit="share", low=0.0, high=1.0,
    )  # fmt: skip
    duration_days: float = par(60.0, "mean time an effect lasts", unit="days", low=0.1, high=3650.0)
    joint_mechanism: bool = par(
        False, "a standing joint mechanism, renewed term by term", unit="flag"
    )
    joint_term_days: float = par(
        90.0, "term of the joint mechanism", unit="days", low=1.0, high=3650.0
    )
    joint_p_success: float = par(
        0.6,
        "chance that a term of the joint mechanism works",
        unit="probability",
        low=0.0,
        high=1.0,
    )
    joint_uplift: float = par(
        0.3, "control added in a term that works", unit="share", low=0.0, high=1.0
    )


class Reporting(Section):
    """What becomes known of what happened."""

    p_quiet: float = par(
        0.6, "chance that an interdiction without deaths is reported",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip
    p_clash: float = par(
        0.85, "chance that a clash or attack without deaths is reported",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip
    p_intruder_death: float = par(
        0.95, "chance that an incident in which only intruders died is reported",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip
    p_victim_death: float = par(
        1.0, "chance that an incident in which a guard, worker or villager died is reported",
        unit="probability", low=0.0, high=1.0,
    )  # fmt: skip
    lag_days: float = par(
        1.8,
        "mean lag of a report",
        unit="days",
        low=0.0,
        high=365.0,
        source="1-2 days typical, up to 18",
    )
    p_actor_known: float = par(
        0.7,
        "chance that a report names the right kind of actor",
        unit="probability",
        low=0.0,
        high=1.0,
    )


class Costs(Section):
    """A price list: turns effort and loss into one figure where a user wants one."""

    guard_hour: float = par(2.5, "an hour of a guard on duty", unit="USD/h", low=0.0, high=1e6)
    patrol_km: float = par(0.5, "a kilometre walked by a patrol", unit="USD/km", low=0.0, high=1e6)
    team_hour: float = par(60.0, "an hour of a team on a mission", unit="USD/h", low=0.0, high=1e6)
    air_hour: float = par(2500.0, "an hour of a helicopter", unit="USD/h", low=0.0, high=1e7)
    uav_hour: float = par(
        150.0, "an hour of a surveillance aircraft", unit="USD/h", low=0.0, high=1e6
    )
    camera_km_day: float = par(
        8.0,
        "a day of a kilometre of line in view of a camera",
        unit="USD/(km day)",
        low=0.0,
        high=1e6,
    )
    tips_programme_year: float = par(
        400000.0,
        "a year of the tips programme at full intensity",
        unit="USD/year",
        low=0.0,
        high=1e9,
    )
    hardening_site_year: float = par(
        60000.0, "a year of full hardening of one site", unit="USD/year", low=0.0, high=1e9
    )
    counter_drone_site_year: float = par(
        120000.0,
        "a year of full counter-drone cover of one site",
        unit="USD/year",
        low=0.0,
        high=1e9,
    )
    reserve_team_day: float = par(
        900.0, "a day of a reserve team kept", unit="USD/day", low=0.0, high=1e6
    )
    worker_day: float = par(
        80.0, "a day of work lost by one worker", unit="USD/day", low=0.0, high=1e6
    )
    demarche: float = par(20000.0, "a demarche", unit="USD", low=0.0, high=1e9)
    joint_mechanism_day: float = par(
        3000.0, "a day of the joint mechanism", unit="USD/day", low=0.0, high=1e9
    )
