"""Errors of pydantic as problems that say what to do; types for validated texts."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from sim.errors import HIDDEN, Problem
from sim.registry import did_you_mean
from sim.toml_lines import dotted

HEADER: Final = "[header]"
"""Alias of a field that holds the header of its table: its problems are those of the table."""

_WORDS = {
    "refused": ("{reason}", "{remedy}"),
    "missing": ("is missing", "{wanted}"),
    "greater_than": ("is not above {gt:g}", "Give more than {gt:g}."),
    "greater_than_equal": ("is below {ge:g}", "Give {ge:g} or more."),
    "less_than_equal": ("is above {le:g}", "Give {le:g} or less."),
    "finite_number": ("is not a finite number", "Give a finite number."),
    "literal_error": ("is not known here", "{near} Choose one of {choices}."),
    "extra_forbidden": ("is not known here", "{near}"),
    "too_short": ("is empty", "{wanted}"),
    "string_too_short": ("is not text", "{wanted}"),
    "string_type": ("is not text", "{wanted}"),
    "string_too_long": ("is longer than {max_length} characters", "Shorten it."),
    "list_type": ("is not a list of texts", "{wanted}"),
    "float_type": ("is not a number", "Write a number in digits."),
    "int_parsing_size": ("has too many digits", "Write fewer."),
    "date_from_datetime_parsing": ("is not a date", "Write it as YYYY-MM-DD."),
}


def refusal(reason: str, remedy: str) -> PydanticCustomError:
    """The error with which a validator refuses a value."""
    return PydanticCustomError("refused", "{reason}", {"reason": reason, "remedy": remedy})


def one_of(*names: Iterable[str]) -> AfterValidator:
    """Require one of ``names``, which may be registries; they are read when a value is checked."""

    def check(value: str) -> str:
        known = [name for group in names for name in group]
        if value not in known:
            remedy = f"{did_you_mean(value, known)} Choose one of {', '.join(known)}."
            raise refusal("is not known here", remedy.strip())
        return value

    return AfterValidator(check)


def _seen(text: str) -> str:
    if (found := HIDDEN.search(text)) is not None:
        raise refusal(*control_character(found[0]))
    return text


def control_character(letter: str) -> tuple[str, str]:
    """Why a text with this character is refused, and what to do."""
    return f"holds a control character (U+{ord(letter):04X})", "Remove it."


VISIBLE = AfterValidator(_seen)
VisibleText = Annotated[str, VISIBLE]
"""A text without hidden characters."""


def problems(
    error: ValidationError, model: type[BaseModel] | None = None, otherwise: str = ""
) -> list[Problem]:
    """Every error of pydantic with key, value, reason and remedy, but without file and line.

    Where a field of ``model`` is missing or not a text, the remedy is its description.
    ``otherwise`` is the remedy where there is no other.
    """
    return [_problem(detail, model, otherwise) for detail in error.errors(include_url=False)]


def _problem(detail: ErrorDetails, model: type[BaseModel] | None, otherwise: str) -> Problem:
    parts = tuple(str(part) for part in detail["loc"] if part not in (HEADER, "[key]"))
    declared = model.model_fields.items() if model is not None else ()
    fields = {field.alias or name: field for name, field in declared if field.alias != HEADER}
    description = fields[parts[0]].description if parts and parts[0] in fields else None
    kind, value = detail["type"], detail["input"]
    words: dict[str, Any] = {
        "msg": detail["msg"][:1].lower() + detail["msg"][1:],
        "wanted": description or otherwise or "Give a value.",
        "near": "",
        **detail.get("ctx", {}),
    }
    if kind == "literal_error":
        choices = re.findall(r"'(.*?)'", str(words["expected"]))
        words |= {"choices": ", ".join(choices), "near": did_you_mean(str(value), choices)}
    elif kind == "extra_forbidden":
        words["near"] = (
            did_you_mean(parts[-1], fields) or otherwise or f"Known are {', '.join(fields)}."
        )
    reason, remedy = _WORDS.get(kind, ("{msg}", "{wanted}"))
    return Problem(
        reason=reason.format(**words),
        key=dotted(parts) or None,
        value=None if kind == "missing" or not parts else value,
        remedy=remedy.format(**words).strip(),
    )
