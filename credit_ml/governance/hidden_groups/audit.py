"""An audit of decisions where groups are known in another data set alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from credit_ml.core import Array, Dataset, InputError, Mask, Rows, Streams, TableError, conform
from credit_ml.fairness.checks import binary
from credit_ml.governance.hidden_groups.bounds import corrected_gaps, gap_bounds, tells_groups
from credit_ml.governance.hidden_groups.finding import UNITS, HiddenGroups
from credit_ml.inference import Estimate, People, checked_level
from credit_ml.scoring import FeatureEncoder

#: Fewest people of the data set that knows groups, inside and outside.
FEWEST = 40


@dataclass(frozen=True, kw_only=True)
class HiddenOptions:
    """How the group is inferred, and what is known beside it.

    Examples
    --------
    >>> HiddenOptions(columns=("district_price",)).cells
    20
    """

    columns: tuple[str, ...] | None = None
    """Columns from which the group is inferred; all that both data sets have by default."""
    cells: int = 20
    """At most so many cells, quantiles of the chance to be of the group. More are sharper bounds
    from fewer people each."""
    decided_there: Any = None
    """Decisions in the data set that knows groups, if they are known: for "by_decision" and
    "surveyed"."""
    proxy: str = "records"
    """What the columns are called."""
    seed: int = 0
    """Which half of the data set that knows groups trains the guess."""

    def __post_init__(self) -> None:
        usable = isinstance(self.cells, int) and self.cells >= 2
        InputError.unless(usable, "cells", f"are {self.cells!r}", "give at least 2")


def hidden_groups(
    decided: ArrayLike,
    dataset: Dataset,
    knowing: Dataset,
    *,
    sensitive: str,
    group: str,
    options: HiddenOptions | None = None,
    intervals: float = 0.95,
) -> HiddenGroups:
    """Audit decisions of people whose group is not on file, with a data set that knows groups.

    Half of the data set that knows groups (a census, a survey) trains boosted trees to guess the
    group from columns that both have; the other half says how often they are right. The gap is then
    that of inferred groups, weighted, corrected, and bounded (`HiddenGroups`). Where `dataset`
    itself holds the feature, the truth stands beside them and every method's error is measured:
    nothing else reads it. Where decisions of the data set that knows groups are known, what it
    shows by itself stands beside them too: who can ask people need not guess.

    Intervals count people, of both data sets. That of the bounds together, from the lower end of
    the least to the upper end of the largest, holds the truth at least as often as its level.

    Cost: one fit, and a few passes.

    Parameters
    ----------
    decided : array-like of 0 and 1
        Whether each person of `dataset` was selected.
    dataset : Dataset
    knowing : Dataset
        Other people, with the sensitive feature.
    sensitive, group : str
        The group is held against everybody else.
    options : HiddenOptions, optional
    intervals : float
        Level.

    Raises
    ------
    TableError
        When a column is absent, or too few of the group, or of others, are known.

    References
    ----------
    See `HiddenGroups.citations`.

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> frame = pd.DataFrame({"sex": random.choice(["f", "m"], 2000)})
    >>> frame["height"] = (frame["sex"] == "m") + random.normal(size=2000) / 4
    >>> data = Dataset.from_frame(frame, target=None, sensitive="sex")
    >>> one, other = data.take(np.arange(1000)), data.take(np.arange(1000, 2000))
    >>> taken = random.random(1000) < np.where(one.groups("sex") == "f", 0.3, 0.5)
    >>> found = hidden_groups(taken, one, other, sensitive="sex", group="f")
    >>> error = found.table.query("measure == 'error' and method == 'inferred'")["estimate"]
    >>> bool(abs(error.item()) < 0.05)
    True
    """
    options, level = options or HiddenOptions(), checked_level(intervals)
    taken = binary(decided, "decided", dataset.X.index) == 1
    case = _Hidden.of(taken, dataset, knowing, sensitive, group, options)
    labels = {"sensitive": sensitive, "group": group, "proxy": options.proxy}
    labels["reference_group"] = "others"
    rows = [labels | row for row in case.rows(level)]
    given = {row["method"] for row in rows}
    parameters: dict[str, Any] = {"sensitive": sensitive, "group": group, "proxy": options.proxy}
    parameters |= {"columns": list(case.columns), "cells": len(case.cells)}
    return HiddenGroups(
        table=conform(rows, people=len(dataset)).assign(
            unit=lambda table: table["measure"].map(UNITS)
        ),
        title=f"An audit without {sensitive} on file",
        parameters=parameters | {"intervals": level, "intervals_over": "people"},
        seed=options.seed,
        notes=(
            "Bounds are sharp for the cells: finer ones can be narrower.",
            "Corrected groups take errors of the guess to be alike among selected and refused.",
            *_unsaid(given, options),
        ),
    )


def _unsaid(given: set[str], options: HiddenOptions) -> Iterator[str]:
    """Yield why a way to correct has no gap."""
    if "inferred" not in given:
        yield f"From {options.proxy}, nobody is guessed to be of one group: none is inferred."
    elif "corrected" not in given:
        nothing = "the guess tells the group of nobody whose group is known"
        yield f"From {options.proxy}, {nothing}: there is no gap 'corrected' or 'by_decision'."
    elif options.decided_there is not None and "by_decision" not in given:
        nothing = "the guess tells nobody's group among the selected, or among the refused"
        yield f"From {options.proxy}, {nothing}: there is no gap 'by_decision'."


@dataclass(frozen=True, kw_only=True, eq=False)
class _Hidden:
    """The guess, and what both data sets say by cell of it."""

    columns: tuple[str, ...]
    taken: Mask
    guess: Array
    """Chance to be of the group, of the people decided of."""
    held_guess: Array
    held_member: Mask
    held_taken: Mask | None
    surveyed: Estimate | None
    """Gap among all people whose group is known, where decisions are known there too."""
    cells: Array
    member: Mask | None
    """The truth, for errors alone."""

    @classmethod
    def of(
        cls,
        taken: Mask,
        dataset: Dataset,
        knowing: Dataset,
        sensitive: str,
        group: str,
        options: HiddenOptions,
    ) -> "_Hidden":
        both = [name for name in knowing.X.columns if name in dataset.X.columns]
        columns = tuple(map(str, both if options.columns is None else options.columns))
        for name in columns:
            absent = f"column '{name}' is absent"
            TableError.unless(name in both, "hidden groups", absent, "name one that both have")
        member = _members(knowing, sensitive, group)
        trained = Streams(options.seed).generator("hidden_groups.half").random(len(member)) < 0.5
        model, encoder = _trained(knowing.X.loc[trained, list(columns)], member[trained])

        def chance(X: pd.DataFrame) -> Array:
            return np.asarray(model.predict_proba(encoder.transform(X[list(columns)]))[:, 1])

        held = ~trained
        guess, held_guess = chance(dataset.X), chance(knowing.X[held])
        place, held_place = _cells_of(held_guess, guess, options.cells)
        table = np.zeros((int(held_place.max()) + 1, 4))
        inside = member[held]
        of = ((place, taken), (place, ~taken), (held_place, inside), (held_place, ~inside))
        for column, (where, who) in enumerate(of):
            table[:, column] = np.bincount(where[who], minlength=len(table))
        there = options.decided_there
        known = None if there is None else binary(there, "decided_there", knowing.X.index) == 1
        truth = sensitive in dataset.sensitive.columns
        return cls(
            columns=columns,
            taken=taken,
            guess=guess,
            held_guess=held_guess,
            held_member=member[held],
            held_taken=None if known is None else known[held],
            surveyed=None if known is None else _gap_of(known, member),
            cells=table,
            member=_members(dataset, sensitive, group) if truth else None,
        )

    def rows(self, level: float) -> Iterator[dict[str, Any]]:
        """Yield every method's gap, and its error where the truth is known."""
        gaps = self._gaps()
        truth = None
        if self.member is not None:
            real = _gap_of(self.taken, self.member)
            truth = float(real.value)
            labels = {"measure": "gap", "quantity": "difference", "method": "truth"}
            yield labels | real.facts(level)
        for method, gap in gaps.items():
            of = {"quantity": "difference", "method": method}
            facts = gap.facts(level)
            yield of | {"measure": "gap"} | facts
            if truth is not None and method not in ("least", "largest"):
                error = facts["estimate"] - truth
                yield of | {"measure": "error", "estimate": error}
                if "inferred" in gaps and method != "inferred":
                    worse = abs(error) - abs(float(gaps["inferred"].value) - truth)
                    yield {"method": method, "measure": "worse", "estimate": worse}
        least, largest = (float(gaps[name].value) for name in ("least", "largest"))
        yield {"measure": "width", "method": "bounds", "estimate": largest - least}
        yield {"measure": "signed", "method": "bounds", "estimate": float(least * largest > 0)}
        if truth is not None:
            holds = float(least - 1e-12 <= truth <= largest + 1e-12)
            yield {"measure": "holds", "method": "bounds", "estimate": holds}
        held = People(len(self.held_member))
        auc = held.auc(self.held_guess, self.held_member)
        yield {"measure": "auc", "method": "guess"} | auc.facts(level)
        right = held.share((self.held_guess > 0.5) == self.held_member)
        yield {"measure": "right", "method": "guess"} | right.facts(level)

    def _gaps(self) -> dict[str, Estimate]:
        three = gap_bounds(self.cells)
        found = {"weighted": three[1], "least": three[0], "largest": three[2]}
        if self.surveyed is not None:
            found["surveyed"] = self.surveyed
        inside, held = self.guess > 0.5, self.held_guess > 0.5
        seen = _crossed(inside, self.taken)
        if seen.sum(axis=1).min() > 0:
            # As of a guess without errors: it counts those decided of alone.
            found = {"inferred": corrected_gaps(seen, np.eye(2))[0], **found}
            for method, errors in self._errors(held):
                if tells_groups(errors):
                    found[method] = corrected_gaps(seen, errors)[1]
        return found

    def _errors(self, held: Mask) -> Iterator[tuple[str, Array]]:
        """Yield people whose group is known, by guess and group, for each way to correct."""
        yield "corrected", _crossed(held, self.held_member)
        if self.held_taken is not None:
            both = (~self.held_taken, self.held_taken)
            known = [_crossed(held[some], self.held_member[some]) for some in both]
            yield "by_decision", np.stack(known)


def _gap_of(taken: Mask, member: Mask) -> Estimate:
    """Share selected of members less that of others."""
    people = People(len(taken))
    return people.share(taken, member) - people.share(taken, ~member)


def _members(dataset: Dataset, sensitive: str, group: str) -> Mask:
    groups = dataset.groups(sensitive)
    known = [str(each) for each in groups.cat.categories]
    place = f"{dataset.name or 'table'}, {sensitive}"
    TableError.unless(group in known, place, f"has no group '{group}'", f"give {', '.join(known)}")
    member = np.asarray(groups == group)
    counts = (int(member.sum()), int((~member).sum()))
    problem = f"has {counts[0]} people of '{group}' and {counts[1]} others"
    TableError.unless(min(counts) >= FEWEST, place, problem, f"give at least {FEWEST} of each")
    return member


def _trained(X: pd.DataFrame, member: Mask) -> tuple[Any, FeatureEncoder]:
    from sklearn.ensemble import HistGradientBoostingClassifier

    encoder = FeatureEncoder().fit(X)
    model = HistGradientBoostingClassifier(
        max_iter=60,
        max_leaf_nodes=8,
        min_samples_leaf=max(10, len(X) // 200),
        early_stopping=False,
        random_state=0,
    )
    return model.fit(encoder.transform(X), member), encoder


def _cells_of(held: Array, guess: Array, cells: int) -> tuple[Rows, Rows]:
    """Cells of both data sets: quantiles of the chance, cut so that each holds people who know."""
    cuts = np.unique(np.quantile(held, np.arange(1, cells) / cells))
    place = np.searchsorted(cuts, guess, side="right")
    held_place = np.searchsorted(cuts, held, side="right")
    return place.astype(np.intp), held_place.astype(np.intp)


def _crossed(one: Mask, other: Mask) -> Array:
    """People by both, shape (2, 2)."""
    return np.bincount(2 * one + other, minlength=4).reshape(2, 2).astype(np.float64)
