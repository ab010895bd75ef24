"""Columns that predict the sensitive feature together, and not one by one."""

from dataclasses import asdict, dataclass, fields
from itertools import combinations
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import (
    Array,
    Dataset,
    Finding,
    InputError,
    Rows,
    Streams,
    beside,
    cited,
    refuse_weights,
)
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points
from credit_ml.core.renamed import grouped_keywords
from credit_ml.core.schema import COLUMNS, conform
from credit_ml.inference import Estimate, Over, checked_level
from credit_ml.proxies.detection.predictability import GroupPredictor, Predictability, sampled
from credit_ml.proxies.renamed_options import clustered_as_over
from credit_ml.scoring import FeatureEncoder

#: Bands of a column in the screening of pairs.
BANDS = 4
#: Rounds of boosting: two columns that work only together need more than one.
ITERATIONS = 100


class ProxyClusters(Finding):
    """Sets of columns that predict the feature better than their best member.

    Examples
    --------
    >>> row = {"sensitive": "sex", "set": "a + b", "estimate": 0.2}
    >>> ProxyClusters(table=conform([row]), title="").metrics()
    {'proxies.together.sex.a + b': 0.2}
    """

    kind: ClassVar[str] = "proxy_clusters"
    labels: ClassVar[tuple[str, ...]] = ("set",)
    tracked_as: ClassVar[str] = "proxies.together.{sensitive}.{set}"
    citations = cited("mcgill_1954", "westfall_1993")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw what each set predicts beyond its best member."""
        axes = axes_or_new(axes, height=1.4 + 0.35 * len(self.table))
        place = -np.arange(len(self.table))
        points(axes, self.table, place, color=PALETTE[0])
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_yticks(place, list(self.table["set"]))
        axes.set_xlabel("AUC of the set beyond its best column")
        axes.grid(axis="x")
        return axes


@dataclass(frozen=True, kw_only=True)
class ClusterSearch:
    """How `proxy_clusters` looks for sets of columns.

    Examples
    --------
    >>> ClusterSearch(size=2).draws
    200
    """

    size: int = 3
    """Most columns of a set, at least 2."""
    sets: int = 5
    """Most pairs that are judged, those of most interaction first."""
    draws: int = 200
    """Permutations."""
    level: float = 0.05
    """Chance that any pair stays where nothing depends on the feature."""
    people: int = 5000
    """At most so many are used, a random sample."""
    folds: int = 3
    """Of cross-fitting."""
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (("size", 2), ("sets", 1), ("draws", 1)):
            value = getattr(self, name)
            InputError.unless(value >= least, name, f"is {value}", f"give at least {least}")


@clustered_as_over
@grouped_keywords("search", ClusterSearch, *(each.name for each in fields(ClusterSearch)))
def proxy_clusters(
    dataset: Dataset,
    *,
    sensitive: str,
    search: ClusterSearch | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
) -> ProxyClusters:
    """Sets of columns that predict the sensitive feature together, beyond their best member.

    All pairs are screened by their interaction information in bands,
    ``I(x, y; A) - I(x; A) - I(y; A)``: 0 when each predicts its own part, negative when they are
    redundant, positive when they predict more together. A pair stays when no more than `level` of
    random permutations of A show as much anywhere among all pairs. Pairs that stay are judged
    on held-out people, ``AUC(set) - best AUC(member)``, and grow by the column that adds most
    while it adds for certain. Sets of three or more of which no pair predicts anything are missed.

    Cost: `draws` counts of all pairs; then some ten cross-fitted guesses for each set, and one
    for each column where a set grows.

    Parameters
    ----------
    dataset : Dataset
    sensitive : str
    search : ClusterSearch, optional
        How large sets may be, and how hard they are looked for.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        As in `decompose`.

    Raises
    ------
    InputError
        When sizes, draws or folds are too few.
    TableError
        When the feature is unknown, or a group has too few people for the folds.

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> a, b = random.choice([0, 1], (2, 600))
    >>> table = pd.DataFrame({"a": a, "b": b, "sex": np.where(a ^ b, "f", "m")})
    >>> data = Dataset.from_frame(table.assign(c=random.random(600)), target=None,
    ...                           sensitive=["sex"])
    >>> proxy_clusters(data, sensitive="sex").table["set"].tolist()
    ['a + b']
    """
    refuse_weights(dataset, "proxy_clusters")
    checked_level(intervals)
    search = search or ClusterSearch()
    dataset = sampled(dataset, search.people, search.seed, "proxies.together")
    predictor = GroupPredictor.of(
        dataset, sensitive, folds=search.folds, seed=search.seed, over=over, iterations=ITERATIONS
    )
    generator = Streams(search.seed).generator("proxies.permuted")
    kept = _screened(dataset, predictor.groups, search.draws, generator)
    kept = kept[kept["p"] <= search.level].head(search.sets)
    judge = _Judge(predictor, intervals)
    rows: dict[str, dict[str, Any]] = {}
    for pair in kept.to_dict("records"):
        names = judge.grown([pair["first"], pair["second"]], search.size)
        shown = " + ".join(sorted(names))
        own = {"set": shown, "columns": len(names), "interaction": pair["interaction"]}
        rows.setdefault(shown, judge.row(names) | own | {"p": pair["p"]})
    own_columns = ("set", "columns", "auc", "best", "best_auc", "interaction", "p", "reason")
    table = pd.DataFrame(rows.values(), columns=[*COLUMNS, *own_columns])
    return ProxyClusters(
        table=conform(table.assign(sensitive=sensitive, group="all")),
        title=f"What predicts {sensitive} only together",
        parameters={"sensitive": sensitive}
        | asdict(search)
        | {"people": len(dataset), "intervals": intervals},
        seed=search.seed,
        notes=tuple(beside(__file__)["notes"]),
    )


def interaction_information(
    first: Rows, second: Rows, groups: Rows, *, alone: tuple[float, float] | None = None
) -> float:
    """``I(x, y; A) - I(x; A) - I(y; A)`` of codes, in nats, freed of the bias of counts.

    Examples
    --------
    >>> a, b = np.array([0, 0, 1, 1] * 500), np.array([0, 1, 0, 1] * 500)
    >>> print(round(interaction_information(a, b, a ^ b) / np.log(2), 2))
    1.0
    """
    one, two = alone or (information(first, groups), information(second, groups))
    both = first * (int(second.max()) + 1) + second
    return information(both, groups) - one - two


def information(codes: Rows, groups: Rows) -> float:
    """Mutual information of codes, in nats, less the expectation under independence.

    References
    ----------
    Miller, G. A. (1955). Note on the bias of information estimates. Information Theory in
    Psychology, 95-100.
    """
    width = int(groups.max()) + 1
    table = np.bincount(codes * width + groups, minlength=(int(codes.max()) + 1) * width)
    table = table.reshape(-1, width).astype(np.float64)
    table = table[table.sum(axis=1) > 0]
    number = table.sum()
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / number
    some = table > 0
    plain = float((table[some] * np.log(table[some] / expected[some])).sum() / number)
    freedom = (len(table) - 1) * (int((table.sum(axis=0) > 0).sum()) - 1)
    return float(plain - freedom / (2 * number))


def _screened(
    dataset: Dataset, groups: Rows, draws: int, generator: np.random.Generator
) -> pd.DataFrame:
    """Pairs by falling interaction, with the share of permutations that show as much anywhere."""
    codes = _banded(dataset)
    pairs = list(combinations(codes, 2))

    def interactions(of: Rows) -> Array:
        alone = {name: information(column, of) for name, column in codes.items()}
        both = (
            interaction_information(codes[a], codes[b], of, alone=(alone[a], alone[b]))
            for a, b in pairs
        )
        return np.fromiter(both, dtype=np.float64)

    seen = interactions(groups)
    permuted = (generator.permutation(groups) for _ in range(draws if pairs else 0))
    most = np.array([interactions(each).max(initial=-np.inf) for each in permuted])
    p = [(1 + (most >= value).sum()) / (1 + draws) for value in seen]
    found = pd.DataFrame(pairs, columns=["first", "second"]).assign(interaction=seen, p=p)
    return found.sort_values("interaction", ascending=False, kind="stable")


def _banded(dataset: Dataset) -> dict[str, Rows]:
    """Each column with variation as codes from 0: bands, or its most frequent categories."""
    encoded = FeatureEncoder().fit(dataset.X).transform(dataset.X)
    found = {}
    for name in map(str, encoded.columns):
        column = encoded[name]
        if isinstance(dataset.X[name].dtype, pd.CategoricalDtype) or column.nunique() <= BANDS:
            order = column.value_counts().index[: 2 * BANDS]
            codes = pd.Categorical(column, categories=order).codes.astype(np.intp) + 1
        else:
            banded = pd.qcut(column, BANDS, labels=False, duplicates="drop")
            codes = banded.fillna(-1).to_numpy().astype(np.intp) + 1
        if np.ptp(codes) > 0:
            found[name] = np.asarray(codes, dtype=np.intp)
    return found


class _Judge:
    """Guesses from sets of columns, each made once."""

    def __init__(self, predictor: GroupPredictor, level: float) -> None:
        self._predictor, self._level = predictor, level
        self._known: dict[tuple[str, ...], Predictability] = {}

    def auc(self, names: list[str]) -> Estimate:
        key = tuple(sorted(names))
        if key not in self._known:
            self._known[key] = self._predictor.predictability(list(key))
        return self._known[key].auc

    def grown(self, names: list[str], size: int) -> list[str]:
        """Add the column that adds most, while it adds for certain.

        One of many columns is the best by chance, so the interval is Bonferroni's.
        """
        columns = [str(c) for c in self._predictor.encoded.columns]
        while len(names) < min(size, len(columns)):
            own = self.auc(names)
            others = [column for column in columns if column not in names]
            best = max(others, key=lambda column: float(self.auc([*names, column])))
            more = self.auc([*names, best])
            strict = 1 - (1 - self._level) / len(others)
            if (more - own).interval(strict).low <= 0:
                break
            # What the column predicts alone is its own; the set grows by what it adds together.
            alone = float(self.auc([best]))
            if float(more) <= max(alone, float(own)) + max(alone - 0.5, 0.0):
                break
            names = [*names, best]
        return names

    def row(self, names: list[str]) -> dict[str, Any]:
        """What the set predicts beside its best member."""
        best = max(names, key=lambda name: float(self.auc([name])))
        own, alone = self.auc(names), self.auc([best])
        gain = {"quantity": "difference", "measure": "auc"} | (own - alone).facts(self._level)
        return gain | {"auc": float(own), "best": best, "best_auc": float(alone)}
