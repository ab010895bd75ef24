"""The case on which interventions are tried: who trains, who is held out, and the threshold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.base import is_classifier

from credit_ml.agencies import Agency, Rater
from credit_ml.agencies.view import learns_from
from credit_ml.core import AgencyError, Array, Dataset, InputError, ModelError, Rows, Streams
from credit_ml.core.tables.origin import names_read
from credit_ml.inference import Comparison, comparisons_of, kept_references
from credit_ml.proxies.interventions.decisions import Decision, by_lot, top_share
from credit_ml.proxies.interventions.training import completed, named_columns, trained
from credit_ml.proxies.thresholds import threshold_of
from credit_ml.scoring import Output, Scale, display_name, score_function
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

    def compared(
        self, sensitive: str, reference_groups: Mapping[str, str] | str | None
    ) -> Iterator[Comparison]:
        """Yield each group of the people held out beside the reference group of everybody."""
        kept = kept_references(self.dataset, self.held_out, sensitive, reference_groups)
        return comparisons_of(self.held_out, sensitive, kept, needed=True)

    def fitted(self, X: pd.DataFrame) -> Any:
        """Train on those people's rows of a table of everybody, as `trained` does."""
        return trained(self.scorer, X, self.dataset.X, self.learned, self.train)

    def judged(self, X: pd.DataFrame, model: Any = None) -> Judged:
        """Judge the people held out by a table, and a model: trained on it unless one is given."""
        model = self.fitted(X) if model is None else model
        return self.from_log_odds(self.asked(model, X, "log_odds")[self.test])

    def asked(self, model: Any, X: pd.DataFrame, output: Output = "probability") -> Array:
        """Ask a model that was trained here about everybody of a table, which may lack columns."""
        names = names_read(model, self.dataset.X.columns) or ()
        absent = [name for name in names if name not in X and name in self.dataset.X]
        score = score_function(model, output, direction="higher_is_better")
        return score(completed(X, absent, self.dataset.X))

    @cached_property
    def reads_new_columns(self) -> bool:
        """Whether the scorer learns from a column that it has not met: tried on the outcome itself.

        One that names its columns may pass over all others.
        """
        told, name = self.dataset.X, free_name("outcome", self.dataset.X)
        model = self.fitted(told.assign(**{name: self.learned.astype(np.float32)}))
        none, all_kept = (
            self.asked(model, told.assign(**{name: np.float32(value)})) for value in (0, 1)
        )
        return not np.array_equal(none, all_kept)

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
    names = named_columns(model)
    population = population.holding(names).held_as_factor()
    people = np.arange(len(population))
    return HeldOutCase(
        **_shared_out(population, people, sensitive, trial),
        learned=population.outcome(needed_for="an intervention").to_numpy(dtype=np.int8),
        scorer=_with_probabilities(model),
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


def free_name(wanted: str, table: pd.DataFrame) -> str:
    """Return a column's name that a table does not have yet, of letters and digits."""
    return wanted if wanted not in table else free_name(f"{wanted}_", table)


def _with_probabilities(model: Any) -> Any:
    """Return a model that can be trained and gives probabilities, else raise ModelError."""
    if hasattr(model, "predict_proba") or not hasattr(model, "fit"):
        return model  # what cannot be trained is refused where it is to be trained
    problem, remedy = "gives no probabilities, which interventions measure", "give a classifier"
    if hasattr(model, "classes_") or is_classifier(model):
        remedy = "give CalibratedClassifierCV(model) of scikit-learn, which has them"
    raise ModelError(display_name(model), problem, remedy)


def _probability_of(threshold: float | str) -> float:
    problem = f"is the privilege {threshold!r}, without an agency"
    InputError.unless(not isinstance(threshold, str), "threshold", problem, "give a probability")
    number = float(threshold)
    remedy = "give a probability between 0 and 1"
    InputError.unless(0 < number < 1, "threshold", f"is {number:g}", remedy)
    return number
