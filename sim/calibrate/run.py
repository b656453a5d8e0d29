"""A calibration in a folder: begin it, open it, let it go on.

::

    calibration = Calibration.new("fit", problem)
    calibration.run(generations=4)
    print(calibration.posterior.summary())

First a bank of prior draws is simulated and kept with every statistic. The draws nearest to the
targets are the first population; each generation goes on from the last with a stricter
threshold. Everything is a function of problem, settings and the populations asked for: workers,
interruptions and budgets leave no trace in the result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Self

import numpy as np

from sim.calibrate import files
from sim.calibrate.adjust import Adjusted, adjust
from sim.calibrate.advance import Advance, Ended, writing
from sim.calibrate.finished import Finished
from sim.calibrate.manifest import Manifest, Record
from sim.calibrate.posterior import Posterior
from sim.calibrate.problem import CalibrationProblem
from sim.calibrate.rows import Rows
from sim.calibrate.settings import Progress, Settings
from sim.calibrate.shift import Hands, shift
from sim.errors import PanjError, StoreError
from sim.runs import files as place


class Calibration:
    """A calibration in a folder. Only :meth:`run` and :meth:`grow` write to it."""

    def __init__(
        self, folder: Path, manifest: Manifest, problem: CalibrationProblem | None
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self.problem = problem
        self._finished = Finished(folder, manifest)

    @classmethod
    def new(
        cls,
        folder: str | Path,
        problem: CalibrationProblem,
        settings: Settings | None = None,
        bank: str | Path | None = None,
    ) -> Self:
        """Begin a calibration in a folder that does not exist yet or is empty.

        ``bank`` names another calibration of the same priors, simulator, code and seed, whose
        bank is used as far as it goes: its targets may be others. Raises
        :class:`sim.errors.StoreError` where the folder is taken or the bank is of another kind.
        """
        path = Path(folder)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise StoreError(
                "holds something already; it stays as it is",
                path=path,
                remedy="Name a folder that does not exist yet, or open the calibration in it.",
            )
        manifest = Manifest.of(problem, settings or Settings())
        lent = None if bank is None else _lent(Path(bank), manifest, problem)
        with place.writing(path):
            path.mkdir(parents=True, exist_ok=True)
            manifest.write(path)
            if lent is not None:
                files.put_chunk(path, 0, lent)
        return cls(path, manifest, problem)

    @classmethod
    def open(
        cls,
        folder: str | Path,
        problem: CalibrationProblem | None = None,
        *,
        allow_mixed: bool = False,
    ) -> Self:
        """Open a calibration: to read it, or with its problem to let it go on.

        Raises :class:`sim.errors.StoreError` where there is none, and where the problem or the
        code is another than it was begun with, saying what differs. With ``allow_mixed`` it
        goes on all the same where only code or versions differ.
        """
        path = Path(folder)
        manifest = Manifest.read(path)
        if problem is not None:
            found, code = manifest.other_problem(problem), manifest.other_code()
            if found or (code and not (allow_mixed or manifest.mixed)):
                raise StoreError(
                    f"was begun with something else: {'; '.join([*found, *code])}",
                    path=path,
                    remedy="Begin a new calibration; where only targets differ, with the bank of "
                    "this one.",
                )
            manifest.mixed = manifest.mixed or bool(code)
        return cls(path, manifest, problem)

    def run(
        self,
        generations: int = 1,
        population: int | None = None,
        budget: int | None = None,
        workers: Hands = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Ended:
        """Go on until there are so many generations beside the bank; say why it ended.

        ``population``: accepted simulations in each new generation; the settings' unless said.
        ``budget``: simulations begun at most. What was simulated before is used, and whatever
        interrupts this, the next call goes on from there. Raises
        :class:`sim.errors.PanjError` where the prior cannot give what was observed, or where
        nothing is accepted any more.
        """
        wanted = self.settings.population if population is None else population
        if generations < 0 or wanted < 2 or (budget is not None and budget < 0):
            raise PanjError("generations and budget must be 0 or more, a population 2 or more")
        problem = self._needed()
        with writing(self._finished), shift(workers, budget, progress) as hands:
            advance = Advance(self._finished, problem, hands)
            if not advance.fill():
                return "budget"
            self._finished.population(0)  # says at once where the prior cannot give the targets
            while len(self.manifest.generations) <= generations:
                ended = advance.step(wanted)
                if ended is not None:
                    return ended
        return "done"

    def grow(
        self,
        bank: int,
        budget: int | None = None,
        workers: Hands = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Ended:
        """Make the bank larger; the draws that are there stay the first.

        Only before the first generation, which is a function of the bank.
        """
        problem = self._needed()
        with writing(self._finished), shift(workers, budget, progress) as hands:
            if self.manifest.last is not None:
                raise PanjError(
                    "generations have gone on from this bank: it cannot grow under them",
                    path=self.folder,
                    remedy="Begin a new calibration with the bank of this one.",
                )
            if bank < self.settings.bank:
                raise PanjError("a bank cannot shrink", key="bank", value=bank)
            if bank > self.settings.bank:
                if self.manifest.generations:
                    files.put_chunk(self.folder, 0, self.bank)
                self.manifest.generations.clear()
                self.manifest.settings = replace(self.settings, bank=bank)
                self.manifest.write(self.folder)
            return "done" if Advance(self._finished, problem, hands).fill() else "budget"

    @property
    def settings(self) -> Settings:
        """What was fixed when it began."""
        return self.manifest.settings

    @property
    def generations(self) -> list[Record]:
        """What is finished: the bank as number 0, then the generations."""
        return list(self.manifest.generations)

    @property
    def bank(self) -> Rows:
        """The draws of the prior with their statistics."""
        return self._finished.rows(0)

    @property
    def posterior(self) -> Posterior:
        """The newest population; with the bank alone, the draws nearest to the targets."""
        return self.posterior_of(len(self.manifest.generations) - 1)

    def posterior_of(self, number: int) -> Posterior:
        """The population of a generation; 0: chosen from the bank."""
        return self._finished.posterior(number)

    def adjusted(self) -> Adjusted:
        """The posterior moved by local linear regression to where the targets are met."""
        number = len(self.manifest.generations) - 1
        distance = self._finished.distance(number)
        return adjust(self.posterior, distance, self._needed().priors)

    def _needed(self) -> CalibrationProblem:
        if self.problem is None:
            raise PanjError(
                "was opened without its problem: it can only be read",
                path=self.folder,
                remedy="Open it with the problem that it was begun with.",
            )
        return self.problem


def _lent(folder: Path, manifest: Manifest, problem: CalibrationProblem) -> Rows:
    """The first draws of another calibration's bank."""
    other = Manifest.read(folder)
    found = other.other_simulations(problem) + other.other_code()
    if other.settings.seed != manifest.settings.seed:
        found.append(f"the seed ({other.settings.seed} there, {manifest.settings.seed} here)")
    if found:
        raise StoreError(
            f"its bank is of another kind: {'; '.join(found)}",
            path=folder,
            remedy="Let the new calibration simulate a bank of its own.",
        )
    rows = Finished(folder, other).rows(0)
    return rows.take(np.arange(min(len(rows), manifest.settings.bank), dtype=np.intp))
