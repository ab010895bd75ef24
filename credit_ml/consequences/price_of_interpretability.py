"""The price of interpretability: what a readable model costs in accuracy, and what it changes."""

from collections.abc import Sequence
from itertools import product
from typing import ClassVar

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from credit_ml.agencies import Agency, ScorerKind
from credit_ml.core import Array, Dataset, Finding, InputError, beside, cited, conform
from credit_ml.core.figure import INK, PALETTE, Axes, points
from credit_ml.explanation.surrogate import sum_of_stumps
from credit_ml.grammar.names import scorer_name
from credit_ml.inference import checked_level, mean_of_worlds
from credit_ml.scoring import FeatureEncoder
from credit_ml.society import Society, load_world

#: Scorers compared, the first of which the others are held against.
KINDS: tuple[ScorerKind, ...] = ("opaque", "neural", "logistic", "scorecard", "tree")
READABLE = ("logistic", "scorecard", "ebm", "tree")
#: The row of means over all worlds.
ALL = "(all)"
#: What the figure shows of each scorer, from the top: label, and factor of the axis.
PANELS = {
    "auc_lost": ("AUC lost (percentage points)", 100.0),
    "calibration_error": ("calibration error (percentage points)", 100.0),
    "selection_gap": ("selection gap (percentage points)", 100.0),
    "fidelity": ("explained by a sum over features (%)", 100.0),
}
UNITS: dict[str, str] = beside(__file__)["units"]


class PriceOfInterpretability(Finding):
    """What each scorer costs and changes in each world, with intervals over seeds.

    Own columns of `table`: scorer, world, seeds, unit. "auc_lost" is
    paired: the first scorer's AUC less this one's in the same society; 0 means that readability
    costs nothing. World "(all)" is the mean over worlds, whose interval is of each seed's mean,
    because one seed's societies share their chance in all worlds.

    Examples
    --------
    >>> row = {"measure": "auc_lost", "scorer": "tree", "world": "(all)", "estimate": 0.02}
    >>> PriceOfInterpretability(table=conform([row]), title="").metrics()
    {'interpretability.auc_lost.tree.(all)': 0.02}
    """

    kind: ClassVar[str] = "interpretability"
    tracked: ClassVar[tuple[str, ...]] = ("measure", "scorer", "world")
    labels: ClassVar[tuple[str, ...]] = ("scorer", "world")
    shares = ("auc", "fidelity")
    amounts = ("calibration_error",)
    called: ClassVar[dict[str, str]] = beside(__file__)["called"]
    shown_in: ClassVar[dict[str, str]] = beside(__file__)["shown_in"]
    citations = cited("rudin_2019", "kumar_2019")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw each measure by scorer: a faint dot a world, the mean with its interval.

        On a new figure all four measures, one below the other; on given axes the AUC lost.
        """
        if axes is not None:
            return self._panel(axes, "auc_lost")
        import matplotlib.pyplot as plt

        height = len(PANELS) * (0.75 + 0.19 * len(self.parameters["scorers"]))
        _, new = plt.subplots(len(PANELS), figsize=(6.2, height), layout="constrained")
        panels = [self._panel(*each) for each in zip(new, PANELS, strict=True)]
        return panels[0]

    def _panel(self, axes: Axes, measure: str) -> Axes:
        label, factor = PANELS[measure]
        rows = self.table[self.table["measure"] == measure]
        scorers = list(self.parameters["scorers"])
        for place, scorer in enumerate(scorers):
            own = rows[rows["scorer"] == scorer]
            each, mean = own[own["world"] != ALL], own[own["world"] == ALL]
            colour = PALETTE[1 if scorer in READABLE else 0]
            x, y = factor * each["estimate"], np.full(len(each), -place)
            axes.plot(x, y, "o", ms=3.0, color=colour, alpha=0.35, mec="none")
            points(axes, mean, np.full(len(mean), -place), scale=factor, fmt="D", color=colour)
        if measure in ("auc_lost", "selection_gap"):
            axes.axvline(0, color=INK, lw=0.8)
        axes.set_yticks([-n for n in range(len(scorers))], [scorer_name(each) for each in scorers])
        axes.set_ylim(0.6 - len(scorers), 0.6)
        axes.set_xlabel(label)
        axes.grid(axis="x")
        return axes


def price_of_interpretability(
    agency: Agency,
    *,
    worlds: Sequence[str],
    scorers: Sequence[ScorerKind] = KINDS,
    sensitive: str = "hukou",
    group: str = "rural",
    citizens: int = 4000,
    seeds: int = 3,
    intervals: float = 0.95,
) -> PriceOfInterpretability:
    """Train readable and opaque scorers on the same societies, and compare what they cost.

    - "auc", and "auc_lost" against the first scorer, on the audited period.
    - "calibration_error": mean distance between probability and outcome over tenths of people.
    - "selection_gap": group less everybody else, when each scorer accepts whom it scores above the
      median, which is fewer than half where many score just that, as by a tree of few leaves; and
      "selection_gap_change" from the first scorer's, in the same society.
    - "fidelity": how much of the scorer's log-odds the best additive score explains for people it
      was not fitted on; reasons by feature are complete where it is 1.

    Cost: seeds x worlds societies, each fitted by every scorer.

    Parameters
    ----------
    agency : Agency
        Whose streams and outcomes are used.
    worlds : sequence of str
        Named worlds.
    scorers : sequence of str
        Kinds of scorer; the first is the one the others are held against.
    citizens, seeds : int
        Size and number of societies a world; seeds 1, 2, ..., at least 2.
    intervals : float
        Level of Student's intervals over seeds.

    Raises
    ------
    InputError
        When fewer than two seeds or scorers are given.
    WorldError
        When a world is unknown.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> found = price_of_interpretability(load_agency("council"), worlds=["no_proxy"],
    ...     scorers=["logistic", "tree"], citizens=200, seeds=2)
    >>> sorted(found.table["measure"].unique())
    ['auc', 'auc_lost', 'calibration_error', 'fidelity', 'selection_gap', 'selection_gap_change']
    """
    checked_level(intervals)
    if seeds < 2:
        raise InputError("seeds", f"are {seeds}", "give at least 2, or there is no interval")
    if len(scorers) < 2:
        raise InputError("scorers", f"are {len(scorers)}", "give at least two kinds")
    found = []
    for world, seed in product(worlds, range(1, seeds + 1)):
        society = load_world(world, citizens=citizens, seed=seed).simulate()
        own = _one_society(agency, society, scorers, (sensitive, group))
        found.append(own.assign(world=world, seed=seed))
    each = pd.concat(found).rename(columns={"value": "estimate"})
    # World by world, and of all: one seed draws the same chance in every world.
    parts = [each.assign(of=each["world"]), each.assign(of=ALL)]
    means = mean_of_worlds(pd.concat(parts), ["measure", "scorer", "of"], intervals=intervals)
    means = means.rename(columns={"of": "world"}).drop(columns="societies")
    means["unit"] = means["measure"].map(UNITS)
    asked = {"sensitive": sensitive, "group": group, "citizens": citizens, "seeds": seeds}
    kinds = {"worlds": list(worlds), "scorers": list(scorers)}
    counted = {"intervals": intervals, "intervals_over": "societies"}
    return PriceOfInterpretability(
        table=conform(means, people=citizens),
        title="The price of being readable",
        parameters={"agency": agency.id, **kinds, **asked, **counted},
        notes=("Intervals are over seeds: each draws one society of every world.",),
    )


def _one_society(
    agency: Agency, society: Society, scorers: Sequence[ScorerKind], of: tuple[str, str]
) -> pd.DataFrame:
    rows: list[pd.DataFrame] = []
    first: dict[str, float] = {}
    for kind in scorers:
        rater = agency.with_scorer(kind).fit(society, seed=society.world.seed)
        dataset = rater.agency.view(society)
        log_odds = rater.log_odds(dataset.X)
        measured = measures(log_odds, dataset, *of)
        if first:  # paired: both have judged the same people
            measured["auc_lost"] = first["auc"] - measured["auc"]
            measured["selection_gap_change"] = measured["selection_gap"] - first["selection_gap"]
        first = first or dict(measured)
        # A sum over features is its own best additive score.
        additive = hasattr(rater.scorer, "additive_terms")
        measured["fidelity"] = 1.0 if additive else fidelity(log_odds, dataset.X)
        values = pd.Series(measured, name="value").rename_axis("measure")
        rows.append(values.reset_index().assign(scorer=kind))
    return pd.concat(rows)


def measures(log_odds: Array, dataset: Dataset, sensitive: str, group: str) -> dict[str, float]:
    """AUC, calibration error and selection gap of one scorer in one society."""
    kept = np.asarray(dataset.y)
    probability = 1 / (1 + np.exp(-log_odds))
    tenth = np.argsort(np.argsort(probability, kind="stable")) * 10 // len(kept)
    people = np.bincount(tenth)
    error = np.abs(np.bincount(tenth, probability) - np.bincount(tenth, kept)).sum() / people.sum()
    member = (dataset.groups(sensitive) == group).to_numpy()
    accepted = log_odds > np.median(log_odds)
    return {
        "auc": float(roc_auc_score(kept, log_odds)),
        "calibration_error": float(error),
        "selection_gap": float(accepted[member].mean() - accepted[~member].mean()),
    }


def fidelity(log_odds: Array, X: pd.DataFrame) -> float:
    """Share of a score's variance that the best additive surrogate explains out of sample.

    The surrogate is a sum of boosted stumps, one feature each, fitted on every other person and
    judged on the rest. An additive score has 1 but for the surrogate's own error.

    Examples
    --------
    >>> X = pd.DataFrame({"a": np.arange(400) % 20, "b": np.arange(400) // 20})
    >>> fidelity((X["a"] + X["b"]).to_numpy(float), X) > 0.97
    True
    """
    encoded = FeatureEncoder().fit(X).transform(X)
    even = np.arange(len(X)) % 2 == 0
    missed = log_odds[~even] - sum_of_stumps(encoded[even], log_odds[even]).predict(encoded[~even])
    spread = float(np.var(log_odds[~even]))
    return 1.0 - float(np.mean(missed**2)) / spread if spread > 0 else 1.0
