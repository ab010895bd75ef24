"""Random tables: counted as pandas alone counts them, or refused in credit_ml's own words.

`table_of` draws columns of every kind that people keep in frames: numbers of several widths,
nullable ones, text, categories, dates, durations, decimals, mixed kinds, with and without missing
values, with odd names and indices. Nothing here knows how credit_ml reads them.
"""

import itertools
import os
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

import credit_ml as cm

NAMES = (
    "sex", "age group", "(gap)", "a x b", "estimate", "group", "people", "kept", "income band",
    "ΔΕΗ", "", "x0", "overall", "count", "sensitive", "selected", "y_true", "cluster", "score",
)  # fmt: skip  # a list of words


@dataclass(frozen=True)
class RandomTable:
    """A frame with its roles, and who was selected."""

    frame: pd.DataFrame
    target: Any
    favourable: Any
    sensitive: list[Any]
    cluster: Any
    selected: np.ndarray
    scores: np.ndarray


def _groups(rng: np.random.Generator, n: int) -> pd.Series:
    few = rng.integers(0, int(rng.integers(1, 6)), n)
    kind = int(rng.integers(0, 16))
    days = pd.Series(pd.Timestamp("1980-01-01") + pd.to_timedelta(few, unit="D"))
    makers = [
        lambda: pd.Series(few),
        lambda: pd.Series(few.astype("float32") / np.float32(10)),
        lambda: pd.Series(few / 10),
        lambda: pd.Series(few, dtype="Int16"),
        lambda: pd.Series(np.array(list("fmxyz"))[few]),
        lambda: pd.Series(np.array(list("fmxyz"))[few], dtype="string"),
        lambda: pd.Series(pd.Categorical(np.array(list("fmxyz"))[few], categories=list("zyxmfq"))),
        lambda: pd.Series(pd.Categorical(few)),
        lambda: pd.Series(few % 2 == 0),
        lambda: pd.Series(few % 2 == 0, dtype="boolean"),
        lambda: days,
        lambda: pd.Series(pd.to_timedelta(few, unit="D")),
        lambda: pd.Series([Decimal(int(each)) / 4 for each in few]),
        lambda: pd.Series([int(each) if each % 2 else str(each) for each in few], dtype=object),
        lambda: pd.Series(np.array(["a", "a ", "A", "(missing)", "nan"])[few]),
        lambda: days.dt.date,
    ]
    column = makers[kind]()
    if rng.random() < 0.15:
        column = column.astype(object).where(rng.random(n) > 0.1, None)
    return column


def _feature(rng: np.random.Generator, n: int) -> pd.Series:
    kind = int(rng.integers(0, 9))
    numbers = rng.normal(0, 10.0 ** rng.integers(-3, 9), n)
    makers = [
        lambda: pd.Series(numbers),
        lambda: pd.Series(numbers.astype("float32")),
        lambda: pd.Series(rng.integers(0, 2**40, n)),
        lambda: pd.Series(rng.integers(0, 4, n), dtype="Int8"),
        lambda: pd.Series(rng.integers(0, 2, n).astype(bool)),
        lambda: pd.Series(np.full(n, 3.0)),
        lambda: pd.Series(np.full(n, np.nan)),
        lambda: pd.Series(np.array(["red", "green", "blue"])[rng.integers(0, 3, n)]),
        lambda: pd.Series(pd.Categorical(rng.integers(0, 3, n))),
    ]
    column = makers[kind]()
    if rng.random() < 0.2 and kind < 2:
        column = column.where(rng.random(n) > 0.2)
    return column


def _outcome(rng: np.random.Generator, n: int) -> tuple[pd.Series, Any, np.ndarray]:
    kept = rng.random(n) < rng.choice([0.02, 0.3, 0.5, 0.8, 0.99])
    pairs: list[tuple[Any, Any]] = [
        (1, 0),
        (0, 1),
        ("good", "late"),
        (True, False),
        (2, 1),
        (-1.0, 1.0),
    ]
    good, bad = pairs[int(rng.integers(0, len(pairs)))]
    if n > 1 and rng.random() < 0.95:  # else one class alone, which is refused
        kept[:2] = [True, False]
    column = pd.Series([good if each else bad for each in kept])
    if rng.random() < 0.2:
        column = column.astype("category")
    return column, good, kept


def table_of(seed: int) -> tuple[RandomTable, np.ndarray]:
    """Return the table of a seed, and who kept."""
    rng = np.random.default_rng(seed)
    n = int(rng.choice([1, 2, 3, 7, 40, 150, 400]))
    names = list(rng.permutation([name for name in NAMES if name or rng.random() < 0.2]))
    sensitive = [names.pop() for _ in range(int(rng.integers(1, 4)))]
    target, cluster = names.pop(), (names.pop() if rng.random() < 0.3 else None)
    outcome, good, kept = _outcome(rng, n)
    columns = {name: _groups(rng, n) for name in sensitive}
    columns |= {names.pop(): _feature(rng, n) for _ in range(int(rng.integers(1, 5)))}
    columns[target] = outcome
    if cluster is not None:
        columns[cluster] = pd.Series(rng.integers(0, int(rng.integers(1, 30)), n))
    frame = pd.DataFrame(columns)[list(rng.permutation(list(columns)))]
    if rng.random() < 0.3:
        frame.index = pd.Index(rng.integers(0, 3, n))
    scores = np.round(rng.normal(0, 1, n), int(rng.integers(0, 4)))
    selected = scores > rng.choice([-9.0, -1.0, 0.0, 1.0, 9.0])
    return RandomTable(frame, target, good, sensitive, cluster, selected, scores), kept


def counted(table: RandomTable, kept: np.ndarray, by: list[Any]) -> pd.DataFrame:
    """People, selected, kept and both, by groups: pandas alone."""
    people = pd.DataFrame({"people": 1, "selected": table.selected, "kept": kept})
    people["both"] = people["selected"] & people["kept"]
    people["lost"] = people["selected"] & ~people["kept"]
    people["score"] = table.scores
    keys = [table.frame[name].reset_index(drop=True).astype(str) for name in by]
    people = people.astype(float)
    return people.groupby(keys, observed=True, dropna=False).sum()


#: 1,000 tables in every run of the tests; CREDIT_ML_TABLES=20000 for a validation run.
TABLES = int(os.environ.get("CREDIT_ML_TABLES", "1000"))
BATCH = 50
RATES = {
    "selection_rate": ("selected", "people"),
    "true_positive_rate": ("both", "kept"),
    "mean_score": ("score", "people"),
}


def _taken(table: RandomTable) -> cm.Dataset | None:
    try:
        return cm.Dataset.from_frame(
            table.frame,
            target=table.target,
            favourable=table.favourable,
            sensitive=table.sensitive,
            cluster=table.cluster,
            missing_sensitive="group",
        )
    except cm.CreditMLError:
        return None


def _same(ours: pd.Series, theirs: pd.Series) -> None:
    """The same values whatever the groups are called."""
    assert len(ours) == len(theirs)
    order = sorted(ours.fillna(np.inf)), sorted(theirs.fillna(np.inf))
    np.testing.assert_allclose(*order, rtol=1e-9, atol=1e-12)


def _check_values(table: RandomTable, kept: np.ndarray, rows: pd.DataFrame) -> None:
    audited = [[name] for name in table.sensitive]
    for size in (2, len(table.sensitive)):
        audited += [list(each) for each in itertools.combinations(table.sensitive, size)]
    for by in {tuple(each): each for each in audited if len(each) <= len(table.sensitive)}.values():
        theirs = counted(table, kept, by)
        mine = rows[rows["sensitive"].eq(" x ".join(by)) & rows["quantity"].eq("value")]
        for measure, (part, whole) in RATES.items():
            ours = mine[mine["measure"].eq(measure)]
            ours = ours[ours["people"] > 0] if len(by) > 1 else ours
            with np.errstate(invalid="ignore", divide="ignore"):
                _same(ours["estimate"], theirs[part] / theirs[whole])
    inside = (
        rows["estimate"].isna()
        | rows["low"].isna()
        | ((rows["low"] <= rows["estimate"] + 1e-9) & (rows["estimate"] <= rows["high"] + 1e-9))
    )
    assert inside.all(), rows[~inside]


def _check_other_instruments(table: RandomTable, dataset: cm.Dataset) -> None:
    for measure in (
        lambda: cm.parity(table.selected, dataset),
        lambda: cm.adverse_impact(table.selected, dataset),
        lambda: cm.quality(table.scores, dataset),
        lambda: cm.fairness.distribution_distances(table.scores, dataset),
    ):
        try:
            rows = measure().table
        except cm.CreditMLError:
            continue
        ends = rows[["low", "high"]].to_numpy(dtype=float)
        assert not (ends[:, 0] > ends[:, 1] + 1e-9).any(), rows


@pytest.mark.parametrize("first", range(0, TABLES, BATCH))
def test_random_tables_are_counted_as_pandas_counts_them_or_refused(first: int) -> None:
    for seed in range(first, min(first + BATCH, TABLES)):
        table, kept = table_of(seed)
        dataset = _taken(table)
        if dataset is None:
            continue
        try:
            rows = cm.audit(table.selected, dataset, scores=table.scores).table
            _check_values(table, kept, rows)
            _check_other_instruments(table, dataset)
        except cm.CreditMLError:
            continue
        except Exception as error:
            raise AssertionError(f"table {seed}: {error!r}") from error
