"""What people do when they are told about a score, and what comes of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from credit_ml.core import Array, Dataset, conform, refuse_weights
from credit_ml.core.progress import followed
from credit_ml.disclosure.beliefs.advice import Offer, Offered
from credit_ml.disclosure.beliefs.belief import Belief, ScoreBelief
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.case import DisclosureCase, case_of
from credit_ml.disclosure.finding import Disclosure
from credit_ml.disclosure.measures import burden, per_person
from credit_ml.disclosure.outcome import ResponseOutcome, outcome_of
from credit_ml.disclosure.regime import Regime, words_of
from credit_ml.disclosure.regimes import REGIMES, checked_regimes
from credit_ml.disclosure.rows import RegimeMeasures, Row
from credit_ml.inference import (
    GroupedPeople,
    People,
    checked_level,
    comparisons_of,
    groups_of,
    kept_references,
)
from credit_ml.response.options import ResponseOptions, takes_response
from credit_ml.society import Society


@takes_response
def disclose(
    rater: Any,
    dataset: Dataset,
    *,
    regimes: str | Regime | Sequence[str | Regime] = ("nothing", "factors", "full"),
    response: ResponseOptions | None = None,
    society: Society | None = None,
    people: int | None = 5000,
    sensitive: str | Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | str | None = None,
    intervals: float = 0.95,
    over: str = "auto",
    seed: int = 0,
) -> Disclosure:
    """Let people respond to each regime of disclosure, and measure what changes.

    Each person chooses the bundle of at most `response.bundle` actions that maximises the
    believed worth of what is granted, less that of what is imposed and the bundle's cost in own
    yearly incomes; the regime forms the belief. The rater keeps its model. Measures are defined in
    `credit_ml.disclosure.measures`.

    Cost: for trees one pass over each tree a person; for scores that add up, sums over bundles;
    for any other model, calls on the bundles that can still pay (`exact_choice`). A regime that
    tells less than the model costs no model call but one after the response.

    Parameters
    ----------
    rater : rater, scikit-learn model or callable
    dataset : Dataset
    regimes : str, Regime or sequence of them
        Names, TOML files, or objects of one's own (`Disclosed`, `Regime`). Names: nothing, prior,
        factors, direction, ranks, rounded, weights, weights_alone, reasons, counterfactual,
        recommendation, examples, friends, models, adviser, adviser_rater, full.
    response : ResponseOptions, optional
        What people can do and how well they choose: menu, privileges, incomes, costs, noise.
    society : Society, optional
        Whose ties say who are friends, for the regime "friends"; rows as in the dataset. When
        everybody is followed at an agency's rater, social actions truly move its ties, and so
        the records of friends that bystanders are judged by.
    people : int, optional
        Size of a random sample to follow; None follows everybody.
    sensitive : str or sequence of str, optional
        Features to measure by; all by default.
    reference_groups : mapping of str to str, or str, optional
        Reference group of a feature; its most numerous group by default.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        Whom intervals count; clusters where the dataset names enough of them.
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
    refuse_weights(dataset, "disclose")
    chosen = checked_regimes(regimes)
    response = response or ResponseOptions()
    checked_level(intervals)
    case = case_of(rater, dataset, response, society=society, people=people, seed=seed)
    problem, counted = case.problem, People.of(case.problem.people, over=over)
    every = list(groups_of(problem.people, sensitive))
    places = [(name, group) for name, group, _ in every]
    references = kept_references(problem.everyone, problem.people, sensitive, reference_groups)
    pairs = list(comparisons_of(problem.people, sensitive, references))
    groups, burdens = GroupedPeople(counted, [who for *_, who in every]), burden(problem)
    rows: list[Row] = []
    offers: dict[str, Any] = {}
    for measured in regime_measures(case, chosen, groups, burdens, intervals):
        offers |= measured.offer
        rows += [*measured.rows(places), *measured.gaps(pairs, places)]
    asked = {"bundle": response.bundle, "margin": response.margin, "intervals": intervals}
    never = float(burdens[1].mean())
    standing = _standing_notes(case, never)
    return Disclosure(
        table=conform(rows),
        title=f"What disclosure changes: {problem.score.name}",
        parameters={
            **_parameters(problem, chosen),
            **({"offers": offers} if offers else {}),
            **asked,
            "never": never,
            "intervals_over": counted.counted,
        },
        seed=seed,
        notes=(*standing, counted.note, *case.notes, *_surrogate_notes(case, chosen)),
    )


def regime_measures(
    case: DisclosureCase,
    regimes: Sequence[Regime],
    groups: GroupedPeople,
    burdens: tuple[Array, Array],
    level: float,
) -> Iterator[RegimeMeasures]:
    """What everybody does under each regime, ready to be measured group by group."""
    problem, full = case.problem, follow(case, REGIMES["full"])
    effects = true_effects(problem)
    for regime in followed(regimes, "regimes"):
        belief = regime.belief(problem)
        found = full if regime is REGIMES["full"] else act(case, belief)
        yield RegimeMeasures(
            groups=groups,
            values=per_person(found, problem.aims, burdens),
            found=found,
            full=full,
            income=problem.economy.yearly_income,
            known=known_of(belief, problem, effects),
            creditworthy=case.creditworthy,
            level=level,
            labels={"regime": regime.id},
            offer={regime.id: _said(belief.offer(problem))} if isinstance(belief, Offered) else {},
            risky=any(action.detection for action in problem.actions),
            unit=problem.score.unit,
        )


def _said(offer: Offer) -> dict[str, Any]:
    """What was told and sold, where that was chosen."""
    return {
        "told": list(offer.told),
        "price": offer.price,
        "revenue": offer.revenue,
        "accuracy": offer.accuracy,
    }


def _parameters(problem: DecisionProblem, regimes: Sequence[Regime]) -> dict[str, Any]:
    imposed = {aim.name: aim.threshold for aim in problem.aims if aim.imposed}
    words = {regime.id: words_of(regime) for regime in regimes}
    return {
        "rater": problem.score.name,
        "unit": problem.score.unit,
        "regimes": {name: each["description"] for name, each in words.items()},
        "clauses": {name: each["clause"] for name, each in words.items()},
        "headings": {name: each["heading"] for name, each in words.items()},
        "privileges": {aim.name: aim.threshold for aim in problem.aims if not aim.imposed},
        **({"penalties": imposed} if imposed else {}),
        "actions": {action.name: action.kind for action in problem.actions},
        "people": len(problem.people),
    }


def follow(case: DisclosureCase, regime: Regime) -> ResponseOutcome:
    """Return what everybody has after acting under one regime."""
    return act(case, regime.belief(case.problem))


def act(
    case: DisclosureCase, belief: Belief, *, disclosed: DisclosureCase | None = None
) -> ResponseOutcome:
    """Return what everybody has who acts on a belief, formed of this case or of one disclosed."""
    return outcome_of(case, case.only_informed(belief.choose((disclosed or case).problem)))


def true_effects(problem: DecisionProblem) -> list[Array]:
    """Change of the score that each single action makes, a model call each."""
    truth = ScoreBelief(problem.score)
    return [truth.effect(problem, 1 << number) for number in range(len(problem.actions))]


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
    disclosed = {item for regime in regimes for item in getattr(regime, "discloses", ())}
    if not disclosed & {"weights", "ranks", "direction"}:
        return ()
    caught = case.problem.surrogate[1]
    if caught > 1 - 1e-6:
        return ()
    return (
        "The score is not linear: weights that are told are those of its best linear "
        f"approximation, which catches {100 * caught:.0f} % of the variance.",
    )


def _standing_notes(case: DisclosureCase, never: float) -> tuple[str, ...]:
    aim = case.problem.aims[0]
    verb = "escape" if aim.imposed else "reach"
    stands = f"The rater keeps its model while people respond{_ties_note(case)}."
    if not never:
        return (stands, f"All who were followed can {verb} '{aim.name}' with some bundle.")
    share = f"{100 * never:.1f}" if never >= 0.0005 else "Under 0.1"
    return (
        stands,
        f"{share} % cannot {verb} '{aim.name}' with any bundle; their burden is counted "
        "at the dearest bundle, which is too little.",
    )


def _ties_note(case: DisclosureCase) -> str:
    """Say what social actions move, where there are any."""
    if case.society is not None:
        return "; ties move as social actions say, and friends' records of bystanders with them"
    if any(action.kind == "social" for action in case.problem.actions):
        return "; friends dropped or sought change one's own columns only"
    return ""
