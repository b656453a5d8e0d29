"""Turn the validator's errors into messages that a user can act on."""

import datetime as dt
from difflib import get_close_matches

from pydantic_core import ErrorDetails

from sim.registry import did_you_mean
from sim.scenario.check import Fault
from sim.scenario.parameters import LABELS, STATED, Kind, Parameter, parameter, parameters, sections
from sim.toml_lines import dotted

_EXPECTED: dict[Kind, str] = {
    "number": "a number",
    "whole number": "a whole number",
    "choice": "a text",
    "flag": "true or false",
    "date": "a date",
    "list": "a list",
    "district table": "a table of districts",
}
_EXAMPLES: dict[Kind, str] = {
    "flag": "Write true or false, without quotes.",
    "date": "Write it as 2025-01-31, without quotes.",
    "list": "Write it in square brackets, as in [9, 10].",
}
_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (int, "a whole number"),
    (float, "a number with decimals"),
    (str, "a text"),
    (dt.datetime, "a date with a time"),
    (dt.date, "a date"),
    (dt.time, "a time"),
    (list, "a list"),
    (dict, "a table"),
)


def fault_from(error: ErrorDetails) -> Fault:
    """Turn one error of the validator into a fault with a reason and a remedy."""
    path = [str(part) for part in error["loc"] if not isinstance(part, int)]
    key, value, kind = dotted(tuple(path)), error["input"], error["type"]
    if kind == "extra_forbidden" or path == [STATED]:
        return _unknown(key, path, value)
    known = parameter(key)
    if kind in ("model_type", "model_attributes_type"):
        return Fault(
            key, value, "is a table of parameters, not a single value",
            f"Write [{key}] and its parameters below it.",
        )  # fmt: skip
    if kind == "refused":
        return Fault(key, value, error["ctx"]["reason"], error["ctx"]["remedy"])
    if known is None:
        return Fault(key, value, _lower(error["msg"]), "It is a text of limited length.")
    return Fault(key, value, _reason(kind, value, key, known, error), _remedy(key, value, known))


def _reason(kind: str, value: object, key: str, known: Parameter, error: ErrorDetails) -> str:
    entry = "an entry " if isinstance(error["loc"][-1], int) else ""
    if kind == "greater_than_equal":
        return f"below the least value {known.low:g}"
    if kind == "less_than_equal":
        return f"above the largest value {known.high:.10g}"
    if kind == "finite_number":
        return "not a finite number"
    if kind == "literal_error" and isinstance(value, str):
        return "not in the list of choices"
    if kind.endswith("_type") or kind == "literal_error":
        return f"{entry}must be {_expected(key, known, error)}, not {_type_name(value)}"
    return entry + _lower(error["msg"])


def _expected(key: str, known: Parameter, error: ErrorDetails) -> str:
    if key != known.key:
        return "a number"
    if isinstance(error["loc"][-1], int):
        return {"int_type": "a whole number", "string_type": "a text"}.get(error["type"], "a value")
    return _EXPECTED[known.kind]


def _remedy(key: str, value: object, known: Parameter) -> str:
    if known.kind == "choice":
        guess = did_you_mean(value, known.choices, 1) if isinstance(value, str) else ""
        return f"{guess} Choose one of {', '.join(known.choices)}.".lstrip()
    if known.kind in ("number", "whole number") or key != known.key:
        expected = "a number" if key != known.key else _EXPECTED[known.kind]
        return f"Give {expected} from {known.allowed}."
    if known.kind == "district table":
        return f"Write [{key}] and one line per district below it, such as panj = 1.5."
    return _EXAMPLES.get(known.kind, "")


def _unknown(key: str, path: list[str], value: object) -> Fault:
    shown = None if isinstance(value, dict) else value
    if path[-1] == "extends":
        remedy = "Write it at the top of a scenario file, above the first table, and only there."
        return Fault(key, shown, "extends is not allowed here", remedy)
    what = "table" if isinstance(value, dict) else "parameter"
    close = nearest(path)
    if close:
        remedy = f"Did you mean {' or '.join(close)}?"
    else:
        section = path[0] if path[0] in sections() else ""
        option = f" --section {section}" if section else ""
        remedy = f"`panj scenario show baseline{option}` lists all parameters."
    return Fault(key, shown, f"no such {what}", remedy)


def nearest(path: list[str]) -> list[str]:
    """Return up to three known keys similar to an unknown one, the likeliest first.

    A misspelt key of the same table comes first, then the same word in another table, then a
    similar word anywhere.
    """
    known = [*LABELS, "ground", *sections(), *parameters()]
    above, leaf = ".".join(path[:-1]), path[-1]
    siblings = {key.rpartition(".")[2]: key for key in known if key.rpartition(".")[0] == above}
    close = get_close_matches(leaf, siblings, n=1)
    if close:
        return [siblings[close[0]]]
    same = [key for key in known if key.rpartition(".")[2] == leaf]
    if same:
        return same[:3]
    elsewhere = {key.rpartition(".")[2]: key for key in known}
    return [elsewhere[word] for word in get_close_matches(leaf, elsewhere, n=1, cutoff=0.75)]


def _type_name(value: object) -> str:
    return next((words for kind, words in _TYPES if isinstance(value, kind)), "this")


def _lower(message: str) -> str:
    return message.removeprefix("String ").removeprefix("Input ")
