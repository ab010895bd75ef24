"""What things are called in prose: groups of people, factors, measures, raters."""

import re
from collections.abc import Container, Mapping

from credit_ml.core.files import beside

#: Groups that are adjectives.
_ADJECTIVES = ("urban", "rural", "majority", "minority")
_CRITIC = {"yes": "who are critics", "no": "who are not critics"}
_FLAGS = {"yes": "marked", "true": "marked", "no": "not marked", "false": "not marked"}
#: Groups that say nothing without their feature.
_BARE = ("0", "1", *_FLAGS)


def plain(name: str) -> str:
    """Return a column's or factor's own name as words."""
    return str(name).replace("_", " ").strip()


def _word(kind: str, name: str) -> str:
    """Return what ``names.toml`` calls a thing, or else its own name as words."""
    return str(beside(__file__)[kind].get(name, plain(name)))


def sensitive_name(sensitive: str) -> str:
    """Return a sensitive feature, or an intersection of several, as words.

    Examples
    --------
    >>> sensitive_name("hukou x gender"), sensitive_name("foreign_worker")
    ('registered residence (hukou) and gender', 'foreign worker')
    """
    return " and ".join(_word("sensitive", part) for part in str(sensitive).split(" x "))


def factor_name(factor: str) -> str:
    """Return a factor as it reads inside a sentence."""
    return _word("factor", factor)


def part_name(kind: str, parameters: Container[str]) -> str:
    """Return what a finding tells, where its kind tells several things; "" elsewhere.

    Examples
    --------
    >>> part_name("consequences", {"rater": "council", "privileges": []}), part_name("audit", {})
    ('privileges', '')
    """
    named = beside(__file__)["part"].get(kind, {})
    return next((str(words) for name, words in named.items() if name in parameters), "")


def plural(words: str) -> bool:
    """Whether a noun phrase takes a verb in the plural.

    Examples
    --------
    >>> plural("friends and ratings"), plural("credit history"), plural("late payments")
    (True, False, True)
    """
    return " and " in words or (words.endswith("s") and not words.endswith("ss"))


def outcome_words(*, simulated: bool) -> Mapping[str, str]:
    """Return what is said of the good outcome; what a table's outcome means is not known.

    Examples
    --------
    >>> outcome_words(simulated=True)["did"], outcome_words(simulated=False)["did"]
    ('kept their obligations', 'had the favourable outcome')
    """
    told: Mapping[str, str] = beside(__file__)["outcome"]["simulated" if simulated else "table"]
    return told


def metric_name(metric: str) -> str:
    """Return a metric of an audit as words."""
    return _word("metric", metric)


def method_name(method: str) -> str:
    """Return a decomposition's method as words."""
    return _word("method", method)


def scorer_name(kind: str) -> str:
    """Return a kind of scorer as words."""
    return _word("scorer", kind)


def knob_name(key: str) -> str:
    """Return what is varied in a world or a study as words: what of it, and between which groups.

    Examples
    --------
    >>> knob_name("world.changes.address.dependence.hukou"), knob_name("outcome.trust")
    ('address by registered residence', 'weight of trust in what is kept')
    >>> knob_name("world.changes.population.trust.hukou"), knob_name("raters.0.agency")
    ('trust by registered residence', 'rater 1: agency')
    >>> knob_name("world.changes.ties.hukou"), knob_name("world.name")
    ('homophily by registered residence', 'world')
    """
    if key == "world.name":
        return "world"
    known: Mapping[str, str] = beside(__file__)["knob"]
    *parts, last = key.removeprefix("world.").removeprefix("changes.").split(".")
    parts = [each for each in parts if each != "dependence"]
    by = ""
    if parts and last in beside(__file__)["knob_of"]:
        by = f" by {sensitive_name(last).partition(' (')[0]}"
    else:
        parts.append(last)
    if parts[0] == "raters" and parts[1:2] and parts[1].isdigit():
        parts = [f"rater {int(parts[1]) + 1}", *parts[2:]]
    words = known.get(".".join(parts)) or ": ".join(filter(None, [parts[0], " ".join(parts[1:])]))
    return plain(f"{words}{by}")


def of_a_society(sensitive: str) -> bool:
    """Whether a feature, or each that is crossed, is one that a simulated society has.

    Examples
    --------
    >>> of_a_society("hukou x critic"), of_a_society("town")
    (True, False)
    """
    known = beside(__file__)["knob_of"]
    return all(part in known or part == "age_band" for part in str(sensitive).split(" x "))


def people_of(sensitive: str, group: str, noun: str = "people") -> str:
    """Return the people of a group, or of an intersection, as a plural noun.

    Examples
    --------
    >>> people_of("hukou", "rural", "citizens"), people_of("gender", "woman")
    ('rural citizens', 'women')
    >>> people_of("hukou x gender", "rural x woman"), people_of("age_band", "18-29")
    ('rural women', 'people aged 18 to 29')
    >>> people_of("sex", "Female"), people_of("race", "Other")
    ('women', "people with race 'Other'")
    >>> people_of("critic", "no", "citizens"), people_of("foreign_worker", "yes")
    ('citizens who are not critics', "people marked 'foreign worker'")
    >>> people_of("student", "No"), people_of("black", "1")
    ("people not marked 'student'", "people whose 'black' is 1")
    """
    if sensitive in ("overall", ""):
        return f"all {noun}"
    adjectives: list[str] = []
    after: list[str] = []
    for feature, value in zip(sensitive.split(" x "), str(group).split(" x "), strict=False):
        if value.lower() in beside(__file__)["noun"]:
            noun = _word("noun", value.lower())
        elif value in _ADJECTIVES:
            adjectives.append(value)
        elif feature == "critic" and value in _CRITIC:
            after.append(_CRITIC[value])
        elif feature.startswith("age"):
            after.append(f"aged {value.replace('-', ' to ').replace('+', ' and over')}")
        else:
            after.append(_valued(plain(feature), value))
    if after == ["who are critics"] and noun in ("people", "citizens") and not adjectives:
        return "critics"
    return " ".join([*adjectives, noun, *after])


def _valued(feature: str, value: str) -> str:
    """What is said after people of a value: a flag is a mark, a code is no word of anybody's."""
    if value.lower() in _FLAGS:
        return f"{_FLAGS[value.lower()]} '{feature}'"
    return f"whose '{feature}' is {value}" if value.isdigit() else f"with {feature} '{value}'"


def bare(group: str) -> bool:
    """Whether a group's value says nothing without its feature.

    Examples
    --------
    >>> bare("No"), bare("female")
    (True, False)
    """
    return group.lower() in _BARE


def group_label(sensitive: str, group: str) -> str:
    """Return a group as the head of a table's row."""
    if sensitive in ("overall", "") or group == "all":
        return "Everyone"
    if sensitive == "critic":
        return {"yes": "Critics", "no": "Not critics"}.get(group, group)
    parts = []
    for feature, value in zip(str(sensitive).split(" x "), str(group).split(" x "), strict=False):
        known = {"yes": "critic", "no": "not a critic"} if feature == "critic" else {}
        parts.append(known.get(value, f"{plain(feature)}: {value}" if bare(value) else value))
    # A hyphen between digits is a range; any other is the label's own.
    return sentence(", ".join(re.sub(r"(?<=\d)-(?=\d)", "–", each) for each in parts), stop="")


def unit_name(unit: str) -> str:
    """Return the unit of gaps as words; gaps in a probability are percentage points."""
    return "percentage points" if unit == "probability" else unit or "the score's unit"


def pair_name(sensitive: str, group: str, reference: str) -> str:
    """Return a pair of groups as a heading: the group less its reference group."""
    label = sentence(sensitive_name(sensitive), stop="")
    return f"{label}: {people_of(sensitive, group)} less {people_of(sensitive, reference)}"


def agency_name(agency: Mapping[str, object], fallback: str) -> str:
    """Return an agency's full title, or the rater's own."""
    return str(agency.get("title") or fallback)


def agency_in_a_sentence(title: str) -> str:
    """Return an agency's title within a sentence, with its article.

    Examples
    --------
    >>> agency_in_a_sentence("Single national score"), agency_in_a_sentence("EU score")
    ('the single national score', 'the EU score')
    """
    usual = title[1:2].islower() or title[1:2].isspace()
    return f"the {title[:1].lower() if usual else title[:1]}{title[1:]}"


def sentence(text: str, *, stop: str = ".") -> str:
    """Give a clause its capital and its full stop.

    Examples
    --------
    >>> sentence("women score less"), sentence("Done.")
    ('Women score less.', 'Done.')
    """
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if not stop or text.endswith((".", "?", "!")) else text + stop
