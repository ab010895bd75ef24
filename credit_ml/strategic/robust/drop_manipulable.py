"""A rater without the columns that people can move for show."""

from collections.abc import Sequence
from typing import Any

from credit_ml.agencies.refit import is_fixed, reads, without
from credit_ml.core import Dataset, MenuError, ModelError, refuse_weights
from credit_ml.response.menu import Menu
from credit_ml.scoring import display_name


def manipulable(menu: Menu, kinds: Sequence[str] = ("cosmetic", "bought")) -> list[str]:
    """Columns that some action of these kinds moves, in the order of the menu.

    Examples
    --------
    >>> from credit_ml.response.menu import default_menu
    >>> "late_payments" in manipulable(default_menu())
    False
    """
    acting = (each for each in menu.actions if each.kind in kinds)
    return list(dict.fromkeys(change.column for each in acting for change in each.changes))


def drop_manipulable(
    rater: Any,
    dataset: Dataset,
    menu: Menu,
    kinds: Sequence[str] = ("cosmetic", "bought"),
    *,
    seed: int = 0,
) -> Any:
    """A rater of the same kind that reads no column which actions of these kinds move.

    It is fitted to `dataset` as it stands. Such a rater cannot be gamed by these actions, and
    loses what the columns said truly: a column that improving actions move too goes as well.

    Cost: that of one fit.

    Parameters
    ----------
    rater : Rater or scikit-learn classifier
        A classifier comes back as a pipeline that picks its columns.
    dataset : Dataset
        People to fit to, with an outcome.
    menu : Menu
        What people can do.
    kinds : sequence of str
        Kinds of action whose columns are dropped.
    seed : int
        Of the scorer's own draws.

    Raises
    ------
    MenuError
        When the actions of these kinds move nothing that the rater reads.
    ModelError
        When nothing would be left to read, or the rater goes by rules or cannot be refitted.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn.linear_model import LogisticRegression
    >>> from credit_ml.response import Action, ColumnChange, Menu
    >>> pose = Action(id="pose", name="pose", kind="cosmetic", price=0, effort=0.01,
    ...               changes=(ColumnChange(column="show", add=1),), source="assumed")
    >>> menu = Menu(id="one", description="One way.", actions=(pose,))
    >>> frame = pd.DataFrame({"late": [0.0, 1.0, 2.0, 3.0], "show": [3.0, 2.0, 0.0, 1.0],
    ...                       "paid": [1, 1, 0, 0]})
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> robust = drop_manipulable(model, people, menu)
    >>> moved = people.X.assign(show=9.0)
    >>> bool((robust.predict_proba(moved) == robust.predict_proba(people.X)).all())
    True
    """
    refuse_weights(dataset, "drop_manipulable")
    remedy = "take the rules out of its file"
    ModelError.unless(not is_fixed(rater), display_name(rater), "goes by published rules", remedy)
    known = reads(rater, dataset.X)
    moved = [column for column in manipulable(menu, kinds) if column in known]
    problem = f"moves nothing the rater reads by {', '.join(kinds)} actions"
    remedy = f"give kinds that move some of {', '.join(known)}"
    MenuError.unless(moved, f"menu '{menu.id}'", problem, remedy)
    return without(rater, dataset, moved, seed=seed)
