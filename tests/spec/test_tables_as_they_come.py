"""Tables as they come, on the command line: said what they are, or refused in its own words."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import credit_ml as cm
from credit_ml.cli.app import app
from credit_ml.core import InputError, TableError
from credit_ml.studies import TableAudit, audit_table
from credit_ml.studies.own_table.plan import planned

PEOPLE = 60
#: What only Python understands: keywords, calls, its constants.
PYTHON = re.compile(r"(?<![\w,:-])[a-z_]+=\S|\w\(|\b(None|True|False)\b|\[['\"]")


def people(**columns):
    chance = np.random.default_rng(3)
    table = {
        "late": chance.poisson(1, PEOPLE),
        "income": chance.normal(9, 2, PEOPLE).round(2),
        "sex": ["f", "m"] * (PEOPLE // 2),
        "paid": [1, 0, 1] * (PEOPLE // 3),
    }
    return pd.DataFrame(table | columns)


def written(folder, table, name="people.csv", **how):
    table.to_csv(folder / name, index=False, **how)
    return str(folder / name)


def ended(*words):
    return CliRunner().invoke(app, [*map(str, words), "--no-track", "--quiet"])


def planning(path, *words):
    return CliRunner().invoke(app, ["audit", path, "--sensitive", "sex", "--dry-run", *words])


WRITTEN = [f"{place},5" for place in range(PEOPLE)]
BAD = [
    (people(), ["--target", "income"]),
    (people(paid=["late", "other", "other"] * 20), []),
    (people().rename(columns={"paid": "default"}), ["--target", "default"]),
    (people(), ["--favourable", "3"]),
    (people(), ["--sensitive", "income"]),
    (people(income=WRITTEN), []),
    (people(income=[f"19{20 + place}-01-31" for place in range(PEOPLE)]), []),
    (people(income=["n.d.", *map(str, range(1, PEOPLE))]), []),
    (people(sex=[None, *["f", "m"] * 29, "f"]), []),
    (people(sex=["f", "m", "F", "m "] * 15), []),
    (people(sex=[" ", *["f", "m"] * 29, "f"]), []),
    (people(id=range(PEOPLE)), []),
    (people(name=[f"{chr(97 + place % 26)}x{place}y" for place in range(PEOPLE)]), []),
    (people(risk=-people()["paid"]), ["--score", "risk"]),
    (people(), ["--sensitive", "late:one"]),
    (people(), ["--folds", "1"]),
    (people(), ["--threshold", "7"]),
    (people(), ["--missing-sensitive", "leave"]),
    (people(paid=[None, 1, 0] * 20), []),
    (people(points=[None, *range(1, PEOPLE)]), ["--score", "points"]),
    (people(points=["n.d.", *range(1, PEOPLE)]), ["--score", "points"]),
    (people(points=[f"{each},5" for each in range(PEOPLE)]), ["--score", "points"]),
    (people(branch=[None, *["a", "b"] * 29, "a"]), ["--cluster", "branch"]),
    (people(each=[None, *range(1, PEOPLE)]), ["--weights", "each"]),
    (people(), ["--incomplete", "drop"]),
    (people(paid=[None] * PEOPLE), ["--incomplete", "leave_out"]),
    (people(), ["--without", "incom"]),
    (people(), ["--dates", "income:first"]),
    (people(), ["--direction", "up"]),
    (people(), ["--format", "excel"]),
    (people(), ["--score", "sex"]),
    (people(), ["--columns", "a,b"]),
]


@pytest.mark.parametrize(("table", "words"), BAD, ids=[str(place) for place in range(len(BAD))])
def test_every_remedy_can_be_done_on_the_command_line(table, words, tmp_path):
    target = [] if "--target" in words else ["--target", "paid"]
    found = planning(written(tmp_path, table), *target, *words)
    assert found.exit_code == 2, found.output
    assert found.stdout == ""
    options = set(re.findall(r"--[a-z-]+", CliRunner().invoke(app, ["audit", "--help"]).stdout))
    for line in found.stderr.splitlines():
        assert line.startswith("error: ")
        remedy = line.partition("; ")[2]
        assert remedy
        assert not PYTHON.search(remedy), line
        assert set(re.findall(r"--[a-z-]+", remedy)) <= options, line
    assert [each.name for each in tmp_path.iterdir()] == ["people.csv"]


@pytest.mark.parametrize(
    ("target", "given", "good"),
    [("paid", None, 1), ("default", "0", 0), ("default", "1", 1), ("loan_paid", None, 1)],
)
def test_which_outcome_is_good_is_told_or_plain(target, given, good, tmp_path):
    table = people().rename(columns={"paid": target})
    told = [] if given is None else ["--favourable", given]
    found = planning(written(tmp_path, table), "--target", target, *told)
    assert found.exit_code == 0, found.output
    assert f"favourable: {target} is {good}, of " in found.stdout


def test_labels_that_were_mistyped_are_joined_as_the_remedy_says(tmp_path):
    path = written(tmp_path, people(sex=["f", "m", "F", "m "] * 15))
    refused = planning(path, "--target", "paid")
    assert (
        "groups that only blanks or capitals keep apart ('F' and 'f', 'm' and 'm ')"
        in refused.stderr
    )
    told = refused.stderr.strip().rpartition("--labels ")[2]
    found = planning(path, "--target", "paid", "--labels", told)
    assert found.exit_code == 0, found.output
    assert "sensitive: sex (F 30, m 30)" in found.stdout


@pytest.mark.parametrize("nothing", [None, "", " ", "\u3000"])
def test_blanks_are_missing_and_codes_beside_them_stay_whole(nothing, tmp_path):
    words = people(sex=[nothing, nothing, *["f", "m"] * 29])
    path = written(tmp_path, words)
    assert (
        "sensitive feature 'sex': is missing in 2 rows" in planning(path, "--target", "paid").stderr
    )
    codes = people(sex=[np.nan, np.nan, *[1, 2] * 29])
    path = written(tmp_path, codes)
    found = planning(path, "--target", "paid", "--missing-sensitive", "group")
    assert "sensitive: sex (1 29, 2 29, (missing) 2)" in found.stdout


def test_all_that_is_wrong_is_said_at_once_in_a_file_of_another_country(tmp_path):
    table = people(id=range(PEOPLE), income=WRITTEN).rename(columns={"paid": "zurückgezahlt"})
    table["zurückgezahlt"] = table["zurückgezahlt"].map({1: "ja", 0: "nein"})
    path = written(tmp_path, table, sep=";", encoding="cp1252")
    words = ["--target", "zurückgezahlt", "--separator", ";"]
    refused = planning(path, *words)
    assert "save it as UTF-8, or say its encoding: --encoding cp1252 of Western" in refused.stderr
    refused = planning(path, *words, "--encoding", "cp1252").stderr
    assert "nothing says which is good for people; say which: --favourable 'ja'" in refused
    assert "column 'income': is text of which 100 % are numbers" in refused
    assert "column 'id': is the number of the row" in refused
    said = ["--encoding", "cp1252", "--favourable", "ja", "--without", "id", "--decimal", ","]
    found = planning(path, *words, *said)
    assert found.exit_code == 0, found.output


def test_people_without_outcome_score_or_group_are_left_out_and_counted_where_asked(tmp_path):
    whole = people(points=np.arange(1.0, PEOPLE + 1))
    gaps = whole.astype({"paid": "float64"})
    gaps.loc[[0, 2, 4, 6, 8, 10, 11], "paid"] = np.nan  # six of f, one of m
    gaps["points"] = gaps["points"].astype(object).where(gaps.index != 20, "n.d.")
    gaps.loc[[30], "sex"] = None
    path = written(tmp_path, gaps)
    asked = ["--target", "paid", "--score", "points", "--missing", "n.d."]
    asked += ["--direction", "higher_is_better"]
    refused = planning(path, *asked).stderr
    assert "is missing in 7 rows; leave those rows out, counted on the page" in refused
    remedy = refused.strip().rpartition("page: ")[2].split()
    found = planning(path, *asked, *remedy)
    assert found.exit_code == 0, found.output
    said = (
        "9 rows left out, without 'paid' (7) or 'points' (1) or 'sex' (1); "
        "by sex from 3 % of 'm' to 24 % of 'f'"
    )
    assert f"people: 51 people\nas read: {said}" in found.stdout
    # What is found is what is found of the rest, and the page says how many that are not.
    page = tmp_path / "page.html"
    audited = ended("audit", path, "--sensitive", "sex", *asked, *remedy, "-o", page)
    assert audited.exit_code == 0, audited.output
    rest = whole.drop(gaps.index[[0, 2, 4, 6, 8, 10, 11, 20, 30]])
    told = {"target": "paid", "score": "points", "sensitive": "sex", "progress": False}
    told |= {"direction": "higher_is_better"}
    alone = audit_table(rest, **told, track=False)
    kept = cm.studies.stored_results(page.with_suffix(".json"))
    pairs = zip(alone.all_findings(), kept.all_findings(), strict=True)
    assert all(one.to_dict() == other.to_dict() for one, other in pairs)
    assert "9 rows left out" in re.sub(r"<[^>]+>|\s+", " ", page.read_text()).replace("  ", " ")


@pytest.mark.parametrize(
    ("words", "reached"),
    [
        (["--threshold", "2", "--direction", "higher_is_better"], 40),
        (["--threshold", "1", "--direction", "lower_is_better"], 20),
        (["--threshold", "650", "--direction", "higher_is_better"], 0),
    ],
)
def test_a_dry_run_says_how_many_reach_a_threshold(words, reached, tmp_path):
    path = written(tmp_path, people(points=[1, 2, 3] * 20))
    found = planning(path, "--target", "paid", "--score", "points", *words)
    assert found.exit_code == 0, found.output
    assert f"threshold: {words[1]}, which {reached} of 60 people reach" in found.stdout


@pytest.mark.parametrize("target", ["default", "y", "paid_late", "not_paid", "outcome"])
def test_zero_and_one_without_a_word_are_asked_about(target):
    table = people().rename(columns={"paid": target})
    with pytest.raises(TableError, match=r"nothing says which is good.*favourable=0 or"):
        planned(table, target=target, sensitive="sex")


def test_everything_wrong_with_a_table_is_said_at_once(tmp_path):
    table = people(income=WRITTEN, sex=[None, *["f", "m"] * 29, "f"], id=range(PEOPLE))
    found = planning(written(tmp_path, table), "--target", "paid")
    said = [
        line.partition("; ")[0].partition(": people, ")[2] for line in found.stderr.splitlines()
    ]
    assert found.stderr.splitlines()[-1].endswith("leave them out: --without income,id")
    assert sorted(each.partition(":")[0] for each in said[:-1]) == [
        "column 'id'",
        "column 'income'",
        "sensitive feature 'sex'",
    ]
    with pytest.raises(TableError, match="has 2 problems") as refused:
        cm.Dataset.from_frame(table.drop(columns="id"), target="paid", sensitive="sex")
    assert len(str(refused.value).splitlines()) == 3


def test_what_is_said_of_columns_makes_the_table_that_pandas_makes(tmp_path):
    births = pd.date_range("1960-02-28", periods=PEOPLE, freq="200D")
    table = people(
        id=range(PEOPLE),
        income=[
            "n.d.",
            *[f"{1000 + place}".replace("1", "1.", 1) + ",5" for place in range(1, 60)],
        ],
        town=[7, 9, 11, 9] * 15,
        birth=births.strftime("%d.%m.%Y"),
    )
    path = written(tmp_path, table, sep=";")
    options = {
        "target": "paid",
        "sensitive": ["sex", "birth:15,30"],
        "separator": ";",
        "decimal": ",",
        "thousands": ".",
        "missing": "n.d.",
        "without": "id",
        "categories": "town",
        "dates": "birth:2000-03-01",
        "date_format": "%d.%m.%Y",
        "folds": 2,
    }
    found = audit_table(path, track=False, progress=False, **options)
    ages = [(pd.Timestamp("2000-03-01") - birth).days / 365.2425 for birth in births]
    bands = pd.cut(
        np.array(ages), [-99, 15, 30, 99], labels=["under 15", "15 to 30", "30 and over"]
    )
    counts = (
        found.raters[0]
        .of_kind("audit")[0]
        .table.query(
            "sensitive == 'birth band' and quantity == 'value' and measure == 'selection_rate'"
        )
    )
    assert dict(zip(counts["group"], counts["people"], strict=True)) == dict(
        pd.Series(bands).value_counts()
    )
    assert "--dates birth:2000-03-01 --date-format %d.%m.%Y" in found.provenance["command"]
    said = planned(path, **options)
    assert "left out: id" not in said.partition("factors.toml")[2]
    assert "town" in said


@pytest.mark.parametrize("mark", ["||", ", ", "\\t", "§"])
def test_any_mark_separates_columns(mark, tmp_path, recwarn):
    lines = people().to_csv(index=False, sep="\x01").replace("\x01", mark.replace("\\t", "\t"))
    path = tmp_path / "people.csv"
    path.write_text(lines)
    found = planning(str(path), "--target", "paid", "--separator", mark)
    assert found.exit_code == 0, found.output
    assert not [each for each in recwarn if "pars" in str(each.message).lower()]


def test_a_file_without_a_line_of_names_is_told_them(tmp_path):
    path = written(tmp_path, people(), header=False)
    found = planning(path, "--target", "paid", "--columns", "late,income,sex,paid")
    assert f"{PEOPLE} people" in found.stdout


def test_an_own_band_takes_no_column_away_and_is_not_overwritten():
    table = people(**{"income band": ["low", "high"] * 30})
    asked = {"target": "paid", "sensitive": "income band"}
    assert 'income = ["income"]' in planned(table, **asked)
    for cut in (["income:9"], ["late:1", "late:2"]):
        with pytest.raises(TableError, match="which is there already; name that one, or cut once"):
            planned(table, target="paid", sensitive=cut)
    assert "late = " not in planned(table, target="paid", sensitive=["late:1"])


def test_a_file_is_replaced_only_when_that_is_said(tmp_path):
    path, page = written(tmp_path, people(points=range(PEOPLE))), tmp_path / "page.html"
    words = [
        "audit",
        path,
        "--target",
        "paid",
        "--sensitive",
        "sex",
        "--score",
        "points",
        "--direction",
        "higher_is_better",
        "-o",
        page,
    ]
    assert ended(*words).exit_code == 0
    before = page.read_bytes(), page.stat().st_mtime_ns
    refused = ended(*words)
    assert refused.exit_code == 2
    assert "are there already; give another path with -o, or --force" in refused.stderr
    assert (page.read_bytes(), page.stat().st_mtime_ns) == before
    assert ended(*words, "--force").exit_code == 0
    own = Path(path).stat().st_mode
    assert page.stat().st_mode == own == page.with_suffix(".json").stat().st_mode


def test_many_columns_come_back_as_a_file_to_edit(tmp_path):
    chance = np.random.default_rng(0)
    wide = people(**{f"x {number}": chance.random(PEOPLE) for number in range(9)})
    path, page = written(tmp_path, wide), tmp_path / "page.html"
    words = [
        "audit",
        path,
        "--target",
        "paid",
        "--sensitive",
        "sex",
        "--no-track",
        "-o",
        page,
        "--folds",
        2,
    ]
    found = CliRunner().invoke(app, [*map(str, words)])
    assert found.exit_code == 0, found.output
    assert "each of 11 columns is a factor" in found.stdout
    assert "UserWarning" not in found.output
    (tmp_path / "factors.toml").write_text(found.stdout[found.stdout.index("# factors.toml") :])
    again = planning(path, "--target", "paid", "--factors", str(tmp_path / "factors.toml"))
    assert "factors: 11" in again.stdout


@pytest.mark.parametrize(
    "wrong",
    [
        {"folds": "five"},
        {"folds": 2.5},
        {"seed": True},
        {"threshold": "0.5"},
        {"title": 3},
        {"sensitive": [None]},
        {"target": ["paid"]},
        {"value": {}},
        {"scale": [1]},
        {"decimal": 3},
        {"layout": None},
        {"missing": [1.5]},
    ],
)
def test_values_of_another_type_are_refused_by_their_key(wrong):
    with pytest.raises(InputError, match=f"audit, {next(iter(wrong))}.*: is "):
        TableAudit(**({"target": "paid"} | wrong))


@pytest.mark.parametrize("gap", [False, True])
def test_a_halved_count_is_a_count(gap):
    table = people(late=np.arange(PEOPLE) % 7).astype({"late": "float64" if gap else "int64"})
    if gap:
        table.loc[5, "late"] = np.nan
    data = cm.Dataset.from_frame(table, target="paid", sensitive="sex")
    halve = {"column": "late", "multiply": 0.5, "low": 0}
    rest = {"price": 0.0, "effort": 0.01, "source": "assumed, because test", "name": "mend"}
    action = {"id": "mend", "kind": "improving", "changes": [halve], **rest}
    menu = cm.response.Menu.from_dict({"id": "own", "description": "x", "actions": [action]})
    after = cm.response.Bundle(menu.actions).apply(data.X)
    assert (after["late"].dropna() % 1 == 0).all()
    one = cm.response.Bundle(menu.actions).apply(data.X.iloc[[3]])["late"]
    assert one.tolist() == [2]
    assert after["income"].equals(data.X["income"])
