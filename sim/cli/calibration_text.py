"""What a calibration found, as text within 100 columns and as plain data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import click

from sim.cli.comparison_text import columns
from sim.cli.outcome_table import WIDTH
from sim.comparison.digits import DASH, short

if TYPE_CHECKING:
    from sim.calibrate.adjust import Adjusted
    from sim.calibrate.diagnostics import Check, Learnt
    from sim.calibrate.tune import Tuned


class Found(NamedTuple):
    """A calibration as far as it has come, and its replicas held against the targets.

    ``fixed`` are parameters that ``--set`` took out of the free ones, and ``settings`` what says
    so to another command.
    """

    folder: str
    bank: int
    adjusted: Adjusted
    checks: tuple[Check, ...]
    fixed: Mapping[str, float] = {}
    settings: tuple[str, ...] = ()


def as_text(found: Found) -> Iterator[str]:
    """The lines: how far it is, what was learnt, how well it fits, what to beware of."""
    from sim.calibrate.diagnostics import concerns, learnt

    posterior = found.adjusted.posterior
    yield (
        f"{found.folder}: the {len(posterior):,} nearest of {found.bank:,} years, worth "
        f"{posterior.ess:,.0f} independent draws"
    )
    yield ""
    yield click.style("Parameters", bold=True)
    head: tuple[str, ...] = ("", "mean", "90 % interval", "kept of prior", "what the data taught")
    held = [(key, f"{value:g}", "", "", "held by --set") for key, value in found.fixed.items()]
    yield from columns([head, *map(_learnt, learnt(posterior)), *held], left=(0, 4))
    for title, fitted in (("Fitted", True), ("Held back", False)):
        rows = [_check(check) for check in found.checks if check.fitted is fitted]
        if rows:
            yield ""
            yield click.style(f"{title}: years of the calibrated model", bold=True)
            head = ("", "reported", "median", "90 % of years", "p", "")
            yield from columns([head, *rows], left=(0, 5))
    told = concerns(posterior, found.checks, found.adjusted.refused)
    if told:
        yield ""
        yield click.style("Beware", bold=True)
    for sentence in told:
        yield from textwrap.wrap(sentence, WIDTH, initial_indent="  ", subsequent_indent="    ")
    yield ""
    said = "".join(f"--set {setting} " for setting in found.settings)
    yield f"Use it:  panj batch baseline triggered -n 400 {said}--posterior {found.folder} -o STORE"


def _learnt(item: Learnt) -> tuple[str, ...]:
    marginal = item.marginal
    low, high = marginal.quantiles[1], marginal.quantiles[-2]
    return (
        marginal.key,
        short(marginal.mean),
        f"{short(low)} to {short(high)}",
        f"{marginal.kept:.0%}",
        _taught(item),
    )


def _taught(item: Learnt) -> str:
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
    from sim.calibrate.diagnostics import concerns, learnt

    posterior = found.adjusted.posterior
    return {
        "folder": found.folder,
        "bank": found.bank,
        "members": len(posterior),
        "effective": posterior.ess,
        "fixed": dict(found.fixed),
        "parameters": [
            {
                **item.marginal._asdict(),
                "contraction": item.marginal.contraction,
                "moved": item.moved,
                "words": item.words,
            }
            for item in learnt(posterior)
        ],
        "targets": [_target(check) for check in found.checks],
        "concerns": concerns(posterior, found.checks, found.adjusted.refused),
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


def tuned_text(tuned: Tuned, path: str, fixed: Mapping[str, float]) -> Iterator[str]:
    """The lines of one best point, and what was held."""
    yield (
        f"{path}: the point nearest to the targets after {tuned.simulations:,} simulations, at "
        f"distance {tuned.distance:.3g}"
    )
    found = [(key, short(value), "") for key, value in tuned.parameters.items()]
    held = [(key, f"{value:g}", "held by --set") for key, value in fixed.items()]
    yield from columns([*found, *held], left=(0, 2))
    yield "  A point says nothing about what else would fit as well: see 'panj calibrate' without"
    yield "  --tune."
