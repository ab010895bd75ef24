"""Facts that the page's own words need: groups, agencies, notes, intervals."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from credit_ml.core import Dataset, Finding, RaterResults, StudyResults
from credit_ml.core.files import beside
from credit_ml.grammar.cited import cited, constants, marked, numbers_in, row_of, unmarked
from credit_ml.grammar.names import agency_in_a_sentence, plain, scorer_name, sentence
from credit_ml.grammar.numbers import NARROW, Amount, listed, percent, show
from credit_ml.grammar.phrases import GroupPair, followable, lead_pair, runs_over, table_over
from credit_ml.grammar.rows import in_note, records, rows, values
from credit_ml.reports.borne_out.two_intervals import alone as alone
from credit_ml.reports.borne_out.two_intervals import counted_beside as counted_beside
from credit_ml.reports.borne_out.two_intervals import in_no_check as in_no_check
from credit_ml.reports.borne_out.two_intervals import of_each as of_each
from credit_ml.reports.borne_out.two_intervals import of_one_society as of_one_society
from credit_ml.reports.borne_out.two_intervals import over_societies as over_societies
from credit_ml.reports.borne_out.two_intervals import scoped
from credit_ml.reports.layout import answering

#: Cities of a nation from which on its intervals were checked in larger nations than of eight.
CHECKED_CITIES = 20
#: Smallest and largest share of simulated societies in which a 95 % interval held the world's
#: number, in the rows of benchmarks/results/coverage.md, which is written with it.
COVERED: Mapping[str, list[float]] = beside(__file__)["covered"]
#: By study, the same of the intervals on its first screen, and in how many societies.
FIRST_SCREENS: Mapping[str, list[float]] = beside(__file__)["first_screens"]
#: Columns of a factor that are named, at most.
MOST_COLUMNS = 6
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def base_rates(audit: Finding, pair: GroupPair) -> dict[str, tuple[float, Amount]] | None:
    """Return how large each group of a pair is, as a share, and how often it kept obligations.

    Where people have weights it is the share of these.
    """
    asked = {"quantity": "value", "sensitive": pair.sensitive}
    found = rows(audit, measure="base_rate", **asked).dropna(subset=["estimate"])
    weights = rows(audit, measure="sum_of_weights", **asked)
    sizes = found.set_index("group")["people"].astype("float64")
    if len(weights):
        sizes = weights.set_index("group")["estimate"].loc[sizes.index]
    kept = {str(row["group"]): row for row in records(found)}
    if pair.group not in kept or pair.reference not in kept:
        return None
    return {
        group: (cited(sizes[group] / sizes.sum(), row_of(kept[group])), Amount.of(kept[group]))
        for group in (pair.group, pair.reference)
    }


def outcome(results: StudyResults) -> str:
    """Return which value of a table's target is favourable, in brackets; nothing elsewhere.

    Examples
    --------
    >>> outcome(StudyResults(id="a", title="", data={"target": "paid", "favourable": 1}))
    " ('paid' is 1)"
    """
    data = results.data
    if "favourable" not in data:
        return ""
    return f" ('{data['target']}' is {marked(str(data['favourable']), data['favourable'])})"


def reading(results: StudyResults) -> str:
    """Say what was left out of a table, recoded and made before anything was measured, as counts.

    Examples
    --------
    >>> told = [{"number": 1, "said": "row left out"}, {"number": 2, "said": "columns made"}]
    >>> reading(StudyResults(id="a", title="", data={"reading": told}))
    'As the table was read: 1 row left out; 2 columns made.'
    """
    found = results.data.get("reading") or ()
    parts = (f"{show(each['number'])} {constants(str(each['said']))}" for each in found)
    return f"As the table was read: {'; '.join(parts)}." if found else ""


def carriers(results: StudyResults) -> list[str]:
    """Return which columns of a table say a sensitive feature over again.

    Examples
    --------
    >>> told = [{"column": "title", "sensitive": "sex", "share": 0.99}]
    >>> carriers(StudyResults(id="a", title="", data={"carriers": told}))
    ["'title' tells sex (99\u202f% of what the commonest group leaves open)"]
    """
    found = results.data.get("carriers") or ()
    return [
        f"'{each['column']}' tells {plain(each['sensitive'])} "
        f"({percent(each['share'])} of what the commonest group leaves open)"
        for each in found
    ]


def given_scores(results: StudyResults) -> str:
    """Return which column holds given scores, and whether they are turned round."""
    column = results.settings.get("score")
    named = f", in '{column}'" if column else ""
    if results.settings.get("direction") != "lower_is_better":
        return named
    return f"{named}, where less is better: they are turned round, so that what is more is better"


def turned(results: StudyResults) -> str:
    """Return that given scores are turned round; nothing where they are not."""
    round_ = any(rater.name == "turned scores" for rater in results.raters)
    return ", whose score, where less is better, is turned so that more is" if round_ else ""


def answering_ids(results: StudyResults) -> list[str]:
    """Return the ids of the instruments that a study has answer its question."""
    return [each.id for each in answering(results)]


def table_named(results: StudyResults) -> str:
    """Return the table in a sentence; nobody named one that has the name of all.

    Examples
    --------
    >>> table_named(StudyResults(id="one", title="One", data={"name": "loans"}))
    "the table 'loans'"
    >>> table_named(StudyResults(id="one", title="One"))
    'a table'
    """
    name = results.data.get("name", Dataset.name)
    return "a table" if name == Dataset.name else f"the table '{name}'"


def agencies(results: StudyResults) -> list[list[RaterResults]]:
    """Return the raters of each agency, however many scorers it was tried with."""
    raters: dict[str, list[RaterResults]] = {}
    for rater in results.raters:
        if rater.agency:
            raters.setdefault(str(rater.agency.get("id", rater.id)), []).append(rater)
    return list(raters.values())


def rater_in_words(results: StudyResults) -> str:
    """Return what the first rater is, to whom its name says nothing, as an apposition.

    Examples
    --------
    >>> agency = {"title": "Commercial score", "scale": {"low": 350.0, "high": 950.0}}
    >>> rater = RaterResults(id="a", name="a", agency=agency, scorer_kind="opaque", findings=())
    >>> unmarked(rater_in_words(StudyResults(id="one", title="One", raters=(rater,))))
    ': the commercial score, by boosted trees, from 350 to 950 points'
    """
    rater = results.raters[0]
    title = rater.agency.get("title") if rater.agency else None
    if not title:
        return ""
    scale, made = (rater.agency or {}).get("scale") or {}, scorer_name(rater.scorer_kind)
    ends = [show(scale[end]) for end in ("low", "high") if end in scale]
    of_scale = f", from {ends[0]} to {ends[1]} points" if len(ends) > 1 else ""
    return f": {agency_in_a_sentence(str(title))}{f', by {made}' if made else ''}{of_scale}"


def speaks_of_twins(results: StudyResults) -> bool:
    """Whether the page's gap is between people and their own twins."""
    return any(
        "true_carrier" in values(found, "method") for _, found in results.of_kind("comparison")
    )


def grants(agency: Mapping[str, Any]) -> list[str]:
    """Return an agency's privileges, each with its threshold."""
    return [_privilege(given) for given in agency.get("privileges") or ()]


def _privilege(given: Mapping[str, Any]) -> str:
    points = show(given["threshold"]) if "threshold" in given else ""
    name = str(given.get("name") or given.get("id") or "a privilege")
    return f"{name} from {points} points" if points else name


def notes(results: StudyResults) -> tuple[str, ...]:
    """Return every note once; those that differ in a number alone are told together."""
    found: dict[str, dict[str, list[str]]] = {}
    for rater in results.raters:
        _add(found, rater.findings, rater.name)
    _add(found, results.findings, "")
    return tuple(scoped(results, _told(versions)) for versions in found.values())


def _add(found: dict[str, dict[str, list[str]]], findings: Iterable[Finding], rater: str) -> None:
    for finding in findings:
        for note in finding.notes:
            plain = sentence(" ".join(note.split()))
            text = _NUMBER.sub(partial(_noted, finding), plain)
            versions = found.setdefault(_NUMBER.sub("#", plain), {})
            names = versions.setdefault(_same(versions, text), [])
            if rater and rater not in names:
                names.append(rater)


def _same(versions: Iterable[str], text: str) -> str:
    """Return the version that says the same, whichever finding it is a note of."""
    return next((each for each in versions if unmarked(each) == unmarked(text)), text)


def _noted(finding: Finding, number: re.Match[str]) -> str:
    return in_note(finding, number[0])


def _told(versions: dict[str, list[str]]) -> str:
    first, *others = versions
    if not others or not versions[first]:
        return " ".join(versions)
    told = [f"{listed(_with_sign(text))} at {listed(versions[text])}" for text in others]
    return f"At {listed(versions[first])}: {first} The same with {'; '.join(told)}."


def _with_sign(text: str) -> list[str]:
    """Return the numbers of a text, each with the per cent sign that follows it there.

    Examples
    --------
    >>> _with_sign("13.9 % cannot reach it, of 200 people")
    ['13.9\u202f%', '200']
    """
    told, place = [], 0
    for number in numbers_in(text):
        place = text.index(number, place) + len(number)
        told.append(number + f"{NARROW}%" * bool(re.match(r"\s?%", text[place:])))
    return told


def answered_over(results: StudyResults) -> str:
    """Return what the intervals of the page's answer run over, as it ends "intervals".

    " over societies" where all do, else ": of the gap over societies, of refusals over people".

    Only rows of the feature that the page follows are quoted there: a crossing of two features
    that some societies lack counts something else, and says so where it stands.
    """
    told: dict[str, list[str]] = {}
    pair = lead_pair(results)
    for kind, measure, name in (
        ("comparison", "mean_", "the gap"),  # of the score, or of a probability
        ("audit", "refusal_rate", "refusals"),
        ("disclosure", "score_gap_change", "the change"),
    ):
        _, finding = next(iter(results.of_kind(kind)), (None, None))
        if finding is not None and pair is not None:
            own = rows(finding, sensitive=pair.sensitive)
            finding = replace(finding, table=own) if len(own) else finding
        asked = [] if finding is None else values(finding, "measure")
        measured = (each for each in asked if each.startswith(measure))
        over = next((runs_over(finding, each) for each in measured), "") if finding else ""
        if over:
            told.setdefault(over, []).append(name)
    if len(told) == 1:
        return next(iter(told))
    parts = (f"of {listed(names)}{over}" for over, names in told.items())
    return f": {', '.join(parts)}" if told else ""


def made_here(results: StudyResults) -> str:
    """Say that a table's scorers were trained for the page, and who set the threshold; else ""."""
    kinds = [rater.scorer_kind for rater in results.raters if not rater.agency]
    if results.simulated or not kinds or not set(kinds) <= {"opaque", "scorecard"}:
        return ""
    several = len(kinds) > 1
    named = results.settings.get("threshold") is not None
    by = "a threshold that was named" if named else "as many as had the other outcome"
    return (
        f"{'The raters were' if several else 'It was'} trained on this table and "
        f"refuse{'' if several else 's'} {'by ' if named else ''}{by}: no decision that anybody "
        "took is in it."
    )


def why_followed(results: StudyResults) -> str:
    """Say how the groups were chosen that a table's page follows; "" where nothing was chosen."""
    known = followable(results)
    if results.simulated or results.settings.get("lead") or len(known) < 2:
        return ""
    pair = lead_pair(results)
    (own,) = (value for value, each in known if each == pair)
    why = "theirs is the difference in passing whose interval keeps farthest from none"
    if own.side() == "unclear":
        why = "theirs is the largest difference in passing by the estimates, and none is certain"
    return (
        "These groups are followed because, of all that the table names, each held against its "
        f"reference group, {why}; nothing in the intervals allows for that choice."
    )


def factors_said(results: StudyResults, text: str) -> str:
    """Say which columns of a table the factors are that a text names in quotes; "" where none.

    Their names are whoever's table it is, and say nothing to others.

    Examples
    --------
    >>> factors = {"use": ["cards", "open_loans"]}
    >>> told = StudyResults(id="a", title="", settings={"factors": factors})
    >>> factors_said(told, "Yes: 'use' accounts for it.")
    "Of the table's columns 'use' is cards and open loans."
    """
    factors = {} if results.simulated else results.settings.get("factors") or {}
    parts = [
        f"'{plain(name)}' is {constants(_columns(columns))}"
        for name, columns in dict(factors).items()
        if f"'{plain(name)}'" in unmarked(text)
    ]
    return f"Of the table's columns {'; '.join(parts)}." if parts else ""


def _columns(names: Sequence[str]) -> str:
    if len(names) > MOST_COLUMNS:
        return f"{show(len(names))} of them"
    return listed([plain(each) for each in names])


def counts_cities(results: StudyResults) -> bool:
    """Whether intervals count the cities of a nation."""
    tables = (each.table for each in results.all_findings())
    return any((each["over"] == "cities").any() for each in tables if "over" in each)


def few_cities(results: StudyResults) -> bool:
    """Whether a nation has fewer cities than the larger ones in which intervals were checked."""
    return int(results.data.get("cities") or 0) < CHECKED_CITIES


def societies(results: StudyResults) -> int:
    """Return in how many other societies estimates were made again, or 0."""
    made = (each.parameters.get("societies") for each in results.all_findings() if table_over(each))
    return next((each for each in made if isinstance(each, int) and each), 0)


def covered(over: str) -> str:
    """Return in how many societies such intervals held the truth, from the least to the most.

    "" where that was never checked.
    """
    if not COVERED[over]:
        return ""
    low, high = COVERED[over]
    return constants(f"{low:g} to {high:g}{NARROW}%")


class CheckedFirst(NamedTuple):
    """How often intervals on a first screen held the world's number, and in how many societies."""

    share: str
    societies: str


def covered_first(results: StudyResults) -> CheckedFirst | None:
    """Return how often intervals on a study's first screen held; None where none was checked."""
    if results.id not in FIRST_SCREENS:
        return None
    low, high, societies = FIRST_SCREENS[results.id]
    share = constants(f"{low:g} to {high:g}{NARROW}%")
    return CheckedFirst(share, constants(show(int(societies))))
