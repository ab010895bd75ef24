"""Facts that the words and tables on rules of transparency need."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

from credit_ml.core import Finding
from credit_ml.governance.transparency.finding import CRITERIA, RULES, Transparency
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.cited import constants
from credit_ml.grammar.names import agency_in_a_sentence, sentence
from credit_ml.grammar.numbers import Amount, in_units, listed, percent
from credit_ml.grammar.rows import level

#: What stands where a rule has no such number, as abuse where the score counts critical posts.
NOT_DEFINED = "not defined"
_SEEN = {
    "scores": "scores without names",
    "posts": "scores that people show, beside their posts",
    "records": "the model, and so every score that it should give, where records are at hand",
}
_SCORES = {
    "own": "the agency's own model",
    "card": "a card trained on the same records",
    "agreed": "the card with weights that citizens agree on",
}


def name_of(rule: str) -> str:
    """Return what a rule is called."""
    name: str = RULES[rule]["name"]
    return name


def names_of(rules: list[str]) -> str:
    """Return several rules as one phrase."""
    return listed([name_of(rule) for rule in rules])


def dominated(finding: Finding) -> list[tuple[str, list[str]]]:
    """Return rules that another beats, and by which."""
    return list(_whole(finding).dominated().items())


def undecided(finding: Finding) -> list[tuple[str, str, list[str]]]:
    """Return pairs of rules of which intervals leave open whether the second dominates the first.

    Named are the criteria that leave it open; first come pairs of which one is better by something
    for sure.
    """
    found, whole = [], _whole(finding)
    for rule, other in permutations(whole.rules, 2):
        if whole.domination(rule, other) == "open":
            told = {name: whole.verdict(rule, other, name) for name in CRITERIA}
            names = [CRITERIA[name]["name"] for name in CRITERIA if told[name] == "unclear"]
            found.append(("better" not in told.values(), (other, rule, names)))
    return [pair for _, pair in sorted(found, key=lambda each: each[0])]


def pairs(finding: Finding) -> int:
    """Return how many ordered pairs of rules there are."""
    number = len(_whole(finding).rules)
    return number * (number - 1)


def rated_by(finding: Finding) -> str:
    """Return whose score the rules are of, within a sentence."""
    known = finding.parameters
    return agency_in_a_sentence(str(known.get("title") or known.get("agency") or "score"))


def ties(finding: Finding, criterion: str, *, worst: bool = False) -> str:
    """Name the rules that are not told apart from the best, or worst, as what follows its name.

    By the paired differences over societies: a rule is told apart where all of the interval of its
    difference from the best (or worst) lies on one side of 0.
    """
    like = alike(finding, criterion, worst=worst)
    if like and len(like) == len(_whole(finding).rules) - 1:
        return ", from which no other rule is told apart"
    return f", not told apart from {names_of(like)}" if like else ""


def alike(finding: Finding, criterion: str, *, worst: bool = False) -> list[str]:
    """Return the rules that are not told apart from the best, or worst."""
    whole, (rule, number) = _whole(finding), best(finding, criterion, worst=worst)
    if number == NOT_DEFINED:
        return []
    less = {
        other: whole.value(other, criterion, against=rule) for other in whole.rules if other != rule
    }
    like = [other for other, each in less.items() if each.known and each.side() == "unclear"]
    return [other for other in like if less[other].ranged or not less[other].estimate]


def any_of(finding: Finding, criterion: str, *, worst: bool = False) -> str:
    """Name the best, or worst, rule and those that are not told apart from it: one or another."""
    rules = [best(finding, criterion, worst=worst)[0], *alike(finding, criterion, worst=worst)]
    return listed([name_of(rule) for rule in rules], "or")


def best(finding: Finding, criterion: str, *, worst: bool = False) -> tuple[str, str]:
    """Return the rule with the best, or worst, number of a criterion, and the number as text."""
    whole, sign = _whole(finding), CRITERIA[criterion]["better"] * (-1 if worst else 1)
    known = [rule for rule in whole.rules if whole.value(rule, criterion).known]
    rule = max(known or whole.rules, key=lambda each: sign * whole.value(each, criterion).estimate)
    return rule, shown(finding, rule, criterion)


def told_of(finding: Finding, criterion: str, *, worst: bool = False) -> str:
    """Say which rule is best, or worst, by a criterion, and which are not told apart from it."""
    rule, number = best(finding, criterion, worst=worst)
    if number == NOT_DEFINED:
        return NOT_DEFINED
    told = f"{name_of(rule)} ({number}){ties(finding, criterion, worst=worst)}"
    near = within_margin(finding, criterion, worst=worst)
    return told + (f"; the margin counts {names_of(near)} as alike" if near else "")


def within_margin(finding: Finding, criterion: str, *, worst: bool = False) -> list[str]:
    """Return the rules that are told apart from the best, or worst, but by less than the margin.

    The tables call them alike, and so no rule is best or worst without them.
    """
    whole, rule = _whole(finding), best(finding, criterion, worst=worst)[0]
    tied = {rule, *alike(finding, criterion, worst=worst)}
    others = (other for other in whole.rules if other not in tied)
    return [other for other in others if whole.verdict(rule, other, criterion) == "alike"]


def surely(finding: Finding, criterion: str) -> bool:
    """Whether the worst rule by a criterion is surely worse than the best, beyond the margin."""
    whole = _whole(finding)
    good, bad = (best(finding, criterion, worst=worst) for worst in (False, True))
    if NOT_DEFINED in (good[1], bad[1]) or good[0] == bad[0]:
        return False
    return whole.verdict(bad[0], good[0], criterion) == "worse"


def worse_than_opacity(finding: Finding) -> list[tuple[str, str]]:
    """Return by what rules are surely worse than opacity, beyond the margin, and which are.

    What nobody games or answers under opacity everything worsens: that has its own words.
    """
    whole = _whole(finding)
    if "opaque" not in whole.rules:
        return []
    others = [rule for rule in whole.rules if rule != "opaque"]
    found = []
    for name in ("decisions", "gap", "privacy", "trust"):
        worse = [rule for rule in others if whole.verdict(rule, "opaque", name) == "worse"]
        if worse:
            every = len(worse) == len(others) > 1
            found.append((CRITERIA[name]["name"], "every other rule" if every else names_of(worse)))
    return found


def beside_opacity(finding: Finding, criterion: str) -> str:
    """Return a criterion's number under opacity, for what another rule has; "" without it."""
    whole = _whole(finding)
    known = "opaque" in whole.rules and whole.value("opaque", criterion).known
    return f"{name_of('opaque')}: {shown(finding, 'opaque', criterion)}" if known else ""


def shown(finding: Finding, rule: str, criterion: str) -> str:
    """Return a rule's number with its unit and interval."""
    amount, unit = in_units(_whole(finding).value(rule, criterion), CRITERIA[criterion]["unit"])
    if not amount.known:
        return NOT_DEFINED
    return amount.text("%" if unit.startswith("%") else unit)


def criteria() -> dict[str, dict[str, Any]]:
    """Return what rules are judged by."""
    return CRITERIA


def transparency_tables(finding: Finding) -> Iterator[TableView]:
    """Yield every rule by every criterion, then each beside opacity."""
    whole = _whole(finding)
    head = ("Rule", *(sentence(each["name"], stop="") for each in CRITERIA.values()))
    body = tuple(
        (sentence(name_of(rule), stop=""), *(_cell(whole.value(rule, name)) for name in CRITERIA))
        for rule in whole.rules
    )
    yield TableView(
        caption="What is told under each rule",
        head=("Rule", "A citizen", "An outside auditor", "Which score"),
        bodies=(("", tuple(_told(rule, finding) for rule in whole.rules)),),
    )
    yield TableView(
        caption=f"Rules of transparency (%; {percent(level(finding))} intervals over societies)",
        head=head,
        bodies=(("", body),),
    )
    yield TableView(
        caption="What rules are judged by: within the margin two rules count as alike",
        head=("Criterion", "Unit", "Better", "Margin (assumed)"),
        bodies=(("", tuple(_criterion(each) for each in CRITERIA.values())),),
    )
    for rule in whole.rules:
        others = tuple(
            (
                sentence(name_of(other), stop=""),
                *(whole.verdict(rule, other, name) for name in CRITERIA),
            )
            for other in whole.rules
            if other != rule
        )
        yield TableView(
            caption=f"What {name_of(rule)} is beside every other rule: better or worse than it",
            head=("Beside", *head[1:]),
            bodies=(("", others),),
        )


def _told(rule: str, finding: Finding) -> tuple[str, ...]:
    """What a rule was when it was run."""
    known = finding.parameters.get("rules", RULES)[rule]
    seen, score = _SEEN[known["sees"]], _SCORES[known["score"]]
    return tuple(sentence(each, stop="") for each in (name_of(rule), known["told"], seen, score))


def _criterion(known: dict[str, Any]) -> tuple[str, ...]:
    """One criterion: its unit, which way is better, and what counts as alike."""
    better = "the more" if known["better"] > 0 else "the less"
    margin = constants(f"{100 * known['margin']:g} %")
    return sentence(known["name"], stop=""), known["unit"], better, margin


def _cell(amount: Amount) -> str:
    return amount.times(100).text() if amount.known else NOT_DEFINED


def _whole(finding: Finding) -> Transparency:
    assert isinstance(finding, Transparency)
    return finding
