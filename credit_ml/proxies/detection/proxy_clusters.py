"""Columns that tell the sensitive feature together, and not one by one."""

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, Finding, InputError, Streams
from credit_ml.core.figure import INK, PALETTE, axes_or_new, styled
from credit_ml.proxies.decomposition.components import (
    clusters_of,
    quantile_of,
    spread_of,
    term_variance,
)
from credit_ml.proxies.detection.predictability import Guesser, Telling
from credit_ml.scoring import FeatureEncoder

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
Codes = NDArray[np.intp]

#: Bands of a column in the screening of pairs.
BANDS = 4
#: Rounds of boosting: two columns that work only together need more than one.
ITERATIONS = 100


@dataclass(frozen=True, kw_only=True)
class ProxyClusters(Finding):
    """Sets of columns that tell the feature better than their best member."""

    kind: ClassVar[str] = "proxy_clusters"
    citations: ClassVar[tuple[str, ...]] = (
        "McGill, W. J. (1954). Multivariate information transmission. Psychometrika 19, 97-116.",
        "Westfall, P. H. and Young, S. S. (1993). Resampling-based multiple testing. Wiley.",
    )

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw what each set tells beyond its best member."""
        axes = axes_or_new(axes, height=1.4 + 0.35 * len(self.table))
        place = -np.arange(len(self.table))
        error = self.table[["low", "high"]].sub(self.table["estimate"], axis=0).abs()
        axes.errorbar(
            self.table["estimate"], place, xerr=error.to_numpy().T, fmt="o", ms=4.5,
            color=PALETTE[0], elinewidth=1.2,
        )  # fmt: skip
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_yticks(place, list(self.table["set"]))
        axes.set_xlabel("AUC of the set beyond its best column")
        axes.grid(axis="x")
        return axes

    def metrics(self) -> dict[str, float]:
        """Gain of each set."""
        return {
            f"proxies.together.{row['sensitive']}.{row['set']}": row["estimate"]
            for row in self.table.to_dict("records")
        }


def proxy_clusters(
    dataset: Dataset,
    *,
    sensitive: str,
    size: int = 3,
    sets: int = 5,
    draws: int = 200,
    people: int = 5000,
    folds: int = 3,
    level: float = 0.05,
    intervals: float = 0.95,
    clustered: bool | None = None,
    seed: int = 0,
) -> ProxyClusters:
    """Sets of columns that tell the sensitive feature together, beyond their best member.

    All pairs are screened by their interaction information in bands,
    ``I(x, y; A) - I(x; A) - I(y; A)``: 0 when each tells its own part, negative when they are
    redundant, positive when they tell more together. A pair stays when no more than `level` of
    random permutations of A show as much anywhere among all pairs. Pairs that stay are judged
    on held-out people, ``AUC(set) - best AUC(member)``, and grow by the column that adds most
    while it adds for certain. Sets of three or more of which no pair tells anything are not found.

    Cost: `draws` counts of all pairs; then some ten cross-fitted guesses for each set, and one
    for each column where a set grows.

    Parameters
    ----------
    size : int
        Most columns of a set, at least 2.
    sets : int
        Most pairs that are judged, those of most interaction first.
    draws : int
        Permutations.
    people : int
        At most so many are used, a random sample.
    folds : int
        Of cross-fitting.
    level : float
        Chance that any pair stays where nothing depends on A.
    intervals : float
    clustered : bool, optional
        As in `decompose`.
    seed : int

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
    quantile_of(intervals)
    for name, value, least in (("size", size, 2), ("sets", sets, 1), ("draws", draws, 1)):
        if value < least:
            raise InputError(name, f"is {value}", f"give at least {least}")
    streams = Streams(seed)
    if people < len(dataset):
        chosen = streams.generator("proxies.together").choice(len(dataset), people, replace=False)
        dataset = dataset.take(np.sort(chosen))
    guesser = Guesser.of(dataset, sensitive, folds=folds, seed=seed, iterations=ITERATIONS)
    kept = _screened(dataset, guesser.groups, draws, streams.generator("proxies.permuted"))
    kept = kept[kept["p"] <= level].head(sets)
    judge = _Judge(guesser, clusters_of(dataset, clustered=clustered), intervals)
    rows: list[dict[str, Any]] = []
    for row in kept.to_dict("records"):
        names = judge.grown([row["first"], row["second"]], size)
        judged = judge.row(names)
        shown = " + ".join(sorted(names))
        if shown not in [each["set"] for each in rows]:
            rows.append({"sensitive": sensitive, "set": shown, "columns": len(names), **judged,
                         "interaction": row["interaction"], "p": row["p"]})  # fmt: skip
    columns = ["sensitive", "set", "columns", "auc", "best", "best_auc", "estimate", "low", "high",
               "interaction", "p"]  # fmt: skip
    return ProxyClusters(
        table=pd.DataFrame(rows, columns=columns),
        title=f"What tells {sensitive} only together",
        parameters={
            "sensitive": sensitive, "size": size, "sets": sets, "draws": draws,
            "people": len(dataset), "folds": folds, "level": level, "intervals": intervals,
        },
        seed=seed,
        notes=(
            "Pairs are screened in bands and sets grown from pairs: what only three columns tell "
            "together is not found. p holds for all pairs at once.",
        ),
    )  # fmt: skip


def interaction_information(
    first: Codes, second: Codes, groups: Codes, *, alone: tuple[float, float] | None = None
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


def information(codes: Codes, groups: Codes) -> float:
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
    dataset: Dataset, groups: Codes, draws: int, generator: np.random.Generator
) -> pd.DataFrame:
    """Pairs by falling interaction, with the share of permutations that show as much anywhere."""
    codes = _banded(dataset)
    pairs = list(combinations(codes, 2))

    def interactions(of: Codes) -> Array:
        alone = {name: information(column, of) for name, column in codes.items()}
        return np.array(
            [
                interaction_information(codes[a], codes[b], of, alone=(alone[a], alone[b]))
                for a, b in pairs
            ]
        )

    seen = interactions(groups)
    most = np.array([interactions(generator.permutation(groups)).max(initial=-np.inf)
                     for _ in range(draws if pairs else 0)])  # fmt: skip
    p = [(1 + (most >= value).sum()) / (1 + draws) for value in seen]
    found = pd.DataFrame(pairs, columns=["first", "second"]).assign(interaction=seen, p=p)
    return found.sort_values("interaction", ascending=False, kind="stable")


def _banded(dataset: Dataset) -> dict[str, Codes]:
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

    def __init__(self, guesser: Guesser, clusters: Codes | None, level: float) -> None:
        self._guesser, self._clusters, self._level = guesser, clusters, level
        self._known: dict[tuple[str, ...], Telling] = {}

    def telling(self, names: list[str]) -> Telling:
        key = tuple(sorted(names))
        if key not in self._known:
            self._known[key] = self._guesser.telling(list(key))
        return self._known[key]

    def gain(self, more: Telling, less: Telling) -> tuple[float, float, float]:
        """AUC of one above the other's, with interval."""
        terms = (more.auc_terms - less.auc_terms)[:, None]
        variance = term_variance(terms, np.arange(len(terms)), None, self._clusters)[0]
        half = spread_of(self._level, self._clusters) * float(np.sqrt(variance))
        gain = more.auc - less.auc
        return gain, gain - half, gain + half

    def grown(self, names: list[str], size: int) -> list[str]:
        """Add the column that adds most, while it adds for certain.

        One of many columns is the best by chance, so the interval is Bonferroni's.
        """
        columns = [str(c) for c in self._guesser.encoded.columns]
        while len(names) < min(size, len(columns)):
            own = self.telling(names)
            others = [column for column in columns if column not in names]
            best = max(others, key=lambda column: self.telling([*names, column]).auc)
            strict = _Judge(self._guesser, self._clusters, 1 - (1 - self._level) / len(others))
            if strict.gain(self.telling([*names, best]), own)[1] <= 0:
                break
            # What the column tells alone is its own; the set grows by what it tells together.
            alone = self.telling([best]).auc
            if self.telling([*names, best]).auc <= max(alone, own.auc) + max(alone - 0.5, 0.0):
                break
            names = [*names, best]
        return names

    def row(self, names: list[str]) -> dict[str, Any]:
        """What the set tells beside its best member."""
        best = max(names, key=lambda name: self.telling([name]).auc)
        own, alone = self.telling(names), self.telling([best])
        gain, low, high = self.gain(own, alone)
        return {"auc": own.auc, "best": best, "best_auc": alone.auc, "estimate": gain,
                "low": low, "high": high}  # fmt: skip
