"""What findings of decompositions say of themselves."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, InputError
from credit_ml.proxies import decompose, estimator, flow_decomposition, proxy_discrimination
from credit_ml.proxies.decomposition.attribute import REFERENCES, attribute
from credit_ml.proxies.decomposition.estimators.refit import _seen
from credit_ml.scoring import LogisticScorer, cross_fit
from credit_ml.society import load_world


def test_an_unknown_method_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"^method: 'shaply' is unknown"):
        estimator("shaply")


def test_a_flow_is_tracked_by_source_and_by_carrier() -> None:
    society = load_world("unequal_reporting", citizens=600).simulate()
    rater = load_agency("council").fit(society)
    names = set(flow_decomposition(rater, society, sensitive="hukou").metrics())
    sides = {name.split(".")[1] for name in names}
    assert sides == {"source", "carrier"}
    assert "proxies.source.hukou.rural.reporting" in names
    assert any(name.startswith("proxies.carrier.hukou.rural.history") for name in names)


@pytest.fixture
def dataset() -> Dataset:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "late": rng.poisson(2, 300).astype(float),
            "income": rng.normal(30, 8, 300),
            "sex": rng.choice(["f", "m"], 300),
            "paid": rng.integers(0, 2, 300),
        }
    )
    return Dataset.from_frame(frame, target="paid", sensitive=["sex"])


def test_attributions_of_folds_keep_whom_each_was_held_against(dataset: Dataset) -> None:
    fitted = cross_fit(LogisticScorer(), dataset, folds=3)
    found = attribute(fitted, dataset, output="log_odds")
    assert found.references is not None
    assert found.references.shape == (REFERENCES, 300)


def test_a_model_sees_the_columns_that_it_was_fitted_on(dataset: Dataset) -> None:
    scorer = LogisticScorer().fit(dataset.X[["late"]], dataset.y)
    assert _seen(scorer, dataset).columns.tolist() == ["late"]
    assert _seen(object(), dataset).columns.tolist() == ["late", "income"]


def test_strata_without_people_of_the_reference_are_counted(dataset: Dataset) -> None:
    top = dataset.X["income"] > dataset.X["income"].quantile(0.7)
    frame = pd.DataFrame({"late": dataset.X["late"], "income": dataset.X["income"]})
    frame["sex"] = np.where(top, "f", np.where(np.arange(300) % 3 == 0, "f", "m"))
    data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    method = estimator("within_stratum", stratum="income", bins=5)
    found = decompose(
        lambda X: -X["late"], data, sensitive="sex", method=method, reference_groups="m"
    )
    assert found.table["estimate"].notna().all()


def test_an_additive_score_of_one_factor_is_named_by_its_method(dataset: Dataset) -> None:
    fitted = LogisticScorer().fit(dataset.X, dataset.y)
    found = decompose(
        fitted, dataset, sensitive="sex", method="kitagawa_oaxaca_blinder", output="log_odds"
    )
    assert set(found.table["method"]) == {"kitagawa_oaxaca_blinder"}


def test_given_scores_are_priced_by_the_reference_group_under_the_known_name(
    dataset: Dataset,
) -> None:
    scores = pd.Series(dataset.X["late"] * 2.0 + dataset.X["income"], index=dataset.X.index)
    found = decompose(scores, dataset, sensitive="sex", method="kitagawa_oaxaca_blinder")
    assert set(found.table["method"]) == {"kitagawa_oaxaca_blinder"}


def test_proxy_discrimination_is_tracked_by_measure(dataset: Dataset) -> None:
    found = proxy_discrimination(lambda X: X["late"] + X["income"], dataset, sensitive="sex")
    measures = set(found.table["measure"])
    assert set(found.metrics()) == {f"proxies.{measure}.sex" for measure in measures}
