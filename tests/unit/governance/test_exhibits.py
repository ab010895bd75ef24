"""The catalogue, what is refused, and what an exhibit is as a finding and as a page."""

import importlib.util
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import credit_ml as cm
from credit_ml.cli.app import app
from credit_ml.core import Dataset, InputError
from credit_ml.governance import LegalRule, RuleError, RuleExhibit, load_rule, rule_ids, rules
from credit_ml.governance.form import forms
from credit_ml.reports import write_exhibits
from credit_ml.reports.exhibit_page import exhibit_page
from credit_ml.society import World


def points(X):
    return 50 - 10 * X["late"] + 2 * X["income"] - 5 * X["friends_late"]


def filled(thirty, rule="gdpr-22", on="2026-11-29", force=False, model=points, **options):
    told = {"threshold": 40} | options
    return cm.exhibits(model, thirty, rule, on=on, options=told, even_if_not_in_force=force)


@pytest.mark.parametrize("name", rule_ids())
def test_every_rule_is_dated_has_a_source_a_status_and_a_form(name):
    rule = load_rule(name)
    assert rule.id == name
    assert rule.exhibit in forms()
    assert rule.in_force(rule.in_force_from)
    assert not rule.in_force(date(1999, 1, 1))


def test_every_form_is_asked_for_by_a_rule():
    assert set(rules()["exhibit"]) == set(forms())


def test_a_rule_ends_on_its_last_day():
    told = load_rule("nyc-ll144").model_dump() | {"in_force_until": date(2027, 1, 1)}
    rule = LegalRule.model_validate(told)
    assert [rule.in_force(date(2026, 12, 31)), rule.in_force(date(2027, 1, 1))] == [True, False]


BAD = {
    "rule: 'nyc-ll145' is unknown; did you mean 'nyc-ll144'?": {"rule": "nyc-ll145"},
    "on: is 'yesterday', which is no date; give year, month and day": {"on": "yesterday"},
    "rule 'eu-ai-act-86': is in force from 2027-12-02, not on 2026-11-29": {"rule": "eu-ai-act-86"},
    "nyc-ll144, thirty: has no sensitive feature 'ethnic'": {
        "rule": "nyc-ll144", "features": {"race_ethnicity": "ethnic"},
    },
    "eu-ai-act-5-1-c, thirty: does not say which contexts are related": {"rule": "eu-ai-act-5-1-c"},
    "eu-ai-act-5-1-c, thirty: has no context 'taxes'": {
        "rule": "eu-ai-act-5-1-c", "related": ["taxes"],
    },
    "cn-ndrc-36, thirty: does not say which column holds grades": {"rule": "cn-ndrc-36"},
    "cn-ndrc-36, thirty: lacks the column 'grades' of grades": {
        "rule": "cn-ndrc-36", "grade": "grades",
    },
    "cn-ndrc-36, thirty: has the grade 'man'": {
        "rule": "cn-ndrc-36", "grade": "sex", "years": "years",
    },
    "eu-ccd-2023-2225, thirty: does not say which columns": {"rule": "eu-ccd-2023-2225"},
    "gdpr-15, thirty: needs a model that can be asked": {
        "rule": "gdpr-15", "model": None, "scores": range(30),
    },
    "gdpr-22, thirty: has no threshold of decisions": {"threshold": None},
    "gdpr-22, thirty: has final decisions 'late' that are not all 0 or 1": {"decisions": "late"},
    "gdpr-15, thirty: has no row 99": {"rule": "gdpr-15", "citizen": 99},
    "gdpr-15, thirty: refuses nobody": {"rule": "gdpr-15", "threshold": 0},
    "options: thresold: is unknown; did you mean 'threshold'?": {"thresold": 1},
}  # fmt: off


@pytest.mark.parametrize(("problem", "given"), BAD.items(), ids=list(BAD))
def test_bad_input_is_one_line(thirty, problem, given):
    with pytest.raises(InputError) as raised:
        filled(thirty, **given)
    assert str(raised.value).startswith(problem)
    assert "\n" not in str(raised.value)


def test_a_table_without_race_is_told_so(thirty):
    data = Dataset.from_frame(
        pd.DataFrame({"late": [0, 1], "sex": ["f", "m"]}), target=None, sensitive="sex"
    )
    with pytest.raises(RuleError, match="has no sensitive feature that is race or ethnicity"):
        cm.exhibits(lambda X: X["late"], data, "nyc-ll144")


def test_a_rule_of_another_day_is_filled_in_when_told_to_and_says_so(thirty):
    [found] = filled(thirty, "eu-ai-act-86", force=True)
    assert any(note.startswith("On 2026-11-29 this rule is not in force") for note in found.notes)
    assert "Not in force on 2026-11-29" in exhibit_page(found)


def test_every_exhibit_says_no_advice_and_how_well_its_rule_is_known(thirty):
    for rule in ("gdpr-22", "cn-pipl-24"):
        [found] = filled(thirty, rule)
        page = exhibit_page(found)
        assert "An exhibit is no legal advice." in page
        known = {"read": "read in public pages", "second": "known from secondary sources alone"}
        assert known[load_rule(rule).status] in page


def test_an_exhibit_is_stored_and_read_back_as_the_same_page(thirty, tmp_path):
    [found] = filled(thirty, "nyc-ll144")
    again = RuleExhibit.from_dict(found.to_dict())
    assert exhibit_page(again) == exhibit_page(found)
    assert [path.name for path in write_exhibits(found, tmp_path)] == ["nyc-ll144.html"]
    assert (tmp_path / "nyc-ll144.json").read_text().startswith("{")


def test_pages_need_no_network_and_escape_what_tables_say():
    frame = pd.DataFrame({"late": [0, 1, 2], "sex": ["<b>", "m", "m"]})
    data = Dataset.from_frame(frame, target=None, sensitive="sex", name="<script>")
    [found] = cm.exhibits(lambda X: -X["late"], data, "gdpr-22", options={"threshold": -1})
    page = exhibit_page(found)
    assert page.count("<script") == 1  # the page's own, by which tables sort
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace("https://www.w3.org", "")
    assert "&lt;b&gt;" in page
    assert "&lt;b&gt;" in found._repr_html_()


def test_given_scores_are_enough_to_count(thirty):
    [found] = filled(thirty, "nyc-ll144", model=None, scores=points(thirty.X))
    [asked] = filled(thirty, "nyc-ll144")
    pd.testing.assert_frame_equal(found.table, asked.table)


def test_an_agency_has_its_own_contexts_and_consequences():
    society = World(citizens=400, seed=1).simulate()
    rater = cm.load_agency("government").fit(society)
    data = rater.agency.view(society)
    told = {"related": ["tax", "courts"], "gravity": "judgments"}
    [found] = cm.exhibits(rater, data, "eu-ai-act-5-1-c", on="2026-11-29", options=told)
    shares = found.table[found.table["measure"] == "share_of_refusal"]
    assert set(shares["sensitive"]) == {
        "refused: green channel at the offices",
        "joint punishment by forty-four offices",
    }
    assert shares.groupby("sensitive")["estimate"].sum().round(9).eq(1).all()
    assert "traffic" in set(shares["group"])


def test_a_rule_of_ones_own_is_one_file(thirty, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'id = "own"\ntitle = "Own"\njurisdiction = "Here"\nsource = "A page"\n'
        'in_force_from = 2020-01-01\nstatus = "unverified"\nexhibit = "reliance"\nasks = "That."\n'
    )
    [found] = filled(thirty, str(path))
    assert "from memory, and were not verified" in found.notes[1]
    path.write_text(path.read_text().replace("reliance", "relance"))
    with pytest.raises(RuleError, match="did you mean 'reliance'"):
        filled(thirty, str(path))


def test_the_page_of_rules_is_written_from_the_catalogue():
    root = Path(__file__).parents[3]
    spec = importlib.util.spec_from_file_location("rules_page", root / "docs" / "rules.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (root / "docs" / "rules.md").read_text() == module.page(), "make rules"


def test_the_command_line_writes_exhibits_and_refuses_in_one_line(tmp_path):
    table = tmp_path / "people.csv"
    table.write_text(Path(__file__).with_name("people.csv").read_text().replace(",,", ",n.d.,"))
    words = ["audit", str(table), "--target", "kept", "--sensitive", "sex", "--sensitive", "race"]
    words += ["--without", "final", "--without", "grade", "--without", "years"]
    words += ["--for", "nyc-ll144", "--threshold", "0.5", "--favourable", "1"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    folder = table.with_suffix(".exhibits")
    assert sorted(path.name for path in folder.iterdir()) == ["nyc-ll144.html", "nyc-ll144.json"]
    again = CliRunner().invoke(app, words)
    assert again.exit_code == 2
    assert "are there already" in again.output
    for more, problem in {
        ("--for", "nyc"): "rule: 'nyc' is unknown",
        ("--for", "eu-ai-act-86", "--on", "2026-11-29"): "is in force from 2027-12-02",
        ("--for", "gdpr-22", "--on", "soon"): "on: is 'soon', which is no date",
    }.items():
        failed = CliRunner().invoke(app, [*words[:-6], *more, "--threshold", "0.5", "--force"])
        assert failed.exit_code == 2
        assert problem in failed.output
        assert failed.output.count("\n") == 1
