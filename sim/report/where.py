"""Where a policy changes harm: a small map, each district in the colour of its change."""

from typing import Final

from sim.comparison.comparison import Comparison
from sim.comparison.districts import MEASURES
from sim.comparison.terms import several
from sim.frontier.basemap import CREDIT
from sim.report import style
from sim.report.small_map import ASPECT, small_map
from sim.report.told import Small
from sim.report.wording import decimals, number

WIDE_IN: Final = 3.5
NAMES_PT: Final = 8.2
NAMED: Final = 0.4
"""Districts whose change is at least this share of the largest are named."""


def draw_where(found: Comparison, scenario: str) -> Small | None:
    """The map of one policy; ``None`` without districts.

    What changes is the harm where it is counted by district, else the victims.
    """
    measure = found.harm if found.harm in MEASURES else "victims"
    rows = [
        row for row in found.displacement
        if (row.scenario, row.measure, row.row) == (scenario, measure, "district")
        and row.district is not None
    ]  # fmt: skip
    values = {str(row.district): row.difference for row in rows}
    largest = max((abs(v) for v in values.values() if v is not None), default=0.0)
    if not largest:
        return None
    ground = found.terms.ground
    known = [ground.by_slug[str(row.district)].name for row in rows if row.change]
    what = MEASURES[measure]
    named = [slug for slug, v in values.items() if v is not None and abs(v) >= NAMED * largest]
    note = (
        f"Beyond chance in {several(known)}." if known else "Beyond chance in no single district."
    )
    most = next(slug for slug, v in values.items() if v is not None and abs(v) == largest)
    change = number(values[most] or 0.0, decimals(largest), sign=True)
    note += f" Most in {ground.by_slug[most].name}: {change} {found.terms.per_run}. Blue is fewer."
    note += f" {CREDIT}."
    with style.styled():
        tall = WIDE_IN / ASPECT
        figure = style.blank(WIDE_IN, tall)
        ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        small_map(ax, values, ground=ground, names=named, name_size=NAMES_PT, credit=False)
    return Small("where", f"Where {what} change under option 1", note, figure)
