"""What became of a prediction's clauses, each of which one or more checks hold."""

from collections.abc import Sequence

from credit_ml.grammar.cited import constants, unmarked
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import listed, spelled
from credit_ml.reports.verdict import Checked, Outcome, said_of_refutation

#: A clause is as good as the worst of its checks.
WORST_FIRST: tuple[Outcome, ...] = (
    "failed",
    "undecided",
    "not tested",
    "assumed",
    "vacuous",
    "held",
)


def clause_outcomes(checks: Sequence[Checked]) -> list[Outcome]:
    """Return one outcome a clause of the prediction, the worst of its checks.

    A clause that is said of several raters, worlds or remedies is held by several checks: that
    most of them hold makes no clause hold, nor are they so many clauses. A check that holds no
    words of the prediction is counted only where none does.

    Examples
    --------
    >>> clause_outcomes([Checked("at one", "held", of="lower"), Checked("at both", "failed",
    ...                  of="Lower"), Checked("aside", "held")])
    ['failed']
    """
    checks = [each for each in checks if not each.refutes]
    of_words = any(each.of for each in checks)
    outcomes: dict[str, list[Outcome]] = {}
    for place, each in enumerate(checks):
        if each.of or each.untested_words or not of_words:
            name = " ".join(each.of.lower().split()) or f"check {place}"
            outcomes.setdefault(name, []).append(each.outcome)
    return [min(found, key=WORST_FIRST.index) for found in outcomes.values()]


def refutation_outcomes(checks: Sequence[Checked]) -> dict[str, Outcome]:
    """Return what became of each part of the refutation: "held" where it came about.

    Its parts are joined by "or", so that one that came about refutes the prediction, whatever
    became of the others. Of one that several checks speak of, the worst for the prediction counts.

    Examples
    --------
    >>> refutation_outcomes([Checked("friends carry a part", "held", spares="Friends carry none")])
    {'Friends carry none': 'failed'}
    """
    worst: tuple[Outcome, ...] = (
        *("held", "undecided", "not tested", "vacuous", "assumed"),
        "failed",
    )
    outcomes: dict[str, list[Outcome]] = {}
    for words, outcome in filter(None, (each.came_about for each in checks)):
        outcomes.setdefault(" ".join(words.split()), []).append(outcome)
    return {words: min(found, key=worst.index) for words, found in outcomes.items()}


def came_by(checks: Sequence[Checked]) -> dict[str, str]:
    """Return by which claims each part of the refutation came about, where not by all of them.

    Examples
    --------
    >>> none = "Friends carry none"
    >>> one = Checked("friends carry a part at one", "held", spares=none)
    >>> came_by([one, Checked("friends carry a part at another", "failed", spares=none)])
    {'Friends carry none': 'by one of two claims: friends carry a part at another'}
    """
    told: dict[str, list[tuple[str, Outcome]]] = {}
    for each in checks:
        if each.came_about:
            words, outcome = each.came_about
            told.setdefault(" ".join(words.split()), []).append((each.claim, outcome))
    by = {}
    for words, claims in told.items():
        came = [claim for claim, outcome in claims if outcome == "held"]
        if 0 < len(came) < len(claims):
            number = f"{spelled(len(came))} of {spelled(len(claims))}"
            by[words] = f"by {number} claims: {listed(came)}"
    return by


#: Other assumptions that a sentence names; of more it gives the number.
MOST_NAMED = 3


def comes_under(checks: Sequence[Checked], words: str = "") -> str:
    """Say under which other assumptions a refutation that did not come about does; "" for none.

    Of some of its words alone, where they are given.
    """
    told = refutation_outcomes(checks)
    names: dict[str, None] = {}
    for each in checks:
        own = " ".join((each.refutes or each.spares).split())
        if told.get(own) != "held" and words in ("", own):
            names |= dict.fromkeys(each.comes_about_under)
    if len(names) > MOST_NAMED:
        return f"{spelled(len(names))} other assumptions"
    return listed([constants(unmarked(name)) for name in names])


def spared(checks: Sequence[Checked]) -> list[tuple[str, Outcome]]:
    """Return each part of the refutation that checks of the prediction deny, and what became of it.

    As a page says it, beside the outcome; those that a check holds by itself are told with it.

    Examples
    --------
    >>> spared([Checked("friends carry a part", "held", spares="friends carry none")])
    [('Friends carry none: did not come about.', 'failed')]
    """
    alone = {" ".join(each.refutes.split()) for each in checks if each.refutes}
    by = {words: f", {constants(claims)}" for words, claims in came_by(checks).items()}
    found = []
    for words, outcome in refutation_outcomes(checks).items():
        under = comes_under(checks, words)
        but = f"; under {under} it does" if under else ""
        told = f"{said_of_refutation(outcome)}{by.get(words, '')}{but}."
        if words not in alone:
            found.append((f"{constants(sentence(words, stop=''))}: {told}", outcome))
    return found
