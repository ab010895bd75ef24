"""What a response did, one number a person for each measure; `rows` makes tables of them.

accuracy : p' d' + (1 - p') (1 - d'), the chance that the decision d' on the first privilege is
    right about an obligation kept with probability p' after the response. Without known
    probabilities, whether d' equals the outcome on file.
accuracy_as_before : the same against p, who people were before they responded.
auc : chance that a keeper's score after the response is above a breaker's, ties counting half,
    each person being a keeper with weight p' and a breaker with 1 - p'. It says how well scores
    still tell people apart, whatever the threshold. auc_as_before: with p.
auc_change, accuracy_change : the AUC and the share of right decisions after the response less those
    before anybody acted, of everybody, each compared with themself.
price_of_opacity : error under the regime minus error under full disclosure, the score fixed.
    Above zero, secrecy costs accuracy; below, it buys some.
profit : what the first privilege yields a person where a kept obligation yields 1 and a broken one
    costs as much as the odds that the scale shows at the threshold, so that there a grant neither
    gains nor loses (sweeps alone). It weighs both errors as the threshold does, accuracy alike.
welfare : worth of everything granted after the response, less the cost of what is imposed, and
    less what was spent on it.
information_gain : welfare under the regime minus welfare when nothing is told and nobody acts.
    Its gap between groups is the disparate gain from information.
harmed : worse off than by staying, whatever they hoped for.
caught : found out in some action, which is then taken back, and its penalty paid: in spending it
    stands in place of the expectation of it that everybody had reckoned with.
reported_truly, reported_falsely : times that one is reported by friends or family, having broken
    the obligation on file or kept it.
penalties_escaped, penalties_met : penalties that one is spared by what was done, and those that
    fall on one by it.
wasted : acted, won no privilege and escaped no penalty. refused_after_acting: acted, and the first
    is still refused.
share_who_game : share who do anything that leaves the true outcome as it is.
knowledge : share of what actions truly do to scores that people know: ``1 - sum (b - a)**2 /
    sum a**2`` over people and single actions, a being the change of score that an action makes
    and b the one believed. 1 is the whole model, 0 is to expect nothing; below 0, worse than that.
belief_error : distance between the believed score and that which the rater gives, of those who
    act.
social_burden : least cost at which one who keeps obligations reaches the first privilege,
    averaged with the weights p (Milli et al. 2019). Who cannot reach it with any bundle is
    counted at the cost of the dearest one: a lower bound.
out_of_reach : cannot reach the first privilege with any bundle, or escape the first penalty; the
    same whatever is told.
spending_concentration : concentration index of money spent over income, from -1 (all by the
    poorest) to 1 (all by the richest); 0 when money spent is the same at every income. Money is
    the share of income spent times income.
rank_inflation : s' - S(r'), where S(r') is the old score at the new rank r': points gained
    without any change of rank (S23). Over everybody it equals the mean gain, because places
    are only exchanged.
improvement_share : improving actions among all actions taken.
advice_revenue : what advisers earn a person.
ties_cut, ties_added : ties that a person ended, or sought and got, where ties truly move.
bystander_points : points gained by those who did nothing, through what others did.
bystanders_refused : share of those who did nothing and lost the first privilege by it.

Of two groups: score_gap and selection_gap before and after the response, score_gap_change (by how
much more one group gained), social_gap in social burden, spending_gap, and
disparate_information_gain.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core.files import beside
from credit_ml.core.tables.arrays import Array
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.outcome import ResponseOutcome
from credit_ml.response.aim import Aim
from credit_ml.response.best_response.choice import cheapest

#: Unit, ends and heads of each measure.
MEASURES: dict[str, dict[str, Any]] = beside(__file__)
#: What tables call each, and the units that they show some in.
HEADS: dict[str, str] = {name: each["head"] for name, each in MEASURES.items() if "head" in each}
SHOWN_IN: dict[str, str] = {
    name: each["shown"] for name, each in MEASURES.items() if "shown" in each
}
#: Shares of people who do or have something.
SHARES = (
    *("share_who_act", "share_who_game", "wasted", "refused_after_acting", "harmed"),
    "out_of_reach",
)
#: Chances that each decision is right.
CHANCES = ("accuracy", "accuracy_as_before")


def burden(problem: DecisionProblem) -> tuple[Array, Array]:
    """Least cost of reaching the first privilege for each person, and 1 for who cannot, else 0."""
    economy = problem.economy
    found = cheapest(
        problem.score, problem.people.X, problem.actions, economy, problem.aims[0].threshold
    )
    each = np.where(np.isfinite(economy.single_costs), economy.single_costs, 0.0)
    dearest = np.sort(each, axis=1)[:, each.shape[1] - economy.largest :].sum(axis=1)
    beyond = (~found.reachable).astype(np.float64)
    return np.where(found.reachable, found.costs, dearest), beyond


def rank_inflation(found: ResponseOutcome) -> Array:
    """Points gained by each person without any change of rank."""
    order = np.argsort(found.after, kind="stable")
    old_at_rank = np.empty(len(order))
    old_at_rank[order] = np.sort(found.before)
    return found.after - old_at_rank


def per_person(
    found: ResponseOutcome, aims: Sequence[Aim], burdens: tuple[Array, Array]
) -> dict[str, Array]:
    """Return the measures that are plain means over people, one value a person.

    Burdens are those of `burden`.
    """
    costs, beyond = burdens
    moved = np.zeros((2, 2, len(found.after)))
    for aim in aims:
        had, has = aim.holds(found.before), aim.holds(found.after)
        moved[int(aim.imposed)] += [has & ~had, had & ~has]
    (won, lost), (escaped, met) = moved
    measures = {
        "share_who_act": found.acted,
        "share_who_game": found.actions > found.improving,
        "spending": found.spending,
        "points_gained": found.after - found.before,
        "privileges_won": won,
        "privileges_lost": lost,
        "wasted": found.acted & (won == 0) & (escaped == 0),
        "refused_after_acting": found.acted & ~found.granted,
        "harmed": found.welfare < found.worth_before - 1e-12,
        "accuracy": found.right,
        "accuracy_as_before": found.right_before,
        "welfare": found.welfare,
        "information_gain": found.welfare - found.worth_before,
        "advice_revenue": found.advice,
        "social_burden": costs,
        "out_of_reach": beyond,
        "rank_inflation": rank_inflation(found),
    }
    if any(aim.imposed for aim in aims):
        measures |= {"penalties_escaped": escaped, "penalties_met": met}
    if found.reported is not None:
        measures |= dict(zip(("reported_truly", "reported_falsely"), found.reported, strict=True))
    if found.tied is not None:
        measures |= {"ties_cut": found.tied.cut, "ties_added": found.tied.added}
    return {name: np.asarray(values, dtype=np.float64) for name, values in measures.items()}


def bounds_of(measures: Sequence[str], quantity: str) -> tuple[Array, Array]:
    """Smallest and largest value that measures can have; between two regimes, twice as far.

    Examples
    --------
    >>> [ends.tolist() for ends in bounds_of(["auc", "points_gained"], "value")]
    [[0.0, -inf], [1.0, inf]]
    """
    known = [MEASURES.get(measure, {}) for measure in measures]
    least = np.array([each.get("least", -np.inf) for each in known], dtype=np.float64)
    most = np.array([each.get("most", np.inf) for each in known], dtype=np.float64)
    return (least, most) if quantity != "regime_difference" else (least - most, most - least)


def possible(table: pd.DataFrame) -> tuple[Array, Array]:
    """Smallest and largest value that each row of a table of these measures can have."""
    measures = table["measure"].tolist()
    level, between = (bounds_of(measures, name) for name in ("value", "regime_difference"))
    against = (table["quantity"] == "regime_difference").to_numpy()
    return np.where(against, between[0], level[0]), np.where(against, between[1], level[1])
