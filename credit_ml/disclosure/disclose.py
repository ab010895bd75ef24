"""What people do when they are told about a score, and what comes of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, MenuError, Streams, TableError, refuse_unknown
from credit_ml.disclosure.actions import Menu, check_columns, default_menu
from credit_ml.disclosure.finding import Disclosure
from credit_ml.disclosure.measures import (
    COLUMNS_OF_TABLE,
    UNITS,
    Responded,
    auc_row,
    burden,
    difference_row,
    labelled,
    mean_row,
    normal_quantile,
    per_person,
    ratio_row,
    responded,
)
from credit_ml.disclosure.regimes import Full, Regime, Told, checked_regimes
from credit_ml.disclosure.response import Aim, best_response, bundles_of, options
from credit_ml.scoring import score_function

Array = NDArray[np.float64]
Row = dict[str, Any]


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
    check_columns(menu, list(dataset.X.columns))
    actions = menu.visible(list(dataset.X.columns))
    open_bundles = bundles_of(actions, most=bundle)
    chances, notes = _column(dataset, "probability", probability)
    incomes, income_notes = _column(dataset, "income", income)
    if incomes is not None and not (incomes > 0).all():
        raise TableError("income", "is not above zero everywhere", "give thousand yuan a month")
    rows = _sample(dataset, people, seed)
    sample = dataset.take(rows)
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
    groups = list(_groups(sample, sensitive))
    pairs = list(_pairs(sample, sensitive, reference_groups or {}))
    table: list[Row] = []
    costs, never = burden(open_to, aims[0])
    weights = _creditworthy(sample, chances, rows)
    for regime in told_regimes:
        found = full if regime.id == "full" else follow(regime)
        values = per_person(found, full, aims, costs)
        for labels, who in groups:
            table += _group_rows(
                values, found, who, weights, quantile, labels | {"regime": regime.id}, score.unit
            )
        for pair in pairs:
            table += _gap_rows(found, pair, aims[0], quantile, regime.id, score.unit)
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


def _sample(dataset: Dataset, people: int | None, seed: int) -> NDArray[np.intp]:
    generator = Streams(seed).generator("disclosure.people")
    if people is None or people >= len(dataset):
        return np.arange(len(dataset))
    return np.sort(generator.choice(len(dataset), people, replace=False))


def _groups(
    dataset: Dataset, sensitive: Sequence[str] | None
) -> Iterator[tuple[dict[str, str], NDArray[np.bool_]]]:
    yield {"sensitive": "overall", "group": "all"}, np.ones(len(dataset), dtype=bool)
    for feature in _features(dataset, sensitive):
        values = dataset.groups(feature)
        for group in values.cat.categories:
            who = (values == group).to_numpy()
            if who.any():
                yield {"sensitive": feature, "group": str(group)}, who


def _features(dataset: Dataset, sensitive: Sequence[str] | None) -> list[str]:
    known = [str(column) for column in dataset.sensitive.columns]
    return known if sensitive is None else list(sensitive)


def _creditworthy(sample: Dataset, chances: Array | None, rows: NDArray[np.intp]) -> Array | None:
    if chances is not None:
        return chances[rows]
    return None if sample.y is None else sample.y.to_numpy(dtype=np.float64)


def _group_rows(
    values: dict[str, Array], found: Responded, who: NDArray[np.bool_], weights: Array | None,
    quantile: float, labels: dict[str, str], unit: str,
) -> list[Row]:  # fmt: skip
    rows = []
    for measure, each in values.items():
        weighted = weights[who] if measure == "social_burden" and weights is not None else None
        row = mean_row(each[who], weighted, quantile=quantile)
        rows.append(labelled(row, **labels, reference_group="", measure=measure,
                             unit=_unit(measure, unit)))  # fmt: skip
    whole = {
        "improvement_share": ratio_row(found.improving[who], found.actions[who], quantile=quantile),
        "auc": auc_row(found.after[who], found.kept[who], quantile=quantile),
    }
    for measure, row in whole.items():
        rows.append(labelled(row, **labels, reference_group="", measure=measure,
                             unit=UNITS[measure]))  # fmt: skip
    return rows


def _unit(measure: str, unit: str) -> str:
    return unit if UNITS[measure] == "points" else UNITS[measure]


@dataclass(frozen=True, kw_only=True)
class _Pair:
    """A group beside its reference group."""

    labels: dict[str, str]
    who: NDArray[np.bool_]
    base: NDArray[np.bool_]


def _pairs(
    sample: Dataset, sensitive: Sequence[str] | None, references: Mapping[str, str]
) -> Iterator[_Pair]:
    for feature in _features(sample, sensitive):
        values = sample.groups(feature)
        counts = values.value_counts(sort=False)
        reference = references.get(feature, str(counts.idxmax()))
        if reference not in counts.index:
            refuse_unknown(TableError, f"reference_groups, {feature}", reference, counts.index)
        base = (values == reference).to_numpy()
        for group, number in counts.items():
            if number and group != reference:
                names = {"sensitive": feature, "group": str(group), "reference_group": reference}
                yield _Pair(labels=names, who=(values == group).to_numpy(), base=base)


def _gap_rows(
    found: Responded, pair: _Pair, lead: Aim, quantile: float, regime: str, unit: str
) -> list[Row]:
    rows: list[Row] = []
    for when, scores in (("before", found.before), ("after", found.after)):
        chosen = (scores >= lead.threshold).astype(np.float64)
        for measure, each, each_unit in (
            (f"score_gap_{when}", scores, unit),
            (f"selection_gap_{when}", chosen, "share of people"),
        ):
            row = difference_row(each[pair.who], each[pair.base], quantile=quantile)
            rows.append(
                labelled(row, **pair.labels, regime=regime, measure=measure, unit=each_unit)
            )
    return rows


def _standing_notes(never: float) -> tuple[str, ...]:
    return (
        "The rater keeps its model while people respond; friends dropped or sought change one's "
        "own columns only.",
        f"{100 * never:.1f} % cannot reach the first privilege with any bundle; their burden is "
        "counted at the dearest bundle, which is too little.",
    )
