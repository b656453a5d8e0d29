"""The result of a calibration as text within 100 columns, and as plain data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import click

from sim.cli.tables import column_lines
from sim.cli.terminal import WIDTH
from sim.comparison.number_format import DASH, short

if TYPE_CHECKING:
    from sim.calibrate.pipeline import Calibration
    from sim.calibrate.posterior import Check, Marginal
    from sim.calibrate.unknowns import YearState


class CalibrationResult(NamedTuple):
    """A calibration, its folder, the parameters that ``--set`` fixed, and these as settings."""

    folder: str
    fit: Calibration
    fixed: Mapping[str, float] = {}
    settings: tuple[str, ...] = ()


def as_text(result: CalibrationResult) -> Iterator[str]:
    """Yield what was learnt about parameters and years, how well it fits, and any concerns."""
    fit = result.fit
    cells, unfitted = len(fit.emulator.cells), len(fit.emulator.unfitted)
    yield (
        f"{result.folder}: {len(fit.posterior):,} draws, learnt from {cells} figures, "
        f"{len(fit.emulator.marks)} marks of events and {len(fit.emulator.targets)} targets "
        f"by {fit.bank_years:,} years"
    )
    yield (
        f"  {unfitted} others are not fitted; the emulator's 90 % intervals hold "
        f"{fit.emulator.coverage:.0%} of new years"
    )
    yield ""
    yield click.style("Parameters", bold=True)
    head: tuple[str, ...] = ("", "mean", "90 % interval", "kept of prior", "change from the prior")
    held = [(key, f"{value:g}", "", "", "fixed by --set") for key, value in result.fixed.items()]
    yield from column_lines(
        [head, *map(_parameter_row, fit.posterior.summary()), *held], left=(0, 4)
    )
    yield ""
    yield click.style("Years: smuggling and own plans relative to the long run", bold=True)
    head = ("", "regime", "smuggling", "90 % interval", "plans", "90 % interval")
    yield from column_lines([head, *_years(fit)], left=(0, 1))
    for title, fitted in (("Fitted", True), ("Not fitted", False)):
        rows = [_check(check) for check in fit.checks if check.fitted is fitted]
        if rows:
            yield ""
            yield click.style(f"{title}: years of the calibrated model", bold=True)
            head = ("", "reported", "median", "90 % of years", "p", "")
            yield from column_lines([head, *rows], left=(0, 5))
    if fit.concerns:
        yield ""
        yield click.style("Warnings", bold=True)
    for sentence in fit.concerns:
        yield from textwrap.wrap(sentence, WIDTH, initial_indent="  ", subsequent_indent="    ")
    yield ""
    options = "".join(f"--set {setting} " for setting in result.settings)
    options += f"--posterior {result.folder}"
    yield f"Use it:  panj batch baseline triggered -n 400 {options} -o STORE"


def _years(fit: Calibration) -> Iterator[tuple[str, ...]]:
    """Yield the multipliers of each year, including those of its regime."""
    for year, state in fit.sample.years.items():
        cells: list[str] = []
        for low, middle, high in _multipliers(fit, state):
            cells += [short(middle), f"{short(low)} to {short(high)}"]
        yield str(year), state.regime, *cells


def _multipliers(fit: Calibration, state: YearState) -> list[list[float]]:
    """Return 5 %, 50 % and 95 % quantiles of the multipliers of smuggling and of plans."""
    import numpy as np

    unknowns, points = fit.sample.unknowns, fit.sample.points
    logs = unknowns.year_logs(state, points) - unknowns.logs(points)
    return [[float(q) for q in np.exp(np.quantile(log, (0.05, 0.5, 0.95)))] for log in logs.T]


def _parameter_row(marginal: Marginal) -> tuple[str, ...]:
    low, high = marginal.quantiles[1], marginal.quantiles[-2]
    return (
        marginal.key,
        short(marginal.mean),
        f"{short(low)} to {short(high)}",
        f"{marginal.kept:.0%}",
        _change(marginal),
    )


def _change(marginal: Marginal) -> str:
    """Return what the data changed, in fewer words than the diagnostics have."""
    words = ["narrowed"] if marginal.narrowed else []
    if marginal.shifted:
        words.append(f"moved {marginal.shifted}")
    return " and ".join(words) or "hardly any"


def _check(check: Check) -> tuple[str, ...]:
    interval = DASH if check.low is None else f"{short(check.low)} to {short(check.high)}"
    target = check.target
    reported = {"=": f"{target.low:g}", ">=": f"at least {target.low:g}"}
    return (
        target.name.replace("_", " "),
        reported.get(target.relation, f"{target.low:g} to {target.high:g}"),
        short(check.median),
        interval,
        DASH if check.p is None else f"{check.p:.2f}",
        "hardly ever reached" if check.doubtful else "",
    )


def as_data(result: CalibrationResult) -> dict[str, object]:
    """Return the same as plain data."""
    fit = result.fit
    return {
        "folder": result.folder,
        "bank": fit.bank_years,
        "draws": len(fit.posterior),
        "fixed": dict(result.fixed),
        "parameters": [
            {
                **marginal._asdict(),
                "contraction": marginal.contraction,
                "moved": marginal.moved,
                "words": marginal.words,
            }
            for marginal in fit.posterior.summary()
        ],
        "years": {
            str(year): {
                "regime": state.regime,
                **dict(zip(("flow", "plans"), _multipliers(fit, state), strict=True)),
            }
            for year, state in fit.sample.years.items()
        },
        "targets": [_target(check) for check in fit.checks],
        "reach": [
            {"what": one.what, "above": one.above, "below": one.below} for one in fit.prior_checks
        ],
        "not_fitted": [one._asdict() for one in fit.emulator.unfitted],
        "concerns": fit.concerns,
    }


def _target(check: Check) -> dict[str, object]:
    target = check.target
    return {
        "name": target.name,
        "relation": target.relation,
        "reported": [target.low, target.high if target.relation == "range" else None],
        "fitted": check.fitted,
        "p": check.p,
        "median": check.median,
        "low": check.low,
        "high": check.high,
        "undefined": check.undefined,
    }
