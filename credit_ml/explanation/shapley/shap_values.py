"""What each column adds to each person's log-odds, held to the model's own output."""

import warnings
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from credit_ml.core import Array, ModelError, Origin
from credit_ml.core.tables.origin import names_read
from credit_ml.explanation.shapley.boosters import contributions
from credit_ml.explanation.shapley.pipelines import Inside, inside
from credit_ml.scoring import LightGBMScorer, OpaqueScorer, additive_terms
from credit_ml.scoring.classifier import LogOddsClassifier
from credit_ml.scoring.direction import Direction, display_name, good_class
from credit_ml.scoring.output import BOOSTED_MODELS, MEAN_MODELS, score_function

Summed = Literal["log_odds", "probability"]

#: Largest miss between attributions and the model that is let pass, in log-odds or probability.
TOLERANCE = 1e-5
#: People on whom `can_attribute` tries.
TRIED = 50


def can_attribute(model: Any, X: pd.DataFrame) -> bool:
    """Whether `feature_attributions` of log-odds add up to the model on the first 50 people.

    Examples
    --------
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> people = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0]})
    >>> can_attribute(DecisionTreeClassifier().fit(people, [1, 1, 0, 0]), people)
    False
    """
    return why_not_attributable(model, X.iloc[:TRIED]) is None


def why_not_attributable(model: Any, X: pd.DataFrame, *, output: Summed = "log_odds") -> str | None:
    """Say why a model's number is not taken apart by column; None where it is.

    The attribution is tried on X, so that the reason may be how much it misses the model by.

    Cost: that of `feature_attributions` on X; give some of the people to ask cheaply.

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> people = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0]})
    >>> why_not_attributable(KNeighborsClassifier(1).fit(people, [1, 1, 0, 0]), people)
    'KNeighborsClassifier: log-odds is not additive: the model is not known to add columns up'
    """
    return try_attributions(model, X, output=output)[1]


def feature_attributions(
    model: Any, X: pd.DataFrame, *, output: Summed = "log_odds"
) -> pd.DataFrame:
    """SHAP values of each column, in log-odds, one row a person; checked on each call.

    Trees: path-dependent TreeSHAP, on the encoded columns of this package's scorers, and on the
    columns of scikit-learn's boosted trees; of XGBoost, LightGBM and CatBoost by these themselves,
    which know their native categories. Additive models (scorecards, rules, linear): term minus its
    mean over X, which is what interventional SHAP gives them. Of a pipeline the last step is taken
    apart, and what it reads is added up by column of the table (`inside`). The mean over a
    forest's trees is a probability, so that only ``output="probability"`` takes a forest or a
    single tree apart.

    Cost: people x trees x depth squared for trees; one pass for additive models.

    Parameters
    ----------
    model : rater or classifier
    X : DataFrame
        People.
    output : {"log_odds", "probability"}
        The number taken apart.

    Raises
    ------
    ModelError
        When the model has no such sum (`why_not_attributable`), or when attributions miss the
        model's output by more than 1e-5; a wrong explanation is not returned.

    References
    ----------
    Lundberg, S. M. and Lee, S.-I. (2017). A unified approach to interpreting model
    predictions. NeurIPS 30. Lundberg, S. M. et al. (2020). From local explanations to global
    understanding with explainable AI for trees. Nature Machine Intelligence 2, 56-67.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> people = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0], "years": 4.0})
    >>> values = feature_attributions(LogisticRegression().fit(people, [1, 1, 0, 0]), people)
    >>> values["years"].abs().max(), values["late"].is_monotonic_decreasing
    (np.float64(0.0), True)
    """
    values, reason = try_attributions(model, X, output=output)
    if values is None:
        raise ModelError("explanation", str(reason), "use attributions by factor")
    return values


def try_attributions(
    model: Any, X: pd.DataFrame, *, output: Summed = "log_odds", weights: Array | None = None
) -> tuple[pd.DataFrame | None, str | None]:
    """Return attributions by column, or None and why there are none.

    With weights of people the mean of additive terms is theirs.
    """
    scorer, columns = getattr(model, "scorer", model), getattr(model, "columns", None)
    columns = names_read(scorer, X.columns) if columns is None else columns
    seen = X if columns is None else X[list(columns)]
    try:
        last = inside(scorer, _as_given(scorer, seen))
        reason = _refusal(last.model, output)
        if reason is not None:
            return None, reason
        values, miss = _added_up(last, seen, output, _direction(scorer, seen), weights)
    except ModelError as error:
        return None, f"{error.place}: {error.problem}"
    if not miss <= TOLERANCE:
        unit = output.replace("_", "-")
        return None, f"their sum misses the model by {miss:.2g} {unit}, which is let pass to 1e-5"
    return values, None


def _as_given(scorer: Any, X: pd.DataFrame) -> pd.DataFrame:
    """The columns as a scorer was given them: ours encode them themselves."""
    origin = Origin.of(X)
    own = origin is None or isinstance(scorer, LogOddsClassifier)
    return X if own or origin is None else origin.restored(X)


def _added_up(
    last: Inside, X: pd.DataFrame, output: Summed, direction: Direction, weights: Array | None
) -> tuple[pd.DataFrame, float]:
    """Values by column of the table, and by how much their sum misses the model's own number."""
    named = names_read(last.model) is not None
    by_library = contributions(last.model, last.X if named else last.X.to_numpy())
    if by_library is None:
        own: Array = score_function(last.model, output, direction=direction)(last.X)
        made, base = _values(last.model, last.X, own, output, direction, weights)
        values = made.to_numpy()
    else:
        sign = 1.0 if direction == "higher_is_better" else -1.0
        values, own = sign * by_library.values, sign * by_library.log_odds
        base = sign * by_library.base
    summed = {
        name: values[:, [place for place, of in enumerate(last.owner) if of == name]].sum(axis=1)
        for name in map(str, X.columns)
    }
    found = pd.DataFrame(summed, index=X.index)
    return found, float(np.abs(base + found.to_numpy().sum(axis=1) - own).max())


def _refusal(scorer: Any, output: Summed) -> str | None:
    """Say what is known to fail before anything is tried."""
    name = display_name(scorer)
    native = np.any(getattr(scorer, "is_categorical_", False))
    if isinstance(scorer, HistGradientBoostingClassifier) and native:
        return (
            f"{name} splits categories natively, and shap reads their codes as numbers: its "
            "values can miss such a model by about 10 log-odds and say nothing. Encode the "
            "categories as numbers before fitting, as OpaqueScorer does"
        )
    if isinstance(scorer, MEAN_MODELS) and output == "log_odds":
        return (
            f"{name} is the mean of its trees' probabilities, whose log-odds are no sum of "
            "columns; output='probability' is one"
        )
    if output == "probability" and not isinstance(scorer, MEAN_MODELS):
        return f"a probability of {name} is no sum of columns; output='log_odds' may be one"
    return None


def _direction(scorer: Any, X: pd.DataFrame) -> Direction:
    rising = not hasattr(scorer, "classes_") or good_class(scorer, origin=Origin.of(X)) == 1
    return "higher_is_better" if rising else "lower_is_better"


def _values(
    scorer: Any,
    X: pd.DataFrame,
    own: Any,
    output: Summed,
    direction: Direction,
    weights: Array | None,
) -> tuple[pd.DataFrame, float]:
    if not isinstance(scorer, (LightGBMScorer, OpaqueScorer, *BOOSTED_MODELS, *MEAN_MODELS)):
        terms = additive_terms(scorer, X, output, direction=direction)
        if weights is None:
            return terms - terms.mean(), float(np.mean(own))
        mean = np.average(terms.to_numpy(), axis=0, weights=weights)
        return terms - mean, float(np.average(own, weights=weights))
    light = isinstance(scorer, LightGBMScorer)
    values, base = (_light_values if light else _tree_values)(scorer, X)
    if direction == "higher_is_better":
        return values, base
    return -values, (1.0 if output == "probability" else 0.0) - base


def _tree_values(scorer: Any, X: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    shap = load_shap()
    trees, read = scorer, X.to_numpy
    if isinstance(scorer, OpaqueScorer):
        trees, read = scorer.booster_, scorer.encoder_.transform(X).to_numpy
    explainer = shap.TreeExplainer(trees, feature_perturbation="tree_path_dependent")
    try:
        # As an array of one type: shap crashes on a bool column beside numbers.
        found = explainer.shap_values(read(dtype="float64", na_value=np.nan))
    except shap.utils._exceptions.ExplainerError as error:
        problem = "fails shap's own check of additivity"
        raise ModelError(display_name(scorer), problem, "use attributions by factor") from error
    of_second = found[..., 1] if found.ndim == 3 else found
    values = pd.DataFrame(of_second, index=X.index, columns=list(X.columns))
    return values, float(np.ravel(explainer.expected_value)[-1])


def _light_values(scorer: LightGBMScorer, X: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    encoded = scorer.encoder_.transform(X).to_numpy()
    # The last column is the same base for everybody.
    found = np.asarray(scorer.booster_.predict(encoded, pred_contrib=True))
    return pd.DataFrame(found[:, :-1], index=X.index, columns=list(X.columns)), float(found[0, -1])


def load_shap() -> Any:
    """Import shap, whose import alone makes matplotlib warn of a colour map's future name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        # Said in notebooks without widgets, of a bar that is never shown.
        warnings.filterwarnings("ignore", message="IProgress not found")
        import shap
    return shap
