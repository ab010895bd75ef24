"""How far groups' scores lie apart: the finding of distances and of orderings."""

from typing import ClassVar

from credit_ml.core import InputError, beside, cited, need_known
from credit_ml.core.figure import Axes
from credit_ml.fairness.finding import GroupFinding

#: What each distance is, for axis labels.
DISTANCES: dict[str, str] = beside(__file__)["distances"]


class Separation(GroupFinding):
    """Distances or orderings between groups, each with its interval.

    Columns of `table`: the schema's, and reason.

    Examples
    --------
    >>> import pandas as pd
    >>> from credit_ml.core import Dataset
    >>> from credit_ml.fairness import distribution_distances
    >>> frame = pd.DataFrame({"score": [1.0, 2, 3, 2, 3, 4], "sex": list("fffmmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> found = distribution_distances(frame["score"], data).where(measure="wasserstein")
    >>> round(float(found.table["estimate"].iloc[0]), 6)
    1.0
    """

    kind: ClassVar[str] = "separation"
    citations = cited("kallus_2019", "massart_1990")
    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive", "group", "reference_group")

    def plot(self, axes: Axes | None = None, *, measure: str | None = None) -> Axes:
        """Draw one measure of every pair of groups as a dot with its interval."""
        known = self.table["measure"].drop_duplicates().tolist()
        chosen = measure or known[0]
        need_known(InputError, "measure", chosen, known)
        rows = self.table[self.table["measure"] == chosen]
        against = rows["reference_group"].where(rows["reference_group"] == "", other=", ")
        rows = rows.assign(group=rows["group"] + against + rows["reference_group"])
        return self.dots(rows, axes, DISTANCES.get(chosen, chosen))
