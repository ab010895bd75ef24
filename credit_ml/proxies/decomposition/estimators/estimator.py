"""What every estimator of a gap's components declares, is given and returns."""

import sys
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, InputError, ModelError
from credit_ml.core.bibliography import cited
from credit_ml.core.tables.arrays import Array
from credit_ml.inference import Comparison, Over, People, comparisons_of
from credit_ml.proxies.decomposition.attribute import Attributions, by_fold
from credit_ml.proxies.decomposition.components import Components
from credit_ml.scoring import CrossFitted, Output

Kind = Literal["attribution", "intervention"]


@dataclass(frozen=True, kw_only=True, eq=False)
class GapTask:
    """What `decompose` gives to an estimator.

    Examples
    --------
    >>> table = pd.DataFrame({"late": [0.0, 1.0, 5.0], "sex": ["f", "m", "m"]})
    >>> data = Dataset.from_frame(table, target=None, sensitive=["sex"])
    >>> task = GapTask(model=lambda X: X["late"], dataset=data, sensitive="sex")
    >>> [(pair.group, pair.reference_group) for pair in task.pairs()]
    [('f', 'm')]
    """

    model: Any
    """Rater, scikit-learn model, callable, CrossFitted; `Attributions`, or a Series of scores."""
    dataset: Dataset
    """People."""
    sensitive: str
    """Feature whose groups are compared."""
    output: Output = "score"
    """Which number of the model."""
    reference_groups: str | Mapping[str, str] | None = None
    """The most numerous group by default."""
    over: Over = "auto"
    """What intervals count."""
    seed: int = 0

    @property
    def people(self) -> People:
        """Those whom intervals count."""
        return People.of(self.dataset, over=self.over)

    def pairs(self) -> Iterator[Comparison]:
        """Each group with people beside the reference group."""
        return comparisons_of(self.dataset, self.sensitive, self.reference_groups, needed=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class GapComponents:
    """Components of every pair's gap.

    Examples
    --------
    >>> GapComponents(rater="council", unit="points", by_pair=()).unit
    'points'
    """

    rater: str
    """Display name of the model."""
    unit: str
    """Unit of the components."""
    by_pair: tuple[tuple[Comparison, Components], ...]


@cache
def _words(module: str) -> dict[str, Any]:
    """What the TOML file beside a module says of its estimators."""
    place = getattr(sys.modules.get(module), "__file__", None)
    file = Path(place or module).with_suffix(".toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _published(citation: str) -> tuple[str, ...]:
    """A publication by its key in the bibliography, or the one that is written out."""
    return (citation,) if " " in citation else cited(citation)


@dataclass(frozen=True, kw_only=True)
class Estimator(ABC):
    """One way to say what carries a gap without knowing the truth; its options are its fields.

    To add one, write a module in ``credit_ml/proxies/decomposition/estimators`` with a subclass
    that has an `id`: it is found there. Title, estimand, assumptions, failures, cost and citations
    stand in the class, or in a TOML file of the module's name beside it, under the id.

    Examples
    --------
    >>> from credit_ml.proxies import estimator
    >>> isinstance(estimator("block_shapley"), Estimator)
    True
    """

    id: ClassVar[str]
    title: ClassVar[str]
    estimand: ClassVar[str]
    """What it estimates, in one sentence."""
    assumes: ClassVar[str]
    """When that is what one wants to know."""
    fails: ClassVar[str]
    """When it misleads."""
    cost: ClassVar[str]
    citations: ClassVar[tuple[str, ...]]
    measure: ClassVar[str] = ""
    """Which gap; of the mean of the output where it is not said."""
    kind: ClassVar[Kind] = "attribution"
    """Components of attributions sum to the gap; of interventions not, and are not rescaled."""
    needs: ClassVar[tuple[str, ...]] = ()
    """What it needs beside a model that can be called, such as "outcome"."""

    def __init_subclass__(cls) -> None:
        """Read what the file beside the module says of a subclass, under its id."""
        super().__init_subclass__()
        said = _words(cls.__module__)
        if "id" in vars(cls):
            said = said.get(cls.id, {})
        for name, value in said.items():
            if isinstance(value, list):
                setattr(cls, name, tuple(chain.from_iterable(map(_published, value))))
            elif isinstance(value, str):
                setattr(cls, name, " ".join(value.split()))

    def people(self, dataset: Dataset) -> Dataset:
        """Return the people whose gap is taken apart: everybody, unless a metric is of some."""
        return dataset

    @abstractmethod
    def decomposed(self, task: GapTask) -> GapComponents:
        """Take every pair's gap apart."""


class ByPerson(Estimator):
    """An estimator that attributes each person's score without knowing of groups."""

    @abstractmethod
    def attribute(self, model: Any, dataset: Dataset, task: GapTask, seed: int) -> Attributions:
        """Attribute the scores of one fitted model."""

    def decomposed(self, task: GapTask) -> GapComponents:
        """Differences of group means of the attributions."""
        refuse_scores(self, task)
        if isinstance(task.model, CrossFitted):
            found = by_fold(
                task.model,
                task.dataset,
                lambda model, part, fold: self.attribute(model, part, task, task.seed + fold),
            )
        else:
            found = self.attribute(task.model, task.dataset, task, task.seed)
        return self.gaps(found, task)

    def gaps(self, found: Attributions, task: GapTask) -> GapComponents:
        """Compare the groups of every pair."""
        by_pair = tuple((pair, self.components(found, task, pair)) for pair in task.pairs())
        return GapComponents(rater=found.rater, unit=found.unit, by_pair=by_pair)

    def components(self, found: Attributions, task: GapTask, pair: Comparison) -> Components:
        """Difference of means of every component, and of the score itself."""
        means = Components.of_means(task.people, pair, found.names, found.values, found.scores)
        return means.with_partners(task.people, found.references)


def refuse_scores(estimator: Estimator, task: GapTask) -> None:
    """Raise InputError where scores without a model are no answer to what is estimated."""
    if isinstance(task.model, pd.Series):
        raise InputError(
            "scores",
            f"were given, and {estimator.id} asks a model",
            "give the model, or a method that takes scores, such as 'oaxaca_pooled'",
        )


def one_model(estimator: Estimator, task: GapTask) -> Any:
    """Return the model, or raise ModelError where there is one a fold."""
    refuse_scores(estimator, task)
    if isinstance(task.model, CrossFitted):
        problem = f"is several models, and {estimator.id} asks one"
        raise ModelError(task.model.name, problem, "give a model fitted once")
    return task.model


def by_factor(terms: pd.DataFrame, dataset: Dataset) -> Array:
    """Sum a table of columns within each factor, shape (people, factors)."""
    columns = [[c for c in names if c in terms.columns] for names in dataset.factors.values()]
    return np.column_stack([terms[own].sum(axis=1).to_numpy("float64") for own in columns])
