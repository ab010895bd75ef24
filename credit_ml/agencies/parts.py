"""Parts of an agency's description: how it scores, shows, rewards and says so."""

import re
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    AllowInfNan,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    model_validator,
)

from credit_ml.core import AgencyError
from credit_ml.scoring import (
    BlendScorer,
    LogisticScorer,
    NeuralScorer,
    OpaqueScorer,
    PointsToDoubleOdds,
    RangeScale,
    Rule,
    Scale,
    Scorecard,
    SmallTree,
)
from credit_ml.society import COLUMNS

ScorerKind = Literal["opaque", "scorecard", "rules", "logistic", "neural", "tree", "blend"]


def _checked_source(text: str) -> str:
    if not re.search(r"\bS([1-9]|1\d|2[0-4])\b|assumed", text):
        raise AgencyError(
            "", f"'{text}' names no source", "name a row such as S1, or 'assumed, because'"
        )
    return text


Number = Annotated[float, Strict(), AllowInfNan(allow_inf_nan=False)]
Count = Annotated[int, Strict(), Field(gt=0)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Row = Annotated[str, StringConstraints(pattern=r"^S([1-9]|1\d|2[0-4])$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Source = Annotated[Text, AfterValidator(_checked_source)]


class Part(BaseModel):
    """A frozen table of an agency's file; keys that are not known are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    units: ClassVar[dict[str, str]] = {}
    """Unit of each number of the part."""


class OpaquePart(Part):
    """Boosted trees (`OpaqueScorer`)."""

    units: ClassVar[dict[str, str]] = {
        "max_iter": "trees",
        "learning_rate": "share of each tree added",
        "max_leaf_nodes": "leaves a tree",
    }

    kind: Literal["opaque"] = "opaque"
    max_iter: Count = 60
    learning_rate: Annotated[Number, Field(gt=0, le=1)] = 0.1
    max_leaf_nodes: Annotated[Count, Field(ge=2)] = 15
    source: Source = "assumed, because no agency publishes its learner"

    def make(self, *, seed: int) -> OpaqueScorer:
        """Return the unfitted scorer."""
        return OpaqueScorer(
            max_iter=self.max_iter,
            learning_rate=self.learning_rate,
            max_leaf_nodes=self.max_leaf_nodes,
            random_state=seed,
        )


class ScorecardPart(Part):
    """Points for bins (`Scorecard`)."""

    units: ClassVar[dict[str, str]] = {
        "bins": "bins of a number",
        "fewest_share": "share of people in the smallest bin",
        "smoothing": "average people added to each bin",
    }

    kind: Literal["scorecard"] = "scorecard"
    bins: Annotated[Count, Field(ge=2)] = 8
    fewest_share: Annotated[Number, Field(ge=0, lt=0.5)] = 0.01
    smoothing: Annotated[Number, Field(gt=0)] = 10.0
    source: Source = "assumed, because cards of banks have five to ten bins"

    def make(self, *, seed: int) -> Scorecard:
        """Return the unfitted scorer; nothing in it is random."""
        return Scorecard(bins=self.bins, fewest_share=self.fewest_share, smoothing=self.smoothing)


class LogisticPart(Part):
    """A weighted sum (`LogisticScorer`)."""

    units: ClassVar[dict[str, str]] = {"C": "inverse strength of the pull to 0"}

    kind: Literal["logistic"] = "logistic"
    C: Annotated[Number, Field(gt=0)] = 1.0
    source: Source = "assumed, because it is the plainest score in use"

    def make(self, *, seed: int) -> LogisticScorer:
        """Return the unfitted scorer; nothing in it is random."""
        return LogisticScorer(C=self.C)


class NeuralPart(Part):
    """A neural network (`NeuralScorer`)."""

    units: ClassVar[dict[str, str]] = {"epochs": "passes over the people"}

    kind: Literal["neural"] = "neural"
    epochs: Count = 12
    source: Source = "assumed, because no agency publishes its learner"

    def make(self, *, seed: int) -> NeuralScorer:
        """Return the unfitted scorer."""
        return NeuralScorer(epochs=self.epochs, random_state=seed)


class TreePart(Part):
    """One small tree (`SmallTree`)."""

    units: ClassVar[dict[str, str]] = {"leaves": "leaves at most"}

    kind: Literal["tree"] = "tree"
    leaves: Annotated[Count, Field(ge=2)] = 8
    source: Source = "assumed, because eight sentences fit on a card"

    def make(self, *, seed: int) -> SmallTree:
        """Return the unfitted scorer."""
        return SmallTree(leaves=self.leaves, random_state=seed)


class BlendPart(Part):
    """Trees, a network and a weighted sum, blended (`BlendScorer`)."""

    units: ClassVar[dict[str, str]] = {"folds": "folds that weigh the parts"}

    kind: Literal["blend"] = "blend"
    folds: Annotated[Count, Field(ge=2)] = 3
    source: Source = "assumed, because winning scores are blends"

    def make(self, *, seed: int) -> BlendScorer:
        """Return the unfitted scorer."""
        return BlendScorer(
            (OpaqueScorer(random_state=seed), NeuralScorer(random_state=seed), LogisticScorer()),
            folds=self.folds,
            random_state=seed,
        )


class RulesPart(Part):
    """Published rules (`RuleScorer`); the rules themselves are the agency's."""

    units: ClassVar[dict[str, str]] = {"start": "points"}

    kind: Literal["rules"] = "rules"
    start: Number = 100.0
    """Points of a person to whom no rule applies."""
    source: Source


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
        return RangeScale(
            low=self.low, high=self.high, centre_odds=self.centre_odds, spread=self.spread
        )


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
        return PointsToDoubleOdds(
            base_points=self.base_points,
            base_odds=self.base_odds,
            points_to_double=self.points_to_double,
        )


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
            raise AgencyError("points_per_unit", f"fits no category '{self.column}'",
                              "give by_value")  # fmt: skip
        return self

    def make(self) -> Rule:
        """Return the rule that the scorer applies."""
        limits: dict[str, Any] = {} if self.most is None else {"most": self.most}
        return Rule(
            column=self.column,
            points_per_unit=self.points_per_unit,
            by_value=self.by_value,
            **limits,
        )


class Privilege(Part):
    """What an agency grants to those with enough points; a restriction is its absence."""

    units: ClassVar[dict[str, str]] = {
        "threshold": "points",
        "value": "share of own yearly income",
    }

    id: Name
    name: Text
    """What reports call it."""
    threshold: Number
    """Points from which it is granted."""
    value: Annotated[Number, Field(ge=0)]
    """Share of own yearly income that a person would give for it."""
    source: Source


class Penalty(Part):
    """What an agency does to those with too few points; nobody else feels it."""

    units: ClassVar[dict[str, str]] = {
        "below": "points",
        "cost": "share of own yearly income",
    }

    id: Name
    name: Text
    """What reports call it."""
    below: Number
    """Points below which it is imposed."""
    cost: Annotated[Number, Field(ge=0)]
    """Share of own yearly income that it costs a person."""
    source: Source


ScorerPart = Annotated[
    OpaquePart | ScorecardPart | RulesPart | LogisticPart | NeuralPart | TreePart | BlendPart,
    Field(discriminator="kind"),
]
#: The part of each kind of scorer, at its defaults; rules are an agency's own.
SCORER_PARTS: dict[str, type[Part]] = {
    "opaque": OpaquePart,
    "scorecard": ScorecardPart,
    "logistic": LogisticPart,
    "neural": NeuralPart,
    "tree": TreePart,
    "blend": BlendPart,
}
ScalePart = Annotated[RangePart | DoublingPart, Field(discriminator="kind")]
