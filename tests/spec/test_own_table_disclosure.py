"""People of a table of one's own are told about its scores, and do what a menu lets them."""

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from typer.testing import CliRunner

from credit_ml.cli.app import app
from credit_ml.core import Dataset, InputError, MenuError, ModelError
from credit_ml.disclosure import disclose, recourse
from credit_ml.response import Aim, Menu, ResponseOptions
from credit_ml.scoring import LogisticScorer, cross_fit, score_function
from credit_ml.studies import TableAudit, audit_table
from credit_ml.studies.own_table.disclosure import disclosed, out_of_fold, telling
from credit_ml.studies.own_table.spec import TOLD

FACTORS = {"history": ["late"], "use": ["drawn", "job"]}


def act(name, column, *, kind="cosmetic", effort=0.001, price=0.0, **moves):
    return {
        "id": name,
        "name": name,
        "kind": kind,
        "changes": [{"column": column, **moves}],
        "price": price,
        "effort": effort,
        "source": "assumed, because this is a test",
    }


def menu_of(*actions):
    return Menu.from_dict({"id": "own", "description": "Own ways.", "actions": list(actions)})


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(8)
    rows = 500
    late, drawn = rng.poisson(2, rows).astype(float), rng.uniform(0, 1, rows)
    kept = rng.random(rows) < 0.95 - 0.12 * late - 0.3 * drawn
    late[rng.random(rows) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "late": late,
            "drawn": drawn,
            "job": rng.choice(["clerk", "none"], rows),
            "age": rng.integers(18, 80, rows),
            "sex": rng.choice(["f", "m"], rows),
            "income": rng.uniform(1, 9, rows),
            "paid": kept.astype(int),
        }
    )


@pytest.fixture(scope="module")
def menu():
    return menu_of(
        act("repay", "drawn", kind="improving", multiply=0.7, low=0),
        act("shift", "drawn", add=-0.2, low=0, effort=0.0005),
        act("mend", "late", kind="improving", multiply=0.5, low=0, effort=0.01),
    )


@pytest.fixture(scope="module")
def dataset(frame):
    return Dataset.from_frame(frame, target="paid", sensitive=["sex"], factors=FACTORS)


@pytest.fixture(scope="module")
def model(dataset):
    return cross_fit(LogisticScorer(), dataset, folds=3)


@pytest.fixture(scope="module")
def results(frame, menu):
    return audit_table(
        frame,
        target="paid",
        sensitive=["sex"],
        factors=FACTORS,
        menu=menu,
        folds=3,
        income="income",
        track=False,
        progress=False,
    )


def overall(finding, measure):
    table = finding.table
    chosen = (table["measure"] == measure) & (table["sensitive"] == "overall")
    return table[chosen].set_index("regime")["estimate"]


def test_every_trained_scorer_is_told_about(results):
    for rater in results.raters:
        (found,) = rater.of_kind("disclosure")
        assert tuple(found.table["regime"].unique()) == TOLD
        assert found.parameters["people"] == 500
        assert overall(found, "share_who_act")["nothing"] == 0
        assert overall(found, "wasted")["full"] == 0
        assert any("assumed" in note for note in found.notes)


def test_before_anybody_acts_decisions_are_those_of_the_audit(results):
    for rater in results.raters:
        (found,), (audit,) = rater.of_kind("disclosure"), rater.of_kind("audit")
        audited = audit.table.query("quantity == 'value' and measure == 'accuracy'")
        everybody = audited[audited["sensitive"] == "overall"]["estimate"]
        assert overall(found, "accuracy")["nothing"] == pytest.approx(float(everybody.iloc[0]))


def test_improvement_moves_no_outcome_on_file(results):
    for rater in results.raters:
        (found,) = rater.of_kind("disclosure")
        for measure in ("accuracy", "auc"):
            assert (
                overall(found, measure).to_dict()
                == overall(found, f"{measure}_as_before").to_dict()
            )


def test_everybody_keeps_the_model_that_never_saw_them(dataset, model):
    rows = np.arange(0, 500, 3)
    people = dataset.take(rows)
    score = out_of_fold(model, rows)
    assert score(people.X) == pytest.approx(model.probability[rows])
    moved = people.X.assign(drawn=0.0).iloc[::-2]
    for number, (members, each) in enumerate(model.folds):
        who = moved.index[np.isin(rows[moved.index], members)]
        assert len(who), number
        assert score(moved.loc[who]) == pytest.approx(
            score_function(each, "probability")(moved.loc[who])
        )
    with pytest.raises(ModelError, match="does not know"):
        score(dataset.X)


def test_one_fold_alone_gives_what_its_own_model_gives(dataset, model, frame, menu):
    """The model that can only be asked and the one that is read agree, person by person."""
    told = telling(TableAudit(menu=menu), dataset)
    rows, own = model.folds[0]
    aim = Aim(id="line", name="line", threshold=0.6, value=0.05)
    response = ResponseOptions(menu=menu, privileges=[aim])
    asked = {"response": response, "regimes": told.regimes, "people": None}
    one = disclose(out_of_fold(model, rows), dataset.take(rows), **asked)
    other = disclose(own, dataset.take(rows), **asked)
    for measure in ("share_who_act", "spending", "points_gained", "welfare", "wasted"):
        assert overall(one, measure).to_numpy() == pytest.approx(
            overall(other, measure).to_numpy(), abs=1e-9
        )


def test_a_decision_worth_nothing_moves_nobody(dataset, model, frame, menu):
    told = telling(TableAudit(menu=menu, value=0.0), dataset)
    found = disclosed(model, dataset, told, threshold=0.6, seed=0)
    assert (overall(found, "share_who_act") == 0).all()


def test_a_pipeline_of_scikit_learn_is_told_about_with_a_menu_of_ones_own(frame, menu):
    """No agency, no society, no truth: a model, a table and a menu."""
    numbers = ["late", "drawn"]
    table = Dataset.from_frame(
        frame, target="paid", sensitive=["sex"], factors={"history": ["late"], "use": ["drawn"]}
    )
    pipeline = make_pipeline(SimpleImputer(), LogisticRegression()).fit(
        table.X[numbers], table.y.to_numpy()
    )
    aim = Aim(id="loan", name="loan", threshold=0.6, value=0.05)
    response = ResponseOptions(menu=menu, privileges=[aim])
    found = disclose(pipeline, table, response=response, regimes=TOLD, people=None)
    scores = pipeline.predict_proba(table.X)[:, 1]
    assert overall(found, "accuracy")["nothing"] == pytest.approx(
        ((scores >= 0.6) == table.y.to_numpy()).mean()
    )
    assert overall(found, "share_who_act")["full"] > 0
    assert overall(found, "wasted")["full"] == 0
    # Whoever can pass at a cost below its worth does; nobody else acts.
    best = scores.copy()
    for bundle in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2)):
        X = table.X
        for number in bundle:
            change = menu.actions[number].changes[0]
            X = X.assign(**{change.column: change.apply(X[change.column])})
        best = np.maximum(best, pipeline.predict_proba(X)[:, 1])
    assert overall(found, "share_who_act")["full"] == pytest.approx(
        ((scores < 0.6) & (best >= 0.6)).mean()
    )


BAD = {
    "an unknown column": ({"menu": menu_of(act("a", "lat", add=-1))}, "did you mean 'late'"),
    "a column of a society": ({"menu": menu_of(act("a", "diapers", add=1))}, "unknown"),
    "what no score reads": ({"menu": menu_of(act("a", "nought", add=1))}, "no score moves with it"),
    "privileges that are none": ({"privileges": {"a loan": {"value": 0.1}}}, "threshold"),
    "words": ({"menu": menu_of(act("a", "job", add=1))}, "holds no numbers"),
    "what bands are cut from": (
        {
            "menu": menu_of(act("a", "born", add=1)),
            "sensitive": ["born:30,60"],
            "factors": {"all": ["late", "born"]},
        },
        "sensitive feature 'born'",
    ),
    "an unknown regime": ({"regimes": ["ful"]}, "did you mean 'full'"),
    "a regime of friends": ({"regimes": ["friends"]}, "needs ties"),
    "a set of models": ({"regimes": ["models"]}, "needs one model"),
    "a value below zero": ({"value": -0.1}, "at least 0"),
    "an unknown income": ({"income": "incom"}, "did you mean 'income'"),
    "an income of words": ({"income": "job"}, "is no number"),
    "an income of nought": ({"income": "nought"}, "above zero"),
    "given scores": ({"score": "income"}, "is given"),
    "a menu that is not there": ({"menu": "none.toml"}, "none.toml: is not there"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_before_any_work(case, frame, menu, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options, message = BAD[case]
    asked = {"target": "paid", "sensitive": ["sex"], "factors": FACTORS, "menu": menu, **options}
    table = frame.assign(born=frame["age"], nought=0.0)
    with pytest.raises(InputError, match=message) as refused:
        audit_table(table, output="r.html", progress=False, **asked)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("instrument", [disclose, recourse])
def test_no_menu_makes_people_somebody_else(instrument, frame):
    table = Dataset.from_frame(
        frame.assign(age_band=np.where(frame["age"] < 30, "young", "old"), years=frame["age"]),
        target="paid",
        sensitive=["age_band"],
        factors={"all": ["late", "drawn"]},
    )
    model = LogisticRegression().fit(table.X.fillna(0), table.y.to_numpy())
    changed = Menu.from_dict(
        {"id": "own", "description": "", "actions": [act("a", "late", add=-1, low=0)]}
    )
    older = changed.model_copy(
        update={
            "actions": (
                changed.actions[0].model_copy(
                    update={
                        "changes": (
                            changed.actions[0].changes[0].model_copy(update={"column": "age_band"}),
                        )
                    }
                ),
            )
        }
    )
    aim = Aim(id="loan", name="loan", threshold=0.6, value=0.05)
    how = {"menu": older, "threshold": 0.6}
    if instrument is disclose:
        how = {"response": ResponseOptions(menu=older, privileges=[aim])}
    with pytest.raises(MenuError, match="sensitive feature 'age_band'"):
        instrument(model, table, **how)


def test_the_command_writes_a_report_with_its_own_command(frame, tmp_path):
    (tmp_path / "m.toml").write_text(
        'id = "own"\ndescription = ""\n\n'
        '[[actions]]\nid = "mend"\nname = "mend"\nkind = "improving"\n'
        'changes = [{ column = "late", add = -1, low = 0 }]\nprice = 0.0\neffort = 0.01\n'
        'source = "assumed, because this is a test"\n',
        encoding="utf-8",
    )
    frame.to_csv(tmp_path / "people.csv", index=False)
    ran = CliRunner().invoke(
        app,
        [
            "audit",
            str(tmp_path / "people.csv"),
            "--target",
            "paid",
            "--sensitive",
            "sex",
            "--menu",
            str(tmp_path / "m.toml"),
            "--value",
            "0.1",
            "--regime",
            "nothing",
            "--regime",
            "full",
            "--folds",
            "2",
            "--no-track",
            "--quiet",
        ],
    )
    assert ran.exit_code == 0, ran.output
    page = (tmp_path / "people.audit.html").read_text(encoding="utf-8")
    assert "--menu m.toml --value 0.1 --regime nothing --regime full" in page
    assert "What disclosure changes" in page
    assert "nan" not in page[page.index('id="disclosure"') :].lower().replace("finan", "")[:3000]
