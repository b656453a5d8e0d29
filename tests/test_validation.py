"""Errors of pydantic become problems with key, value, reason and remedy."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from sim.validation import HEADER, one_of, problems


class Dog(BaseModel, extra="forbid", strict=True):
    """A table of a file, for the tests."""

    owner: str = Field(alias=HEADER)
    name: str = Field(alias="called", max_length=20, description="Say what it is called.")
    size: Literal["small", "large"] = "small"
    years: Annotated[float, Field(ge=0.0, le=30.0)] = 1.0
    breed: Annotated[str, one_of(("terrier", "hound"), ("mongrel",))] = "hound"


@pytest.mark.parametrize(
    ("values", "key", "value", "told"),
    [
        ({"called": 3}, "called", 3, "is not text. Say what it is called."),
        ({"called": "x" * 21}, "called", "x" * 21, "is longer than 20 characters. Shorten it."),
        ({}, "called", None, "is missing. Say what it is called."),
        ({"size": "smal"}, "size", "smal", "Did you mean small? Choose one of small, large."),
        ({"size": 3}, "size", 3, "is not known here. Choose one of small, large."),
        ({"years": -1.0}, "years", -1.0, "is below 0. Give 0 or more."),
        ({"years": 31.0}, "years", 31.0, "is above 30. Give 30 or less."),
        ({"breed": "mongrell"}, "breed", "mongrell", "Did you mean mongrel?"),
        ({"breed": "{reason}"}, "breed", "{reason}", "Choose one of terrier, hound, mongrel."),
        ({"caled": "{x}"}, "caled", "{x}", "is not known here. Did you mean called?"),
        ({"a b": 1}, '"a b"', 1, "Known are called, size, years, breed."),
        ({HEADER: 3}, None, None, "is not text"),
    ],
)
def test_a_finding_says_key_value_and_what_to_do(values, key, value, told):
    """Keys are those of the file, and a table's own problems have none."""
    whole = {HEADER: "ada"} | ({"called": "rex"} if values else {})
    with pytest.raises(ValidationError) as caught:
        Dog.model_validate(whole | values)
    (problem,) = problems(caught.value, Dog)
    assert (problem.key, problem.value) == (key, value)
    assert told in str(problem)
    assert problem.remedy


def test_every_finding_is_told():
    """Three slips, three problems."""
    with pytest.raises(ValidationError) as caught:
        Dog.model_validate({"size": "huge", "years": "old", HEADER: "ada"})
    assert [problem.key for problem in problems(caught.value, Dog)] == ["called", "size", "years"]
