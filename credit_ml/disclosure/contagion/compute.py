"""What bystanders gain and lose when others cut, seek and report friends for their score's sake."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy import stats
from scipy.sparse import csr_array

from credit_ml.agencies import Rater
from credit_ml.core import Array, Finding, Mask, MenuError, cited, conform
from credit_ml.core.figure import INK, Axes, points_by_group
from credit_ml.disclosure.case import case_of
from credit_ml.disclosure.disclose import act
from credit_ml.disclosure.finding import EVERYBODY
from credit_ml.disclosure.measures import HEADS, MEASURES
from credit_ml.disclosure.outcome import ResponseOutcome
from credit_ml.disclosure.regime import Regime, words_of
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.disclosure.rows import POSITIVE
from credit_ml.inference import People, checked_level, groups_of
from credit_ml.response.after_response import moves_ties
from credit_ml.response.options import ResponseOptions, takes_response
from credit_ml.society import Society
from credit_ml.society.description.segregation import homophily


class Contagion(Finding):
    """What happens to those who did nothing, and to who is friends with whom.

    Bystanders took no action. "touched": something on their record moved; "points": what they
    gained by others; "lost" and "won": the first privilege. "homophily" of each group and
    "score_assortativity" are given "before" and "after" the response; a score that sorts friends
    raises the second.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> table = conform([{"measure": "bystanders", "when": "", "estimate": 0.8}])
    >>> float(Contagion(table=table, title="Bystanders").overall["bystanders"])
    0.8
    """

    kind: ClassVar[str] = "contagion"
    labels: ClassVar[tuple[str, ...]] = ("when",)
    called = HEADS
    absent = "it is a number of all ties, not a mean over people"
    tracked: ClassVar[tuple[str, ...]] = ("measure", "when", "sensitive", "group")
    unsaid: ClassVar[tuple[str, ...]] = EVERYBODY
    citations = cited("wei_2016", "coleman_1958", "newman_2003")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw what bystanders of each group gain or lose, with intervals."""
        label = f"{self.parameters['unit']} gained by those who did nothing"
        axes = points_by_group(axes, self.where(measure="points").table, label)
        axes.axvline(0, color=INK, lw=0.8)
        return axes


@takes_response
def contagion(
    rater: Rater,
    society: Society,
    *,
    regime: str | Regime = "full",
    response: ResponseOptions | None = None,
    sensitive: str | Sequence[str] | None = None,
    intervals: float = 0.95,
    over: str = "auto",
    seed: int = 0,
) -> Contagion:
    """Let everybody respond, ties and all, and measure what it does to those who did nothing.

    Cost: that of `disclose` for one regime, and two passes over ties a group.

    Parameters
    ----------
    rater : Rater
        Of an agency that sees friends' records.
    society : Society
    regime : str or Regime
        What people are told.
    response, sensitive, intervals, over, seed
        As in `disclose`; by default people of a district are counted together.

    Raises
    ------
    MenuError
        When no action that the rater sees anything of moves ties.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=800, seed=3).simulate()
    >>> found = contagion(load_agency("sesame").fit(society), society, sensitive=["hukou"])
    >>> found.table.query("measure == 'bystanders' and group == 'all'")["estimate"].item() > 0
    True
    """
    (chosen,) = checked_regimes(regime)
    checked_level(intervals)
    response, dataset = response or ResponseOptions(), rater.agency.view(society)
    case = case_of(rater, dataset, response, society=society, seed=seed)
    if not moves_ties(case.problem.actions):
        remedy = "give a rater that sees contacts, and social actions with ties"
        raise MenuError(rater.name, "sees no action that moves ties", remedy)
    found = act(case, chosen.belief(case.problem))
    people, every = People.of(dataset, over=over), list(groups_of(dataset, sensitive))
    rows = [row for place in every for row in _of_group(found, dataset.X, people, place, intervals)]
    rows += list(_of_ties(found, society.ties, every))
    return Contagion(
        table=conform(rows),
        title=f"What others' ties do to bystanders: {rater.name}",
        parameters={
            "rater": rater.name,
            "unit": case.problem.score.unit,
            "regime": chosen.id,
            "clause": words_of(chosen)["clause"],
            "people": len(society),
            "bundle": response.bundle,
            "margin": response.margin,
            "intervals": intervals,
            "intervals_over": people.counted,
        },
        seed=seed,
        notes=(
            "Whoever is asked to be a friend accepts one who looks no worse than the worst friend "
            "that they have; the rule is assumed.",
            people.note,
            "Homophily and assortativity are of this society and have no interval.",
        ),
    )


def _row(place: tuple[str, str, Mask], measure: str, when: str, **facts: Any) -> dict[str, Any]:
    labels = {"sensitive": place[0], "group": place[1], "when": when}
    return {
        "quantity": "value",
        "measure": measure,
        "unit": MEASURES[measure]["unit"],
        **labels,
        **facts,
    }


def _of_group(
    found: ResponseOutcome,
    X: pd.DataFrame,
    people: People,
    place: tuple[str, str, Mask],
    level: float,
) -> Iterator[dict[str, Any]]:
    if found.tied is None:
        return
    who, still = place[2], ~found.acted
    each = {
        "ties_cut": people.mean(found.tied.cut, who, bounds=POSITIVE),
        "ties_added": people.mean(found.tied.added, who, bounds=POSITIVE),
        "bystanders": people.share(still, who),
        "touched": people.share(_touched(X, found.X), who & still),
        "points": people.mean(found.after - found.before, who & still),
        "lost": people.share(found.had & ~found.granted, who & still),
        "won": people.share(~found.had & found.granted, who & still),
    }
    for measure, estimate in each.items():
        yield _row(place, measure, "", **estimate.facts(level))


def _touched(before: pd.DataFrame, after: pd.DataFrame) -> Mask:
    moved = np.zeros(len(before), dtype=bool)
    for name in before.columns:
        one, other = before[name], after[name]
        moved |= ((one != other) & ~(one.isna() & other.isna())).to_numpy(dtype=bool)
    return moved


def _of_ties(
    found: ResponseOutcome, ties: csr_array, every: Sequence[tuple[str, str, Mask]]
) -> Iterator[dict[str, Any]]:
    if found.tied is None:
        return
    moments = ("before", ties, found.before), ("after", found.tied.ties, found.after)
    for when, now, scores in moments:
        correlation = assortativity(now, scores)
        yield _row(every[0], "score_assortativity", when, estimate=correlation)
        for place in every[1:]:
            yield _row(place, "homophily", when, estimate=homophily(now, place[2]))


def assortativity(ties: csr_array, values: Array) -> float:
    """Correlation of a value over both ends of ties (Newman 2003); NaN without ties or spread.

    Examples
    --------
    >>> pair = csr_array(np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]))
    >>> assortativity(pair, np.array([1.0, 1.0, 3.0, 3.0]))
    1.0
    """
    owner = np.repeat(np.arange(ties.shape[0]), np.diff(ties.indptr))
    one, other = values[owner], values[ties.indices]
    if not len(one) or not one.std() > 0:
        return float("nan")
    return float(stats.pearsonr(one, other).statistic)
