"""Exports of ACLED and UCDP GED: known by their columns, their rows by rules; all rows made up."""

from pathlib import Path

import pytest

from sim.errors import SeedTableError
from sim.incidents.external.importing import Import, import_table
from sim.incidents.seeds import ObservedIncident

ACLED = {
    "event_id_cnty": "TAJ1",
    "event_date": "05 March 2025",
    "time_precision": "1",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "Military Forces of Tajikistan",
    "assoc_actor_1": "",
    "actor2": "Unidentified Armed Group (Afghanistan)",
    "assoc_actor_2": "",
    "country": "Tajikistan",
    "admin1": "Khatlon",
    "admin2": "Shuro-Obod",
    "location": "Somewhere",
    "source": "A paper",
    "notes": "made up for a test",
    "fatalities": "0",
}
UCDP = {
    "id": "7",
    "type_of_violence": "1",
    "side_a": "Government of Tajikistan",
    "side_b": "Some group",
    "source_article": "made up for a test",
    "where_prec": "2",
    "adm_1": "Khatlon",
    "adm_2": "Farkhor district",
    "date_prec": "1",
    "date_start": "2025-03-05 00:00:00.000",
    "date_end": "2025-03-06 00:00:00.000",
    "deaths_a": "1",
    "deaths_b": "3",
    "deaths_civilians": "0",
    "deaths_unknown": "0",
    "best": "4",
}


@pytest.fixture
def export(tmp_path: Path):
    """Import rows that differ from a base by what is given."""

    def imported(base: dict[str, str], *rows: dict[str, str]) -> Import:
        path = tmp_path / "export.csv"
        lines = [";".join(base), *(";".join({**base, **row}.values()) for row in rows)]
        path.write_text("\n".join(lines), encoding="utf-8-sig")
        return import_table(path)

    return imported


def only(found: Import) -> ObservedIncident:
    """The one row that was taken."""
    (row,) = found.rows
    assert isinstance(row, ObservedIncident)
    return row


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({}, "infiltration_then_clash"),
        ({"notes": "Clash with drug smugglers"}, "smuggling_interdiction"),
        ({"actor2": "Military Forces of Afghanistan (2021-)"}, "state_clash_river_dispute"),
        ({"sub_event_type": "Attack"}, "armed_attack_on_village"),
        ({"sub_event_type": "Attack", "assoc_actor_2": "Labor Group"}, "armed_attack_on_workers"),
        ({"sub_event_type": "Shelling/artillery/missile attack"}, "cross_border_fire"),
        (
            {"sub_event_type": "Air/drone strike", "notes": "at a camp of mine workers"},
            "drone_attack_on_workers",
        ),
    ],
)
def test_what_acled_codes_becomes_a_kind(export, said: dict[str, str], kind: str) -> None:
    """By the sub-event, who was there, and a few words."""
    row = only(export(ACLED, said))
    assert row.kind == kind
    assert (row.identity, str(row.date_start), row.district) == (
        "TAJ1", "2025-03-05", "shamsiddin_shohin",
    )  # fmt: skip
    assert "made up" not in repr(row), "no text of the data set is copied"


def test_the_dead_of_a_clash_have_no_side_in_acled(export) -> None:
    """They stay open; nobody killed is nobody on any side; those of an attack are its victims."""
    found = export(ACLED, {"fatalities": "3.0"})
    row = only(found)
    assert (row.killed_guards, row.killed_intruders) == (None, None)
    assert row.note == "3 killed, sides not given"
    assert "1 row" in found.imported.notes[0]
    assert only(export(ACLED, {})).killed_guards == 0
    assert (
        only(export(ACLED, {"sub_event_type": "Attack", "fatalities": "2"})).killed_villagers == 2
    )


@pytest.mark.parametrize(
    ("base", "said", "why"),
    [
        (ACLED, {"admin2": "Rudaki"}, "its admin2 is not a district of this ground: Rudaki"),
        (ACLED, {"sub_event_type": "Peaceful protest"}, "matches Peaceful protest"),
        (ACLED, {"sub_event_type": "Air/drone strike"}, "matches Air/drone strike"),
        (ACLED, {"actor1": "Taliban"}, "a clash without Tajik forces"),
        (UCDP, {"where_prec": "4"}, "known only to the province"),
        (UCDP, {"type_of_violence": "2"}, "violence between groups"),
        (UCDP, {"side_a": "Government of Afghanistan"}, "a clash without Tajik forces"),
    ],
)
def test_a_row_that_cannot_be_an_incident_is_skipped_with_the_reason(
    export, base: dict[str, str], said: dict[str, str], why: str
) -> None:
    """One row of two is imported; where none is, the refusal gives all reasons."""
    found = export(base, said, {})
    assert len(found.rows) == 1
    (left,) = found.imported.skipped
    assert left.line == 2
    assert why in left.value
    with pytest.raises(SeedTableError) as caught:
        export(base, said)
    assert "none of its 1 rows can be imported" in str(caught.value)
    assert why in str(caught.value)


def test_ucdp_tells_the_dead_by_side(export) -> None:
    """Whichever side the state is; those of unknown side leave open who was not killed."""
    row = only(export(UCDP, {}))
    assert (row.kind, row.identity, row.district) == ("infiltration_then_clash", "ucdp7", "farkhor")
    assert (row.killed_guards, row.killed_intruders, row.killed_villagers) == (1, 3, 0)
    assert (str(row.date_start), str(row.date_end)) == ("2025-03-05", "2025-03-06")
    turned = only(export(UCDP, {"side_a": "A group", "side_b": "Government of Tajikistan"}))
    assert (turned.killed_guards, turned.killed_intruders) == (3, 1)
    open_ = only(export(UCDP, {"deaths_a": "0", "deaths_unknown": "2"}))
    assert (open_.killed_guards, open_.killed_intruders) == (None, 3)


def test_one_sided_violence_is_an_attack(export) -> None:
    """On workers where the row speaks of people at work."""
    attack = {"type_of_violence": "3", "side_a": "A group", "side_b": "Civilians",
              "deaths_civilians": "2"}  # fmt: skip
    assert only(export(UCDP, attack)).killed_villagers == 2
    row = only(export(UCDP, attack | {"source_article": "Road workers attacked"}))
    assert (row.kind, row.killed_workers) == ("armed_attack_on_workers", 2)


def test_old_rows_are_for_priors_only(export) -> None:
    """As in the shipped table."""
    found = export(ACLED, {"event_date": "2019-05-01"}, {"event_id_cnty": "TAJ2"})
    assert [row.prior_only for row in found.rows] == [True, False]
