"""What a calibration found, as text within 100 columns and as plain data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import click

from sim.cli.tables import column_lines
from sim.cli.terminal import WIDTH
from sim.comparison.number_format import DASH, short

if TYPE_CHECKING:
    from sim.calibrate.diagnostics import Check, ParameterUpdate
    from sim.calibrate.pipeline import Calibration
    from sim.calibrate.unknowns import YearState


class Found(NamedTuple):
    """A calibration and where it lies.

    ``fixed`` are parameters that ``--set`` took out of the free ones, and ``settings`` what says
    so to another command.
    """

    folder: str
    whole: Calibration
    fixed: Mapping[str, float] = {}
    settings: tuple[str, ...] = ()


def as_text(found: Found) -> Iterator[str]:
    """The lines: what was learnt of parameters and years, how well it fits, what to beware of."""
    from sim.calibrate.diagnostics import parameter_updates

    whole = found.whole
    fitted, aside = len(whole.emulator.cells), len(whole.emulator.unfitted)
    yield (
        f"{found.folder}: {len(whole.posterior):,} draws, learnt from {fitted} figures, "
        f"{len(whole.emulator.marks)} marks of events and {len(whole.emulator.targets)} targets "
        f"by {whole.bank:,} years"
    )
    yield (
        f"  {aside} others are not fitted; the emulator's 90 % intervals hold "
        f"{whole.emulator.coverage:.0%} of what it had not seen"
    )
    yield ""
    yield click.style("Parameters", bold=True)
    head: tuple[str, ...] = ("", "mean", "90 % interval", "kept of prior", "what the data taught")
    held = [(key, f"{value:g}", "", "", "held by --set") for key, value in found.fixed.items()]
    yield from column_lines(
        [head, *map(_learnt, parameter_updates(whole.posterior)), *held], left=(0, 4)
    )
    yield ""
    yield click.style("Years: smuggling and own plans relative to the long run", bold=True)
    head = ("", "regime", "smuggling", "90 % interval", "plans", "90 % interval")
    yield from column_lines([head, *_years(found.whole)], left=(0, 1))
    for title, fits in (("Fitted", True), ("Not fitted", False)):
        rows = [_check(check) for check in whole.checks if check.fitted is fits]
        if rows:
            yield ""
            yield click.style(f"{title}: years of the calibrated model", bold=True)
            head = ("", "reported", "median", "90 % of years", "p", "")
            yield from column_lines([head, *rows], left=(0, 5))
    if whole.concerns:
        yield ""
        yield click.style("Beware", bold=True)
    for sentence in whole.concerns:
        yield from textwrap.wrap(sentence, WIDTH, initial_indent="  ", subsequent_indent="    ")
    yield ""
    said = "".join(f"--set {setting} " for setting in found.settings)
    yield f"Use it:  panj batch baseline triggered -n 400 {said}--posterior {found.folder} -o STORE"


def _years(whole: Calibration) -> Iterator[tuple[str, ...]]:
    """The multipliers of each year, those of its regime with them."""
    for year, state in whole.learnt.years.items():
        cells: list[str] = []
        for low, middle, high in _multipliers(whole, state):
            cells += [short(middle), f"{short(low)} to {short(high)}"]
        yield str(year), state.regime, *cells


def _multipliers(whole: Calibration, state: YearState) -> list[list[float]]:
    """Of smuggling and of plans the ends of the 90 % interval and the median."""
    import numpy as np

    unknowns, points = whole.learnt.unknowns, whole.learnt.points
    logs = unknowns.logs_of(state, points) - unknowns.logs(points)
    return [[float(q) for q in np.exp(np.quantile(log, (0.05, 0.5, 0.95)))] for log in logs.T]


def _learnt(item: ParameterUpdate) -> tuple[str, ...]:
    marginal = item.marginal
    low, high = marginal.quantiles[1], marginal.quantiles[-2]
    return (
        marginal.key,
        short(marginal.mean),
        f"{short(low)} to {short(high)}",
        f"{marginal.kept:.0%}",
        _taught(item),
    )


def _taught(item: ParameterUpdate) -> str:
    """In a few words; the sentence of the diagnostics is too long for a column."""
    from sim.calibrate.diagnostics import SHIFTED, UNMOVED

    marginal = item.marginal
    way = "up" if marginal.shift > 0.0 else "down"
    said = ["narrowed"] if marginal.kept <= UNMOVED else []
    if abs(marginal.shift) > SHIFTED:
        said.append(f"moved {way}")
    return " and ".join(said) or "nothing to speak of"


def _check(check: Check) -> tuple[str, ...]:
    ends = DASH
    if check.low is not None:
        ends = f"{short(check.low)} to {short(check.high)}"
    aim = check.aim
    reported = {"=": f"{aim.low:g}", ">=": f"at least {aim.low:g}"}
    return (
        aim.name.replace("_", " "),
        reported.get(aim.relation, f"{aim.low:g} to {aim.high:g}"),
        short(check.median),
        ends,
        DASH if check.p is None else f"{check.p:.2f}",
        "hardly ever" if check.doubtful else "",
    )


def as_data(found: Found) -> dict[str, object]:
    """The same as plain data."""
    from sim.calibrate.diagnostics import parameter_updates

    whole = found.whole
    return {
        "folder": found.folder,
        "bank": whole.bank,
        "draws": len(whole.posterior),
        "fixed": dict(found.fixed),
        "parameters": [
            {
                **item.marginal._asdict(),
                "contraction": item.marginal.contraction,
                "moved": item.moved,
                "words": item.words,
            }
            for item in parameter_updates(whole.posterior)
        ],
        "years": {
            str(year): {
                "regime": state.regime,
                **dict(zip(("flow", "plans"), _multipliers(whole, state), strict=True)),
            }
            for year, state in whole.learnt.years.items()
        },
        "targets": [_target(check) for check in whole.checks],
        "reach": [
            {"what": one.what, "above": one.above, "below": one.below} for one in whole.before
        ],
        "not_fitted": [one._asdict() for one in whole.emulator.unfitted],
        "concerns": whole.concerns,
    }


def _target(check: Check) -> dict[str, object]:
    aim = check.aim
    return {
        "name": aim.name,
        "relation": aim.relation,
        "reported": [aim.low, aim.high if aim.relation == "range" else None],
        "fitted": check.fitted,
        "p": check.p,
        "median": check.median,
        "low": check.low,
        "high": check.high,
        "undefined": check.undefined,
    }
