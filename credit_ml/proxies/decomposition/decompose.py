"""Take the gap of a score between groups apart by factor, without the truth."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from credit_ml.core import Dataset, InputError, conform, refuse_weights
from credit_ml.core.renamed import renamed_keywords, translated, warn_renamed
from credit_ml.inference import Over, People, checked_level, comparisons_of, kept_references
from credit_ml.proxies.decomposition.attribute import Attributions
from credit_ml.proxies.decomposition.components import MEASURES, component_rows
from credit_ml.proxies.decomposition.estimators import Estimator, GapTask, estimator
from credit_ml.proxies.decomposition.finding import Decomposition, method_facts
from credit_ml.proxies.renamed_options import clustered_as_over
from credit_ml.scoring import Output

#: Methods whose answer to scores without a model is the reference group's least squares.
_PRICED = ("block_shapley", "kitagawa_oaxaca_blinder")


def _scores_as_model(name: str, arguments: Any, options: Any) -> Any:
    """Take scores and attributions by their old keywords."""
    given = {**dict(zip(("model", "dataset"), arguments, strict=False)), **options}
    for old in ("attributions", "scores"):
        value = given.pop(old, None)
        if value is not None:
            warn_renamed(f"{name}({old}=)", f"{name}({old}, dataset)")
            given["model"] = value
    return (given.pop("model"), given.pop("dataset")), given


@renamed_keywords(reference_group="reference_groups")
@clustered_as_over
@partial(translated, translate=_scores_as_model)
def decompose(
    model: Any,
    dataset: Dataset,
    *,
    sensitive: str,
    method: str | Estimator = "block_shapley",
    output: Output = "score",
    reference_groups: str | Mapping[str, str] | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
    seed: int = 0,
) -> Decomposition:
    """Components of a score's gap, one a factor; they sum to the gap.

    ``E[s | group] - E[s | reference] = sum_k (E[phi_k | group] - E[phi_k | reference])``.
    Zero means that the factor carries nothing of the gap into this score. What phi is depends
    on the method: `estimators_frame` lists each method's estimand, assumptions and failures.
    Methods of kind "intervention" say how much the gap would fall; they sum to nothing.

    Intervals that count people are too narrow for factors that neighbours share; those that count
    clusters cover the gap and what people of one cluster share, too often what hangs on the cluster
    alone. A factor of friends' records (`Dataset.of_others`) has an interval only where
    people are asked for: friends live in all clusters and carry their shocks into each, so that
    the errors of clusters depend on each other, and there are too few of them to tell how. An
    interval that took clusters as independent held the truth in 84 to 88 % of societies. Where the
    data are simulated, `resample_societies` covers every component
    (``benchmarks/results/coverage.md``).

    Cost: 2**K model calls for block Shapley (once for all features with `attribute`), one pass for
    Kitagawa-Oaxaca-Blinder; others as `estimators_frame` says. In a table of fewer than 1,000
    people ten others stand in for each, ten times the calls, as on the pages; how many is said by
    ``estimator("block_shapley", references=5)``. The part of the error that hangs on who stands in
    falls as 1 / references.

    Parameters
    ----------
    model : rater, scikit-learn model, callable, CrossFitted, Attributions or Series
        `Attributions` are those that `attribute` made of a model on this table, for block
        Shapley; a Series holds scores without a model, which least squares takes apart.
    dataset : Dataset
    sensitive : str
    method : str or Estimator
        An id, or `estimator` of an id with options: block_shapley, conditional_shapley,
        kitagawa_oaxaca_blinder, oaxaca_group, oaxaca_neumark, oaxaca_pooled, oaxaca_reference,
        oaxaca_threefold, proxy_discrimination, selection_rate_shapley, shap_by_factor,
        swap_shapley, true_positive_shapley, within_stratum; and of kind "intervention"
        gradient_feature_auditing, leave_out, permute, residualise.
    output : {"score", "log_odds", "probability"}
        What is decomposed.
    reference_groups : str or mapping of str to str, optional
        The most numerous group by default; every other group is compared with it.
    intervals : float
        Level. In block Shapley everybody is the reference of one other person, by chance, and
        the intervals hold that error too.
    over : {"auto", "people", "clusters"}
        What intervals count; by default clusters, where the dataset names at least
        `credit_ml.inference.FEWEST_CLUSTERS` of them.
    seed : int

    Raises
    ------
    TableError
        When the feature is unknown or has one group only.
    ModelError
        When the model cannot be asked, or is not additive where that is needed.
    InputError
        When the method is unknown, or cannot use what is given, clusters are demanded of a table
        without enough of them, or people have weights and the method takes none.

    Examples
    --------
    >>> table = pd.DataFrame({"late": [0.0, 1.0, 2.0, 5.0], "sex": list("ffmm"), "y": [1, 1, 0, 0]})
    >>> data = Dataset.from_frame(table, target="y", sensitive=["sex"])
    >>> found = decompose(lambda X: -10.0 * X["late"], data, sensitive="sex")
    >>> found.table.set_index("factor")["estimate"].round(6).to_dict()
    {'late': -30.0, '(gap)': -30.0}
    """
    named, used = _method(method, model)
    checked_level(intervals)  # refuse before any work
    list(comparisons_of(dataset, sensitive, reference_groups, needed=True))
    People.of(dataset, over=over)
    if not used.weighted:
        refuse_weights(dataset, f"decompose, method '{used.id}'")
    asked: dict[str, Any] = {"sensitive": sensitive, "reference_groups": reference_groups}
    asked |= {"output": output, "over": over, "seed": seed}
    task = GapTask(model=model, dataset=dataset, **asked)
    return decomposed(used, task, named=named, intervals=intervals)


def decomposed(used: Estimator, asked: GapTask, *, named: str, intervals: float) -> Decomposition:
    """Let an estimator take a gap apart; tasks that share what they made do it once."""
    model, dataset = asked.model, asked.dataset
    part = used.people(dataset)
    kept = kept_references(dataset, part, asked.sensitive, asked.reference_groups)
    part = part.reading(model).held_as_factor()
    task = replace(asked, dataset=part, reference_groups=kept)
    found, people = used.decomposed(task), task.people
    labels = {"measure": used.measure or MEASURES[task.output], "method": named}
    labels["estimand"] = used.estimand
    unsure = _of_others(dataset, task.over)
    rows = [
        row
        for pair, components in found.by_pair
        for row in component_rows(components, labels | pair.labels, intervals, unsure=unsure)
    ]
    said: dict[str, Any] = {"rater": found.rater, "model": found.rater, "unit": found.unit}
    said |= {"output": task.output, "intervals": intervals, "intervals_over": people.counted}
    said["clusters"] = people.cluster_count if people.counted == "clusters" else None
    said |= {"kind": used.kind, "methods": {named: method_facts(used.title, used.citations)}}
    return Decomposition(
        table=conform(rows, unit=found.unit),
        title=f"What carries the gap: {found.rater}",
        parameters=said,
        seed=None if isinstance(model, pd.Series) else task.seed,
        notes=(used.fails, *used.sampled(task.dataset)),
    )


def _of_others(dataset: Dataset, over: Over) -> set[str]:
    """Factors that hold what others did; none where people of this society are asked for."""
    if over == "people":
        return set()
    factors = dataset.factors.items()
    return {name for name, columns in factors if not set(columns).isdisjoint(dataset.of_others)}


def _method(method: str | Estimator, model: Any) -> tuple[str, Estimator]:
    """Name in the table, and the estimator that is used."""
    used = method if isinstance(method, Estimator) else estimator(method)
    if isinstance(model, pd.Series) and used.id in _PRICED:
        return "kitagawa_oaxaca_blinder", estimator("oaxaca_reference")
    if isinstance(model, Attributions) and used.id != "block_shapley":
        raise InputError("attributions", f"are not what {used.id} uses", "give the model")
    return used.id, used
