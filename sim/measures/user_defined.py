"""User-defined outcomes: registered, checked when measured, recognised, sent to workers."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from keyword import iskeyword
from math import isfinite
from numbers import Real
from typing import Any, Final

from sim import user_code
from sim.errors import OutcomeError, format_value
from sim.measures.outcome import BETTER, Better, Measure, Number, Outcome
from sim.measures.registry import OUTCOMES, SHIPPED, known
from sim.measures.run_view import RunView

COLUMNS: Final = ("scenario", "digest", "replicate", "draw", "seed", "status",
                  "stage", "message", "traceback", "district")  # fmt: skip
"""Columns that identify a run or give its status."""

_installed = [b""]


def user_outcomes() -> tuple[Outcome, ...]:
    """The user-defined outcomes, in the order of their columns."""
    return tuple(OUTCOMES.values())[len(SHIPPED) :]


def outcome[F: Measure](
    name: str,
    label: str = "",
    *,
    unit: str = "count",
    better: Better = "neither",
    formula: str = "",
    noun: str = "",
    one: str = "",
    headline: float | None = None,
    level: bool = False,
) -> Callable[[F], F]:
    """Register your own function, which takes a run and returns a number, as an outcome::

        @sim.outcome("arms_a_clash", "arms seized a clash", unit="arms", better="more", level=True)
        def arms_a_clash(run: sim.RunView) -> float | None:
            clashes = [incident for incident in run.incidents if incident.clash]
            return sum(i.seized_arms for i in clashes) / len(clashes) if clashes else None

    The arguments are those of :class:`~sim.measures.outcome.Outcome`. Raises
    :class:`~sim.errors.PanjError` for a name that is taken or cannot be a column; a function of
    the same name and place, such as a notebook cell that is run again, replaces the first.
    """
    description = Outcome(
        name, label, unit, better, formula, noun=noun, one=one, headline=headline, level=level
    )

    def registered(measure: F) -> F:
        register(replace(description, measure=measure))
        return measure

    return registered


def register(outcome: Outcome) -> None:
    """Add a user-defined outcome; see :func:`outcome`."""
    name, before = outcome.name, OUTCOMES.get(outcome.name)
    refused = ""
    if iskeyword(name) or name in COLUMNS or (name not in OUTCOMES and name in known()):
        refused = "this name cannot be a column of outcomes"
    elif outcome.better not in BETTER:
        refused = f"better is {format_value(outcome.better)}, which is none of {', '.join(BETTER)}"
    elif not inspect.isfunction(outcome.measure):
        refused = "an outcome needs a function that takes a run"
    if refused:
        raise OutcomeError(refused, key="outcome", value=name)
    if before is not None and before in user_outcomes() and _home(before) == _home(outcome):
        OUTCOMES.remove(name)  # a notebook cell or a module that is run again
    OUTCOMES.register(outcome)


def _home(outcome: Outcome) -> tuple[str, str]:
    return outcome.measure.__module__, outcome.measure.__qualname__


def user_outcome_row(run: RunView) -> dict[str, Number]:
    """The values of the user-defined outcomes. Raises :class:`~sim.errors.OutcomeError`."""
    return {outcome.name: _value(outcome, run) for outcome in user_outcomes()}


def _value(outcome: Outcome, run: RunView) -> Number:
    try:
        value: Any = outcome.measure(run)
    except Exception as error:
        raise _wrong(outcome, f"raised {type(error).__name__}: {error}") from error
    if value is None:
        return None
    if not _is_number(value):
        raise _wrong(outcome, f"gave {format_value(value)}, which is not a number")
    if outcome.whole and value != int(value):
        raise _wrong(outcome, f"is counted in {outcome.unit}, but gave {format_value(value)}")
    return int(value) if outcome.whole else float(value)


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and isfinite(value)


def _wrong(outcome: Outcome, what: str) -> OutcomeError:
    remedy = "Let its function return a finite number, or None where there is no value."
    return OutcomeError(what, key=f"outcome {outcome.name}", remedy=remedy)


def describe_user_outcomes() -> list[dict[str, object]]:
    """The user-defined outcomes as plain data, each with a digest of its function's code."""
    return [
        {**o.as_data, "code": f"{o.measure.__qualname__} {user_code.digest(o.measure)}"}
        for o in user_outcomes()
    ]


def pack_user_outcomes() -> bytes:
    """The user-defined outcomes for workers. Raises :class:`~sim.errors.PanjError`."""
    outcomes = user_outcomes()
    return user_code.pack(outcomes, [o.measure for o in outcomes]) if outcomes else b""


def install_user_outcomes(sent: bytes) -> None:
    """Replace a worker's user-defined outcomes by those that a request sent."""
    if sent == _installed[-1]:
        return
    for outcome in user_outcomes():
        OUTCOMES.remove(outcome.name)
    for outcome in user_code.unpack(sent) if sent else ():
        OUTCOMES.register(outcome)
    _installed[:] = [sent]
