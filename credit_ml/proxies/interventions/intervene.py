"""What if something were done about a proxy: gap, quality and decisions, intervention by another.

These are what-if changes of a scorer, not attributions: their gaps do not add up to anything.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, InputError
from credit_ml.proxies.decomposition.components import pairs
from credit_ml.proxies.held_out import Case, Judged, case_of
from credit_ml.proxies.interventions.fairlearn_methods import GroupThresholds, Reduce
from credit_ml.proxies.interventions.finding import BASELINE, Interventions
from credit_ml.proxies.interventions.kinds import (
    Coarsen,
    DiscriminationFree,
    Drop,
    Intervention,
    Residualise,
    RewireFriends,
)
from credit_ml.proxies.paired import (
    Decision,
    Estimated,
    accuracy_of,
    auc_of,
    by_lot,
    calibration_error,
    decision_auc,
    gained,
    gap_of,
    mean_of,
    selection_gap,
    top_share,
)
from credit_ml.proxies.rewiring import FRIENDS_COLUMNS
from credit_ml.society import COLUMNS, Society

#: What a reader must know of those that rank nobody.
DECIDE = (
    "Reductions and group lines decide and rank nobody: what the figure shows at the right is the "
    "AUC of decisions against that of the baseline's decisions, and lots bring them to the common "
    "share. Reductions rest on a logistic regression; group lines "
    "treat equal scores of two groups unequally."
)

#: Of one measure: its name, the group and reference group, and the number.
Fact = tuple[str, str, str, Estimated]


def intervene(
    model: Any,
    population: Society | Dataset,
    *,
    sensitive: str,
    interventions: Sequence[Intervention] | None = None,
    privilege: str | None = None,
    threshold: float | None = None,
    reference_group: str | None = None,
    held_out: float = 0.5,
    intervals: float = 0.95,
    seed: int = 0,
) -> Interventions:
    """What each intervention does to gap, quality and decisions, on people held out.

    Every scorer is trained on the same people and measured on the same others. Of a society it
    learns the outcome of the period before and is audited on the next one. The share of all who
    are favoured is the baseline's at its line, for every intervention alike, so that nobody
    gains by a line that moved: who ranks is cut at that share, who only decides is brought to it
    by lot (`by_lot`). For scores s, decisions d (chances, where tied or drawn by lot):

    - score_gap: ``E[s | group] - E[s | reference]``; 0 is none.
    - selection_gap: ``E[d | group] - E[d | reference]``; 0 is none.
    - auc, brier, calibration_error (ten bins): of the probabilities, where there are some.
    - decision_auc: ``(1 + E[d | kept] - E[d | not kept]) / 2``; accuracy: share with d = y.
    - gained, lost: share of a group favoured now and not before, and the reverse.
    - selected: share that a decider would favour, before lots made it equal.

    A "change" is the difference from the baseline, of the same people: its interval is paired.
    Intervals count the dataset's clusters where it names them. They hold the chance of who is
    held out and not that of training.

    Cost: one fit an intervention; three more for group lines, some fifteen small ones for a
    reduction, 5 tries a tie for rewiring.

    Parameters
    ----------
    model : Agency, Rater or classifier
        An agency with a Society; an unfitted classifier with `predict_proba` with a Dataset.
    population : Society or Dataset
    sensitive : str
    interventions : sequence of Intervention, optional
        All that fit what is given, by default (`default_interventions`).
    privilege : str, optional
        Of the agency, whose line decides; its first one by default.
    threshold : float, optional
        A line instead: points of an agency, else a probability, 0.5 by default.
    reference_group : str, optional
        The most numerous by default; every other group is compared with it.
    held_out : float
        Share of people held out.
    intervals : float
        Level.
    seed : int
        Of who is held out, and of whatever an intervention draws.

    Returns
    -------
    Interventions

    Raises
    ------
    AgencyError
        When the agency scores by fixed rules, or has no such privilege.
    ModelError, TableError, InputError
        When model, people, line or an intervention's columns do not fit each other.

    References
    ----------
    See `Interventions.citations` and each intervention's `source`.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> random = np.random.default_rng(0)
    >>> old = random.random(2000) < 0.5
    >>> years, late = random.normal(3 * old), random.normal(size=2000)
    >>> table = pd.DataFrame({"years": years, "late": late, "band": np.where(old, "old", "young"),
    ...                       "kept": (random.random(2000) < 0.5 + 0.2 * (late < 0)).astype(int)})
    >>> data = Dataset.from_frame(table, target="kept", sensitive=["band"])
    >>> found = intervene(LogisticRegression(), data, sensitive="band",
    ...                   interventions=[Drop(what="years", columns=("years",))])
    >>> sorted(found.table["intervention"].unique())
    ['baseline', 'drop_years']
    """
    case = case_of(
        model, population, sensitive=sensitive, privilege=privilege, threshold=threshold,
        held_out=held_out, seed=seed,
    )  # fmt: skip
    people = case.held_out
    compared = list(pairs(people, sensitive, reference_group))
    asked = default_interventions(case) if interventions is None else tuple(interventions)
    _check_names(asked)
    before = case.judged(case.dataset.X)
    share = float((_known(before.score) >= case.line).mean())
    first = top_share(_known(before.score), share)
    clusters, kept = people.clusters(), _kept(people)
    facts = list(_facts(before, first, compared, kept))
    start = {fact[:3]: fact[3] for fact in facts}
    rows = _rows(BASELINE, "as it is", facts, {}, sensitive, clusters, intervals)
    deciders: list[str] = []
    for each in asked:
        judged = each.judge(case)
        decision = decided(judged, share)
        if judged.score is None:
            deciders.append(each.id)
        facts = [*_facts(judged, decision, compared, kept), *_flips(decision, first, compared)]
        rows += _rows(each.id, each.title, facts, start, sensitive, clusters, intervals)
    return Interventions(
        table=pd.DataFrame(rows),
        title=f"What interventions would change: {case.name}",
        parameters={
            "rater": case.name, "unit": case.unit, "intervals": intervals, "line": case.line,
            "share": share, "held_out": len(case.test), "trained_on": len(case.train),
            "clusters": None if clusters is None else int(clusters.max()) + 1,
            "deciders": deciders, "sources": {each.id: each.source for each in asked},
        },
        seed=seed,
        notes=(
            f"Under every intervention {100 * share:.1f} % of the people held out are favoured, "
            f"as by the baseline at its line of {case.line:g} {case.unit}.",
            "Interventions are what-if changes, not attributions: gaps closed by two of them do "
            "not add up.",
            *([DECIDE] if deciders else []),
        ),
    )  # fmt: skip


def default_interventions(case: Case) -> tuple[Intervention, ...]:
    """Those that fit what is given: by stream in a society, by factor in a table."""
    first: list[Intervention] = []
    if case.society is not None:
        first = _of_streams([str(name) for name in case.dataset.X.columns])
    elif len(case.dataset.factors) > 1:
        first = [Drop(what=name, columns=tuple(own)) for name, own in case.dataset.factors.items()]
    return (
        *first,
        Residualise(),
        DiscriminationFree(),
        Reduce(constraint="demographic_parity"),
        Reduce(constraint="equalized_odds"),
        GroupThresholds(constraint="demographic_parity"),
        GroupThresholds(constraint="equalized_odds"),
    )


def _of_streams(read: list[str]) -> list[Intervention]:
    friends = tuple(name for name in read if COLUMNS[name].stream == "contacts")
    address = tuple(name for name in read if COLUMNS[name].stream == "address")
    found: list[Intervention] = []
    if friends:
        found.append(Drop(what="friends", columns=friends))
    if any(name in friends for name in FRIENDS_COLUMNS):
        found.append(RewireFriends())
    if address:
        found.append(Drop(what="address", columns=address))
        district = tuple(name for name in address if name.startswith("district_"))
        found.append(Coarsen(what="address", columns=district))
    return found


def decided(judged: Judged, share: float) -> Decision:
    """Decisions that favour the share: from the top of a score, or chances brought to it."""
    if judged.score is None:
        return by_lot(_known(judged.chances), share)
    return top_share(judged.score, share)


def _facts(
    judged: Judged, now: Decision, compared: list[Any], kept: NDArray[np.float64]
) -> Iterator[Fact]:
    decides = judged.score is None
    yield "decision_auc", "all", "", decision_auc(now, kept)
    yield "accuracy", "all", "", accuracy_of(now, kept)
    if decides:
        yield "selected", "all", "", mean_of(_known(judged.chances))
    else:
        probability = _known(judged.probability)
        yield "auc", "all", "", auc_of(_known(judged.score), kept)
        yield "brier", "all", "", mean_of((probability - kept) ** 2)
        yield "calibration_error", "all", "", calibration_error(probability, kept)
    for group, inside, reference, outside in compared:
        yield "selection_gap", group, reference, selection_gap(now, inside, outside)
        if not decides:
            yield "score_gap", group, reference, gap_of(_known(judged.score), inside, outside)


def _flips(now: Decision, before: Decision, compared: list[Any]) -> Iterator[Fact]:
    for group, inside in [(each[0], each[1]) for each in compared] + [compared[0][2:]]:
        yield "gained", group, "", gained(now, before, inside)
        yield "lost", group, "", gained(before, now, inside)


def _rows(
    name: str, title: str, facts: list[Fact], start: dict[tuple[str, str, str], Estimated],
    sensitive: str, clusters: NDArray[np.intp] | None, level: float,
) -> list[dict[str, Any]]:  # fmt: skip
    rows = []
    for measure, group, reference, found in facts:
        shown = [("level", found)]
        # What changed is a change already; how many a decider would favour is compared by nobody.
        if start and measure not in ("gained", "lost", "selected"):
            shown.append(("change", found - start[measure, group, reference]))
        for fact, value in shown:
            estimate, low, high = value.interval(clusters, level=level)
            if measure in ("gained", "lost"):
                low, high = max(low, 0.0), min(high, 1.0)
            rows.append({
                "intervention": name, "title": title, "measure": measure, "sensitive": sensitive,
                "group": group, "reference_group": reference, "fact": fact,
                "estimate": estimate, "low": low, "high": high,
            })  # fmt: skip
    return rows


def _kept(people: Dataset) -> NDArray[np.float64]:
    return people.outcome(needed_for="an intervention").to_numpy(dtype=np.float64)


def _known(values: NDArray[np.float64] | None) -> NDArray[np.float64]:
    assert values is not None
    return values


def _check_names(asked: Sequence[Intervention]) -> None:
    names = [each.id for each in asked]
    for name in names:
        if names.count(name) > 1 or name == BASELINE:
            raise InputError("interventions", f"hold '{name}' twice", "name each its own way")
