"""Random tables: right, or refused in credit_ml's own words (see `random_tables`)."""

import itertools
import os

import numpy as np
import pandas as pd
import pytest
from random_tables import RandomTable, counted, table_of

import credit_ml as cm

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
        lambda: cm.distribution_distances(table.scores, dataset),
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
