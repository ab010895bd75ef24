"""Checks of what the rater sees: missing, copied, constant, forbidden and telling columns."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import norm

from credit_ml.core import TableError
from credit_ml.core.tables.weights import worth
from credit_ml.governance.audit_checks.case import AuditCase, Place, whole_percent
from credit_ml.grammar.numbers import listed
from credit_ml.proxies.detection.predictability import GroupPredictor, sampled

#: Difference of two shares of missing values that matters, beside chance.
APART = 0.1
#: Two people of a hundred may share a value of a column that tells people apart.
TELLS_APART = 0.05
#: Of pairs that are alike in all else, so many are alike in that column too: they are copies.
COPIES = 0.5
#: Least number, and share of people, of copies.
FEW_COPIES, SHARE_OF_COPIES = 10, 0.005
#: From this AUC on the other columns tell a feature about as well as if it stood there.
RECOVERED = 0.85
#: People of whom it is asked; few small trees, each half of the people guessed from the other.
GUESSED, ROUNDS, FOLDS = 2_000, 20, 2
WEIGHTS = re.compile(
    r"(final_?|fnl|hh|person_?|p|survey_?|sample_?|sampling_?|design_?|household_?)(wei?gh?ts?|wgt|wt)"
    r"|perwt|weights?|wgt",
    re.IGNORECASE,
)
#: Weights that leave so little of the rows carry the numbers with few of them.
WORTH = 0.5


def missing_by_group(case: AuditCase) -> Iterator[Place]:
    """Yield the column of each feature that is missing most unevenly, beyond chance."""
    X = case.dataset.X
    gone = {str(name): X[name].isna().to_numpy() for name in X if X[name].isna().any()}
    for feature in case.dataset.sensitive:
        groups = case.dataset.sensitive[feature]
        own = [(str(group), (groups == group).to_numpy()) for group in groups.unique()]
        sure = float(norm.isf(0.025 / max(len(gone) * len(own), 1)))
        found = [
            (abs(here - there), here, there, column, group)
            for column, missing in gone.items()
            for group, who in own
            for here, there in [_shares(missing, who)]
            if _clear(missing, who, here - there, sure)
        ]
        if found:
            apart, here, there, column, group = max(found)
            yield {
                "sensitive": str(feature),
                "group": group,
                "measure": column,
                "value": apart,
                "threshold": APART,
                "column": column,
                "share": whole_percent(here),
                "other": whole_percent(there),
            }


def _shares(missing: np.ndarray, who: np.ndarray) -> tuple[float, float]:
    others = missing[~who]
    return float(missing[who].mean()), float(others.mean()) if len(others) else np.nan


def _clear(missing: np.ndarray, who: np.ndarray, apart: float, sure: float) -> bool:
    share = missing.mean()
    error = np.sqrt(share * (1 - share) * (1 / who.sum() + 1 / max((~who).sum(), 1)))
    return abs(apart) >= APART and abs(apart) > sure * error


def duplicate_rows(case: AuditCase) -> Iterator[Place]:
    """Yield that rows are copies, where they are too rich in detail to be alike by chance."""
    data = case.dataset
    outcome = [] if data.y is None else [data.y.rename("(outcome)")]
    codes = {
        str(name): pd.factorize(part[name])[0]
        for part in (data.X, data.sensitive, *(each.to_frame() for each in outcome))
        for name in part
    }
    columns = pd.DataFrame(codes)
    common = {
        name: float(((np.bincount(columns[name] + 1) / len(columns)) ** 2).sum())
        for name in data.X.columns.astype(str)
    }
    telling = min(common, key=lambda name: common[name])
    if common[telling] > TELLS_APART or columns.shape[1] < 3:
        return
    whole = pd.util.hash_pandas_object(columns, index=False)
    rest = pd.util.hash_pandas_object(columns.drop(columns=telling), index=False)
    copies = len(whole) - whole.nunique()
    alike = _pairs(whole) / max(_pairs(rest), 1)
    if copies >= max(FEW_COPIES, SHARE_OF_COPIES * len(whole)) and alike >= COPIES:
        yield {
            "measure": telling,
            "value": copies / len(whole),
            "threshold": SHARE_OF_COPIES,
            "number": f"{copies:,}",
            "column": telling,
        }


def _pairs(codes: pd.Series) -> float:
    sizes = codes.value_counts().to_numpy(dtype="float64")
    return float((sizes * (sizes - 1) / 2).sum())


def constant_column(case: AuditCase) -> Iterator[Place]:
    """Yield columns that are the same for everybody."""
    X = case.dataset.X
    names = [str(name) for name in X if len(X[name].unique()) == 1]
    if names:
        told = listed([f"'{each}'" for each in names])
        are = "is" if len(names) == 1 else "are"
        yield {"measure": names[0], "value": len(names), "columns": f"{told} {are}"}


def sensitive_in_model(case: AuditCase) -> Iterator[Place]:
    """Yield sensitive features that are columns of the score, whole or before they were banded."""
    there = {str(name) for name in case.dataset.X.columns}
    for feature in map(str, case.dataset.sensitive.columns):
        column = next((c for c in (feature, feature.removesuffix(" band")) if c in there), None)
        if column is not None:
            yield {"sensitive": feature, "measure": column, "column": column}


def proxy_left(case: AuditCase) -> Iterator[Place]:
    """Yield sensitive features that were left out, and that the other columns tell."""
    inside = {place["sensitive"] for place in sensitive_in_model(case)}
    dataset = sampled(case.dataset, GUESSED, case.seed, "audit_checks.proxy_left")
    for feature in map(str, dataset.sensitive.columns):
        if feature in inside:
            continue
        try:
            guesses = GroupPredictor.of(
                dataset, feature, folds=FOLDS, seed=case.seed, iterations=ROUNDS
            )
        except TableError:  # too few of a group to guess it out of fold
            continue
        auc = guesses.predictability(tuple(map(str, dataset.X.columns))).auc
        low, high = auc.interval()
        if low >= RECOVERED:
            yield {
                "sensitive": feature,
                "measure": "auc",
                "value": float(auc),
                "threshold": RECOVERED,
                "auc": f"{float(auc):.2f}",
                "low": f"{low:.2f}",
                "high": f"{high:.2f}",
            }


def weights_ignored(case: AuditCase) -> Iterator[Place]:
    """Yield columns that are called weights, are unequal, and weigh nothing."""
    if case.dataset.weights is not None:
        return
    parts = [(case.dataset.X, "taken for a feature"), (case.beside, "not used")]
    for frame, used in parts:
        columns = {} if frame is None else {str(name): frame[name] for name in frame}
        for name, column in columns.items():
            if WEIGHTS.fullmatch(name) and _are_weights(column):
                yield {"measure": name, "column": name, "used": used}


def _are_weights(column: pd.Series) -> bool:
    if not pd.api.types.is_numeric_dtype(column) or column.isna().any():
        return False
    return bool((column >= 0).all() and column.min() < column.max())


def weights_unequal(case: AuditCase) -> Iterator[Place]:
    """Yield that weights leave the table worth few of its rows."""
    if case.dataset.weights is None:
        return
    weights = case.dataset.weights.to_numpy()
    rows = int((weights > 0).sum())
    share = worth(weights) / rows
    if share < WORTH:
        yield {
            "value": share,
            "threshold": WORTH,
            "rows": f"{rows:,}",
            "worth": f"{round(worth(weights)):,}",
            "share": whole_percent(share),
        }
