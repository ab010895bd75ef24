"""Whoever looks at some people of a table holds groups against the reference group of all."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from credit_ml.core import Dataset
from credit_ml.disclosure import disclose
from credit_ml.proxies import alternatives, decompose, intervene
from credit_ml.proxies.interventions.held_out import Trial
from credit_ml.response import Aim, Menu, ResponseOptions
from credit_ml.strategic import LinearShift, Retraining, repeated_refitting
from credit_ml.studies import audit_table

ACTION = {
    "id": "pay",
    "name": "pay",
    "kind": "improving",
    "changes": [{"column": "late", "add": -1.0}],
    "price": 0.0,
    "effort": 0.001,
    "source": "assumed, because this is a test",
}
MENU = {"id": "own", "description": "Own ways.", "actions": [ACTION]}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Two groups nearly as large as each other: in halves, now one is larger, now the other."""
    random = np.random.default_rng(3)
    sex = np.where(np.arange(602) % 2 == 0, "f", "m")
    sex[:2] = "m"  # two more of them
    late = random.normal(size=602) + 0.8 * (sex == "m")
    paid = (random.normal(size=602) > late).astype(int)
    return pd.DataFrame({"late": late, "used": random.normal(size=602), "paid": paid, "sex": sex})


@pytest.fixture(scope="module")
def dataset(frame) -> Dataset:
    factors = {"history": ["late"], "use": ["used"]}
    return Dataset.from_frame(frame, target="paid", sensitive=["sex"], factors=factors)


def of_disclosure(dataset: Dataset, seed: int) -> pd.DataFrame:
    model = LogisticRegression().fit(dataset.X, dataset.y)
    aim = Aim(id="line", name="line", threshold=0.6, value=0.05)
    response = ResponseOptions(menu=Menu.from_dict(MENU), privileges=[aim])
    return disclose(model, dataset, response=response, people=151, seed=seed).table


def of_interventions(dataset: Dataset, seed: int) -> pd.DataFrame:
    asked = {"sensitive": "sex", "trial": Trial(seed=seed)}
    return intervene(LogisticRegression(), dataset, interventions=["drop_use"], **asked).table


def of_alternatives(dataset: Dataset, seed: int) -> pd.DataFrame:
    return alternatives(
        LogisticRegression(), dataset, sensitive="sex", trial=Trial(seed=seed)
    ).table


def of_who_kept(dataset: Dataset, seed: int) -> pd.DataFrame:
    """Of those who kept most are of the other group, whatever the seed."""
    model = LogisticRegression().fit(dataset.X, dataset.y)
    method = "true_positive_shapley"
    return decompose(model, dataset, sensitive="sex", method=method, seed=seed).table


def of_refitting(dataset: Dataset, seed: int) -> pd.DataFrame:
    model = LogisticRegression().fit(dataset.X, dataset.y)
    how = Retraining(output="log_odds", seed=seed)
    return repeated_refitting(model, dataset, LinearShift(strength=0.5), retraining=how).table


@pytest.mark.parametrize(
    "found", [of_disclosure, of_interventions, of_alternatives, of_who_kept, of_refitting]
)
def test_the_reference_group_is_that_of_everybody(found, dataset) -> None:
    for seed in range(8):
        table = found(dataset, seed)
        pairs = table[table["reference_group"] != ""]
        assert len(pairs)
        assert set(pairs["reference_group"]) == {"m"}


def test_an_audit_tells_of_one_reference_group_in_all_its_sections(frame) -> None:
    """Named or not: what people do when told has that of who gets what."""
    asked = {"target": "paid", "sensitive": ["sex"], "menu": MENU, "track": False}
    factors = {"history": ["late"], "use": ["used"]}
    for reference, expected in (([], "m"), (["sex:f"], "f")):
        found = audit_table(frame, factors=factors, reference=reference, progress=False, **asked)
        for kind in ("audit", "disclosure"):
            (table, *_) = [each.table for _, each in found.of_kind(kind)]
            own = table[(table["sensitive"] == "sex") & (table["quantity"] == "difference")]
            told = own[own["measure"].isin(("mean_score", "score_gap_change"))]
            assert set(told["reference_group"]) == {expected}
        (parts, *_) = [each.table for _, each in found.of_kind("comparison")]
        parts = parts[parts["quantity"] == "component"]
        assert set(parts["reference_group"]) == {expected}
