"""Sentences on how well the scores rate: do keepers stand above breakers, in every group."""

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import people_of, sentence
from credit_ml.grammar.numbers import Amount, listed
from credit_ml.grammar.phrases import apart, at, noun_of, score_of, with_level
from credit_ml.grammar.rows import fact, least, level, most, rows

_PUTS = "{} a person who kept obligations above one who did not"


def quality_headline(results: StudyResults) -> str:
    """Return the section's result in one line: the range of AUC over the raters."""
    found = [
        (rater, auc)
        for rater, finding in results.of_kind("quality")
        if rater and (auc := _overall(finding, "auc"))
    ]
    if not found:
        return ""
    if len(found) == 1:
        return f"{_PUTS.format('The score puts')} in {_pairs(found[0][1])} of pairs."
    if len({_pairs(auc) for _, auc in found}) == 1:
        return f"{_PUTS.format('Every score puts')} in {_pairs(found[0][1])} of pairs."
    best = max(found, key=lambda pair: pair[1].estimate)
    worst = min(found, key=lambda pair: pair[1].estimate)
    return (
        f"{_PUTS.format('The scores put')} in {_pairs(worst[1])} of pairs "
        f"{at(worst[0])} and {_pairs(best[1])} {at(best[0])}."
    )


def quality_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return one paragraph on every rater's ranking and one on groups rated worse."""
    noun = noun_of(results)
    paragraphs = [
        Paragraph(text=_ranking(results)),
        Paragraph(
            lead="By group.",
            text=_by_group(results, noun),
        ),
    ]
    return [paragraph for paragraph in paragraphs if paragraph.text]


def _ranking(results: StudyResults) -> str:
    said: list[str] = []
    for rater, finding in results.of_kind("quality"):
        auc = _overall(finding, "auc")
        if rater is None or auc is None:
            continue
        text = auc.times(100).text("%")
        first = not said
        text = with_level(text, level(finding)) if first else text
        whose = sentence(score_of(rater), stop="")
        if first:
            line = (
                f"Draw one person who kept the obligation and one who did not: "
                f"{score_of(rater)} puts the keeper first in {text} of such pairs (the AUC)"
            )
        else:
            line = f"{whose} does so in {text}"
        if auc.side(0.5) == "unclear":
            line += ", compatible with a toss of a coin"
        said.append(f"{line}.")
    return " ".join(said)


def _by_group(results: StudyResults, noun: str) -> str:
    """Name the group that each rater ranks worst, where that is more than chance."""
    worst: dict[str, list[str]] = {}
    level_all: list[str] = []
    for rater, finding in results.of_kind("quality"):
        found = rows(finding, measure="auc").dropna(subset=["estimate"])
        found = found[found["sensitive"].astype(str) != "overall"]
        if rater is None or len(found) < 2:
            continue
        low, high = least(found), most(found)
        if apart(Amount.of(low), Amount.of(high)):
            group = people_of(str(low["sensitive"]), str(low["group"]), noun)
            worst.setdefault(group, []).append(f"{Amount.of(low).percent()} {at(rater)}")
        else:
            level_all.append(at(rater))
    said = [f"The AUC is lowest among {group}: {listed(where)}." for group, where in worst.items()]
    if level_all:
        said.append(
            sentence(
                f"{listed(level_all)} no group is ranked worse than another by more than chance"
            )
        )
    return " ".join(said)


def _overall(finding: Finding, measure: str) -> Amount | None:
    return fact(finding, measure=measure, sensitive="overall")


def _pairs(auc: Amount) -> str:
    return auc.percent()
