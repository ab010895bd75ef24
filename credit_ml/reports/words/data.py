"""Sentences on the people and on who rates them."""

from collections.abc import Mapping
from typing import Any

from credit_ml.core import Finding
from credit_ml.core.results import RaterResults, StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.names import agency_name, sentence
from credit_ml.grammar.numbers import Amount, count, listed, percent, show, spelled
from credit_ml.grammar.phrases import GroupPair, doubt, lead_pair, noun_of
from credit_ml.grammar.rows import fact, records, rows


def data_headline(results: StudyResults) -> str:
    """Return the section's result in one line: how many people, rated by how many."""
    people = results.data.get("people")
    if not people:
        return ""
    one = "citizen" if results.simulated else "person"
    many = "citizens" if results.simulated else "people"
    raters = len(results.raters)
    said = f"{count(float(people), one, many)}, {spelled(raters)} rater{'s' * (raters != 1)}"
    return sentence(said)


def data_paragraphs(results: StudyResults) -> list[Paragraph]:
    """Return who the people are, how groups differ in what they keep, and who rates them."""
    paragraphs = [
        Paragraph(text=_people(results)),
        Paragraph(text=_groups(results)),
        Paragraph(text=_apart(results)),
        Paragraph(
            text=_raters_opening(results),
            items=_agencies(results),
        ),
    ]
    return [paragraph for paragraph in paragraphs if paragraph.text]


def _people(results: StudyResults) -> str:
    data, noun = results.data, noun_of(results)
    if not data.get("people"):
        return ""
    name = str(data.get("name", "table"))
    people = count(float(data.get("people", 0)), "citizen" if results.simulated else "person", noun)
    if results.simulated:
        said = f"The world '{name}' holds {people}, made from known causes"
    else:
        said = f"The table '{name}' holds {people}"
    features = data.get("features")
    said += f", and {count(float(features), 'feature')} of each" if features else ""
    rate = data.get("outcome_rate")
    if rate is None:
        return f"{said}."
    return f"{said}; {percent(float(rate))} kept their obligations."


def _groups(results: StudyResults) -> str:
    """Say how large the groups are that the report follows, and how often they keep faith."""
    pair, first = lead_pair(results), next(results.of_kind("audit"), None)
    if pair is None or first is None:
        return ""
    noun = noun_of(results)
    found = rows(first[1], quantity="value", measure="base_rate", sensitive=pair.sensitive)
    found = found.dropna(subset=["estimate"])
    total = float(found["people"].sum())
    kept = {str(row["group"]): row for row in records(found)}
    if pair.group not in kept or pair.reference not in kept:
        return ""
    shares = [
        f"{percent(float(kept[group]['people']) / total)} are {name}, of whom "
        f"{Amount.of(kept[group]).percent()} kept their obligations"
        for group, name in zip((pair.reference, pair.group), pair.people(noun)[::-1], strict=True)
    ]
    gap = fact(first[1], quantity="difference", measure="base_rate", **pair.where())
    said = f"Of all {noun}, {shares[0]}; {shares[1]}."
    if gap is None:
        return said
    if gap.side() == "unclear":
        return f"{said} In this the two are {doubt(gap).replace('with no', 'with having no')}."
    return f"{said} So part of any gap in scores is a gap in what was kept, whatever its cause."


def _apart(results: StudyResults) -> str:
    """Say what the society itself does to the two groups: income, districts, friends."""
    pair, first = lead_pair(results), next(results.of_kind("portrait"), None)
    if pair is None or first is None:
        return ""
    said = (_incomes(first[1], pair, noun_of(results)), _segregation(first[1], pair, results))
    return " ".join(filter(None, said))


def _incomes(finding: Finding, pair: GroupPair, noun: str) -> str:
    low, high = (
        _fact(finding, measure="income", sensitive=pair.sensitive, group=group)
        for group in (pair.group, pair.reference)
    )
    if low is None or high is None:
        return ""
    group, reference = pair.people(noun)
    return (
        f"Half of all {group} have less than {show(low, 1)} thousand yuan a month, and half of "
        f"all {reference} less than {show(high, 1)}."
    )


def _segregation(finding: Finding, pair: GroupPair, results: StudyResults) -> str:
    moving, alike = (
        _fact(finding, measure=measure, sensitive=pair.sensitive, group=pair.group)
        for measure in ("dissimilarity", "homophily")
    )
    if moving is None or alike is None:
        return ""
    group = pair.people(noun_of(results))[0]
    return (
        f"{percent(moving)} of {group} would have to move for every district to hold the same "
        "mixture (the index of dissimilarity), and they choose each other as friends with a "
        f"homophily of {show(alike, 2)}, where 0 is blind choice and 1 none but each other."
    )


def _fact(finding: Finding, **where: str) -> float | None:
    found = rows(finding, **where)
    return float(found["estimate"].iloc[0]) if len(found) == 1 else None


def _raters_opening(results: StudyResults) -> str:
    agencies = {_agency_id(rater) for rater in results.raters if rater.agency}
    if not agencies:
        return _trained(results)
    many = sentence(spelled(len(agencies)), stop="")
    return f"{many} {'agency rates' if len(agencies) == 1 else 'agencies rate'} them:"


def _trained(results: StudyResults) -> str:
    """Say how the scores of a table of one's own came about."""
    kinds = [rater.scorer_kind for rater in results.raters]
    if "given" in kinds:
        return "The scores are those that came with the table."
    if not kinds:
        return ""
    words = {"opaque": "opaque boosted trees", "scorecard": "a scorecard that anybody can read"}
    folds = results.settings.get("folds")
    how = f", in {spelled(int(folds))} folds" if folds else ""
    what = listed([words.get(kind, kind) for kind in kinds])
    scorers = "scorer was" if len(kinds) == 1 else "scorers were"
    return sentence(
        f"{spelled(len(kinds))} {scorers} trained on the table by cross-fitting{how}, so that "
        f"nobody is scored by a model that saw them: {what}"
    )


def _agencies(results: StudyResults) -> tuple[Paragraph, ...]:
    """Describe each agency once, however many scorers it was tried with."""
    raters: dict[str, list[RaterResults]] = {}
    for rater in results.raters:
        if rater.agency:
            raters.setdefault(_agency_id(rater), []).append(rater)
    return tuple(_agency(members) for members in raters.values())


def _agency(raters: list[RaterResults]) -> Paragraph:
    agency = raters[0].agency
    said = [" ".join(str(agency.get("prose", "")).split())]
    grants = [_privilege(given) for given in agency.get("privileges") or ()]
    said += [f"It grants {listed(grants)}."] if grants else []
    said.append(f"In what follows: {listed([rater.name for rater in raters])}.")
    lead = sentence(agency_name(agency, raters[0].name))
    return Paragraph(lead=lead, text=" ".join(filter(None, said)))


def _agency_id(rater: RaterResults) -> str:
    return str(rater.agency.get("id", rater.id))


def _privilege(given: Mapping[str, Any]) -> str:
    points = show(float(given["threshold"])) if "threshold" in given else ""
    name = str(given.get("name") or given.get("id") or "a privilege")
    return f"{name} from {points} points" if points else name
