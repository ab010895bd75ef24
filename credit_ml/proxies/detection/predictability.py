"""How well columns tell the sensitive feature, judged on people whom the guesser never saw."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from credit_ml.core import Dataset, InputError, Streams, TableError
from credit_ml.scoring import FeatureEncoder

Array = NDArray[np.float64]

#: Nobody is ever guessed with less, so that one surprise does not decide the mean.
LEAST = 1e-3


@dataclass(frozen=True, kw_only=True, eq=False)
class Telling:
    """Columns' guesses of the group, as means over people of out-of-fold terms."""

    auc: float
    """Chance that a member of a group is told from one of no member, mean over groups; 0.5 when
    nothing is told."""
    auc_terms: Array
    """What each person adds to the error of `auc`, shape (people,)."""
    information: float
    """Share of the group's entropy that is told: ``1 - log-loss / log-loss of the shares``."""
    information_terms: Array
    """What each person adds to its error, shape (people,)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Guesser:
    """Small boosted trees, trained out of fold, that guess the group from columns.

    Folds hold equal shares of the groups. AUC is taken within folds and averaged: where columns
    tell nothing, its expectation is exactly 0.5, whatever the trees learned elsewhere.

    Folds are not independent: the people judged in one have trained the guesses of another.
    Where columns tell nothing, deviations were 1.3 to 1.4 times what independent folds would
    have (2, 3 and 5 folds of 300 people), so that 95 % intervals held 0.5 in 82 to 90 of 100.
    Terms are therefore stretched by Nadeau and Bengio's correction, ``1 + F / (F - 1)`` of the
    variance with F folds, which is a little more than was needed.

    References
    ----------
    Nadeau, C. and Bengio, Y. (2003). Inference for the generalization error. Machine Learning
    52, 239-281.
    """

    encoded: pd.DataFrame
    """Columns as numbers."""
    groups: NDArray[np.intp]
    """Group of each person, from 0."""
    fold: NDArray[np.intp]
    """Fold of each person."""
    iterations: int = 60
    """Rounds of boosting."""

    @classmethod
    def of(
        cls, dataset: Dataset, sensitive: str, *, folds: int, seed: int, iterations: int = 60
    ) -> "Guesser":
        """Prepare a table.

        Raises
        ------
        InputError
            When there are fewer than 2 folds.
        TableError
            When fewer than two groups have people, or one has fewer than two a fold.
        """
        if folds < 2:
            raise InputError("folds", f"is {folds}", "give at least 2")
        codes = dataset.groups(sensitive).cat.codes.to_numpy()
        groups = np.unique(codes, return_inverse=True)[1].astype(np.intp)
        counts = np.bincount(groups)
        if len(counts) < 2 or counts.min() < 2 * folds:
            raise TableError(
                f"{dataset.name}, sensitive feature '{sensitive}'",
                f"has groups of {counts.tolist()} people",
                f"give at least two groups of {2 * folds} people",
            )
        generator = Streams(seed).generator("proxies.telling")
        fold = np.empty(len(groups), dtype=np.intp)
        for group in range(len(counts)):
            rows = generator.permutation(np.flatnonzero(groups == group))
            fold[rows] = np.arange(len(rows)) % folds
        encoded = FeatureEncoder().fit(dataset.X).transform(dataset.X)
        return cls(encoded=encoded, groups=groups, fold=fold, iterations=iterations)

    def shares(self) -> Array:
        """Guess of everybody from the training people's shares of groups, shape (people, G)."""
        return self._out_of_fold(None)

    def probabilities(self, columns: list[str]) -> Array:
        """Guess of everybody from columns, shape (people, groups); shares when there are none."""
        return self._out_of_fold(columns) if columns else self.shares()

    def telling(self, columns: list[str]) -> Telling:
        """Guess the group from columns, and judge."""
        return self.judged(self.probabilities(columns))

    def judged(self, guess: Array) -> Telling:
        """AUC and information of guesses, with terms."""
        folds = int(self.fold.max()) + 1
        stretch = np.sqrt(1 + folds / (folds - 1))
        auc, terms = self._auc(guess)
        people = np.arange(len(guess))
        blind = -np.log(self.shares()[people, self.groups])
        loss = -np.log(np.clip(guess[people, self.groups], LEAST, 1.0))
        entropy = blind.mean()
        information = 1 - loss.mean() / entropy
        spread = -(loss - (1 - information) * blind) / (entropy * len(loss))
        return Telling(
            auc=auc,
            auc_terms=stretch * terms,
            information=float(information),
            information_terms=stretch * spread,
        )

    def _out_of_fold(self, columns: list[str] | None) -> Array:
        number = int(self.groups.max()) + 1
        guess = np.empty((len(self.groups), number))
        for fold in range(int(self.fold.max()) + 1):
            held = self.fold == fold
            if columns is None:
                guess[held] = np.bincount(self.groups[~held], minlength=number) / (~held).sum()
            else:
                model = self._model().fit(self.encoded.loc[~held, columns], self.groups[~held])
                guess[held] = model.predict_proba(self.encoded.loc[held, columns])
        return guess

    def _model(self) -> Any:
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(
            max_iter=self.iterations, learning_rate=0.1, max_leaf_nodes=8, early_stopping=False,
            min_samples_leaf=max(10, len(self.groups) // 200), random_state=0,
        )  # fmt: skip

    def _auc(self, guess: Array) -> tuple[float, Array]:
        folds = int(self.fold.max()) + 1
        total, terms = 0.0, np.zeros(len(guess))
        classes = [1] if guess.shape[1] == 2 else list(range(guess.shape[1]))
        for fold in range(folds):
            held = np.flatnonzero(self.fold == fold)
            weight = len(held) / len(guess) / len(classes)
            for group in classes:
                member = self.groups[held] == group
                auc, own = auc_terms(guess[held, group], member)
                total += weight * auc
                terms[held] += weight * own
        return total, terms


def auc_terms(values: Array, member: NDArray[np.bool_]) -> tuple[float, Array]:
    """AUC, and what each person adds to its error (DeLong's placements).

    Examples
    --------
    >>> auc_terms(np.array([1.0, 2.0, 3.0]), np.array([False, True, True]))[0]
    1.0
    """
    above, below = int(member.sum()), int((~member).sum())
    ranks = rankdata(values)
    place = np.empty(len(values))
    place[member] = (ranks[member] - rankdata(values[member])) / below
    place[~member] = 1 - (ranks[~member] - rankdata(values[~member])) / above
    auc = float(place[member].mean())
    terms = place - auc
    terms[member] /= np.sqrt(above * max(above - 1, 1))
    terms[~member] /= np.sqrt(below * max(below - 1, 1))
    return auc, terms
