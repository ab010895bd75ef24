"""Kinds of scorer that an agency's description may name, each with its numbers and source."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from credit_ml.agencies.parts import Count, Number, Part, Source
from credit_ml.scoring import (
    BlendScorer,
    ExplainableBoostingScorer,
    LightGBMScorer,
    LogisticScorer,
    NeuralScorer,
    OpaqueScorer,
    Scorecard,
    SmallTree,
)

ScorerKind = Literal[
    "opaque", "scorecard", "rules", "logistic", "neural", "tree", "blend", "ebm", "lightgbm"
]


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
    binning: Literal["monotone", "quantile"] = "monotone"
    source: Source = "assumed, because cards of banks have five to ten bins"

    def make(self, *, seed: int) -> Scorecard:
        """Return the unfitted scorer; nothing in it is random."""
        return Scorecard(
            bins=self.bins,
            fewest_share=self.fewest_share,
            smoothing=self.smoothing,
            binning=self.binning,
        )


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


class ExplainableBoostingPart(Part):
    """A curve a feature (`ExplainableBoostingScorer`); needs the extra ``ebm``."""

    units: ClassVar[dict[str, str]] = {
        "rounds": "passes over the features",
        "bags": "fits averaged",
    }

    kind: Literal["ebm"] = "ebm"
    rounds: Count = 300
    bags: Count = 1
    source: Source = "assumed, because more bags and rounds cost minutes and rank no better here"

    def make(self, *, seed: int) -> ExplainableBoostingScorer:
        """Return the unfitted scorer."""
        return ExplainableBoostingScorer(rounds=self.rounds, bags=self.bags, random_state=seed)


class LightGBMPart(Part):
    """Boosted trees of LightGBM (`LightGBMScorer`); needs the extra ``lightgbm``."""

    units: ClassVar[dict[str, str]] = {
        "trees": "trees",
        "learning_rate": "share of each tree added",
    }

    kind: Literal["lightgbm"] = "lightgbm"
    trees: Count = 60
    learning_rate: Annotated[Number, Field(gt=0, le=1)] = 0.1
    source: Source = "assumed, because no agency publishes its learner"

    def make(self, *, seed: int) -> LightGBMScorer:
        """Return the unfitted scorer."""
        return LightGBMScorer(trees=self.trees, learning_rate=self.learning_rate, random_state=seed)


class RulesPart(Part):
    """Published rules (`RuleScorer`); the rules themselves are the agency's."""

    units: ClassVar[dict[str, str]] = {"start": "points"}

    kind: Literal["rules"] = "rules"
    start: Number = 100.0
    """Points of a person to whom no rule applies."""
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
    "ebm": ExplainableBoostingPart,
    "lightgbm": LightGBMPart,
}
