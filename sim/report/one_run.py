"""A finished run on disk, as its pictures need it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from sim.errors import StoreError
from sim.incidents.narrative import severity
from sim.incidents.records import AlertChange, Crossing, Incident
from sim.report.anatomy import draw_anatomy
from sim.report.funnel_run import draw_run_funnel
from sim.report.strip_map import strip_map
from sim.runs.alike import alike
from sim.runs.one_run import read_run
from sim.runs.tables import to_table
from sim.scenario.spec import Scenario


@dataclass(frozen=True)
class OneRun:
    """A run of ``days``: what was run, and what happened."""

    scenario: Scenario
    seed: int
    days: float
    crossings: Sequence[Crossing]
    incidents: Sequence[Incident]
    alert_changes: Sequence[AlertChange]

    @classmethod
    def read(cls, folder: Path) -> "OneRun":
        """Read a folder that ``panj run -o`` wrote. Raises ``StoreError`` where it cannot be."""
        stored = read_run(folder)
        said = stored.provenance
        try:
            scenario = Scenario.model_validate_json(json.dumps(said["scenario"]))
        except (KeyError, ValueError) as error:
            raise StoreError(
                "its scenario does not fit this version of panj",
                path=folder,
                remedy="Draw it with the version that wrote it, or run it again.",
            ) from error
        return cls(
            scenario,
            int(str(said["seed"])),
            float(str(said["days"])),
            stored.records(Crossing),
            stored.records(Incident),
            stored.records(AlertChange),
        )


def strip_of(run: OneRun) -> Figure:
    """The strip map of a run."""
    return strip_map(
        run.crossings,
        run.incidents,
        run.alert_changes,
        start=run.scenario.start,
        days=run.days,
        ground=run.scenario.ground,
    )


def funnel_of(run: OneRun) -> Figure:
    """The detection funnel of a run."""
    return draw_run_funnel(run.crossings, period=f"{run.scenario.name}, seed {run.seed}")


def _same[R: tuple[object, ...]](kept: Sequence[R], again: Sequence[R]) -> bool:
    if not kept or not again:
        return len(kept) == len(again)
    return alike(to_table(kept, type(kept[0])), to_table(again, type(again[0])))


def anatomy_of(run: OneRun) -> Figure:
    """The anatomy of a run's gravest incident.

    No folder keeps where every patrol was, so the run is simulated again. Raises ``StoreError``
    where nothing happened in it, or where it does not come out the same.
    """
    from sim.model import BorderModel
    from sim.observe import anatomy

    if not run.incidents:
        raise StoreError(
            "there was no incident in this run, so none can be taken apart",
            value=f"{run.scenario.name}, seed {run.seed}",
            remedy="Draw another run.",
        )
    model = BorderModel(run.scenario, seed=run.seed)
    model.run_until(run.days)
    if not (
        _same(run.crossings, model.log[Crossing])
        and _same(run.incidents, model.log[Incident])
        and _same(run.alert_changes, model.log[AlertChange])
    ):
        raise StoreError(
            "this run was written by other code and does not come out the same any more",
            value=f"{run.scenario.name}, seed {run.seed}",
            remedy="Run it again with 'panj run -o', then draw it.",
        )
    return draw_anatomy(anatomy(model, max(model.log[Incident], key=severity)))
