"""What carries a gap: one decomposition, and several side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Finding, InputError
from credit_ml.core.figure import INK, PALETTE, axes_or_new, styled
from credit_ml.core.finding import aside

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Rows of a decomposition that are no factor: the gap, unequal folds, what no factor explains.
GAP, FOLDS, UNEXPLAINED = "(gap)", "(folds)", "(unexplained)"

#: Names in figures of methods that are no estimators.
METHODS = {"true_carrier": "truth, by intervention"}

SHAPLEY = (
    "Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of Games II, "
    "307-317.",
    "Janzing, D., Minorics, L. and Bloebaum, P. (2020). Feature relevance quantification in "
    "explainable AI: a causal problem. AISTATS.",
)
OAXACA = (
    "Kitagawa, E. M. (1955). Components of a difference between two rates. Journal of the "
    "American Statistical Association 50, 1168-1194.",
    "Oaxaca, R. (1973). Male-female wage differentials in urban labor markets. International "
    "Economic Review 14, 693-709.",
    "Blinder, A. S. (1973). Wage discrimination: reduced form and structural estimates. Journal "
    "of Human Resources 8, 436-455.",
)
INTERVENTION = (
    "Plecko, D. and Bareinboim, E. (2024). Causal fairness analysis. Foundations and Trends in "
    "Machine Learning 17, 304-589.",
)


@dataclass(frozen=True, kw_only=True)
class Decomposition(Finding):
    """A gap taken apart by factor; the parts sum to the row ``(gap)``."""

    kind: ClassVar[str] = "decomposition"
    citations: ClassVar[tuple[str, ...]] = (*SHAPLEY, *OAXACA, *INTERVENTION)
    """Of a finding: where the methods in its table were published."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "citations", _cited(self.table, type(self).citations))

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw the parts with their intervals, the whole gap apart below."""
        return _draw(self.table, self.parameters["unit"], axes)

    def metrics(self) -> dict[str, float]:
        """Each part and the gap, by feature and group."""
        return _metrics(self.table)


@dataclass(frozen=True, kw_only=True)
class Comparison(Finding):
    """The same gap taken apart by several methods, the truth among them where it is known."""

    kind: ClassVar[str] = "comparison"
    citations: ClassVar[tuple[str, ...]] = (*SHAPLEY, *OAXACA, *INTERVENTION)
    """Of a finding: where the methods in its table were published."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "citations", _cited(self.table, type(self).citations))

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw each method's parts beside each other: truth as black diamonds."""
        return _draw(self.table, self.parameters["unit"], axes)

    def metrics(self) -> dict[str, float]:
        """Each method's parts and the gap, by feature and group."""
        return _metrics(self.table)


def compare(decompositions: Iterable[Decomposition]) -> Comparison:
    """Put decompositions of the same rater and output into one table and one figure.

    Raises
    ------
    InputError
        When there are none, or when they are of different raters or units.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.proxies import decompose, true_decomposition
    >>> from credit_ml.society import World
    >>> society = World(citizens=1500, seed=2).simulate()
    >>> rater = load_agency("council").fit(society)
    >>> truth = true_decomposition(society, rater, sensitive="hukou")
    >>> estimate = decompose(rater, rater.agency.view(society), sensitive="hukou")
    >>> sorted(compare([truth, estimate]).table["method"].unique())
    ['block_shapley', 'true_carrier']
    """
    given = list(decompositions)
    if not given:
        raise InputError("compare", "was given nothing", "give at least one decomposition")
    for key in ("rater", "unit"):
        values = sorted({str(each.parameters.get(key)) for each in given})
        if len(values) > 1:
            raise InputError(
                "compare", f"was given {key}s {', '.join(values)}", "compare within one"
            )
    first = given[0]
    over = {str(method): str(each.parameters["intervals_over"])
            for each in given if "intervals_over" in each.parameters
            for method in each.table["method"].unique()}  # fmt: skip
    return Comparison(
        table=pd.concat([each.table for each in given], ignore_index=True),
        title=f"What carries the gap: {first.parameters['rater']}",
        parameters={**first.parameters, **({"intervals_over": over} if over else {})},
        seed=first.seed,
        notes=tuple(dict.fromkeys(note for each in given for note in (*each.notes, *_mixed(over)))),
    )


def _mixed(over: dict[str, str]) -> tuple[str, ...]:
    """Say what each method's intervals count, where that differs."""
    if len(set(over.values())) < 2:
        return ()
    told = "; ".join(f"{_named(method)}, {what}" for method, what in over.items())
    return (f"What intervals are over: {told}.",)


def _metrics(table: pd.DataFrame) -> dict[str, float]:
    return {
        f"proxies.{row['method']}.{row['sensitive']}.{row['group']}."
        f"{str(row['factor']).strip('()')}": row["estimate"]
        for row in table.to_dict("records")
    }


def _cited(table: pd.DataFrame, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sources of the methods in a table, each once."""
    from credit_ml.proxies.decomposition.estimators import ESTIMATORS

    known = {each.id: each.citations for each in ESTIMATORS}
    known["true_carrier"] = (*INTERVENTION, *SHAPLEY[:1])
    methods = [str(method) for method in table["method"].unique()] if "method" in table else []
    if not methods or not known.keys() >= set(methods):
        return otherwise
    return tuple(dict.fromkeys(source for method in methods for source in known[method]))


def _named(method: str) -> str:
    from credit_ml.proxies.decomposition.estimators import ESTIMATORS

    return METHODS.get(method) or {e.id: e.title for e in ESTIMATORS}.get(method, method)


def _draw(table: pd.DataFrame, unit: str, axes: "Axes | None") -> "Axes":
    pairs = table[["sensitive", "group", "reference_group"]].drop_duplicates()
    lead = table.merge(pairs.head(1))
    factors = [name for name in lead["factor"].unique() if name != GAP] + [GAP]
    methods = list(lead["method"].unique())
    axes = axes_or_new(axes, height=1.1 + 0.42 * len(factors))
    place: dict[str, float] = {factor: -number for number, factor in enumerate(factors)}
    place[GAP] -= 0.4  # the whole stands apart from its parts
    for number, method in enumerate(methods):
        rows = lead[lead["method"] == method]
        offset = (number - (len(methods) - 1) / 2) * 0.2
        true = method.startswith("true")
        error = np.abs(rows[["low", "high"]].sub(rows["estimate"], axis=0)).to_numpy().T
        axes.errorbar(
            rows["estimate"], [place[factor] - offset for factor in rows["factor"]], xerr=error,
            fmt="D" if true else "o", ms=4.5, capsize=0, elinewidth=1.2,
            color=INK if true else PALETTE[number % len(PALETTE)],
            label=_named(method),
        )  # fmt: skip
        for end in aside(rows) or ():
            heights = [place[factor] - offset for factor in rows["factor"]]
            axes.plot(rows[end].astype(float), heights, "|", color=INK, ms=7)
    axes.axvline(0, color=INK, lw=0.8)
    axes.axhline(place[GAP] + 0.7, color="#bbbbbb", lw=0.8)
    names = ["whole gap" if factor == GAP else factor for factor in factors]
    axes.set_yticks([place[factor] for factor in factors], names)
    row = pairs.iloc[0]
    axes.set_xlabel(f"{row['group']} minus {row['reference_group']} ({unit})")
    axes.grid(axis="x")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=len(methods))
    return axes
