"""Sentences on many raters of one person: do they rank alike, and who meets both answers."""

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import people_of, sentence
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import lead_pair, noun_of
from credit_ml.grammar.rows import fact, least, most, rows


def agreement_headline(results: StudyResults) -> str:
    """Return the section's result in one line: how many meet both answers."""
    found = _finding(results)
    mixed = found and fact(found, measure="mixed", sensitive="overall")
    if not mixed:
        return ""
    return (
        f"{mixed.percent()} of {noun_of(results)} pass the line of one rater and fail that of "
        "another."
    )


def agreement_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return one paragraph on orders and one on opposite decisions."""
    found = _finding(results)
    if found is None:
        return []
    return [
        paragraph
        for paragraph in (
            Paragraph(lead="Order.", text=_order(found)),
            Paragraph(lead="Decisions.", text=_decisions(found, results)),
        )
        if paragraph.text
    ]


def _order(found: Finding) -> str:
    pairs = rows(found, measure="kendall").dropna(subset=["estimate"])
    if not len(pairs):
        return ""
    low, high = least(pairs), most(pairs)
    text = (
        f"Two raters put people in the same order as often as Kendall's tau says, 1 for always and "
        f"0 for chance: it is highest between {high['rater']} and {high['other']}, "
        f"{Amount.of(high).text()}"
    )
    if len(pairs) == 1:
        return f"{text}."
    return f"{text}, and lowest between {low['rater']} and {low['other']}, {Amount.of(low).text()}."


def _decisions(found: Finding, results: StudyResults) -> str:
    split = rows(found, measure="accepted_refused").dropna(subset=["estimate"])
    if not len(split):
        return ""
    widest = most(split)
    said = [
        f"{Amount.of(widest).percent()} of {noun_of(results)} are accepted by "
        f"{widest['rater']} and refused by {widest['other']}, each by its own line."
    ]
    pair = lead_pair(results)
    if pair is not None:
        gap = fact(found, measure="mixed_difference", sensitive=pair.sensitive, group=pair.group)
        if gap is not None:
            who = people_of(pair.sensitive, pair.group, noun_of(results))
            side = gap.side(0.0)
            if side == "unclear":
                said.append(sentence(f"{who} meet both answers about as often as others"))
            else:
                word = "more" if gap.estimate > 0 else "less"
                size = gap.size().times(100).text("percentage points")
                said.append(
                    sentence(f"{who} meet both answers {word} often than others, by {size}")
                )
    return " ".join(said)


def _finding(results: StudyResults) -> Finding | None:
    return next((finding for _, finding in results.of_kind("agreement")), None)
