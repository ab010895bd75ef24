"""What is measured of a rater on people who were not trained on, after they responded to it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.agencies.rater import Rater
from credit_ml.core import Array, Dataset, Mask, ModelError, beside
from credit_ml.inference import Estimate, People, comparisons_of
from credit_ml.scoring import checked_threshold, display_name, score_function

UNITS: dict[str, str] = beside(__file__)["units"]


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """People who were not trained on, after they responded: what the rater makes of them."""

    scores: Array
    """Scores of the records after the response."""
    granted: Mask
    """The first decision."""
    kept: NDArray[np.int8]
    """Outcomes after improvements."""
    acted: Mask
    spending: Array

    @property
    def right(self) -> Mask:
        """Whose decision is right."""
        return np.asarray(self.granted == (self.kept == 1))


def first_threshold(rater: Any, threshold: float | None) -> float:
    """Score from which the first decision is in favour: as given, an agency's own, or 0.5.

    Raises
    ------
    InputError
        When the score cannot reach the threshold.
    ModelError
        When none is known and the score is no probability.
    """
    if threshold is not None:
        return checked_threshold(rater, threshold)
    if isinstance(rater, Rater) and rater.agency.privileges:
        return float(rater.agency.privileges[0].threshold)
    if not isinstance(rater, Rater) and hasattr(rater, "predict_proba"):
        return 0.5
    raise ModelError(display_name(rater), "has no first decision", "give a threshold")


def decided(rater: Any, X: pd.DataFrame, threshold: float | None) -> Mask:
    """The first decision about each person."""
    return np.asarray(score_function(rater)(X) >= first_threshold(rater, threshold))


@dataclass(frozen=True, kw_only=True)
class Measures:
    """What is measured of the people of a table, and whom intervals count."""

    dataset: Dataset
    intervals: float
    over: str
    sensitive: Any = ()
    reference_groups: Any = None

    @cached_property
    def people(self) -> People:
        """The people, as intervals count them."""
        return People.of(self.dataset, over=self.over)

    @property
    def parameters(self) -> dict[str, Any]:
        """What a finding says of it."""
        measured = {"measured": len(self.dataset), "intervals": self.intervals}
        return measured | {"over": self.people.counted}

    def row(self, measure: str, estimate: Estimate, **others: Any) -> dict[str, Any]:
        """One row of a tidy table, with the unit of the measure unless another is given."""
        facts = {"measure": measure, **estimate.facts(self.intervals)}
        return facts | {"unit": UNITS.get(measure, "")} | others

    def rows(self, found: HeldOut) -> list[dict[str, Any]]:
        """Every measure but the shift, and differences in selection."""
        estimates = {
            "accuracy": self.people.share(found.right),
            "auc": self.people.auc(found.scores, found.kept),
            "selection_rate": self.people.share(found.granted),
            "share_who_act": self.people.share(found.acted),
            "spending": self.people.mean(found.spending, bounds=(0.0, np.inf)),
        }
        rows = [self.row(measure, each) for measure, each in estimates.items()]
        for pair in comparisons_of(self.dataset, self.sensitive, self.reference_groups):
            gap = pair.difference(self.people.share, found.granted)
            rows.append(self.row("selection_rate", gap, quantity="difference", **pair.labels))
        return rows
