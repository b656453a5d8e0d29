"""What pydantic refuses in a file of ours, as problems that say what to do."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from sim.errors import HIDDEN, Problem
from sim.registry import did_you_mean
from sim.toml_lines import dotted

HEADER: Final = "[header]"
"""Alias of the field that holds the header of its own table: its problems are the table's."""

_WORDS = {
    "refused": ("{reason}", "{remedy}"),
    "missing": ("is missing", "{wanted}"),
    "greater_than": ("is not above {gt:g}", "Give more than {gt:g}."),
    "greater_than_equal": ("is below {ge:g}", "Give {ge:g} or more."),
    "less_than_equal": ("is above {le:g}", "Give {le:g} or less."),
    "finite_number": ("is not a finite number", "Give a finite number."),
    "literal_error": ("is not known here", "{near} Choose one of {choices}."),
    "extra_forbidden": ("says nothing here", "{near}"),
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
    """A text that is one of ``names``, which may be registries and are asked when it is read."""

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
    return f"holds a control character (U+{ord(letter):04X})", "Take it out."


VISIBLE = AfterValidator(_seen)
VisibleText = Annotated[str, VISIBLE]
"""A text of which nothing steers a terminal unseen."""


def problems(
    error: ValidationError, model: type[BaseModel] | None = None, otherwise: str = ""
) -> list[Problem]:
    """Every finding of the validator with key, value, reason and remedy, but no file and line.

    The description of a field of ``model`` is the remedy where it is missing or no text;
    ``otherwise`` is the remedy where there is none.
    """
    return [_problem(detail, model, otherwise) for detail in error.errors(include_url=False)]


def _problem(detail: ErrorDetails, model: type[BaseModel] | None, otherwise: str) -> Problem:
    parts = tuple(str(part) for part in detail["loc"] if part not in (HEADER, "[key]"))
    declared = model.model_fields.items() if model is not None else ()
    fields = {field.alias or name: field for name, field in declared if field.alias != HEADER}
    wanted = fields[parts[0]].description if parts and parts[0] in fields else None
    kind, value = detail["type"], detail["input"]
    said: dict[str, Any] = {
        "msg": detail["msg"][:1].lower() + detail["msg"][1:],
        "wanted": wanted or otherwise or "Give a value.",
        "near": "",
        **detail.get("ctx", {}),
    }
    if kind == "literal_error":
        choices = re.findall(r"'(.*?)'", str(said["expected"]))
        said |= {"choices": ", ".join(choices), "near": did_you_mean(str(value), choices)}
    elif kind == "extra_forbidden":
        said["near"] = (
            did_you_mean(parts[-1], fields) or otherwise or f"It may say {', '.join(fields)}."
        )
    reason, remedy = _WORDS.get(kind, ("{msg}", "{wanted}"))
    return Problem(
        reason=reason.format(**said),
        key=dotted(parts) or None,
        value=None if kind == "missing" or not parts else value,
        remedy=remedy.format(**said).strip(),
    )
