"""What each column adds to each person's log-odds, held to the model's own output."""

import warnings
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import ModelError
from credit_ml.scoring import OpaqueScorer, additive_terms, score_function

#: Largest miss between attributions and the model that is let pass, in log-odds.
TOLERANCE = 1e-5


def can_attribute(model: Any, X: pd.DataFrame) -> bool:
    """Whether `feature_attributions` has a method for the model: trees of ours, or additive."""
    if isinstance(getattr(model, "scorer", model), OpaqueScorer):
        return True
    try:
        additive_terms(*_scorer_and_columns(model, X.iloc[:1]), "log_odds")
    except ModelError:
        return False
    return True


def feature_attributions(model: Any, X: pd.DataFrame) -> pd.DataFrame:
    """SHAP values of each column, in log-odds, one row a person; checked on each call.

    Trees: path-dependent TreeSHAP on the encoded columns. Additive models (scorecards, rules,
    linear): term minus its mean over X, which is what interventional SHAP gives them.

    Cost: people x trees x depth squared for trees; one pass for additive models.

    Raises
    ------
    ModelError
        When the model is neither, or when attributions miss the model's output by more than
        1e-5; a wrong explanation is not returned.

    References
    ----------
    Lundberg, S. M. and Lee, S.-I. (2017). A unified approach to interpreting model
    predictions. NeurIPS 30. Lundberg, S. M. et al. (2020). From local explanations to global
    understanding with explainable AI for trees. Nature Machine Intelligence 2, 56-67.
    """
    scorer, seen = _scorer_and_columns(model, X)
    if isinstance(scorer, OpaqueScorer):
        values, base = _tree_values(scorer, seen)
    else:
        terms = additive_terms(scorer, seen, "log_odds")
        values = terms - terms.mean()
        base = float(np.mean(score_function(scorer, "log_odds")(seen)))
    told = base + values.to_numpy().sum(axis=1)
    miss = float(np.abs(told - score_function(scorer, "log_odds")(seen)).max())
    if not miss <= TOLERANCE:
        raise ModelError(
            "explanation", f"misses the model by {miss:.2g} log-odds", "use attributions by factor"
        )
    return values


def _scorer_and_columns(model: Any, X: pd.DataFrame) -> tuple[Any, pd.DataFrame]:
    columns = getattr(model, "columns", None)
    return getattr(model, "scorer", model), X if columns is None else X[list(columns)]


def _tree_values(scorer: OpaqueScorer, X: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    shap = load_shap()
    encoded = scorer.encoder_.transform(X)
    explainer = shap.TreeExplainer(scorer.booster_, feature_perturbation="tree_path_dependent")
    values = pd.DataFrame(explainer.shap_values(encoded), index=X.index, columns=list(X.columns))
    return values, float(np.ravel(explainer.expected_value)[-1])


def load_shap() -> Any:
    """Import shap, whose import alone makes matplotlib warn of a colour map's future name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        import shap
    return shap
