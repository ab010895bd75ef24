"""Which way round a model's number is: high must be good for the person."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from credit_ml.core import Dataset, InputError, ModelError, Origin, refuse_unknown
from credit_ml.core.errors import after
from credit_ml.core.tables.categories import category_columns, plain_columns
from credit_ml.core.tables.columns import plain
from credit_ml.core.tables.origin import names_read

#: What a high number of a model means for the person, or a high second class of a classifier.
Direction = Literal["higher_is_better", "lower_is_better"]

#: A model ranks people the other way round when its AUC lies so many standard errors below 0.5.
SURE_OF_ORDER = 3.0
_TOLD = "score_function(model, direction='higher_is_better' or 'lower_is_better')"


def display_name(model: Any) -> str:
    """Return what reports call a model: its `name`, or that of its class or function.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> display_name(LogisticRegression())
    'LogisticRegression'
    """
    name = getattr(model, "name", None) or getattr(model, "__name__", None)
    return str(name or type(model).__name__)


def checked_direction(direction: str | None) -> None:
    """Raise InputError for a direction that is unknown; None passes."""
    if direction is not None and direction not in get_args(Direction):
        refuse_unknown(InputError, "direction", str(direction), get_args(Direction))


def order_of(scores: NDArray[np.floating[Any]], y: NDArray[Any]) -> tuple[float, int]:
    """AUC of scores against good outcomes; and 1, -1 or 0: high is good, bad, or neither surely.

    ``AUC = P(score of a good one > score of another) + P(equal) / 2``; chance is 0.5, with the
    standard error ``sqrt((n + 1) / (12 n_1 n_0))`` of ranks without ties.

    Examples
    --------
    >>> order_of(np.arange(100.0), np.arange(100) < 50)
    (0.0, -1)
    """
    good = y == 1
    ones, zeros = int(good.sum()), int((~good).sum())
    if ones == 0 or zeros == 0:
        return float("nan"), 0
    area = (rankdata(scores)[good].sum() - ones * (ones + 1) / 2) / (ones * zeros)
    apart = (area - 0.5) / _error(y)
    return float(area), int(np.sign(apart)) if abs(apart) > SURE_OF_ORDER else 0


def good_class(
    model: Any,
    *,
    dataset: Dataset | None = None,
    direction: Direction | None = None,
    origin: Origin | None = None,
) -> int:
    """Return the place, 0 or 1, of the class that is good for the person among `classes_`.

    The user's own values of the outcome say it, where the model was fitted on those. Classes 0
    and 1 of an outcome that is no 0 and 1 are `Dataset.y`. Where both readings stand, as for a
    default flag (0 is good, and `Dataset.y` calls it 1), the model itself says it: it is read
    so that it ranks the people of the whole table better than chance, whichever of them are at
    hand, and asked for where it does neither.

    Parameters
    ----------
    model : classifier of two fitted classes
    dataset : Dataset, optional
        Whose outcomes say it.
    direction : {"higher_is_better", "lower_is_better"}, optional
        What is known of the second class.
    origin : Origin, optional
        Of the features at hand, where no dataset is.

    Raises
    ------
    ModelError
        When the classes are not those of the outcome, or neither reading is sure.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> people = pd.DataFrame({"late": [0, 1, 2, 3], "outcome": ["good", "good", "bad", "bad"]})
    >>> data = Dataset.from_frame(people, target="outcome", favourable="good", sensitive=[])
    >>> model = LogisticRegression().fit(people[["late"]], people["outcome"])
    >>> model.classes_[good_class(model, dataset=data)]
    'good'
    """
    if direction is not None:
        return int(direction == "higher_is_better")
    name = display_name(model)
    if dataset is not None:
        origin = dataset.origin or Origin.of(dataset.X)
    classes = [plain(value) for value in model.classes_]
    coded, said = _same(classes, (0, 1)), f"has the classes {' and '.join(map(repr, classes))}"
    if origin is None or origin.outcomes is None:
        problem = f"{said}, and no outcome says which is good"
        ModelError.unless(coded or dataset is None, name, problem, f"call {_TOLD}")
        return 1
    other, good = map(plain, origin.outcomes)
    if not _same(classes, (other, good)):
        problem = f"{said}, and {origin.target} is {other!r} or {good!r}"
        remedy = f"fit it on the outcomes of the table, or call {_TOLD}"
        ModelError.unless(coded, name, problem, remedy)
        return 1
    place = classes.index(good)
    return place if place == 1 or not coded else _by_order(model, name, origin, dataset)


def refuse_reversed(
    name: str, score: Callable[[pd.DataFrame], NDArray[np.float64]], dataset: Dataset
) -> None:
    """Stop where known outcomes of the whole table say that a high number is bad for the person.

    Cost: one call of the model, and one sort of its numbers.

    Raises
    ------
    ModelError
        With the AUC and what to say for each of the two readings.
    """
    people = dataset if dataset.whole is None else dataset.whole
    if people.y is None:
        return
    refuse_risk(name, score(people.X), np.asarray(people.y), _TOLD)


def refuse_risk(name: str, scores: NDArray[Any], y: NDArray[Any], remedy: str) -> None:
    """Stop where outcomes say that a high number is bad for the person, as a risk is.

    Examples
    --------
    >>> refuse_risk("risk", np.arange(100.0), np.arange(100) < 50, "turn it round")
    ... # doctest: +ELLIPSIS
    Traceback (most recent call last):
    credit_ml.core.errors.ModelError: risk: is lower for people with the good outcome (AUC 0.00; ...
    """
    area, order = order_of(scores, y)
    problem = f"is lower for people with the good outcome (AUC {area:.2f}; chance is 0.5)"
    asked = after("say whether high is good for people all the same or is bad: ", remedy)
    ModelError.unless(order >= 0, name, problem, asked)


def aligned(model: Any, name: str, columns: Sequence[str]) -> tuple[list[str], bool]:
    """Return the columns that a model reads, in its own order, and whether it knows their names.

    Raises
    ------
    ModelError
        When it reads a column that is not there, or, knowing no names, another number of them.
    """
    names = names_read(model, columns)
    if names is not None:
        absent = [column for column in names if column not in columns]
        if absent:
            problem = f"reads the column '{absent[0]}', which is no feature here"
            remedy = "put it into a factor, or give Dataset.reading(model).X"
            raise ModelError(name, problem, remedy)
        return names, True
    expected = getattr(model, "n_features_in_", None)
    problem = f"was fitted on {expected} columns without names, and here are {len(columns)}"
    remedy = "fit it on a DataFrame, whose names say which is which"
    ModelError.unless(expected in (None, len(columns)), name, problem, remedy)
    return list(columns), expected is None


def as_fitted(model: Any, name: str, seen: pd.DataFrame) -> pd.DataFrame:
    """Return what a model is to be given, or say which columns are not as it was fitted on them.

    Raises
    ------
    ModelError
        When a booster took a column as pandas' categories, and it is none here.
    """
    plain_ones = plain_columns(seen, category_columns(model, seen.columns))
    if plain_ones:
        listed = ", ".join(f"'{each}'" for each in plain_ones)
        changed = ", ".join(f"'{each}': 'category'" for each in plain_ones)
        problem = f"was fitted on categories in {listed}, which are none here"
        raise ModelError(name, problem, f"make them so first: frame.astype({{{changed}}})")
    return seen


@contextmanager
def gaps_named(name: str, X: Any) -> Iterator[None]:
    """Say which column has gaps where a model stops at what is missing.

    Raises
    ------
    ModelError
        In the place of the model's own ValueError, where a column lacks values.
    """
    try:
        yield
    except ValueError as error:
        gaps = X.isna().sum() if isinstance(X, pd.DataFrame) else pd.Series(dtype=int)
        if not gaps.any() or not re.search("nan|missing", str(error), re.IGNORECASE):
            raise
        column, number = gaps.idxmax(), int(gaps.max())
        problem = f"stops at what is missing: '{column}' in {number} row{'s' * (number > 1)}"
        remedy = "fill it, or put an imputer before the model in a pipeline"
        raise ModelError(name, problem, remedy) from error


def of_second_class(model: Any, seen: Any) -> NDArray[np.float64]:
    """What a classifier says for its second class: probability, decision function, or the label."""
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(seen), dtype=np.float64)[:, 1]
    if hasattr(model, "decision_function"):
        return np.asarray(model.decision_function(seen), dtype=np.float64)
    return np.asarray(model.predict(seen) == model.classes_[1], dtype=np.float64)


def _by_order(model: Any, name: str, origin: Origin, dataset: Dataset | None) -> int:
    tried = origin.trial if dataset is None or dataset.trial.y is None else dataset.trial
    tried = tried.reading(model)
    columns, named = aligned(model, name, list(tried.X.columns))
    seen = as_fitted(model, name, origin.restored(tried.X)[columns])
    with gaps_named(name, seen):
        second = of_second_class(model, seen if named else seen.to_numpy())
    y = np.zeros(0) if tried.y is None else tried.y
    area, order = order_of(second, y)
    if order == 0:
        both = f"{origin.target} calls the good outcome 0 and Dataset.y calls it 1"
        problem = f"has the classes 0 and 1, where {both}, and {_unsure(area, y)}"
        raise ModelError(name, problem, f"say whether its class 1 is good: {_TOLD}")
    return 1 if order > 0 else 0


def _unsure(area: float, y: NDArray[Any]) -> str:
    """Why the order of so many people of the whole table does not say which."""
    if np.isnan(area):
        return "nobody in the whole table has the other outcome to tell by"
    margin = SURE_OF_ORDER * _error(y)
    return (
        f"its ranking of {len(y):,} people of the whole table cannot be told from chance "
        f"(AUC {area:.2f}, between {max(area - margin, 0):.2f} and {min(area + margin, 1):.2f} "
        f"at {SURE_OF_ORDER:g} standard errors; chance is 0.5)"
    )


def _error(y: NDArray[Any]) -> float:
    ones = int((y == 1).sum())
    return float(np.sqrt((len(y) + 1) / (12 * ones * (len(y) - ones))))


def _same(classes: Sequence[Any], values: Sequence[Any]) -> bool:
    return len(classes) == 2 and all(value in classes for value in values)
