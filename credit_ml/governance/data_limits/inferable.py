"""What each holder's records tell of who people are: an attack, judged with intervals."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from credit_ml.agencies import Agency
from credit_ml.core import Dataset, TableError, conform
from credit_ml.governance.data_limits.finding import Inferable
from credit_ml.governance.data_limits.frontier import LimitOptions
from credit_ml.governance.data_limits.limit import HOLDERS, DataLimit
from credit_ml.inference import checked_level, resample_societies
from credit_ml.proxies import Guesses
from credit_ml.proxies.detection.predictability import GroupPredictor, sampled
from credit_ml.society import Society

#: What the pool of all holders is called.
ALL = "all together"


def inferable(
    agency: Agency,
    society: Society,
    *,
    holders: tuple[str, ...] = tuple(HOLDERS),
    guesses: Guesses | None = None,
    societies: int = 0,
    intervals: float = 0.95,
    seed: int = 0,
) -> Inferable:
    """Guess every sensitive feature from what each holder keeps of the people whom it knows.

    The guess is that of `detect_proxies`: small boosted trees, judged on people of other folds
    (`GroupPredictor`). Each holder keeps what it knows of its own users, joined or not; "all
    together" is what reaches the agency, where some accounts do not join.

    Cost: features x (holders + 1) guesses, each of as many fits as folds, in every society.

    Parameters
    ----------
    agency : Agency
        Which of the holders' streams there are.
    society : Society
    holders : tuple of str
        Of `HOLDERS`.
    guesses : Guesses, optional
        People and folds; by default 4,000 people and 2 folds.
    societies : int
        Other societies for intervals over them; 0 leaves those over people or districts.
    intervals : float
        Level.
    seed : int
        Of people, folds and other societies.

    Raises
    ------
    InputError
        When a holder is unknown.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=400, seed=1).simulate()
    >>> found = inferable(load_agency("government"), society, holders=("offices",))
    >>> found.table.query("sensitive == 'hukou'")["holder"].tolist()
    ['offices', 'all together']
    """
    checked_level(intervals)
    LimitOptions(holders=holders)
    guesses = guesses or Guesses(people=4_000, folds=2, columns=False)

    def measured(one: Society) -> Inferable:
        rows = list(_rows(agency, one, holders, guesses, intervals, seed))
        counted = "clusters" if rows[0]["clusters"] else "people"
        return Inferable(
            table=conform(rows, measure="auc").assign(unit="share of pairs told apart rightly"),
            title="What each holder's records tell of who people are",
            parameters={"agency": agency.id, "holders": list(holders), "intervals": intervals}
            | {"intervals_over": counted, "people": guesses.people, "folds": guesses.folds},
            seed=seed,
            notes=("Stronger attackers may tell more; 0.5 is a coin.",),
        )

    if not societies:
        return measured(society)
    return resample_societies(
        society, measured, societies=societies, intervals=intervals, seed=seed
    )


def _rows(
    agency: Agency,
    society: Society,
    holders: tuple[str, ...],
    guesses: Guesses,
    level: float,
    seed: int,
) -> Iterator[dict[str, Any]]:
    for name, dataset in _kept(agency, society, holders):
        some = sampled(dataset, guesses.people, seed, "data_limits.inferable")
        for feature in map(str, dataset.sensitive.columns):
            of = {"folds": guesses.folds, "seed": seed}
            try:
                predictor = GroupPredictor.of(some, feature, **of)  # type: ignore[arg-type]
            except TableError:  # in a small society a group need not fill its folds
                continue
            told = predictor.predictability(list(some.X.columns)).auc.facts(level)
            yield {"holder": name, "sensitive": feature} | told


def _kept(
    agency: Agency, society: Society, holders: tuple[str, ...]
) -> Iterator[tuple[str, Dataset]]:
    """Yield what each holder keeps of those whom it knows, then what reaches the agency."""
    own = agency.model_copy(update={"joined": ()})
    for holder in holders:
        limit = DataLimit(holders=(holder,))
        if limit.streams(agency.streams):
            kept = limit.agency(own).view(society)
            yield holder, kept.take(np.flatnonzero(kept.X.notna().any(axis=1)))
    yield ALL, agency.view(society)
