"""What people do when they are told about a score, and what comes of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, MenuError, Streams, TableError
from credit_ml.disclosure.actions import Menu, check_columns, default_menu
from credit_ml.disclosure.finding import Disclosure
from credit_ml.disclosure.measures import (
    COLUMNS_OF_TABLE,
    Responded,
    burden,
    normal_quantile,
    per_person,
    responded,
)
from credit_ml.disclosure.regimes import Full, Regime, Told, checked_regimes
from credit_ml.disclosure.response import Aim, best_response, bundles_of, options
from credit_ml.disclosure.rows import Row, gap_rows, group_rows, groups, pairs_of
from credit_ml.scoring import score_function

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
    sensitive: Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | None = None,
    people: int | None = 5000,
    margin: float = 0.0,
    bundle: int = 2,
    intervals: float = 0.95,
    seed: int = 0,
) -> Disclosure:
    """Let people respond to each regime of disclosure, and measure what changes.

    Each person chooses the bundle of at most `bundle` actions that maximises the believed
    worth of privileges minus its cost in own yearly incomes; the regime forms the belief. The
    rater keeps its model. Measures are defined in `credit_ml.disclosure.measures`.

    Cost: one model call on the sampled people for each bundle (37 for eight actions in pairs).

    Parameters
    ----------
    rater : rater, scikit-learn model or callable
    regimes : sequence of str or Regime
        "nothing", "factors", "full", or objects of one's own (`Regime`).
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
    sensitive : sequence of str, optional
        Features to measure by; all by default.
    reference_groups : mapping of str to str, optional
        Reference group of a feature; its most numerous group by default.
    people : int, optional
        Size of a random sample to follow; None follows everybody.
    margin : float
        Points that people want above a threshold before they count on it.
    bundle : int
        Actions done together at most.
    intervals : float
        Level of normal intervals over people.
    seed : int
        Of the sample.

    Raises
    ------
    MenuError
        When the menu, a regime or the privileges cannot be used.
    TableError
        When probability or income do not fit the table.

    References
    ----------
    Hardt, Megiddo, Papadimitriou and Wootters (2016); Milli et al. (2019); see
    `Disclosure.citations`.

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
    told_regimes = checked_regimes(regimes)
    quantile = normal_quantile(intervals)
    aims = _aims(rater, privileges)
    menu = default_menu() if menu is None else menu
    check_columns(menu, dataset.X)
    actions = menu.visible(list(dataset.X.columns))
    open_bundles = bundles_of(actions, most=bundle)
    chances, notes = _column(dataset, "probability", probability)
    incomes, income_notes = _column(dataset, "income", income)
    _check_ranges(chances, incomes)
    rows = _sample(dataset, people, seed)
    sample = dataset.take(rows)
    every = list(groups(sample, sensitive))
    pairs = list(pairs_of(sample, sensitive, reference_groups or {}))
    score = score_function(rater)
    yearly = np.full(len(rows), 36.0) if incomes is None else 12 * incomes[rows]
    open_to = options(score, sample.X, open_bundles, yearly)
    told = Told(X=sample.X, scores=open_to.scores[0], factors=dataset.factors)

    def follow(regime: Regime) -> Responded:
        return responded(
            best_response(regime, told, open_to, aims, margin=margin), open_to, aims[0],
            probability=None if chances is None else chances[rows],
            outcome=None if sample.y is None else sample.y.to_numpy(),
        )  # fmt: skip

    full = follow(Full())
    costs, never = burden(open_to, aims[0])
    weights = _creditworthy(sample, chances, rows)
    table: list[Row] = []
    for regime in told_regimes:
        found = full if isinstance(regime, Full) else follow(regime)
        values = per_person(found, full, aims, costs)
        for labels, who in every:
            named = labels | {"regime": regime.id}
            table += group_rows(values, found, who, weights, quantile, named, score.unit)
        for pair in pairs:
            table += gap_rows(found, pair, aims[0], quantile, regime.id, score.unit)
    return Disclosure(
        table=pd.DataFrame(table, columns=COLUMNS_OF_TABLE),
        title=f"What disclosure changes: {score.name}",
        parameters={
            "rater": score.name,
            "unit": score.unit,
            "regimes": {regime.id: regime.prose for regime in told_regimes},
            "privileges": {aim.name: aim.threshold for aim in aims},
            "actions": {action.name: action.kind for action in actions},
            "people": len(rows),
            "bundle": bundle,
            "margin": margin,
            "never": never,
            "intervals": intervals,
        },
        seed=seed,
        notes=(*_standing_notes(never), *notes, *income_notes),
    )


def _aims(rater: Any, privileges: Sequence[Any] | None) -> tuple[Aim, ...]:
    given = privileges
    if given is None:
        given = getattr(getattr(rater, "agency", None), "privileges", ())
    aims = tuple(
        Aim(id=each.id, name=each.name, threshold=each.threshold, value=each.value)
        for each in given
    )
    if not aims:
        raise MenuError(
            "privileges", "are missing", "give what is granted from which score on (Aim)"
        )
    return aims


def _column(dataset: Dataset, name: str, given: Any) -> tuple[Array | None, tuple[str, ...]]:
    if given is None and name in dataset.context.columns:
        given = dataset.context[name]
    if given is None:
        missing = {
            "probability": "True probabilities are unknown: accuracy is against the outcome on "
            "file, which improvement does not move.",
            "income": "Incomes are unknown: everybody is given the same, so that costs do not "
            "weigh more on the poor here.",
        }
        return None, (missing[name],)
    values = np.asarray(given, dtype=np.float64)
    if values.shape != (len(dataset),) or not np.isfinite(values).all():
        raise TableError(name, "does not give one number a person", f"give {len(dataset)} numbers")
    return values, ()


def _check_ranges(chances: Array | None, incomes: Array | None) -> None:
    if chances is not None and not ((chances >= 0) & (chances <= 1)).all():
        raise TableError("probability", "is not within 0 and 1", "give chances of keeping")
    if incomes is not None and not (incomes > 0).all():
        raise TableError("income", "is not above zero everywhere", "give thousand yuan a month")


def _sample(dataset: Dataset, people: int | None, seed: int) -> NDArray[np.intp]:
    generator = Streams(seed).generator("disclosure.people")
    if people is not None and people < 1:
        raise TableError("people", f"is {people}", "give at least 1, or None for everybody")
    if people is None or people >= len(dataset):
        return np.arange(len(dataset))
    return np.sort(generator.choice(len(dataset), people, replace=False))


def _creditworthy(sample: Dataset, chances: Array | None, rows: NDArray[np.intp]) -> Array | None:
    if chances is not None:
        return chances[rows]
    return None if sample.y is None else sample.y.to_numpy(dtype=np.float64)


def _standing_notes(never: float) -> tuple[str, ...]:
    return (
        "The rater keeps its model while people respond; friends dropped or sought change one's "
        "own columns only.",
        f"{100 * never:.1f} % cannot reach the first privilege with any bundle; their burden is "
        "counted at the dearest bundle, which is too little.",
    )
