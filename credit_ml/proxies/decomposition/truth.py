"""What really carries a gap: the simulated intervention, factor by factor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.core import Array, Dataset, InputError, Mask, Rows, Streams, beside, conform
from credit_ml.core.cores import cores
from credit_ml.core.renamed import grouped_keywords, renamed_keywords, swapped_arguments
from credit_ml.explanation.shapley.block_shapley import pair_attributions
from credit_ml.inference import (
    People,
    checked_level,
    checked_societies,
    comparisons_of,
    other_societies,
    over_societies,
)
from credit_ml.proxies.decomposition.components import (
    INTERVENTION,
    MEASURES,
    SHAPLEY,
    Components,
    component_rows,
)
from credit_ml.proxies.decomposition.finding import Decomposition, method_facts
from credit_ml.scoring import Output, ScoreFunction, score_function
from credit_ml.society import Society

#: Name of the truth among the methods of decompositions.
TRUTH = "true_carrier"
ESTIMAND = beside(__file__)["estimand"]
#: Other societies that are met by default.
SOCIETIES = 20


@dataclass(frozen=True, kw_only=True)
class Twins:
    """Options of `true_decomposition` and `flow_decomposition`.

    Examples
    --------
    >>> Twins(people=1000).others
    'held'
    """

    others: Literal["held", "everyone"] = "held"
    """Whether friends and neighbours stay as they are (see `Society.twin`)."""
    people: int | None = None
    """Members of a group that are followed, a random sample; None for all."""
    seed: int = 0
    """Of the sample, and of the orders in which mechanisms are switched on."""

    def members(self, inside: Mask, stream: str) -> Rows:
        """Places of those who are followed."""
        rows = np.flatnonzero(inside)
        if self.people is None or self.people >= len(rows):
            return rows
        generator = Streams(self.seed).generator(stream)
        return np.sort(generator.choice(rows, self.people, replace=False))


@swapped_arguments("rater, society", first=lambda first: hasattr(first, "twin"))
@renamed_keywords(reference_group="reference_groups")
@grouped_keywords("twins", Twins, "others", "people", "seed")
def true_decomposition(
    rater: Rater,
    society: Society,
    *,
    sensitive: str,
    reference_groups: str | Mapping[str, str] | None = None,
    output: Output = "score",
    twins: Twins | None = None,
    intervals: float = 0.95,
    societies: int | None = None,
) -> Decomposition:
    """Components of the gap that an intervention on a sensitive feature makes, by carrying factor.

    Each member of the group has a twin: the same chance, the feature set to the reference
    group. ``v(S)`` is the mean score with the factors in S the citizen's own and the others
    the twin's; the components are the Shapley value of v and sum to ``mean s(own) - mean s(twin)``.
    Zero means that the factor carries nothing. With others held, the gap equals the observed
    one in expectation, because sensitive features are roots of the model; the observed gap is
    in ``parameters["observed"]``. Where slots pick friends of friends, whoever so picked the
    citizen also picks the twin, and friends' columns move too little: in "close_knit" (0.38 of
    slots) by 10 % of their gap (8 societies of 10,000, standard error 1).

    Intervals answer one of two questions, which the column ``over`` names. Over "societies", the
    default where the society knows its world: how far the parts move in other societies of this
    world, under the same rater (`resample_societies`); what people of a district share moves with
    them. Over "people": how sure this society's own number is, were other people of its districts
    followed; of everybody it is known, and of the world it says too little.

    Cost: one twin simulation and 2**K model calls on the members, a group; over societies that
    many times more, with a simulation each, shared out among all processors.

    Parameters
    ----------
    rater : Rater
    society : Society
    sensitive : str
    reference_groups : str or mapping of str to str, optional
        The most numerous group by default.
    output : {"score", "log_odds", "probability"}
    twins : Twins, optional
        Whose twins are made, and whether others stay as they are.
    intervals : float
        Level.
    societies : int, optional
        Other societies whose spread makes the intervals, at least 8; 20 by default where the
        world is at hand. 0 counts this society's people, each compared with the own twin.

    Raises
    ------
    TableError
        When the feature or group is unknown.
    InputError
        When there are too few societies, or the world that should make them is unknown.

    References
    ----------
    Plecko and Bareinboim (2024), for the intervention; Shapley (1953), for its division.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import load_world
    >>> society = load_world("no_proxy", citizens=800).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> found = true_decomposition(rater, society, sensitive="hukou", societies=8)
    >>> bool((found.table["estimate"] == 0).all()), found.table["over"].unique().tolist()
    (True, ['societies'])
    """
    checked_level(intervals)
    number = _other_societies(society, societies)
    asked: dict[str, Any] = {"sensitive": sensitive, "output": output, "intervals": intervals}
    asked["twins"] = twins = twins or Twins()
    own = in_one_society(rater, society, reference_groups=reference_groups, **asked)
    if not number:
        return own
    named = {sensitive: str(own.table["reference_group"].iloc[0])}
    # Of others the observed gap is not read, and nobody there need be scored for it.
    asked["reference_groups"] = named
    others = other_societies(
        society,
        lambda each: in_one_society(rater, each, seen=(rater.agency.view(each), None), **asked),
        societies=number,
        workers=cores(),
        seed=twins.seed,
    )
    return over_societies(own, others, intervals=intervals)


def _other_societies(society: Society, asked: int | None) -> int:
    """How many other societies are met; 0 for none."""
    known = hasattr(society.world, "simulate")
    if asked is None:
        return SOCIETIES if known else 0
    problem, remedy = f"are {asked}, and the world is unknown", "give societies=0"
    InputError.unless(known or asked == 0, "societies", problem, remedy)
    return checked_societies(asked) if asked else 0


def in_one_society(
    rater: Rater,
    society: Society,
    *,
    sensitive: str,
    reference_groups: str | Mapping[str, str] | None,
    twins: Twins,
    output: Output = "score",
    intervals: float = 0.95,
    seen: tuple[Dataset, Array | None] | None = None,
) -> Decomposition:
    """The truth in one society, with intervals over its people.

    `seen` is what the rater sees of it, and its scores, where they are at hand; without scores
    nothing is said of the gap that is observed.
    """
    score = score_function(rater, output)
    dataset = rater.agency.view(society) if seen is None else seen[0]
    scores = score(dataset.X) if seen is None else seen[1]
    labels = {"measure": MEASURES[output], "method": TRUTH, "estimand": ESTIMAND[twins.others]}
    rows, observed = list[dict[str, Any]](), dict[str, float]()
    pairs = list(comparisons_of(dataset, sensitive, reference_groups, needed=True))
    followed = [twins.members(pair.inside, f"proxies.truth.{pair.group}") for pair in pairs]
    # All groups have one reference, so that one society of twins holds those of all.
    people = np.sort(np.concatenate(followed))
    change = {sensitive: pairs[0].reference_group}
    other = rater.agency.view(society.twin(others=twins.others, people=people, **change)).X
    for pair, members in zip(pairs, followed, strict=True):
        mine = other.iloc[np.searchsorted(people, members)]
        found = _carried(score, dataset, mine, members, twins.seed)
        rows += component_rows(found, labels | pair.labels, intervals)
        if scores is not None:
            observed[pair.group] = float(scores[pair.inside].mean() - scores[pair.outside].mean())
    asked: dict[str, Any] = {"rater": rater.name, "model": rater.name, "output": output}
    asked |= {"unit": score.unit, "intervals": intervals, "intervals_over": "people"}
    asked |= {"others": twins.others, "people": twins.people, "sample_seed": twins.seed}
    method = method_facts("truth, by intervention", (*INTERVENTION, SHAPLEY[0]))
    how = "one person at a time" if twins.others == "held" else "on everybody at once"
    return Decomposition(
        table=conform(rows, unit=score.unit),
        title=f"What really carries the gap: {rater.name}",
        parameters=asked | {"observed": observed, "methods": {TRUTH: method}},
        seed=society.world.seed,
        notes=(f"The truth comes from an intervention in the simulated society, {how}.",),
    )


def _carried(
    score: ScoreFunction, dataset: Dataset, twins: pd.DataFrame, members: Rows, seed: int
) -> Components:
    """Shapley components of what members have above their own twins."""
    own = dataset.X.iloc[members]
    values, mine, theirs = pair_attributions(score, own, twins, dataset.factors, seed=seed)
    people = People(len(members))
    names, total = tuple(dataset.factors), people.mean(mine - theirs)
    return Components(names=names, estimate=people.mean(values), total=total)
