"""Sentences on many raters of one person: do they rank alike, and who meets both answers."""

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import factor_name, people_of, sentence
from credit_ml.grammar.numbers import Amount, show
from credit_ml.grammar.phrases import lead_pair, noun_of
from credit_ml.grammar.rows import fact, least, most, records, rows


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
            Paragraph(lead="One person.", text=_one_person(results)),
            Paragraph(lead="Companies.", text=_companies(results)),
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


def _one_person(results: StudyResults) -> str:
    case = next((finding for _, finding in results.of_kind("opposite_case")), None)
    if case is None:
        return ""
    first, second = records(case.table[case.table["factor"] == "(score)"])
    helped, hurt = (_strongest(case, row["rater"], best=row is first) for row in (first, second))
    share = 100 * case.parameters["people"] / case.parameters["of"]
    return (
        f"{show(case.parameters['people'])} of {show(case.parameters['of'])} "
        f"{noun_of(results)} ({show(share, 2)} %) are granted “{first['verdict']}” by "
        f"{first['rater']} and meet “{second['verdict']}” at {second['rater']}. The one of them "
        f"whose ranks lie furthest apart, citizen {case.parameters['citizen']} of the simulation, "
        f"has {first['own']} points at the one, above its line of {first['typical']}, where "
        f"{helped} helps most, and {second['own']} at the other, below its line of "
        f"{second['typical']}, where {hurt} costs most."
    )


def _companies(results: StudyResults) -> str:
    found = next((finding for _, finding in results.of_kind("sample_selection")), None)
    if found is None:
        return ""
    known = rows(found, measure="known")
    least_known, most_known = least(known), most(known)
    off = rows(found, measure="optimism", judged="others", trained="users")
    off = off[off["company"] != "all eight"]
    wrong = [row for row in records(off) if Amount.of(row).side(0.0) != "unclear"]
    worst = Amount.of(max(records(off), key=lambda row: abs(row["estimate"]))).times(100)
    return (
        f"Companies know from {Amount.of(least_known).percent()} "
        f"({least_known['company']}) to {Amount.of(most_known).percent()} "
        f"({most_known['company']}) of {noun_of(results)}. A score that learns from a company's "
        f"own users is wrong on average about the others at {len(wrong)} of {len(off)} companies; "
        f"where it errs most, by {worst.text('percentage points')}."
    )


def _strongest(case: Finding, rater: object, *, best: bool) -> str:
    table = case.table[(case.table["rater"] == rater) & (case.table["factor"] != "(score)")]
    place = int(table["estimate"].argmax() if best else table["estimate"].argmin())
    return factor_name(str(table["factor"].iloc[place]))


def _finding(results: StudyResults) -> Finding | None:
    return next((finding for _, finding in results.of_kind("agreement")), None)
