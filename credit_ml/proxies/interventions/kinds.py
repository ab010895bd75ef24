"""What one may do about a proxy: each intervention is one small class."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from scipy.special import logit

from credit_ml.core import InputError, ModelError, Rows, TableError, cited, known_names
from credit_ml.core.tables.frames import with_columns
from credit_ml.proxies.friends.rewiring import rewired, with_ties
from credit_ml.proxies.interventions.held_out import HeldOutCase, Judged, free_name
from credit_ml.scoring import display_name

#: Probabilities stay this far from 0 and 1, so that their log-odds are finite.
SURE = 1e-12


@dataclass(frozen=True, kw_only=True)
class Intervention(ABC):
    """A change of what a scorer reads, of how it learns, or of how it decides.

    Examples
    --------
    >>> [Drop(what="friends", columns="friends_judgments").id, Residualise().title]
    ['drop_friends', 'group means taken out']
    """

    source: ClassVar[str]
    """Where it was published, or why it is assumed."""
    needs: ClassVar[Literal["dataset", "society"]] = "dataset"
    """A society when it must know who is whose friend."""

    named: ClassVar[str]
    """Name in tables, such as ``drop_{what}``: fields stand in braces."""
    shown: ClassVar[str]
    """Name in figures, likewise."""

    @property
    def id(self) -> str:
        """Name in tables, such as ``drop_friends``."""
        return self.named.format(**vars(self))

    @property
    def title(self) -> str:
        """Name in figures."""
        return self.shown.format(**vars(self))

    @abstractmethod
    def judge(self, case: HeldOutCase) -> Judged:
        """Train on those who train, and judge those held out."""


class CannotJudge(ModelError):
    """An intervention that a scorer cannot take, where others can.

    Examples
    --------
    >>> issubclass(CannotJudge, ModelError)
    True
    """


@dataclass(frozen=True, kw_only=True)
class Drop(Intervention):
    """Take columns away and train again.

    Examples
    --------
    >>> Drop(what="address", columns=["district_debt", "phone_age"]).title
    'without address'
    """

    source: ClassVar[str] = cited("kamiran_2012")[0]
    named: ClassVar[str] = "drop_{what}"
    shown: ClassVar[str] = "without {what}"
    what: str
    """Name of what is dropped, such as a factor."""
    columns: str | Sequence[str]
    """A name alone is that one column."""

    def judge(self, case: HeldOutCase) -> Judged:
        """Train without the columns."""
        left = case.dataset.X.drop(columns=checked_columns(case, self.columns, self.id))
        problem = "leaves no column to score by"
        TableError.unless(left.shape[1] > 0, self.id, problem, "drop fewer")
        try:
            return case.judged(left)
        except ModelError as refused:
            raise CannotJudge(refused.place, refused.problem, refused.remedy) from refused


@dataclass(frozen=True, kw_only=True)
class RewireFriends(Intervention):
    """Give everybody as many friends, drawn from all, and train on their records.

    Examples
    --------
    >>> RewireFriends(refit=False).id
    'rewire_friends_unseen'
    """

    source: ClassVar[str] = cited("fosdick_2018")[0]
    needs: ClassVar[Literal["dataset", "society"]] = "society"
    refit: bool = True
    """Whether the scorer is trained on the new friends; else it learned on the true ones."""

    @property
    def id(self) -> str:
        """Name in tables."""
        return "rewire_friends" if self.refit else "rewire_friends_unseen"

    @property
    def title(self) -> str:
        """Name in figures."""
        return "friends drawn by chance" + ("" if self.refit else ", no new training")

    def judge(self, case: HeldOutCase) -> Judged:
        """Rewire, make the friends' columns again, and score."""
        if case.society is None or case.agency is None:
            raise ModelError(self.id, "needs a society", "give an agency and its Society")
        ties = rewired(case.society.ties, seed=case.seed)
        other = case.agency.view(with_ties(case.society, ties)).X
        return case.judged(other, None if self.refit else case.fitted(case.dataset.X))


@dataclass(frozen=True, kw_only=True)
class Coarsen(Intervention):
    """Show the mean of a band of people instead of each one's number, and train again.

    Examples
    --------
    >>> Coarsen(what="address", columns="district_debt", bands=3).title
    'address in 3 bands'
    """

    source: ClassVar[str] = "assumed: what rules against redlining by small areas ask for"
    named: ClassVar[str] = "coarsen_{what}"
    what: str
    columns: str | Sequence[str]
    """Numbers; a name alone is that one column."""
    bands: int = 4
    """Bands of as many people each, by the people who train; 1 leaves the overall mean."""

    @property
    def title(self) -> str:
        """Name in figures."""
        return f"{self.what} in {self.bands} band{'s' * (self.bands != 1)}"

    def judge(self, case: HeldOutCase) -> Judged:
        """Cut the columns and train."""
        numbers = _numbers(case, self.columns, self.id)
        place, problem = f"{self.id}, bands", f"is {self.bands}"
        InputError.unless(self.bands >= 1, place, problem, "give at least 1")
        changed = {name: banded(each, case.train, self.bands) for name, each in numbers.items()}
        return case.judged(with_columns(case.dataset.X, changed))


@dataclass(frozen=True, kw_only=True)
class Residualise(Intervention):
    """Take each group's mean out of the numbers, and train again.

    It is the least squares residual on the groups, which fairlearn's CorrelationRemover gives
    too; missing values stay missing, and categories stay as they are.

    Examples
    --------
    >>> Residualise(columns=["income"]).id
    'residualise'
    """

    source: ClassVar[str] = " ".join(cited("johndrow_2019", "bird_2020b"))
    named: ClassVar[str] = "residualise"
    shown: ClassVar[str] = "group means taken out"
    columns: str | Sequence[str] | None = None
    """All numbers by default; a name alone is that one column."""

    def judge(self, case: HeldOutCase) -> Judged:
        """Centre each group where all are, and train."""
        table, groups = case.dataset.X, case.dataset.groups(case.sensitive)
        numeric = [str(name) for name in table.select_dtypes("number")]
        columns = numeric if self.columns is None else self.columns
        numbers = _numbers(case, columns, self.id)
        changed = {name: centred(each, groups, case.train) for name, each in numbers.items()}
        return case.judged(with_columns(table, changed))


@dataclass(frozen=True, kw_only=True)
class DiscriminationFree(Intervention):
    """Train with the sensitive feature, then score as if everybody were of every group.

    ``s(x) = sum_a P(A = a) P(kept | x, A = a)``: what the records say without the group, for the
    model need not guess it from them.

    Examples
    --------
    >>> DiscriminationFree().id
    'discrimination_free'
    """

    source: ClassVar[str] = cited("lindholm_2022")[0]
    named: ClassVar[str] = "discrimination_free"
    shown: ClassVar[str] = "discrimination-free average"

    def judge(self, case: HeldOutCase) -> Judged:
        """Train with the feature and average its values out."""
        groups = case.dataset.groups(case.sensitive)
        if case.agency is None and not case.reads_new_columns:
            problem = "names its columns and reads no other, such as the group"
            remedy = "let it pass others on (remainder='passthrough'), or name other interventions"
            raise CannotJudge(f"{self.id}, {display_name(case.scorer)}", problem, remedy)
        model = case.fitted(_with_group(case, case.dataset.X, groups))
        held_out = case.dataset.X.iloc[case.test]
        weights = groups.iloc[case.train].value_counts(normalize=True, sort=False)
        mean = np.zeros(len(held_out))
        for group, weight in weights[weights > 0].items():
            everybody = pd.Series(group, held_out.index, dtype=groups.dtype)
            mean += float(weight) * case.asked(model, _with_group(case, held_out, everybody))
        return case.from_log_odds(logit(np.clip(mean, SURE, 1 - SURE)))


def _with_group(case: HeldOutCase, table: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Put the sensitive feature beside the features, as the case's scorer can read it."""
    name = free_name("sensitive", case.dataset.X)
    if case.agency is not None:
        return with_columns(table, {name: groups})
    # Any classifier reads numbers, few of them categories; names are such as LightGBM takes too.
    others = enumerate(groups.cat.categories[1:])
    indicators = {f"{name}{number}": (groups == each).astype("float32") for number, each in others}
    return with_columns(table, indicators)


def banded(values: pd.Series, train: Rows, bands: int) -> pd.Series:
    """Replace numbers by the mean of their quantile band among the people who train."""
    learned = values.iloc[train].dropna().to_numpy()
    if not len(learned):
        return values.astype("float32")
    edges = np.unique(np.quantile(learned, np.linspace(0, 1, bands + 1)[1:-1]))
    people = np.bincount(np.searchsorted(edges, learned, side="right"))
    # A band with nobody has no mean: it is part of the next.
    edges = edges[people[:-1] > 0]
    place = np.searchsorted(edges, learned, side="right")
    mean = np.bincount(place, learned) / np.bincount(place)
    whole = mean[np.searchsorted(edges, values.to_numpy(), side="right")]
    return pd.Series(whole, values.index).where(values.notna()).astype("float32")


def centred(values: pd.Series, groups: pd.Series, train: Rows) -> pd.Series:
    """Move every group's mean to the mean of all, both of the people who train."""
    learned = values.iloc[train]
    means = learned.groupby(groups.iloc[train], observed=False).mean()
    shift = groups.map(means).astype("float64").fillna(learned.mean()) - learned.mean()
    return (values - shift).astype("float32")


def _numbers(case: HeldOutCase, columns: str | Sequence[str], place: str) -> dict[str, pd.Series]:
    """Return columns that the scorer reads as float64, or raise TableError for categories."""
    table = case.dataset.X[checked_columns(case, columns, place)]
    for name in table.select_dtypes("category"):
        raise TableError(f"{place}, '{name}'", "holds categories", "name numbers only")
    return {str(name): column.astype("float64") for name, column in table.items()}


def checked_columns(case: HeldOutCase, columns: str | Sequence[str], place: str) -> list[str]:
    """Return columns that the scorer reads, or raise TableError for one that it does not."""
    names = [columns] if isinstance(columns, str) else list(columns)
    read = [str(name) for name in case.dataset.X.columns]
    for name in names:
        problem, remedy = f"column '{name}' is absent", known_names(name, read)
        TableError.unless(name in read, place, problem, remedy)
    return names
