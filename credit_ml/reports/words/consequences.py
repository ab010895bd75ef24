"""Sentences on what having or lacking the points means: privileges, black lists, punishment."""

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import plain, sentence
from credit_ml.grammar.numbers import NARROW, Amount, count, show
from credit_ml.grammar.phrases import GroupPair, doubt, lead_pair, noun_of, with_level
from credit_ml.grammar.rows import fact, level, records, rows, values
from credit_ml.reports.tables.follow import in_words

#: What the measures of a list or a schedule say of a group, around the number.
_SAID = {
    "value_forgone": "what {group} go without is worth {number} of a year's own income to them",
    "privileges_held": "{group} hold {number} privileges each",
    "share_listed": "{number} of {group} are on the list",
    "share_listed_though_kept": "of {group} who kept the obligation, {number} are listed all the "
    "same",
}


def consequences_headline(results: StudyResults) -> str:
    """Return the section's result in one line: what the two groups go without."""
    pair, noun = lead_pair(results), noun_of(results)
    for _, finding in results.of_kind("consequences"):
        if pair and "value_forgone" in values(finding, "measure"):
            return _both(finding, "value_forgone", pair, noun, brief=True)
    return ""


def consequences_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return one paragraph a finding: what it means for the two groups of the lead pair."""
    pair, noun = lead_pair(results), noun_of(results)
    if pair is None:
        return []
    paragraphs = []
    for place, (_, finding) in enumerate(results.of_kind("consequences")):
        measures = [name for name in _SAID if place == 0 or name != "privileges_held"]
        sentences = [_both(finding, measure, pair, noun) for measure in measures]
        sentences += [_widest(finding, pair, noun), _restrictions(finding)]
        text = " ".join(filter(None, sentences))
        text = with_level(text, level(finding) if place == 0 else None)
        paragraphs.append(Paragraph(lead=sentence(finding.title), text=text))
    return [paragraph for paragraph in paragraphs if paragraph.text]


def _both(
    finding: Finding, measure: str, pair: GroupPair, noun: str, *, brief: bool = False
) -> str:
    """Say one measure of both groups, and whether they can be told apart."""
    own = [
        fact(finding, measure=measure, sensitive=pair.sensitive, group=group, reference_group="")
        for group in (pair.group, pair.reference)
    ]
    first, second = own
    if first is None or second is None:
        return ""
    numbers = [in_words(finding, measure, each) for each in (first, second)]
    if brief:
        numbers = [f"{show(100 * each.estimate, 1)}{NARROW}%" for each in (first, second)]
    group, reference = pair.people(noun)
    said = _SAID[measure].format(group=group, number=numbers[0])
    said = f"{said}, against {numbers[1]} for {reference}"
    gap = fact(finding, measure=measure, **pair.where())
    if gap is not None and gap.side() == "unclear":
        said += f"; the two are {doubt(gap)}"
    return sentence(said)


def _widest(finding: Finding, pair: GroupPair, noun: str) -> str:
    """Name the privilege that divides the two groups most."""
    found = rows(finding, measure="share_granted", **pair.where()).dropna(subset=["estimate"])
    if len(found) < 2:
        return ""
    row = max(records(found), key=lambda each: abs(float(each["estimate"])))
    gap = Amount.of(row).times(100)
    group, reference = pair.people(noun)
    if gap.side() == "unclear":
        return f"No privilege divides {group} from {reference} by more than chance."
    size = gap.size().text("percentage points")
    fewer = "fewer" if gap.estimate < 0 else "more"
    return (
        f"The widest divide is at '{plain(str(row['consequence']))}', granted to {fewer} "
        f"{group} than {reference} by {size}."
    )


def _restrictions(finding: Finding) -> str:
    closed = finding.parameters.get("restrictions") or []
    if not closed:
        return ""
    return (
        f"Whoever is listed meets all {count(len(closed), 'restriction')} at once: "
        f"{', '.join(map(str, closed))}."
    )
