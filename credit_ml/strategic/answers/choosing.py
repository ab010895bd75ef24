"""Which disclosure, with which answer to those who respond, serves best."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.agencies.rater import Rater
from credit_ml.core import Dataset, Finding, InputError, refuse_unknown
from credit_ml.core.figure import PALETTE, axes_or_new, styled
from credit_ml.response.aftermath import FixedChance, Respond, checked_aftermath
from credit_ml.scoring import display_name, score_function
from credit_ml.strategic.answers.replies import ANSWERS, Answer
from credit_ml.strategic.measured import (
    Measured,
    line_of,
    mean_of,
    quantile_of,
    rows_of,
)
from credit_ml.strategic.performative.rounds import parts_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
Criterion = Literal["accuracy", "welfare", "gap"]
Worth = Callable[[Any, pd.DataFrame], Array]
"""From a rater and records to what is granted to each person, in shares of yearly income."""


@dataclass(frozen=True, kw_only=True)
class DisclosureChoice(Finding):
    """Every regime with every answer, and the pair that is best by one criterion.

    `behind_best` is how far a pair is behind the chosen one, person by person: 0 is the best.
    """

    kind: ClassVar[str] = "disclosure_choice"

    rater: Any = field(default=None, repr=False, compare=False)
    """The rater of the chosen pair; None in a stored finding."""

    @property
    def best(self) -> tuple[str, str]:
        """Regime and answer that were chosen."""
        return str(self.parameters["regime"]), str(self.parameters["answer"])

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw the criterion by regime, one colour an answer; the largest gap where that is it."""
        measure = {"gap": "largest_gap"}.get(self.parameters["by"], self.parameters["by"])
        rows = self.table[self.table["measure"] == measure]
        regimes = list(rows["regime"].unique())
        axes = axes_or_new(axes, height=1.5 + 0.5 * len(regimes))
        answers = list(rows["answer"].unique())
        for number, answer in enumerate(answers):
            own = rows[rows["answer"] == answer]
            place = [-regimes.index(name) - (number - (len(answers) - 1) / 2) * 0.2
                     for name in own["regime"]]  # fmt: skip
            error = own[["low", "high"]].sub(own["estimate"], axis=0).abs().to_numpy().T
            axes.errorbar(own["estimate"], place, xerr=error, fmt="o", ms=4.5, elinewidth=1.2,
                          color=PALETTE[number % len(PALETTE)], label=answer)  # fmt: skip
        axes.set_yticks([-place for place in range(len(regimes))], regimes)
        axes.set_xlabel(f"{measure.replace('_', ' ')} ({rows['unit'].iloc[0]})")
        axes.grid(axis="x")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(answers))
        return axes

    def metrics(self) -> dict[str, float]:
        """Measures of everybody, by regime and answer."""
        rows = self.table[self.table["group"] == "all"]
        return {
            f"disclosure_choice.{row['regime']}.{row['answer']}.{row['measure']}": row["estimate"]
            for row in rows.to_dict("records")
        }


def choose_disclosure(
    rater: Any,
    dataset: Dataset,
    regimes: Mapping[str, Respond],
    *,
    answers: Mapping[str, Answer] | None = None,
    by: Criterion = "accuracy",
    worth: Worth | None = None,
    sensitive: str | None = None,
    threshold: float | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> DisclosureChoice:
    """Try every regime of disclosure with every answer of the rater, and choose one pair.

    Each answer is trained on half of the people, responding under the regime; the pair is
    chosen and measured on the other half, after they responded to the rater in force.

    Cost: that of the answers, once a regime, and one response more for each pair.

    Parameters
    ----------
    rater : Rater or scikit-learn classifier
    dataset : Dataset
        People as they are, with an outcome.
    regimes : mapping of str to Respond
        What people do under each regime of disclosure.
    answers : mapping of str to Answer, optional
        By default `ANSWERS`: naive, refitted, robust.
    by : {"accuracy", "welfare", "gap"}
        Most right decisions; most worth of what is granted less what people spend; or the
        smallest of largest gaps in selection by `sensitive`.
    worth : callable, optional
        From rater and records to what is granted to each person, in shares of a year's income;
        by default an agency's privileges at their values.
    sensitive : str, optional
        Feature of the gaps.
    threshold : float, optional
        Of the first decision; an agency's first privilege or 0.5 by default.
    intervals : float
        Level of normal intervals over people.
    seed : int
        Of the split, of chance and of the scorers.

    Raises
    ------
    InputError
        When there is nothing to choose from, or the criterion lacks what it needs.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from credit_ml.strategic import ANSWERS, LinearShift
    >>> random = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"late": random.normal(size=400)})
    >>> frame["paid"] = (random.normal(size=400) > frame["late"]).astype(int)
    >>> people = Dataset.from_frame(frame, target="paid", sensitive=[])
    >>> model = LogisticRegression().fit(people.X, people.y)
    >>> told = {"nothing": LinearShift(strength=0.0), "full": LinearShift(strength=2.0)}
    >>> found = choose_disclosure(model, people, told, answers={"naive": ANSWERS["naive"]})
    >>> found.best
    ('nothing', 'naive')
    """
    tried = ANSWERS if answers is None else answers
    worth = _worth_of(rater) if worth is None else worth
    _check(regimes, tried, by, worth, sensitive)
    quantile = quantile_of(intervals)
    train, test = parts_of(len(dataset), (0.5, 0.5), seed=seed)
    taught, people = dataset.take(train), dataset.take(test)
    chance = FixedChance(dataset, seed=seed)
    force, table, values = {}, [], {}
    for pair in [(regime, answer) for regime in regimes for answer in tried]:
        respond = regimes[pair[0]]
        force[pair] = tried[pair[1]](rater, taught, respond, threshold=threshold, seed=seed)
        found, X = _followed(force[pair], dataset, respond, chance, test, threshold)
        rows = rows_of(found, people, sensitive=sensitive, quantile=quantile)
        values[pair], more = _judged(found, X, force[pair], by, worth, rows, quantile)
        names = {"regime": pair[0], "answer": pair[1]}
        table += [names | row for row in (*rows, *more)]
    best = max(values, key=lambda pair: float(np.mean(values[pair])))
    for pair, each in values.items():
        behind = mean_of(values[best] - each, quantile)
        if by == "gap":
            # One number a pair: it has no interval of its own here.
            behind = (behind[0], np.nan, np.nan)
        table.append({"regime": pair[0], "answer": pair[1],
                      **_row("behind_best", behind, UNITS[by])})  # fmt: skip
    return DisclosureChoice(
        table=pd.DataFrame(table),
        title=f"Which disclosure is best by {by}: {display_name(rater)}",
        parameters={
            "regime": best[0], "answer": best[1], "by": by, "regimes": list(regimes),
            "answers": list(tried), "people": len(dataset), "sensitive": sensitive,
            "intervals": intervals,
        },
        seed=seed,
        notes=(
            "Pairs are measured on people who were not trained on, and chosen by the same: where "
            "pairs are close, the best is a little flattered. See behind_best.",
        ),
        rater=force[best],
    )  # fmt: skip


UNITS: dict[Criterion, str] = {
    "accuracy": "share of decisions",
    "welfare": "share of a year's income",
    "gap": "share of people",
}


def _followed(
    force: Any, dataset: Dataset, respond: Respond, chance: FixedChance,
    test: NDArray[np.intp], threshold: float | None,
) -> tuple[Measured, pd.DataFrame]:  # fmt: skip
    after = checked_aftermath(respond(force, dataset), dataset)
    X = after.X.iloc[test]
    scores = score_function(force)(X)
    return Measured(
        scores=scores,
        granted=scores >= line_of(force, threshold),
        kept=chance.kept(after.probability)[test],
        acted=np.asarray(after.acted, dtype=bool)[test],
        spending=np.asarray(after.spending, dtype=np.float64)[test],
    ), X


def _judged(
    found: Measured, X: pd.DataFrame, force: Any, by: Criterion, worth: Worth | None,
    rows: list[dict[str, Any]], quantile: float,
) -> tuple[Array, list[dict[str, Any]]]:  # fmt: skip
    """What the criterion says of each person, more being better, and rows of its own."""
    more = []
    right = (found.granted == (found.kept == 1)).astype(np.float64)
    judged: dict[str, Array] = {"accuracy": right}
    if worth is not None:
        judged["welfare"] = np.asarray(worth(force, X), dtype=np.float64) - found.spending
        more.append(_row("welfare", mean_of(judged["welfare"], quantile), UNITS["welfare"]))
    gaps = [row for row in rows if row["measure"] == "selection_gap"]
    if gaps:
        widest = max(gaps, key=lambda row: abs(row["estimate"]))
        size, half = abs(widest["estimate"]), widest["high"] - widest["estimate"]
        more.append(_row("largest_gap", (size, size - half, size + half), UNITS["gap"]))
        judged["gap"] = np.array([-size])
    return judged[by], more


def _row(measure: str, estimate: tuple[float, float, float], unit: str) -> dict[str, Any]:
    return {
        "measure": measure, "group": "all", "reference_group": "", "estimate": estimate[0],
        "low": estimate[1], "high": estimate[2], "unit": unit,
    }  # fmt: skip


def _worth_of(rater: Any) -> Worth | None:
    if not isinstance(rater, Rater) or not rater.agency.privileges:
        return None
    privileges = rater.agency.privileges

    def worth(force: Any, X: pd.DataFrame) -> Array:
        scores = score_function(force)(X)
        total = np.zeros(len(X))
        for each in privileges:
            total += each.value * (scores >= each.threshold)
        return total

    return worth


def _check(
    regimes: Mapping[str, Respond], answers: Mapping[str, Answer], by: str, worth: Worth | None,
    sensitive: str | None,
) -> None:  # fmt: skip
    if not regimes or not answers:
        raise InputError("regimes and answers", "leave nothing to choose", "give one of each")
    if by not in get_args(Criterion):
        refuse_unknown(InputError, "by", str(by), get_args(Criterion))
    if by == "welfare" and worth is None:
        raise InputError("worth", "is missing", "say what is granted is worth to each person")
    if by == "gap" and sensitive is None:
        raise InputError("sensitive", "is missing", "name the feature whose gap counts")
