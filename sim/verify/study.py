"""What is verified: studies, each of which puts the model into one limiting case."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final, NamedTuple

from sim.verify.case import Case

Study = Callable[[float], Sequence[Case]]
"""Gives its cases at an effort: 1 for ``--quick``, more for smaller standard errors.

The work, and so the inverse square of the errors, grows in proportion to the effort. The same
effort gives the same figures.
"""


class Family(NamedTuple):
    """Studies of one kind of process, in one module; ``seconds`` of work at effort 1, roughly."""

    title: str
    module: str
    studies: tuple[str, ...]

    def study(self, name: str) -> Study:
        """The function of that name."""
        found: Study = getattr(import_module(self.module), name)
        return found


FAMILIES: Final = (
    Family(
        "crossings",
        "sim.verify.crossings",
        (
            "counted",
            "inside_for_a_fixed_stay",
            "inside_for_an_exponential_stay",
            "inside_for_a_uniform_stay",
            "littles_law",
        ),
    ),
    Family(
        "patrols",
        "sim.verify.patrols",
        (
            "cyclic_certain",
            "cyclic_partial",
            "back_and_forth_certain",
            "poisson_certain",
            "poisson_partial",
            "exponential_exposures",
            "sorties_on_foot",
            "sign_found_later",
        ),
    ),
    Family(
        "clash",
        "sim.verify.clashes",
        (
            "small_clashes",
            "middling_clashes",
            "large_clashes",
            "clashes_cut_short",
            "militant_clashes",
        ),
    ),
    Family("contact", "sim.verify.contacts", ("fights_that_differ", "raiders", "cordons")),
    Family(
        "response",
        "sim.verify.response",
        ("raced_parties", "raced_in_stages", "raced_smugglers"),
    ),
    Family(
        "saturation",
        "sim.verify.saturation",
        ("half_loaded", "loaded_at_random", "fully_loaded", "answered_or_lost"),
    ),
    Family(
        "readiness",
        "sim.verify.readiness",
        ("between_levels", "after_a_start", "in_the_long_run"),
    ),
    Family(
        "alert",
        "sim.verify.alert",
        ("raised_for_a_stay", "down_step_by_step", "while_the_score_is_high"),
    ),
    Family(
        "self-excitation",
        "sim.verify.excitation",
        ("one_cell", "two_cells", "busy_cells"),
    ),
    Family("regimes", "sim.verify.regimes", ("years_of_one_flow",)),
    Family("strikes", "sim.verify.strikes", ("shared_fate",)),
    Family(
        "harm",
        "sim.verify.harm",
        (
            "strikes_as_expected",
            "meetings_as_expected",
            "parties_as_expected",
            "raids_as_expected",
        ),
    ),
    Family(
        "choice",
        "sim.verify.choice",
        ("modes_of_a_cell", "modes_at_the_limits", "place_of_a_group"),
    ),
    Family("allocation", "sim.verify.allocation", ("covered_districts", "patrolled_lines")),
    Family(
        "displacement",
        "sim.verify.displacement",
        ("tabled_displacement", "nothing_moves"),
    ),
    Family(
        "experiment",
        "sim.verify.experiment",
        ("null_change", "change_of_one_district", "more_sight", "batches"),
    ),
    Family("calibrator", "sim.verify.calibrator", ("gamma_poisson",)),
)
