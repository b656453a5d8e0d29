"""``python -m benchmarks.self_test``: does the calibration tell the truth about itself?

Simulation-based calibration (Talts et al. 2018) of the whole chain on a reduced model: years of
the baseline without cells, four free parameters with the seeds' priors, the seeds' fitted targets
that they inform. Parameters are drawn from the prior, a year is simulated, its reports are taken
for the observed ones, and the posterior must hold the truth as often as it says.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

import click

import sim
from sim.calibrate.bank import bank_rows, fill
from sim.calibrate.priors import read_priors
from sim.calibrate.problem import CalibrationProblem
from sim.calibrate.sbc import SelfTest, by_bank, self_test
from sim.calibrate.simulator import Simulator
from sim.calibrate.targets import read_targets
from sim.runs.batch import hired

FREE: Final = (
    "smugglers.loads_per_year", "patrols.p_sight", "smugglers.p_armed", "tips.p_tip",
)  # fmt: skip
SEEN: Final = ("clashes", "intruders_killed_per_clash", "seized_kg", "escape_share", "tip_share")
REDUCED: Final = {"cells.count": 0}


def reduced_problem() -> CalibrationProblem:
    """The baseline without militants, four free parameters, five statistics."""
    priors = tuple(prior for prior in read_priors() if prior.key in FREE)
    targets = tuple(target for target in read_targets() if target.name in SEEN)
    simulate = Simulator(sim.load("baseline", REDUCED), priors, targets)
    return CalibrationProblem(priors, targets, simulate, "reduced")


def examined(folder: Path, bank: int, truths: int, population: int) -> SelfTest:
    """Simulate a bank and the truths, and infer each truth from the bank."""
    problem = reduced_problem()
    with hired() as workers:
        known, asked = (
            bank_rows(problem, fill(problem, folder / name, count, workers, seed=seed).store)
            for name, count, seed in (("bank", bank, 0), ("truths", truths, 1))
        )
    return self_test(asked, problem.aims, by_bank(known, problem.priors, population))


def told(found: SelfTest) -> Sequence[str]:
    """The table: uniformity of ranks, coverage, recovery."""
    lines = [f"{len(found.ranks)} data sets", ""]
    lines.append(f"{'':28}{'p uniform':>10}{'50 % holds':>12}{'90 % holds':>12}{'found again':>13}")
    uniform = found.uniformity()
    again = {item.key: item for item in found.recovery()}
    shares = {(item.key, item.level): item for item in found.coverage()}
    for key in found.keys:
        half, most = shares[key, 0.5], shares[key, 0.9]
        lines.append(
            f"{key:28}{uniform[key]:10.3f}{half.share:12.3f}{most.share:12.3f}"
            f"{again[key].correlation:13.2f}"
        )
    errors = [shares[found.keys[0], level].error for level in (0.5, 0.9)]
    lines.append(f"{'binomial error':28}{'':10}{errors[0]:12.3f}{errors[1]:12.3f}")
    return lines


@click.command()
@click.option("--bank", default=6000, show_default=True, help="Simulated draws of the prior.")
@click.option("--truths", default=250, show_default=True, help="Data sets.")
@click.option("--population", default=300, show_default=True, help="Draws kept for each.")
@click.option("-o", "folder", type=click.Path(path_type=Path), help="Keep the simulations here.")
@click.option("--json", "path", type=click.Path(dir_okay=False, path_type=Path), help="Write here.")
def main(bank: int, truths: int, population: int, folder: Path | None, path: Path | None) -> None:
    """Ask the calibration of a reduced model about itself."""
    began = perf_counter()
    with tempfile.TemporaryDirectory() as own:
        found = examined(folder or Path(own), bank, truths, population)
    click.echo("\n".join(told(found)))
    click.echo(f"{perf_counter() - began:,.0f} s")
    if path is not None:
        data = {
            "uniformity": found.uniformity(),
            "coverage": [item._asdict() for item in found.coverage()],
            "recovery": [item._asdict() for item in found.recovery()],
            "bank": bank,
            "population": population,
            "data_sets": len(found.ranks),
        }
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
