"""Take a gap apart into direct, indirect and spurious parts, given a causal graph."""

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, InputError, Streams, TableError, known_names, refuse_unknown
from credit_ml.fairness.checks import finite
from credit_ml.proxies.causal.finding import (
    ASSUMPTIONS,
    ESTIMANDS,
    PATHS,
    CausalEffects,
)
from credit_ml.proxies.causal.fit import (
    EXTREME,
    Estimator,
    Mask,
    Mean,
    Standardiser,
    assigned_folds,
    has_overlap,
    is_discrete,
    plain_mean,
    variance,
)
from credit_ml.proxies.causal.graph import CausalGraph
from credit_ml.proxies.decomposition.components import pairs, quantile_of
from credit_ml.proxies.decomposition.finding import GAP


def causal_effects(
    outcome_or_scores: npt.ArrayLike,
    dataset: Dataset,
    *,
    sensitive: str,
    graph: CausalGraph,
    reference_group: str | None = None,
    estimator: Estimator = "auto",
    folds: int = 5,
    intervals: float = 0.95,
    seed: int = 0,
) -> CausalEffects:
    """Direct, indirect and spurious parts of a group's gap; they sum to the gap exactly.

    With Y the outcome, A the sensitive feature, g the group, r the reference group, C and M the
    confounders and mediators of the graph, and M_g the mediators as they are in the group::

        E[Y | g] - E[Y | r] =  E[Y_g     | g] - E[Y_r,M_g | g]    direct    (-ctf-DE)
                             + E[Y_r,M_g | g] - E[Y_r     | g]    indirect  (+ctf-IE)
                             + E[Y_r     | g] - E[Y       | r]    spurious  (+ctf-SE)

    Everything is told of the members of the group: what they would have had, had they been of
    the reference group. In the signs of Plecko and Bareinboim (x0 = group, x1 = reference group)
    the same line reads ``TV = ctf-DE - ctf-IE - ctf-SE``, minus one times the gap
    (`CausalEffects.explanation_formula`). Zero in a part means that the feature moves
    nothing that way, on average; effects of opposite sign can cancel in it. `total` is
    direct + indirect, the effect on the group of being of it.

    Each counterfactual mean is ``E[ E[Y | r, X] | g ]`` with X = C, or C and M, or, between
    blocks of mediators, C and the first k blocks; so block k's path is what the group's own block
    k adds to blocks 1..k-1, with all that it moves in later blocks: the paths that leave A by
    that block. Two estimators: saturated strata, or doubly robust ones (`Standardiser`).
    Intervals are normal, from the estimates' influence functions; with `Dataset.cluster` set,
    influences are summed within clusters and the quantile is Student's.

    Cost: with boosting, 2 fits for each fold and block; else one regression for each block.

    Parameters
    ----------
    outcome_or_scores : array-like of float, one a person
        What is taken apart: `dataset.y`, decisions (0 and 1), or scores.
    dataset : Dataset
        Holds the graph's features among its features, context or sensitive features.
    graph : CausalGraph
        Who may act on whom; the data cannot say it.
    reference_group : str, optional
        The most numerous group by default; every other group is compared with it.
    estimator : {"auto", "strata", "linear", "boosting"}
        "strata": means within cells of all features, without a model. "linear": least squares
        and logistic odds, main effects only. "boosting": cross-fitted trees for both. Trees
        smooth: of 60 tables of 2,000 people from a linear model, 95 % intervals held the direct
        part in 52 and the others in 57 or 58; those of "linear" held each in 56 to 59.
        "auto": strata when every feature is discrete and nobody of the group is alone in a cell,
        else boosting.
    folds : int
        Of cross-fitting, at least 2; used by boosting alone.
    intervals : float
        Level of the intervals.
    seed : int
        Of the folds.

    Returns
    -------
    CausalEffects

    Raises
    ------
    TableError
        When a feature is unknown, an outcome is missing, a group has fewer than two people (or
        a fold of boosting none of them), or a stratum of the group has no reference people.
    InputError
        When an option is unknown, or the graph holds the sensitive feature itself.

    References
    ----------
    See `CausalEffects.citations`.

    Examples
    --------
    >>> rows = [("f", "x", 0), ("f", "x", 1), ("f", "z", 1), ("m", "x", 0), ("m", "z", 1)]
    >>> frame = pd.DataFrame([*rows, ("m", "z", 1)], columns=["sex", "job", "paid"])
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> found = causal_effects(
    ...     data.y, data, sensitive="sex", graph=CausalGraph(mediators=["job"]),
    ...     reference_group="m")
    >>> found.table.set_index("effect")["estimate"].round(3).to_dict()
    {'direct': 0.333, 'indirect': -0.333, 'spurious': 0.0, 'total': 0.0, '(gap)': 0.0}
    """
    if estimator not in get_args(Estimator):
        refuse_unknown(InputError, "estimator", str(estimator), get_args(Estimator))
    if isinstance(folds, bool) or not isinstance(folds, int) or folds < 2:
        raise InputError("folds", f"is {folds!r}", "give at least 2")
    quantile = _quantile(intervals, dataset)
    given = np.asarray(outcome_or_scores)
    values = finite(
        given.astype(np.float64) if given.dtype == bool else outcome_or_scores,
        "outcome_or_scores", dataset.X.index,
    )  # fmt: skip
    compared = list(pairs(dataset, sensitive, reference_group))
    features = _features(dataset, graph, sensitive)
    chosen = _chosen(estimator, features, [(i, o) for _, i, _, o in compared])
    streams, rows, notes = Streams(seed), [], []
    for group, inside, reference, outside in compared:
        _check_sizes(inside, outside, group, reference, dataset)
        standardiser = Standardiser(
            values=values, inside=inside, outside=outside, estimator=chosen,
            folds=assigned_folds(
                inside, outside, dataset.clusters(), folds=folds,
                generator=streams.generator(f"proxies.causal.{group}"),
            ),
        )  # fmt: skip
        parts, extreme = _parts(standardiser, features, graph, f"{dataset.name}, {group}")
        labels = {"sensitive": sensitive, "group": group, "reference_group": reference}
        rows += _rows(parts, labels, quantile, dataset.clusters())
        if extreme > 0:
            notes.append(_poor_overlap(extreme, group, reference))
    return CausalEffects(
        table=pd.DataFrame(rows),
        title=f"Direct, indirect and spurious: the gap by {sensitive}",
        parameters={
            "confounders": list(graph.confounders),
            "mediators": {block: list(names) for block, names in graph.blocks.items()},
            "estimator": chosen, "folds": folds, "intervals": intervals,
            "cluster": dataset.cluster, "table": dataset.name,
        },
        seed=streams.seed if chosen == "boosting" else None,
        notes=(*ASSUMPTIONS, *(PATHS if len(graph.blocks) > 1 else ()), *notes),
    )  # fmt: skip


def _parts(
    standardiser: Standardiser, features: pd.DataFrame, graph: CausalGraph, place: str
) -> tuple[dict[str, Mean], float]:
    """Return each effect, and the largest share of extreme weights among the means."""
    own = plain_mean(standardiser.values, standardiser.inside)
    theirs = plain_mean(standardiser.values, standardiser.outside)
    names = list(graph.confounders)
    steps = [standardiser.mean(features[names], place)]
    for block in graph.blocks.values():
        names += block
        steps.append(standardiser.mean(features[names], place))
    parts = {"direct": own - steps[-1], "indirect": steps[-1] - steps[0]}
    if len(graph.blocks) > 1:
        parts |= {
            f"indirect: {block}": after - before
            for block, before, after in zip(graph.blocks, steps, steps[1:], strict=False)
        }
    parts |= {"spurious": steps[0] - theirs, "total": own - steps[0], GAP: own - theirs}
    return parts, max(step.extreme for step in steps)


def _rows(
    parts: Mapping[str, Mean], labels: Mapping[str, str], quantile: float,
    clusters: NDArray[np.intp] | None,
) -> list[dict[str, Any]]:  # fmt: skip
    rows = []
    for effect, part in parts.items():
        half = quantile * float(np.sqrt(variance(part.influence, clusters)))
        kind = effect.split(":")[0]
        rows.append(
            {**labels, "effect": effect, "estimand": ESTIMANDS["path" if kind != effect else kind],
             "estimate": part.estimate, "low": part.estimate - half, "high": part.estimate + half}
        )  # fmt: skip
    return rows


def _features(dataset: Dataset, graph: CausalGraph, sensitive: str) -> pd.DataFrame:
    """Columns of the graph, from wherever the dataset holds them."""
    held = (dataset.X, dataset.context, dataset.sensitive)
    known = [str(name) for frame in held for name in frame.columns]
    columns: dict[str, pd.Series] = {}
    for name in graph.features:
        if name == sensitive:
            raise InputError("graph", f"holds the sensitive feature '{name}'", "take it out")
        if name not in known:
            raise TableError(
                f"{dataset.name}, graph", f"'{name}' is absent", known_names(name, known)
            )
        column = next(frame[name] for frame in held if name in frame.columns)
        plain = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        columns[name] = column if plain else column.astype("category")
    return pd.DataFrame(columns, index=dataset.X.index)


def _chosen(
    estimator: Estimator, features: pd.DataFrame, compared: list[tuple[Mask, Mask]]
) -> Estimator:
    if estimator != "auto":
        return estimator
    if not all(is_discrete(features[name]) for name in features.columns):
        return "boosting"
    apart = all(has_overlap(features, inside, outside) for inside, outside in compared)
    return "strata" if apart else "boosting"


def _quantile(intervals: float, dataset: Dataset) -> float:
    clusters = dataset.clusters()
    if clusters is None:
        return quantile_of(intervals)
    from scipy import stats

    quantile_of(intervals)
    number = int(clusters.max()) + 1
    if number < 2:
        raise TableError(
            f"{dataset.name}, cluster '{dataset.cluster}'", "has one value", "give at least two"
        )
    return float(stats.t.ppf((1 + intervals) / 2, number - 1))


def _check_sizes(inside: Mask, outside: Mask, group: str, reference: str, dataset: Dataset) -> None:
    for name, who in ((group, inside), (reference, outside)):
        if who.sum() < 2:
            raise TableError(
                f"{dataset.name}, group '{name}'", "has one person", "drop or merge that group"
            )


def _poor_overlap(extreme: float, group: str, reference: str) -> str:
    return (
        f"{group} against {reference}: {100 * extreme:.1f} % of the reference group have features "
        f"by which their group is all but certain (chance outside {EXTREME[0]:g} to "
        f"{EXTREME[1]:g}); their weights are held at the limit, and parts lean on the regression."
    )
