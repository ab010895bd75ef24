"""A report on a fitted model of one's own: from a notebook, and from a file on the command line."""

import joblib
import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from typer.testing import CliRunner

import credit_ml as cm
from credit_ml.cli.app import app
from credit_ml.core import InputError, ModelError, TableError
from credit_ml.studies import audit_table, read_model

#: What mlflow's own store says of the libraries below it.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

QUIET = {"track": False, "progress": False}
ASKED = {"target": "default", "favourable": 0, "sensitive": "sex"}


@pytest.fixture
def frame():
    rng = np.random.default_rng(8)
    people = 600
    late, sex = rng.poisson(2, people), rng.choice(["f", "m"], people)
    job = rng.choice(["clerk", "farmer"], people)
    owed = rng.random(people) > 0.85 - 0.15 * late - 0.1 * (sex == "f") + 0.1 * (job == "clerk")
    return pd.DataFrame(
        {
            "job": job,
            "id": np.arange(people) * 7 % 600,
            "late": late,
            "sex": sex,
            "default": owed.astype(int),
        }
    )


@pytest.fixture
def model(frame):
    encoder = make_column_transformer((OneHotEncoder(), ["job"]), remainder="passthrough")
    read = frame[["late", "job"]]
    return make_pipeline(encoder, LogisticRegression()).fit(read, frame["default"])


@pytest.fixture
def dataset(frame):
    factors = {"late": "late", "job": "job"}
    return cm.Dataset.from_frame(frame, factors=factors, **ASKED)


def test_it_says_what_plain_pandas_says(frame, model, dataset, tmp_path):
    page = tmp_path / "page.html"
    found = cm.report(model, dataset, page, threshold=0.6, **QUIET)
    kept = model.predict_proba(frame[["late", "job"]])[:, 0]  # 0 is good here
    rates = pd.Series(kept >= 0.6).groupby(frame["sex"]).mean()
    by = {finding.kind: finding for finding in found.all_findings()}
    assert list(by) == [
        "attribution_bands",
        "audit",
        "comparison",
        "explanation",
        "threshold_curve",
        "quality",
    ]
    for group, rate in rates.items():
        assert by["audit"].by("sex").loc[group, "selection_rate"] == pytest.approx(rate)
    area = by["quality"].where(measure="auc", sensitive="overall").table["estimate"].item()
    assert area == pytest.approx(roc_auc_score(1 - frame["default"], kept))
    parts = by["comparison"].table.set_index("factor")["estimate"]
    gap = kept[frame["sex"] == "f"].mean() - kept[frame["sex"] == "m"].mean()
    assert abs(parts["(gap)"]) == pytest.approx(abs(gap))
    assert parts.drop("(gap)").sum() == pytest.approx(parts["(gap)"])
    assert "that of the fitted model &#39;Pipeline&#39;, as it was given" in page.read_text()
    assert "cm.report(Pipeline, table, threshold=0.6)" in page.read_text()


def test_a_page_that_is_there_is_replaced_only_where_that_is_said(frame, model, dataset, tmp_path):
    """As on the command line, and before any work: the model is not asked."""
    page = tmp_path / "page.html"
    page.write_text("mine")

    class AskedError(Exception):
        pass

    def never(X):
        raise AskedError

    for ask in (
        lambda **how: cm.report(never, dataset, page, **QUIET, **how),
        lambda **how: audit_table(
            frame.drop(columns="id"), model=never, **ASKED, output=page, **QUIET, **how
        ),
    ):
        with pytest.raises(InputError, match=r"page.html: is there already; .*overwrite=True"):
            ask()
        with pytest.raises(AskedError):
            ask(overwrite=True)
    assert page.read_text() == "mine"
    for _ in range(2):
        cm.report(model, dataset, page, overwrite=True, **QUIET)
    assert "<h1" in page.read_text()
    with pytest.raises(InputError, match=r"page.html and .*page.json: are there already"):
        cm.report(model, dataset, page, **QUIET)


@pytest.mark.parametrize("way", ["skops", "joblib", "python"])
def test_the_command_line_says_the_same(frame, model, dataset, tmp_path, way, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame.to_csv("people.csv", index=False)
    skops.io.dump(model, "m.skops")
    joblib.dump(model, "m.joblib")
    asked = {"target": "default", "favourable": 0, "sensitive": "sex", "threshold": 0.6}
    if way == "python":
        made = audit_table(frame, model=model, **asked, **QUIET)
    else:
        words = [f"--{key}={value}" for key, value in asked.items()]
        words += ["--model", f"m.{way}", "--no-track", *(["--trust"] if way == "joblib" else [])]
        ran = CliRunner().invoke(app, ["audit", "people.csv", *words])
        assert ran.exit_code == 0, ran.output
        made = cm.studies.stored_results("people.audit.json")
        assert f"--model m.{way}" in made.provenance["command"]
        assert ("--trust" in made.provenance["command"]) == (way == "joblib")
    told = cm.report(model, dataset, threshold=0.6, **QUIET)
    # The order of factors differs, and with it the last digit.
    for one, other in zip(made.all_findings(), told.all_findings(), strict=True):
        keys = [
            each
            for each in ("measure", "sensitive", "group", "factor", "name", "quantity")
            if each in one.table
        ]
        ours, theirs = (each.table.sort_values(keys)["estimate"] for each in (one, other))
        np.testing.assert_allclose(ours, theirs, atol=1e-9)


@pytest.mark.parametrize("kind", ["function", "regression", "labels", "scores", "own scorer"])
def test_any_kind_of_model(frame, dataset, kind, tmp_path):
    columns = frame[["late"]]
    models = {
        "function": lambda X: -X["late"],
        "regression": LinearRegression().fit(columns, 1 - frame["default"]),
        "labels": LogisticRegression().fit(columns, frame["default"]),
        "scores": -frame["late"],
        "own scorer": cm.scoring.Scorecard().fit(dataset.X, dataset.y),
    }
    found = cm.report(models[kind], dataset, tmp_path / "page.html", **QUIET)
    kinds = {finding.kind for finding in found.all_findings()}
    assert kinds >= {"audit", "comparison"}
    assert ("explanation" in kinds) == (kind != "scores")
    if kind == "own scorer":
        skops.io.dump(models[kind], tmp_path / "m.skops")
        again = cm.report(tmp_path / "m.skops", dataset, **QUIET)
        assert [each.table.to_json() for each in again.all_findings()] == [
            each.table.to_json() for each in found.all_findings()
        ]


class Said:
    """Says the outcome's own value, and has nothing else: most people's is the good one."""

    def __init__(self, good, other):
        self.good, self.other = good, other

    def predict(self, X):
        return np.where(X["late"] <= 3, self.good, self.other)


@pytest.mark.parametrize(("good", "other"), [(1, 0), ("paid", "owed"), (True, False)])
def test_of_labels_alone_those_are_favoured_of_whom_the_good_one_is_said(frame, good, other):
    """And not everybody, where more are said to be good than were."""
    table = frame.assign(outcome=np.where(frame["default"] == 0, good, other)).drop(
        columns=["id", "default"]
    )
    asked = {"target": "outcome", "favourable": good, "sensitive": "sex"}
    data = cm.Dataset.from_frame(table, **asked)
    found = cm.report(Said(good, other), data, **QUIET)
    favoured = frame["late"] <= 3
    assert favoured.mean() > (frame["default"] == 0).mean()
    rates = found.raters[0].of_kind("audit")[0].by("sex")["selection_rate"]
    assert rates.to_dict() == pytest.approx(favoured.groupby(frame["sex"]).mean().to_dict())
    with pytest.raises(ModelError, match="says words that are no values of the outcome"):
        cm.report(Said("good", "bad"), data, **QUIET)


def test_a_model_that_reads_the_sensitive_feature_shows_what_it_carries(frame):
    read = frame[["late", "sex"]].assign(sex=frame["sex"] == "f")
    table = frame.assign(sex=read["sex"])
    model = LogisticRegression().fit(read, frame["default"])
    found = audit_table(table, model=model, **ASKED, **QUIET)
    parts = next(found.of_kind("comparison"))[1].table.set_index("factor")["estimate"]
    assert set(parts.index) == {"late", "(no factor)", "(gap)"}
    assert abs(parts["(no factor)"]) > 0.02


class Stranger:
    """A class that skops does not know."""

    classes_ = (0, 1)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("m.pkl", r"m\.pkl: is no skops but a pickle, which runs .*--trust \(trust=True\)"),
        ("stranger.skops", r"types that are not known to be safe: .*Stranger; if you know who"),
        ("absent.skops", r"is not there; give a \.skops file"),
        ("notes.txt", "ends in no known way"),
        ("broken.skops", r"cannot be read \(\w+: .*write it again"),
        ("models:/nobody/1", "is not known to mlflow"),
    ],
)
def test_a_model_that_cannot_be_taken_is_said(frame, model, tmp_path, monkeypatch, file, message):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    joblib.dump(model, "m.pkl")
    skops.io.dump(Stranger(), "stranger.skops")
    for name in ("notes.txt", "broken.skops"):
        (tmp_path / name).write_text("nothing")
    with pytest.raises(ModelError, match=message) as refused:
        audit_table(frame, model=file, **ASKED, output="p.html")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "p.html").exists()


def test_a_pipeline_that_fills_gaps_needs_no_trust(tmp_path):
    """An imputer keeps the kind of its numbers, which skops asks about."""
    filled = make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(), StandardScaler()), ["late"]),
            (make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder()), ["job"]),
        ),
        LogisticRegression(),
    )
    table = pd.DataFrame({"late": [0.0, 1.0, np.nan, 3.0], "job": ["a", None, "b", "a"]})
    skops.io.dump(filled.fit(table, [1, 0, 1, 0]), tmp_path / "m.skops")
    read = read_model(tmp_path / "m.skops")
    assert (read.predict(table) == filled.predict(table)).all()


def test_a_pickle_is_never_opened_unasked(tmp_path):
    opened = tmp_path / "opened"

    class Bomb:
        def __reduce__(self):
            return opened.write_text, ("it ran",)

    joblib.dump(Bomb(), tmp_path / "m.joblib")
    with pytest.raises(ModelError, match="is no skops but a pickle"):
        read_model(tmp_path / "m.joblib")
    assert not opened.exists()
    read_model(tmp_path / "m.joblib", trust=True)
    assert opened.exists()


@pytest.mark.filterwarnings("ignore::UserWarning")  # mlflow's own, of what it keeps
def test_models_of_mlflow(frame, model, tmp_path, monkeypatch):
    import mlflow

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mlflow.db")
    mlflow.set_experiment("models")  # a study that ran before in this process has left its own
    with mlflow.start_run() as run:
        mlflow.sklearn.log_model(
            model, name="safe", serialization_format="skops", registered_model_name="credit"
        )
        mlflow.sklearn.log_model(model, name="pickled", serialization_format="cloudpickle")
    for place in ("models:/credit/1", f"runs:/{run.info.run_id}/safe"):
        read = read_model(place)
        np.testing.assert_array_equal(read.predict_proba(frame), model.predict_proba(frame))
    with pytest.raises(ModelError, match="is no skops but a pickle"):
        read_model(f"runs:/{run.info.run_id}/pickled")
    assert read_model(f"runs:/{run.info.run_id}/pickled", trust=True).classes_.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda table: table.drop(columns="late"), "reads the column 'late'"),
        (lambda table: table.assign(job="Mrs Lee"), "cannot score the people of table"),
        (lambda table: table.assign(default=table["default"] + 1), "has the classes 5 and 6, and"),
    ],
)
def test_a_model_is_held_against_the_table_first(frame, tmp_path, monkeypatch, spoil, message):
    monkeypatch.chdir(tmp_path)
    frame["default"] += 5
    read = frame[["late", "job"]]
    encoder = make_column_transformer((OneHotEncoder(), ["job"]), remainder="passthrough")
    model = make_pipeline(encoder, LogisticRegression()).fit(read, frame["default"])
    table = spoil(frame)
    asked = {"target": "default", "favourable": table["default"].min(), "sensitive": "sex"}
    with pytest.raises(InputError, match=message) as refused:
        audit_table(table, model=model, **asked, output="p.html")
    assert "Mrs Lee" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_options_that_the_dataset_says_are_refused(model, dataset):
    with pytest.raises(TableError, match="'target' is unknown"):
        cm.report(model, dataset, target="default")
    with pytest.raises(InputError, match="threshold: is 650; give a number on a probability"):
        cm.report(model, dataset, threshold=650, **QUIET)
    with pytest.raises(TableError, match="has a score and a model"):
        audit_table(pd.DataFrame({"s": [1, 2], "x": [1, 2]}), model=model, score="s", sensitive="x")
    with pytest.raises(TableError, match="give one number a person"):
        cm.report([1.0, 2.0], dataset, **QUIET)


def test_of_a_function_of_risk_it_is_said_which_way_is_good(frame, dataset):
    with pytest.raises(ModelError, match="is lower for people with the good outcome"):
        cm.report(lambda X: X["late"], dataset, **QUIET)
    told = {"direction": "lower_is_better", "threshold": 2}
    risk = cm.report(lambda X: X["late"], dataset, **told, **QUIET)
    rate = (frame["late"] <= 2).groupby(frame["sex"]).mean()["f"]
    assert risk.raters[0].findings[0].by("sex").loc["f", "selection_rate"] == pytest.approx(rate)


def test_components_of_a_small_table_hardly_hang_on_who_stands_in():
    """A score that adds its columns up has components that anybody can compute by hand."""
    chance = np.random.default_rng(5)
    table = pd.DataFrame({
        "late": chance.poisson(1, 120), "income": chance.normal(9, 2, 120),
        "sex": ["f", "m", "m"] * 40, "paid": chance.integers(0, 2, 120),
    })  # fmt: skip
    weights = {"late": -40.0, "income": 15.0}

    def points(X):
        return sum(weight * X[name] for name, weight in weights.items())

    means = table.groupby("sex")[[*weights]].mean()
    exact = {name: weights[name] * (means[name]["f"] - means[name]["m"]) for name in weights}
    missed = {"several": [], "one": []}
    for seed in range(12):
        made = audit_table(
            table, model=points, target="paid", sensitive="sex", threshold=90.0,
            direction="higher_is_better", seed=seed, **QUIET,
        )  # fmt: skip
        data = cm.Dataset.from_frame(table, target="paid", sensitive="sex")
        alone = cm.proxies.estimator("block_shapley", references=1)
        one = cm.decompose(points, data, sensitive="sex", method=alone, seed=seed)
        several = next(made.of_kind("comparison"))[1]
        called = cm.decompose(points, data, sensitive="sex", seed=seed).table
        called = called.set_index("factor")["estimate"].to_dict()
        paged = several.table.set_index("factor")["estimate"].to_dict()
        assert paged == pytest.approx(called)  # one value, by page and by call
        for name, found in (("several", several), ("one", one)):
            parts = found.table.set_index("factor")["estimate"]
            missed[name].append(parts["late"] - exact["late"])
            assert parts["(gap)"] == pytest.approx(sum(exact.values()))
    assert np.std(missed["several"]) < 0.7 * np.std(missed["one"])
