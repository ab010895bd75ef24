"""Who is compared with whom: a group beside its reference group.

Their difference and ratio, with intervals, are made in `credit_ml.inference.estimate`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from credit_ml.core import Dataset, Mask, TableError, known_names, need_known
from credit_ml.core.tables.columns import label_of

#: Feature and group of everybody.
EVERYBODY = ("overall", "all")


def _nobody() -> Mask:
    return np.zeros(0, dtype=bool)


@dataclass(frozen=True)
class Comparison:
    """A group and the reference group that it is compared with.

    Examples
    --------
    >>> pair = Comparison("hukou", "rural", "urban")
    >>> pair.labels
    {'sensitive': 'hukou', 'group': 'rural', 'reference_group': 'urban'}
    """

    sensitive: str
    group: str
    reference_group: str
    inside: Mask = field(default_factory=_nobody, repr=False, compare=False)
    """Who is in the group."""
    outside: Mask = field(default_factory=_nobody, repr=False, compare=False)
    """Who is in the reference group."""

    @property
    def labels(self) -> dict[str, str]:
        """As columns of a finding."""
        return {name: getattr(self, name) for name in ("sensitive", "group", "reference_group")}

    def difference(self, estimate: Any, *values: Any) -> Any:
        """Estimate of the group less that of the reference group.

        Parameters
        ----------
        estimate : callable
            Of `People`: ``people.mean``, ``people.share``, ``people.auc``.
        *values : array_like
            What it takes before `who`.

        Examples
        --------
        >>> from credit_ml.inference import People
        >>> woman = np.array([True, True, False, False])
        >>> pair = Comparison("sex", "woman", "man", woman, ~woman)
        >>> float(pair.difference(People(4).mean, [1.0, 3.0, 4.0, 8.0]))
        -4.0
        """
        return estimate(*values, self.inside) - estimate(*values, self.outside)


def features_of(dataset: Dataset, sensitive: str | Sequence[str] | None) -> list[str]:
    """Names of the sensitive features asked for: all by default; a string is that one.

    Raises
    ------
    TableError
        When one is absent or named twice.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"x": [1, 2], "sex": ["f", "m"]})
    >>> features_of(Dataset.from_frame(frame, target=None, sensitive=["sex"]), "sex")
    ['sex']
    """
    problem = f"is no Dataset but {type(dataset).__name__}"
    remedy = "give Dataset.from_frame(frame, target=..., sensitive=...) after what is measured"
    TableError.unless(isinstance(dataset, Dataset), "dataset", problem, remedy)
    if sensitive is None:
        return [str(name) for name in dataset.sensitive.columns]
    names = [sensitive] if isinstance(sensitive, str) else list(sensitive)
    for name in names:
        dataset.groups(name)
        if names.count(name) > 1:
            raise TableError("sensitive", f"names '{name}' twice", "name it once")
    return names


def groups_of(
    dataset: Dataset, sensitive: str | Sequence[str] | None = None
) -> Iterator[tuple[str, str, Mask]]:
    """Yield everybody, then each group that has people: feature, group, who.

    Nobody whose weight is 0 is among them.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"x": [1, 2], "sex": ["f", "m"]})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> [name for _, name, _ in groups_of(data)]
    ['all', 'f', 'm']
    """
    counted = _counted(dataset)
    yield (*EVERYBODY, counted)
    for name in features_of(dataset, sensitive):
        values = dataset.groups(name)
        codes = values.cat.codes.to_numpy()
        for code, group in enumerate(values.cat.categories):
            who = (codes == code) & counted
            if who.any():
                yield name, str(group), who


def comparisons_of(
    dataset: Dataset,
    sensitive: str | Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | str | None = None,
    *,
    needed: bool = False,
) -> Iterator[Comparison]:
    """Yield each group that has people beside its reference: the most numerous, or the named.

    With weights the most numerous is that of most weight, and nobody whose weight is 0 counts.

    Parameters
    ----------
    dataset : Dataset
    sensitive : str or sequence of str, optional
    reference_groups : mapping of feature to group, or one group, optional
        One group where one feature is asked for.
    needed : bool
        Whether a feature of one group only is an error.

    Raises
    ------
    TableError
        When a feature or group is unknown, or there is nothing to compare though it is needed.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"x": [1, 2, 3], "sex": ["f", "m", "m"]})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> list(comparisons_of(data))
    [Comparison(sensitive='sex', group='f', reference_group='m')]
    """
    features = features_of(dataset, sensitive)
    if reference_groups is not None and not isinstance(reference_groups, Mapping):
        reference_groups = dict.fromkeys(features, reference_groups)
    references = dict(reference_groups or {})
    for name in references:
        need_known(TableError, "reference_groups", name, dataset.sensitive.columns)
    for feature in features:
        yield from _of_feature(dataset, feature, references.get(feature), needed=needed)


def kept_references(
    whole: Dataset,
    part: Dataset,
    sensitive: str | Sequence[str] | None = None,
    reference_groups: Mapping[str, str] | str | None = None,
) -> dict[str, str]:
    """Reference groups of some of a table's people: those of the whole table.

    In a sample, or among those held out, another group may be the most numerous than in the whole:
    two numbers of one page would be held against two groups. A group that is not named is left out
    where nobody of it is in the part.

    Parameters
    ----------
    whole, part : Dataset
    sensitive, reference_groups
        As in `comparisons_of`.

    Raises
    ------
    TableError
        As `comparisons_of`, of the whole.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"x": range(5), "sex": ["f", "f", "m", "m", "m"]})
    >>> whole = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    >>> some = whole.take(np.array([0, 1, 2]))
    >>> next(comparisons_of(some)).reference_group, kept_references(whole, some)
    ('f', {'sex': 'm'})
    """
    features = features_of(whole, sensitive)
    pairs = comparisons_of(whole, features, reference_groups)
    found = {pair.sensitive: pair.reference_group for pair in pairs}
    if reference_groups is None:
        named: Collection[str] = ()
    else:
        named = reference_groups if isinstance(reference_groups, Mapping) else features
    there = {name: set(map(str, part.groups(name).unique())) for name in found}
    return {name: group for name, group in found.items() if name in named or group in there[name]}


def _of_feature(
    dataset: Dataset, feature: str, named: str | None, *, needed: bool
) -> Iterator[Comparison]:
    values = dataset.groups(feature)
    codes = values.cat.codes.to_numpy()
    counted, weights = _counted(dataset), dataset.relative_weights()
    counts = np.bincount(codes, weights, minlength=len(values.cat.categories))
    known = [str(group) for group in values.cat.categories]
    present = [group for group, number in zip(known, counts, strict=True) if number]
    if len(present) < 2 and needed:
        problem = f"has people in one group only ({present[0]})"
        remedy = "give a feature with at least two"
        raise TableError(f"{dataset.name}, sensitive feature '{feature}'", problem, remedy)
    reference = known[int(np.argmax(counts))] if named is None else label_of(named)
    if reference not in present:
        problem = f"'{reference}' has nobody"
        raise TableError(f"reference_groups, '{feature}'", problem, known_names(reference, present))
    outside = (codes == known.index(reference)) & counted
    for group in present:
        if group != reference:
            inside = (codes == known.index(group)) & counted
            yield Comparison(feature, group, reference, inside, outside)


def _counted(dataset: Dataset) -> Mask:
    weights = dataset.relative_weights()
    return np.ones(len(dataset), dtype=bool) if weights is None else weights > 0
