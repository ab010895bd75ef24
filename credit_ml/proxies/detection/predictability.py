"""How well columns predict the sensitive feature, judged on people whom no guess saw before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Array, Dataset, InputError, Rows, Streams, TableError
from credit_ml.core.cores import cores
from credit_ml.core.progress import followed
from credit_ml.inference import Estimate, Over, People
from credit_ml.inference.workers.shared import shared_out
from credit_ml.proxies.detection.folds import folds_of
from credit_ml.scoring import FeatureEncoder

#: Guesses times people from which on all processors share them: some ten seconds of one.
LONG = 400_000
#: Nobody is ever guessed with less, so that one surprise does not decide the mean.
LEAST = 1e-3


@dataclass(frozen=True, kw_only=True)
class Guesses:
    """How the feature is guessed from columns: options of `detect_proxies`.

    Examples
    --------
    >>> Guesses(people=5000).folds
    3
    """

    people: int = 20_000
    """At most so many are judged, a random sample."""
    folds: int = 3
    """Of cross-fitting."""
    columns: bool = True
    """Whether columns are judged one by one beside the factors."""
    seed: int = 0
    """Of the sample, the folds, and of whose columns stand in for whose."""


def sampled(dataset: Dataset, people: int, seed: int, stream: str) -> Dataset:
    """At most so many people of a table, drawn at random.

    Raises
    ------
    InputError
        When it is fewer than 1.
    """
    InputError.unless(people >= 1, "people", f"is {people}", "give at least 1")
    if people >= len(dataset):
        return dataset
    chosen = Streams(seed).generator(stream).choice(len(dataset), people, replace=False)
    return dataset.take(np.sort(chosen))


@dataclass(frozen=True, kw_only=True, eq=False)
class Predictability:
    """How well columns predict the group of people whom the guesses never saw."""

    auc: Estimate
    """Chance that a member of a group is told from one of no member, mean over groups; 0.5 when
    nothing is predicted."""
    information: Estimate
    """Share of the group's entropy that is predicted: ``1 - log-loss / log-loss of the shares``."""


@dataclass(frozen=True, kw_only=True, eq=False)
class GroupPredictor:
    """Small boosted trees, trained out of fold, that guess the group from columns.

    Folds hold about equal shares of the groups, and keep near copies and clusters together
    (`folds_of`). AUC is taken within folds and averaged: where columns
    predict nothing, its expectation is exactly 0.5, whatever the trees learned elsewhere.

    Folds are not independent: the people judged in one have trained the guesses of another.
    Where columns predict nothing, deviations were 1.3 to 1.4 times what independent folds would
    have (2, 3 and 5 folds of 300 people), so that 95 % intervals held 0.5 in 82 to 90 of 100.
    Terms are therefore stretched by Nadeau and Bengio's correction, ``1 + F / (F - 1)`` of the
    variance with F folds, which is a little more than was needed.

    References
    ----------
    Nadeau, C. and Bengio, Y. (2003). Inference for the generalization error. Machine Learning
    52, 239-281.
    """

    people: People
    """Those whom intervals count."""
    encoded: pd.DataFrame
    """Columns as numbers."""
    groups: Rows
    """Group of each person, from 0."""
    fold: Rows
    """Fold of each person."""
    iterations: int = 60
    """Rounds of boosting."""

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        sensitive: str,
        *,
        folds: int,
        seed: int,
        over: Over = "auto",
        iterations: int = 60,
    ) -> "GroupPredictor":
        """Prepare a table.

        Raises
        ------
        InputError
            When there are fewer than 2 folds.
        TableError
            When fewer than two groups have people, or one has fewer than two a fold.
        """
        InputError.unless(folds >= 2, "folds", f"is {folds}", "give at least 2")
        codes = dataset.groups(sensitive).cat.codes.to_numpy()
        groups = np.unique(codes, return_inverse=True)[1].astype(np.intp)
        counts = np.bincount(groups)
        place = f"{dataset.name}, sensitive feature '{sensitive}'"
        problem = f"has groups of {counts.tolist()} people"
        enough, remedy = len(counts) > 1, f"give at least two groups of {2 * folds} people"
        TableError.unless(enough and counts.min() >= 2 * folds, place, problem, remedy)
        generator = Streams(seed).generator("proxies.telling")
        encoded = FeatureEncoder().fit(dataset.X).transform(dataset.X)
        people = People.of(dataset, over=over)
        fold = folds_of(encoded, groups, people, folds, generator)
        return cls(people=people, encoded=encoded, groups=groups, fold=fold, iterations=iterations)

    def predictability(self, columns: Sequence[str]) -> Predictability:
        """Guess the group from columns, and judge."""
        return self.judged(self.guessed(columns))

    def predictabilities(
        self, sets: Iterable[tuple[str, ...]]
    ) -> dict[tuple[str, ...], Predictability]:
        """Guess the group from each of some sets of columns, and judge; equal sets once."""
        asked = list(dict.fromkeys(sets))
        workers = cores() if len(asked) * len(self.groups) >= LONG else 1
        guesses = shared_out(self.guessed, asked, workers=workers)
        found: list[Predictability] = []
        for guess in followed(guesses, "guesses from columns", of=len(asked)):
            found += [self.judged(guess)]
        return dict(zip(asked, found, strict=True))

    def judged(self, guess: Array) -> Predictability:
        """AUC and information of guesses."""
        folds = int(self.fold.max()) + 1
        stretch = np.sqrt(1 + folds / (folds - 1))
        auc, pull = self._auc(guess)
        everybody, each = np.arange(len(guess)), self.people.each / self.people.each.sum()
        blind = -np.log(self.guessed([])[everybody, self.groups])
        loss = -np.log(np.clip(guess[everybody, self.groups], LEAST, 1.0))
        entropy = each @ blind
        share = float(1 - each @ loss / entropy)
        spread = -(loss - (1 - share) * blind) * each / entropy
        return Predictability(
            auc=self.people.from_influence(auc, stretch * pull, bounds=(0.0, 1.0)),
            information=self.people.from_influence(share, stretch * spread),
        )

    def guessed(self, columns: Sequence[str]) -> Array:
        """Guess of everybody from columns, shape (people, groups).

        Without columns, the shares of groups among the people of other folds; a column of which
        nothing is known there is left out.
        """
        number, each = int(self.groups.max()) + 1, self.people.each
        guess = np.empty((len(self.groups), number))
        for fold in range(int(self.fold.max()) + 1):
            held = self.fold == fold
            told = [name for name in columns if self.encoded.loc[~held, name].notna().any()]
            if not told:  # nor can trees be grown on what is known of nobody
                seen = np.bincount(self.groups[~held], each[~held], minlength=number)
                guess[held] = seen / each[~held].sum()
            else:
                seen, own = self.encoded.loc[~held, told], self.people.relative
                model = self._model()
                model.fit(seen, self.groups[~held], None if own is None else own[~held])
                guess[held] = model.predict_proba(self.encoded.loc[held, told])
        return guess

    def _model(self) -> Any:
        from sklearn.ensemble import HistGradientBoostingClassifier

        size: dict[str, Any] = {"max_iter": self.iterations, "max_leaf_nodes": 8}
        size |= {"learning_rate": 0.1, "min_samples_leaf": max(10, len(self.groups) // 200)}
        return HistGradientBoostingClassifier(**size, early_stopping=False, random_state=0)

    def _auc(self, guess: Array) -> tuple[float, Array]:
        """Mean over folds and groups, and how far each person moves it."""
        total, pull = 0.0, np.zeros(len(guess))
        classes = [1] if guess.shape[1] == 2 else list(range(guess.shape[1]))
        for fold in np.unique(self.fold):
            held = np.flatnonzero(self.fold == fold)
            weight = float(self.people.each[held].sum() / self.people.each.sum()) / len(classes)
            for group in classes:
                auc = self.people.auc(guess[:, group], self.groups == group, held)
                total += weight * float(auc)
                pull[held] += weight * np.asarray(auc.influence)
        return total, pull
