"""Facts that the words and tables on political use need."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from credit_ml.core import Finding
from credit_ml.governance.political_use.finding import ABUSES, INFORMATION, PoliticalUse
from credit_ml.governance.political_use.options import named_rates
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import Amount, percent, show
from credit_ml.grammar.rows import fact, least, level, most, rows, values
from credit_ml.grammar.tables import plain_table, shown

#: What stands where no rate is found.
NOT_FOUND = "not found"
#: A share of cities that is nearly all of them.
_NEARLY = 0.9
#: How usual powers are said.
_OFTEN = {0.5: "every other time", 0.8: "four times in five", 0.9: "nine times in ten"}


def power(
    finding: Finding,
    abuse: str,
    information: str,
    *,
    rate: float | str,
    size: int | None = None,
    group: str = "all",
    measure: str = "power",
) -> Amount | None:
    """Return the share of societies with an alarm at a rate; of the largest sample by default."""
    told = {"setting": "alike", "abuse": abuse, "information": information, "measure": measure}
    at = f"{rate:g}" if isinstance(rate, float) else rate
    return fact(finding, **told, size=str(size or largest(finding)), rate=at, group=group)


def largest(finding: Finding) -> int:
    """Return how many citizens the largest sample has."""
    size: int = max(finding.parameters["sizes"])
    return size


def fewest_citizens(finding: Finding) -> int:
    """Return how many citizens the smallest sample has."""
    size: int = min(finding.parameters["sizes"])
    return size


def mostly_false(finding: Finding) -> bool:
    """Whether posts raise an alarm in most cities in which nobody is hit, for sure.

    Where critics' records are worse, lawfully: what shows abuse there shows it without any.
    """
    alarms = false_alarms(finding, "points", "posts", "worse_records")
    return alarms is not None and alarms.side(0.5) == "above"


def length_misleads(finding: Finding) -> bool:
    """Whether a list's length alone raises more false alarms than are meant, for sure.

    Where critics' records are worse, lawfully.
    """
    alarms = false_alarms(finding, "list", "scores", "worse_records")
    return alarms is not None and alarms.side(finding.parameters["alpha"]) == "above"


def smallest(
    finding: Finding, abuse: str, information: str, size: int | None = None, group: str = "all"
) -> Amount | None:
    """Return the smallest rate that is found; None where none is."""
    return power(finding, abuse, information, rate="", size=size, group=group, measure="smallest")


def says(
    finding: Finding,
    abuse: str,
    information: str,
    group: str = "all",
    *,
    size: int | None = None,
    who: str = "of critics are hit",
) -> str:
    """Return which share of critics has to be hit for abuse to be found, in words."""
    rate = smallest(finding, abuse, information, size, group)
    if rate is not None:
        return f"once {rate.percent()} {who}"
    most = most_hit(finding)
    return "not even if all are" if most == 1.0 else f"not even if {percent(most)} are"


def most_hit(finding: Finding) -> float:
    """Return the largest share of critics hit that was tried."""
    return float(max(finding.parameters["rates"]))


def everybody_hit(finding: Finding) -> str:
    """Return whom the largest rate hits, in the singular."""
    most = most_hit(finding)
    return "every critic" if most == 1.0 else f"a share of {percent(most)} of critics"


def near_false_alarms(finding: Finding, alarms: Amount) -> bool:
    """Whether an alarm is raised less than twice as often as where nobody is hit, for sure."""
    most = alarms.high if alarms.ranged else alarms.estimate
    return bool(most < 2 * finding.parameters["alpha"])


def seldom(finding: Finding, alarms: Amount) -> str:
    """Return how often scores alone show it where as many as were tried are hit, in a clause."""
    if near_false_alarms(finding, alarms):
        most = most_hit(finding)
        return "hardly, even if all do" if most == 1.0 else f"hardly, even if {percent(most)} do"
    return f"in {alarms.percent()} of cities where {everybody_hit(finding)} does"


def verdict(finding: Finding) -> str:
    """Return whether points taken of as many as were tried are found: by all, some, or none."""
    wanted = finding.parameters["wanted"]
    seen = (power(finding, "points", given, rate=most_hit(finding)) for given in INFORMATION)
    sides = {each.side(wanted) for each in seen if each is not None}
    if "above" in sides:
        return "Yes" if sides == {"above"} else "Partly"
    return "No" if sides == {"below"} else "Not decided"


def often(finding: Finding, alarms: Amount) -> str:
    """Return how often an alarm is raised, beside the false alarms that are meant."""
    side = alarms.side(finding.parameters["alpha"])
    if side != "above":
        return "as often as meant" if side == "unclear" else "too seldom"
    usual = alarms.low if alarms.ranged else alarms.estimate
    return "nearly always" if usual > _NEARLY else "too often"


def of_power(finding: Finding) -> str:
    """Return how often abuse that counts as found is found."""
    return _OFTEN.get(finding.parameters["wanted"], "as often as asked")


def smaller(finding: Finding, abuse: str, information: str) -> list[tuple[int, Amount | None]]:
    """Return samples smaller than the largest, downwards, with the smallest rate that is found."""
    sizes = sorted(finding.parameters["sizes"], reverse=True)[1:]
    return [(size, smallest(finding, abuse, information, size)) for size in sizes]


def by_size(finding: Finding, abuse: str, information: str) -> str:
    """Return the smallest rate that is found in smaller cities, in a line."""
    return "; ".join(
        f"of {show(size)}: {NOT_FOUND if rate is None else percent(rate.estimate)}"
        for size, rate in smaller(finding, abuse, information)
    )


def told_rate(finding: Finding) -> float:
    """Return the rate of which it is told how many citizens it takes: next to a quarter."""
    return float(min(finding.parameters["rates"][1:], key=lambda rate: abs(rate - 0.25)))


def needed(finding: Finding, abuse: str, information: str, rate: float) -> str:
    """Return how many citizens a closed form asks for, in two digits."""
    number = power(finding, abuse, information, rate=rate, measure="needed")
    if number is None:
        return ""
    digits = len(str(int(number.estimate)))
    return show(round(number.estimate, 2 - digits))


def like_size(finding: Finding, abuse: str, information: str, rate: float) -> int | None:
    """Return the size of sample that was simulated nearest to what a closed form asks for."""
    number = power(finding, abuse, information, rate=rate, measure="needed")
    if number is None or number.estimate <= 0:
        return None
    asked = math.log(number.estimate)
    size: int = min(finding.parameters["sizes"], key=lambda each: abs(math.log(each) - asked))
    return size


def false_alarms(
    finding: Finding, abuse: str, information: str, setting: str = "alike"
) -> Amount | None:
    """Return false alarms of the largest sample, where critics' records are alike or worse."""
    if setting == "alike":
        return power(finding, abuse, information, rate=0.0)
    told = {"setting": setting, "abuse": abuse, "information": information}
    return fact(finding, **told, measure="false_alarms")


class Held(NamedTuple):
    """Shares of cities held against what they should be."""

    fewest: str
    most: str
    number: str
    """How many shares."""
    outside: str
    """How many of them have an interval that leaves it out."""
    expected: str
    """How many chance alone would."""


def false_alarms_held(finding: Finding) -> Held:
    """Return false alarms of every test, of everybody and of groups, beside those meant."""
    asked = {"setting": "alike", "measure": "power", "rate": "0"}
    return _held(finding, rows(finding, **asked), finding.parameters["alpha"])


def formulas_held(finding: Finding) -> Held:
    """Return powers of everybody, with posts or records, beside the closed form's."""
    asked = {"setting": "alike", "group": "all", "information": ("posts", "records")}
    hit = rows(finding, **asked)
    hit = hit[(hit["rate"] != "0") & hit["measure"].isin(("power", "formula"))]
    keys = ["abuse", "information", "size", "rate"]
    formula = hit[hit["measure"] == "formula"].set_index(keys)["estimate"]
    told = hit[hit["measure"] == "power"]
    return _held(finding, told, formula.loc[told.set_index(keys).index].to_numpy())


def _held(finding: Finding, told: pd.DataFrame, should: Any) -> Held:
    outside = (told["low"] > should) | (told["high"] < should)
    expected = (1.0 - level(finding)) * len(told)
    shares = [Amount.of(each) for each in (least(told), most(told))]
    fewest, largest = (percent(each.estimate) for each in shares)
    return Held(fewest, largest, str(len(told)), str(int(outside.sum())), f"{max(expected, 1):.0f}")


def untested(finding: Finding) -> Amount | None:
    """Return in how many cities, at most, nobody of some group can be held against anybody."""
    told = rows(finding, measure="untested")
    worst = most(told) if len(told) else {"estimate": 0.0}
    return Amount.of(worst) if worst["estimate"] > 0 else None


def screens(finding: Finding) -> list[tuple[str, Amount, Amount, bool]]:
    """Return what each screen of one table found: difference, what would be found, and alarm."""
    found = []
    for given in values(finding, "information"):
        less, fewest, alarm = (
            fact(finding, information=given, measure=name)
            for name in ("difference", "detectable", "alarm")
        )
        if less is not None and fewest is not None and alarm is not None:
            found.append((given, less, fewest, alarm.estimate == 1))
    return found


def groups(finding: Finding) -> list[tuple[str, str]]:
    """Return sensitive features and their groups, as the table has them."""
    table = finding.table
    rows = table[table["group"] != "all"]
    return list(dict.fromkeys(zip(rows["sensitive"], rows["group"], strict=True)))


def political_tables(finding: Finding) -> Iterator[TableView]:
    """Yield powers by rate, a block a size, then the smallest rates by whose critics they are."""
    if not isinstance(finding, PoliticalUse):
        yield plain_table(finding)
        return
    rates = named_rates(finding.parameters["rates"])
    for abuse, name in ABUSES.items():
        bodies = []
        for size in finding.parameters["sizes"]:
            lines = []
            for given, called in INFORMATION.items():
                told = (power(finding, abuse, given, rate=rate, size=size) for rate in rates)
                rate = smallest(finding, abuse, given, size)
                found = NOT_FOUND if rate is None else shown(rate, share=True)
                cells = (shown(each, share=True) for each in told)
                lines.append((sentence(called, stop=""), *cells, found))
            bodies.append((f"{show(size)} citizens", tuple(lines)))
        heads = (f"{percent(rate)} hit" for rate in rates)
        yield TableView(
            caption=f"{sentence(name, stop='')}: share of societies with an alarm, by share of "
            f"critics hit ({percent(level(finding))} intervals)",
            head=("The auditor has", *heads, f"Found with {percent(_wanted(finding))}"),
            bodies=tuple(bodies),
        )
    yield _by_group(finding)


def _by_group(finding: Finding) -> TableView:
    bodies = []
    for abuse, name in ABUSES.items():
        lines = []
        for _, group in [("overall", "all"), *groups(finding)]:
            cells = []
            for given in values(finding, "information", group=group):
                rate = smallest(finding, abuse, given, group=group)
                cells.append(NOT_FOUND if rate is None else shown(rate, share=True))
            empty = ["–"] * (len(INFORMATION) - len(cells))
            called = "everybody" if group == "all" else group
            lines.append((sentence(called, stop=""), *empty, *cells))
        bodies.append((sentence(name, stop=""), tuple(lines)))
    heads = (sentence(each, stop="") for each in INFORMATION.values())
    return TableView(
        caption="Smallest share of critics hit that is found, by whose critics they are, among "
        f"{show(largest(finding))} citizens",
        head=("Critics", *heads),
        bodies=tuple(bodies),
        dash="scores without names cannot be asked for one group",
    )


def _wanted(finding: Finding) -> float:
    return float(finding.parameters["wanted"])
