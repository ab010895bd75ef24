"""Take a gap apart into direct, indirect and spurious components, given a causal graph."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import (
    Dataset,
    InputError,
    Streams,
    TableError,
    beside,
    conform,
    known_names,
    refuse_weights,
)
from credit_ml.core.renamed import grouped_keywords, renamed_keywords
from credit_ml.core.tables.arrays import Array, Rows
from credit_ml.fairness.checks import finite
from credit_ml.inference import Comparison, Over, People, checked_level, comparisons_of
from credit_ml.proxies.causal.finding import CausalEffects
from credit_ml.proxies.causal.fit import (
    EXTREME,
    CausalFit,
    Mean,
    Standardiser,
    assigned_folds,
    strata,
)
from credit_ml.proxies.causal.graph import CausalGraph
from credit_ml.proxies.causal.rosenbaum import rosenbaum_gamma
from credit_ml.proxies.causal.sensitivity import sensitivity_of
from credit_ml.proxies.decomposition.components import GAP
from credit_ml.proxies.measured import Fact
from credit_ml.proxies.renamed_options import clustered_as_over


@clustered_as_over
@renamed_keywords(reference_group="reference_groups")
@grouped_keywords("fit", CausalFit, "estimator", "folds", "seed")
def causal_effects(
    outcome_or_scores: "npt.ArrayLike",
    dataset: Dataset,
    *,
    sensitive: str,
    graph: CausalGraph,
    reference_groups: str | Mapping[str, str] | None = None,
    fit: CausalFit | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
) -> CausalEffects:
    """Direct, indirect and spurious components of a group's gap; they sum to the gap exactly.

    With Y the outcome, A the sensitive feature, g the group, r the reference group, C and M the
    confounders and mediators of the graph, and M_g the mediators as they are in the group::

        E[Y | g] - E[Y | r] =  E[Y_g     | g] - E[Y_r,M_g | g]    direct    (-ctf-DE)
                             + E[Y_r,M_g | g] - E[Y_r     | g]    indirect  (+ctf-IE)
                             + E[Y_r     | g] - E[Y       | r]    spurious  (+ctf-SE)

    Everything is of the members of the group: what they would have had, had they been of
    the reference group. In the signs of Plecko and Bareinboim (x0 = group, x1 = reference group)
    the same line reads ``TV = ctf-DE - ctf-IE - ctf-SE``, minus one times the gap
    (`CausalEffects.explanation_formula`). Zero in a component means that the feature moves
    nothing that way, on average; effects of opposite sign can cancel in it. `total` is
    direct + indirect, the effect on the group of being of it.

    Each counterfactual mean is ``E[ E[Y | r, X] | g ]`` with X = C, or C and M, or, between
    blocks of mediators, C and the first k blocks; so block k's path is what the group's own block
    k adds to blocks 1..k-1, with all that it moves in later blocks: the paths that leave A by
    that block. Two estimators: saturated strata, or doubly robust ones (`Standardiser`).
    Intervals come from the estimates' influence functions.

    Of direct and total, what an unmeasured common cause must be to explain them away stands
    beside: `robustness_value`, `e_value`, and with strata of people without clusters
    `rosenbaum_gamma`.

    Cost: with boosting, 2 fits for each fold and block; else one regression for each block.

    Parameters
    ----------
    outcome_or_scores : array-like of float, one a person
        What is taken apart: `dataset.y`, decisions (0 and 1), or scores.
    dataset : Dataset
        Holds the graph's features among its features, context or sensitive features.
    graph : CausalGraph
        Who may act on whom; the data cannot say it.
    reference_groups : str or mapping of str to str, optional
        The most numerous group by default; every other group is compared with it.
    fit : CausalFit, optional
        By which regressions.
    intervals : float
        Level of the intervals.
    over : {"auto", "people", "clusters"}
        As in `decompose`.

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
    ...     reference_groups="m")
    >>> found.table.set_index("effect")["estimate"].round(3).to_dict()
    {'direct': 0.333, 'indirect': -0.333, 'spurious': 0.0, 'total': 0.0, '(gap)': 0.0}
    """
    refuse_weights(dataset, "causal_effects")
    checked_level(intervals)
    fit = fit or CausalFit()
    values = _values(outcome_or_scores, dataset)
    people = People.of(dataset, over=over)
    compared = list(comparisons_of(dataset, sensitive, reference_groups, needed=True))
    features = _features(dataset, graph, sensitive)
    chosen, streams = fit.chosen(features, compared), Streams(fit.seed)
    rows: list[dict[str, Any]] = []
    words = beside(__file__)
    notes = [*words["notes"], *([words["paths"]] if len(graph.blocks) > 1 else [])]
    for pair in compared:
        _check_sizes(pair, dataset)
        generator = streams.generator(f"proxies.causal.{pair.group}")
        folds = assigned_folds(pair, dataset.clusters(), fit.folds, generator)
        standardiser = Standardiser(values=values, pair=pair, estimator=chosen, folds=folds)
        place = f"{dataset.name}, {pair.group}"
        effects, extreme = _effects(standardiser, features, graph, place)
        alike = _alike(standardiser, features, graph, people)
        rows += _rows(effects, people, standardiser, alike, intervals)
        if extreme > 0:
            ends = {"share": 100 * extreme, "low": EXTREME[0], "high": EXTREME[1]}
            notes.append(words["poor_overlap"].format(**pair.labels, **ends))
    blocks = {block: list(names) for block, names in graph.blocks.items()}
    asked: dict[str, Any] = {"confounders": list(graph.confounder_names), "mediators": blocks}
    asked |= {"estimator": chosen, "folds": fit.folds, "intervals": intervals}
    return CausalEffects(
        table=conform(rows),
        title=f"Direct, indirect and spurious: the gap by {sensitive}",
        parameters=asked | {"cluster": dataset.cluster, "table": dataset.name},
        seed=streams.seed if chosen == "boosting" else None,
        notes=tuple(notes),
    )


def _values(outcome_or_scores: npt.ArrayLike, dataset: Dataset) -> Array:
    plain = np.asarray(outcome_or_scores)
    numbers = plain.astype(np.float64) if plain.dtype == bool else outcome_or_scores
    return finite(numbers, "outcome_or_scores", dataset.X.index)


def _effects(
    standardiser: Standardiser, features: pd.DataFrame, graph: CausalGraph, place: str
) -> tuple[dict[str, tuple[Mean, Mean]], float]:
    """Return each effect as one mean less another, and the largest share of extreme weights."""
    values, pair = standardiser.values, standardiser.pair
    own, theirs = Mean.of(values, pair.inside), Mean.of(values, pair.outside)
    names = list(graph.confounder_names)
    steps = [standardiser.mean(features[names], place)]
    for block in graph.blocks.values():
        names += block
        steps.append(standardiser.mean(features[names], place))
    effects = {"direct": (own, steps[-1]), "indirect": (steps[-1], steps[0])}
    if len(graph.blocks) > 1:
        pairs = zip(graph.blocks, steps, steps[1:], strict=False)
        effects |= {f"indirect: {block}": (after, before) for block, before, after in pairs}
    effects |= {"spurious": (steps[0], theirs), "total": (own, steps[0]), GAP: (own, theirs)}
    return effects, max(step.extreme for step in steps)


def _alike(
    of: Standardiser, features: pd.DataFrame, graph: CausalGraph, people: People
) -> dict[str, Rows]:
    """Return who is alike in what each effect holds fixed, where that is strata of lone people."""
    if of.estimator != "strata" or people.clusters is not None:
        return {}
    before = features[list(graph.confounder_names)]
    return {"direct": strata(features[list(graph.features)]), "total": strata(before)}


def _rows(
    effects: Mapping[str, tuple[Mean, Mean]],
    people: People,
    of: Standardiser,
    alike: Mapping[str, Rows],
    level: float,
) -> list[dict[str, Any]]:
    pair, rows = of.pair, []
    estimands = beside(__file__)["estimand"]
    both = of.values[pair.inside | pair.outside]
    for effect, (one, other) in effects.items():
        pull, parts = one.pull - other.pull, (pair.inside, pair.outside)
        estimate = people.from_influence(one.value - other.value, pull, parts=parts)
        estimand = estimands.get(effect, estimands["path"])
        row = Fact("outcome", pair, estimate).row(level, effect=effect, estimand=estimand)
        if effect in ("direct", "total"):
            row |= sensitivity_of(estimate, float(both.std()), len(both) - 2, level)
            row["rosenbaum_gamma"] = np.nan
        if effect in alike:
            who = pair.inside | pair.outside
            asked = (each[who] for each in (of.values, pair.inside, alike[effect]))
            row["rosenbaum_gamma"] = rosenbaum_gamma(*asked, level=level)
        rows.append(row | {"quantity": "total" if effect == GAP else "component"})
    return rows


def _features(dataset: Dataset, graph: CausalGraph, sensitive: str) -> pd.DataFrame:
    """Columns of the graph, from wherever the dataset holds them."""
    held: dict[str, pd.Series] = {}
    for frame in (dataset.X, dataset.context, dataset.sensitive):
        held |= {str(name): each for name, each in frame.items() if name not in held}
    columns: dict[str, pd.Series] = {}
    for name in graph.features:
        problem = f"holds the sensitive feature '{name}'"
        InputError.unless(name != sensitive, "graph", problem, "take it out")
        place, remedy = f"{dataset.name}, graph", known_names(name, held)
        TableError.unless(name in held, place, f"'{name}' is absent", remedy)
        column = held[name]
        plain = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
        columns[name] = column if plain else column.astype("category")
    return pd.DataFrame(columns, index=dataset.X.index)


def _check_sizes(pair: Comparison, dataset: Dataset) -> None:
    for name, who in ((pair.group, pair.inside), (pair.reference_group, pair.outside)):
        place, remedy = f"{dataset.name}, group '{name}'", "drop or merge that group"
        TableError.unless(who.sum() >= 2, place, "has one person", remedy)
