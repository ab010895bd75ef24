"""Facts that the words and tables on limits of data need."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from credit_ml.core import Finding
from credit_ml.governance.data_limits.finding import JOINT, SETTINGS
from credit_ml.governance.data_limits.frontier import judged
from credit_ml.governance.data_limits.inferable import ALL
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, people_of, plural, sensitive_name, sentence
from credit_ml.grammar.numbers import Amount, listed, percent
from credit_ml.grammar.phrases import ASSUMED, apart
from credit_ml.grammar.rows import fact, level, records, values
from credit_ml.grammar.tables import EMPTY, shown

#: A share of pairs that is little to lose.
_LITTLE = 0.05
#: What each feature is called where it is told.
TOLD = {
    "hukou": "registered residence",
    "ethnicity": "ethnicity",
    "gender": "gender",
    "age_band": "age",
    "critic": "who criticises the authorities",
}

#: What makes a feature tellable in the simulated world, in words: that it is told is no finding.
MADE_TELLABLE = {"critic": "Assumed, not found: the world is made so that critics post criticism"}
#: How many times as wide an interval is that grows by half.
MUCH_WIDER = 1.5


def of_kind(found: Sequence[tuple[Any, Finding]], kind: str) -> Finding | None:
    """Return the finding of one kind; None where there is none."""
    return next((finding for _, finding in found if finding.kind == kind), None)


def at(finding: Finding, setting: str, measure: str, **where: Any) -> Amount | None:
    """Return a measure of everybody under one limit, or what `where` says."""
    of = {"quantity": "value", "sensitive": "overall", "group": "all"} | where
    return fact(finding, setting=setting, measure=measure, **of)


def gap(finding: Finding, setting: str) -> Amount | None:
    """Return the gap of shares granted under one limit."""
    of = {"quantity": "difference", "sensitive": finding.parameters["sensitive"]}
    return at(finding, setting, "granted", group=finding.parameters["group"], **of)


def setting_name(setting: str) -> str:
    """Return what a limit is called in a sentence."""
    return SETTINGS.get(setting, listed(setting.split(JOINT)))


def whole(finding: Finding) -> str:
    """Return the subset of all holders."""
    settings = [str(each) for each in judged(finding.table).index]
    return max(settings, key=lambda each: each.count(JOINT))


def best_alone(finding: Finding) -> str:
    """Return the single holder whose data order people best."""
    wide = judged(finding.table)
    alone = wide[[JOINT not in str(each) and each != "nobody" for each in wide.index]]
    return str(alone["auc"].idxmax())


class Without(NamedTuple):
    """How much a score loses under other limits."""

    sets: int
    """Sets of holders that lack one, nobody left out of account."""
    much: int
    """Those of them that surely lose more than little."""
    single: list[str]
    """Single limits that surely do."""


def without(finding: Finding, holder: str) -> Without:
    """Return how many sets of holders without one surely lose more than little; and limits."""
    settings = [str(each) for each in judged(finding.table).index]
    sets = [each for each in settings if each not in SETTINGS and each != "nobody"]
    lacking = [each for each in sets if holder not in each.split(JOINT)]

    def much(each: str) -> bool:
        lost = at(finding, each, "auc_lost")
        return lost is not None and lost.side(_LITTLE) == "above"

    limits = [
        SETTINGS[each]
        for each in values(finding, "setting", measure="auc_lost")
        if each in SETTINGS and each != "nobody" and much(each)
    ]
    return Without(len(lacking), sum(map(much, lacking)), limits)


def verdict(lost: Amount) -> str:
    """Return whether a score can do with less data: it loses little for certain, or much."""
    side = lost.side(_LITTLE)
    return {"below": "Yes", "above": "No", "unclear": "Not decided"}[side]


class TellsBest(NamedTuple):
    """Who tells a feature best."""

    feature: str
    holder: str
    auc: Amount
    ties: tuple[str, ...]
    """Other holders whose intervals reach as far."""


def strongest(finding: Finding) -> list[TellsBest]:
    """Return of each feature the single holder that tells it best, and who is not told apart."""
    own = finding.table[finding.table["holder"] != ALL]
    found = []
    for feature in values(finding, "sensitive"):
        rows = records(own[own["sensitive"] == feature].sort_values("estimate", ascending=False))
        first, *others = [(str(row["holder"]), Amount.of(row)) for row in rows]
        ties = tuple(name for name, auc in others if not apart(first[1], auc))
        found.append(TellsBest(feature, *first, ties))
    return sorted(found, key=lambda each: -each.auc.estimate)


def still_told(finding: Finding, alone: str) -> str:
    """Say whose records tell which feature best, and whether those that a limit leaves do too.

    Parameters
    ----------
    finding : Finding
        An `Inferable`.
    alone : str
        The holder whose records are left.
    """
    feature, holder, auc, _ = strongest(finding)[0]
    what = TOLD.get(feature, feature) + (ASSUMED if feature in MADE_TELLABLE else "")
    verb = "tell" if auc.side(0.5) == "above" else "may tell"
    if holder == alone:
        return f"they {verb} {what}"
    here = fact(finding, holder=alone, sensitive=feature)
    if here is None:
        left = "not known to"
    elif here.side(0.5) != "above":
        left = "not certainly"
    else:
        left = "less well" if apart(auc, here) else "perhaps as well"
    return f"{holder}, where kept, {verb} {what}, these {left}"


def pooled(finding: Finding, sensitive: str) -> Amount | None:
    """Return how well all data together tell a feature."""
    return fact(finding, holder="all together", sensitive=sensitive)


def widest(finding: Finding, epsilon: str, measure: str) -> tuple[str, Amount] | None:
    """Return the group whose interval grows most at an epsilon, and by how much."""
    table = finding.table
    own = table[(table["epsilon"] == epsilon) & (table["measure"] == measure)]
    if not len(own.dropna(subset=["estimate"])):
        return None
    row = records(own.loc[[own["estimate"].idxmax()]])[0]
    return people_of(str(row["sensitive"]), str(row["group"])), Amount.of(row)


def _widths(finding: Finding, epsilon: str, measure: str) -> list[tuple[str, Amount]]:
    """Return how many times as wide each group's interval is at an epsilon, of those known."""
    table = finding.table
    own = table[(table["epsilon"] == epsilon) & (table["measure"] == measure)]
    found = ((str(row["sensitive"]), str(row["group"]), Amount.of(row)) for row in records(own))
    return [(people_of(*who), width) for *who, width in found if width.known]


def held_within(finding: Finding, epsilon: str, measure: str, times: float) -> bool | None:
    """Whether no group's interval can be so many times as wide; None where nothing is known."""
    found = _widths(finding, epsilon, measure)
    return all(width.side(times) == "below" for _, width in found) if found else None


def unsure_beyond(
    finding: Finding, measure: str, times: float
) -> list[tuple[str, list[str], tuple[str, Amount] | None]]:
    """Return the epsilons at which some interval may be so many times as wide.

    Of each, the groups of which it is certain, and else the one that is widest by the estimates.
    """
    found = []
    for eps in values(finding, "epsilon"):
        if held_within(finding, eps, measure, times) is False:
            sure = surely_wider(finding, eps, measure, times)
            found.append((eps, sure, None if sure else widest(finding, eps, measure)))
    return found


def all_within(finding: Finding, measure: str, times: float) -> list[str]:
    """Return the epsilons, the least first, at which no interval can be so many times as wide."""
    told = [each for each in values(finding, "epsilon") if each != "none"]
    held = [each for each in told if held_within(finding, each, measure, times)]
    return sorted(held, key=float)


def surely_wider(finding: Finding, epsilon: str, measure: str, times: float) -> list[str]:
    """Return the groups whose interval is more than so many times as wide for certain."""
    found = _widths(finding, epsilon, measure)
    return [name for name, width in found if width.side(times) == "above"]


def groups_of(finding: Finding, epsilon: str, measure: str) -> int:
    """Return of how many groups it is known how wide their interval is."""
    return len(_widths(finding, epsilon, measure))


def most_for_certain(finding: Finding, epsilon: str, measure: str) -> bool:
    """Whether the interval that grows most does so by more than every other, by their own ends."""
    table = finding.table
    own = table[(table["epsilon"] == epsilon) & (table["measure"] == measure)]
    found = sorted((Amount.of(row) for row in records(own)), key=lambda each: -each.estimate)
    known = [each for each in found if each.known]
    return bool(known) and all(apart(known[0], each) for each in known[1:])


def which_change(found: Mapping[str, Amount]) -> str:
    """Say which limits change the order of people for certain.

    Examples
    --------
    >>> which_change({"Clearing": Amount(0.1, 0.05, 0.2), "A strike": Amount(0.0, -0.1, 0.1)})
    'Clearing certainly changes the order.'
    """
    sure = [name for name, moved in found.items() if moved.side() != "unclear"]
    if not sure:
        return f"{'Neither' if len(found) == 2 else 'None'} certainly changes the order."
    named = [sure[0], *(f"{name[0].lower()}{name[1:]}" for name in sure[1:])]
    several = len(sure) > 1 or plural(sure[0])
    return f"{listed(named)} certainly {'change' if several else 'changes'} the order."


def beside_pool(alone: Amount, together: Amount) -> str:
    """Say where all data together are not told apart from one holder's, or tell less."""
    if not apart(alone, together):
        return ", not told apart from it"
    return ", which is less" if together.estimate < alone.estimate else ""


def pool_tells_less(finding: Finding) -> bool:
    """Whether by the estimates some holder alone tells a feature better than all data together."""
    pools = ((each, pooled(finding, each.feature)) for each in strongest(finding))
    return any(pool and pool.estimate < each.auc.estimate for each, pool in pools)


def private(finding: Finding, epsilon: str, measure: str) -> Amount | None:
    """Return what is measured of everybody at an epsilon."""
    return fact(finding, epsilon=epsilon, measure=measure, sensitive="overall")


def epsilon_near_one(finding: Finding) -> str:
    """Return the epsilon tried that is nearest to 1."""
    tried = [each for each in values(finding, "epsilon") if each != "none"]
    return min(tried, key=lambda each: abs(float(each) - 1.0))


def limits_tables(finding: Finding) -> Iterator[TableView]:
    """Yield the tables behind each figure."""
    made = {"data_limits": _subsets, "inferable": _inferable, "private_release": _private}
    yield from made[finding.kind](finding)


_MEASURES = (
    ("auc", "AUC (%)", True),
    ("refused_though_kept", "Refused though they keep (%)", True),
    ("records", "Records a person", False),
    ("breach", "Exposed times predictability, of 1,000", False),
)


def _subsets(finding: Finding) -> Iterator[TableView]:
    table = finding.table
    pair = [group_label(finding.parameters["sensitive"], finding.parameters["group"])]
    pair += [group_label(finding.parameters["sensitive"], finding.parameters["reference_group"])]
    heads = ["AUC (%)", f"Granted, {pair[0].lower()} less {pair[1].lower()} (percentage points)"]
    heads += [name for _, name, _ in _MEASURES[1:]]
    for own, caption in (
        (table[table["frontier"] == ""], "Single limits"),
        (table[table["frontier"] != ""], "Every subset of holders, the best order first"),
    ):
        settings = list(dict.fromkeys(own["setting"]))
        if not settings:
            continue
        best = {*own.loc[own["frontier"] == "yes", "setting"]}
        last = "Records that reach it (%)" if caption == "Single limits" else "None is better"
        lines = []
        for setting in sorted(settings, key=lambda each: -_known(at(finding, each, "auc"))):
            cells = [_cell(at(finding, setting, "auc"), share=True)]
            cells += [shown(gap(finding, setting), share=True, gap=True)]
            cells += [_cell(at(finding, setting, name), share=pc) for name, _, pc in _MEASURES[1:]]
            reached = at(finding, setting, "reaching")
            told = "yes" if setting in best else "no"
            cells += [_cell(reached, share=True) if reached else told]
            lines.append((sentence(setting_name(setting), stop=""), *cells))
        level_of = f"({percent(level(finding))} intervals)"
        yield TableView(
            caption=f"{caption} {level_of}",
            head=("Data", *heads, last),
            bodies=(("", tuple(lines)),),
            words=(0, len(heads) + 1) if last == "None is better" else (0,),
        )


def _known(value: Amount | None) -> float:
    return value.estimate if value else 0.0


def _cell(value: Amount | None, *, share: bool) -> str:
    return EMPTY if value is None else shown(value, share=share)


def _inferable(finding: Finding) -> Iterator[TableView]:
    features = values(finding, "sensitive")
    lines = []
    for holder in values(finding, "holder"):
        cells = [fact(finding, holder=holder, sensitive=each) for each in features]
        lines.append((sentence(holder, stop=""), *(_cell(each, share=True) for each in cells)))
    told = "Pairs in which records tell which of two is such"
    yield TableView(
        caption=f"{told} ({percent(level(finding))} intervals)",
        head=("Records of", *(sentence(sensitive_name(each), stop="") for each in features)),
        bodies=(("", tuple(lines)),),
    )


def _private(finding: Finding) -> Iterator[TableView]:
    table = finding.table[finding.table["measure"] == "width"]
    groups = list(dict.fromkeys(zip(table["sensitive"], table["group"], strict=True)))
    heads = (
        "AUC (%)",
        "AUC lost (percentage points)",
        "Attack, at most (%)",
        *(group_label(*each) for each in groups),
    )
    for measure, caption in (
        ("width", "Width of an audit's interval with noise in tallies, by that without"),
        ("width_randomised", "The same where people's answers on their group are randomised"),
    ):
        lines = []
        for epsilon in values(finding, "epsilon"):
            of = {"epsilon": epsilon, "measure": measure}
            named = ("auc", "auc_lost", "attack")
            cells = [
                shown(private(finding, epsilon, name), share=True, gap=name == "auc_lost")
                for name in named
            ]
            for sensitive, group in groups:
                wide = fact(finding, sensitive=sensitive, group=group, **of)
                cells.append(EMPTY if wide is None else wide.text(held_against=MUCH_WIDER))
            lines.append((epsilon, *cells))
        yield TableView(
            caption=f"{caption} ({percent(level(finding))} intervals)",
            head=("Epsilon", *heads),
            bodies=(("", tuple(lines)),),
            dash="nothing is lost against itself",
        )
