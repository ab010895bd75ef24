"""A disclosure finding: measures by regime and group, and its figure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Finding, InputError
from credit_ml.core.figure import INK, PALETTE, axes_or_new, points, styled
from credit_ml.disclosure.measures import possible

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CITATIONS = (
    "Hardt, M., Megiddo, N., Papadimitriou, C. and Wootters, M. (2016). Strategic "
    "classification. ITCS, 111-122.",
    "Milli, S., Miller, J., Dragan, A. D. and Hardt, M. (2019). The social cost of strategic "
    "classification. FAT*, 230-239.",
    "Ghalme, G., Nair, V., Eilat, I., Talgam-Cohen, I. and Rosenfeld, N. (2021). Strategic "
    "classification in the dark. ICML, 3672-3681.",
    "Kleinberg, J. and Raghavan, M. (2020). How do classifiers induce agents to invest effort "
    "strategically? ACM Transactions on Economics and Computation 8, 1-23.",
)


@dataclass(frozen=True, kw_only=True)
class Disclosure(Finding):
    """What people do under each regime, by group, and what it costs.

    Examples
    --------
    >>> from credit_ml.disclosure import disclose
    >>> from credit_ml.disclosure.case import example_problem
    >>> from credit_ml.response import ResponseOptions
    >>> problem = example_problem()
    >>> response = ResponseOptions(privileges=problem.aims)
    >>> found = disclose(problem.model, problem.people, regimes="full", response=response)
    >>> round(float(found.overall["share_who_act"]), 2), found.by_group["points_gained"].tolist()
    (0.33, [0.0, 25.0])
    """

    kind: ClassVar[str] = "disclosure"
    conforms: ClassVar[bool] = True
    labels: ClassVar[tuple[str, ...]] = ("regime",)
    citations: ClassVar[tuple[str, ...]] = CITATIONS

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw the score gap of each group before and after, one line a regime."""
        gaps = self.where(measure="score_gap_after").table
        rows = list(gaps[["sensitive", "group", "reference_group"]].itertuples(index=False))
        pairs = list(dict.fromkeys(rows))
        # Not the order of the parameters, which a stored finding keeps sorted.
        regimes = list(self.table["regime"].unique())
        axes = axes_or_new(axes, height=1.0 + 0.5 * max(len(pairs), 1) * max(1.0, len(regimes) / 4))
        step = min(0.22, 0.8 / max(len(regimes), 1))
        _beside(axes, gaps, regimes, [pairs.index(row) for row in rows], step)
        axes.axvline(0, color=INK, lw=0.8)
        names = [f"{pair.sensitive}: {pair.group}\nminus {pair.reference_group}" for pair in pairs]
        axes.set_yticks(-np.arange(len(pairs)), names)
        axes.set_xlabel(f"gap in score after people responded ({self.parameters['unit']})")
        axes.legend(
            title="what is told",
            loc="upper center",
            bbox_to_anchor=(0.5, -0.16),
            ncols=min(len(regimes), 4),
        )
        return axes

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Smallest and largest value that each row's estimate can have."""
        return possible(self.table)

    def metrics(self) -> dict[str, float]:
        """Overall measures of each regime, and the gaps after it."""
        return dotted("disclosure", self.table, "regime", "measure", "sensitive", "group")


@dataclass(frozen=True, kw_only=True)
class DisclosureComparison(Finding):
    """Several raters under the same regimes: what secrecy buys, opaque against interpretable.

    Examples
    --------
    >>> from credit_ml.disclosure import disclose
    >>> from credit_ml.disclosure.case import example_problem
    >>> from credit_ml.response import ResponseOptions
    >>> problem = example_problem()
    >>> response = ResponseOptions(privileges=problem.aims)
    >>> found = disclose(problem.model, problem.people, response=response)
    >>> both = compare_disclosures([found])
    >>> both.where(measure="spending", regime="full").table["rater"].tolist()
    ['<lambda>']
    """

    kind: ClassVar[str] = "disclosure_comparison"
    conforms: ClassVar[bool] = True
    labels: ClassVar[tuple[str, ...]] = ("rater", "regime")
    citations: ClassVar[tuple[str, ...]] = CITATIONS

    @styled
    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw how well each rater tells people apart under each regime."""
        table = self.where(measure="auc").table
        raters = list(table["rater"].unique())
        regimes = list(table["regime"].unique())
        axes = axes_or_new(axes, height=0.9 + 0.45 * len(raters))
        _beside(axes, table, regimes, [raters.index(each) for each in table["rater"]], 0.22, 100)
        axes.set_yticks([-place for place in range(len(raters))], raters)
        axes.set_xlabel("AUC against what people keep after responding (%)")
        axes.legend(
            title="what is told",
            loc="upper center",
            bbox_to_anchor=(0.5, -0.18),
            ncols=len(regimes),
        )
        return axes

    def metrics(self) -> dict[str, float]:
        """Every compared measure, by rater and regime."""
        return dotted("disclosure_comparison", self.table, "rater", "regime", "measure")


def _beside(
    axes: "Axes",
    table: pd.DataFrame,
    regimes: Sequence[str],
    places: Sequence[int],
    step: float,
    scale: float = 1.0,
) -> None:
    """Draw the rows of every regime beside each other, a colour a regime."""
    for number, regime in enumerate(regimes):
        rows = table[table["regime"] == regime]
        own = np.array(places)[(table["regime"] == regime).to_numpy()]
        shift = (number - (len(regimes) - 1) / 2) * step
        colour = PALETTE[number % len(PALETTE)]
        points(axes, rows, -own - shift, scale=scale, color=colour, label=regime)
    axes.grid(axis="x")


def dotted(prefix: str, table: pd.DataFrame, *columns: str) -> dict[str, float]:
    """Estimates by dotted names, in which "overall", "all" and what is empty are left out.

    Examples
    --------
    >>> table = pd.DataFrame({"measure": ["auc"], "group": ["all"], "estimate": [0.7]})
    >>> dotted("disclosure", table, "measure", "group")
    {'disclosure.auc': 0.7}
    """
    rows = zip(*(table[name].astype(str) for name in columns), strict=True)
    silent = ("overall", "all", "")
    names = (".".join([prefix, *(each for each in row if each not in silent)]) for row in rows)
    return dict(zip(names, table["estimate"].tolist(), strict=True))


def compare_disclosures(disclosures: Iterable[Disclosure]) -> DisclosureComparison:
    """Put the overall measures of several raters side by side.

    Raises
    ------
    InputError
        When none is given, or two are of the same rater.

    Examples
    --------
    >>> from credit_ml.disclosure import disclose
    >>> from credit_ml.disclosure.case import example_problem
    >>> from credit_ml.response import ResponseOptions
    >>> problem = example_problem()
    >>> response = ResponseOptions(privileges=problem.aims)
    >>> found = disclose(problem.model, problem.people, response=response)
    >>> compare_disclosures([found]).parameters["raters"]
    ['<lambda>']
    """
    given = list(disclosures)
    names = [str(each.parameters["rater"]) for each in given]
    if not given or len(set(names)) < len(names):
        raise InputError("compare_disclosures", f"was given {names}", "give one of each rater")
    parts = [
        each.table[each.table["sensitive"] == "overall"].assign(rater=name)
        for name, each in zip(names, given, strict=True)
    ]
    return DisclosureComparison(
        table=pd.concat(parts, ignore_index=True),
        title="Disclosure: raters compared",
        parameters={"raters": names, "intervals": given[0].parameters["intervals"]},
        seed=given[0].seed,
        notes=given[0].notes,
    )
