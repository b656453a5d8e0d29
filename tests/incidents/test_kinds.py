"""What the registries say of kinds, cues and endings, and that it fits together."""

import pytest

from sim.errors import PanjError
from sim.incidents.kinds import ACTORS, AGENTS, CUES, ENDINGS, INCIDENTS, ActorKind, Look
from sim.incidents.records import SIDES
from sim.scenario.spec_society import Reporting


def test_an_actor_is_counted_with_a_side_and_taken_for_others_that_exist() -> None:
    """Casualty columns, the chance of a report and the wrong names all lead somewhere."""
    for actor in ACTORS.values():
        assert actor.side in SIDES
        assert actor.report in Reporting.model_fields
        assert actor.mistaken_for
        assert set(actor.mistaken_for) <= set(ACTORS) - {actor.name}


def test_an_incident_is_a_meeting_a_raid_or_a_strike_from_afar() -> None:
    """A raid has a target and no blow; only a meeting with smugglers is not an attack."""
    raids = {kind.name for kind in INCIDENTS.values() if kind.raid}
    afar = {kind.name for kind in INCIDENTS.values() if kind.blow}
    assert not raids & afar
    assert set(INCIDENTS) - raids - afar == {"smuggling_interdiction", "infiltration_then_clash"}
    assert [kind.name for kind in INCIDENTS.values() if not kind.attack] == [
        "smuggling_interdiction"
    ]


def test_a_cue_that_is_told_is_told_at_the_start_and_further_on() -> None:
    """Both clauses are there or neither, the first with a place for the group."""
    for cue in CUES.values():
        assert bool(cue.clause) == bool(cue.opening)
        assert cue.phrase
        assert not cue.opening or cue.opening.count("{}") == 1
        assert not cue.met or cue.seen


def test_no_ending_is_both_stopped_and_fled() -> None:
    """Who ran with the load lost nothing."""
    assert not any(ending.stopped and ending.fled for ending in ENDINGS.values())


def test_words_are_not_used_twice() -> None:
    """Labels within a registry differ."""
    for labels in (
        [kind.label for kind in INCIDENTS.values()],
        [kind.many for kind in INCIDENTS.values()],
        [cue.label for cue in CUES.values()],
        [ending.words for ending in ENDINGS.values()],
        [*(kind.label for kind in AGENTS.values()), *(actor.many for actor in ACTORS.values())],
    ):
        assert len(set(labels)) == len(labels)


def test_a_shape_that_nobody_draws_is_refused() -> None:
    """Where it is written, not where it would be drawn."""
    with pytest.raises(PanjError, match='"blob": no such shape'):
        Look("blob", "#000000", "#FFFFFF")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("side", "report", "said"),
    [
        ("scouts", "p_quiet", '"scouts": no such side'),
        ("smugglers", "p_loud", '"p_loud": no such report'),
    ],
)
def test_an_actor_without_a_column_or_a_chance_is_refused(
    side: str, report: str, said: str
) -> None:
    """Its dead could not be counted, or its reports not be drawn: refused before any run."""
    with pytest.raises(PanjError, match=said):
        ActorKind("scouts", "scout", "scouts", side, ACTORS["smugglers"].look, report=report)  # type: ignore[arg-type]
