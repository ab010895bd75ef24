"""Metrics that are functions of (y_true, y_pred), with intervals from people left out."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import Dataset, InputError, Streams
from credit_ml.fairness.audit.finding import Audit
from credit_ml.fairness.audit.rows import AuditRows
from credit_ml.fairness.metrics import METRICS
from credit_ml.fairness.tally.grouping import (
    EVERYBODY,
    Grouping,
    groupings_of,
    members_of,
    people_only,
)
from credit_ml.fairness.tally.tally import Tally
from credit_ml.inference import Estimate, stacked_jackknife

Metric = Callable[[np.ndarray, np.ndarray], float]

#: Blocks of people that are left out in turn where people are counted; the t quantile is of one
#: less, so that more would narrow intervals by less than 2 %.
BLOCKS = 50
#: Functions whose values are shares from 0 to 1, by name.
SHARES = ("score", "rate", "precision", "recall", "accuracy", "prediction")
#: Such names that nevertheless can be below zero.
NOT_SHARES = ("matthews", "kappa", "r2", "d2", "adjusted")


#: Functions of others that are rates of ours, which need no jackknife.
SAME_AS = {
    "fairlearn": {
        "selection_rate": "selection_rate",
        "true_positive_rate": "true_positive_rate",
        "false_positive_rate": "false_positive_rate",
        "true_negative_rate": "true_negative_rate",
        "false_negative_rate": "false_negative_rate",
    },
    "sklearn": {
        "accuracy_score": "accuracy",
        "precision_score": "precision",
        "recall_score": "true_positive_rate",
    },
}


@dataclass(frozen=True)
class NamedMetric:
    """A function of (y_true, y_pred) under the name that the table gives it."""

    name: str
    function: Metric

    @property
    def same_as(self) -> str:
        """Rate of ours that the function is; "" for none."""
        package = str(getattr(self.function, "__module__", "")).partition(".")[0]
        return SAME_AS.get(package, {}).get(getattr(self.function, "__name__", ""), "")

    @property
    def bounds(self) -> tuple[float, float]:
        """What its values can be, as far as its name says."""
        share = self.name.endswith(SHARES) and not any(part in self.name for part in NOT_SHARES)
        return (0.0, 1.0) if share else (-np.inf, np.inf)


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


def custom_rows(
    audited: Audit,
    functions: Sequence[NamedMetric],
    decisions: npt.ArrayLike,
    dataset: Dataset,
    tally: Tally,
    reference_groups: Mapping[str, str],
    *,
    intersections: bool,
) -> Audit:
    """Add metrics that are functions: values, differences and largest differences.

    Their intervals are those of the delete-a-group jackknife: each cluster is left out in turn
    where clusters are counted, else each of `BLOCKS` blocks of people drawn by lot. A function
    that raises ValueError, or warns that it is undefined, is NaN for that group.

    Cost: groups x (clusters or `BLOCKS`) calls of each function.
    """
    level = float(audited.parameters["intervals"])
    clustered = audited.parameters["intervals_over"] == "clusters"
    codes = dataset.clusters() if clustered else None
    if codes is None:
        order = Streams(0).generator("fairness.audit.blocks").permutation(len(dataset))
        codes = order % min(BLOCKS, len(dataset))
    kept = np.zeros(len(dataset)) if dataset.y is None else dataset.y.to_numpy()
    if dataset.y is None:
        dataset.outcome(needed_for=f"the metric '{functions[0].name}'")
    chosen = np.asarray(decisions).astype("int8")
    tally = tally if clustered else people_only(tally)
    parts = []
    for name, grouping in groupings_of(tally, intersections=intersections).items():
        member = members_of(dataset.sensitive, grouping)
        rows = AuditRows(grouping=grouping, level=level)
        for each in functions:
            if each.same_as:
                estimate = grouping.rates([each.same_as])
            else:
                estimate = _estimated(
                    each, kept, chosen, member, codes, grouping, clustered=clustered
                )
            rows.values([each.name], estimate)
            if name != EVERYBODY:
                against = grouping.reference(reference_groups.get(name))
                rows.compared("difference", [each.name], estimate, against)
                if each.bounds == (0.0, 1.0):
                    rows.compared("ratio", [each.name], estimate, against)
                rows.spreads([each.name], estimate, ratios=each.bounds == (0.0, 1.0))
        parts.append(pd.DataFrame(rows.columns()))
    table = pd.concat([audited.table, *parts] if len(audited.table) else parts, ignore_index=True)
    names = [*audited.parameters["metrics"], *(each.name for each in functions)]
    return replace(audited, table=table, parameters={**audited.parameters, "metrics": names})


def _estimated(
    metric: NamedMetric,
    kept: np.ndarray,
    chosen: np.ndarray,
    member: np.ndarray,
    codes: np.ndarray,
    grouping: Grouping,
    *,
    clustered: bool,
) -> Estimate:
    """One function of every group, shape (groups, 1), with the blocks left out in turn."""
    size, values, without, reasons = int(codes.max()) + 1, [], [], []
    members = np.zeros((size, len(grouping.groups)))
    for place in range(len(grouping.groups)):
        inside = member == place
        members[:, place] = np.bincount(codes[inside], minlength=size)
        value, reason = _called(metric, kept[inside], chosen[inside])
        left = np.full(size, value)
        for code in np.flatnonzero(members[:, place]):
            rest = inside & (codes != code)
            left[code] = _called(metric, kept[rest], chosen[rest])[0]
        values.append(value)
        without.append(left)
        reasons.append(reason)
    return stacked_jackknife(
        np.array(values),
        np.array(without).T,
        members=members,
        bounds=metric.bounds,
        reasons=reasons,
        clustered=clustered,
    )[:, np.newaxis]


def _called(metric: NamedMetric, kept: np.ndarray, chosen: np.ndarray) -> tuple[float, str]:
    """Value of a metric, or NaN and why."""
    if not len(kept):
        return np.nan, "nobody is counted"
    from sklearn.exceptions import UndefinedMetricWarning

    with warnings.catch_warnings():
        warnings.simplefilter("error", UndefinedMetricWarning)
        try:
            return float(metric.function(kept, chosen)), ""
        except (ValueError, UndefinedMetricWarning) as error:
            return np.nan, f"{metric.name} is undefined: {str(error).split('.')[0]}"
