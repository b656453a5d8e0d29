"""What a calibration has finished, read from its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.calibrate import files
from sim.calibrate.distance import Distance
from sim.calibrate.generation import Plan, plan, population_of
from sim.calibrate.manifest import Manifest, Record
from sim.calibrate.population import Population, nearest
from sim.calibrate.posterior import Posterior, posterior_of
from sim.calibrate.rows import Rows
from sim.errors import PanjError


@dataclass(frozen=True)
class Finished:
    """Bank and generations of a folder. Raises StoreError where a file is not as written."""

    folder: Path
    manifest: Manifest

    def record(self, number: int) -> Record:
        """What the manifest says of a generation; 0 is the bank."""
        if not 0 <= number < len(self.manifest.generations):
            raise PanjError(
                f"has no generation {number}" if number > 0 else "its bank is not finished",
                path=self.folder,
                remedy="Let it run on.",
            )
        return self.manifest.generations[number]

    def rows(self, number: int) -> Rows:
        """Every simulation of a generation."""
        return Rows.from_table(files.generation(self.folder, number, self.record(number).sha256))

    def distance(self, number: int) -> Distance:
        """The distance by which a generation was accepted."""
        aims = self.manifest.targets
        if number > 0:
            return Distance(aims, self.record(number).divisors)
        adaptive = self.manifest.settings.adaptive
        return Distance.seen_in(self.rows(0).aimed(aims), aims, adaptive=adaptive)

    def population(self, number: int) -> Population:
        """The accepted of a generation; of the bank, the draws nearest to the targets."""
        if number > 0:
            sha256 = self.record(number).sha256
            return population_of(files.generation(self.folder, number, sha256))
        return nearest(self.rows(0), self.distance(0), self.manifest.settings.population)

    def posterior(self, number: int) -> Posterior:
        """The same with what is needed to judge it."""
        bank, found = self.rows(0), self.population(number)
        threshold = self.record(number).threshold
        return posterior_of(found, bank, threshold)

    def plan(self) -> Plan | None:
        """What the next generation is to be; None where no threshold lies below the last."""
        number = len(self.manifest.generations) - 1
        last, tried = self.population(number), self.rows(number)
        return plan(last, tried, self.manifest.targets, self.manifest.settings)
