"""What people do when they are told about a score, and what comes of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset
from credit_ml.disclosure.beliefs.belief import Belief, ScoreBelief
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.case import DisclosureCase, case_of
from credit_ml.disclosure.finding import Disclosure
from credit_ml.disclosure.measures import COLUMNS_OF_TABLE, burden, normal_quantile, per_person
from credit_ml.disclosure.outcome import ResponseOutcome, responded
from credit_ml.disclosure.regimes import REGIMES, Regime, checked_regimes
from credit_ml.disclosure.rows import Measured, Row, groups, pairs_of

from credit_ml.response.menu import Menu
from credit_ml.society import Society

Array = NDArray[np.float64]


def disclose(
    rater: Any,
    dataset: Dataset,
    *,
    regimes: Sequence[str | Regime] = ("nothing", "factors", "full"),
    menu: Menu | None = None,
    privileges: Sequence[Any] | None = None,
    probability: Any = None,
    income: Any = None,
    cost_factor: Any = None,
    society: Society | None = None,
    sensitive: Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | None = None,
    people: int | None = 5000,
    margin: float = 0.0,
    bundle: int | None = 2,
    bounds: Bounds | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> Disclosure:
    """Let people respond to each regime of disclosure, and measure what changes.

    Each person chooses the bundle of at most `bundle` actions that maximises the believed
    worth of privileges minus its cost in own yearly incomes; the regime forms the belief. The
    rater keeps its model. Measures are defined in `credit_ml.disclosure.measures`.

    Cost: for trees one pass over each tree a person; for scores that add up, sums over bundles;
    for any other model, calls on the bundles that can still pay (`exact_choice`). A regime that
    tells less than the model costs no model call but one after the response.

    Parameters
    ----------
    rater : rater, scikit-learn model or callable
    dataset : Dataset
    regimes : sequence of str or Regime
        Names of `REGIMES`, or objects of one's own (`Disclosed`, `Regime`).
    menu : Menu, optional
        What people can do; the package's by default.
    privileges : sequence, optional
        Objects with ``id, name, threshold, value``; a rater's agency gives its own. The first
        is the decision whose accuracy is measured.
    probability : array-like, optional
        True probability of keeping an obligation; ``dataset.context["probability"]`` if there.
        Without it the outcome on file stands, and improvement does not move it.
    income : array-like, optional
        Thousand yuan a month; ``dataset.context["income"]`` if there, else everybody has 3.
    cost_factor : array-like, optional
        What everything costs each person, times the menu's costs: a group's disadvantage, or a
        subsidy below 1 (Hu, Immorlica and Vaughan 2019).
    society : Society, optional
        Whose ties say who are friends, for the regime "friends"; rows as in the dataset. When
        everybody is followed at an agency's rater, social actions truly move its ties, and so
        the records of friends that bystanders are judged by.
    sensitive : sequence of str, optional
        Features to measure by; all by default.
    reference_groups : mapping of str to str, optional
        Reference group of a feature; its most numerous group by default.
    people : int, optional
        Size of a random sample to follow; None follows everybody.
    margin : float
        Points that people want above a threshold before they count on it.
    bundle : int, optional
        Actions done together at most; None for any number.
    bounds : Bounds, optional
        Response noise, a budget, who has heard of it; people are rational by default.
    intervals : float
        Level of normal intervals over people.
    seed : int
        Of the sample, and of what regimes draw.

    Raises
    ------
    MenuError
        When the menu, a regime or the privileges cannot be used.
    TableError
        When probability, income or cost factors do not fit the table.

    References
    ----------
    Hardt, Megiddo, Papadimitriou and Wootters (2016); Milli et al. (2019); Ghalme et al. (2021);
    Bechavod et al. (2022); see `Disclosure.citations`.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=1000, seed=3).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> found = disclose(rater, rater.agency.view(society), people=300).table
    >>> acts = found.query("measure == 'share_who_act' and sensitive == 'overall'")
    >>> float(acts.set_index("regime")["estimate"]["nothing"])
    0.0
    """
    told = checked_regimes(regimes)
    quantile = normal_quantile(intervals)
    case = case_of(
        rater, dataset, menu=menu, privileges=privileges, probability=probability, income=income,
        cost_factor=cost_factor, society=society, people=people, margin=margin, bundle=bundle,
        bounds=bounds or Bounds(), seed=seed,
    )  # fmt: skip
    sample = case.problem.people
    every = list(groups(sample, sensitive))
    pairs = list(pairs_of(sample, sensitive, reference_groups or {}))
    full, (costs, never) = follow(case, REGIMES["full"]), burden(case.problem)
    effects = true_effects(case.problem)
    table: list[Row] = []
    for regime in told:
        belief = regime.belief(case.problem)
        found = full if regime is REGIMES["full"] else act(case, belief)
        measured = Measured(
            values=per_person(found, full, case.problem.aims, costs), found=found,
            known=known_of(belief, case.problem, effects),
            income=case.problem.economy.yearly_income, creditworthy=case.creditworthy,
            quantile=quantile, unit=case.problem.score.unit,
        )  # fmt: skip
        for labels, who in every:
            table += measured.rows(who, labels | {"regime": regime.id})
        for pair in pairs:
            table += measured.gaps(pair, regime.id, case.problem.aims[0])
    problem = case.problem
    return Disclosure(
        table=pd.DataFrame(table, columns=COLUMNS_OF_TABLE),
        title=f"What disclosure changes: {problem.score.name}",
        parameters={
            "rater": problem.score.name,
            "unit": problem.score.unit,
            "regimes": {regime.id: regime.prose for regime in told},
            "privileges": {aim.name: aim.threshold for aim in problem.aims},
            "actions": {action.name: action.kind for action in problem.actions},
            "people": len(sample),
            "bundle": bundle,
            "margin": margin,
            "never": never,
            "intervals": intervals,
        },
        seed=seed,
        notes=(*_standing_notes(case, never), *case.notes, *_surrogate_notes(case, told)),
    )


def follow(case: DisclosureCase, regime: Regime) -> ResponseOutcome:
    """Return what everybody has after acting under one regime."""
    return act(case, regime.belief(case.problem))


def act(case: DisclosureCase, belief: Belief, *, told: DisclosureCase | None = None) -> ResponseOutcome:
    """Return what everybody has who acts on a belief, formed of this case or of one told of."""
    choice = case.only_informed(belief.choose((told or case).problem))
    return responded(
        choice, case.problem, probability=case.chances, outcome=case.outcome, met=case.met(choice)
    )


def true_effects(problem: DecisionProblem) -> list[Array]:
    """Change of the score that each single action makes, a model call each."""
    told = ScoreBelief(problem.score)
    return [told.effect(problem, 1 << number) for number in range(len(problem.actions))]


def known_of(belief: Belief, problem: DecisionProblem, effects: Sequence[Array]) -> Array | None:
    """Squared errors of what people believe of single actions, and squares of the effects."""
    if not hasattr(belief, "effect"):
        return None
    if isinstance(belief, ScoreBelief) and belief.score is problem.score:
        return np.array([np.zeros(len(problem.people)), sum(effect**2 for effect in effects)])
    wrong, total = np.zeros(len(problem.people)), np.zeros(len(problem.people))
    for number, effect in enumerate(effects):
        wrong += (belief.effect(problem, 1 << number) - effect) ** 2
        total += effect**2
    return np.array([wrong, total])


def _surrogate_notes(case: DisclosureCase, regimes: Sequence[Regime]) -> tuple[str, ...]:
    """Say how much of a score that is not linear its told weights catch."""
    told: frozenset[str] = frozenset()
    for regime in regimes:
        told |= getattr(regime, "tells", frozenset())
    if not told & {"weights", "ranks", "direction"}:
        return ()
    caught = case.problem.surrogate[1]
    if caught > 1 - 1e-6:
        return ()
    return (
        "The score is not linear: weights that are told are those of its best linear "
        f"approximation, which catches {100 * caught:.0f} % of the variance.",
    )


def _standing_notes(case: DisclosureCase, never: float) -> tuple[str, ...]:
    social = "friends dropped or sought change one's own columns only."
    if case.society is not None:
        social = "ties move as social actions say, and friends' records of bystanders with them."
    return (
        f"The rater keeps its model while people respond; {social}",
        f"{100 * never:.1f} % cannot reach the first privilege with any bundle; their burden is "
        "counted at the dearest bundle, which is too little.",
    )
