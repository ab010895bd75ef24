"""Facts and tables that the words on agreed values need."""

from collections.abc import Iterator, Sequence
from typing import Any

from credit_ml.core import Finding, beside
from credit_ml.governance.agreed_values.finding import NAMES, UNITS
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.cited import constants
from credit_ml.grammar.names import factor_name, group_label, sentence
from credit_ml.grammar.numbers import NARROW, Amount, listed, percent, show
from credit_ml.grammar.phrases import GroupPair
from credit_ml.grammar.rows import fact, facts, level, values
from credit_ml.grammar.tables import measured

#: Heads of the tables' columns.
HEADS: dict[str, str] = beside(__file__)["heads"]
#: Measures of one vote, and those of groups.
_OF_VOTE = (
    "prefers_to_state",
    "prefers_to_accurate",
    "worst_defeat",
    "same_choice",
    "places_kept",
    "auc",
)
_OF_GROUPS = (
    "distance",
    "loss",
    "ranked_high",
    "high_over_state",
    "rank",
    "places_over_state",
    "higher_than_state",
)


def strengths(finding: Finding) -> list[str]:
    """Return every strength of dependence, in order."""
    return values(finding, "dependence")


def at(
    finding: Finding,
    measure: str,
    rule: str,
    who: tuple[str, str] = ("overall", "all"),
    *,
    dependence: str = "",
    **where: Any,
) -> Amount | None:
    """Return a measure of a rule, of everybody or of a group; first dependence by default."""
    of = {"measure": measure, "rule": rule, "sensitive": who[0], "group": who[1]}
    held = dependence or strengths(finding)[0]
    return fact(finding, quantity="value", dependence=held, **of, **where)


def gap(
    finding: Finding, measure: str, rule: str, pair: GroupPair, dependence: str = ""
) -> Amount | None:
    """Return the difference of a measure between two groups."""
    of = {"measure": measure, "rule": rule, "dependence": dependence or strengths(finding)[0]}
    return fact(finding, quantity="difference", **of, **pair.where())


def replaced(worst: Amount) -> str:
    """Say whether a majority would replace a proposal, by the largest share against it.

    Examples
    --------
    >>> replaced(Amount(0.53, 0.48, 0.58))
    'whether most would replace it is open'
    """
    known = {"above": "a majority would replace it", "below": "no majority would replace it"}
    return known.get(worst.side(0.5), "whether most would replace it is open")


def weights(finding: Finding, rule: str, dependence: str = "") -> list[tuple[str, Amount]]:
    """Return the factors with the weight that each has by a rule, the largest first."""
    found = []
    for factor in _factors(finding):
        value = at(finding, "weight", rule, dependence=dependence, factor=factor)
        if value is not None:
            found.append((factor_name(factor), value))
    return sorted(found, key=lambda each: -each[1].estimate)


def dropped(finding: Finding, who: tuple[str, str]) -> list[tuple[str, Amount]]:
    """Return what leaving each factor out would do to a group, the most first."""
    found = []
    for factor in _factors(finding):
        value = at(finding, "high_gained_without", "mean", who, factor=factor)
        if value is not None:
            found.append((factor_name(factor), value))
    return sorted(found, key=lambda each: -each[1].estimate)


def drawn_again(finding: Finding, dependence: str) -> list[tuple[str, Amount, Amount]]:
    """Return every vote's name, how often it ends alike over draws, and how many places stay.

    The least steady comes first: one that always ends alike says nothing of the others.
    """
    found = []
    for rule in values(finding, "rule", measure="same_choice"):
        share, stay = (
            at(finding, each, rule, dependence=dependence)
            for each in ("same_choice", "places_kept")
        )
        if share is not None and stay is not None:
            found.append((NAMES[rule], share, stay))
    return sorted(found, key=lambda each: each[1].estimate)


def always(share: Amount) -> bool:
    """Whether it is so in every draw, and in every other society that was asked."""
    return share.estimate == 1 and not share.ranged


def proposal(name: str) -> str:
    """Return what a proposal is called in a sentence."""
    kind, _, whose = name.partition(" ")
    if name in NAMES:
        return NAMES[name]
    return f"the mean of the {whose.removeprefix('of ')}" if kind == "mean" else f"{name}'s own"


def cycle(finding: Finding, dependence: str = "") -> list[tuple[str, str, str]]:
    """Return the circle of majorities: a proposal, the one that it beats, and by what share."""
    told = finding.parameters["cycles"][dependence or strengths(finding)[0]]
    return [(proposal(one), proposal(two), _majority(share)) for one, two, share in told]


def knows_its_mind(finding: Finding) -> str:
    """Say whether majorities run in a circle, for every strength of dependence that was tried."""
    tried = strengths(finding)
    circles = [each for each in tried if cycle(finding, each)]
    if not circles:
        return "In this one city it does: no majorities run in a circle."
    close = "between proposals close to each other, majorities run in a circle"
    others = [each for each in tried if each not in circles]
    rest = f"; none do {_held(others)}" if others else ""
    return f"Not in this one city, {_held(circles)}: {close}{rest}."


def _held(strengths: Sequence[str]) -> str:
    """Say where values hang on one's group as much as this.

    Examples
    --------
    >>> from credit_ml.grammar.cited import unmarked
    >>> _held(["0"])
    'where groups hold the same values'
    >>> unmarked(_held(["1", "3"]))
    'where groups favour what they stand well on (dependence 1 and 3)'
    """
    own = [each for each in strengths if each != "0"]
    where = ["where groups hold the same values"] if "0" in strengths else []
    if own:
        where.append(
            f"where groups favour what they stand well on (dependence {constants(listed(own))})"
        )
    return listed(where, "or")


def _majority(share: float) -> str:
    """Return a majority as a percentage that shows what it is more than.

    Examples
    --------
    >>> _majority(0.5904), _majority(0.50123)
    ('59\u202f%', '50.1\u202f%')
    """
    value = Amount(100 * share)
    decimals = next((each for each in range(4) if round(float(value.estimate), each) > 50), 4)
    return f"{show(value.estimate, decimals)}{NARROW}%"


def agreed_tables(finding: Finding) -> Iterator[TableView]:
    """Yield the weights, the votes, and what comes of them by group."""
    interval = f"({percent(level(finding))} intervals)"
    yield _table(
        finding,
        f"Weights of each factor {interval}",
        [
            ("weight", factor, sentence(factor_name(factor), stop=""))
            for factor in _factors(finding)
        ],
    )
    yield _table(
        finding,
        f"How the vote ends, and how well the score tells who keeps {interval}",
        [(measure, "", HEADS[measure]) for measure in _OF_VOTE],
    )
    for sensitive in values(finding, "sensitive"):
        for group in values(finding, "group", sensitive=sensitive):
            if sensitive == "overall":
                continue
            yield _table(
                finding,
                f"{sentence(group_label(sensitive, group), stop='')} {interval}",
                [(measure, "", HEADS[measure]) for measure in _OF_GROUPS],
                (sensitive, group),
            )


def _factors(finding: Finding) -> list[str]:
    # As the table calls them: a page has them in words already.
    return values(finding, "factor", measure="weight")


def _table(
    finding: Finding,
    caption: str,
    columns: list[tuple[str, str, str]],
    who: tuple[str, str] = ("overall", "all"),
) -> TableView:
    """Return rules as rows, a block a strength of dependence."""
    own = finding.where(quantity="value", sensitive=who[0], group=who[1], against="")
    known = facts(own, "dependence", "rule", "measure", "factor")
    bodies = []
    for strength in strengths(finding):
        lines = []
        for rule in values(finding, "rule"):
            cells = [
                measured(known.get((strength, rule, measure, factor)), UNITS[measure])
                for measure, factor, _ in columns
            ]
            lines.append((sentence(NAMES[rule], stop=""), *cells))
        bodies.append((f"Dependence {strength}", tuple(lines)))
    head = ("Rule", *(name for *_, name in columns))
    dash = "no score is held against itself, and the mean and the median are no votes"
    return TableView(caption=caption, head=head, bodies=tuple(bodies), dash=dash)
