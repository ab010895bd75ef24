"""Recourse: the cheapest thing that a person can do to reach a threshold, with its proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import Array, Dataset, Finding, Mask, beside, cited, conform, refuse_weights
from credit_ml.core.figure import Axes, points_by_group
from credit_ml.disclosure.finding import EVERYBODY
from credit_ml.inference import Estimate, People, checked_level, comparisons_of, groups_of
from credit_ml.response.best_response.choice import Cheapest, cheapest
from credit_ml.response.best_response.model_query import MOST_TOGETHER
from credit_ml.response.economy import Economy
from credit_ml.response.menu import Action, Menu, menu_of
from credit_ml.response.menu_checks import actions_on
from credit_ml.response.options import ResponseOptions, refuse_prices
from credit_ml.scoring import checked_threshold, display_name, is_rater, score_function

#: Bundles of a person that a search tries by default when there are too many to list them all.
MOST_TRIED = 20_000

STATUSES = ("granted already", "cheapest", "impossible", "not found")
#: Measures that are the shares of these.
SHARES = ("granted_already", "possible", "impossible", "not_found")


@dataclass(frozen=True, kw_only=True)
class Recourse(Finding):
    """What people would have to do to reach a threshold, by group, and person by person.

    "granted_already", "possible" and "impossible" are shares of the group; "cost" is the mean over
    those for whom it is possible, in shares of own yearly income. Where a search stopped before it
    knew, "not_found" is the share for whom no way was found, and "impossible" that for whom there
    is none. Differences are those of a group from its reference group.

    Examples
    --------
    >>> from credit_ml.disclosure.case import example_problem
    >>> problem = example_problem()
    >>> found = recourse(problem.model, problem.people, threshold=550)
    >>> found.people["status"].tolist()
    ['granted already', 'cheapest', 'impossible']
    """

    kind: ClassVar[str] = "recourse"
    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive", "group")
    unsaid: ClassVar[tuple[str, ...]] = EVERYBODY
    tracked_rows: ClassVar[Mapping[str, Any]] = {"quantity": "value"}
    citations = cited("ustun_2019", "gupta_2019")

    people: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    """One row a person: status, actions (ids), cost (share of own yearly income), score now and
    then. Not kept when a finding is stored."""

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the mean cost of each group, with its interval."""
        rows = self.where(measure="cost", quantity="value").table
        label = "cheapest way to pass (% of own yearly income)"
        return points_by_group(axes, rows, label, scale=100)


def recourse(
    model: Any,
    dataset: Dataset,
    *,
    threshold: float,
    menu: Menu | Mapping[str, Any] | str | Path | None = None,
    income: "npt.ArrayLike | None" = None,
    evaluations: int | None = None,
    intervals: float = 0.95,
    over: str = "auto",
) -> Recourse:
    """Find the cheapest bundle of actions that brings each person to a threshold.

    The cheapest of all bundles of the menu is proven: by adding for additive models, by one walk
    of each tree for tree ensembles, else by trying bundles in the order of what they cost the
    person (`cheapest`). So status "cheapest" means that every cheaper bundle is refused, and
    "impossible" that all are. A search may stop after `evaluations` bundles: whoever it brought
    nowhere is "not found", and all the bundles tried are known to be refused. What no action
    moves (age, hukou, the past) stays as it is; ranges and directions are the menu's.

    Cost: that of `cheapest`, from 2**A additions to 2**A model rows a person for A actions.

    Parameters
    ----------
    model : rater, scikit-learn model or callable
        Asked for its score.
    dataset : Dataset
        The people; ``dataset.take(rows)`` for some of them.
    threshold : float
        Score to be reached.
    menu : Menu, mapping, str or Path, optional
        A menu, its values, its name or its TOML file; the default menu by default. Actions of
        which the model sees nothing are left out. They may move what is in no factor, where the
        model reads it or an effect carries it on.
    income : array_like, optional
        A month, in the unit of the menu's prices (thousand yuan in the package's menus);
        ``dataset.context["income"]`` if there, else everybody has 3, which matters to prices only.
    evaluations : int, optional
        Most bundles that are tried for a person where they must be tried one by one; by default
        20,000 with more than 16 actions, else all.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        Whom intervals count; clusters where the dataset names enough of them.

    Raises
    ------
    MenuError
        When the model sees none of the menu's actions, or a menu of one's own has prices and no
        income is known.
    InputError
        When the threshold is off the score's scale, or an income is not above zero.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=400, seed=1).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> found = recourse(rater, rater.agency.view(society), threshold=110)
    >>> set(found.people["status"]) <= {"granted already", "cheapest", "impossible"}
    True
    """
    refuse_weights(dataset, "recourse")
    checked_threshold(model, threshold)
    checked_level(intervals)
    yearly, unknown = ResponseOptions(income=income).yearly_income(dataset)
    if unknown:
        refuse_prices(menu_of(menu))
    dataset, actions = actions_on(menu_of(menu), model, dataset)
    score = score_function(model, dataset=dataset)
    if evaluations is None and len(actions) > MOST_TOGETHER:
        evaluations = MOST_TRIED
    # Whatever has classes is asked the right way round.
    turned = score.inner is not None or (hasattr(model, "classes_") and not is_rater(model))
    asked = score if turned else model
    economy = Economy.of(actions, yearly)
    found = cheapest(asked, dataset.X, actions, economy, threshold, evaluations=evaluations)
    people = _people(found, score_function(asked)(dataset.X), actions, dataset.X.index)
    return Recourse(
        table=_table(people, dataset, intervals, over),
        title=f"What it takes to pass: {display_name(model)}",
        parameters={
            "rater": display_name(model),
            "threshold": threshold,
            "unit": score.unit,
            "actions": {action.id: action.name for action in actions},
            "intervals": intervals,
            "intervals_over": People.of(dataset, over=over).counted,
        },
        notes=(*beside(__file__)["notes"], People.of(dataset, over=over).note),
        people=people,
    )


def _people(
    found: Cheapest, now: Array, actions: Sequence[Action], index: pd.Index
) -> pd.DataFrame:
    acting, stuck = found.masks > 0, ~found.reachable
    # Bundles are tried by rising cost, so that the first to pass is the cheapest in any case.
    status = np.select([stuck & ~found.proven, stuck, acting], [3, 2, 1], 0)
    ids = np.array([action.id for action in actions], dtype=object)
    bits = np.arange(len(actions))
    return pd.DataFrame(
        {
            "status": pd.Categorical.from_codes(status, categories=pd.Index(STATUSES)),
            "actions": [tuple(ids[(mask >> bits) & 1 == 1]) for mask in found.masks],
            "cost": found.costs,
            "score": now,
            "then": found.scores,
        },
        index=index,
    )


def _table(each: pd.DataFrame, dataset: Dataset, level: float, over: str) -> pd.DataFrame:
    people, status = People.of(dataset, over=over), each["status"].to_numpy()
    shares = {name: status == place for name, place in zip(SHARES, STATUSES, strict=True)}
    if not shares["not_found"].any():
        del shares["not_found"]
    acting = shares["possible"]
    costs = np.where(acting, each["cost"], 0.0)

    def measured(who: Mask) -> Mapping[str, Estimate]:
        found = {name: people.share(having, who) for name, having in shares.items()}
        return found | {"cost": people.mean(costs, who & acting)}

    rows = [
        {"sensitive": sensitive, "group": group, "measure": name} | one.facts(level)
        for sensitive, group, who in groups_of(dataset)
        for name, one in measured(who).items()
    ]
    for pair in comparisons_of(dataset):
        labels, other = {"quantity": "difference", **pair.labels}, measured(pair.outside)
        for name, one in measured(pair.inside).items():
            rows.append(labels | {"measure": name} | (one - other[name]).facts(level))
    return conform(rows)
