"""What every estimator of a gap's components declares, is given and returns."""

import sys
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, InputError, ModelError, cited
from credit_ml.explanation.shapley.block_shapley import ORDERS
from credit_ml.explanation.shapley.coalitions import MOST_EXACT
from credit_ml.inference import Comparison, Over, People, comparisons_of
from credit_ml.proxies.decomposition.attribute import Attributions, by_fold
from credit_ml.proxies.decomposition.components import Components
from credit_ml.scoring import CrossFitted, Output, ScoreFunction, score_function

Kind = Literal["attribution", "intervention"]
_Made = TypeVar("_Made")


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
    made: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    """What `once` keeps: the tasks of one model and table, a feature each, may share it."""

    def once(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """Return what does not depend on the feature, made when it is first asked for."""
        if key not in self.made:
            self.made[key] = make()
        found: _Made = self.made[key]
        return found

    @property
    def people(self) -> People:
        """Those whom intervals count."""
        return People.of(self.dataset, over=self.over)

    @property
    def codes(self) -> NDArray[np.integer]:
        """Each person's group as a number."""
        return self.dataset.groups(self.sensitive).cat.codes.to_numpy()

    def pairs(self) -> Iterator[Comparison]:
        """Each group with people beside the reference group."""
        return comparisons_of(self.dataset, self.sensitive, self.reference_groups, needed=True)

    def score(self, model: Any) -> ScoreFunction:
        """The number that is taken apart, of a model or of one of its folds."""
        return score_function(model, self.output, dataset=self.dataset)

    def one_model(self, estimator: "Estimator") -> Any:
        """Return the model, or raise where there are scores alone, or one model a fold."""
        self.refuse_scores(estimator)
        if isinstance(self.model, CrossFitted):
            problem = f"is several models, and {estimator.id} asks one"
            raise ModelError(self.model.name, problem, "give a model fitted once")
        return self.model

    def refuse_scores(self, estimator: "Estimator") -> None:
        """Raise InputError where scores without a model are no answer to what is estimated."""
        problem = f"were given, and {estimator.id} asks a model"
        remedy = "give the model, or a method that takes scores, such as 'oaxaca_pooled'"
        InputError.unless(not isinstance(self.model, pd.Series), "scores", problem, remedy)

    def answer(
        self, rater: str, unit: str, components: Callable[[Comparison], Components]
    ) -> "GapComponents":
        """Take every pair's gap apart, one after the other: what each person adds is large."""
        by_pair = ((pair, components(pair)) for pair in self.pairs())
        return GapComponents(rater=rater, unit=unit, by_pair=by_pair)


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
    by_pair: Iterable[tuple[Comparison, Components]]
    """Once through."""


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
    mixes: ClassVar[bool] = False
    """Whether it asks about people who have some factors of somebody else: all such mixtures, or
    of many factors a sample."""
    weighted: ClassVar[bool] = False
    """Whether it counts people by the weights of the table; else it refuses those."""
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

    def sampled(self, dataset: Dataset) -> tuple[str, ...]:
        """Say where factors are too many for all coalitions."""
        number = len(dataset.factors)
        if not self.mixes or number <= MOST_EXACT:
            return ()
        said = f"With {number} factors, what each adds is averaged over {ORDERS} random orders a"
        end = "unless the score adds its columns up; the intervals hold that error."
        return (f"{said} person, {end}",)

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
        task.refuse_scores(self)

        def one(model: Any, part: Dataset, fold: int) -> Attributions:
            return self.attribute(model, part, task, task.seed + fold)

        def everybody() -> Attributions:
            if isinstance(task.model, CrossFitted):
                return by_fold(task.model, task.dataset, one)
            return one(task.model, task.dataset, 0)

        return self.gaps(task.once(self, everybody), task)

    def gaps(self, found: Attributions, task: GapTask) -> GapComponents:
        """Compare the groups of every pair."""
        return task.answer(found.rater, found.unit, lambda pair: self.components(found, task, pair))

    def components(self, found: Attributions, task: GapTask, pair: Comparison) -> Components:
        """Difference of means of every component, and of the score itself."""
        people, factors = task.people, len(task.dataset.factors)
        means = Components.of_means(people, pair, found.names, found.values, found.scores)
        if found.draws is None:
            return means.with_partners(people, found.references, factors)
        draws = [
            Components.of_means(people, pair, found.names, values, found.scores).estimate
            for values in found.draws
        ]
        if found.references is None:
            return means.with_orders(draws)
        return means.with_partners(people, found.references, factors, draws)
