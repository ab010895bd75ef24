"""A disclosure finding: measures by regime and group, and its figure."""

from collections.abc import Iterable
from typing import ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Finding, InputError, cited
from credit_ml.core.figure import INK, Axes, named_points
from credit_ml.disclosure.measures import HEADS, SHOWN_IN, possible
from credit_ml.grammar.names import people_of, plain, sentence

#: How tables name those whom nobody singled out.
EVERYBODY = ("overall", "all", "")
#: Why some measures of a regime have no number.
NOBODY_ACTS = "nobody acts there of whom it would be measured, or the true outcome is not known"
CITATIONS = cited("hardt_2016b", "milli_2019", "ghalme_2021", "kleinberg_2020")


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
    labels: ClassVar[tuple[str, ...]] = ("regime",)
    tracked: ClassVar[tuple[str, ...]] = ("regime", "measure", "sensitive", "group")
    unsaid: ClassVar[tuple[str, ...]] = EVERYBODY
    called, shown_in = HEADS, SHOWN_IN
    citations: ClassVar[tuple[str, ...]] = CITATIONS

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the score gap of each group before and after, one line a regime."""
        gaps = self.where(measure="score_gap_after").table
        of = zip(gaps["sensitive"], gaps["group"], gaps["reference_group"], strict=True)
        pair = [f"{people_of(name, one)}\nless {people_of(name, other)}" for name, one, other in of]
        rows, called = gaps.assign(pair=pair), regime_headings(self)
        axes = named_points(axes, rows, "pair", "regime", called, title="what is told")
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_xlabel(f"gap in score after people responded ({self.parameters['unit']})")
        return axes

    def possible(self) -> tuple[np.ndarray, np.ndarray]:
        """Smallest and largest value that each row's estimate can have."""
        return possible(self.table)


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
    labels: ClassVar[tuple[str, ...]] = ("rater", "regime")
    tracked: ClassVar[tuple[str, ...]] = ("rater", "regime", "measure")
    called, shown_in, absent = HEADS, SHOWN_IN, NOBODY_ACTS
    citations: ClassVar[tuple[str, ...]] = CITATIONS

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw how well each rater tells people apart under each regime."""
        table = self.where(measure="auc").table
        called, title = regime_headings(self), "what is told"
        axes = named_points(axes, table, "rater", "regime", called, scale=100, title=title)
        axes.set_xlabel("AUC against what people keep after responding (%)")
        return axes


def regime_headings(finding: Finding) -> dict[str, str]:
    """Return what each regime of a finding is called in figures and heads of tables.

    Examples
    --------
    >>> table = pd.DataFrame({"regime": ["full", "my_own"]})
    >>> regime_headings(Finding(table=table, title="t", parameters={"headings": {"full": "All"}}))
    {'full': 'All', 'my_own': 'My own'}
    """
    told = finding.parameters.get("headings") or {}
    names = finding.table["regime"].unique()
    return {name: told.get(name) or sentence(plain(name), stop="") for name in names}


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
        each.where(sensitive="overall").table.assign(rater=name)
        for name, each in zip(names, given, strict=True)
    ]
    return DisclosureComparison(
        table=pd.concat(parts, ignore_index=True),
        title="Disclosure: raters compared",
        parameters={
            "raters": names,
            "intervals": given[0].parameters["intervals"],
            "headings": {k: v for each in given for k, v in regime_headings(each).items()},
        },
        seed=given[0].seed,
        notes=given[0].notes,
    )
