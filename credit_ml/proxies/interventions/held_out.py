"""The case on which interventions are tried: who trains, who is held out, and the threshold."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.base import clone

from credit_ml.agencies import Agency, Rater
from credit_ml.agencies.view import learns_from
from credit_ml.core import AgencyError, Array, Dataset, InputError, ModelError, Rows, Streams
from credit_ml.proxies.interventions.decisions import Decision, by_lot, top_share
from credit_ml.proxies.thresholds import threshold_of
from credit_ml.scoring import Scale, display_name, score_function
from credit_ml.society import Society


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
        known, remedy = 0 < self.held_out < 1, "give a share between 0 and 1"
        InputError.unless(known, "held_out", f"is {self.held_out:g}", remedy)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a scorer makes of the people held out."""

    score: Array
    """In points, or the probability where there is no scale; of what only decides, everybody's
    chance of a favourable decision."""
    probability: Array | None = None
    """Of keeping the obligation; None from what only decides."""

    def decided(self, share: float) -> Decision:
        """Favour the share: from the top of a score, or by chances brought to it."""
        decide = by_lot if self.probability is None else top_share
        return decide(self.score, share)


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
            problem, remedy = "would learn from people of one outcome", "hold fewer people out"
            several = np.ptp(self.learned[self.train]) > 0
            ModelError.unless(several, display_name(self.scorer), problem, remedy)
            raise _refused(self.scorer, X, error) from error

    def judged(self, X: pd.DataFrame, model: Any = None) -> Judged:
        """Judge the people held out by a table, and a model: trained on it unless one is given."""
        model = self.fitted(X) if model is None else model
        log_odds = score_function(model, "log_odds", direction="higher_is_better")
        return self.from_log_odds(log_odds(X.iloc[self.test]))

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
    def described(self) -> dict[str, Any]:
        """What is tried, as parameters of a finding."""
        return {"rater": self.name, "unit": self.unit, "threshold": self.threshold}

    @property
    def kept(self) -> Array:
        """Outcomes of the people held out."""
        return self.held_out.outcome(needed_for="an intervention").to_numpy(dtype=np.float64)

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
    people = np.arange(len(population))
    return HeldOutCase(
        **_shared_out(population, people, sensitive, trial),
        learned=population.outcome(needed_for="an intervention").to_numpy(dtype=np.int8),
        scorer=model,
        threshold=_probability_of(0.5 if trial.threshold is None else trial.threshold),
        name=display_name(model),
        unit="probability",
    )


def _of_society(agency: Agency, society: Society, sensitive: str, trial: Trial) -> HeldOutCase:
    if agency.scorer.kind == "rules":
        problem = "scores by fixed rules, which no intervention refits"
        raise AgencyError(agency.id, problem, "give agency.with_scorer('scorecard') or another")
    dataset = agency.view(society)
    known = np.flatnonzero(learns_from(dataset))
    return HeldOutCase(
        **_shared_out(dataset, known, sensitive, trial),
        learned=society.outcome["kept_before"].to_numpy(dtype=np.int8),
        scorer=agency.scorer.make(seed=Streams(trial.seed).seed_for(f"agency {agency.id}")),
        threshold=threshold_of(agency, trial.threshold),
        name=f"{agency.id} ({agency.scorer.kind})",
        unit="points",
        scale=agency.scale.make(),
        agency=agency,
        society=society,
    )


def _shared_out(dataset: Dataset, learn: Rows, sensitive: str, trial: Trial) -> dict[str, Any]:
    """Who trains, of those from whom one may learn, and who is held out."""
    dataset.groups(sensitive)
    order = Streams(trial.seed).generator("proxies.halves").permutation(len(dataset))
    out = np.zeros(len(dataset), dtype=bool)
    out[order[: max(1, round(trial.held_out * len(dataset)))]] = True
    shared = {"dataset": dataset, "sensitive": sensitive, "seed": trial.seed}
    return {**shared, "train": learn[~out[learn]], "test": np.flatnonzero(out)}


def probability(model: Any, table: pd.DataFrame) -> Array:
    """Probability of keeping the obligation, by a model that is fitted."""
    return score_function(model, "probability", direction="higher_is_better")(table)


def _refused(scorer: Any, X: pd.DataFrame, error: Exception) -> Exception:
    """Say which column a scorer cannot learn from; an error about anything else stays itself."""
    place = display_name(scorer)
    if not hasattr(scorer, "fit"):
        remedy = "give an estimator of scikit-learn, or a scorer of this package"
        return ModelError(place, "cannot be trained again, as every intervention does", remedy)
    if any(said in str(error) for said in ("of the dataframe", "not a valid feature name")):
        problem = f"names columns that are not among {', '.join(map(str, X.columns))}"
        remedy = "choose columns by type (make_column_selector): it is trained without some of them"
        return ModelError(place, problem, remedy)
    remedy = "it first, in a scikit-learn pipeline, or give a scorer of this package"
    for name in X.select_dtypes("category").columns:
        problem = f"cannot learn from column '{name}', which holds categories"
        return ModelError(place, problem, f"encode {remedy}")
    for name in X.columns[X.isna().any()]:
        problem = f"cannot learn from column '{name}', which has missing values"
        return ModelError(place, problem, f"fill {remedy}")
    return error


def _probability_of(threshold: float | str) -> float:
    problem = f"is the privilege {threshold!r}, without an agency"
    InputError.unless(not isinstance(threshold, str), "threshold", problem, "give a probability")
    number = float(threshold)
    remedy = "give a probability between 0 and 1"
    InputError.unless(0 < number < 1, "threshold", f"is {number:g}", remedy)
    return number
