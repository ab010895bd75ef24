"""Single citizens of a society: what moved their score, and what would have been otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.core import Dataset, InputError, Rows, Streams, beside, conform
from credit_ml.core.tables.frames import with_columns
from credit_ml.disclosure.case import DisclosureCase, case_of, sampled
from credit_ml.disclosure.disclose import follow
from credit_ml.disclosure.regime import words_of
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.disclosure.sample_citizens.finding import SampleCitizens
from credit_ml.explanation.reasons import reason_sentence
from credit_ml.explanation.reasons.compute import reasons_of
from credit_ml.inference import People, comparisons_of
from credit_ml.proxies.friends.rewiring import FRIENDS_COLUMNS
from credit_ml.proxies.thresholds import threshold_of
from credit_ml.response import Menu, ResponseOptions
from credit_ml.society import Society

#: Other citizens who lend their friends.
LENDERS = 100
#: Quantiles of the scores with these.
SHARES = {"lowest tenth": 0.1, "middle": 0.5, "highest tenth": 0.9}


@dataclass(frozen=True, kw_only=True)
class CitizenOptions:
    """Which citizens are drawn, and what they are told.

    Examples
    --------
    >>> CitizenOptions(citizens=20).regimes
    ('factors', 'recommendation', 'full')
    """

    citizens: int = 100
    """How many."""
    regimes: Sequence[str] = ("factors", "recommendation", "full")
    """What each is told, one at a time."""
    menu: str | Menu = "default"
    """What they can do."""
    seed: int = 0
    """Of who is drawn, and of what regimes draw."""

    def __post_init__(self) -> None:
        InputError.unless_at_least(1, "citizens", self.citizens)


def sample_citizens(
    rater: Rater,
    society: Society,
    *,
    options: CitizenOptions | None = None,
    threshold: float | None = None,
    sensitive: Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | None = None,
    intervals: float = 0.95,
) -> SampleCitizens:
    """Draw citizens, and say of each what moved the score and what would have been otherwise.

    Who is drawn depends on the seed and the size of the society alone, so that every rater of a
    society is asked about the same citizens. The twin of who is not in a feature's reference group
    is in it; of the first feature, who is in it has a twin in its next largest group. Responses are
    those of `disclose`, each citizen's alone: friends act as before.

    Cost: a twin of the society for each feature (and one more), reasons of each citizen, and a
    response for each regime.

    Parameters
    ----------
    rater : Rater
        Fitted.
    society : Society
        Simulated: of a table of real people no single person is kept.
    options : CitizenOptions, optional
    threshold : float, optional
        Points of the decision; those of the agency's first privilege by default.
    sensitive : sequence of str, optional
        Features, the one that is followed first; all by default.
    reference_groups : mapping of str to str, optional
        The most numerous group by default.
    intervals : float
        Level.

    Raises
    ------
    AgencyError, InputError, MenuError, TableError
        When an option, a regime, the menu, a feature or a group cannot be used.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=300, seed=3).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> options = CitizenOptions(citizens=5, regimes=("full",))
    >>> found = sample_citizens(rater, society, options=options, sensitive=["hukou"])
    >>> found.table["citizen"].nunique(), found.parameters["regimes"]["full"]
    (5, 'The whole model is told, so that everybody can compute any score.')
    """
    options = options or CitizenOptions()
    regimes = checked_regimes(options.regimes)
    dataset = rater.agency.view(society)
    features = list(sensitive or map(str, dataset.sensitive.columns))
    twins = _twins_of(dataset, features, reference_groups)
    case = case_of(
        rater,
        dataset,
        ResponseOptions(menu=options.menu),
        society=society,
        people=options.citizens,
        seed=options.seed,
    )
    rows = sampled(dataset, options.citizens, options.seed)
    threshold = threshold_of(rater.agency, threshold)
    found = [
        *_reasons(rater, dataset, rows, options.seed),
        *_twins(rater, society, dataset, rows, twins),
        *_friends(rater, dataset, rows, threshold, intervals, options.seed),
    ]
    for regime in regimes:
        found += _responses(case, regime)
    words = {each.id: words_of(each) for each in regimes}
    return SampleCitizens(
        table=_in_order(conform(found), rows),
        title=f"Single citizens: {rater.name}",
        parameters={
            "rater": rater.name,
            "unit": "points",
            "threshold": threshold,
            "regimes": {name: each["description"] for name, each in words.items()},
            "headings": {name: each["heading"] or name for name, each in words.items()},
            "citizens": len(rows),
            "lenders": LENDERS,
            "intervals": intervals,
        },
        seed=options.seed,
        notes=tuple(beside(__file__)["notes"]),
    )


def _in_order(table: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """Put what is found of a citizen together, in the order in which it was found."""
    place = table["citizen"].map({int(row): place for place, row in enumerate(rows)})
    order = np.argsort(place.to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _fact(citizen: Any, measure: str, estimate: Any, **own: Any) -> dict[str, Any]:
    told = {"name": "", "text": ""} | own
    return {"citizen": int(citizen), "measure": measure, "estimate": float(estimate)} | told


def _reasons(rater: Rater, dataset: Dataset, rows: Rows, seed: int) -> Iterator[dict[str, Any]]:
    for citizen, each in zip(
        rows, reasons_of(rater, dataset, rows.tolist(), seed=seed), strict=True
    ):
        yield _fact(citizen, "score", each.score)
        yield _fact(citizen, "compared_with", each.reference)
        for row in each.rows:
            said = reason_sentence(row, each.unit) if row["effect"] == row["effect"] else ""
            told = {"name": str(row["factor"]), "text": said, "quantity": "component"}
            yield _fact(citizen, "reason", row["points"], **told)


def _twins_of(
    dataset: Dataset, features: Sequence[str], reference_groups: Mapping[str, str] | None
) -> dict[str, dict[str, str]]:
    """In which group the twin of each group is, by feature."""
    found: dict[str, dict[str, str]] = {name: {} for name in features}
    for pair in comparisons_of(dataset, features, reference_groups):
        found[pair.sensitive][pair.group] = pair.reference_group
    first = features[0]
    if found[first]:
        sizes = dataset.groups(first).value_counts()
        reference = next(iter(found[first].values()))
        found[first][reference] = max(found[first], key=lambda group: sizes[group])
    return found


def _twins(
    rater: Rater,
    society: Society,
    dataset: Dataset,
    rows: Rows,
    twins: Mapping[str, Mapping[str, str]],
) -> Iterator[dict[str, Any]]:
    for feature, other in twins.items():
        groups = dataset.groups(feature).iloc[rows].astype(str).tolist()
        scores = {}
        for target in {other[group]: None for group in groups if group in other}:
            change: dict[str, Any] = {feature: target}
            seen = rater.agency.view(society.twin(others="held", **change)).X.iloc[rows]
            scores[target] = rater.score(seen).to_numpy()
        for place, (citizen, group) in enumerate(zip(rows, groups, strict=True)):
            target = other.get(group, "")
            score = scores[target][place] if target else np.nan
            whose = {"sensitive": feature, "group": group, "reference_group": target}
            yield _fact(citizen, "twin_score", score, **whose)


def _friends(
    rater: Rater, dataset: Dataset, rows: Rows, threshold: float, level: float, seed: int
) -> Iterator[dict[str, Any]]:
    """Scores with the friends of others, whom the agency knows, one citizen changed at a time."""
    X, known = dataset.X, dataset.context["known"].to_numpy(dtype=bool)
    read, rows = [name for name in FRIENDS_COLUMNS if name in X.columns], rows[known[rows]]
    if not read or not len(rows):
        return
    generator = Streams(seed).generator("explore.lenders")
    lenders = np.sort(generator.choice(np.flatnonzero(known), LENDERS, replace=True))
    asked = X.iloc[np.repeat(rows, LENDERS)].reset_index(drop=True)
    lent = X[read].iloc[np.tile(lenders, len(rows))].reset_index(drop=True)
    scores = rater.score(with_columns(asked, {name: lent[name] for name in read})).to_numpy()
    for citizen, own in zip(rows, scores.reshape(len(rows), LENDERS), strict=True):
        for name, share in SHARES.items():
            yield _fact(citizen, "with_other_friends", np.quantile(own, share), name=name)
        facts = People(LENDERS).share(own >= threshold).facts(level)
        kept = {name: facts[name] for name in ("estimate", "low", "high", "people")}
        yield _fact(citizen, "passes_with_other_friends", **kept)


def _responses(case: DisclosureCase, regime: Any) -> Iterator[dict[str, Any]]:
    found, problem = follow(case, regime), case.problem
    for place, citizen in enumerate(problem.rows):
        done = [action.name for action in problem.bundle(int(found.masks[place])).actions]
        told = {"name": regime.id, "text": "; ".join(done)}
        yield _fact(citizen, "score_after", found.after[place], **told)
        yield _fact(citizen, "cost_of_response", found.spending[place], name=regime.id)
