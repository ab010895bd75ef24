"""Which mechanism makes a gap, and through which factor it comes in: source, carrier and flow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.agencies import Rater
from credit_ml.core import Finding, InputError, Streams
from credit_ml.core.figure import styled
from credit_ml.explanation import coalition_scores, shapley
from credit_ml.proxies.decomposition.components import pairs, quantile_of
from credit_ml.proxies.decomposition.finding import GAP, INTERVENTION, SHAPLEY
from credit_ml.proxies.decomposition.sankey import draw_sankey
from credit_ml.scoring import Output, score_function
from credit_ml.society import Society, depending

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
Others = Literal["held", "everyone"]

#: More mechanisms than this are sampled: 2**6 societies are made at most.
EXACT = 6
#: Orders in which mechanisms are switched on, where they are sampled.
PERMUTATIONS = 24

ESTIMAND = {
    "held": "source by carrier: what an intervention on one person's group moves, mechanism by "
    "mechanism and factor by factor",
    "everyone": "source by carrier: what an intervention on everybody's group at once moves",
}


@dataclass(frozen=True, kw_only=True)
class Flow(Finding):
    """A gap as a matrix, mechanism by factor; its margins are the source and the carrier truth.

    Rows with factor ``(gap)`` are a mechanism's whole part (source), rows with mechanism ``(gap)``
    a factor's whole part (carrier), and the row with both is the gap that the intervention makes.
    """

    kind: ClassVar[str] = "flow"
    citations: ClassVar[tuple[str, ...]] = (*SHAPLEY, *INTERVENTION)

    @property
    def source(self) -> pd.DataFrame:
        """Rows of the mechanisms' whole parts."""
        rows = self.table[(self.table["factor"] == GAP) & (self.table["mechanism"] != GAP)]
        return rows.reset_index(drop=True)

    @property
    def carrier(self) -> pd.DataFrame:
        """Rows of the factors' whole parts."""
        rows = self.table[(self.table["mechanism"] == GAP) & (self.table["factor"] != GAP)]
        return rows.reset_index(drop=True)

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw the flow from mechanisms to factors as a Sankey diagram."""
        return draw_sankey(self.table, self.parameters["unit"], axes)

    def metrics(self) -> dict[str, float]:
        """Each mechanism's and factor's whole part, by feature and group."""
        found = {}
        for row in self.table.to_dict("records"):
            if GAP in (row["mechanism"], row["factor"]):
                side = "source" if row["factor"] == GAP else "carrier"
                name = row["mechanism"] if side == "source" else row["factor"]
                key = f"proxies.{side}.{row['sensitive']}.{row['group']}.{name.strip('()')}"
                found[key] = row["estimate"]
        return found


def flow_decomposition(
    society: Society,
    rater: Rater,
    *,
    sensitive: str,
    reference_group: str | None = None,
    output: Output = "score",
    others: Others = "held",
    people: int | None = 5000,
    permutations: int | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> Flow:
    """Take the gap that an intervention makes apart by mechanism (source) and factor (carrier).

    ``v(S, T)`` is the mean score of a group's members when only the mechanisms in S see who they
    are (the others see the reference group) and only the factors in T are taken from the citizen
    so made (the others from the full twin). A cell is the Shapley value over S of the Shapley
    value over T. Summed over factors it is the source truth, summed over mechanisms the carrier
    truth of `true_decomposition`, and all cells sum to the gap. Zero in a cell means that the
    mechanism brings nothing of the feature into the score through that factor.

    Only mechanisms that depend on the feature are asked (`depending`); up to 6 of them exactly,
    more by random orders, whose standard error is in the column ``sampling_error``. Carriers and
    the gap are exact either way.

    Cost: one twin simulation and 2**K model calls on `people` members for each of 2**M sets of
    mechanisms, or of the sets that the orders meet.

    Parameters
    ----------
    others : {"held", "everyone"}
        Whether friends and neighbours stay as they are (see `Society.twin`).
    people : int, optional
        Members of a group that are followed, a random sample; None for all.
    permutations : int, optional
        Sample this many orders of mechanisms (at least 2), however few mechanisms there are.
    intervals : float
        Level of normal intervals over citizens, sampling of orders included.
    seed : int
        Of the sample and of the orders.

    Raises
    ------
    TableError
        When the feature or group is unknown.
    InputError
        When fewer than 2 permutations are asked for.

    References
    ----------
    Shapley (1953); Castro, J., Gomez, D. and Tejada, J. (2009). Polynomial calculation of the
    Shapley value based on sampling. Computers and Operations Research 36, 1726-1730.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import load_world
    >>> society = load_world("unequal_reporting", citizens=1500).simulate()
    >>> rater = load_agency("sesame").fit(society, scorer="scorecard")
    >>> found = flow_decomposition(society, rater, sensitive="hukou")
    >>> found.source["mechanism"].tolist()
    ['reporting']
    """
    quantile = quantile_of(intervals)
    if permutations is not None and permutations < 2:
        raise InputError("permutations", f"is {permutations}", "give at least 2, or None")
    dataset = rater.agency.view(society)
    score = score_function(rater, output)
    mechanisms = depending(society.world, sensitive)
    factors = tuple(dataset.factors)
    streams = Streams(seed)
    rows: list[dict[str, Any]] = []
    for group, inside, reference, _ in pairs(dataset, sensitive, reference_group):
        members = _sample(np.flatnonzero(inside), people, streams, f"proxies.flow.{group}")

        def seen(on: frozenset[str], who: Any = members, base: str = reference) -> pd.DataFrame:
            off = [name for name in mechanisms if name not in on]
            if not off:
                mine: pd.DataFrame = dataset.X.iloc[who]
                return mine
            twin = society.twin(others=others, mechanisms=off, **{sensitive: base})
            made: pd.DataFrame = rater.agency.view(twin).X.iloc[who]
            return made

        none = seen(frozenset())

        def carriers(on: frozenset[str], base: pd.DataFrame = none, make: Any = seen) -> Array:
            if not on:
                return np.zeros((len(base), len(factors)))
            return shapley(coalition_scores(score, make(on), base, dataset.factors)).T

        cells, error = _over_mechanisms(
            mechanisms, carriers, (len(none), len(factors)), permutations,
            streams.generator(f"proxies.orders.{group}"),
        )  # fmt: skip
        labels = {"estimand": ESTIMAND[others], "sensitive": sensitive, "group": group,
                  "reference_group": reference}  # fmt: skip
        rows += _rows(cells, error, mechanisms, factors, labels, quantile)
    return Flow(
        table=pd.DataFrame(rows),
        title=f"From mechanism to factor: {rater.name}",
        parameters={
            "rater": rater.name,
            "output": output,
            "unit": score.unit,
            "intervals": intervals,
            "others": others,
            "people": people,
            "permutations": permutations,
        },
        seed=seed,
        notes=(
            "The source says which mechanism of the world makes the gap, the carrier through "
            "which factor it comes into the score; both are Shapley values of the same "
            "intervention and sum to the same gap.",
        ),
    )


def _over_mechanisms(
    mechanisms: tuple[str, ...],
    carriers: Callable[[frozenset[str]], Array],
    shape: tuple[int, int],
    permutations: int | None,
    generator: np.random.Generator,
) -> tuple[Array, Array]:
    """Cells of every person, shape (mechanisms, people, factors), and their sampling error."""
    known: dict[frozenset[str], Array] = {}

    def value(on: frozenset[str]) -> Array:
        if on not in known:
            known[on] = carriers(on)
        return known[on]

    if permutations is None and len(mechanisms) <= EXACT:
        values = np.array(
            [
                value(frozenset(m for k, m in enumerate(mechanisms) if on >> k & 1))
                for on in range(2 ** len(mechanisms))
            ]
        )
        cells = shapley(values) if mechanisms else np.zeros((0, *shape))
        return cells, np.zeros((len(mechanisms), shape[1]))
    orders = permutations or PERMUTATIONS
    total = np.zeros((len(mechanisms), *shape))
    means = np.zeros((orders, len(mechanisms), shape[1]))
    for number, order in enumerate(_orders(len(mechanisms), orders, generator)):
        on: frozenset[str] = frozenset()
        for place in order:
            more = on | {mechanisms[place]}
            step = value(more) - value(on)
            total[place] += step
            means[number, place] = step.mean(axis=0)
            on = more
    # Orders come in pairs with their reverse, so pairs are what is independent.
    halves = means.reshape(orders // 2, 2, *means.shape[1:]).mean(axis=1)
    spread = halves.std(axis=0, ddof=1) if len(halves) > 1 else np.full(means.shape[1:], np.nan)
    return total / orders, spread / np.sqrt(len(halves))


def _orders(size: int, number: int, generator: np.random.Generator) -> Iterator[NDArray[Any]]:
    for _ in range(number // 2):
        order = generator.permutation(size)
        yield order
        yield order[::-1]


def _rows(
    cells: Array, error: Array, mechanisms: tuple[str, ...], factors: tuple[str, ...],
    labels: dict[str, str], quantile: float,
) -> list[dict[str, Any]]:  # fmt: skip
    # A margin is one more row and one more column, of every person.
    whole = np.concatenate([cells, cells.sum(axis=0, keepdims=True)])
    whole = np.concatenate([whole, whole.sum(axis=2, keepdims=True)], axis=2)
    sampled = np.zeros((len(mechanisms) + 1, len(factors) + 1))
    sampled[:-1, :-1] = error
    sampled[:-1, -1] = np.sqrt((error**2).sum(axis=1))
    found = []
    for m, mechanism in enumerate((*mechanisms, GAP)):
        for k, factor in enumerate((*factors, GAP)):
            part = whole[m, :, k]
            people = part.std(ddof=1) / np.sqrt(len(part)) if len(part) > 1 else np.nan
            half = quantile * np.hypot(people, sampled[m, k])
            estimate = float(part.mean())
            found.append(
                labels
                | {"mechanism": mechanism, "factor": factor, "estimate": estimate,
                   "low": estimate - half, "high": estimate + half,
                   "sampling_error": float(sampled[m, k])}
            )  # fmt: skip
    return found


def _sample(
    rows: NDArray[np.intp], people: int | None, streams: Streams, name: str
) -> NDArray[np.intp]:
    if people is None or people >= len(rows):
        return rows
    return np.sort(streams.generator(name).choice(rows, people, replace=False))
