"""Facts that the words and tables on political use need."""

from collections.abc import Iterator

from credit_ml.core import Finding
from credit_ml.governance.political_use.finding import ABUSES, INFORMATION, PoliticalUse
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import Amount, percent, show
from credit_ml.grammar.rows import fact, level, values
from credit_ml.grammar.tables import plain_table, shown

#: What stands where no rate is found.
NOT_FOUND = "not found"


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
    return max(int(size) for size in finding.parameters["sizes"])


def smallest(
    finding: Finding, abuse: str, information: str, size: int | None = None, group: str = "all"
) -> Amount | None:
    """Return the smallest rate that is found; None where none is."""
    return power(finding, abuse, information, rate="", size=size, group=group, measure="smallest")


def says(finding: Finding, abuse: str, information: str, group: str = "all") -> str:
    """Return which share of critics has to be hit for abuse to be found, in words."""
    rate = smallest(finding, abuse, information, group=group)
    return "not even all" if rate is None else rate.percent()


def needed(finding: Finding, abuse: str, information: str, rate: float) -> str:
    """Return how many citizens a closed form asks for, in two digits."""
    number = power(finding, abuse, information, rate=rate, measure="needed")
    if number is None:
        return ""
    digits = len(str(int(number.estimate)))
    return show(round(number.estimate, 2 - digits))


def false_alarms(
    finding: Finding, abuse: str, information: str, setting: str = "alike"
) -> Amount | None:
    """Return false alarms of the largest sample, where critics' records are alike or worse."""
    if setting == "alike":
        return power(finding, abuse, information, rate=0.0)
    told = {"setting": setting, "abuse": abuse, "information": information}
    return fact(finding, **told, measure="false_alarms")


def range_of_false_alarms(finding: Finding) -> tuple[str, str, int]:
    """Return the fewest and most false alarms of any test of everybody, and how many tests."""
    table = finding.table
    rows = table[(table["measure"] == "power") & (table["rate"] == "0") & (table["group"] == "all")]
    shares = rows.loc[rows["setting"] == "alike", "estimate"]
    return percent(shares.min()), percent(shares.max()), len(shares)


def by_formula(finding: Finding, information: tuple[str, ...] = ("posts", "records")) -> str:
    """Return how far, at most, powers are from their closed form, in percentage points."""
    table = finding.table
    asked = table["information"].isin(information) & (table["group"] == "all")
    asked &= (table["setting"] == "alike") & (table["abuse"] == "points")
    keys = ["information", "size", "rate"]
    wide = table[asked & table["measure"].isin(("power", "formula"))].pivot_table(
        index=keys, columns="measure", values="estimate"
    )
    return show(100 * float((wide["power"] - wide["formula"]).abs().max()), 0)


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
    rates = [float(rate) for rate in finding.parameters["rates"]]
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
    )


def _wanted(finding: Finding) -> float:
    return float(finding.parameters["wanted"])
