"""What an auditor can detect of a hidden penalty on critics, by what the auditor is given."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.core import Array, InputError, Streams, conform
from credit_ml.governance.political_use.abuse import (
    Audited,
    Yardstick,
    checked_features,
    checked_society,
)
from credit_ml.governance.political_use.auditor import city_alarms
from credit_ml.governance.political_use.closed_form import (
    ListLaw,
    PointsLaw,
    cities_power,
    times_needed,
)
from credit_ml.governance.political_use.finding import UNITS, PoliticalUse
from credit_ml.governance.political_use.options import PoliticalOptions
from credit_ml.governance.political_use.threshold import between, first_reaching, neighbours
from credit_ml.inference import Estimate, People, checked_level, other_societies
from credit_ml.society import Society

#: What the auditor is given, more from one to the next.
_WITHOUT_NAMES = "scores"

#: What no test here can see.
NOTES = (
    "An alarm says that those who post have fewer points, or are listed more often, than records "
    "explain; not who did it, nor of whom. No single person is shown to be a victim.",
    "Unseen by every test: critics who do not post, or have stopped; a penalty on friends and "
    "family; one that falls on everybody alike; records that were themselves falsified.",
    "How large a penalty is and how often it falls cannot be told apart: only the product is seen.",
    "With records an auditor has to predict the score: what the prediction gets wrong looks like a "
    "penalty on whoever has unusual records.",
    "What the penalty is, how many are listed by mistake, and how critics post are assumed.",
)


def political_use(
    rater: Rater,
    society: Society,
    *,
    options: PoliticalOptions | None = None,
    sensitive: Sequence[str] | str | None = None,
    intervals: float = 0.95,
    seed: int = 0,
) -> PoliticalUse:
    """Say what an auditor can find of critics being listed or marked down at a hidden rate.

    In every society each critic of the authorities is hit with chance q: put on a list at will, or
    points are taken. Whoever is hit at a rate is hit at any higher one, so that rates share their
    chance. Three auditors, who know what is done and look for it, have more and more:

    - "scores": all scores, or the list, without names. The city is held against honest ones
      (`city_alarms`) by the weights that are best against this penalty (Neyman and Pearson 1933).
    - "posts": who has how many points, or is listed, and who posts criticism: people who do
      against all others.
    - "records": the records that the score reads, and court orders, beside these: the same of what
      records leave of the score, and of listings that no court ordered.

    Cost: a simulation, a scoring and six tests a sample in each society, twice with `worse`.

    Parameters
    ----------
    rater : Rater
        Its score stays as it is in every society: abuse is on top of it.
    society : Society
        Its world makes the others, and its scores say what a standard deviation is.
    options : PoliticalOptions, optional
    sensitive : str or sequence of str, optional
        Features by whose groups it is told whose critics' abuse is found; none by default.
    intervals : float
        Level.
    seed : int
        Of the other societies, of who is hit, of mistakes and of samples.

    Raises
    ------
    InputError
        When the agency reads critical posts, so that its score moves with them lawfully, the world
        has no critics, or nobody posts.

    References
    ----------
    See `PoliticalUse.citations`.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=300, seed=1).simulate()
    >>> few = PoliticalOptions(sizes=(300,), rates=(0, 1), societies=8, cities=7, worse=0)
    >>> found = political_use(load_agency("government").fit(society), society, options=few)
    >>> powers = found.curve("list", "records", 300)["estimate"]
    >>> bool(powers[0.0] < powers[1.0])
    True
    """
    asked, level = options or PoliticalOptions(), checked_level(intervals)
    features = checked_features(sensitive)
    checked_society(rater, society, asked)
    yardstick = _yardstick(rater, society, asked)
    told = _over_societies(rater, society, asked, yardstick, features, seed)
    case = _Case(asked, level, seed)
    rows = list(case.rows(told))
    if asked.worse:
        only = replace(asked, rates=(0.0,), sizes=asked.sizes[-1:])
        worse = _over_societies(rater, _worse(society, asked), only, yardstick, [], seed)
        labels = {"setting": "worse_records", "measure": "false_alarms"}
        again = replace(case, options=only).rows(worse, honest=told)
        rows += [row | labels for row in again if row["measure"] == "power"]
    return PoliticalUse(
        table=_table(rows),
        title=f"Critics punished at a hidden rate: {rater.name}",
        parameters={
            "rater": rater.name,
            "citizens": len(society),
            "rates": list(asked.rates),
            "sizes": list(asked.sizes),
            "penalty": yardstick.penalty,
            "penalty_in_deviations": asked.penalty,
            "deviation": yardstick.deviation,
            "critics": float((society.people["critic"] == "yes").mean()),
            "posts": asked.posts,
            "mistakes": asked.mistakes,
            "cities": asked.cities,
            "alpha": asked.alpha,
            "wanted": asked.power,
            "worse": asked.worse,
            "societies": asked.societies,
            "intervals": level,
            "intervals_over": "societies",
        },
        seed=seed,
        notes=NOTES,
    )


#: Every test's words in every society, by abuse, information, size, sensitive feature and group.
Told = Mapping[tuple[str, str, int, str, str], Sequence[Mapping[str, Any]]]


def _table(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    text = {"setting": "alike", "rate": "", "reason": ""}
    frame = pd.DataFrame([text | dict(row) for row in rows]).astype({"size": str})
    frame["over"] = np.where(frame["low"].notna(), "societies", "")
    return conform(frame).assign(unit=lambda table: table["measure"].map(UNITS))


def _yardstick(rater: Rater, society: Society, options: PoliticalOptions) -> Yardstick:
    points = rater.score(rater.agency.view(society).X).to_numpy(dtype=np.float64)
    deviation = float(points.std())
    problem, remedy = "gives everybody the same points", "give a rater that tells people apart"
    InputError.unless(deviation > 0, f"rater '{rater.name}'", problem, remedy)
    return Yardstick(
        mean=float(points.mean()), deviation=deviation, penalty=options.penalty * deviation
    )


def _worse(society: Society, options: PoliticalOptions) -> Society:
    """The same society of a world in which critics have worse records, lawfully."""
    history = society.world.history
    dependence = replace(history.dependence, critic=options.worse)
    world = replace(society.world, history=replace(history, dependence=dependence))
    return replace(society, world=world)


def _over_societies(
    rater: Rater,
    society: Society,
    options: PoliticalOptions,
    yardstick: Yardstick,
    features: Sequence[str],
    seed: int,
) -> Told:
    def audited(one: Society) -> list[dict[str, Any]]:
        case = Audited.of(rater, one, options, features, seed)
        return [row for size in options.sizes for row in case.tests(options, yardstick, size)]

    found: dict[tuple[str, str, int, str, str], list[Mapping[str, Any]]] = {}
    for rows in other_societies(society, audited, societies=options.societies, seed=seed):
        for row in rows:
            place = (row["abuse"], row["information"], row["size"], row["sensitive"], row["group"])
            found.setdefault(place, []).append(row)
    return found


@dataclass(frozen=True)
class _Case:
    """What every test said over societies, as rows."""

    options: PoliticalOptions
    level: float
    seed: int

    def rows(self, told: Told, honest: Told | None = None) -> Iterator[dict[str, Any]]:
        """Yield powers, formulas, false alarms, and the smallest rates that are found."""
        options = self.options
        for place, each in told.items():
            labels = dict(
                zip(("abuse", "information", "size", "sensitive", "group"), place, strict=True)
            )
            said = np.stack([row["said"] for row in each])
            if labels["information"] == _WITHOUT_NAMES:
                before = np.stack([row["said"] for row in (honest or told)[place]])[:, 0]
                yield from self._of_power(
                    labels, self._of_cities(said, before), _far_apart(said, options)
                )
                continue
            powers = [People(len(said)).share(column) for column in said.T]
            laws = [row["law"] for row in each if row["law"] is not None]
            tested, law = len(laws) / len(each), _stacked(laws)
            expected = self._expected(law, tested, options.rates)
            yield from self._of_power(labels, powers, expected)
            yield labels | {"measure": "untested", "estimate": 1.0 - tested}
            if labels["group"] == "all" and labels["size"] == options.sizes[-1]:
                yield from self._needed(labels, law, tested)

    def _of_cities(self, said: Array, before: Array) -> list[Estimate]:
        """Chances of an alarm in one city beside others, whose errors are those of the cities."""
        options, people = self.options, People(len(said))
        random = Streams(self.seed).generator("political_use.cities")
        chance, moved = city_alarms(said, before, options.cities, options.alpha, random=random)
        return [
            people.from_influence(each, part, bounds=(0.0, 1.0), family="share")
            for each, part in zip(chance, moved.T, strict=True)
        ]

    def _expected(
        self,
        law: PointsLaw | ListLaw | None,
        tested: float,
        rates: Sequence[float],
        times: float = 1.0,
    ) -> Array:
        """Power by the closed form, in the mean over societies; untested ones raise no alarm."""
        if law is None:
            return np.zeros(len(rates))
        mean: Array = law.power(rates, self.options.alpha, times).mean(axis=0)
        return tested * mean

    def _of_power(
        self, labels: dict[str, Any], powers: Sequence[Estimate], formula: Array
    ) -> Iterator[dict[str, Any]]:
        facts = [power.facts(self.level) for power in powers]
        for rate, fact, expected in zip(self.options.rates, facts, formula, strict=True):
            at = {"rate": f"{rate:g}", **_counted(fact, labels)}
            yield labels | at | {"measure": "power"}
            yield labels | {"rate": f"{rate:g}", "measure": "formula", "estimate": float(expected)}
        less = _counted(facts[0], labels)
        for end in ("estimate", "low", "high"):
            less[end] -= self.options.alpha
        yield labels | {"rate": "0", "measure": "excess"} | less
        yield labels | {"measure": "smallest"} | self._smallest(facts, neighbours(powers))

    def _smallest(self, facts: Sequence[Mapping[str, Any]], together: Array) -> dict[str, Any]:
        wanted, rates = self.options.power, np.asarray(self.options.rates)
        power, low, high = (
            np.asarray([fact[end] for fact in facts], dtype=np.float64)
            for end in ("estimate", "low", "high")
        )
        found = first_reaching(rates, power, wanted)
        if np.isnan(found):
            return {"estimate": float("nan"), "reason": "not found"}
        ends = between(rates, power, low, high, wanted, together)
        reason = "" if ends[1] == ends[1] else "the upper end is not reached"
        upper = ends[1] if ends[1] == ends[1] else 1.0
        return {"estimate": found, "low": ends[0], "high": upper, "reason": reason}

    def _needed(
        self, labels: dict[str, Any], law: PointsLaw | ListLaw | None, tested: float
    ) -> Iterator[dict[str, Any]]:
        """Yield how many citizens it takes by the closed form, at each rate."""
        for rate in self.options.rates[1:]:

            def power(times: float, rate: float = rate) -> float:
                return float(self._expected(law, tested, [rate], times)[0])

            times = times_needed(power, self.options.power)
            if times == times:
                citizens = math.ceil(times * labels["size"])
                yield labels | {"rate": f"{rate:g}", "measure": "needed", "estimate": citizens}


def _stacked(laws: Sequence[Mapping[str, float]]) -> PointsLaw | ListLaw | None:
    """One law of all societies; None where none could be tested."""
    if not laws:
        return None
    stacked = {name: np.array([law[name] for law in laws]) for name in laws[0]}
    return PointsLaw(**stacked) if "luck" in stacked else ListLaw(**stacked)


def _far_apart(said: Array, options: PoliticalOptions) -> Array:
    """Power by how far honest cities differ, in the mean over societies."""
    before = said[:, 0]
    signal = (said - before[:, None]).mean(axis=0) / before.std(ddof=1)
    return cities_power(signal, options.cities, options.alpha)


def _counted(fact: Mapping[str, Any], labels: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of a fact, of as many people as an auditor saw."""
    return {name: fact[name] for name in ("estimate", "low", "high", "reason")} | {
        "people": labels["size"]
    }
