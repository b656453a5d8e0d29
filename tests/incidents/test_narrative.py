"""The sentences about incidents."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.frontier.ground import Ground
from sim.incidents.kinds import CUES, INCIDENTS
from sim.incidents.narrative import notable, sentence, severity, wounded
from sim.incidents.records import SIDES, Incident

LAND = Ground.default()

START = dt.date(2025, 1, 1)


def at(month: int, day: int, hour: int, minute: int) -> float:
    """Days since the start of the year."""
    return (dt.date(2025, month, day) - START).days + hour / 24 + minute / 1440


def incident(**changes) -> Incident:
    """An incident of which little is recorded, with ``changes``."""
    plain = {
        "identity": "i/1",
        "kind": "infiltration_then_clash",
        "actor": "militants",
        "clash": True,
        "district": "shamsiddin_shohin",
        "km": 430.0,
        "at": at(12, 24, 14, 15),
        "crossed_at": None,
        "detected_at": None,
        "cue": None,
        "alarm_at": None,
        "contact_at": None,
        "group_size": 3,
        "reported_at": 400.0,
    }
    return Incident(**(plain | changes))


KAVO = incident(
    crossed_at=at(12, 23, 23, 30),
    detected_at=at(12, 24, 11, 15),
    cue="sign",
    contact_at=at(12, 24, 14, 15),
    killed_guards=2,
    killed_militants=3,
)
DRONE = incident(
    kind="drone_attack_on_workers",
    clash=False,
    district="darvoz",
    at=at(11, 26, 22, 10),
    cue="attack",
    killed_workers_chinese=3,
    wounded_workers_chinese=1,
)
SMUGGLERS = incident(
    kind="smuggling_interdiction",
    actor="smugglers",
    district="hamadoni",
    at=at(3, 4, 2, 40),
    crossed_at=at(3, 4, 2, 20),
    detected_at=at(3, 4, 2, 38),
    cue="patrol",
    contact_at=at(3, 4, 2, 40),
    group_size=5,
    killed_smugglers=1,
    escaped=4,
    seized_kg=43.2,
    seized_arms=2,
)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            KAVO,
            "Tue 23 Dec, Shamsiddin Shohin: 3 militants crossed 23:30, sign found Wed 11:15, "
            "contact 3 h later; 2 guards and 3 militants dead.",
        ),
        (
            DRONE,
            "Wed 26 Nov, Darvoz: drone strike on a Chinese worksite at 22:10; "
            "3 workers dead, 1 wounded.",
        ),
        (
            SMUGGLERS,
            "Tue 4 Mar, Hamadoni: 5 armed smugglers met by a patrol at 02:40; fight: "
            "1 smuggler dead, 4 got away, 43 kg and 2 weapons seized.",
        ),
        (
            SMUGGLERS._replace(
                clash=False, cue="watch", contact_at=None, killed_smugglers=0, seized_arms=0
            ),
            "Tue 4 Mar, Hamadoni: 5 smugglers seen from a post at 02:38; 4 got away, 43 kg seized.",
        ),
        (
            KAVO._replace(crossed_at=None, cue="tip", killed_guards=0, wounded_guards=1),
            "Wed 24 Dec, Shamsiddin Shohin: tip about 3 militants at 11:15, contact 3 h later; "
            "3 militants dead, 1 guard wounded.",
        ),
        (
            KAVO._replace(
                kind="infiltration_then_post_attack",
                cue="attack",
                at=at(12, 24, 3, 0),
                detected_at=at(12, 24, 3, 0),
                contact_at=at(12, 24, 3, 0),
            ),
            "Tue 23 Dec, Shamsiddin Shohin: 3 militants crossed 23:30, attack on a post "
            "Wed 03:00; 2 guards and 3 militants dead.",
        ),
        (
            incident(kind="armed_attack_on_village", at=at(5, 2, 1, 5), clash=False, group_size=1),
            "Fri 2 May, Shamsiddin Shohin: 1 militant attacked a village at 01:05; nobody hurt.",
        ),
        (
            incident(kind="cross_border_fire", clash=False, target="post/12"),
            "Wed 24 Dec, Shamsiddin Shohin: fire across the line on a post at 14:15; nobody hurt.",
        ),
        (
            incident(kind="cross_border_fire", clash=False),
            "Wed 24 Dec, Shamsiddin Shohin: fire across the line at 14:15; nobody hurt.",
        ),
        (
            incident(contact_at=at(12, 24, 14, 15), detained=3),
            "Wed 24 Dec, Shamsiddin Shohin: 3 militants met at 14:15; "
            "fight: nobody hurt, 3 detained.",
        ),
    ],
)
def test_an_incident_reads_as_one_sentence(told, expected):
    """Each kind of story has its order of telling."""
    assert sentence(told, START, LAND) == expected


def test_a_contact_days_later_is_counted_in_days():
    """A long search is given in days; hours would be noise."""
    told = KAVO._replace(
        crossed_at=at(8, 29, 23, 30), detected_at=at(8, 30, 10, 0), contact_at=at(9, 5, 4, 0)
    )
    assert "sign found Sat 10:00, contact 6 days later" in sentence(told, START, LAND)


def test_a_day_beyond_the_week_is_named_in_full():
    """The same weekday a week on would be taken for the day of the heading."""
    told = KAVO._replace(crossed_at=at(12, 1, 22, 0), detected_at=at(12, 8, 9, 0), contact_at=None)
    assert "sign found Mon 8 Dec 09:00" in sentence(told, START, LAND)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (5, "at once"),
        (25, "25 min later"),
        (59.6, "1 h later"),
        (180, "3 h later"),
        (4320, "3 days later"),
    ],
)
def test_a_delay_is_told_in_the_unit_a_reader_would_choose(minutes, words):
    """Minutes up to an hour, hours up to two days, then days."""
    told = KAVO._replace(contact_at=KAVO.detected_at + minutes / 1440)
    assert f"contact {words};" in sentence(told, START, LAND)


def test_one_is_singular():
    """1 guard, 1 weapon; 2 guards, 2 weapons."""
    told = sentence(KAVO._replace(killed_guards=1, killed_militants=0, seized_arms=1), START, LAND)
    assert "; 1 guard dead, 1 weapon seized." in told


def test_what_was_not_reported_is_marked():
    """A reader must see which incidents the outside world never heard of."""
    assert sentence(KAVO._replace(reported_at=None), START, LAND).endswith("dead (not reported).")


def test_a_wrong_label_in_the_report_is_marked():
    """The report may call militants smugglers."""
    told = sentence(KAVO._replace(reported_actor="smugglers"), START, LAND)
    assert told.endswith("dead (reported as smugglers).")


def test_workers_of_both_sorts_are_added_up():
    """One count of workers; the site is called Chinese where Chinese workers were hit."""
    told = sentence(DRONE._replace(killed_workers_other=1), START, LAND)
    assert "a Chinese worksite" in told
    assert "4 workers dead" in told
    other = DRONE._replace(killed_workers_chinese=0, wounded_workers_chinese=0)
    assert "on a worksite at" in sentence(other._replace(killed_workers_other=1), START, LAND)


def test_midnight_rounds_to_the_next_day():
    """23:59:50 becomes 00:00 of the day that begins, not of the day that ends."""
    told = sentence(DRONE._replace(at=at(11, 26, 23, 59) + 50 / 86400), START, LAND)
    assert told.startswith("Thu 27 Nov")
    assert "at 00:00" in told


def test_districts_have_readable_names():
    """A slug becomes the name on the map."""
    assert LAND.name_of("shamsiddin_shohin") == "Shamsiddin Shohin"


times = st.none() | st.floats(0, 364, allow_nan=False)
few = st.integers(0, 5)
incidents = st.builds(
    incident,
    kind=st.sampled_from(tuple(INCIDENTS)),
    actor=st.sampled_from(["smugglers", "militants"]),
    clash=st.booleans(),
    at=st.floats(0, 364),
    crossed_at=times,
    detected_at=times,
    contact_at=times,
    cue=st.none() | st.sampled_from(tuple(CUES)),
    group_size=st.integers(1, 20),
    escaped=few,
    detained=few,
    seized_kg=st.floats(0, 5000),
    seized_arms=few,
    reported_at=times,
    **{f"{verb}_{side}": few for verb in ("killed", "wounded") for side in SIDES},
)


@given(incidents)
def test_any_record_has_a_sentence(told):
    """Whatever is missing or out of order, the sentence is whole: one line, one full stop."""
    words = sentence(told, START, LAND)
    assert words.endswith(".")
    assert "\n" not in words
    assert not any(bad in words for bad in ("None", "  ", " ,", ": ;", "; .", " 0 ", "nan"))


@given(incidents)
def test_all_the_dead_are_in_the_sentence_and_no_more(told):
    """The counts before "dead" add up to the deaths of the record."""
    words = sentence(told, START, LAND)
    part = words.split("; ", 1)[1].split(" dead")[0] if " dead" in words else ""
    counts = [int(word) for word in part.replace(",", "").split() if word.isdigit()]
    assert sum(counts) == told.deaths


@given(st.lists(incidents, max_size=12), st.integers(0, 12))
def test_the_notable_are_the_gravest_in_order_of_time(found, n):
    """No incident left out is graver than one listed; the list is in order of time."""
    told = notable(found, n)
    assert len(told) == min(n, len(found))
    assert [i.at for i in told] == sorted(i.at for i in told)
    least = min(map(severity, told), default=None)
    left = list(found)
    for each in told:
        left.remove(each)
    assert all(severity(each) <= least for each in left) if told else True


def test_victims_weigh_more_than_deaths_and_wounds():
    """One guard killed is graver than three militants killed, and those than many wounded."""
    guard = incident(killed_guards=1)
    militants = incident(killed_militants=3)
    hurt = incident(wounded_guards=9)
    load = incident(seized_kg=4000.0)
    assert sorted([load, hurt, militants, guard], key=severity) == [load, hurt, militants, guard]
    assert wounded(hurt) == 9


def test_of_equals_the_earlier_is_told():
    """The order is total, so that the same run gives the same list."""
    early, late = incident(at=1.0, identity="b"), incident(at=2.0, identity="a")
    assert notable([late, early], 1) == [early]
