"""The section of a page on which choice is safe, whatever the parameters are."""

from sim.comparison.comparison import Comparison
from sim.comparison.regret_words import sheets
from sim.comparison.source import MissingTableError
from sim.comparison.terms import Terms, counted
from sim.report.explored import Section
from sim.report.inline import inline
from sim.report.plates import Plate
from sim.report.regret import draw_regret


def safe_choice(found: Comparison, terms: Terms) -> list[Section]:
    """The section of a page; none where draws are lacking."""
    try:
        rows = found.regret
    except MissingTableError:
        return []
    if not rows:
        return []
    figure = draw_regret(found)
    plate = Plate("regret", "How far behind the best", inline(figure, "regret"))
    return [
        Section(
            "regret", "Safe choice",
            "Nobody knows the parameters. Here is how far behind the best each scenario is, "
            "whatever they are: its regret.",
            found.safe_in(terms), sheets(found, terms), [plate],
            f"Found in {counted(rows[0].n, terms.run)} of each scenario.",
        )
    ]  # fmt: skip
