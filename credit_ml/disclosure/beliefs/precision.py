"""Items that a regime may tell, and how precisely."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import ConfigDict

from credit_ml.core import MenuError

Item = Literal[
    "factors",
    "direction",
    "ranks",
    "weights",
    "threshold",
    "own_score",
    "reasons",
    "counterfactual",
    "recommendation",
    "examples",
    "friends",
    "models",
    "model",
]


@dataclass(frozen=True, kw_only=True)
class Precision:
    """How precisely it is told; by default exactly.

    Raises
    ------
    MenuError
        When a part is below zero, or a number of examples or models below one.

    Examples
    --------
    >>> Precision(rounding=0.25, examples=20).shown
    'scores'
    """

    noise: float = 0.0
    """SD of errors in weights, as a share of their root mean square, and in the cut-off, as a
    share of the scores' SD; drawn once for everybody."""
    rounding: float = 0.0
    """Weights are told in multiples of this share of the largest."""
    examples: int = 100
    """Random people who show their records, where examples are told."""
    shown: Literal["scores", "decisions"] = "scores"
    """What examples and friends show beside their records."""
    models: int = 5
    """Models in the set, the true one among them."""
    over: Literal["mean", "worst"] = "mean"
    """What people take from the set: the mean of the models' scores, or the least."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")  # of a file

    def __post_init__(self) -> None:
        for name, least in {"noise": 0, "rounding": 0, "examples": 1, "models": 1}.items():
            MenuError.unless_at_least(least, f"precision, {name}", getattr(self, name))
