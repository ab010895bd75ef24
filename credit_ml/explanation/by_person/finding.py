"""What each column adds to single people's scores: a waterfall of one, a beeswarm of many."""

from typing import ClassVar

import pandas as pd

from credit_ml.core import Finding, cited
from credit_ml.core.figure import Axes
from credit_ml.explanation.by_person.figure import beeswarm, waterfall


class PersonAttributions(Finding):
    """Attributions of people, one row a person and column; with the base they sum to the score.

    Own columns of `table`: person (row of the dataset), name (column, or factor where the model is
    no sum of columns), factor, value (what the person has, as text), place (where that stands among
    the people: 0 the least, 1 the most; missing of categories), unit.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> rows = [{"person": 3, "name": name, "factor": name, "value": "1", "estimate": size}
    ...         for name, size in (("late", -0.5), ("years", 0.2))]
    >>> found = PersonAttributions(table=conform(rows), title="", parameters={"base": 1.0})
    >>> found.scores.round(9).to_dict()
    {3: 0.7}
    """

    kind: ClassVar[str] = "person_attributions"
    labels: ClassVar[tuple[str, ...]] = ("person", "name", "factor")
    citations = cited("lundberg_2017", "lundberg_2020", "shapley_1953")

    @property
    def scores(self) -> pd.Series:
        """The number that was taken apart of each person, by row of the dataset."""
        sums = self.table.groupby("person")["estimate"].sum()
        scores: pd.Series = sums + self.parameters["base"]
        return scores.rename("score")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw a waterfall of one person, or a beeswarm of several."""
        several = len(self.table["person"].unique()) > 1
        return (beeswarm if several else waterfall)(self.table, self.parameters, axes)
