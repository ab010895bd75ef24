"""A table of one's own meets the same instruments."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from typer.testing import CliRunner

from credit_ml.cli.app import app
from credit_ml.core import Dataset, InputError, TableError
from credit_ml.fairness import audit
from credit_ml.studies import TableAudit, audit_table
from credit_ml.studies.own_table.outcome import favourable_value
from credit_ml.studies.own_table.plan import planned
from credit_ml.studies.own_table.user_input import banded, checked_scores


@pytest.fixture
def frame():
    rng = np.random.default_rng(5)
    rows = 400
    late = rng.poisson(2, rows).astype(float)
    late[rng.random(rows) < 0.1] = np.nan
    sex = rng.choice(["f", "m"], rows)
    job = pd.Series(rng.choice(["clerk", "farmer", "none"], rows)).where(rng.random(rows) > 0.1)
    paid = (rng.random(rows) < 0.8 - 0.1 * np.nan_to_num(late)).astype(int)
    return pd.DataFrame(
        {"late": late, "job": job, "age": rng.integers(18, 80, rows), "sex": sex, "paid": paid}
    ).assign(points=600 - 20 * np.nan_to_num(late) + rng.normal(0, 10, rows))


FACTORS = {"history": ["late"], "capacity": ["job"]}


def test_parts_sum_to_the_gap_with_categories_and_missing_values(frame):
    results = audit_table(
        frame, target="paid", sensitive=["sex"], factors=FACTORS, track=False, progress=False
    )
    assert [rater.id for rater in results.raters] == ["opaque", "scorecard"]
    for rater in results.raters:
        audit = next(each for each in rater.findings if each.kind == "audit").table
        measured = audit.query("quantity == 'difference' and measure == 'mean_score'")
        for comparison in (each for each in rater.findings if each.kind == "comparison"):
            for _, part in comparison.table.groupby("method"):
                parts = part.set_index("factor")["estimate"]
                assert parts.drop("(gap)").sum() == pytest.approx(parts["(gap)"], abs=1e-9)
            if comparison.parameters["output"] == "probability":
                gap = parts["(gap)"]
                assert gap == pytest.approx(measured["estimate"].iloc[0], abs=1e-9)


def test_a_page_is_written_of_one_feature_and_two_scorers(frame, tmp_path):
    """The plainest call: the widest gap is that of the lead pair, at the other scorer or not."""
    for seed in range(2):
        audit_table(
            frame.drop(columns="points"),
            target="paid",
            sensitive="sex",
            factors=FACTORS,
            seed=seed,
            output=tmp_path / f"{seed}.html",
            track=False,
            progress=False,
        )
        assert "Of a hundred people of each group" in (tmp_path / f"{seed}.html").read_text()


def test_given_scores_need_no_outcome(frame, tmp_path):
    results = audit_table(
        frame.drop(columns="paid"),
        sensitive=["sex", "age:30,60"],
        factors=FACTORS,
        score="points",
        scale="300,900",
        output=tmp_path / "a.html",
        track=False,
        progress=False,
    )
    assert [each.kind for each in results.raters[0].findings] == [
        "audit",
        "comparison",
        "comparison",
        "threshold_curve",
    ]
    assert "30 to 60" in (tmp_path / "a.html").read_text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "paidd"}, "did you mean 'paid'"),
        ({"sensitive": ["sexe"]}, "did you mean 'sex'"),
        ({"sensitive": []}, "no sensitive feature"),
        ({"sensitive": ["job"]}, "'job': is missing in"),
        ({"sensitive": ["age:thirty"]}, "give numbers"),
        ({"factors": {"history": ["lat"]}}, "did you mean 'late'"),
        ({"factors": {"history": "late"}}, "is no list"),
        ({"score": "points", "scale": "300,500"}, "outside the scale"),
        ({"score": "points", "scale": "900,300"}, "lowest number first"),
        ({"score": "job"}, "is no number"),
        ({"target": "age"}, "values"),
    ],
)
def test_bad_input_is_one_line(frame, options, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = {"target": "paid", "sensitive": ["sex"], "factors": FACTORS, **options}
    with pytest.raises(InputError, match=message) as refused:
        audit_table(frame, output="r.html", progress=False, **asked)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_any_number_of_columns_works_from_the_first_call(frame):
    rng = np.random.default_rng(2)
    wide = frame.assign(**{f"extra{number}": rng.random(len(frame)) for number in range(11)})
    asked = {"target": "paid", "sensitive": ["sex"], "track": False, "progress": False}
    with pytest.warns(UserWarning, match="15 factors") as warned:
        results = audit_table(wide, folds=2, **asked)
    assert len(warned) == 1
    comparison = next(each for each in results.raters[0].findings if each.kind == "comparison")
    parts = comparison.table.set_index("factor")["estimate"]
    assert len(parts) == 15 + 2
    assert parts.drop("(gap)").sum() == pytest.approx(parts["(gap)"])
    # Of given scores no coalition is asked, and nobody is warned.
    assert audit_table(wide, score="points", scale="300,900", **asked).raters[0].id == "given"


def test_text_from_a_command_line_finds_its_value(frame):
    assert favourable_value(frame, "paid", "0") == 0
    assert favourable_value(frame, "sex", "f") == "f"
    with pytest.raises(TableError, match="nothing says which is good"):
        favourable_value(frame, "sex", None)


def test_a_group_with_one_member_is_refused(frame, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame.loc[0, "sex"] = "x"
    with pytest.raises(TableError, match=r"one member \('x'\); join it"):
        audit_table(frame, target="paid", sensitive=["sex"], factors=FACTORS, output="r.html")
    assert list(tmp_path.iterdir()) == []


def test_bands_keep_the_table_as_it_was(frame):
    changed, features = banded(frame, ["age:30"], "t")
    assert features == ["age band"]
    assert "age band" not in frame.columns
    assert set(changed["age band"]) == {"under 30", "30 and over"}


def test_scores_keep_their_rows(frame):
    assert checked_scores(frame, "points", None, "t").tolist() == frame["points"].tolist()


def test_a_column_of_risks_is_stopped_with_both_readings_unless_told(frame):
    table = frame.assign(risk=1000 - frame["points"])
    asked = {"target": "paid", "sensitive": "sex", "factors": FACTORS, "track": False}
    asked |= {"progress": False, "threshold": 450}
    with pytest.raises(InputError, match=r"'risk': is lower .*AUC 0\.\d+.*'lower_is_better'"):
        audit_table(table, score="risk", **asked)
    turned = audit_table(table, score="risk", direction="lower_is_better", **asked)
    good = audit_table(frame, score="points", **(asked | {"threshold": 550}))
    for one, other in zip(turned.raters[0].findings, good.raters[0].findings, strict=True):
        same = one.table["measure"] != "mean_score"
        pd.testing.assert_series_equal(
            one.table.loc[same, "estimate"], other.table.loc[same, "estimate"]
        )
    assert "--direction lower_is_better" in turned.provenance["command"]
    assert audit_table(table, score="risk", direction="higher_is_better", **asked).raters
    assert audit_table(table.drop(columns="paid"), score="risk", **(asked | {"target": None}))


def test_a_file_says_what_the_command_and_the_notebook_say(frame, tmp_path):
    path = tmp_path / "people.csv"
    frame.to_csv(path, index=False)
    (tmp_path / "factors.toml").write_text('history = ["late"]\ncapacity = ["job"]\n')
    spec = tmp_path / "audit.toml"
    spec.write_text('target = "paid"\nsensitive = "sex"\nfactors = "factors.toml"\nfolds = 2\n')
    page = tmp_path / "page.html"
    words = ["audit", str(path), "--spec", str(spec), "-o", str(page), "--no-track", "--seed", "3"]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 0, ran.output
    quiet = {"track": False, "progress": False}
    told = audit_table(path, spec, seed=3, **quiet)
    asked = TableAudit(
        target="paid", sensitive=["sex"], factors=tmp_path / "factors.toml", folds=2, seed=3
    )
    assert audit_table(path, asked, **quiet).to_json() == told.to_json()
    assert page.with_suffix(".json").read_text() == told.to_json() + "\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [("targt = 'paid'", "'targt' is unknown; did you mean 'target'"), ("target =", "is not TOML")],
)
def test_a_file_that_says_it_wrongly_is_refused(frame, tmp_path, text, message):
    spec = tmp_path / "audit.toml"
    spec.write_text(text)
    with pytest.raises(TableError, match=message):
        audit_table(frame, spec)
    with pytest.raises(TableError, match="is not there"):
        audit_table(frame, tmp_path / "absent.toml")


def test_a_reference_group_can_be_named(frame):
    def gaps(**asked):
        results = audit_table(
            frame,
            target="paid",
            sensitive=["sex", "age:30,60"],
            factors=FACTORS,
            score="points",
            track=False,
            progress=False,
            **asked,
        )
        return {
            (row["sensitive"], row["group"], row["reference_group"])
            for each in results.all_findings()
            if each.kind in ("audit", "comparison")
            for row in each.table.to_dict("records")
            if " x " not in row["sensitive"]
        }

    named = gaps(reference=["sex:f", "age:60 and over"])
    assert ("sex", "m", "f") in named
    assert ("age band", "under 30", "60 and over") in named
    for text, line in (("sexe:f", "did you mean 'sex'"), ("sex:w", "'w' is unknown")):
        with pytest.raises(TableError, match=line):
            gaps(reference=text)


def test_a_score_where_less_is_better_is_told_as_it_came(frame, tmp_path):
    risk = frame.assign(risk=700 - frame["points"])
    asked = {"target": "paid", "sensitive": "sex", "factors": FACTORS, "track": False}
    page = tmp_path / "a.html"
    turned = audit_table(
        risk,
        score="risk",
        direction="lower_is_better",
        threshold=150,
        output=page,
        progress=False,
        **asked,
    )
    own = audit_table(risk, score="points", threshold=550, progress=False, **asked)
    for one, other in zip(turned.all_findings(), own.all_findings(), strict=True):
        if one.kind == "audit":
            pd.testing.assert_frame_equal(
                one.table.query("measure != 'mean_score'"),
                other.table.query("measure != 'mean_score'"),
            )
        if one.kind == "quality":
            np.testing.assert_allclose(one.table["estimate"], other.table["estimate"])
            area = roc_auc_score(frame["paid"], frame["points"])
            assert one.overall["auc"] == pytest.approx(area)
    text = page.read_text()
    # A bound from above is of the score as it came; turned, more is better.
    assert "150 or less on the score as given." in text
    assert "or less on the turned score" not in text
    assert "less is better, is turned so that more is" in text
    # Nobody gave this table a name.
    assert "<h1>An audit of a table</h1>" in text
    assert "the table 'table'" not in text


def test_words_for_codes_name_groups_and_join_them(frame):
    codes = frame.assign(sex=frame["sex"].map({"f": 2, "m": 1}), town=np.arange(400) % 4)
    said = planned(
        codes,
        target="paid",
        sensitive=["sex", "town"],
        factors=FACTORS,
        labels=["sex:1=men,2=women", "town:0=north,1=north,2=south,3=south"],
    )
    assert f"sensitive: sex (men {sum(codes['sex'] == 1)}, women {sum(codes['sex'] == 2)})" in said
    assert "sensitive: town (north 200, south 200)" in said
    for label, line in (("sex:1=men", "codes without a word: 2"), ("sex:1", "cannot be labelled")):
        with pytest.raises(TableError, match=line):
            planned(codes, target="paid", sensitive="sex", factors=FACTORS, labels=label)


@pytest.mark.parametrize(
    ("values", "good"),
    [
        (["good", "bad"], "good"),
        (["paid", "not paid"], "paid"),
        (["Approved", "Denied"], "Approved"),
        (["unpaid", "late"], None),
    ],
)
def test_a_value_that_says_it_is_good_is_taken_for_good(values, good):
    frame = pd.DataFrame({"outcome": values})
    if good is not None:
        assert favourable_value(frame, "outcome", None) == good
        return
    with pytest.raises(TableError, match="nothing says which is good"):
        favourable_value(frame, "outcome", None)


def test_a_cluster_can_be_named_and_is_no_factor(frame, tmp_path):
    frame["branch"] = np.repeat([f"b{at}" for at in range(40)], 10)
    options = {"target": "paid", "sensitive": ["sex"], "without": ["age"]}
    results = audit_table(
        frame,
        score="points",
        cluster="branch",
        threshold=560,
        scale="300,900",
        **options,
        track=False,
        progress=False,
    )
    assert results.settings["cluster"] == "branch"
    found = next(each for each in results.raters[0].findings if each.kind == "audit").table
    asked = found.query("quantity == 'difference' and measure == 'selection_rate'").iloc[0]
    assert asked["clusters"] == 40
    data = Dataset.from_frame(
        frame[["late", "job", "sex", "paid", "branch"]],
        target="paid",
        sensitive="sex",
        cluster="branch",
    )
    own = audit(frame["points"] >= 560, data, intervals=0.95).table
    own = own.query("quantity == 'difference' and measure == 'selection_rate'").iloc[0]
    assert (asked["low"], asked["high"]) == pytest.approx((own["low"], own["high"]))
    assert "branch" not in results.settings["factors"]
    told = planned(frame, score="points", cluster="branch", **options)
    assert "clusters: 40, of branch" in told
    with pytest.raises(TableError, match="did you mean 'branch'"):
        audit_table(frame, score="points", cluster="branhc", **options)
