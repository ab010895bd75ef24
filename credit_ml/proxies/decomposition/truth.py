"""What really carries a gap: the simulated intervention, factor by factor."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from credit_ml.agencies import Rater
from credit_ml.core import Streams
from credit_ml.explanation import coalition_scores, shapley
from credit_ml.proxies.decomposition.components import (
    frame,
    mean_difference,
    pairs,
    part_rows,
    quantile_of,
)
from credit_ml.proxies.decomposition.finding import GAP, Decomposition
from credit_ml.scoring import Output, score_function
from credit_ml.society import Society

ESTIMAND = {
    "held": "carrier: what an intervention on one person's group moves, others as they are",
    "everyone": "carrier: what an intervention on everybody's group at once moves",
}


def true_decomposition(
    society: Society,
    rater: Rater,
    *,
    sensitive: str,
    reference_group: str | None = None,
    output: Output = "score",
    others: Literal["held", "everyone"] = "held",
    people: int | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> Decomposition:
    """Parts of the gap that an intervention on a sensitive feature makes, by carrying factor.

    Each member of the group has a twin: the same chance, the feature set to the reference
    group. ``v(S)`` is the mean score with the factors in S the citizen's own and the others
    the twin's; the parts are the Shapley value of v and sum to ``mean s(own) - mean s(twin)``.
    Zero means that the factor carries nothing. With others held, the gap equals the observed
    one in expectation, because sensitive features are roots of the model; the observed gap is
    in ``parameters["observed"]``.

    Cost: one twin simulation and 2**K model calls on the members, a group.

    Parameters
    ----------
    others : {"held", "everyone"}
        Whether friends and neighbours stay as they are (see `Society.twin`).
    people : int, optional
        Members of a group that are given a twin, a random sample; all by default.
    intervals : float
        Level of normal intervals over citizens.
    seed : int
        Of the sample.

    Raises
    ------
    TableError
        When the feature or group is unknown.

    References
    ----------
    Plecko and Bareinboim (2024), for the intervention; Shapley (1953), for its division.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import load_world
    >>> society = load_world("no_proxy", citizens=800).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> bool((true_decomposition(society, rater, sensitive="hukou").table["estimate"] == 0).all())
    True
    """
    quantile = quantile_of(intervals)
    dataset = rater.agency.view(society)
    score = score_function(rater, output)
    seen = dataset.X
    scores = score(seen)
    rows: list[dict[str, Any]] = []
    observed: dict[str, float] = {}
    twins: dict[str, Any] = {}
    streams = Streams(seed)
    for group, inside, reference, outside in pairs(dataset, sensitive, reference_group):
        if reference not in twins:
            twin = society.twin(others=others, **{sensitive: reference})
            twins[reference] = rater.agency.view(twin).X
        rows_of = _members(inside, people, streams, group)
        values = coalition_scores(
            score, seen.iloc[rows_of], twins[reference].iloc[rows_of], dataset.factors
        )
        parts = np.column_stack([shapley(values).T, values[-1] - values[0]])
        labels = {
            "method": "true_carrier",
            "estimand": ESTIMAND[others],
            "sensitive": sensitive,
            "group": group,
            "reference_group": reference,
        }
        estimates = mean_difference(parts, np.zeros((2, parts.shape[1])), quantile=quantile)
        rows += part_rows([*dataset.factors, GAP], estimates, labels)
        observed[group] = float(scores[inside].mean() - scores[outside].mean())
    return Decomposition(
        table=frame(rows),
        title=f"What really carries the gap: {rater.name}",
        parameters={
            "rater": rater.name,
            "model": rater.name,
            "output": output,
            "unit": score.unit,
            "intervals": intervals,
            "intervals_over": "people",
            "others": others,
            "observed": observed,
            "people": people,
            "sample_seed": seed,
        },
        seed=society.world.seed,
        notes=(
            "The truth comes from an intervention in the simulated society, "
            + ("one person at a time." if others == "held" else "on everybody at once."),
        ),
    )


def _members(
    inside: NDArray[np.bool_], people: int | None, streams: Streams, group: str
) -> NDArray[np.intp]:
    rows = np.flatnonzero(inside)
    if people is None or people >= len(rows):
        return rows
    generator = streams.generator(f"proxies.truth.{group}")
    return np.sort(generator.choice(rows, people, replace=False))
