"""The figure of an incident under several policies, and its section of the page."""

import sim
from sim.comparison.terms import PLAIN
from sim.explore.incident.study import compare_worlds
from sim.explore.incident.worlds import worlds_of_scenarios
from sim.report.explorations import EXPLORATIONS
from sim.report.incident import draw_incident
from sim.report.incident import section_content as told


def _found(*names: str) -> object:
    specs = [sim.load(name, ["days=40"]) for name in names]
    return compare_worlds(worlds_of_scenarios(specs, 2), "group/hamadoni/1.0.0")


def test_the_picture_holds_each_worlds_name_and_end() -> None:
    """With two worlds and with three, every world has a branch with its name and its end, and all
    that is written lies within the figure.
    """
    for names in (("baseline", "triggered"), ("baseline", "triggered", "rotation")):
        found = _found(*names)
        figure = draw_incident(found)
        written = [text.get_text().replace("\n", " ") for ax in figure.axes for text in ax.texts]
        for story in found.stories:
            assert story.world in written
            assert story.outcome.words in written
        width, height = figure.bbox.width, figure.bbox.height
        for text in figure.axes[0].texts:
            box = text.get_window_extent()
            assert min(box.x0, box.y0) >= 0.0, text.get_text()
            assert box.x1 <= width + 1.0, text.get_text()
            assert box.y1 <= height, text.get_text()


def test_the_section_tells_the_ends_and_the_parting() -> None:
    """The page says under which policy it ended how, where the stories part and why."""
    found = _found("baseline", "triggered")
    section = told(found, PLAIN)
    said = " ".join(section.sentences)
    assert all(story.outcome.words in said for story in found.stories)
    assert "part 5 Feb" in said
    assert "Why:" in said
    assert section.figure.axes
    assert type(found).kind in EXPLORATIONS
