"""Metrics that are functions of (y_true, y_pred): which may be used, and how one is called."""

import inspect
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from credit_ml.core import InputError
from credit_ml.fairness.metrics import METRICS, RATES

Metric = Callable[[np.ndarray, np.ndarray], float]

#: Functions whose values are shares from 0 to 1, by name.
SHARES = ("score", "rate", "precision", "recall", "accuracy", "prediction")
#: Such names that nevertheless can be below zero.
NOT_SHARES = ("matthews", "kappa", "r2", "d2", "adjusted")
#: Functions of scikit-learn that are rates of ours, which need no jackknife; fairlearn's have our
#: names.
SAME_AS = {
    "accuracy_score": "accuracy",
    "precision_score": "precision",
    "recall_score": "true_positive_rate",
}
#: Metrics of scikit-learn that take probabilities, not decisions.
OF_PROBABILITIES = ("brier_score_loss", "d2_brier_score", "d2_log_loss_score", "log_loss")
#: Those that take any scores.
OF_SCORES = ("average_precision_score", "hinge_loss", "roc_auc_score", "top_k_accuracy_score")
#: Those that compare people of both outcomes, and say a number where all have one.
OF_BOTH_OUTCOMES = ("balanced_accuracy_score", "matthews_corrcoef", "roc_auc_score")
#: What scikit-learn warns of, beside UndefinedMetricWarning, where its number means nothing.
UNDEFINED = ("y_pred contains classes not in y_true", "No positive class found in y_true")
#: What a function must be.
WANTED = "give a function of (y_true, y_pred) that returns one number"


@dataclass(frozen=True)
class NamedMetric:
    """A function of (y_true, y_pred) under the name that the table gives it.

    Raises
    ------
    InputError
        When the function needs more than the two, such as sensitive features.
    """

    name: str
    function: Metric

    def __post_init__(self) -> None:
        more = _needed(self.function)
        if "sensitive_features" in more:
            remedy = (
                "for the difference of groups name the metric of one group and read "
                "`.difference()` or `.ratio()` of the audit, or `parity(...)`; else "
            )
            raise InputError(self._place, "compares groups by itself", remedy + WANTED)
        if more:
            raise InputError(self._place, f"also needs {', '.join(more)}", WANTED)

    @property
    def _place(self) -> str:
        return f"metrics, '{self.name}'"

    @property
    def same_as(self) -> str:
        """Rate of ours that the function is; "" for none."""
        package = str(getattr(self.function, "__module__", "")).partition(".")[0]
        name = str(getattr(self.function, "__name__", ""))
        if package == "fairlearn":
            return name if name in RATES else ""
        return SAME_AS.get(name, "") if package == "sklearn" else ""

    @property
    def bounds(self) -> tuple[float, float]:
        """What its values can be, as far as its name says."""
        share = self.name.endswith(SHARES) and not any(part in self.name for part in NOT_SHARES)
        return (0.0, 1.0) if share else (-np.inf, np.inf)

    @property
    def of_scores(self) -> bool:
        """Whether it takes scores instead of decisions, as some of scikit-learn's do."""
        return self._of_sklearn in (*OF_PROBABILITIES, *OF_SCORES)

    def given(self, decisions: np.ndarray, scores: np.ndarray | None) -> np.ndarray:
        """What is passed as its second argument: decisions, or scores where it takes those.

        Raises
        ------
        InputError
            When it takes scores and there are none, or probabilities and the scores are not.
        """
        if not self.of_scores:
            return decisions
        if scores is None:
            raise InputError(self._place, "takes scores, not decisions", "give `scores=`")
        if self._of_sklearn in OF_PROBABILITIES and len(scores):
            for end in (float(scores.min()), float(scores.max())):
                if not 0 <= end <= 1:
                    problem = f"takes probabilities, and scores hold {end:g}"
                    raise InputError(self._place, problem, "give `scores=` from 0 to 1")
        return scores

    def refuse_weights(self) -> None:
        """Raise InputError where the function takes no weights of people.

        Raises
        ------
        InputError
        """
        if "sample_weight" not in _parameters(self.function):
            remedy = "give a function with the keyword sample_weight"
            problem = "takes no sample_weight, and the people have weights"
            raise InputError(self._place, problem, remedy)

    def value(
        self,
        kept: np.ndarray,
        given: np.ndarray,
        weights: np.ndarray | None = None,
        *,
        again: bool = False,
    ) -> tuple[float, str]:
        """Value of the metric, or NaN and why.

        Parameters
        ----------
        kept, given : ndarray
            Outcomes, and decisions or scores.
        weights : ndarray, optional
            Of the people, passed as ``sample_weight``.
        again : bool
            Whether the same people were asked for before, fewer of them left out: what the
            function warns of has then been said.

        Raises
        ------
        InputError
            When the function returns no number, or cannot be called so.
        """
        if not len(kept):
            return np.nan, "nobody is counted"
        if self._of_sklearn in OF_BOTH_OUTCOMES and kept.min() == kept.max():
            return np.nan, f"{self.name} is undefined: all or none had the favourable outcome"
        from sklearn.exceptions import UndefinedMetricWarning

        with warnings.catch_warnings():
            if again:
                warnings.simplefilter("ignore")
            warnings.simplefilter("error", UndefinedMetricWarning)
            for message in UNDEFINED:
                warnings.filterwarnings("error", message, UserWarning)
            try:
                more = {} if weights is None else {"sample_weight": weights}
                found = self.function(kept, given, **more)
            except TypeError as error:
                problem = f"cannot be called with (y_true, y_pred): {_first(error)}"
                raise InputError(self._place, problem, WANTED) from error
            except (ValueError, UserWarning) as error:
                return np.nan, f"{self.name} is undefined: {_first(error).split('.')[0]}"
        value = self._number(found)
        return value, f"{self.name} is undefined" if np.isnan(value) else ""

    @property
    def _of_sklearn(self) -> str:
        """The function's own name in scikit-learn, "" for others; arguments may be fixed."""
        function: Any = self.function
        while hasattr(function, "func"):
            function = function.func
        package = str(getattr(function, "__module__", "")).partition(".")[0]
        return str(getattr(function, "__name__", "")) if package == "sklearn" else ""

    def _number(self, found: Any) -> float:
        if np.ndim(found) == 0 and np.asarray(found).dtype.kind in "bfiu":
            return float(found)
        problem = f"returns no number but {type(found).__name__}"
        raise InputError(self._place, problem, WANTED)


def _first(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _parameters(function: Metric) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):  # Functions written in C may have no signature.
        return {}


def _needed(function: Metric) -> list[str]:
    """What a function needs beside its first two arguments."""
    parameters = list(_parameters(function).values())
    by_place = [each for each in parameters if each.kind in (0, 1)]
    others = [*by_place[2:], *(each for each in parameters if each.kind == each.KEYWORD_ONLY)]
    return [each.name for each in others if each.default is each.empty]


def chosen_metrics(
    metrics: Sequence[str | Metric] | Mapping[str, Metric] | str | Metric | None,
) -> tuple[list[str] | None, list[NamedMetric]]:
    """Names of the built-in metrics (None: all), and the functions beside them.

    Raises
    ------
    InputError
        When a dotted name belongs to nothing, or an entry is neither a name nor a function.

    Examples
    --------
    >>> names, functions = chosen_metrics(["accuracy", "sklearn.metrics.f1_score"])
    >>> names, functions[0].name
    (['accuracy'], 'f1_score')
    """
    if metrics is None:
        return None, []
    if isinstance(metrics, str) or callable(metrics):
        metrics = [metrics]
    if isinstance(metrics, Mapping):
        return [], [NamedMetric(str(name), each) for name, each in metrics.items()]
    names: list[str] = []
    functions: list[NamedMetric] = []
    for each in metrics:
        if callable(each):
            functions.append(NamedMetric(getattr(each, "__name__", type(each).__name__), each))
        elif not isinstance(each, str):
            raise InputError("metrics", f"holds {each!r}", "give a name or a function")
        elif "." in each:
            functions.append(NamedMetric(each.rpartition(".")[2], _imported(each)))
        else:
            names.append(each)
    both = [*names, *(each.name for each in functions)]
    for name in both:
        if both.count(name) > 1:
            raise InputError("metrics", f"name '{name}' twice", "name it once, or give a mapping")
    return names, functions


def _imported(dotted: str) -> Metric:
    """A function of scikit-learn or fairlearn by its name, with or without "metrics"."""
    package, _, name = dotted.rpartition(".")
    home = package if package.endswith(".metrics") else f"{package}.metrics"
    if home not in ("sklearn.metrics", "fairlearn.metrics"):
        known = ", ".join(METRICS)
        remedy = f"give one of {known}, a function, or the dotted name of one in sklearn.metrics"
        raise InputError("metrics", f"holds '{dotted}'", remedy)
    found = getattr(import_module(home), name, None)
    if not callable(found):
        raise InputError("metrics", f"holds '{dotted}', which is absent", f"see {home}")
    function: Metric = found
    return function
