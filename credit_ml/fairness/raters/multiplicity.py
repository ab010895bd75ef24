"""How much of a decision is luck: models that are nearly as good, and one model trained again."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import (
    Dataset,
    Finding,
    InputError,
    ModelError,
    Streams,
    cited,
    conform,
    refuse_weights,
)
from credit_ml.core.figure import PALETTE, Axes, axes_or_new
from credit_ml.fairness.checks import aligned
from credit_ml.inference import People, groups_of
from credit_ml.scoring.crossfit import unfitted


class _Shares(Finding):
    """Shares of people by group, without intervals."""

    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive", "group")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw every measure of each group."""
        return _bars(self.table, axes, "share of people")


class Multiplicity(_Shares):
    """Predictive multiplicity: of whom near-equal models disagree, by group.

    Columns of `table`: the schema's. Measures: "ambiguity": share of people
    to whom some near-equal model gives another decision than the best one; "discrepancy": the
    largest share that any one near-equal model decides otherwise. 0 means that the choice among
    them changes nobody's decision.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": [1, 2, 3, 4], "sex": list("ffmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> models = {"a": [0, 1, 1, 1], "b": [0, 0, 1, 1]}
    >>> multiplicity(models, {"a": 0.80, "b": 0.795}, data).by_group["ambiguity"].to_dict()
    {'f': 0.5, 'm': 0.0}
    """

    kind: ClassVar[str] = "multiplicity"
    citations = cited("marx_2020")


class SelfConsistency(_Shares):
    """Whether a model trained again on other people decides alike, by group.

    Columns of `table`: the schema's. Measures: "self_consistency": chance that
    two models, trained on two bootstraps of the people, decide a person's case alike, meaned over
    the group; 1 means that retraining changes nobody's decision, 0.5 that a coin would do.
    "inconsistent": share of the group below 0.75.

    Examples
    --------
    >>> from credit_ml.scoring import LogisticScorer
    >>> frame = pd.DataFrame({"x": range(40), "sex": list("fm") * 20, "paid": [0, 1] * 20})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> self_consistency(LogisticScorer(), data, data, refits=2).by_group.columns.tolist()
    ['self_consistency', 'inconsistent']
    """

    kind: ClassVar[str] = "self_consistency"
    citations = cited("cooper_2024")


def multiplicity(
    decisions: Mapping[str, Any],
    quality: Mapping[str, float],
    dataset: Dataset,
    *,
    tolerance: float = 0.01,
) -> Multiplicity:
    """Ambiguity and discrepancy among models within `tolerance` of the best one.

    Cost: one pass over people a model.

    Parameters
    ----------
    decisions : mapping of str to array_like of bool
        Each model's decision of everybody.
    quality : mapping of str to float
        Each model's accuracy, AUC or the like; larger is better.
    tolerance : float
        How much worse than the best a model may be and still count as near-equal.

    Raises
    ------
    InputError
        When no model is given, or one has no quality.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": [1, 2, 3, 4], "sex": list("ffmm"), "paid": [0, 1, 0, 1]})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> found = multiplicity({"a": [0, 1, 1, 1], "b": [0, 0, 1, 1], "c": [1, 1, 1, 0]},
    ...                      {"a": 0.80, "b": 0.795, "c": 0.60}, data)
    >>> found.metrics()["multiplicity.ambiguity.overall.all"]
    0.25
    """
    InputError.unless(decisions, "decisions", "are of no model", "give at least one")
    for name in decisions:
        InputError.unless(name in quality, "quality", f"lacks '{name}'", "give every model's")
    index = dataset.X.index
    table = {
        name: aligned(np.asarray(values, dtype=bool), f"decisions, model '{name}'", index)
        for name, values in decisions.items()
    }
    best = max(table, key=lambda name: quality[name])
    near = [name for name in table if quality[name] >= quality[best] - tolerance]
    flips = np.column_stack([table[name] != table[best] for name in near])
    rows, people = [], People.of(dataset)
    for name, group, who in groups_of(dataset):
        labels = {"sensitive": name, "group": group, "people": int(who.sum())}
        any_of, each = people.share(flips.any(axis=1), who), people.share(flips, who)
        rows.append({"measure": "ambiguity", "estimate": float(any_of), **labels})
        rows.append({"measure": "discrepancy", "estimate": each.value.max(), **labels})
    return Multiplicity(
        table=conform(rows),
        title="What the choice among near-equal models changes",
        parameters={"best": best, "near": near, "tolerance": tolerance},
        notes=("Both are lower bounds: only the models that were given are compared.",),
    )


def self_consistency(
    scorer: Any,
    train: Dataset,
    dataset: Dataset,
    *,
    threshold: float = 0.0,
    refits: int = 20,
    seed: int = 0,
) -> SelfConsistency:
    """Train a scorer on bootstraps of the people, and ask how alike it decides.

    ``1 - 2 B0 B1 / (B (B - 1))`` a person, for B0 refusals and B1 acceptances among B models.

    Cost: `refits` fits and scorings.

    Parameters
    ----------
    scorer : scikit-learn classifier with decision_function
        Cloned for each fit.
    train, dataset : Dataset
        People to learn from, and people whose cases are decided.
    threshold : float
        Log-odds from which a decision is favourable.
    refits : int
        Bootstraps, at least 2.

    Raises
    ------
    InputError
        When fewer than two refits are asked for.
    TableError
        When the people to learn from have no outcome.

    Examples
    --------
    >>> from credit_ml.scoring import LogisticScorer
    >>> frame = pd.DataFrame({"x": range(40), "sex": list("fm") * 20, "paid": [0, 1] * 20})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    >>> found = self_consistency(LogisticScorer(), data, data, refits=4)
    >>> 0.3 < found.metrics()["self_consistency.self_consistency.overall.all"] <= 1
    True
    """
    InputError.unless(refits >= 2, "refits", f"is {refits}", "give at least 2")
    refuse_weights(train, "self_consistency, train")
    streams = Streams(seed)
    accepted = np.zeros(len(dataset))
    outcome = train.outcome(needed_for="self_consistency").to_numpy()
    for number in range(refits):
        generator = streams.generator("fairness.refits", number)
        rows = generator.integers(0, len(train), len(train))
        if len(np.unique(outcome[rows])) < 2:
            raise ModelError("refits", "met a bootstrap with one outcome", "give more people")
        fitted = unfitted(scorer).fit(train.X.iloc[rows], outcome[rows])
        accepted += fitted.decision_function(dataset.X) >= threshold
    alike = 1 - 2 * accepted * (refits - accepted) / (refits * (refits - 1))
    found, people = [], People.of(dataset)
    for name, group, who in groups_of(dataset):
        labels = {"sensitive": name, "group": group, "people": int(who.sum())}
        for measure, values in (("self_consistency", alike), ("inconsistent", alike < 0.75)):
            estimate = float(people.mean(values, who))
            found.append({"measure": measure, "estimate": estimate, **labels})
    return SelfConsistency(
        table=conform(found),
        title="Whether the same model, trained again, decides alike",
        parameters={"refits": refits, "threshold": threshold},
        seed=seed,
        notes=("Models differ by the bootstrap of people alone.",),
    )


def _bars(table: pd.DataFrame, axes: Axes | None, label: str) -> Axes:
    groups = table[["sensitive", "group"]].drop_duplicates()
    axes = axes_or_new(axes, height=1.0 + 0.3 * len(groups))
    place = -np.arange(len(groups), dtype=float)
    for number, measure in enumerate(table["measure"].unique()):
        rows = table[table["measure"] == measure]
        name = str(measure).replace("_", " ")
        axes.plot(rows["estimate"], place, "o", color=PALETTE[number], label=name)
    names = ["everybody" if s == "overall" else f"{s}: {g}" for s, g in groups.to_numpy()]
    axes.set_yticks(place, names)
    axes.set_xlabel(label)
    axes.grid(axis="x")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
    return axes
