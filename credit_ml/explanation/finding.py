"""What moves a rater's scores: importance by factor and by column."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from credit_ml.core import Dataset, Finding, ModelError, cited
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points

if TYPE_CHECKING:
    from credit_ml.explanation.by_person.finding import PersonAttributions
    from credit_ml.explanation.reasons import Reasons

#: Columns shown in the figure.
SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class Explanation(Finding):
    """Mean absolute attribution of each factor and column, in log-odds.

    Own columns of `table`: level ("factor" or "feature"), name, the factor that it belongs to, and
    the unit of the estimates.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> row = {"level": "factor", "name": "history", "factor": "history", "estimate": 0.4}
    >>> found = Explanation(table=conform([row]), title="What moves the scores")
    >>> found.metrics()
    {'explanation.importance.history': 0.4}
    """

    kind: ClassVar[str] = "explanation"
    labels: ClassVar[tuple[str, ...]] = ("level", "name", "factor")
    citations = cited("lundberg_2017", "lundberg_2020", "shapley_1953")

    model: Any = field(default=None, repr=False, compare=False)
    """The model explained; None in a stored explanation."""
    dataset: Dataset | None = field(default=None, repr=False, compare=False)
    """The people; None in a stored explanation."""

    def reasons(self, citizen: int, *, most: int = 4) -> "Reasons":
        """Say why one person's score is what it is, factor by factor.

        Raises
        ------
        ModelError
            When the explanation was stored and has no model any more.
        TableError
            When there is no such citizen.
        """
        if self.model is None or self.dataset is None:
            problem = "need the model, which a stored explanation lacks"
            raise ModelError("reasons", problem, "explain again")
        from credit_ml.explanation.reasons import reasons_for

        return reasons_for(self.model, self.dataset, citizen, most=most, seed=self.seed or 0)

    def of_people(self, citizen: int | None = None, *, people: int = 200) -> "PersonAttributions":
        """What each column adds to one person's score, or to those of several (`.plot()`).

        Raises
        ------
        ModelError
            When the explanation was stored and has no model any more.
        TableError
            When there is no such citizen.
        """
        if self.model is None or self.dataset is None:
            problem = "need the model, which a stored explanation lacks"
            raise ModelError("attributions of people", problem, "explain again")
        from credit_ml.explanation.by_person.compute import person_attributions

        told: dict[str, Any] = {"citizen": citizen, "people": people, "seed": self.seed or 0}
        return person_attributions(self.model, self.dataset, **told)

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the columns that move scores most, coloured by factor, with intervals.

        A model explained by factor alone shows its factors.
        """
        table = self.table.query("sensitive == 'overall'")
        level = "feature" if "feature" in set(table["level"]) else "factor"
        table = table[table["level"] == level]
        shown = table.nlargest(SHOWN, "estimate").iloc[::-1].reset_index(drop=True)
        factors = list(dict.fromkeys(self.table.query("level == 'factor'")["name"]))
        axes = axes_or_new(axes, height=max(2.0, 0.6 + 0.26 * len(shown)))
        for number, factor in enumerate(factors):
            rows = shown[shown["factor"] == factor]
            if len(rows):
                colour = PALETTE[number % len(PALETTE)]
                axes.barh(rows.index, rows["estimate"], height=0.62, color=colour, label=factor)
        points(axes, shown, shown.index, fmt="none", ecolor=INK, elinewidth=1)
        axes.set_yticks(list(shown.index), [name.replace("_", " ") for name in shown["name"]])
        axes.set_xlabel(f"mean absolute attribution ({self.parameters['unit']})")
        axes.grid(axis="x")
        if level == "feature":
            columns = min(4, shown["factor"].nunique())
            axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns)
        return axes

    def metrics(self) -> dict[str, float]:
        """Importance of each factor."""
        rows = self.table.query("level == 'factor' and sensitive == 'overall'")
        names = "explanation.importance." + rows["name"]
        return dict(zip(names, rows["estimate"].tolist(), strict=True))
