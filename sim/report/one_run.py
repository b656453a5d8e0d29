"""A finished run as its pictures need it, from a model or from disk."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import StoreError
from sim.incidents.records import AlertChange, Crossing, Incident
from sim.scenario.spec import Scenario

if TYPE_CHECKING:
    from sim.model import BorderModel


@dataclass(frozen=True)
class OneRun:
    """A run of ``days`` days: its scenario, its seed, and what happened."""

    scenario: Scenario
    seed: int
    days: float
    crossings: Sequence[Crossing]
    incidents: Sequence[Incident]
    alert_changes: Sequence[AlertChange]

    @property
    def named(self) -> str:
        """The scenario and the seed: ``baseline, seed 1``."""
        return f"{self.scenario.name}, seed {self.seed}"

    @classmethod
    def of(cls, model: "BorderModel") -> "OneRun":
        """The run of a finished model."""
        log, spec = model.log, model.spec
        return cls(spec, model.seed, spec.days, log[Crossing], log[Incident], log[AlertChange])

    @classmethod
    def read(cls, folder: Path) -> "OneRun":
        """Read a folder that ``panj run -o`` wrote. Raise ``StoreError`` where that fails."""
        from sim.runs.one_run import read_run

        stored = read_run(folder)
        provenance = stored.provenance
        try:
            scenario = Scenario.model_validate_json(json.dumps(provenance["scenario"]))
        except (KeyError, ValueError) as error:
            raise StoreError(
                "its scenario does not fit this version of panj",
                path=folder,
                remedy="Draw it with the version that wrote it, or run it again.",
            ) from error
        return cls(
            scenario,
            int(str(provenance["seed"])),
            float(str(provenance["days"])),
            stored.records(Crossing),
            stored.records(Incident),
            stored.records(AlertChange),
        )
