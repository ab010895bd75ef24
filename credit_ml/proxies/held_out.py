"""The case on which interventions are tried: who trains, who is held out, where the line is."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.base import clone

from credit_ml.agencies import Agency, Rater
from credit_ml.core import AgencyError, Dataset, InputError, ModelError, Streams
from credit_ml.scoring import Scale, display_name, score_function
from credit_ml.society import Society

Array = NDArray[np.float64]
Rows = NDArray[np.intp]


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
class Case:
    """A scorer, people, and half of them to learn from."""

    dataset: Dataset
    learned: NDArray[np.int8]
    """Outcome to train on: of the period before in a society, the outcome itself in a table."""
    train: Rows
    test: Rows
    scorer: Any
    """Unfitted; cloned for each fit."""
    sensitive: str
    line: float
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
    def chance_at_line(self) -> float:
        """Probability of keeping that a score at the line stands for."""
        return self.line if self.scale is None else float(expit(self.scale.log_odds(self.line)))

    @property
    def held_out(self) -> Dataset:
        """Those people on whom everything is measured."""
        return self.dataset.take(self.test)


def case_of(
    model: Any,
    population: Society | Dataset,
    *,
    sensitive: str,
    privilege: str | None,
    threshold: float | None,
    held_out: float,
    seed: int,
) -> Case:
    """Share people out and find the scorer and its line.

    Raises
    ------
    InputError, AgencyError, ModelError, TableError
        When model and population do not fit each other, or the line or share cannot be used.
    """
    if not 0 < held_out < 1:
        raise InputError("held_out", f"is {held_out:g}", "give a share between 0 and 1")
    agency = model.agency if isinstance(model, Rater) else model
    if isinstance(population, Society):
        if not isinstance(agency, Agency):
            raise ModelError(display_name(model), "sees no society",
                             "give an agency, or a Dataset with the estimator")  # fmt: skip
        return _of_society(agency, population, sensitive, privilege, threshold, held_out, seed)
    if isinstance(agency, Agency):
        raise AgencyError(agency.id, "was given a table", "give a Society, or an estimator")
    if privilege is not None:
        raise InputError("privilege", f"is {privilege!r} without an agency", "give a threshold")
    kept = population.outcome(needed_for="an intervention").to_numpy(dtype=np.int8)
    train, test = _halves(np.arange(len(population)), len(population), held_out, seed)
    population.groups(sensitive)
    line = 0.5 if threshold is None else float(threshold)
    logit(_checked_probability(line))
    return Case(
        dataset=population, learned=kept, train=train, test=test, scorer=model, line=line,
        sensitive=sensitive, name=display_name(model), unit="probability", seed=seed,
    )  # fmt: skip


def _of_society(
    agency: Agency, society: Society, sensitive: str, privilege: str | None,
    threshold: float | None, held_out: float, seed: int,
) -> Case:  # fmt: skip
    if agency.scorer.kind == "rules":
        raise AgencyError(agency.id, "scores by fixed rules, which no intervention refits",
                          "give agency.with_scorer('scorecard') or another")  # fmt: skip
    dataset = agency.view(society)
    dataset.groups(sensitive)
    # A company learns from its own users alone.
    known = np.flatnonzero(dataset.context["known"].to_numpy())
    train, test = _halves(known, len(dataset), held_out, seed)
    return Case(
        dataset=dataset,
        learned=society.outcome["kept_before"].to_numpy(dtype=np.int8),
        train=train,
        test=test,
        scorer=agency.scorer.make(seed=Streams(seed).seed_for(f"agency {agency.id}")),
        sensitive=sensitive,
        line=line_of(agency, privilege, threshold),
        name=f"{agency.id} ({agency.scorer.kind})",
        unit="points",
        seed=seed,
        scale=agency.scale.make(),
        agency=agency,
        society=society,
    )


def _refused(name: str, X: pd.DataFrame, error: Exception) -> Exception:
    """Say which column a scorer cannot learn from; an error about anything else stays itself."""
    remedy = "encode it first, in a scikit-learn pipeline, or give a scorer of this package"
    for column in X.columns:
        if isinstance(X[column].dtype, pd.CategoricalDtype):
            return ModelError(name, f"cannot learn from column '{column}', which holds categories",
                              remedy)  # fmt: skip
    for column in X.columns:
        if X[column].isna().any():
            return ModelError(name, f"cannot learn from column '{column}', which has missing "
                              "values", remedy.replace("encode", "fill"))  # fmt: skip
    return error


def line_of(agency: Agency, privilege: str | None, threshold: float | None) -> float:
    """Points of the named privilege, of the first one, or the threshold given.

    Raises
    ------
    InputError
        When both are given.
    AgencyError
        When the agency grants no such privilege, or none at all and no threshold is given.
    """
    if threshold is not None:
        if privilege is not None:
            raise InputError("threshold", "is given beside a privilege", "give one of them")
        return float(threshold)
    if privilege is not None:
        return float(agency.privilege(privilege).threshold)
    if not agency.privileges:
        raise AgencyError(agency.id, "grants no privilege", "give a threshold in points")
    return float(agency.privileges[0].threshold)


def _halves(learn: Rows, people: int, held_out: float, seed: int) -> tuple[Rows, Rows]:
    order = Streams(seed).generator("proxies.halves").permutation(people)
    out = np.zeros(people, dtype=bool)
    out[order[: max(1, round(held_out * people))]] = True
    return learn[~out[learn]], np.flatnonzero(out)


def _checked_probability(line: float) -> float:
    if not 0 < line < 1:
        raise InputError("threshold", f"is {line:g}", "give a probability between 0 and 1")
    return line
