"""Block Shapley with backgrounds that do not look at the person: pooled, or within strata."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, InputError, Rows, TableError, known_names
from credit_ml.explanation import background_rows, factor_attributions
from credit_ml.inference import Comparison
from credit_ml.proxies.decomposition.attribute import Attributions, checked, references_of
from credit_ml.proxies.decomposition.components import Components
from credit_ml.proxies.decomposition.estimators.estimator import ByPerson, GapComponents, GapTask

#: The row of what the strata themselves carry.
STRATA = "(strata)"


@dataclass(frozen=True, kw_only=True)
class BlockShapley(ByPerson):
    """Shapley value of factors, the others drawn from one pooled background."""

    id: ClassVar[str] = "block_shapley"
    weighted: ClassVar[bool] = True
    mixes: ClassVar[bool] = True

    references: int | None = None
    """Others who stand in for each person, one after the other, so many times the cost; by default
    10 in a table of fewer than 1,000 people, else 1."""

    def decomposed(self, task: GapTask) -> GapComponents:
        """Use what `attribute` made before, where it is given."""
        if isinstance(task.model, Attributions):
            return self.gaps(checked(task.model, task.dataset), task)
        return super().decomposed(task)

    def attribute(self, model: Any, dataset: Dataset, task: GapTask, seed: int) -> Attributions:
        """Attribute against other people, everybody standing in equally often."""
        often = references_of(len(task.dataset), self.references)
        return Attributions.against_others(task.score(model), dataset, references=often, seed=seed)


@dataclass(frozen=True, kw_only=True)
class WithinStratum(ByPerson):
    """Block Shapley among people who are alike in one column."""

    id: ClassVar[str] = "within_stratum"
    mixes: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = ("stratum",)

    stratum: str | None = None
    """Column of the context or of the features."""
    bins: int = 5
    """Quantile bins of a number with more distinct values than this."""

    def attribute(self, model: Any, dataset: Dataset, task: GapTask, seed: int) -> Attributions:
        """Attribute within each stratum; the stratum's own base is the row (strata)."""
        score, strata = task.score(model), self.strata(dataset)
        values, partners = np.zeros((len(dataset), len(dataset.factors))), np.arange(len(dataset))
        for number in np.unique(strata):
            rows = np.flatnonzero(strata == number)
            own = seed * 1009 + int(number)
            if len(rows) > 1:
                X = dataset.X.iloc[rows]
                values[rows] = factor_attributions(score, X, dataset.factors, seed=own)
                partners[rows] = rows[background_rows(len(rows), seed=own)]
        return Attributions.of(score, dataset, values, rest=STRATA, references=partners)

    def components(self, found: Attributions, task: GapTask, pair: Comparison) -> Components:
        """Add to the row (strata) that the strata's own means are of so many people."""
        plain = Components.of_means(task.people, pair, found.names, found.values, found.scores)
        strata = self.strata(task.dataset)
        number = np.bincount(strata)
        mine, theirs = (
            np.bincount(strata[who], minlength=len(number)) / who.sum()
            for who in (pair.inside, pair.outside)
        )
        mean = np.bincount(strata, weights=found.scores) / np.maximum(number, 1)
        weight = (mine - theirs) / np.maximum(number, 1)
        pull = np.zeros((len(strata), len(plain.names)))
        pull[:, plain.names.index(STRATA)] = weight[strata] * (found.scores - mean[strata])
        means = task.people.from_influence(np.zeros(pull.shape[1]), pull)
        both = replace(plain, estimate=plain.estimate + means)
        return both.with_partners(task.people, found.references, len(task.dataset.factors))

    def strata(self, dataset: Dataset) -> Rows:
        """Each person's stratum as a number from 0.

        Raises
        ------
        InputError
            When no column is named, or there are fewer than 2 bins.
        TableError
            When the column is absent.
        """
        known = [*map(str, dataset.context.columns), *map(str, dataset.X.columns)]
        stratum, place = self.stratum or "", "within_stratum, stratum"
        InputError.unless(stratum, place, "is not named", f"name one of {known}")
        InputError.unless(
            self.bins >= 2, "within_stratum, bins", f"is {self.bins}", "give at least 2"
        )
        place = f"{place} '{stratum}'"
        TableError.unless(stratum in known, place, "is no column", known_names(stratum, known))
        where = dataset.context if stratum in dataset.context.columns else dataset.X
        column = where[stratum]
        if pd.api.types.is_numeric_dtype(column) and column.nunique() > self.bins:
            column = pd.Series(pd.qcut(column.astype("float64"), self.bins, duplicates="drop"))
        # What is missing is a stratum of its own.
        return np.asarray(pd.factorize(column, use_na_sentinel=False)[0], dtype=np.intp)
