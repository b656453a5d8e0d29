"""From one finished generation to the next: simulate, keep, write down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Final, Literal

from sim.calibrate import files
from sim.calibrate.finished import Finished
from sim.calibrate.generation import bank_stage
from sim.calibrate.kernel import effective
from sim.calibrate.manifest import Record
from sim.calibrate.problem import CalibrationProblem
from sim.calibrate.rows import Rows
from sim.calibrate.shift import Shift
from sim.calibrate.stage import Ledger, Stage
from sim.errors import PanjError
from sim.runs import files as place
from sim.runs.lock import locked

if TYPE_CHECKING:
    import pyarrow as pa

Ended = Literal["done", "budget", "threshold", "stuck", "acceptance"]

ENDED: Final[dict[Ended, str]] = {
    "done": "every generation asked for is there",
    "budget": "the budget is spent; what was simulated is kept, and the next run goes on from it",
    "threshold": "the threshold of the settings is reached",
    "stuck": "all of the population is equally far from the targets: no threshold lies below",
    "acceptance": "a stricter generation would accept too few; the last one stands",
}
"""Why a run ended, in words."""

_FEW: Final = 20
"""A bank whose first simulations all fail is not simulated to its end."""


@contextmanager
def writing(finished: Finished) -> Iterator[None]:
    """Hold the folder: its lock, and one clear error where the disk refuses.

    What somebody else finished since the manifest was read is read again.
    """
    folder, manifest = finished.folder, finished.manifest
    with place.writing(folder), locked(folder):
        there = type(manifest).read(folder)
        manifest.settings, manifest.generations = there.settings, there.generations
        files.drop_chunks(folder, len(manifest.generations) - 1)
        yield


@dataclass(frozen=True)
class Advance:
    """Brings a calibration on whose folder is held; the folder is right at every instant."""

    finished: Finished
    problem: CalibrationProblem
    shift: Shift

    def fill(self) -> bool:
        """See that the bank is full; False where the budget ended before."""
        manifest = self.finished.manifest
        if manifest.generations:
            return True
        stage = bank_stage(manifest.settings, self.problem.keys)
        ledger = self._simulated(stage, inf, None)
        if not ledger.full:
            return False
        rows = ledger.rows()
        _check_not_all_failed(rows, len(rows))
        rows.aimed(manifest.targets)  # else say now which target nothing is known of
        self._finish(rows.to_table(), Record(0, "", len(rows), len(rows)))
        return True

    def step(self, wanted: int) -> Ended | None:
        """Make the next generation of ``wanted`` accepted; else say why there is none.

        Raises :class:`sim.errors.PanjError` where nothing at all is accepted.
        """
        manifest = self.finished.manifest
        # Twice: the second time from a population that is within it, with more even weights.
        newest = [r.threshold for r in manifest.generations[-2:] if r.threshold is not None]
        if len(newest) == 2 and max(newest) <= manifest.settings.threshold:
            return "threshold"
        plan = self.finished.plan()
        if plan is None:
            return "stuck"
        stage = plan.stage(len(manifest.generations), wanted, manifest.settings)
        ledger = self._simulated(stage, plan.threshold, effective(plan.kernel.weights))
        if ledger.spent and not ledger.accepted:
            raise PanjError(
                f"none of {ledger.known:,} proposals of generation {stage.number} came within "
                f"{plan.threshold:.3g} of the targets",
                path=self.finished.folder,
                remedy="The last generation stands. Look which target it misses; if it is one "
                "that cannot be met, correct it or the priors.",
            )
        if not ledger.full:
            return "acceptance" if ledger.spent else "budget"
        population, table = plan.finish(ledger.rows())
        record = Record(
            number=stage.number,
            sha256="",
            tried=table.num_rows,
            accepted=wanted,
            threshold=plan.threshold,
            divisors=plan.distance.divisors,
            effective=population.effective,
        )
        self._finish(table, record)
        return None

    def _simulated(self, stage: Stage, threshold: float, members: float | None) -> Ledger:
        """Simulate what a stage lacks, keeping every parcel at once."""
        folder = self.finished.folder
        ledger = Ledger(stage)
        for rows in files.chunks(folder, stage.number):
            ledger.keep(rows)
        self.shift.tell(ledger, threshold, members)
        for parcel in self.shift.gather(ledger, self.problem):
            files.put_chunk(folder, stage.number, parcel.rows)
            self.shift.tell(ledger, threshold, members)
            if stage.number == 0:
                _check_not_all_failed(parcel.rows, ledger.known)
        return ledger

    def _finish(self, table: pa.Table, record: Record) -> None:
        """Write a generation, then the manifest that vouches for it, then clear away."""
        folder, manifest = self.finished.folder, self.finished.manifest
        checksum = files.put_generation(folder, record.number, table)
        manifest.generations.append(replace(record, sha256=checksum))
        manifest.write(folder)
        files.drop_chunks(folder, record.number)


def _check_not_all_failed(rows: Rows, known: int) -> None:
    if known >= _FEW and None not in rows.failures and len(rows) > 1:
        raise PanjError(
            f"the simulator fails at every draw of the prior: {rows.failures[0]}",
            remedy="Correct the simulator or the priors.",
        )
