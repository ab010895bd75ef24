"""Sentences on a less discriminatory score that is about as good, where one was found."""

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.grammar.names import plain, scorer_name
from credit_ml.grammar.numbers import Amount, listed, show
from credit_ml.grammar.phrases import doubt, noun_of, pair_of, points_unit
from credit_ml.grammar.rows import fact, values


def alternatives_sentences(results: StudyResults) -> str:
    """Return how one was sought, and what it is on people who had no part in choosing it."""
    found = next((finding for _, finding in results.of_kind("alternatives")), None)
    if found is None:
        return ""
    noun, told = noun_of(results), found.parameters
    near = f"{100 * told['tolerance']:g} percentage points"
    many = f"{show(told['candidates'])} scores were tried on the same {noun}, every set of factors"
    kinds = len(told["settings"])
    if kinds > 1:
        many += f" under each of {kinds} kinds of scorer"
    if told["chosen"] == told["baseline"]:
        return (
            f"{many}. None that ranks within {near} of AUC of the best has a smaller gap than the "
            "score as it is."
        )
    pair = pair_of(found, results)
    before, after, change, auc = _measured(found)
    if before is None or after is None or change is None or auc is None:
        return ""
    group, reference = pair.people(noun)
    return (
        f"{many}. Of those within {near} of AUC of the best, the smallest gap between {group} "
        f"and {reference} is that of {_named(found)}. It was chosen on some {noun} and measured on "
        f"{show(told['people']['test'])} others, who chose nothing: there its gap is "
        f"{after.text(_unit(found))}, that of the score as it is {before.text(_unit(found))}; "
        f"{_difference(before, after, change, _unit(found))}, and {_quality(auc.times(100))}."
    )


def _measured(found: Finding) -> tuple[Amount | None, ...]:
    """Return the gap before and after, its change, and the change of AUC, on the test part."""
    told = found.parameters
    test = {"part": "test", "measure": told["by"]}
    gaps = (
        fact(found, candidate=told["baseline"], fact="level", **test),
        fact(found, candidate=told["chosen"], fact="level", **test),
        fact(found, fact="change", **test),
    )
    factor = 100.0 if _unit(found) == "percentage points" else 1.0
    auc = fact(found, fact="change", part="test", measure="auc")
    return (*(gap and gap.times(factor) for gap in gaps), auc)


def _unit(found: Finding) -> str:
    in_shares = found.parameters["by"] == "selection_gap"
    return "percentage points" if in_shares else points_unit(found)


def _difference(before: Amount, after: Amount, change: Amount, unit: str) -> str:
    if change.side() == "unclear":
        return f"the difference, {change.text(unit)}, is {doubt(change, none='none')}"
    word = "less" if abs(after.estimate) < abs(before.estimate) else "more"
    if before.estimate * after.estimate < 0:
        return f"the difference is {change.size().text(unit)}"
    return f"that is {change.size().text(unit)} {word}"


def _quality(change: Amount) -> str:
    points = "percentage points"
    if change.side() == "unclear":
        return f"no difference in AUC can be told{change.bracket(points)}"
    verb = "loses" if change.estimate < 0 else "gains"
    return f"it {verb} {change.size().text(points)} of AUC"


def _named(found: Finding) -> str:
    """Name the chosen by its kind of scorer and the factors that it reads."""
    chosen = {"candidate": found.parameters["chosen"]}
    setting = values(found, "setting", **chosen)[0]
    factors = values(found, "factors", **chosen)[0].split(" + ")
    return f"{scorer_name(setting)} on {listed([plain(each) for each in factors])}"
