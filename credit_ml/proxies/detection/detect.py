"""Which columns predict the sensitive feature, and which of those the score uses: proxies."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, Finding, beside, cited, conform
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new
from credit_ml.core.renamed import grouped_keywords
from credit_ml.explanation import background_rows
from credit_ml.inference import Estimate, Over, People, checked_level
from credit_ml.proxies.decomposition.components import paired
from credit_ml.proxies.decomposition.estimators.metric import median
from credit_ml.proxies.decomposition.estimators.obscure import dealt
from credit_ml.proxies.detection.predictability import GroupPredictor, Guesses, sampled
from credit_ml.proxies.renamed_options import clustered_as_over
from credit_ml.scoring import Output, ScoreFunction, display_name, score_function

_Use = Callable[[tuple[str, ...]], dict[str, Estimate]]
#: Units of the measures; of the influence it is the score's.
UNITS = {"auc": "area", "added_auc": "area", "decisions": "share of decisions"}
UNITS |= dict.fromkeys(("information", "added_information"), "share of entropy")
#: Measures that hold 0 by definition, whatever a sample says.
_NOT_NEGATIVE = ("information", "added_information")


class Proxies(Finding):
    """What predicts the sensitive feature and what the score does with it, factor by factor.

    Examples
    --------
    >>> row = {"measure": "auc", "sensitive": "sex", "level": "factor", "name": "height"}
    >>> found = Proxies(table=conform([row | {"estimate": 0.9}]), title="")
    >>> found.metrics()
    {'proxies.auc.sex.height': 0.9}
    """

    kind: ClassVar[str] = "proxies"
    labels: ClassVar[tuple[str, ...]] = ("level", "name")
    tracked_as: ClassVar[str] = "proxies.{measure}.{sensitive}.{name}"
    tracked_rows: ClassVar[dict[str, str]] = {"level": "factor"}
    citations = cited("datta_2017", "datta_2016", "delong_1988")

    def wide(self) -> pd.DataFrame:
        """Estimates with one row a factor or column, and one column a measure."""
        return self.table.pivot_table(
            index=["level", "name", "factor"], columns="measure", values="estimate", sort=False
        ).reset_index()

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw association against influence; without a model, association alone."""
        return _draw(self.wide(), self.parameters, axes)


@clustered_as_over
@grouped_keywords("guesses", Guesses, "people", "folds", "columns", "seed")
def detect_proxies(
    dataset: Dataset,
    *,
    sensitive: str,
    model: Any = None,
    output: Output = "score",
    threshold: float | None = None,
    guesses: Guesses | None = None,
    intervals: float = 0.95,
    over: Over = "auto",
) -> Proxies:
    """How well each factor and column predicts the sensitive feature, and how the score uses it.

    A proxy is both: associated with the feature, and influential. The measures are

    - ``auc``: chance that columns tell a member of a group from another person, mean over
      groups, guessed out of fold by small boosted trees; 0.5 means that they predict nothing;
    - ``information``: share of the feature's entropy that those guesses predict,
      ``1 - log-loss / log-loss of the shares``; a lower bound of the mutual information over the
      entropy, without the upward bias of counts; 0 means that they predict nothing;
    - ``added_auc``, ``added_information``: what is lost when the columns are taken from all
      others; 0 means that the others predict it too. Two redundant proxies have a high ``auc`` and
      an ``added_auc`` of 0 each: read both;
    - ``influence``: mean absolute change of the score when the columns are those of another
      random person, and ``decisions``: share of decisions at the threshold that change.
      0 means that the score does not use them.

    Cost: 2 (K + columns) + 1 guesses, each of as many fits as folds, and K + columns model calls;
    long guesses are shared out among all processors.

    Parameters
    ----------
    dataset : Dataset
    sensitive : str
    model : rater, scikit-learn model or callable, optional
        Without it only association is measured.
    output : {"score", "log_odds", "probability"}
        Which number of the model.
    threshold : float, optional
        Least score selected; the median by default.
    guesses : Guesses, optional
        How many people, folds and columns; the default judges columns one by one too.
    intervals : float
        Level; intervals of guesses hold what folds share (`GroupPredictor`).
    over : {"auto", "people", "clusters"}
        As in `decompose`.

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
    >>> found = detect_proxies(data, sensitive="sex", guesses=Guesses(columns=False))
    >>> auc = found.wide().set_index("name")["auc"]
    >>> bool(auc["height"] > 0.9 > 0.6 > auc["luck"])
    True
    """
    checked_level(intervals)
    guesses = guesses or Guesses()
    dataset = sampled(dataset, guesses.people, guesses.seed, "proxies.detect")
    weights = dataset.relative_weights()
    if weights is not None:
        dataset = dataset.take(np.flatnonzero(weights))
    folds, seed = guesses.folds, guesses.seed
    predictor = GroupPredictor.of(dataset, sensitive, folds=folds, seed=seed, over=over)
    people, score, use = predictor.people, None, None
    if model is not None:
        read = dataset.reading(model)
        score = score_function(model, output, dataset=read)
        threshold = median(score(read.X), people.relative) if threshold is None else threshold
        use = _use_of(score, read, people, threshold, seed)
    rows = _measured(dataset, predictor, use, guesses, intervals)
    named = None if model is None else display_name(model)
    asked: dict[str, Any] = {"sensitive": sensitive, "model": named, "folds": folds}
    asked |= {"people": len(dataset), "intervals": intervals, "unit": score and score.unit}
    asked["threshold"] = threshold if score else None
    asked["clusters"] = people.cluster_count if people.counted == "clusters" else None
    table = conform(rows, sensitive=sensitive)
    units = UNITS | {"influence": asked["unit"]}
    return Proxies(
        table=table.assign(unit=table["measure"].map(units)),
        title=f"What predicts {sensitive}" + ("" if named is None else f": {named}"),
        parameters=asked,
        seed=seed,
        notes=tuple(beside(__file__)["notes"]),
    )


def _measured(
    dataset: Dataset,
    predictor: GroupPredictor,
    use: _Use | None,
    guesses: Guesses,
    intervals: float,
) -> list[dict[str, Any]]:
    """Every measure of each factor, and of each column where they are judged one by one."""
    everything, rows = tuple(map(str, dataset.X.columns)), []
    blocks = dataset.factors.items()
    units = [("factor", factor, factor, names) for factor, names in blocks]
    if guesses.columns:
        units += [("column", name, factor, (name,)) for factor, names in blocks for name in names]
    left = {names: tuple(each for each in everything if each not in names) for *_, names in units}
    known = predictor.predictabilities([everything, *left, *left.values()])
    whole = known[everything]
    for level, name, factor, names in units:
        own, rest = known[names], known[left[names]]
        measured = {"auc": own.auc, "information": own.information}
        measured |= {"added_auc": whole.auc - rest.auc}
        measured |= {"added_information": whole.information - rest.information}
        labels = {"group": "all", "level": level, "name": name, "factor": factor}
        for measure, found in (measured | (use(names) if use else {})).items():
            rows.append({"measure": measure} | labels | _facts(measure, found, intervals))
    return rows


def _use_of(
    score: ScoreFunction, dataset: Dataset, people: People, threshold: float, seed: int
) -> _Use:
    """What a score does with columns: quantitative input influence."""
    ring = background_rows(len(dataset), weights=dataset.relative_weights(), seed=seed)
    own = score(dataset.X)
    owner = np.arange(len(dataset))

    def use(columns: tuple[str, ...]) -> dict[str, Estimate]:
        other = score(dealt(dataset, columns, ring))
        changed = (other >= threshold) != (own >= threshold)
        means = {"influence": people.mean(np.abs(other - own)), "decisions": people.mean(changed)}
        return {
            name: paired(mean, people, np.asarray(mean.influence), owner, ring)
            for name, mean in means.items()
        }

    return use


def _facts(measure: str, found: Estimate, level: float) -> dict[str, Any]:
    facts = found.facts(level)
    if measure in _NOT_NEGATIVE:
        # Guesses that are worse than the shares predict nothing, not less.
        facts |= {name: max(facts[name], 0.0) for name in ("estimate", "low", "high")}
    return facts


def _draw(wide: pd.DataFrame, parameters: Any, axes: Axes | None) -> Axes:
    axes = axes_or_new(axes, height=4.2)
    factors = list(dict.fromkeys(wide["factor"]))
    used = "influence" in wide.columns
    for number, factor in enumerate(factors):
        colour = PALETTE[number % len(PALETTE)]
        own = wide[wide["factor"] == factor]
        for level, marker, size in (("factor", "o", 60), ("column", ".", 30)):
            rows = own[own["level"] == level]
            height = rows["influence"] if used else np.full(len(rows), -number)
            label = factor if level == "factor" else None
            look: dict[str, Any] = {"s": size, "marker": marker, "color": colour, "label": label}
            axes.scatter(rows["auc"], height, **look)
    axes.axvline(0.5, color=INK, lw=0.8)
    axes.set_xlabel(f"how well it predicts {parameters['sensitive']} (AUC; 0.5 is nothing)")
    if used:
        axes.set_ylabel(f"influence on the score ({parameters['unit']})")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=4)
    else:
        axes.set_yticks([-number for number in range(len(factors))], factors)
    axes.grid(axis="both")
    return axes
