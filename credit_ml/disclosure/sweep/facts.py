"""Facts that the words on a sweep of disclosure need."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from credit_ml.core import Finding
from credit_ml.disclosure.sweep.assumed import by_regime as by_regime
from credit_ml.disclosure.sweep.assumed import changes as changes
from credit_ml.disclosure.sweep.assumed import price as price
from credit_ml.disclosure.sweep.assumed import value as value
from credit_ml.disclosure.sweep.cell import CRITERIA
from credit_ml.disclosure.sweep.otherwise import IMPROVING_ALONE
from credit_ml.disclosure.sweep.otherwise import gamed as gamed
from credit_ml.disclosure.sweep.otherwise import turned_together as turned_together
from credit_ml.disclosure.sweep.sweep import ALL
from credit_ml.grammar.cited import COUNTED, cited, counted
from credit_ml.grammar.names import people_of, plain, sentence
from credit_ml.grammar.numbers import Amount, listed
from credit_ml.grammar.rows import values

#: Measures of what secrecy buys, as the answer names them.
_BY = {"auc": "order", "accuracy": "right decisions", "profit": "profit"}
#: Who gains alone, where every other surely loses; and what is said where nobody surely gains.
_ONLY = ("only raters blind to gaming", "only raters that reckon with gaming")
_NOBODY = ("not the rater", "of the rater it is not decided")


@dataclass(frozen=True)
class Verdict:
    """What one criterion says of secrecy, and what its sign hangs on."""

    criterion: str
    price: Amount
    """As the study has it."""
    turned: tuple[tuple[str, Amount], ...]
    """Assumptions under which the sign is decided otherwise."""
    open: tuple[str, ...]
    """Those under which a sign that is decided here is not."""
    held: int
    """How many leave it as it is."""
    tried: int

    @property
    def side(self) -> str:
        """Of zero on which the price is decided to be, or "unclear"."""
        return self.price.side()


def verdicts(finding: Finding) -> list[Verdict]:
    """Return the answer by each criterion: its sign follows the interval, and so do changes."""
    found = []
    for criterion in CRITERIA:
        own = price(finding, criterion)
        if own is None:
            continue
        asked = {each.name: each.where for each in changes(finding)}
        for regime in finding.parameters["opaque"][1:]:
            clause = finding.parameters["clauses"][regime]
            asked[f"opacity meaning that {clause}"] = {"regime": regime}
        prices = {name: price(finding, criterion, **where) for name, where in asked.items()}
        known = [(name, amount) for name, amount in prices.items() if amount is not None]
        sides = {own.side(), "unclear"}
        turned = tuple(each for each in known if each[1].side() not in sides)
        decided = own.side() != "unclear"
        unsure = tuple(n for n, amount in known if decided and amount.side() == "unclear")
        held = sum(amount.side() == own.side() for _, amount in known)
        found.append(Verdict(criterion, own, turned, unsure, cited(held, COUNTED), counted(known)))
    return found


@dataclass(frozen=True)
class Frontier:
    """Which regimes no other betters in knowledge, gaming and one criterion, by their nouns."""

    kept: tuple[str, ...]
    """On it in most seeds, the whole interval above half."""
    open: tuple[str, ...]
    """Of which the interval does not decide."""
    bettered: tuple[str, ...]
    """Off it in most seeds."""

    @property
    def known(self) -> bool:
        """Whether any regime was held against others."""
        return bool(self.kept or self.open or self.bettered)


def frontier(finding: Finding, criterion: str) -> Frontier:
    """Return the regimes by what the interval of their share of seeds on the frontier says."""
    shares = by_regime(finding, f"frontier_{criterion}")
    sides = {
        name: shares[name].side(0.5) for name in finding.parameters["regimes"] if name in shares
    }
    kept, unsure, off = (
        tuple(noun(finding, name) for name, side in sides.items() if side == wanted)
        for wanted in ("above", "unclear", "below")
    )
    return Frontier(kept, unsure, off)


def ties(finding: Finding) -> list[str]:
    """Return regimes under which everything that the frontier holds is as under the whole model."""
    asked = ("knowledge", "share_who_game", *CRITERIA)
    found = {measure: by_regime(finding, measure) for measure in asked}
    whole = [each.get("full") for each in found.values()]
    return [
        name
        for name in finding.parameters["regimes"]
        if name != "full"
        and None not in whole
        and [each.get(name) for each in found.values()] == whole
    ]


@dataclass(frozen=True)
class LeastGamed:
    """The half-disclosure that is gamed least, and one that teaches clearly more."""

    clause: str
    """What it tells, such as "the weights are told"."""
    game: Amount
    known: Amount
    alone: bool
    """Whether its gaming lies clear below that of every other half-disclosure."""
    more: str
    """What the least gamed of those tells that teach clearly more than this one; or ""."""
    more_known: Amount | None
    more_game: Amount | None
    halves: int
    """How many half-disclosures were tried."""
    readings: tuple[str, ...]
    """Which of these may be called secrecy as well."""
    given: bool
    """Whether nobody can game there whatever else holds: only what improves is told."""


def least_gamed(finding: Finding) -> LeastGamed | None:
    """Hold the half-disclosures against each other: what lies between nothing and the whole model.

    Checks count them so too. What opacity may mean but nothing told is among them.
    """
    whole = {"full", *finding.parameters["opaque"][:1], *ties(finding)}
    game, known = (
        {name: each for name, each in by_regime(finding, measure).items() if name not in whole}
        for measure in ("share_who_game", "knowledge")
    )
    if not game or not known.keys() >= game.keys():
        return None
    least = min(game, key=lambda name: game[name].estimate)
    taught = [name for name in known if name in game and _low(known[name]) > _high(known[least])]
    next_least = min(taught, key=lambda name: game[name].estimate, default="")
    others = [_low(each) for name, each in game.items() if name != least]
    clauses = finding.parameters["clauses"]
    return LeastGamed(
        str(clauses[least]),
        game[least],
        known[least],
        all(_high(game[least]) < end for end in others),
        str(clauses[next_least]) if next_least else "",
        known.get(next_least),
        game.get(next_least),
        counted(list(game)),
        tuple(str(clauses[each]) for each in finding.parameters["opaque"][1:]),
        least == IMPROVING_ALONE and not game[least].estimate,
    )


def _low(amount: Amount) -> float:
    """The lower end; of what no interval was made nothing is ruled out."""
    return float(amount.low) if amount.has_interval else -math.inf


def _high(amount: Amount) -> float:
    return float(amount.high) if amount.has_interval else math.inf


def rater_gains(finding: Finding) -> str:
    """Say by which measures which rater gains by secrecy.

    One that does not reckon with gaming may gain where one that does loses, and by another measure
    it may be otherwise: every measure is named by which somebody gains, and those of which the same
    holds together. Where one of them says less for certain, it is said of all of them.
    """
    found: dict[str, list[str]] = {}
    for criterion in CRITERIA:
        own = price(finding, criterion)
        if own is not None:
            others: set[str] = {each.side() for _, each in robust(finding, criterion)}
            found.setdefault(_gaining(own.side(), others), []).append(_BY[criterion])
    for sure in _ONLY:
        less = f"{sure} for certain"
        if sure in found and less in found:
            both = {*found.pop(sure), *found[less]}
            found[less] = [name for name in _BY.values() if name in both]
    gained = {who: by for who, by in found.items() if who not in _NOBODY} or found
    told = [f"by {listed(by)}, {who}" for who, by in gained.items()]
    less = f"{_ONLY[0]} for certain"
    lost = [name for name in _lost(finding) if name in gained.get(less, ())]
    if lost:
        blind = _ONLY[0].removeprefix("only ")
        both_told = f"by {listed(gained[less])}, surely {blind}, others lose {listed(lost)}"
        told = [both_told if each.endswith(less) else each for each in told]
    return "; ".join(told)


def _lost(finding: Finding) -> list[str]:
    """Return by which measures every rater that reckons with gaming surely loses by secrecy."""
    found = {name: {side.side() for _, side in robust(finding, name)} for name in CRITERIA}
    return [_BY[name] for name, sides in found.items() if sides == {"below"}]


def _gaining(side: str, others: set[str]) -> str:
    """Say who gains, by the side of a blind rater's price and those of raters that reckon."""
    blind, reckons = _ONLY
    if side == "above" and others <= {"above"}:
        return "the rater"
    if side == "above":
        alone = blind if others == {"below"} else f"{blind} for certain"
        return "raters blind to gaming and some others" if "above" in others else alone
    if others == {"above"}:
        return reckons if side == "below" else f"{reckons} for certain"
    if "above" in others:
        return "some raters that reckon with gaming"
    return _NOBODY[0] if side == "below" else _NOBODY[1]


def robust(finding: Finding, criterion: str = "profit") -> list[tuple[str, Amount]]:
    """Return what secrecy buys raters that reckon with gaming, by kind of score; none refitted."""
    found = []
    for scorer in finding.parameters["scorers"]:
        amount = price(finding, criterion, answer="robust", scorer=scorer)
        found += [(plain(scorer), amount)] if amount else []
    return found


def elsewhere(finding: Finding, where: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the other assumptions under which a row was measured too, and the row's columns there.

    Of another scorer, or another way to answer, a claim that names its own says nothing.
    """
    for each in changes(finding):
        own = {"answer": where.get("answer", "naive")}
        if "scorer" not in each.where and (own | dict(each.where))["answer"] == own["answer"]:
            # As study files have it, whose values are text.
            yield each.name, {**where, **{name: str(one) for name, one in each.where.items()}}
    for world in values(finding, "world"):
        if world not in (ALL, where.get("world")):
            yield f"the world '{plain(world)}' alone", {**where, "world": world}


def verdict(finding: Finding) -> str:
    """Say whether secrecy buys accuracy: by all criteria, by some, by none, or undecided."""
    sides = [each.side for each in verdicts(finding)]
    if "above" in sides:
        return "Yes" if set(sides) == {"above"} else "Partly"
    return "Not decided" if "unclear" in sides or not sides else "No"


def of_groups(finding: Finding, measure: str) -> list[tuple[str, Amount]]:
    """Return what telling nothing instead of all changes for each of the two groups followed."""
    lead = finding.parameters["lead"]
    where = {"regime": "nothing", "against": "full", "reference_group": ""}
    found = {
        name: value(finding, measure, sensitive=lead["sensitive"], group=name, **where)
        for name in (lead["group"], lead["reference_group"])
    }
    people = {name: people_of(lead["sensitive"], name, "citizens") for name in found}
    return [(people[name], each.times(100)) for name, each in found.items() if each is not None]


def worse_than_full(finding: Finding, measure: str) -> tuple[str, Amount, Amount] | None:
    """Say where there is most of something, of regimes with clearly more than the whole model."""
    found = by_regime(finding, measure)
    whole, above = found.get("full"), {}
    for name, amount in found.items():
        more = value(finding, measure, regime=name, against="full")
        if more is not None and more.side() == "above":
            above[name] = amount
    if whole is None or not above:
        return None
    worst = max(above, key=lambda name: above[name].estimate)
    return str(finding.parameters["clauses"][worst]), above[worst], whole


def noun(finding: Finding, regime: str) -> str:
    """Return what a regime tells as an object, such as "the weights"."""
    named = str(finding.parameters.get("nouns", {}).get(regime) or plain(regime))
    return named.replace(",", "")


def heading(finding: Finding, regime: str) -> str:
    """Return a regime's name in a legend or a table."""
    named = finding.parameters.get("headings", {})
    return str(named.get(regime) or sentence(plain(regime), stop=""))


def by_world(finding: Finding, criterion: str) -> list[tuple[str, Amount]]:
    """Return what secrecy buys in each world, the most first; nothing of a single one."""
    worlds = [name for name in values(finding, "world") if name != ALL]
    prices = [(plain(name), price(finding, criterion, world=name)) for name in worlds]
    known = [(name, amount) for name, amount in prices if amount is not None]
    return sorted(known, key=lambda each: -each[1].estimate) if len(known) > 1 else []
