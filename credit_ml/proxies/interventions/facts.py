"""Facts that the words on interventions and alternatives need."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from credit_ml.core import Finding, StudyResults
from credit_ml.grammar.numbers import Amount, listed
from credit_ml.grammar.phrases import GroupPair, pair_of, points_unit
from credit_ml.grammar.rows import fact, values
from credit_ml.proxies.interventions.finding import BASELINE

#: How the names of those begin that only take away what tells of a group, and never ask for it.
TAKEN_AWAY = ("drop_", "rewire_", "coarsen_")
POINTS = "percentage points"


@dataclass(frozen=True)
class Tried:
    """One finding of interventions, read for one pair of groups."""

    finding: Finding
    pair: GroupPair

    @property
    def names(self) -> list[str]:
        """Everything that was done, in the order of the table."""
        return [name for name in values(self.finding, "intervention") if name != BASELINE]

    @property
    def before(self) -> Amount | None:
        """The gap in decisions as it is."""
        return self.gap(BASELINE)

    @property
    def points(self) -> Amount | None:
        """The gap in mean scores as it is, where it can be told from none."""
        gap = self._fact(BASELINE, "score_gap", "level", self._scale)
        return gap if gap and gap.side() != "unclear" else None

    @property
    def unit(self) -> str:
        """Unit of the gap in mean scores, as prose writes it."""
        return points_unit(self.finding)

    def title(self, name: str) -> str:
        """Return an intervention's name in figures."""
        return values(self.finding, "title", intervention=name)[0]

    def decides(self, name: str) -> bool:
        """Whether it decides and ranks nobody."""
        return name in self.finding.parameters["deciders"]

    def gap(self, name: str) -> Amount | None:
        """Return the gap in decisions, in percentage points."""
        return self._fact(name, "selection_gap", "level", 100)

    def closed(self, name: str) -> Amount | None:
        """Return by how many percentage points the gap moves towards none, and beyond."""
        return self._closed(name, "selection_gap", self.before, 100)

    def closed_points(self, name: str) -> Amount | None:
        """Return by how much the gap in mean scores moves towards none, and beyond."""
        return self._closed(name, "score_gap", self.points, self._scale)

    def auc(self, name: str) -> Amount | None:
        """Return the change of AUC, or of that of decisions, in percentage points."""
        measure = "decision_auc" if self.decides(name) else "auc"
        return self._fact(name, measure, "change", 100, group="all")

    def turned(self, name: str, noun: str) -> list[tuple[str, Amount, Amount]]:
        """Return which shares of both groups gain and lose; nothing unless known of both."""
        found = []
        groups = (self.pair.group, self.pair.reference)
        for group, people in zip(groups, self.pair.people(noun), strict=True):
            who = self.pair.where() | {"group": group, "reference_group": ""}
            gained = self._fact(name, "gained", "level", 1, **who)
            lost = self._fact(name, "lost", "level", 1, **who)
            if gained is None or lost is None:
                return []
            found.append((people, gained, lost))
        return found

    @property
    def away(self) -> list[str]:
        """What only takes records away."""
        return [name for name in self.names if name.startswith(TAKEN_AWAY)]

    @property
    def using(self) -> list[str]:
        """What asks for the group."""
        return [name for name in self.names if not name.startswith(TAKEN_AWAY)]

    def known(self, which: str, names: Iterable[str]) -> dict[str, Amount]:
        """Return one fact ("closed", "closed_points", "auc") of those for which it is known."""
        found = ((name, getattr(self, which)(name)) for name in names)
        return {name: value for name, value in found if value is not None}

    def best(self, names: Iterable[str]) -> str | None:
        """Return what closes the gap for certain and leaves least of it.

        Where several leave one that is compatible with none, that of them which costs least.
        """
        left = self._left(names)
        if none_left := self.leaving_none(left):
            costs = self.known("auc", none_left)
            return max(none_left, key=lambda name: costs[name].estimate if name in costs else 0.0)
        return min(left, key=lambda name: abs(left[name].estimate)) if left else None

    def leaving_none(self, names: Iterable[str]) -> list[str]:
        """Return those that close the gap for certain and leave one compatible with none."""
        return [name for name, after in self._left(names).items() if after.side() == "unclear"]

    def leaving_some(self, names: Iterable[str]) -> list[str]:
        """Return those that surely leave a gap, on whichever side."""
        return [name for name, gap in self.known("gap", names).items() if gap.side() != "unclear"]

    def ranking_worse(self, names: Iterable[str]) -> list[str]:
        """Return those after which people are surely ranked worse: what closing the gap costs."""
        return [name for name, cost in self.known("auc", names).items() if cost.side() == "below"]

    def _left(self, names: Iterable[str]) -> dict[str, Amount]:
        """Return what is left of the gap under those that close it for certain."""
        before = self.before
        if before is None or before.side() == "unclear":
            return {}
        closed = self.known("closed", names)
        left = self.known("gap", (name for name in closed if closed[name].side() == "above"))
        nearer = abs(before.estimate)
        return {name: after for name, after in left.items() if abs(after.estimate) < nearer}

    def _fact(self, name: str, measure: str, which: str, scale: float, **who: str) -> Amount | None:
        who = who or self.pair.where()
        found = fact(self.finding, intervention=name, measure=measure, fact=which, **who)
        return found.times(scale) if found else None

    def _closed(
        self, name: str, measure: str, before: Amount | None, scale: float
    ) -> Amount | None:
        if before is None:
            return None
        return self._fact(name, measure, "change", scale if before.estimate < 0 else -scale)

    @property
    def _scale(self) -> float:
        return 100 if self.unit == POINTS else 1


def tried(finding: Finding, results: StudyResults) -> Tried:
    """Read interventions for the pair of groups that the page follows."""
    return Tried(finding, pair_of(finding, results))


def still(values: Mapping[str, Amount]) -> list[str]:
    """Return under which interventions no change can be told."""
    return [name for name, each in values.items() if each.side() == "unclear"]


def spread(tried: Tried, names: Iterable[str]) -> str:
    """Return where a group stands under some, by the estimates: "9 below to 1 above".

    Under one alone, or where all are alike as shown, it is one number: "9 below".
    """
    left = sorted(tried.known("gap", names).values(), key=lambda each: each.estimate)
    ends = (left[0], left[-1])
    sides = ["below" if each.estimate < 0 else "above" for each in ends]
    shown = [f"{end.size().figure(POINTS)} {side}" for end, side in zip(ends, sides, strict=True)]
    return " to ".join(dict.fromkeys(shown))


def worsens(tried: Tried, names: Sequence[str]) -> str:
    """Return what is done worse under some: those that decide rank nobody."""
    decide = [tried.decides(name) for name in names]
    verbs = [*(["decide"] if any(decide) else []), *(["rank"] if not all(decide) else [])]
    return " or ".join(f"{verb}s" if len(names) == 1 else verb for verb in verbs)


def taken(names: Iterable[str]) -> str:
    """Return what is taken away, each once.

    Examples
    --------
    >>> taken(["drop_friends", "rewire_friends", "drop_address"])
    'friends or address'
    """
    records = (name.removesuffix("_unseen").partition("_")[2].replace("_", " ") for name in names)
    return listed(list(dict.fromkeys(records)), "or")


def most(values: Mapping[str, Amount]) -> Amount:
    """Return the largest of some changes."""
    return max(values.values(), key=lambda each: each.estimate)


def at_most(values: Mapping[str, Amount]) -> float:
    """Return the largest change that any of some interventions may make."""
    return max(max(each.high, each.estimate) for each in values.values())


def measured(found: Finding) -> tuple[Amount, Amount, Amount, Amount] | None:
    """Return an alternative's gap before and after, its change and that of AUC, on the test part.

    Shares and AUC are in percentage points.
    """
    told = found.parameters
    test = {"part": "test", "measure": told["by"]}
    gaps = [
        fact(found, candidate=told[role], fact="level", **test) for role in ("baseline", "chosen")
    ]
    gaps.append(fact(found, fact="change", **test))
    auc = fact(found, fact="change", part="test", measure="auc")
    scale = 100 if gap_unit(found) == POINTS else 1
    known = [each.times(scale) for each in gaps if each]
    return (known[0], known[1], known[2], auc.times(100)) if auc and len(known) == 3 else None


def smaller(before: Amount, change: Amount) -> Amount:
    """Return by how much a gap comes nearer to none: below 0 it grows.

    Examples
    --------
    >>> smaller(Amount(-19.0, -26.0, -12.0), Amount(1.0, -1.0, 4.0)).estimate
    1.0
    >>> smaller(Amount(19.0, 12.0, 26.0), Amount(1.0, -1.0, 4.0)).estimate
    -1.0
    """
    return change if before.estimate < 0 else change.times(-1.0)


def gap_unit(found: Finding) -> str:
    """Return the unit of an alternative's gap, as prose writes it."""
    return POINTS if found.parameters["by"] == "selection_gap" else points_unit(found)


def chosen(found: Finding) -> tuple[str, list[str]]:
    """Return the kind of scorer that was chosen, and the factors that it reads."""
    own = {"candidate": found.parameters["chosen"]}
    factors = values(found, "factors", **own)[0].split(" + ")
    return values(found, "setting", **own)[0], factors


def titles(tried: Tried, names: Iterable[str]) -> list[str]:
    """Return names of interventions as figures have them, in quotes."""
    return [f"'{tried.title(name)}'" for name in names]


def under(tried: Tried, names: Iterable[str]) -> str:
    """Return under any of which interventions something is said."""
    shown = (tried.title(name) for name in names)
    return listed([each if each.startswith("without ") else f"with {each}" for each in shown], "or")
