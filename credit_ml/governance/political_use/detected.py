"""Chance that abuse is detected in one society, by what an auditor is given: a number a rule."""

from dataclasses import replace

import numpy as np

from credit_ml.agencies import Rater
from credit_ml.core import InputError, need_known
from credit_ml.governance.political_use.abuse import (
    POSTS,
    Audited,
    Yardstick,
    need_critics,
    need_no_posts,
)
from credit_ml.governance.political_use.closed_form import PointsLaw, scores_power
from credit_ml.governance.political_use.finding import INFORMATION
from credit_ml.governance.political_use.options import PoliticalOptions
from credit_ml.society import Society


def abuse_detected(
    rater: Rater,
    society: Society,
    information: str,
    *,
    rate: float = 0.5,
    options: PoliticalOptions | None = None,
    seed: int = 0,
) -> float:
    """Chance that points taken of critics are found among a society's people, by closed forms.

    - "scores": what no test without names exceeds, `scores_power`, were cities alike.
    - "posts": the power of people who post criticism held against all others, over who they are and
      whom chance hits.
    - "records": whoever has the published model and the records that it reads knows the score of
      each, so that one victim is proof: ``1 - (1 - rate)^critics``.

    Cost: one reading of the society.

    Raises
    ------
    InputError
        When what an auditor is given is unknown, the rate no share, there are no critics, or, with
        "posts", the agency reads critical posts: its score moves with them lawfully, and no power
        is a chance to find abuse.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=2000, seed=1).simulate()
    >>> rater = load_agency("government").fit(society)
    >>> known = [abuse_detected(rater, society, each) for each in ("scores", "posts", "records")]
    >>> known == sorted(known)
    True
    """
    need_known(InputError, "information", information, INFORMATION)
    usable = isinstance(rate, int | float) and 0.0 < rate <= 1.0
    InputError.unless(usable, "rate", f"is {rate!r}", "give a share of critics above 0, up to 1")
    need_critics(society)
    if information == "posts":
        need_no_posts(rater.agency)
    asked = replace(options or PoliticalOptions(), rates=(0.0, float(rate)))
    case = Audited.of(rater, society, asked, [], seed)
    critics, deviation = int(case.critic.sum()), float(case.points.std())
    if information == "records":
        return 1.0 - (1.0 - rate) ** critics
    penalty = asked.penalty * deviation
    if information == "scores":
        share = rate * critics / len(society)
        return scores_power(len(society), penalty, deviation, share, alpha=asked.alpha)
    yardstick = Yardstick(mean=float(case.points.mean()), deviation=deviation, penalty=penalty)
    rows, points = np.arange(len(society)), case.marked_down(asked.rates, penalty)
    told = case.of_points(asked, yardstick, points, rows, np.ones((len(society), 1)))
    if told["law"] is None:
        return 0.0
    law = PointsLaw(**{name: np.array([value]) for name, value in told["law"].items()})
    return float(law.power(rate, asked.alpha)[0, 0])


def abuse_is_defined(rater: Rater, society: Society, information: str) -> bool:
    """Whether there is a chance that abuse is detected: what `abuse_detected` does not refuse."""
    critics = bool((society.people["critic"] == "yes").any())
    return critics and not (information == "posts" and POSTS in rater.agency.columns)
