"""How readable scorers compare with the opaque one: on average over worlds, and in each of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from credit_ml.core import Finding
from credit_ml.grammar.names import people_of
from credit_ml.grammar.numbers import Amount, Side
from credit_ml.grammar.rows import fact, records, rows

#: The row of means over worlds.
ALL = "(all)"
_READABLE = ("scorecard", "logistic", "ebm", "tree")
#: Those that score many people alike: fewer than half may lie above their median, and a gap in who
#: does is of fewer people than another's.
_COARSE = ("tree",)


def pooled(found: Finding) -> dict[str, Amount]:
    """Return the percentage points of AUC that readable scorers lose, on average over worlds."""
    lost = {name: fact(found, measure="auc_lost", scorer=name, world=ALL) for name in _READABLE}
    return {name: value.times(100) for name, value in lost.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Readable:
    """How one readable scorer compares with the opaque one, on average over worlds and in each."""

    name: str
    loss: Amount
    """Percentage points of pairs told apart that it loses, on average over worlds."""
    losses: Mapping[str, Amount]
    """The same in each world."""
    others_worse: list[str]
    """Other readable scorers that rank worse for certain, on average over worlds."""
    others_worse_everywhere: list[str]
    """Those of them that rank worse for certain in each world, held by itself."""
    group: str
    """Whose share who pass is held against that of everybody else."""
    gap_change: Amount | None
    """Percentage points by which the gap in who passes, those above the median accepted, differs
    from the opaque scorer's in the same societies, on average over worlds; above 0 it is wider."""
    gap_changes: Mapping[str, Amount]
    """The same in each world."""
    others_gaps: Mapping[str, Amount]
    """By how much the gaps of other readable scorers differ, on average over worlds."""

    @property
    def worse(self) -> list[str]:
        """Worlds in which it loses for certain, each held by itself."""
        return _on_side(self.losses, "above")

    @property
    def better(self) -> list[str]:
        """Worlds in which it gains for certain, each held by itself."""
        return _on_side(self.losses, "below")

    @property
    def ranks_worse(self) -> str:
        """Whether it ranks worse in any world.

        "Yes" where the mean says so, for then some world must; "partly" where single worlds alone
        do; "no" only where it ranks better in every one.
        """
        if self.loss.side() == "above":
            return "Yes"
        if self.worse:
            return "Partly"
        return "No" if len(self.better) == len(self.losses) else "Not decided"

    @property
    def divides_otherwise(self) -> str:
        """Whether it treats groups differently in any world: as `ranks_worse`, of either side."""
        if self.gap_change is not None and self.gap_change.side() != "unclear":
            return "yes"
        return "partly" if self.wider or self.narrower else "not decided"

    @property
    def ways_of_others(self) -> dict[str, list[str]]:
        """Other readable scorers whose gap differs for certain, another way than this one's."""
        own = self.gap_change.side() if self.gap_change is not None else "unclear"
        ways: dict[str, Side] = {"wider": "above", "narrower": "below"}
        fine = {name: gap for name, gap in self.others_gaps.items() if name not in _COARSE}
        found = {w: _on_side(fine, side) for w, side in ways.items() if side != own}
        return {way: names for way, names in found.items() if names}

    @property
    def incomparable(self) -> list[str]:
        """Other readable scorers above whose median fewer than half may lie."""
        return [name for name in self.others_gaps if name in _COARSE]

    @property
    def wider(self) -> list[str]:
        """Worlds in which its gap is wider for certain, each held by itself."""
        return _on_side(self.gap_changes, "above")

    @property
    def narrower(self) -> list[str]:
        """Worlds in which its gap is narrower for certain, each held by itself."""
        return _on_side(self.gap_changes, "below")


def _on_side(by_world: Mapping[str, Amount], side: Side) -> list[str]:
    return [world for world, amount in by_world.items() if amount.side() == side]


def readable(found: Finding) -> Readable | None:
    """Read the scorecard, or the first readable scorer that there is."""
    lost = pooled(found)
    if not lost:
        return None
    name, told = next(iter(lost)), found.parameters
    losses, wider = _by_world(found, "auc_lost", name), _wider(found, name)
    others = {other: change for other, change in gaps_by_scorer(found).items() if other != name}
    sensitive, group = (str(told[each]) for each in ("sensitive", "group"))
    worse = [each for each in lost if each != name and lost[each].side() == "above"]
    alone = {each: _by_world(found, "auc_lost", each) for each in worse}
    return Readable(
        name=name,
        loss=losses.pop(ALL),
        losses=losses,
        others_worse=worse,
        others_worse_everywhere=[
            each
            for each, lost_in in alone.items()
            if all(one.side() == "above" for world, one in lost_in.items() if world != ALL)
        ],
        group=people_of(sensitive, group, "citizens"),
        gap_change=wider.pop(ALL, None),
        gap_changes=wider,
        others_gaps={other: change for other, change in others.items() if other in _READABLE},
    )


def gaps_by_scorer(found: Finding) -> dict[str, Amount]:
    """Return by how many percentage points each scorer's gap is wider, on average over worlds."""
    changes = {str(name): _wider(found, str(name)).get(ALL) for name in _scorers(found)}
    return {name: change for name, change in changes.items() if change is not None}


def surely_narrower(found: Finding) -> dict[str, tuple[int, int]]:
    """Return, of scorers whose gap is narrower on average, in how many worlds it surely is.

    And in how many it is surely wider, each held by itself.
    """
    counts = {}
    for name, change in gaps_by_scorer(found).items():
        if change.side() == "below":
            alone = {world: each for world, each in _wider(found, name).items() if world != ALL}
            sides = (_on_side(alone, "below"), _on_side(alone, "above"))
            counts[name] = (len(sides[0]), len(sides[1]))
    return counts


def _scorers(found: Finding) -> list[object]:
    return list(dict.fromkeys(rows(found, measure="selection_gap_change")["scorer"]))


def _wider(found: Finding, scorer: str) -> dict[str, Amount]:
    """Return by how much a gap is wider in each world, in percentage points.

    A gap is wider where it changes away from none: turned, what is above 0 is wider everywhere.
    """
    gaps, changes = (
        _by_world(found, each, scorer) for each in ("selection_gap", "selection_gap_change")
    )
    return {world: _widening(gaps.get(world), each) for world, each in changes.items()}


def _by_world(found: Finding, measure: str, scorer: str) -> dict[str, Amount]:
    own = records(rows(found, measure=measure, scorer=scorer).dropna(subset=["estimate"]))
    return {str(row["world"]): Amount.of(row).times(100) for row in own}


def _widening(gap: Amount | None, change: Amount) -> Amount:
    return change.times(-1.0) if gap is not None and gap.estimate < 0 else change


def in_first_world(found: Finding) -> tuple[list[str], list[tuple[str, Amount]]]:
    """Return the worlds, and what each scorer loses in the first, in percentage points."""
    worlds = [str(world) for world in found.table["world"].unique() if world != ALL]
    own = rows(found, world=worlds[0], measure="auc_lost")
    return worlds, [(str(row["scorer"]), Amount.of(row).times(100)) for row in records(own)]


def fidelity(found: Finding) -> tuple[list[tuple[str, Amount]], list[str]]:
    """Return how much of each score a sum over features explains, on average over worlds.

    Scores that are such sums, of which nothing else is to be explained, come apart.
    """
    own = records(rows(found, measure="fidelity", world=ALL).dropna(subset=["estimate"]))
    known = [(str(row["scorer"]), Amount.of(row)) for row in own]
    sums = [name for name, share in known if share.estimate == 1 and not share.ranged]
    return [each for each in known if each[0] not in sums], sums
