"""Every estimator by its id."""

from dataclasses import replace
from typing import Any

import pandas as pd

from credit_ml.core import InputError, known_names, refuse_unknown
from credit_ml.proxies.decomposition.estimators.additive import AdditiveTerms, ShapByFactor
from credit_ml.proxies.decomposition.estimators.conditional import ConditionalShapley
from credit_ml.proxies.decomposition.estimators.estimator import Estimator
from credit_ml.proxies.decomposition.estimators.inferred import InferredPart
from credit_ml.proxies.decomposition.estimators.least_squares import (
    GroupPrices,
    NeumarkPrices,
    PooledPrices,
    ReferencePrices,
    Threefold,
)
from credit_ml.proxies.decomposition.estimators.marginal import BlockShapley, WithinStratum
from credit_ml.proxies.decomposition.estimators.metric import (
    SelectionRateShapley,
    TruePositiveShapley,
)
from credit_ml.proxies.decomposition.estimators.obscure import GradientFeatureAuditing, Permuted
from credit_ml.proxies.decomposition.estimators.refit import LeftOut, Residualised
from credit_ml.proxies.decomposition.estimators.swap import SwapShapley

#: With their default options; `estimator` gives others.
ESTIMATORS: tuple[Estimator, ...] = (
    BlockShapley(),
    SwapShapley(),
    WithinStratum(),
    ConditionalShapley(),
    ShapByFactor(),
    AdditiveTerms(),
    ReferencePrices(),
    GroupPrices(),
    NeumarkPrices(),
    PooledPrices(),
    Threefold(),
    SelectionRateShapley(),
    TruePositiveShapley(),
    InferredPart(),
    GradientFeatureAuditing(),
    Permuted(),
    LeftOut(),
    Residualised(),
)


def estimator(id: str, **options: Any) -> Estimator:  # noqa: A002
    """Return an estimator by its id, with options of its own.

    Parameters
    ----------
    id : str
        One of `estimators_frame`.
    **options
        Such as ``stratum="income"`` of "within_stratum", or ``threshold=650`` of
        "selection_rate_shapley".

    Raises
    ------
    InputError
        When the id or an option is unknown.

    Examples
    --------
    >>> estimator("within_stratum", stratum="income", bins=4).bins
    4
    """
    known = {each.id: each for each in ESTIMATORS}
    if id not in known:
        refuse_unknown(InputError, "method", str(id), known)
    found = known[id]
    names = list(getattr(type(found), "__dataclass_fields__", {}))
    names = [name for name in names if name in vars(found)]
    for option in options:
        if option not in names:
            raise InputError(
                f"method '{id}'", f"has no option '{option}'", known_names(option, names)
            )
    return replace(found, **options)


def estimators_frame() -> pd.DataFrame:
    """List every estimator: id, title, kind, estimand, assumptions, failures, needs, cost.

    Examples
    --------
    >>> estimators_frame().set_index("id")["kind"].value_counts().index.tolist()
    ['attribution', 'intervention']
    """
    return pd.DataFrame(
        [
            {
                "id": each.id,
                "title": each.title,
                "kind": each.kind,
                "estimand": each.estimand,
                "assumes": each.assumes,
                "fails": each.fails,
                "needs": ", ".join(each.needs),
                "cost": each.cost,
                "citations": " ".join(each.citations),
            }
            for each in ESTIMATORS
        ]
    )
