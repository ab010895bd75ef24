"""Where a sweep comes out otherwise than its headline: assumptions that turn a sign, or gaming."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from credit_ml.core import Finding
from credit_ml.disclosure.sweep.assumed import by_regime, changes, default, price, value
from credit_ml.disclosure.sweep.sweep import ALL
from credit_ml.grammar.cited import COUNTED, cited, counted
from credit_ml.grammar.names import plain
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.rows import records, rows

#: Under which regime people are told of improving actions alone, so that by assumption none games.
IMPROVING_ALONE = "recommendation"


def turned_together(finding: Finding, criterion: str) -> list[tuple[str, Amount]]:
    """Return where the sign is decided otherwise with two or more assumptions changed at once.

    What stands alone or together with others is another rater: each is told with its number.
    """
    own, standing = price(finding, criterion), default(finding)
    if own is None or own.side() == "unclear":
        return []
    alone = [dict(each.where) for each in changes(finding)]
    asked = {"measure": criterion, "world": ALL, "against": "full", "sensitive": "overall"}
    found = []
    for row in records(rows(finding, **asked, regime="nothing")):
        changed = {name: row[name] for name in _CHANGED if str(row[name]) != str(standing[name])}
        amount = Amount.of(row).times(100)
        named = any(_same(changed, each) for each in alone)
        if len(changed) > 1 and not named and amount.side() not in (own.side(), "unclear"):
            found.append((_changed_in_words(changed), amount))
    return found


#: What of a row one assumption changes, in the order in which it is said.
_CHANGED = ("answer", "scorer", "sees", "variant", "refits")


def _same(changed: Mapping[str, Any], each: Mapping[str, Any]) -> bool:
    texts = ({name: str(one) for name, one in given.items()} for given in (changed, each))
    return next(texts) == next(texts)


def _changed_in_words(changed: Mapping[str, Any]) -> str:
    words = {
        "answer": "{} rater",
        "scorer": "{} score",
        "sees": "sees {}",
        "variant": "{}",
        "refits": "fitted again",
    }
    return " and ".join(words[name].format(plain(str(changed[name]))) for name in changed)


@dataclass(frozen=True)
class GuessedLess:
    """A regime under which more game than told everything, with one assumption changed."""

    name: str
    game: Amount
    more: Amount
    """Than told everything."""


@dataclass(frozen=True)
class Gamed:
    """How many regimes that tell less than everything are gamed less, and more, for certain."""

    tried: int
    fewer: int
    assumed: int
    """Of those, how many are gamed by nobody because that was assumed."""
    more: tuple[str, ...]
    """What those tell that are gamed more, the most first."""
    otherwise: tuple[GuessedLess, ...]
    """Assumptions under which the first of those is no longer gamed more for certain."""


def gamed(finding: Finding) -> Gamed:
    """Hold the gaming under every regime against that under the whole model."""
    game = by_regime(finding, "share_who_game")
    against = {name: value(finding, "share_who_game", regime=name, against="full") for name in game}
    known = {name: each for name, each in against.items() if each is not None}
    fewer = [name for name, each in known.items() if each.side() == "below"]
    given = [each for each in fewer if each in _GIVEN and not game[each].estimate]
    more = [name for name, each in known.items() if each.side() == "above"]
    more.sort(key=lambda name: -game[name].estimate)
    clauses = finding.parameters["clauses"]
    return Gamed(
        counted(list(known)),
        cited(len(fewer), COUNTED),
        cited(len(given), COUNTED),
        tuple(str(clauses[name]) for name in more),
        tuple(_no_more(finding, more[0])) if more else (),
    )


#: Regimes under which nobody games because of what was assumed.
_GIVEN = ("nothing", IMPROVING_ALONE)


def _no_more(finding: Finding, regime: str) -> Iterator[GuessedLess]:
    for each in changes(finding):
        game = value(finding, "share_who_game", regime=regime, **each.where)
        more = value(finding, "share_who_game", regime=regime, against="full", **each.where)
        if game and more and more.side() != "above":
            yield GuessedLess(each.name, game, more)
