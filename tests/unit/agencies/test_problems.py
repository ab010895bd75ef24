"""What pydantic finds wrong is said in the words of this package, on one line."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError, model_validator

from credit_ml.agencies.problems import readable
from credit_ml.core import StudyError


class EndsTable(BaseModel, extra="forbid"):
    low: float
    high: float

    @model_validator(mode="after")
    def _has_room(self):
        if not self.low < self.high:
            raise ValueError("low must be below high")
        return self


class OnePart(BaseModel, extra="forbid"):
    number: int = Field(default=2, ge=2)
    share: float = Field(default=0.5, gt=0, lt=1)
    kind: Literal["grid", "list"] = "grid"
    name: str = Field(default="a", min_length=1, pattern="^[a-z]+$")
    several: tuple[str, ...] = ()
    table: dict[str, float] = {}
    sure: bool = True
    over: dict[str, tuple[Any, ...] | EndsTable] = {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"number": 1}, "number: is 1; give at least 2"),
        ({"number": "many"}, "number: is 'many'; give a whole number"),
        ({"share": 1}, "share: is 1; give less than 1"),
        ({"share": 0}, "share: is 0; give more than 0"),
        ({"kind": "gird"}, "kind: is 'gird'; did you mean 'grid'? known: grid, list"),
        ({"name": ""}, "name: is ''; give at least 1 letter"),
        ({"name": "A"}, "name: is 'A'; give text of the form ^[a-z]+$"),
        ({"name": 3}, "name: is 3; give text"),
        ({"several": "a"}, "several: is 'a'; give a list"),
        ({"table": "x"}, "table: is 'x'; give a table"),
        ({"sure": "maybe"}, "sure: is 'maybe'; give true or false"),
        ({"over": {"a.b": 3}}, "over, a.b: is 3; give a list or a table"),
        ({"over": {"a.b": {"low": 1}}}, "over, a.b, high: is missing; give it"),
        ({"over": {"a.b": {"low": 1, "high": 0}}}, "low must be below high"),
        ({"over": {"a.b": {"lo": 1, "high": 2}}}, "over, a.b, lo: is unknown; did you mean 'low'?"),
    ],
)
def test_each_kind_of_problem_has_its_own_remedy(given, said):
    with pytest.raises(ValidationError) as found:
        OnePart.model_validate(given)
    text = str(readable(found.value, OnePart, place="a.toml", kind=StudyError))
    assert text.startswith("a.toml: ")
    assert said in text
    assert "nput" not in text
    assert "\n" not in text
