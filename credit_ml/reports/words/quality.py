"""Sentences on how well the scores rate: do keepers stand above breakers, in every group."""

from credit_ml.core import Finding
from credit_ml.reports.content import StudyResults
from credit_ml.reports.names import people_of, sentence
from credit_ml.reports.numbers import Measured, listed
from credit_ml.reports.pieces import Paragraph
from credit_ml.reports.rows import fact, least, level, most, rows
from credit_ml.reports.words.voice import noun_of, score_of, with_level

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
        f"at {worst[0].name} and {_pairs(best[1])} at {best[0].name}."
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
    said: dict[str, list[str]] = {}
    for rater, finding in results.of_kind("quality"):
        if rater and (found := _groups(finding, noun)):
            said.setdefault(found, []).append(rater.name)
    return " ".join(f"At {listed(names)} {found}" for found, names in said.items())


def _groups(finding: Finding, noun: str) -> str:
    found = rows(finding, measure="auc").dropna(subset=["estimate"])
    found = found[found["sensitive"].astype(str) != "overall"]
    if len(found) < 2:
        return ""
    worst, best = least(found), most(found)
    low, high = Measured.of(worst), Measured.of(best)
    if low.ranged and high.ranged and low.high >= high.low:
        return "no group is ranked worse than another by more than chance."
    names = (people_of(str(row["sensitive"]), str(row["group"]), noun) for row in (worst, best))
    parts = [f"{name} ({auc.text()})" for name, auc in zip(names, (low, high), strict=True)]
    return f"the AUC is lowest among {listed(parts, 'and highest among')}."


def _overall(finding: Finding, measure: str) -> Measured | None:
    return fact(finding, measure=measure, sensitive="overall")


def _pairs(auc: Measured) -> str:
    return auc.percent()
