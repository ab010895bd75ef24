"""The case on which interventions are tried: who trains, who is held out, and the threshold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.base import clone

from credit_ml.agencies import Agency, Rater
from credit_ml.core import AgencyError, Dataset, InputError, ModelError, Streams
from credit_ml.proxies.thresholds import threshold_of
from credit_ml.scoring import Scale, display_name, score_function
from credit_ml.society import Society

Array = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How `intervene` and `alternatives` try out scorers.

    Examples
    --------
    >>> Trial(threshold=650, held_out=0.3).seed
    0
    """

    threshold: float | str | None = None
    """From which one is favoured: points of an agency, or the name of its privilege, its first
    one by default; of any other scorer a probability, 0.5 by default."""
    held_out: float = 0.5
    """Share of people held out."""
    seed: int = 0
    """Of who is held out, and of whatever an intervention draws."""

    def __post_init__(self) -> None:
        if not 0 < self.held_out < 1:
            raise InputError("held_out", f"is {self.held_out:g}", "give a share between 0 and 1")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a scorer makes of the people held out."""

    score: Array | None = None
    """In points, or the probability where there is no scale; None from what only decides."""
    probability: Array | None = None
    """Of keeping the obligation; None from what only decides."""
    chances: Array | None = None
    """Of a favourable decision, from what only decides."""


@dataclass(frozen=True, kw_only=True)
class HeldOutCase:
    """A scorer, people, and half of them to learn from."""

    dataset: Dataset
    learned: NDArray[np.int8]
    """Outcome to train on: of the period before in a society, the outcome itself in a table."""
    train: Rows
    test: Rows
    scorer: Any
    """Unfitted; cloned for each fit."""
    sensitive: str
    threshold: float
    """From which one is favoured, in the score's unit."""
    name: str
    unit: str
    seed: int
    scale: Scale | None = None
    agency: Agency | None = None
    society: Society | None = None

    def fitted(self, X: pd.DataFrame) -> Any:
        """Train on those people's rows of a table of everybody.

        Raises
        ------
        ModelError
            When the scorer cannot learn from categories or missing values, which many of
            scikit-learn's cannot.
        """
        try:
            return clone(self.scorer).fit(X.iloc[self.train], self.learned[self.train])
        except InputError:
            raise
        except (TypeError, ValueError) as error:
            raise _refused(display_name(self.scorer), X, error) from error

    def judged(self, X: pd.DataFrame) -> Judged:
        """Train on a table, and judge the people held out by the same table."""
        return self.judged_by(self.fitted(X), X)

    def judged_by(self, model: Any, X: pd.DataFrame) -> Judged:
        """Judge the people held out by a model that is fitted."""
        log_odds = score_function(model, "log_odds", direction="higher_is_better")
        return self.from_log_odds(log_odds(X.iloc[self.test]))

    def scored(self, X: pd.DataFrame) -> Array:
        """Scores of the people held out, by a scorer trained on the table."""
        judged = self.judged(X)
        score: Array = np.asarray(judged.score, dtype=np.float64)
        return score

    def from_log_odds(self, log_odds: Array) -> Judged:
        """Show log-odds as the case's score."""
        probability: Array = expit(log_odds)
        score = probability if self.scale is None else self.scale.points(log_odds)
        return Judged(score=score, probability=probability)

    @property
    def probability_at_threshold(self) -> float:
        """Probability of keeping that a score at the threshold stands for."""
        if self.scale is None:
            return self.threshold
        return float(expit(self.scale.log_odds(self.threshold)))

    @property
    def held_out(self) -> Dataset:
        """Those people on whom everything is measured."""
        return self.dataset.take(self.test)


def held_out_case(
    model: Any, population: Society | Dataset, sensitive: str, trial: Trial
) -> HeldOutCase:
    """Share people out and find the scorer and its threshold.

    Raises
    ------
    InputError, AgencyError, ModelError, TableError
        When model and population do not fit each other, or the threshold cannot be used.
    """
    agency = model.agency if isinstance(model, Rater) else model
    if isinstance(population, Society):
        if not isinstance(agency, Agency):
            remedy = "give an agency, or a Dataset with the estimator"
            raise ModelError(display_name(model), "sees no society", remedy)
        return _of_society(agency, population, sensitive, trial)
    if isinstance(agency, Agency):
        raise AgencyError(agency.id, "was given a table", "give a Society, or an estimator")
    threshold = trial.threshold
    if isinstance(threshold, str):
        problem = f"is the privilege {threshold!r}, without an agency"
        raise InputError("threshold", problem, "give a probability")
    population.groups(sensitive)
    train, test = _halves(np.arange(len(population)), len(population), trial)
    return HeldOutCase(
        dataset=population,
        learned=population.outcome(needed_for="an intervention").to_numpy(dtype=np.int8),
        train=train,
        test=test,
        scorer=model,
        sensitive=sensitive,
        threshold=_checked_probability(0.5 if threshold is None else float(threshold)),
        name=display_name(model),
        unit="probability",
        seed=trial.seed,
    )


def _of_society(agency: Agency, society: Society, sensitive: str, trial: Trial) -> HeldOutCase:
    if agency.scorer.kind == "rules":
        problem = "scores by fixed rules, which no intervention refits"
        raise AgencyError(agency.id, problem, "give agency.with_scorer('scorecard') or another")
    dataset = agency.view(society)
    dataset.groups(sensitive)
    # A company learns from its own users alone.
    known = np.flatnonzero(dataset.context["known"].to_numpy())
    train, test = _halves(known, len(dataset), trial)
    return HeldOutCase(
        dataset=dataset,
        learned=society.outcome["kept_before"].to_numpy(dtype=np.int8),
        train=train,
        test=test,
        scorer=agency.scorer.make(seed=Streams(trial.seed).seed_for(f"agency {agency.id}")),
        sensitive=sensitive,
        threshold=threshold_of(agency, trial.threshold),
        name=f"{agency.id} ({agency.scorer.kind})",
        unit="points",
        seed=trial.seed,
        scale=agency.scale.make(),
        agency=agency,
        society=society,
    )


def _refused(place: str, X: pd.DataFrame, error: Exception) -> Exception:
    """Say which column a scorer cannot learn from; an error about anything else stays itself."""
    remedy = "encode it first, in a scikit-learn pipeline, or give a scorer of this package"
    held: dict[str, Callable[[pd.Series], bool]] = {
        "holds categories": lambda column: isinstance(column.dtype, pd.CategoricalDtype),
        "has missing values": lambda column: bool(column.isna().any()),
    }
    for what, is_so in held.items():
        for name in X.columns:
            if is_so(X[name]):
                remedy = remedy if "categories" in what else remedy.replace("encode", "fill")
                return ModelError(place, f"cannot learn from column '{name}', which {what}", remedy)
    return error


def _halves(learn: Rows, people: int, trial: Trial) -> tuple[Rows, Rows]:
    order = Streams(trial.seed).generator("proxies.halves").permutation(people)
    out = np.zeros(people, dtype=bool)
    out[order[: max(1, round(trial.held_out * people))]] = True
    return learn[~out[learn]], np.flatnonzero(out)


def _checked_probability(threshold: float) -> float:
    if not 0 < threshold < 1:
        raise InputError("threshold", f"is {threshold:g}", "give a probability between 0 and 1")
    return threshold
