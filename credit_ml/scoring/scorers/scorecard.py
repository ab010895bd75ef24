"""A score that fits on a page: points for each bin of each feature."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from credit_ml.core import ModelError
from credit_ml.scoring import parameters as allowed
from credit_ml.scoring.binning.bins import Bins, weight_of_evidence
from credit_ml.scoring.binning.monotone import monotone_cuts
from credit_ml.scoring.binning.placing import Ladder, summed
from credit_ml.scoring.classifier import EncodedScorer, Kept, Weights
from credit_ml.scoring.scales import Scale

Binning = Literal["monotone", "quantile"]


@dataclass(kw_only=True, eq=False, repr=False)
class Scorecard(EncodedScorer):
    """Logistic regression on the weight of evidence of binned features.

    ``log-odds = intercept_ + sum over features of coefficient * weight of evidence(bin)``.
    Missing values have a bin of their own; so has each category, but rare ones share one. A
    term of 0 means evidence like everybody's. Bins of a number are by default those that tell
    most of the outcome among all whose evidence only rises or only falls (`monotone_cuts`), so
    that the printed card has no humps to explain.

    Cost: one sort a feature to fit; one search a feature and person to score.

    Parameters
    ----------
    bins : int, default 8
        Bins of a number, besides the one for missing values.
    fewest_share : float, default 0.01
        Share of people below which a bin is not cut and a category is pooled.
    smoothing : float, default 10.0
        Average people added to each bin, which pulls small bins to 0.
    C : float, default 1.0
        Inverse strength of the ridge penalty on coefficients.
    binning : {"monotone", "quantile"}
        Best bins in order of evidence, or bins of about equal numbers of people.

    References
    ----------
    Siddiqi, N. (2006). Credit risk scorecards. Wiley. Thomas, L. C. (2009). Consumer credit
    models: pricing, profit and portfolios. Oxford University Press.

    Examples
    --------
    >>> people = pd.DataFrame({"late": np.arange(100) % 5})
    >>> card = Scorecard().fit(people, np.arange(100) % 7 > people["late"])
    >>> terms = card.additive_terms(people)
    >>> bool(np.allclose(card.intercept_ + terms.sum(axis=1), card.decision_function(people)))
    True
    """

    kind = "scorecard"
    source = "assumed, because cards of banks have five to ten bins"
    settings: ClassVar[allowed.Settings] = {
        "bins": (allowed.at_least(2), "bins of a number"),
        "fewest_share": (allowed.below_half(), "share of people in the smallest bin"),
        "smoothing": (allowed.positive(), "average people added to each bin"),
        "binning": (Binning, ""),
    }

    bins: int = 8
    fewest_share: float = 0.01
    smoothing: float = 10.0
    C: float = 1.0
    binning: Binning = "monotone"
    bins_: tuple[Bins, ...] = field(init=False)
    """Bins of each feature."""
    terms_: tuple[NDArray[np.float64], ...] = field(init=False)
    """Log-odds of each bin of each feature, the bin for missing values last."""
    people_: tuple[NDArray[np.intp], ...] = field(init=False)
    """People of `fit` in each bin of each feature."""
    coef_: NDArray[np.float64] = field(init=False)
    """Coefficient of each feature's weight of evidence; 1 when features are independent."""
    intercept_: float = field(init=False)
    """Log-odds of a person whose every term is 0."""

    def _check_options(self) -> None:
        allowed.check_least(self, 2, "bins")
        allowed.check_fewest_share(self)
        allowed.check_positive(self, "smoothing", "C")
        allowed.check_choice("Scorecard, binning", self.binning, Binning)

    def _learn(self, encoded: pd.DataFrame, kept: Kept, weights: Weights | None) -> None:
        self.bins_ = self._cut(encoded, kept, weights)
        placed, smoothing = _placed(self.bins_, encoded), self.smoothing
        evidences = [
            weight_of_evidence(bins, kept, weights, number=len(own.labels), smoothing=smoothing)
            for own, bins in zip(self.bins_, placed, strict=True)
        ]
        each = zip(evidences, placed, strict=True)
        evidence = np.column_stack([weight[bins] for weight, bins in each])
        model = LogisticRegression(C=self.C, solver="newton-cholesky", tol=1e-8, max_iter=100)
        # Coefficients change in the last digits with the number of BLAS threads.
        with threadpool_limits(limits=1, user_api="blas"):
            model.fit(evidence, kept, sample_weight=weights)
        self.coef_, self.intercept_ = model.coef_[0].astype("float64"), float(model.intercept_[0])
        sloped = zip(self.coef_, evidences, strict=True)
        self.terms_ = tuple(slope * weight for slope, weight in sloped)
        self.people_ = tuple(
            np.bincount(bins, minlength=len(own.labels))
            for own, bins in zip(self.bins_, placed, strict=True)
        )

    def decision_function(self, X: pd.DataFrame | ArrayLike) -> NDArray[np.float64]:
        """Log-odds of the favourable outcome, shape (people,)."""
        check_is_fitted(self)
        ladders = [Ladder.of(own, term) for own, term in zip(self.bins_, self.terms_, strict=True)]
        return summed(self.encoder_.arrays(X), ladders, start=self.intercept_)

    def additive_terms(self, X: pd.DataFrame | ArrayLike) -> pd.DataFrame:
        """Log-odds that each feature adds for each person, shape (people, features).

        ``intercept_ + additive_terms(X).sum(axis=1)`` is the log-odds, to rounding.
        """
        check_is_fitted(self)
        encoded = self.encoder_.transform(X)
        each = zip(_columns(encoded), self.bins_, self.terms_, strict=True)
        terms = {
            name: summed([values], [Ladder.of(own, term)], start=0.0)
            for (name, values), own, term in each
        }
        return pd.DataFrame(terms, index=encoded.index)

    def points_table(self, scale: Scale) -> pd.DataFrame:
        """Return the card as it would be printed: points of each bin on an affine scale.

        A person's score is the first row's points plus those of one bin a feature.

        Returns
        -------
        pandas.DataFrame
            Columns feature, bin, people (of `fit`) and points; the first row is ``(base)``.

        Raises
        ------
        ModelError
            When the scale bends, so that points of bins do not add up to a score.
        """
        check_is_fitted(self)
        problem = f"{type(scale).__name__} is not affine, so points do not add up"
        ModelError.unless(scale.affine, "points_table", problem, "give PointsToDoubleOdds")
        base = scale.points(np.array([self.intercept_, self.intercept_ + 1.0]))
        rows = [("(base)", "everybody", int(self.people_[0].sum()), float(base[0]))]
        each = zip(self.encoder_.columns_, self.bins_, self.people_, self.terms_, strict=True)
        for name, own, people, terms in each:
            points = terms * (base[1] - base[0])
            rows += zip([name] * len(people), own.labels, people, points, strict=True)
        return pd.DataFrame(rows, columns=["feature", "bin", "people", "points"])

    def _cut(self, encoded: pd.DataFrame, kept: Kept, weights: Weights | None) -> tuple[Bins, ...]:
        fewest: float = max(1, int(np.ceil(self.fewest_share * len(encoded))))
        if weights is not None:
            fewest = self.fewest_share * float(weights.sum())
        coded = self.encoder_.categories_
        return tuple(
            Bins.of_category(values, coded[name], weights, fewest_people=fewest)
            if name in coded
            else self._cut_number(values, kept, weights, fewest)
            for name, values in _columns(encoded)
        )

    def _cut_number(
        self, values: NDArray[np.float32], kept: Kept, weights: Weights | None, fewest: float
    ) -> Bins:
        sizes: Any = {"most": self.bins, "fewest_people": fewest}
        if self.binning == "quantile":
            return Bins.of_number(values, weights, **sizes)
        known = ~np.isnan(values)
        own = None if weights is None else weights[known]
        best = monotone_cuts(values[known], kept[known], own, **sizes, smoothing=self.smoothing)
        return Bins.at(best.cuts)


def _columns(encoded: pd.DataFrame) -> list[tuple[object, NDArray[np.float32]]]:
    return [(name, encoded[name].to_numpy()) for name in encoded.columns]


def _placed(bins: tuple[Bins, ...], encoded: pd.DataFrame) -> list[NDArray[np.intp]]:
    return [own.assign(values) for own, (_, values) in zip(bins, _columns(encoded), strict=True)]
