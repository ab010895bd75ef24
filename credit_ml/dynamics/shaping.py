"""How a score shapes what it measures: each behaviour beside the same people's without it (S14)."""

from typing import Any, ClassVar, Unpack

import numpy as np

from credit_ml.consequences.finding import GroupOptions
from credit_ml.core import Array, InputError
from credit_ml.core.figure import Axes, named_points
from credit_ml.dynamics.history import SocietyHistory, checked_pair, people_of
from credit_ml.fairness.finding import GroupFinding
from credit_ml.inference import People, checked_level, comparisons_of, groups_of

#: What is measured of each record, and its unit.
SHAPED = {
    "moved": "share of people in whom it differs",
    "distance": "SD of everybody without the score",
    "conformity": "share of the variance without the score that is gone",
}


class Shaping(GroupFinding):
    """What a score made of each behaviour, by group, each with its interval.

    Own column of `table`: column, the record.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> row = {"measure": "conformity", "estimate": 0.2, "column": "gaming_hours"}
    >>> Shaping(table=conform([row]), title="").metrics()
    {'shaping.gaming_hours.conformity': 0.2}
    """

    kind: ClassVar[str] = "shaping"
    labels: ClassVar[tuple[str, ...]] = ("column",)
    tracked: ClassVar[tuple[str, ...]] = ("column", "measure", "sensitive", "group")

    def plot(self, axes: Axes | None = None, *, measure: str = "distance") -> Axes:
        """Draw one measure of every record, of everybody and of each group."""
        rows = self.table.query("measure == @measure and quantity == 'value'").copy()
        rows["who"] = np.where(rows["sensitive"] == "overall", "all", rows["group"])
        axes = named_points(axes, rows, "column", "who")
        axes.set_xlabel(f"{measure} ({SHAPED[measure]})\n{self.level_text} intervals")
        return axes


def shaping(
    scored: SocietyHistory, without: SocietyHistory, **groups: Unpack[GroupOptions]
) -> Shaping:
    """How far each behaviour is from what it is without a score, and how much more alike.

    - moved: share of people whose record differs from their own without the score.
    - distance: mean of ``|x - x0|``, in standard deviations of everybody's x0.
    - conformity: ``1 - var(x) / var(x0)`` within the group: above 0 people have become alike, below
      0 they have drawn apart.

    Both histories share every draw, so that 0 of each means the score changed nothing. Records that
    nobody's score moved are left out.

    Cost: two societies, and one pass over citizens for each record and group.

    Parameters
    ----------
    scored, without : SocietyHistory
        Of one society, as many years and one seed; the other under a policy nobody answers.
    sensitive, reference_groups, intervals, over
        As in `credit_ml.fairness.audit`.

    Raises
    ------
    InputError
        When the histories are no pair, or no record differs between them.

    Examples
    --------
    >>> from credit_ml.dynamics import run_rounds
    >>> from credit_ml.society import World
    >>> society = World(citizens=500, seed=1).simulate()
    >>> pair = [run_rounds(society, name, years=1) for name in ("few_places", "no_list")]
    >>> found = shaping(*pair, sensitive="hukou").overall
    >>> bool(found["distance", "volunteer_hours"] > 0)
    True
    """
    checked_pair(scored, without)
    features, level = groups.get("sensitive"), checked_level(groups.get("intervals", 0.95))
    dataset = people_of(scored.society, features)
    people = People.of(dataset, over=groups.get("over", "auto"))
    records = [each.after().records for each in (scored, without)]
    rows: list[dict[str, Any]] = []
    for column in records[0].columns:
        if records[0][column].dtype.kind not in "iuf" or records[0][column].equals(
            records[1][column]
        ):
            continue
        one, two = (each[column].to_numpy(dtype=np.float64, na_value=np.nan) for each in records)
        for feature, group, who in groups_of(dataset, features):
            at = {"sensitive": feature, "group": group, "column": column}
            for measure, estimate in _measures(people, one, two, who).items():
                rows.append(at | {"measure": measure} | estimate.facts(level))
        for pair in comparisons_of(dataset, features, groups.get("reference_groups")):
            inside, outside = (_measures(people, one, two, w) for w in (pair.inside, pair.outside))
            for measure in SHAPED:
                gap = (inside[measure] - outside[measure]).facts(level)
                at = {"quantity": "difference", "column": column, "measure": measure}
                rows.append(at | pair.labels | gap)
    InputError.unless(rows, "shaping", "finds no record that differs", "give a policy with answers")
    title = f"What {scored.rules.policy.title[0].lower()}{scored.rules.policy.title[1:]} shapes"
    about = {"years": scored.state.year, "units": SHAPED}
    return Shaping.of_rows(rows, title, people, level, **about)


def _measures(people: People, one: Array, two: Array, who: Any) -> dict[str, Any]:
    """Estimates of one record and group; who has no such record counts in none."""
    known = np.isfinite(one) & np.isfinite(two)
    who = known if who is None else known & who
    spread = float(np.nanstd(two[known])) or 1.0
    off = np.where(known, np.abs(one - two) / spread, 0.0)
    # To first order a variance does not depend on where its mean is put.
    squares = [np.where(known, (each - each[who].mean()) ** 2, 0.0) for each in (one, two)]
    return {
        "moved": people.share(off > 0, who),
        "distance": people.mean(off, who),
        "conformity": people.rate(squares[1] - squares[0], squares[1], who, bounds=(-np.inf, 1.0)),
    }
