"""Which columns tell the sensitive feature, and which of those the score uses: proxies."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, Finding, InputError, Streams
from credit_ml.core.figure import INK, PALETTE, axes_or_new, styled
from credit_ml.explanation import background_rows
from credit_ml.proxies.decomposition.components import (
    clusters_of,
    quantile_of,
    spread_of,
    term_variance,
)
from credit_ml.proxies.decomposition.estimators.obscure import dealt
from credit_ml.proxies.detection.predictability import Guesser, Telling
from credit_ml.scoring import Output, ScoreFunction, display_name, score_function

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
Codes = NDArray[np.intp] | None

#: Measures that hold 0 by definition, whatever a sample says.
_NOT_NEGATIVE = ("information", "added_information")


@dataclass(frozen=True, kw_only=True)
class Proxies(Finding):
    """What tells the sensitive feature and what the score does with it, factor by factor."""

    kind: ClassVar[str] = "proxies"
    citations: ClassVar[tuple[str, ...]] = (
        "Datta, A., Fredrikson, M., Ko, G., Mardziel, P. and Sen, S. (2017). Proxy discrimination "
        "in data-driven systems. arXiv:1707.08120.",
        "Datta, A., Sen, S. and Zick, Y. (2016). Algorithmic transparency via quantitative input "
        "influence. IEEE Symposium on Security and Privacy, 598-617.",
        "DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Comparing the areas under "
        "two or more correlated receiver operating characteristic curves. Biometrics 44, 837-845.",
    )

    def wide(self) -> pd.DataFrame:
        """Estimates with one row a factor or column, and one column a measure."""
        return self.table.pivot_table(
            index=["level", "name", "factor"], columns="measure", values="estimate", sort=False
        ).reset_index()

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw association against influence; without a model, association alone."""
        return _draw(self.wide(), self.parameters, axes)

    def metrics(self) -> dict[str, float]:
        """Each factor's measures."""
        rows = self.table[self.table["level"] == "factor"].to_dict("records")
        return {
            f"proxies.{row['measure']}.{row['sensitive']}.{row['name']}": row["estimate"]
            for row in rows
        }


def detect_proxies(
    dataset: Dataset,
    *,
    sensitive: str,
    model: Any = None,
    output: Output = "score",
    threshold: float | None = None,
    columns: bool = True,
    people: int = 20_000,
    folds: int = 3,
    intervals: float = 0.95,
    clustered: bool | None = None,
    seed: int = 0,
) -> Proxies:
    """How well each factor and column tells the sensitive feature, and how the score uses it.

    A proxy is both: associated with the feature, and influential. The measures are

    - ``auc``: chance that columns tell a member of a group from another person, mean over
      groups, guessed out of fold by small boosted trees; 0.5 means that they tell nothing;
    - ``information``: share of the feature's entropy that those guesses tell,
      ``1 - log-loss / log-loss of the shares``; a lower bound of the mutual information over the
      entropy, without the upward bias of counts; 0 means that they tell nothing;
    - ``added_auc``, ``added_information``: what is lost when the columns are taken from all
      others; 0 means that the others tell it too. Two redundant proxies have a high ``auc`` and
      an ``added_auc`` of 0 each: read both;
    - ``influence``: mean absolute change of the score when the columns are those of another
      random person, and ``decisions``: share of decisions at the threshold that change.
      0 means that the score does not use them.

    Cost: 2 (K + columns) + 1 guesses of `folds` fits each on `people`, and K + columns model
    calls.

    Parameters
    ----------
    model : rater, scikit-learn model or callable, optional
        Without it only association is measured.
    output : {"score", "log_odds", "probability"}
        Which number of the model.
    threshold : float, optional
        Least score selected; the median by default.
    columns : bool
        Whether columns are judged one by one beside the factors.
    people : int
        At most so many are judged, a random sample.
    folds : int
        Of cross-fitting.
    intervals : float
        Level of normal intervals; those of guesses hold what folds share (`Guesser`).
    clustered : bool, optional
        As in `decompose`: by default where the dataset names at least `FEWEST_CLUSTERS` of them.
    seed : int

    Raises
    ------
    TableError
        When the feature is unknown, or a group has too few people for the folds.
    InputError
        When there are fewer than 2 folds.
    ModelError
        When the model cannot be asked.

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> sex = random.choice(["f", "m"], 300)
    >>> table = pd.DataFrame({"height": (sex == "m") + random.normal(size=300) / 4, "sex": sex})
    >>> data = Dataset.from_frame(table.assign(luck=random.random(300)), target=None,
    ...                           sensitive=["sex"])
    >>> found = detect_proxies(data, sensitive="sex", columns=False).wide().set_index("name")
    >>> bool(found["auc"]["height"] > 0.9 > 0.6 > found["auc"]["luck"])
    True
    """
    quantile_of(intervals)
    if people < 1:
        raise InputError("people", f"is {people}", "give at least 1")
    streams = Streams(seed)
    if people < len(dataset):
        chosen = streams.generator("proxies.detect").choice(len(dataset), people, replace=False)
        dataset = dataset.take(np.sort(chosen))
    codes = clusters_of(dataset, clustered=clustered)
    guesser = Guesser.of(dataset, sensitive, folds=folds, seed=seed)
    everything = list(map(str, dataset.X.columns))
    whole = guesser.telling(everything)
    use = None if model is None else _Use(score_function(model, output), dataset, threshold, seed)
    rows: list[dict[str, Any]] = []
    for level, name, factor, names in _units(dataset, columns=columns):
        rest = guesser.telling([column for column in everything if column not in names])
        measured = _associated(guesser.telling(list(names)), rest, whole)
        if use is not None:
            measured |= use.of(names)
        labels = {"level": level, "name": name, "factor": factor, "sensitive": sensitive}
        rows += [
            {**labels, "measure": measure, **_with_interval(measure, *found, codes, intervals)}
            for measure, found in measured.items()
        ]
    return Proxies(
        table=pd.DataFrame(rows),
        title=f"What tells {sensitive}" + ("" if model is None else f": {display_name(model)}"),
        parameters={
            "sensitive": sensitive,
            "model": None if model is None else display_name(model),
            "unit": None if use is None else use.unit,
            "threshold": None if use is None else use.threshold,
            "people": len(dataset),
            "folds": folds,
            "intervals": intervals,
            "clusters": None if codes is None else len(np.unique(codes)),
        },
        seed=seed,
        notes=(
            "Association is what small boosted trees find; a better guesser may find more. "
            "Of redundant proxies each adds nothing to the others, though each tells the feature.",
        ),
    )


def _units(dataset: Dataset, *, columns: bool) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    for factor, names in dataset.factors.items():
        yield "factor", factor, factor, names
    if columns:
        for factor, names in dataset.factors.items():
            for name in names:
                yield "column", name, factor, (name,)


def _associated(
    own: Telling, rest: Telling, whole: Telling
) -> dict[str, tuple[float, Array, NDArray[np.intp] | None]]:
    return {
        "auc": (own.auc, own.auc_terms, None),
        "information": (own.information, own.information_terms, None),
        "added_auc": (whole.auc - rest.auc, whole.auc_terms - rest.auc_terms, None),
        "added_information": (
            whole.information - rest.information,
            whole.information_terms - rest.information_terms,
            None,
        ),
    }


class _Use:
    """What a score does with columns: quantitative input influence."""

    def __init__(
        self, score: ScoreFunction, dataset: Dataset, threshold: float | None, seed: int
    ) -> None:
        self._score, self._dataset, self.unit = score, dataset, score.unit
        self._scores = score(dataset.X)
        self.threshold = float(np.median(self._scores)) if threshold is None else threshold
        self._ring = background_rows(len(dataset), seed=seed)

    def of(
        self, columns: tuple[str, ...]
    ) -> dict[str, tuple[float, Array, NDArray[np.intp] | None]]:
        other = self._score(dealt(self._dataset, columns, self._ring))
        moved = np.abs(other - self._scores)
        changed = ((other >= self.threshold) != (self._scores >= self.threshold)).astype(float)
        people = len(moved)
        return {
            name: (float(values.mean()), (values - values.mean()) / people, self._ring)
            for name, values in (("influence", moved), ("decisions", changed))
        }


def _with_interval(
    measure: str, estimate: float, terms: Array, partner: NDArray[np.intp] | None, codes: Codes,
    level: float,
) -> dict[str, float]:  # fmt: skip
    variance = term_variance(terms[:, None], np.arange(len(terms)), partner, codes)[0]
    half = spread_of(level, codes) * float(np.sqrt(variance))
    low, high = estimate - half, estimate + half
    if measure in _NOT_NEGATIVE:
        # Guesses that are worse than the shares tell nothing, not less.
        estimate, low, high = (max(number, 0.0) for number in (estimate, low, high))
    return {"estimate": estimate, "low": low, "high": high}


def _draw(wide: pd.DataFrame, parameters: Any, axes: "Axes | None") -> "Axes":
    axes = axes_or_new(axes, height=4.2)
    factors = list(dict.fromkeys(wide["factor"]))
    used = "influence" in wide.columns
    for number, factor in enumerate(factors):
        colour = PALETTE[number % len(PALETTE)]
        own = wide[wide["factor"] == factor]
        for level, marker, size in (("factor", "o", 60), ("column", ".", 30)):
            rows = own[own["level"] == level]
            height = rows["influence"] if used else np.full(len(rows), -number)
            axes.scatter(
                rows["auc"], height, s=size, marker=marker, color=colour,
                label=factor if level == "factor" else None,
            )  # fmt: skip
    axes.axvline(0.5, color=INK, lw=0.8)
    axes.set_xlabel(f"how well it tells {parameters['sensitive']} (AUC; 0.5 is nothing)")
    if used:
        axes.set_ylabel(f"influence on the score ({parameters['unit']})")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=4)
    else:
        axes.set_yticks([-number for number in range(len(factors))], factors)
    axes.grid(axis="both")
    return axes
