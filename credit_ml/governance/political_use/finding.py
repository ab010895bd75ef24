"""What auditors find of a hidden penalty, over societies and on one table: two findings."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import InputError, beside, cited, need_known
from credit_ml.core.figure import INK, Axes, axes_or_new, points
from credit_ml.fairness.finding import GroupFinding
from credit_ml.governance.political_use.options import named_rates

_FILE: dict[str, Any] = beside(__file__)
#: Unit of every measure; what abuses, sets of information and societies are called.
UNITS: dict[str, str] = _FILE["units"]
ABUSES: dict[str, str] = _FILE["abuses"]
INFORMATION: dict[str, str] = _FILE["information"]
#: Measures that lie from 0 to 1.
_SHARES = ("power", "formula", "false_alarms", "smallest", "untested")
#: Colours of what an auditor is given.
_LOOKS = {"scores": "#999999", "posts": "#E69F00", "records": "#0072B2"}


class PoliticalUse(GroupFinding):
    """Power to find critics hit at a hidden rate, by what an auditor is given.

    Own columns of `table`: setting (alike, or worse_records where critics' records are worse and
    nobody is hit), abuse (points, list), information (scores, posts, records), size (citizens
    seen), rate (share of critics hit; "" where it is no row of a rate), unit.

    - "power": share of societies in which the alarm is raised; at rate 0 these are false alarms.
      Of "scores" it is the chance of an alarm in a society beside others drawn by lot: societies
      share those they are held against, which their intervals count (`city_alarms`).
      "formula": the same by a closed form, with what honest samples say of errors.
    - "excess": false alarms less their nominal share. "false_alarms": those of worse_records.
    - "smallest": the rate found with the power wanted, between two rates that were tried, where the
      normal deviate of the power rises in proportion. Its interval holds the rates of whose power
      the interval holds the power wanted (`between`). NaN, and a reason, where it is not found.
    - "untested": share of societies in which fewer than two people, or all but two, are marked, so
      that no alarm can be raised.
    - "needed": citizens it takes at a rate, by the closed form; none where a thousand times as many
      as the largest sample are too few.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> of = {"setting": "alike", "abuse": "list", "information": "posts", "size": "5000"}
    >>> row = of | {"measure": "power", "rate": "0.1", "estimate": 0.7}
    >>> PoliticalUse(table=conform([row]), title="").metrics()
    {'political_use.alike.list.posts.5000.0.1.power': 0.7}
    """

    kind: ClassVar[str] = "political_use"
    shown_in: ClassVar[Mapping[str, str]] = {"excess": "difference of shares"}
    labels: ClassVar[tuple[str, ...]] = ("setting", "abuse", "information", "size", "rate")
    tracked: ClassVar[tuple[str, ...]] = (*labels, "measure", "sensitive", "group")
    citations = cited("li_2018", "neyman_1933", "frisch_1933", "tocher_1950", "arvesen_1969")

    def metrics(self) -> dict[str, float]:
        """Powers of everybody and smallest rates, by their labels."""
        rows = self.table[self.table["measure"].isin(("power", "smallest", "false_alarms"))]
        rows = rows.dropna(subset=["estimate"]).fillna({"rate": ""})
        found = {}
        for *parts, estimate in rows[[*self.tracked, "estimate"]].itertuples(index=False):
            name = ".".join([self.kind, *(str(part) for part in parts if part != "")])
            found[name.replace(".overall.all", "")] = float(estimate)
        return found

    def curve(self, abuse: str, information: str, size: int, group: str = "all") -> pd.DataFrame:
        """Power with its interval by rate.

        Raises
        ------
        InputError
            When there is no such curve.
        """
        need_known(InputError, "political use, abuse", abuse, ABUSES)
        need_known(InputError, "political use, information", information, INFORMATION)
        table = self.table
        rows = table[
            (table["measure"] == "power")
            & (table["abuse"] == abuse)
            & (table["information"] == information)
            & (table["size"] == str(size))
            & (table["group"] == group)
        ]
        problem = f"has no {size} citizens of '{group}'"
        remedy = f"give one of {', '.join(table['size'].unique())}"
        InputError.unless(len(rows), "political use", problem, remedy)
        made: pd.DataFrame = rows.set_index(rows["rate"].astype(float))[["estimate", "low", "high"]]
        return made

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Shares lie from 0 to 1."""
        least, most = super().possible()
        share = self.table["measure"].isin(_SHARES)
        least[share.to_numpy()], most[share.to_numpy()] = 0.0, 1.0
        return least, most

    def plot(self, axes: Axes | None = None, *, size: int | None = None) -> Axes:
        """Draw power by rate: a colour for what an auditor is given, dashed where listed."""
        size = size or max(self.parameters["sizes"])
        axes = axes_or_new(axes, width=7.2, height=4.2)
        for abuse, style in (("points", "-"), ("list", "--")):
            for given, name in INFORMATION.items():
                rows = self.curve(abuse, given, size)
                place = np.sqrt(rows.index.to_numpy())
                look = {"color": _LOOKS[given], "label": f"{name}: {ABUSES[abuse]}"}
                points(axes, rows, place, scale=100.0, upright=True, fmt=f"o{style}", **look)
        axes.axhline(100 * self.parameters["wanted"], color=INK, lw=0.8, ls=":")
        axes.axhline(100 * self.parameters["alpha"], color=INK, lw=0.8)
        rates = named_rates(self.parameters["rates"])
        axes.set_xticks(np.sqrt(rates), [f"{100 * rate:g}" for rate in rates])
        axes.set_xlabel("% of critics who are hit (drawn closer the more they are)")
        axes.set_ylabel(f"% of societies with an alarm\n{self.level_text} intervals")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
        return axes


class PoliticalScreen(GroupFinding):
    """One table's screen: the points of marked people beside others and beside records.

    Own columns of `table`: information (posts, records), unit.

    - "difference": points of the marked less those of all others; with records, with the same
      records. "p_value": one-sided, for fewer. "alarm": 1 if it is under alpha.
    - "detectable": fewest points on average that would be found with power 80 %.
    - "explained": share of the variance of points that records explain.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> row = {"measure": "difference", "information": "posts", "estimate": -12.0}
    >>> PoliticalScreen(table=conform([row]), title="").metrics()
    {'political_screen.posts.difference': -12.0}
    """

    kind: ClassVar[str] = "political_screen"
    labels: ClassVar[tuple[str, ...]] = ("information",)
    tracked: ClassVar[tuple[str, ...]] = ("information", "measure", "sensitive", "group")
    citations = cited("frisch_1933")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the difference by what is given; the line is no difference."""
        rows = self.table[self.table["measure"] == "difference"]
        axes = axes_or_new(axes, height=1.2 + 0.5 * len(rows))
        points(axes, rows, -np.arange(len(rows)))
        axes.axvline(0.0, color=INK, lw=0.8)
        axes.set_yticks(-np.arange(len(rows)), [INFORMATION[each] for each in rows["information"]])
        axes.set_xlabel(
            f"points of marked people less those of others\n{self.level_text} intervals"
        )
        return axes
