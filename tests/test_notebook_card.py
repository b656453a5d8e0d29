"""What objects show of themselves in a notebook."""

import re
from html.parser import HTMLParser

import pytest

import sim
from sim.errors import PanjError
from sim.notebook_card import card

DAYS = {"days": 20.0}


class Parsed(HTMLParser):
    """Checks that what is opened is closed; collects the words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """One more."""
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """The last that was opened."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Words."""
        self.words.append(data)


@pytest.fixture(scope="module")
def store() -> sim.Store:
    """Two scenarios, three years each."""
    specs = [sim.load(name, DAYS) for name in ("baseline", "triggered")]
    return sim.run_batch(specs, 3, executor="serial")


def shown(thing: object) -> str:
    """The words of what a notebook shows of it, which is well-formed."""
    return " ".join(Parsed(thing._repr_html_()).words)


def test_text_of_others_is_text_and_nothing_else() -> None:
    """A title from a file cannot put markup on a page."""
    page = card("<script>", ["a & b"], ("<i>",), [("<b>", "1 better")])
    assert Parsed(page).words[:2] == ["<script>", "a & b"]
    assert not re.search("<script|<b>|<i>", page)
    assert page.count("color:") == 1


def test_a_scenario_shows_in_what_it_differs() -> None:
    """Its title, its period, and each value that is not the baseline's."""
    told = shown(sim.load("triggered", DAYS))
    assert "alert.policy" in told
    assert "20 days from 1 Jan 2025" in told
    assert "Every value is that of the shipped baseline." in shown(sim.load("baseline"))


def test_a_model_shows_how_far_it_is_and_its_headlines() -> None:
    """Before, within and after a run."""
    model = sim.BorderModel("baseline", DAYS, seed=3)
    assert "Day 0 of 20, seed 3, 0 incidents" in shown(model)
    model.run()
    told = shown(model)
    assert "Day 20 of 20" in told
    assert "victims" in told or "killed" in told
    assert repr(model) == "<BorderModel of baseline, seed 3, day 20 of 20>"


def test_a_store_shows_its_scenarios_and_runs(store: sim.Store) -> None:
    """And repr says it in a line."""
    assert "triggered" in shown(store)
    assert repr(store).endswith("2 scenarios, 6 runs>")


def test_a_comparison_shows_verdicts_and_a_matrix(store: sim.Store) -> None:
    """Policies in rows; of one scenario its distributions."""
    found = sim.compare(store)
    told = shown(found)
    assert all(verdict in told for verdict in found.verdicts)
    assert "triggered" in told
    assert "Difference from baseline" in told
    assert "What to expect" in shown(sim.compare(store, scenarios=["baseline"]))


def test_a_comparison_draws_itself(store: sim.Store) -> None:
    """Any kind that ``panj plot`` has; a slip is answered with what was meant."""
    found = sim.compare(store)
    figure = found.plot("forest")
    assert figure._repr_png_().startswith(b"\x89PNG")
    with pytest.raises(PanjError, match="Did you mean cost"):
        found.plot("cots")
    with pytest.raises(PanjError, match="keeps no incidents"):
        found.plot("strip")
