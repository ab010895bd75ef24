"""Checks of a model that somebody else fitted: whom it has seen, and how it knows its columns."""

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from credit_ml.core import CreditMLError
from credit_ml.core.tables.origin import names_read
from credit_ml.governance.audit_checks.case import AuditCase, Place
from credit_ml.inference import People
from credit_ml.scoring import cross_fit

#: What a model of the same kind, trained on others, may fall behind without a suspicion.
BEHIND = 0.02
#: Above so many people a model that remembers any of them gains too little to be seen.
MOST = 50_000


def trained_on_same_people(case: AuditCase) -> Iterator[Place]:
    """Yield that a model ranks these people better than its like that has not seen them.

    The model is trained again on each half of the people, and scores the other.
    """
    data = case.dataset
    if not _trainable(case.model) or case.points is None or data.y is None or len(data) > MOST:
        return
    try:
        with warnings.catch_warnings(action="ignore"):
            others = cross_fit(case.model, data, folds=2, seed=case.seed)
    except (CreditMLError, ValueError, TypeError, AttributeError):
        return  # it cannot be trained on this table as it is, and so hardly was
    people, kept = People.of(data), data.y.to_numpy()
    own, fresh = people.auc(case.points.to_numpy(), kept), people.auc(others.log_odds, kept)
    ahead = own - fresh
    low, high = ahead.interval()
    if low >= BEHIND:
        yield {
            "measure": "auc",
            "value": float(ahead),
            "threshold": BEHIND,
            "own": f"{float(own):.2f}",
            "fresh": f"{float(fresh):.2f}",
            "low": f"{low:.2f}",
            "high": f"{high:.2f}",
        }


def _trainable(model: Any) -> bool:
    """Whether it is a classifier of scikit-learn's kind, which can be trained again."""
    return all(hasattr(model, name) for name in ("fit", "get_params", "predict_proba", "classes_"))


def columns_by_position(case: AuditCase) -> Iterator[Place]:
    """Yield that a model takes columns by their places."""
    number = getattr(case.model, "n_features_in_", None)
    if number is None or names_read(case.model, case.dataset.X.columns) is not None:
        return
    first = str(case.dataset.X.columns[0])
    yield {"measure": first, "value": int(np.asarray(number)), "number": number, "column": first}
