"""Models as others make them: with or without classes, of frames, that stop at what is missing."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import credit_ml as cm
from credit_ml.core import Dataset, ModelError
from credit_ml.fairness import audit, calibration, conditional_disparity, parity
from credit_ml.fairness import distribution_distances as distances

COLUMNS = ["late", "income"]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    sex = rng.integers(0, 3, 400) % 2  # twice as many are 0
    late, income = rng.poisson(1 + sex), rng.normal(10 + 2 * sex, 3)
    kept = (rng.random(400) < 1 / (1 + np.exp(late - income / 6))).astype(int)
    return pd.DataFrame({"late": late, "income": income, "sex": sex, "paid": kept})


@pytest.fixture(scope="module")
def data(frame: pd.DataFrame) -> Dataset:
    return Dataset.from_frame(frame, target="paid", sensitive=["sex"])


@pytest.fixture(scope="module")
def fitted(frame: pd.DataFrame) -> LogisticRegression:
    return LogisticRegression(max_iter=500).fit(frame[COLUMNS], frame["paid"])


class Wrapped:
    """Somebody's own class around a model that was fitted elsewhere."""

    def __init__(self, inside: LogisticRegression) -> None:
        self.inside = inside

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        return self.inside.predict_proba(X)


class OfFrames(Wrapped):
    """Answers with a frame whose columns are the classes."""

    @property
    def classes_(self) -> np.ndarray:
        return self.inside.classes_

    def predict_proba(self, X: pd.DataFrame) -> pd.DataFrame:  # type: ignore[override]
        return pd.DataFrame(self.inside.predict_proba(X), columns=["no", "yes"])


@pytest.mark.parametrize("output", ["score", "probability", "log_odds"])
def test_probabilities_in_a_frame_are_those_in_an_array(
    output: str, data: Dataset, fitted: LogisticRegression
) -> None:
    found = cm.score_function(OfFrames(fitted), output, dataset=data)(data.X)
    expected = cm.score_function(fitted, output, dataset=data)(data.X)
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    one, two = (
        cm.decompose(model, data, sensitive="sex", output=output).table["estimate"]
        for model in (OfFrames(fitted), fitted)
    )
    np.testing.assert_allclose(one, two, rtol=1e-6)


def test_a_flag_of_default_is_turned_round_for_frames_too(frame: pd.DataFrame) -> None:
    flagged = frame.assign(paid=1 - frame["paid"])
    data = Dataset.from_frame(flagged, target="paid", favourable=0, sensitive=["sex"])
    model = LogisticRegression(max_iter=500).fit(flagged[COLUMNS], flagged["paid"])
    found = cm.score_function(OfFrames(model), dataset=data)(data.X)
    np.testing.assert_allclose(found, model.predict_proba(flagged[COLUMNS])[:, 0])


def test_a_model_without_classes_is_told_to_become_a_function(
    data: Dataset, fitted: LogisticRegression
) -> None:
    wrapped = Wrapped(fitted)
    with pytest.raises(ModelError, match=r"^Wrapped: has no classes_, .* give a function: lambda"):
        cm.decompose(wrapped, data, sensitive="sex")
    # Which the user does as it is read.
    told = cm.score_function(lambda X: wrapped.predict_proba(X)[:, 1], dataset=data)(data.X)
    np.testing.assert_allclose(told, fitted.predict_proba(data.X)[:, 1])
    with pytest.raises(ModelError, match="LogisticRegression: is not fitted; call fit first"):
        cm.decompose(LogisticRegression(), data, sensitive="sex")


@pytest.mark.parametrize("rows", [1, 4])
@pytest.mark.parametrize("favourable", [0, 1])
def test_a_model_that_stops_at_gaps_names_the_column(
    frame: pd.DataFrame, fitted: LogisticRegression, rows: int, favourable: int
) -> None:
    gaps = frame.copy()
    gaps.loc[: rows - 1, "income"] = np.nan
    data = Dataset.from_frame(gaps, target="paid", favourable=favourable, sensitive=["sex"])
    number = "1 row;" if rows == 1 else f"{rows} rows;"
    said = rf"LogisticRegression: stops at what is missing: 'income' in {number} fill it, or put"
    with pytest.raises(ModelError, match=said):
        cm.decompose(fitted, data, sensitive="sex")

    def strict(X: pd.DataFrame) -> np.ndarray:
        if X["income"].isna().any():
            raise ValueError("NaN is in X")
        return X["income"].to_numpy()

    with pytest.raises(ModelError, match=r"strict: stops at what is missing: 'income'"):
        cm.decompose(strict, data, sensitive="sex")


def test_what_a_model_says_of_anything_else_is_its_own(data: Dataset) -> None:
    def broken(X: pd.DataFrame) -> np.ndarray:
        raise ValueError("the server is away")

    with pytest.raises(ValueError, match="the server is away"):
        cm.decompose(broken, data, sensitive="sex")


@pytest.mark.parametrize("reference", [0, 1, np.int64(1), "1"])
def test_a_reference_group_may_be_the_number_it_is_in_the_table(
    frame: pd.DataFrame, data: Dataset, fitted: LogisticRegression, reference: object
) -> None:
    """Also 0, which Python takes for nothing, and which is not the largest group here."""
    other = {"0": "1", "1": "0"}[str(reference)]
    chosen = frame["income"] > 10
    found = {
        "conditional": conditional_disparity(
            chosen, data, sensitive="sex", given="late", reference_groups=reference
        ),
        "distances": distances(frame["income"], data, reference_groups=reference),
        "decompose": cm.decompose(fitted, data, sensitive="sex", reference_groups=reference),
        "audit": audit(chosen, data, reference_groups={"sex": reference}),
        "audit, one group": audit(chosen, data, reference_groups=reference),
        "audit, a function": audit(
            chosen, data, reference_groups=reference, metrics={"own": lambda y, d: d.mean()}
        ),
    }
    for name, finding in found.items():
        table = finding.table[finding.table["quantity"] != "four_fifths"]
        pairs = table[table["reference_group"] != ""][["group", "reference_group"]]
        assert set(map(tuple, pairs.to_numpy())) == {(other, str(reference))}, name
    rates = chosen.groupby(frame["sex"].astype(str)).mean()
    expected = rates[other] - rates[str(reference)]
    row = found["audit"].table
    row = row[(row["quantity"] == "difference") & (row["measure"] == "selection_rate")].iloc[0]
    assert row["estimate"] == pytest.approx(expected)
    gap = found["conditional"].table.set_index("quantity")["estimate"]["difference"]
    assert gap == pytest.approx(expected)


def test_a_reference_group_of_dates_is_named_as_the_table_has_it(frame: pd.DataFrame) -> None:
    born = pd.to_datetime(np.where(frame["sex"] == 1, "1980-01-01", "1990-01-01"))
    data = Dataset.from_frame(frame.assign(born=born), target="paid", sensitive=["born"])
    found = distances(frame["income"], data, reference_groups=pd.Timestamp("1990-01-01"))
    assert set(found.table["reference_group"]) == {"1990-01-01"}


@pytest.mark.parametrize("instrument", ["parity", "distances", "calibration", "audit", "disclose"])
def test_a_string_where_a_list_is_meant_is_that_one_name(
    frame: pd.DataFrame, fitted: LogisticRegression, instrument: str
) -> None:
    young = frame.assign(age=np.where(np.arange(400) % 5 == 0, "young", "old"))
    data = Dataset.from_frame(young, target="paid", sensitive=["sex", "age"])
    chosen, chance = frame["income"] > 10, fitted.predict_proba(frame[COLUMNS])[:, 1]
    calls = {
        "parity": lambda names: parity(chosen, data, sensitive=names),
        "distances": lambda names: distances(chance, data, sensitive=names),
        "calibration": lambda names: calibration(chance, data, sensitive=names),
        "audit": lambda names: audit(chosen, data, sensitive=names),
    }
    if instrument == "disclose":
        society = cm.World(citizens=400, seed=3).simulate()
        rater = cm.load_agency("council").fit(society)
        view = rater.agency.view(society)
        options = {"society": society, "people": 60, "regimes": "nothing"}
        one, many = (
            cm.disclose(rater, view, sensitive=names, **options).table
            for names in ("hukou", ["hukou"])
        )
        assert "hukou" in set(one["sensitive"])
    else:
        one, many = (calls[instrument](names).table for names in ("sex", ["sex"]))
        assert set(one["sensitive"]) - {"overall"} == {"sex"}
    pd.testing.assert_frame_equal(one, many)
