"""Parts of an agency's description: what it shows, rewards and imposes, and by which rules."""

import re
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from credit_ml.core import AgencyError
from credit_ml.scoring import PointsToDoubleOdds, RangeScale, Rule, Scale
from credit_ml.scoring.parameters import Number
from credit_ml.society import COLUMNS


def _checked_source(text: str) -> str:
    if not re.search(r"\bS([1-9]|1\d|2[0-4])\b|assumed", text):
        problem = f"'{text}' names no source"
        raise AgencyError("", problem, "name a row such as S1, or 'assumed, because'")
    return text


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Row = Annotated[str, StringConstraints(pattern=r"^S([1-9]|1\d|2[0-4])$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Source = Annotated[Text, AfterValidator(_checked_source)]


class Part(BaseModel, extra="forbid", frozen=True):
    """A frozen table of an agency's file; keys that are not known are refused."""

    units: ClassVar[dict[str, str]] = {}
    """Unit of each number of the part."""


class RangePart(Part):
    """A scale between two ends (`RangeScale`)."""

    units: ClassVar[dict[str, str]] = {
        "low": "points",
        "high": "points",
        "centre_odds": "kept to one not kept",
        "spread": "log-odds",
    }

    kind: Literal["range"]
    low: Number
    high: Number
    centre_odds: Annotated[Number, Field(gt=0)]
    spread: Annotated[Number, Field(gt=0)]
    source: Source

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not self.low < self.high:
            raise AgencyError("low", f"is {self.low:g}", f"give less than high, {self.high:g}")
        return self

    def make(self) -> Scale:
        """Return the scale."""
        return RangeScale(**self.model_dump(exclude={"kind", "source"}))


class DoublingPart(Part):
    """A scale of points to double the odds (`PointsToDoubleOdds`)."""

    units: ClassVar[dict[str, str]] = {
        "base_points": "points",
        "base_odds": "kept to one not kept",
        "points_to_double": "points",
    }

    kind: Literal["points_to_double_odds"]
    base_points: Number
    base_odds: Annotated[Number, Field(gt=0)]
    points_to_double: Annotated[Number, Field(gt=0)]
    source: Source

    def make(self) -> PointsToDoubleOdds:
        """Return the scale."""
        return PointsToDoubleOdds(**self.model_dump(exclude={"kind", "source"}))


class RulePart(Part):
    """One published rule, as people read it (`Rule`)."""

    units: ClassVar[dict[str, str]] = {"points_per_unit": "points a unit", "most": "points"}

    column: str
    """Record that the rule reads."""
    points_per_unit: Number | None = None
    """Points for each unit of the record."""
    most: Annotated[Number, Field(gt=0)] | None = None
    """Most points that the rule can give or take; no limit when absent."""
    by_value: dict[str, Number] | None = None
    """Points for each value of a category."""
    source: Source

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if (self.points_per_unit is None) == (self.by_value is None):
            raise AgencyError("points", "are not of one kind", "give points_per_unit or by_value")
        category = self.column in COLUMNS and bool(COLUMNS[self.column].categories)
        if category and self.by_value is None:
            problem = f"fits no category '{self.column}'"
            raise AgencyError("points_per_unit", problem, "give by_value")
        return self

    def make(self) -> Rule:
        """Return the rule that the scorer applies."""
        return Rule(**self.model_dump(exclude={"source"}, exclude_none=True))


class Privilege(Part):
    """What an agency grants to those with enough points; a restriction is its absence.

    Examples
    --------
    >>> car = {"id": "car", "name": "a car", "threshold": 650.0, "value": 0.01, "source": "S1"}
    >>> Privilege(**car).threshold
    650.0
    """

    units: ClassVar[dict[str, str]] = {"threshold": "points", "value": "share of own yearly income"}

    id: Name
    name: Text
    """What reports call it."""
    threshold: Number
    """Points from which it is granted."""
    value: Annotated[Number, Field(ge=0)]
    """Share of own yearly income that a person would give for it."""
    source: Source


class Penalty(Part):
    """What an agency does to those with too few points; nobody else feels it.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> load_agency("all_in_one").penalties[0].units["cost"]
    'share of own yearly income'
    """

    units: ClassVar[dict[str, str]] = {"below": "points", "cost": "share of own yearly income"}

    id: Name
    name: Text
    """What reports call it."""
    below: Number
    """Points below which it is imposed."""
    cost: Annotated[Number, Field(ge=0)]
    """Share of own yearly income that it costs a person."""
    source: Source


ScalePart = Annotated[RangePart | DoublingPart, Field(discriminator="kind")]
