"""Whether reasons depend on who happened to be in the training set."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import clone

from credit_ml.core import (
    Array,
    Dataset,
    InputError,
    ModelError,
    Streams,
    TableError,
    beside,
    refuse_weights,
)
from credit_ml.core.schema import conform
from credit_ml.explanation.sample import sample_of
from credit_ml.explanation.shapley.block_shapley import factor_attributions
from credit_ml.explanation.shapley.coalitions import check_factors
from credit_ml.explanation.stability.finding import AGREEMENT, DEVIATION, MEASURES, SAME, Stability
from credit_ml.inference import Over
from credit_ml.scoring import display_name, score_function

#: Other people whom each person is compared with, the same for every refit.
REFERENCES = 10


def explanation_stability(
    estimator: Any,
    dataset: Dataset,
    *,
    refits: int = 10,
    people: int = 500,
    sensitive: str | Sequence[str] | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
    seed: int = 0,
) -> Stability:
    """How alike the reasons are that a model gives when it is trained on other people.

    Some people are kept apart; the model is trained again and again on bootstraps of the others,
    and each time the log-odds of those kept apart are taken apart by factor, against the same ten
    references each (`factor_attributions`). For each person, over pairs of refits:

    - "rank_agreement": Kendall's tau between the two orders of factors, ties counted (tau-b): 1
      when training on others changes no order, 0 when the orders have nothing in common;
    - "same_costliest": share of pairs that name the same costliest factor;
    - "deviation", by factor: standard deviation of its attribution, in log-odds; 0 when fixed.

    Cost: `refits` fits, and 2**K model calls on 10 x `people` rows each (one walk of trees).

    Parameters
    ----------
    estimator : scikit-learn classifier, or fitted rater
        Cloned for each refit, of a rater its scorer.
    dataset : Dataset
        People with an outcome.
    refits : int
        Bootstraps, at least 2.
    people : int
        Kept apart, and explained; at most half of all.
    sensitive : str or sequence of str, optional
        Also by group of these sensitive features.
    intervals : float
        Level, with the refits as they are.
    over : {"auto", "people", "clusters"}
        What intervals count.
    seed : int
        Of who is kept apart, the bootstraps and the references.

    Raises
    ------
    InputError
        When there are fewer than two refits or people, or the level is out of range.
    TableError
        When the dataset has no outcome, one factor only, or no such sensitive feature.
    ModelError
        When the estimator cannot be cloned or gives no log-odds, a bootstrap has one outcome, or
        there are more than 12 factors.

    References
    ----------
    Alvarez-Melis, D. and Jaakkola, T. S. (2018). On the robustness of interpretability methods.
    ICML workshop on human interpretability. Kendall, M. G. (1945). The treatment of ties in
    ranking problems. Biometrika 33(3), 239-251.

    Examples
    --------
    >>> from credit_ml.scoring import LogisticScorer
    >>> frame = pd.DataFrame({"late": np.arange(200) % 5, "job": np.arange(200) % 3})
    >>> data = Dataset.from_frame(frame.assign(paid=frame["late"] < 2), target="paid",
    ...                           sensitive=[], favourable=True)
    >>> found = explanation_stability(LogisticScorer(), data, refits=3)
    >>> 0 < found.metrics()["explanation_stability.rank_agreement.overall.all"] <= 1
    True
    """
    refuse_weights(dataset, "explanation_stability")
    InputError.unless(refits >= 2, "refits", f"is {refits}", "give at least 2")
    data = _read_by(estimator, dataset)
    size = min(people, len(data) // 2)
    sample = sample_of(
        estimator, data, sensitive, people=size, intervals=intervals, over=over, seed=seed
    )
    held, train = sample.dataset, data.take(np.setdiff1d(np.arange(len(data)), sample.rows))
    models = _refitted(estimator, train, refits, seed)
    parts = np.array([_attributions(model, held, seed) for model in models])
    # About the first refit: equal attributions then deviate by exactly 0.
    deviations = (parts - parts[0]).std(axis=0, ddof=1)
    values = [(AGREEMENT, "", rank_agreement(parts)), (SAME, "", same_costliest(parts))]
    values += [(DEVIATION, factor, deviations[:, k]) for k, factor in enumerate(held.factors)]
    table = [
        row
        for measure, factor, own in values
        for possible, unit in [MEASURES[measure]]
        for row in sample.means(own, possible, measure=measure, factor=factor, unit=unit)
    ]
    factors = list(held.factors)
    asked = {"sensitive": sensitive, "factors": factors, "unit": "log-odds", "refits": refits}
    return Stability(
        table=conform(table),
        title=f"Whether the reasons of {sample.name} outlast training on other people",
        parameters=sample.parameters(**asked, trained_on=len(train)),
        seed=seed,
        notes=(
            sample.people.note,
            *beside(__file__)["notes"],
            f"By chance alone {1 / len(factors):.2f} of pairs would name the same of "
            f"{len(factors)} equally likely factors.",
        ),
    )


def rank_agreement(parts: Array) -> Array:
    """Mean over pairs of refits of Kendall's tau-b between a person's attributions.

    Two refits that both rank nothing (all factors equal) agree: 1; where one does, 0.

    Cost: refits x people x factors squared.

    Parameters
    ----------
    parts : ndarray of shape (refits, people, factors)

    Returns
    -------
    ndarray of shape (people,)

    Examples
    --------
    >>> rank_agreement(np.array([[[1.0, 2.0, 3.0]], [[3.0, 2.0, 1.0]]])).tolist()
    [-1.0]
    """
    first, second = np.triu_indices(parts.shape[2], 1)
    signs = np.sign(parts[:, :, first] - parts[:, :, second])
    both = np.einsum("rpm,spm->prs", signs, signs)
    ranked = np.einsum("rpm,rpm->pr", signs, signs)
    size = np.sqrt(ranked[:, :, None] * ranked[:, None, :])
    neither = (ranked[:, :, None] == 0) & (ranked[:, None, :] == 0)
    tau = np.where(neither, 1.0, both / np.where(size > 0, size, 1.0))
    one, other = np.triu_indices(len(parts), 1)
    return np.asarray(tau[:, one, other].mean(axis=1))


def same_costliest(parts: Array) -> Array:
    """Share of pairs of refits that name the same costliest factor, shape (people,).

    Examples
    --------
    >>> same_costliest(np.array([[[-1.0, 2.0]], [[-3.0, 0.0]], [[1.0, 0.0]]])).round(3).tolist()
    [0.333]
    """
    refits, _, factors = parts.shape
    costliest = parts.argmin(axis=2)
    named = np.array([(costliest == factor).sum(axis=0) for factor in range(factors)])
    return np.asarray((named * (named - 1)).sum(axis=0) / (refits * (refits - 1)))


def _read_by(estimator: Any, dataset: Dataset) -> Dataset:
    """Return the table with the columns that a rater reads, or all of them."""
    dataset.outcome(needed_for="training again")
    columns = list(getattr(estimator, "columns", dataset.X.columns))
    factors = {
        factor: tuple(column for column in block if column in columns)
        for factor, block in dataset.factors.items()
    }
    factors = {factor: block for factor, block in factors.items() if block}
    if len(factors) < 2:
        raise TableError(dataset.name, f"has {len(factors)} factors to rank", "give at least 2")
    check_factors(factors, dataset.X)
    return replace(dataset, X=dataset.X[columns], factors=factors)


def _refitted(estimator: Any, train: Dataset, refits: int, seed: int) -> Iterator[Any]:
    scorer = getattr(estimator, "scorer", estimator)
    kept = train.outcome(needed_for="training again").to_numpy()
    streams = Streams(seed)
    for number in range(refits):
        rows = _resampled(len(train), streams.generator("explanation.refits", number))
        if len(np.unique(kept[rows])) < 2:
            raise ModelError("refits", "met a bootstrap with one outcome", "give more people")
        try:
            fresh = clone(scorer)
        except TypeError as error:
            remedy = "give a scikit-learn classifier"
            raise ModelError(display_name(scorer), "cannot be cloned", remedy) from error
        yield fresh.fit(train.X.iloc[rows], kept[rows])


def _resampled(people: int, generator: np.random.Generator) -> NDArray[np.intp]:
    return generator.integers(0, people, people).astype(np.intp)


def _attributions(model: Any, held: Dataset, seed: int) -> Array:
    """Each person's attributions, the mean over references, shape (people, factors)."""
    many = pd.concat([held.X] * REFERENCES, ignore_index=True)
    score = score_function(model, "log_odds", direction="higher_is_better")
    each = factor_attributions(score, many, held.factors, background=held.X, seed=seed)
    return np.asarray(each.reshape(REFERENCES, len(held), -1).mean(axis=0))
