"""Which mechanism makes a gap, and through which factor it comes in: source, carrier and flow."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import compress, product
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.agencies import Rater
from credit_ml.core import Array, Dataset, Finding, InputError, Rows, Streams, beside, conform
from credit_ml.core.figure import Axes
from credit_ml.core.progress import followed
from credit_ml.core.renamed import grouped_keywords, renamed_keywords, swapped_arguments
from credit_ml.explanation import shapley
from credit_ml.explanation.shapley.block_shapley import pair_attributions
from credit_ml.inference import Comparison, People, checked_level, comparisons_of
from credit_ml.proxies.decomposition.components import GAP, INTERVENTION, MEASURES, SHAPLEY
from credit_ml.proxies.decomposition.sankey import draw_sankey
from credit_ml.proxies.decomposition.truth import Twins
from credit_ml.scoring import Output, ScoreFunction, score_function
from credit_ml.society import Society, depending

#: More mechanisms than this are sampled: 2**6 societies are made at most.
EXACT = 6
#: Orders in which mechanisms are switched on, where they are sampled.
PERMUTATIONS = 24

ESTIMAND = beside(__file__)["estimand"]


class Flow(Finding):
    """A gap as a matrix, mechanism by factor; its margins are the source and the carrier truth.

    Rows with factor ``(gap)`` are a mechanism's whole share (source), rows with mechanism
    ``(gap)`` a factor's (carrier), and the row with both is the gap that the intervention makes.

    Examples
    --------
    >>> rows = [{"mechanism": "pay", "factor": GAP, "estimate": -3.0},
    ...         {"mechanism": GAP, "factor": "late", "estimate": -3.0}]
    >>> found = Flow(table=conform(rows), title="")
    >>> found.source["mechanism"].tolist(), found.carrier["factor"].tolist()
    (['pay'], ['late'])
    """

    kind: ClassVar[str] = "flow"
    labels: ClassVar[tuple[str, ...]] = ("mechanism", "factor")
    citations: ClassVar[tuple[str, ...]] = (*SHAPLEY, *INTERVENTION)

    @property
    def source(self) -> pd.DataFrame:
        """Rows of the mechanisms' whole shares."""
        return self._margin("mechanism", "factor")

    @property
    def carrier(self) -> pd.DataFrame:
        """Rows of the factors' whole shares."""
        return self._margin("factor", "mechanism")

    def _margin(self, shown: str, whole: str) -> pd.DataFrame:
        rows = self.table[(self.table[whole] == GAP) & (self.table[shown] != GAP)]
        return rows.reset_index(drop=True)

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the flow from mechanisms to factors as a Sankey diagram."""
        return draw_sankey(self.table, self.parameters["unit"], axes)

    def metrics(self) -> dict[str, float]:
        """Each mechanism's and factor's whole share, by feature and group."""
        found = {}
        margins = self.table[(self.table[["factor", "mechanism"]] == GAP).any(axis=1)]
        for row in margins.to_dict("records"):
            side = "source" if row["factor"] == GAP else "carrier"
            name = str(row["mechanism" if side == "source" else "factor"]).strip("()")
            found[f"proxies.{side}.{row['sensitive']}.{row['group']}.{name}"] = row["estimate"]
        return found


def flow_twins(**options: Any) -> Twins:
    """`Twins` of 5,000 members unless another number is named."""
    return Twins(**{"people": 5000, **options})


@swapped_arguments("rater, society", first=lambda first: hasattr(first, "twin"))
@renamed_keywords(reference_group="reference_groups")
@grouped_keywords("twins", flow_twins, "others", "people", "seed")
def flow_decomposition(
    rater: Rater,
    society: Society,
    *,
    sensitive: str,
    reference_groups: str | Mapping[str, str] | None = None,
    output: Output = "score",
    twins: Twins | None = None,
    permutations: int | None = None,
    intervals: float = 0.95,
) -> Flow:
    """Take the gap that an intervention makes apart by mechanism (source) and factor (carrier).

    ``v(S, T)`` is the mean score of a group's members when only the mechanisms in S see who they
    are (the others see the reference group) and only the factors in T are taken from the citizen
    so made (the others from the full twin). A cell is the Shapley value over S of the Shapley
    value over T. Summed over factors it is the source truth, summed over mechanisms the carrier
    truth of `true_decomposition`, and all cells sum to the gap. Zero in a cell means that the
    mechanism brings nothing of the feature into the score through that factor.

    Only mechanisms that depend on the feature are switched (`depending`); up to 6 of them exactly,
    more by random orders, whose standard error is in the column ``sampling_error``. Carriers and
    the gap are exact either way.

    Cost: one twin simulation and 2**K model calls on `people` members for each of 2**M sets of
    mechanisms, or of the sets that the orders meet.

    Parameters
    ----------
    rater : Rater
    society : Society
    sensitive : str
    reference_groups : str or mapping of str to str, optional
        The most numerous group by default.
    output : {"score", "log_odds", "probability"}
    twins : Twins, optional
        Whose twins are made, and whether others stay as they are; of 5,000 members by default.
    permutations : int, optional
        Sample so many orders of mechanisms (at least 2; an odd number is rounded up, for each
        order is followed by its reverse), however few mechanisms there are.
    intervals : float
        Level of intervals over citizens, sampling of orders included.

    Raises
    ------
    TableError
        When the feature or group is unknown.
    InputError
        When fewer than 2 permutations are to be sampled.

    References
    ----------
    Shapley (1953); Castro, J., Gomez, D. and Tejada, J. (2009). Polynomial calculation of the
    Shapley value based on sampling. Computers and Operations Research 36, 1726-1730.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import load_world
    >>> society = load_world("unequal_reporting", citizens=800).simulate()
    >>> rater = load_agency("sesame").fit(society, scorer="scorecard")
    >>> found = flow_decomposition(rater, society, sensitive="hukou")
    >>> found.source["mechanism"].tolist()
    ['reporting']
    """
    checked_level(intervals)
    problem, enough = f"is {permutations}", permutations is None or permutations >= 2
    InputError.unless(enough, "permutations", problem, "give at least 2, or None")
    twins = twins or flow_twins()
    dataset = rater.agency.view(society)
    score = score_function(rater, output)
    mechanisms = depending(society.world, sensitive)
    rows: list[dict[str, Any]] = []
    for pair in comparisons_of(dataset, sensitive, reference_groups, needed=True):
        members = twins.members(pair.inside, f"proxies.flow.{pair.group}")
        followed = _Followed(rater, society, dataset, pair, members, twins.others)
        generator = Streams(twins.seed).generator(f"proxies.orders.{pair.group}")
        cells, error = _over_mechanisms(
            mechanisms, followed.carriers(score, mechanisms), len(members), permutations, generator
        )
        labels = {"measure": MEASURES[output], "estimand": ESTIMAND[twins.others]} | pair.labels
        rows += _rows(cells, error, (mechanisms, tuple(dataset.factors)), labels, intervals)
    asked: dict[str, Any] = {"rater": rater.name, "output": output, "unit": score.unit}
    asked |= {"intervals": intervals, "others": twins.others, "people": twins.people}
    return Flow(
        table=conform(rows, unit=score.unit),
        title=f"From mechanism to factor: {rater.name}",
        parameters=asked | {"permutations": permutations},
        seed=twins.seed,
        notes=tuple(beside(__file__)["notes"]),
    )


@dataclass(frozen=True, eq=False)
class _Followed:
    """Members of a group whose twins are made with some mechanisms switched off."""

    rater: Rater
    society: Society
    dataset: Dataset
    pair: Comparison
    members: Rows
    others: Literal["held", "everyone"]

    def seen(self, off: Sequence[str]) -> pd.DataFrame:
        """What the rater sees of them when these mechanisms see the reference group."""
        if not off:
            return self.dataset.X.iloc[self.members]
        base = {self.pair.sensitive: self.pair.reference_group}
        asked: dict[str, Any] = {"mechanisms": list(off), "people": self.members, **base}
        return self.rater.agency.view(self.society.twin(others=self.others, **asked)).X

    def carriers(
        self, score: ScoreFunction, mechanisms: tuple[str, ...]
    ) -> Callable[[frozenset[str]], Array]:
        """Each factor's share of what a set of mechanisms brings, shape (people, factors)."""
        none, factors = self.seen(mechanisms), self.dataset.factors

        def value(on: frozenset[str]) -> Array:
            if not on:
                return np.zeros((len(none), len(factors)))
            made = self.seen([name for name in mechanisms if name not in on])
            return pair_attributions(score, made, none, factors)[0]

        return value


def _over_mechanisms(
    mechanisms: tuple[str, ...],
    carriers: Callable[[frozenset[str]], Array],
    people: int,
    permutations: int | None,
    generator: np.random.Generator,
) -> tuple[Array, Array]:
    """Cells of every person, shape (mechanisms, people, factors), and their sampling error."""
    value, number = cache(carriers), len(mechanisms)
    shape = value(frozenset()).shape
    if permutations is None and number <= EXACT:
        bits = np.arange(2**number)[:, np.newaxis] >> np.arange(number) & 1
        sets = [frozenset(compress(mechanisms, own)) for own in bits]
        made = np.empty((len(sets), *shape))
        for place, on in enumerate(followed(sets, "sets of mechanisms")):
            made[place] = value(on)
        cells = shapley(made) if number else np.zeros((0, *shape))
        return cells, np.zeros((number, shape[1]))
    # Each order is followed by its reverse, so that pairs of them are what is independent.
    pairs = ((permutations or PERMUTATIONS) + 1) // 2
    total, means = np.zeros((number, *shape)), np.zeros((pairs, number, shape[1]))
    for draw in followed(range(pairs), "orders of mechanisms"):
        order = generator.permutation(number)
        for on, more, place in [*_steps(mechanisms, order), *_steps(mechanisms, order[::-1])]:
            step = value(more) - value(on)
            total[place] += step / (2 * pairs)
            means[draw, place] += step.mean(axis=0) / 2
    spread = means.std(axis=0, ddof=1) if pairs > 1 else np.full(means.shape[1:], np.nan)
    return total, spread / np.sqrt(pairs)


def _steps(
    mechanisms: tuple[str, ...], order: NDArray[Any]
) -> Iterator[tuple[frozenset[str], frozenset[str], int]]:
    """Sets before and after each mechanism of an order is switched on, and its place."""
    on: frozenset[str] = frozenset()
    for place in order:
        more = on | {mechanisms[place]}
        yield on, more, int(place)
        on = more


def _rows(
    cells: Array,
    error: Array,
    names: tuple[tuple[str, ...], tuple[str, ...]],
    labels: dict[str, str],
    intervals: float,
) -> Iterator[dict[str, Any]]:
    # A margin is one more row and one more column, of every person.
    whole = np.concatenate([cells, cells.sum(axis=0, keepdims=True)])
    whole = np.concatenate([whole, whole.sum(axis=2, keepdims=True)], axis=2)
    mechanisms, factors = (*names[0], GAP), (*names[1], GAP)
    sampled = np.zeros((len(mechanisms), len(factors)))
    sampled[:-1, :-1], sampled[:-1, -1] = error, np.sqrt((error**2).sum(axis=1))
    estimate = People(whole.shape[1]).mean(whole.swapaxes(0, 1))
    estimate = replace(estimate, variance=estimate.variance + sampled**2)
    for (m, mechanism), (k, factor) in product(enumerate(mechanisms), enumerate(factors)):
        quantity = "total" if mechanism == factor == GAP else "component"
        place: dict[str, Any] = {"quantity": quantity, "mechanism": mechanism, "factor": factor}
        place["sampling_error"] = float(sampled[m, k])
        yield labels | place | estimate[m, k].facts(intervals)
