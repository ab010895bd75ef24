"""Hold rules of transparency against each other over the same societies."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.agencies import Agency, Rater
from credit_ml.core import Dataset, InputError, Mask, Streams, conform, need_known
from credit_ml.disclosure import disclose, load_regime
from credit_ml.disclosure.regime import Disclosed
from credit_ml.explanation import factor_attributions
from credit_ml.explanation.reasons.compute import reasons_of
from credit_ml.governance.agreed_values.ballots import median_weights
from credit_ml.governance.agreed_values.card import FactorCard
from credit_ml.governance.agreed_values.citizens import citizen_weights
from credit_ml.governance.due_process.checked import checked_names, checked_times, need_actions
from credit_ml.governance.due_process.entries import unread
from credit_ml.governance.due_process.fates import ErrorShares, error_shares
from credit_ml.governance.due_process.noticing import Told
from credit_ml.governance.due_process.options import DueProcessOptions
from credit_ml.governance.enrolment.trust import TrustRule
from credit_ml.governance.political_use.detected import abuse_detected, abuse_is_defined
from credit_ml.governance.political_use.options import PoliticalOptions
from credit_ml.governance.transparency.finding import ABSENT, CRITERIA, RULES, Transparency
from credit_ml.inference import checked_level, checked_societies, mean_of_worlds, other_societies
from credit_ml.proxies.detection.predictability import GroupPredictor, sampled
from credit_ml.society import SENSITIVE, Society, World

#: People followed at least: a guess of a group from letters needs some of each to learn of.
FEWEST = 50
#: Reasons in a letter, as where errors are noticed.
_REASONS = 4
#: Share of critics who lose points; assumed.
HIT = 0.5
#: Criteria that disclosure measures, by its own names.
_MEASURED = {
    "knowledge": "knowledge",
    "gaming": "share_who_game",
    "order": "auc",
    "decisions": "accuracy",
    "burden": "spending",
    "harmed": "harmed",
}


@dataclass(frozen=True, kw_only=True)
class TransparencyOptions:
    """Which rules, how many people are followed, and whose gap is measured.

    Examples
    --------
    >>> TransparencyOptions(rules=("opaque", "full")).group
    'rural'
    """

    rules: tuple[str, ...] = tuple(RULES)
    people: int = 1_000
    """Followed in each society, or all if it has fewer."""
    sensitive: str = "hukou"
    group: str = "rural"
    reference_group: str = "urban"
    societies: int = 10
    times: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """How many times as often errors befall a group, by feature, as in `DueProcessOptions`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "rules", checked_names("rules", self.rules, RULES))
        InputError.unless(len(self.rules) > 1, "rules", "are fewer than two", "name two")
        whole = isinstance(self.people, int) and not isinstance(self.people, bool)
        problem, remedy = f"is {self.people!r}", f"give a whole number of at least {FEWEST}"
        InputError.unless(whole and self.people >= FEWEST, "people", problem, remedy)
        need_known(InputError, "sensitive", self.sensitive, SENSITIVE)
        for name in ("group", "reference_group"):
            need_known(InputError, name, getattr(self, name), SENSITIVE[self.sensitive])
        problem = f"is '{self.group}', the group itself"
        apart = self.group != self.reference_group
        InputError.unless(apart, "reference_group", problem, "name another")
        checked_times("times", self.times)
        checked_societies(self.societies)


def _cells(
    found: Mapping[tuple[str, str], float], rules: Sequence[str], seed: int
) -> Iterator[dict[str, Any]]:
    """Yield what each rule does in one society, and by how much two rules differ in it."""
    for (rule, name), value in found.items():
        labels = {"rule": rule, "measure": name, "seed": seed}
        yield labels | {"quantity": "value", "against": "", "estimate": value}
    for rule, other in permutations(rules, 2):
        for name in CRITERIA:
            less = found[rule, name] - found[other, name]
            labels = {"rule": rule, "measure": name, "seed": seed, "against": other}
            yield labels | {"quantity": "difference", "estimate": less}


def transparency_rules(
    agency: Agency,
    world: World,
    options: TransparencyOptions | None = None,
    *,
    intervals: float = 0.95,
    seed: int = 0,
) -> Transparency:
    """Hold rules of transparency against each other: what each does, and which one is dominated.

    In every society the agency's model and a card are trained, and the same people answer what each
    rule tells them. ``value`` is a rule's mean over societies, ``difference`` that of the paired
    differences of two rules, both with Student's interval over societies. A rule is dominated where
    another is better by one criterion for sure, and by no criterion worse by more than its margin
    (`Transparency.dominated`).

    "privacy" is how well boosted trees tell residence from what a rule's letter holds: nothing, the
    own score, what each factor adds to it with the four records that cost most, or every record
    that the model reads. "mended"
    is the share of harmful errors, planted in the records of all citizens, that somebody notices
    in what a rule tells, contests and has mended (`due_process`). "abuse" is the chance that points
    taken of half of all critics are found by whoever sees what a rule lets an outsider see
    (`political_use`). "trust" is where trust in the rater comes to rest if these errors are met
    every year and what is not known of the score counts as hidden; what moves it is assumed
    (`TrustRule`). The agreed card has the weights of factors that citizens agree on.

    Cost: a simulation and three fits a society, an answer a rule, four guesses, and the fates of
    errors.

    Parameters
    ----------
    agency : Agency
    world : World
        Of the first society; the others have other seeds.
    options : TransparencyOptions, optional
    intervals : float
        Level.
    seed : int
        Of the other societies, of samples and of what regimes draw.

    Raises
    ------
    InputError
        When the agency reads no record that people can act on. Options refuse what cannot be asked.

    References
    ----------
    Hardt, M., Megiddo, N., Papadimitriou, C. and Wootters, M. (2016). Strategic classification.
    ITCS.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> few = TransparencyOptions(rules=("opaque", "reasons"), people=60, societies=8)
    >>> council = load_agency("council").with_scorer("scorecard")
    >>> found = transparency_rules(council, World(citizens=200, seed=1), few)
    >>> found.value("opaque", "gaming").estimate
    0.0
    """
    asked, level = options or TransparencyOptions(), checked_level(intervals)
    need_actions("rules of transparency, agency", agency)
    followed_each = min(asked.people, world.citizens)

    def measured(society: Society) -> list[dict[str, Any]]:
        # Chance of its own in each society: intervals over societies hold that of samples,
        # regimes and citizens' weights too.
        number = society.world.seed
        own = Streams(seed).seed_for(f"rules.{number}")
        found = {
            (rule, name): value for rule, name, value in _measured(agency, society, asked, own)
        }
        return list(_cells(found, asked.rules, number))

    first = world.simulate()
    others = other_societies(first, measured, societies=asked.societies - 1, seed=seed)
    cells = [cell for each in (measured(first), *others) for cell in each]
    told = _means(pd.DataFrame(cells).assign(world="one"), level)
    units = {name: each["unit"] for name, each in CRITERIA.items()}
    held = Transparency(
        table=conform(told, people=float(followed_each * asked.societies)).assign(
            unit=lambda each: each["measure"].map(units)
        ),
        title="Rules of transparency held against each other",
        parameters={
            "agency": agency.id,
            "title": agency.title,
            "unread": list(unread(DueProcessOptions().rates, agency.columns)),
            "attention": DueProcessOptions().attention,
            "price": DueProcessOptions().contest.price,
            "effort": DueProcessOptions().contest.effort,
            "hit": HIT,
            "margins": {name: each["margin"] for name, each in CRITERIA.items()},
            "false_alarms": PoliticalOptions().alpha,
            "rules": {name: RULES[name] for name in asked.rules},
            "absent": list(ABSENT),
            "people": followed_each,
            "citizens": world.citizens,
            "societies": asked.societies,
            "sensitive": asked.sensitive,
            "group": asked.group,
            "reference_group": asked.reference_group,
            "times": {feature: dict(groups) for feature, groups in asked.times.items()},
            "intervals": level,
            "intervals_over": "societies",
        },
        seed=seed,
        notes=(f"Not in this table: {', '.join(ABSENT)}.",),
    )
    held = held.bounded()
    rows = [
        {"rule": rule, "against": other, **_as_number(held.domination(other, rule))}
        for rule, other in permutations(asked.rules, 2)
    ]
    said = conform(rows, measure="dominated", quantity="dominated", unit="1 if it is")
    return replace(held, table=pd.concat([held.table, said], ignore_index=True))


def _as_number(dominates: str) -> dict[str, Any]:
    """1 or 0, or an interval from 0 to 1 where it is open."""
    if dominates == "open":
        return {"estimate": 0.0, "low": 0.0, "high": 1.0, "over": "societies"}
    sure = float(dominates == "yes")
    return {"estimate": sure, "low": sure, "high": sure}


def _measured(
    agency: Agency, society: Society, asked: TransparencyOptions, seed: int
) -> Iterator[tuple[str, str, float]]:
    """Yield rule, criterion and value in one society."""
    for score in dict.fromkeys(RULES[name]["score"] for name in asked.rules):
        rules = [name for name in asked.rules if RULES[name]["score"] == score]
        rater, view = _rated(agency, society, score, seed)
        regimes = list(dict.fromkeys(RULES[name]["regime"] for name in rules))
        found = disclose(
            rater,
            view,
            regimes=regimes,
            people=asked.people,
            sensitive=asked.sensitive,
            reference_groups={asked.sensitive: asked.reference_group},
            seed=seed,
        ).table
        told = {
            name: Told.of(RULES[name]["regime"], records=RULES[name]["records"]) for name in rules
        }
        options = DueProcessOptions(times=asked.times)
        errors = error_shares(rater, society, told, options=options, seed=seed)
        for name in rules:
            met = errors[name]
            rows = found[found["regime"] == RULES[name]["regime"]]
            whole = rows[rows["sensitive"] == "overall"].set_index("measure")["estimate"]
            for criterion, measure in _MEASURED.items():
                yield name, criterion, float(whole[measure])
            pairs = rows[(rows["quantity"] == "difference") & (rows["group"] == asked.group)]
            gap = pairs.set_index("measure")["estimate"]["selection_gap_after"]
            yield name, "gap", abs(float(gap))
            letter = _letter(name, rater, view, asked, seed)
            yield name, "privacy", _told(letter, asked, seed)
            yield name, "mended", met.mended
            yield name, "trust", _trust(met, float(whole["knowledge"]))
            yield name, "abuse", _detected(rater, society, RULES[name]["sees"], seed)


def _means(cells: pd.DataFrame, level: float) -> pd.DataFrame:
    """Means over societies of every fact, also of those that are defined in none."""
    keys = ["rule", "against", "quantity", "measure"]
    known = mean_of_worlds(cells, keys, intervals=level)
    told = cells[keys].drop_duplicates()
    told = told.merge(known[[*keys, "estimate", "low", "high", "over"]], how="left", on=keys)
    reason = np.where(told["estimate"].isna(), "it is not defined", "")
    return told.assign(over=told["over"].fillna(""), reason=reason)


def _detected(rater: Rater, society: Society, sees: str, seed: int) -> float:
    """Chance that abuse is detected; NaN where there is no such chance."""
    there = abuse_is_defined(rater, society, sees)
    return abuse_detected(rater, society, sees, rate=HIT, seed=seed) if there else float("nan")


def _rated(agency: Agency, society: Society, score: str, seed: int) -> tuple[Rater, Dataset]:
    """The rater of a rule, and what it sees: the agency's own, a card, or an agreed card.

    Agreed weights are the medians of those of all citizens, any weights being as likely as any
    others (`median_weights`, `citizen_weights`).
    """
    rated = agency if score == "own" else agency.with_scorer("scorecard")
    rater, view = rated.fit(society), rated.view(society)
    if score != "agreed":
        return rater, view
    card = FactorCard.of(rater, view)
    votes = np.ones((len(view), len(card.factors)))
    agreed = median_weights(citizen_weights(votes, seed=Streams(seed).seed_for("rules.agreed")))
    return card.reweighed(agreed, view), view


def _trust(errors: ErrorShares, knowledge: float) -> float:
    """Where trust in the rater comes to rest: what is not known of the score is hidden.

    Every citizen meets the errors that were planted each year; whoever notices one that stays
    trusts less, whoever has one mended more (`TrustRule`, whose other numbers are its own).
    """
    noticed = errors.noticed if errors.harmful else 0.0
    rule = TrustRule(
        errors=min(errors.harmful, 1.0),
        noticed=noticed,
        mended=errors.mended / noticed if noticed else 0.0,
        opacity=float(np.clip(1.0 - knowledge, 0.0, 1.0)),
    )
    return rule.resting


def _letter(
    rule: str, rater: Rater, view: Dataset, asked: TransparencyOptions, seed: int
) -> Dataset | None:
    """What a rule's letters hold of a sample of people; None where no letter is sent."""
    regime = load_regime(RULES[rule]["regime"])
    told: Iterable[str] = regime.discloses if isinstance(regime, Disclosed) else ()
    some = sampled(view, asked.people, seed, "transparency.letters")
    if "model" in told or RULES[rule]["records"]:
        return some
    if "own_score" not in told:
        return None
    X = pd.DataFrame({"points": rater.score(some.X).to_numpy()}, index=some.X.index)
    if "reasons" in told:
        each = factor_attributions(rater.log_odds, some.X, view.factors, seed=seed)
        X = X.assign(**dict(zip(view.factors, np.asarray(each).T, strict=True)))
        X = pd.concat([X, _named(rater, some, seed)], axis=1)
    columns = tuple(map(str, X.columns))
    return replace(some, X=X, factors={"letter": columns}, of_others=())


def _named(rater: Rater, some: Dataset, seed: int) -> pd.DataFrame:
    """The records that a letter of reasons names, those that cost most; others are not told."""
    letters = reasons_of(rater, some, list(range(len(some))), most=_REASONS, seed=seed)
    named = [{row["column"] for row in each.named(costs=True)} for each in letters]
    by_column = {
        column: np.array([column in each for each in named], dtype=bool) for column in some.features
    }
    return pd.DataFrame(
        {column: _seen(some.X[column], who) for column, who in by_column.items() if who.any()}
    )


def _seen(values: pd.Series, named: Mask) -> pd.Series:
    """A record where it is named, and elsewhere one value that nobody has."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.add_categories(["not named"]).where(named, "not named")
    numbers = values.astype(np.float64)
    return numbers.where(named, numbers.min() - 1.0)


def _told(letter: Dataset | None, asked: TransparencyOptions, seed: int) -> float:
    """Share of pairs of people in which a guess from letters knows who is of which group."""
    if letter is None:
        return 0.5
    predictor = GroupPredictor.of(letter, asked.sensitive, folds=2, seed=seed)
    return float(predictor.predictability(list(map(str, letter.X.columns))).auc.value)
