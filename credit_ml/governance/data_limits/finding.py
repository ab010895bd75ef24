"""What limits on data change, what stays inferable, and what privacy costs: three findings."""

from collections.abc import Iterable
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import InputError, beside, cited, need_known
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, named_points
from credit_ml.fairness.figure import group_names
from credit_ml.fairness.finding import GroupFinding
from credit_ml.grammar.names import sensitive_name

_FACTS = beside(__file__)
#: Measures that are shares or chances, so that no interval reaches beyond 0 and 1.
SHARES = ("auc", "granted", "refused_though_kept", "exposed", "predictability", "reaching")
#: Unit of every measure of `DataLimits`.
UNITS: dict[str, str] = _FACTS["units"]
#: Points that a picture's axes have on a phone, a letter beside a dot, and a line of them.
PHONE, LETTER, LINE = (200.0, 150.0), 5.3, 11.0
#: Where a name stands beside its dot: how far from it, and which of its ends is there.
AROUND: tuple[tuple[int, int, str], ...] = (
    *((5, 5, "left"), (5, -11, "left"), (-5, 5, "right"), (-5, -11, "right")),
    *((7, -3, "left"), (-7, -3, "right"), (0, 8, "center"), (0, -14, "center")),
    *((12, 12, "left"), (12, -18, "left"), (-12, 12, "right"), (-12, -18, "right")),
    *((16, 20, "left"), (16, -26, "left"), (-16, 20, "right"), (-16, -26, "right")),
    *((0, 20, "center"), (0, -26, "center"), (24, -3, "left"), (-24, -3, "right")),
)
#: Half a dot and the room around it, and the room beside the outermost dots, in points.
DOT, EDGE = 3.0, 8.0
#: Left end, foot and width of a name, in points.
Box = tuple[float, float, float]
#: What stands between the holders of a subset.
JOINT = " + "
#: What each setting is called.
SETTINGS: dict[str, str] = _FACTS["settings"]
#: What subsets of holders are judged by: the measure, and whether more of it is better.
JUDGED: dict[str, bool] = _FACTS["judged"]


def within_shares(
    table: pd.DataFrame, ends: tuple[np.ndarray, np.ndarray], positive: tuple[str, ...] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """Draw in what values can be: `SHARES` from 0 to 1, `positive` ones above 0."""
    least, most = ends
    value = (table["quantity"] == "value").to_numpy()
    share = value & table["measure"].isin(SHARES).to_numpy()
    least[share | (value & table["measure"].isin(positive).to_numpy())] = 0.0
    most[share] = 1.0
    return least, most


class DataLimits(GroupFinding):
    """What a score costs and gains under each limit on its data.

    Own columns of `table`: setting, holders (of a subset, joined by " + ") and frontier: "yes" of
    a subset of holders if no other subset is at least as good in all of `JUDGED` and better in one.

    - "auc": chance that one who keeps is scored above one who does not; "auc_lost": how much less
      that is than with all data; "auc_over_before": how much more after clearing than before.
    - "granted": share with a place, the same of everybody under every limit; differences of groups
      are the gap.
    - "refused_though_kept": of those who keep their obligations, the share without a place.
    - "records": records of a person that reach the rater, on average.
    - "exposed": share of people of whom it holds anything that not all have in common.
    - "predictability": how far its data tell sensitive features: 2 AUC - 1 of a linear guess, mean
      over features; 0 means nothing.
    - "breach": people exposed times predictability, for every thousand citizens; "breach_kept" is
      that by what it is with all data.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> row = {"measure": "auc", "setting": "lenders", "frontier": "yes", "estimate": 0.7}
    >>> DataLimits(table=conform([row]), title="").metrics()
    {'data_limits.lenders.auc': 0.7}
    """

    kind: ClassVar[str] = "data_limits"
    #: Dots alone are drawn: with every subset's interval nothing could be seen.
    draws_over: ClassVar[bool] = False
    labels: ClassVar[tuple[str, ...]] = ("setting",)
    tracked: ClassVar[tuple[str, ...]] = ("setting", "measure", "sensitive", "group")
    citations = cited("li_2018")

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Values of shares and chances lie from 0 to 1, of records and breach risk above 0."""
        return within_shares(self.table, super().possible(), ("records", "breach", "breach_kept"))

    @property
    def frontier(self) -> list[str]:
        """Subsets of holders than which none is better all round."""
        return list(self.table.loc[self.table["frontier"] == "yes", "setting"].unique())

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw every subset: AUC against breach risk; those of the frontier in colour."""
        axes = axes_or_new(axes, height=3.8)
        wide = self.subsets().set_index("setting")
        best = wide.index.isin(self.frontier)
        for mask, colour, label in (
            (~best, INK, "another is better all round"),
            (best, PALETTE[0], "none is better all round"),
        ):
            own = wide[mask]
            alpha = 0.35 if colour == INK else 1.0
            axes.plot(own["breach"], own["auc"], "o", ms=4, color=colour, alpha=alpha, label=label)
        named = self._named(wide)
        columns = ["breach", "auc"]
        places, dots = (
            each[columns].to_numpy(dtype=float) for each in (wide.loc[list(named)], wide)
        )
        looks = beside_dots(places, named.values(), dots)
        for name, place, look in zip(named.values(), places, looks, strict=True):
            axes.annotate(name, tuple(place), textcoords="offset points", fontsize=8.5, **look)
        axes.set_xlabel("people exposed times predictability, of 1,000 citizens")
        axes.set_ylabel("AUC")
        axes.legend(loc="lower right")
        return axes

    def _named(self, wide: pd.DataFrame) -> dict[str, str]:
        """Subsets that the picture names: single holders, and all of them."""
        alone = {str(each): str(each) for each in wide.index if JOINT not in str(each)}
        return alone | {max(map(str, wide.index), key=len): "all data"}

    def subsets(self) -> pd.DataFrame:
        """One row a subset of holders, one column a measure of everybody."""
        rows = self.table[(self.table["frontier"] != "") & (self.table["sensitive"] == "overall")]
        wide = rows.pivot_table(index="setting", columns="measure", values="estimate", sort=False)
        return wide.reset_index()


def beside_dots(
    places: np.ndarray, names: Iterable[str], dots: np.ndarray | None = None
) -> list[dict[str, Any]]:
    """Return where the name of each dot stands beside it, over no other name and no dot.

    As a phone has it. The first of `AROUND` with room for it, else the one over fewest dots that
    meets no name, else the first.

    Parameters
    ----------
    places : ndarray of shape (names, 2)
        The dots that have a name.
    names : iterable of str
    dots : ndarray of shape (dots, 2), optional
        All that are drawn; by default those with a name.

    Examples
    --------
    >>> found = beside_dots(np.array([[0.0, 0.0], [0.5, 0.01], [9.0, 9.0]]), ["one", "two", "far"])
    >>> [each["xytext"] for each in found]
    [(5, 5), (5, -11), (-5, 5)]
    """
    drawn = places if dots is None else np.concatenate([places, dots])
    least, span = drawn.min(axis=0), np.ptp(drawn, axis=0)
    scale = np.array(PHONE) / np.where(span > 0, span, 1.0)
    at, points = (places - least) * scale, (drawn - least) * scale
    taken: list[Box] = []
    looks: list[dict[str, Any]] = []
    for (x, y), name in zip(at, names, strict=True):
        wide = LETTER * len(name)
        shift = {"left": 0.0, "center": -wide / 2, "right": -wide}
        tried = [(x + dx + shift[ha], y + dy, wide) for dx, dy, ha in AROUND]
        apart = [not any(_meet(box, other) for other in taken) for box in tried]
        free = [number for number, alone in enumerate(apart) if alone]
        number = min(free, key=lambda place: _covered(tried[place], points), default=0)
        taken.append(tried[number])
        dx, dy, side = AROUND[number]
        looks.append({"xytext": (dx, dy), "ha": side})
    return looks


def _meet(one: Box, other: Box) -> bool:
    """Whether two names would stand over each other."""
    (a, b, w), (left, low, wide) = one, other
    return a < left + wide and left < a + w and abs(b - low) < LINE


def _covered(box: Box, points: np.ndarray) -> int:
    """Over how many dots a name would stand; beyond the picture's side, over all."""
    left, low, wide = box
    across = (points[:, 0] > left - DOT) & (points[:, 0] < left + wide + DOT)
    up = (points[:, 1] > low - DOT) & (points[:, 1] < low + LINE - 1)
    beyond = left < -EDGE or left + wide > PHONE[0] + EDGE
    return len(points) if beyond else int((across & up).sum())


class Inferable(GroupFinding):
    """How well each holder's records of its own people tell each sensitive feature.

    Own column of `table`: holder. "auc": chance that a member of a group is told from another, by
    boosted trees judged on people whom they never saw (`detect_proxies`); 0.5 tells nothing.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> row = {"measure": "auc", "sensitive": "hukou", "holder": "lenders", "estimate": 0.8}
    >>> Inferable(table=conform([row]), title="").metrics()
    {'inferable.lenders.auc.hukou.all': 0.8}
    """

    kind: ClassVar[str] = "inferable"
    labels: ClassVar[tuple[str, ...]] = ("holder",)
    tracked: ClassVar[tuple[str, ...]] = ("holder", "measure", "sensitive", "group")
    citations = cited("delong_1988")

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Chances lie from 0 to 1."""
        return within_shares(self.table, super().possible())

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the AUC of each holder, a colour a sensitive feature."""
        said = {each: sensitive_name(each) for each in self.table["sensitive"].unique()}
        axes = named_points(axes, self.table, "holder", "sensitive", said)
        axes.axvline(0.5, color=INK, lw=0.8)
        label = "share of pairs in which records tell which of two is such"
        axes.set_xlabel(f"{label}\n{self.level_text} intervals")
        return axes


class PrivateRelease(GroupFinding):
    """What differential privacy costs a score and its audit, at each epsilon.

    Own column of `table`: epsilon ("none" without noise). "gap": difference of shares granted as
    released tallies show it; "width": how much wider its interval is than without noise (1 is as
    wide), of tallies with noise; "width_randomised": the same where people's answers on their group
    are randomised (Warner 1965); "auc": of scores released with noise to whoever holds them,
    and "auc_lost": how much less that is than without;
    "attack": the most that can tell whether one person is in the tallies, as an AUC.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> row = {"measure": "width", "epsilon": "0.1", "estimate": 1.2}
    >>> PrivateRelease(table=conform([row]), title="").metrics()
    {'private_release.0.1.width': 1.2}
    """

    kind: ClassVar[str] = "private_release"
    unranged: ClassVar[str] = "noise is drawn once, and in one society nothing says how it moves"
    inverse: ClassVar[tuple[str, ...]] = ("width", "width_randomised")
    labels: ClassVar[tuple[str, ...]] = ("epsilon",)
    tracked: ClassVar[tuple[str, ...]] = ("epsilon", "measure", "sensitive", "group")
    citations = cited("warner_1965", "dwork_2006", "dong_2022")

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Chances lie from 0 to 1, widths from 1 on."""
        least, most = within_shares(self.table, super().possible())
        least[self.table["measure"].isin(("width", "width_randomised")).to_numpy()] = 1.0
        return least, most

    def plot(self, axes: Axes | None = None, *, measure: str = "width") -> Axes:
        """Draw one measure at every epsilon."""
        known = self.table["measure"].unique()
        need_known(InputError, "private release, measure", measure, known)
        rows: Any = self.table[self.table["measure"] == measure].copy()
        rows["who"] = group_names(rows)
        axes = named_points(axes, rows, "epsilon", "who")
        axes.set_xlabel(f"{UNITS[measure]}\n{self.level_text} intervals")
        axes.set_ylabel("epsilon")
        return axes
