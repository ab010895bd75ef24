"""Which disclosure, with which strategy towards those who respond, serves best."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args

import numpy as np
import pandas as pd

from credit_ml.agencies.rater import Rater
from credit_ml.core import (
    Array,
    Dataset,
    Finding,
    InputError,
    beside,
    conform,
    need_known,
    refuse_weights,
)
from credit_ml.core.figure import Axes, named_points
from credit_ml.inference import Estimate, groups_of, kept_references, spread
from credit_ml.response.aftermath import FixedChance, Respond
from credit_ml.scoring import display_name, score_function
from credit_ml.strategic.held_out import UNITS, HeldOut, Measures
from credit_ml.strategic.performative.retraining import BY_DEFAULT, Retraining, Round
from credit_ml.strategic.strategies import Strategy, rater_strategies

By = Literal["accuracy", "welfare", "gap"]
Worth = Callable[[Any, pd.DataFrame], Array]
"""From a rater and records to what is granted to each person, in shares of yearly income."""


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """What makes one disclosure better than another.

    Raises
    ------
    InputError
        When `by` is unknown, or a gap has no one feature.

    Examples
    --------
    >>> Criterion(by="gap", sensitive="hukou").by
    'gap'
    """

    by: By = "accuracy"
    """Most right decisions; most worth of what is granted less what people spend ("welfare"); or
    the smallest of largest differences in selection between groups of `sensitive` ("gap")."""
    worth: Worth | None = None
    """From rater and records to what is granted to each person, in shares of a year's income; by
    default an agency's privileges at their values."""
    sensitive: str | Sequence[str] | None = None
    """Features whose differences are followed, all by default; of a gap, the one that counts."""
    reference_groups: Mapping[str, str] | str | None = None
    """Group that others are compared with, by feature; the most numerous by default."""

    def __post_init__(self) -> None:
        need_known(InputError, "by", self.by, get_args(By))
        if self.by == "gap" and not isinstance(self.sensitive, str):
            raise InputError("sensitive", "is missing", "name the feature whose gap counts")

    def worth_to(self, rater: Any) -> Worth | None:
        """What is granted by a rater is worth to each person; None where nobody can tell.

        Raises
        ------
        InputError
            When welfare counts and nobody can tell.
        """
        if self.worth is not None:
            return self.worth
        if isinstance(rater, Rater) and rater.agency.privileges:
            return _worth_of_privileges(rater)
        if self.by == "welfare":
            raise InputError("worth", "is missing", "say what is granted is worth to each person")
        return None


ACCURACY = Criterion()


@dataclass(frozen=True, kw_only=True)
class DisclosureChoice(Finding):
    """Every regime with every strategy, and the pair that is best by one criterion.

    Rows of quantity "difference" and measure "behind_best" say how far a pair is behind the
    chosen one, person by person: 0 is the best.

    Examples
    --------
    >>> asked = {"regime": "nothing", "strategy": "naive"}
    >>> DisclosureChoice(table=conform([]), title="", parameters=asked).best
    ('nothing', 'naive')
    """

    kind: ClassVar[str] = "disclosure_choice"
    labels: ClassVar[tuple[str, ...]] = ("regime", "strategy")
    tracked_as = "disclosure_choice.{regime}.{strategy}.{measure}"
    tracked_rows: ClassVar[Mapping[str, Any]] = {"group": "all"}

    rater: Any = field(default=None, repr=False, compare=False)
    """The rater of the chosen pair; None in a stored finding."""

    @property
    def best(self) -> tuple[str, str]:
        """Regime and strategy that were chosen."""
        return str(self.parameters["regime"]), str(self.parameters["strategy"])

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the criterion by regime, one colour a strategy; the largest gap where that is it."""
        by = self.parameters["by"]
        quantity = "largest_difference" if by == "gap" else "value"
        measure = "selection_rate" if by == "gap" else by
        rows = self.table[(self.table["measure"] == measure) & (self.table["quantity"] == quantity)]
        axes = named_points(axes, rows, "regime", "strategy")
        axes.set_xlabel(f"{by} ({rows['unit'].iloc[0]})")
        return axes


def choose_disclosure(
    rater: Any,
    dataset: Dataset,
    regimes: Mapping[str, Respond],
    *,
    using: Mapping[str, Strategy] | None = None,
    criterion: Criterion = ACCURACY,
    retraining: Retraining = BY_DEFAULT,
    intervals: float = 0.95,
    over: str = "auto",
) -> DisclosureChoice:
    """Try every regime of disclosure with every strategy of the rater, and choose one pair.

    Each strategy is trained on half of the people, responding under the regime; the pair is
    chosen and measured on the other half, after they responded to the rater in force.

    Cost: that of the strategies, once a regime, and one response more for each pair.

    Parameters
    ----------
    rater : Rater or scikit-learn classifier
    dataset : Dataset
        People as they are, with an outcome.
    regimes : mapping of str to Respond
        What people do under each regime of disclosure, such as `credit_ml.disclosure.Responding`.
    using : mapping of str to Strategy, optional
        By default all of `rater_strategies`: naive, refitted, robust.
    criterion : Criterion
        Accuracy by default.
    retraining : Retraining
        Who is held out, the first decision, and how strategies train.
    intervals : float
        Level.
    over : {"auto", "people", "clusters"}
        What intervals count.

    Raises
    ------
    InputError
        When there is nothing to choose from, or the criterion lacks what it needs.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from credit_ml.strategic import LinearShift, rater_strategies
    >>> random = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"late": random.normal(size=400)})
    >>> frame["paid"] = (random.normal(size=400) > frame["late"]).astype(int)
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> told = {"nothing": LinearShift(strength=0.0), "full": LinearShift(strength=2.0)}
    >>> naive = {"naive": rater_strategies()["naive"]}
    >>> choose_disclosure(model, people, told, using=naive).best
    ('nothing', 'naive')
    """
    refuse_weights(dataset, "choose_disclosure")
    using = rater_strategies() if using is None else using
    if not regimes or not using:
        raise InputError("regimes and strategies", "leave nothing to choose", "give one of each")
    worth = criterion.worth_to(rater)
    train, test = retraining.parts(len(dataset))
    taught, chance = dataset.take(train), FixedChance(dataset, seed=retraining.seed)
    held, of = dataset.take(test), (criterion.sensitive, criterion.reference_groups)
    groups = {"sensitive": of[0], "reference_groups": kept_references(dataset, held, *of)}
    measures = Measures(dataset=held, intervals=intervals, over=over, **groups)
    force, table, judged = {}, [], {}
    for pair in itertools.product(regimes, using):
        respond, train_on = regimes[pair[0]], using[pair[1]]
        force[pair] = train_on(rater, taught, respond, retraining=retraining)
        last = Round.of(force[pair], dataset, respond, chance)
        found = last.measured(test, retraining.threshold)
        granted = None if worth is None else worth(force[pair], last.aftermath.X.iloc[test])
        estimates = _judged(found, measures, granted)
        judged[pair] = estimates[criterion.by]
        rows = [measures.row(estimate=each, **LABELS[by]) for by, each in estimates.items()]
        table += [_named(pair, each) for each in (*measures.rows(found), *rows[1:])]
    choose = min if criterion.by == "gap" else max
    best = choose(judged, key=lambda pair: float(judged[pair]))
    table += _behind(judged, best, criterion.by, measures)
    return DisclosureChoice(
        table=conform(table),
        title=f"Which disclosure is best by {criterion.by}: {display_name(rater)}",
        parameters={
            **_named(best, {"by": criterion.by, "regimes": list(regimes), "people": len(dataset)}),
            **measures.parameters,
            "strategies": list(using),
        },
        seed=retraining.seed,
        notes=(*beside(__file__)["notes"], measures.people.note),
        rater=force[best],
    )


#: How each criterion stands in the table; accuracy stands there anyway.
LABELS: dict[str, dict[str, str]] = {
    "accuracy": {"measure": "accuracy"},
    "welfare": {"measure": "welfare"},
    "gap": {"measure": "selection_rate", "quantity": "largest_difference"},
}


def _named(pair: tuple[str, str], fact: dict[str, Any]) -> dict[str, Any]:
    return {"regime": pair[0], "strategy": pair[1], **fact}


def _behind(
    judged: Mapping[tuple[str, str], Estimate], best: tuple[str, str], by: By, measures: Measures
) -> Iterator[dict[str, Any]]:
    """How far each pair is behind the best, person by person."""
    more = {"quantity": "difference", "unit": UNITS[LABELS[by]["measure"]]}
    for pair, each in judged.items():
        # Two largest differences are no numbers of single people: they have no interval here.
        behind = {"measure": "behind_best", "estimate": float(each) - float(judged[best])}
        if by != "gap":
            behind = measures.row("behind_best", judged[best] - each)
        yield _named(pair, behind | more)


def _judged(found: HeldOut, measures: Measures, granted: Array | None) -> dict[str, Estimate]:
    """What each criterion says of the people held out, accuracy first."""
    people, sensitive = measures.people, measures.sensitive
    judged = {"accuracy": people.share(found.right)}
    if granted is not None:
        judged["welfare"] = people.mean(np.asarray(granted, dtype=np.float64) - found.spending)
    if isinstance(sensitive, str):
        _, *groups = groups_of(measures.dataset, sensitive)
        inside = np.column_stack([who for _, _, who in groups])
        judged["gap"] = spread(people.rate(inside & found.granted[:, None], inside))
    return judged


def _worth_of_privileges(rater: Rater) -> Worth:
    def worth(force: Any, X: pd.DataFrame) -> Array:
        scores = score_function(force)(X)
        granted = [each.value * (scores >= each.threshold) for each in rater.agency.privileges]
        return np.asarray(sum(granted), dtype=np.float64)

    return worth
