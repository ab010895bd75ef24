"""Each exhibit against a form filled in by hand: counted on the thirty rows of ``people.csv``."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

import credit_ml as cm
from credit_ml.agencies import load_agency
from credit_ml.core import CreditMLError, Dataset
from credit_ml.dynamics import run_rounds
from credit_ml.explanation import readable
from credit_ml.governance import RuleExhibit, rule_ids
from credit_ml.proxies.interventions.held_out import Trial, held_out_case
from credit_ml.society import World

ON = "2026-11-29"
PAY = {
    "id": "bills",
    "description": "One way.",
    "actions": [
        {
            "id": "pay",
            "name": "pay two bills",
            "kind": "improving",
            "changes": [{"column": "late", "add": -2, "low": 0}],
            "price": 0.0,
            "effort": 0.003,
            "source": "assumed",
        }
    ],
}


def points(X: pd.DataFrame) -> pd.Series:
    return 50 - 10 * X["late"] + 2 * X["income"] - 5 * X["friends_late"]


def exhibit(thirty: Dataset, rule: str, on: str = ON, **options: object) -> RuleExhibit:
    told = {"threshold": 40, "decision": "a loan", "menu": PAY} | options
    return cm.exhibits(points, thirty, rule, on=on, options=told)[0]


def table(found: RuleExhibit, caption: str) -> list[tuple[str, ...]]:
    """Rows of one table of the form, as they stand on the page."""
    blocks = (block for part in found.parameters["form"] for block in part["blocks"])
    return next([tuple(r) for r in b["rows"]] for b in blocks if b.get("caption") == caption)


def said(found: RuleExhibit) -> str:
    return " ".join(found.text().split())


def test_selection_rates_of_local_law_144(thirty):
    found = exhibit(thirty, "nyc-ll144")
    assert table(found, "By sex") == [
        ("man", "16", "7", "43.8 %", "1.000"),
        ("woman", "14", "6", "42.9 %", "0.980"),
    ]
    assert table(found, "By race or ethnicity") == [
        ("Asian", "6", "3", "50.0 %", "1.000"),
        ("Black", "14", "5", "35.7 %", "0.714"),
        ("White", "8", "4", "50.0 %", "1.000"),
    ]
    assert table(found, "By sex and race or ethnicity") == [
        ("man x Asian", "4", "2", "50.0 %", "0.750"),
        ("man x Black", "8", "3", "37.5 %", "0.562"),
        ("man x White", "3", "2", "66.7 %", "1.000"),
        ("woman x Asian", "2", "1", "50.0 %", "0.750"),
        ("woman x Black", "6", "2", "33.3 %", "0.500"),
        ("woman x White", "5", "2", "40.0 %", "0.600"),
    ]
    assert "0 people by sex, 2 by race or ethnicity, 2 by either" in said(found)
    assert "No category is of less than 2 %" in said(found)


def test_scoring_rates_where_a_tool_only_scores(thirty):
    """Fifteen of the thirty score above the median, 35."""
    found = exhibit(thirty, "nyc-ll144", threshold=None)
    assert table(found, "By sex") == [
        ("man", "16", "9", "56.2 %", "1.000"),
        ("woman", "14", "6", "42.9 %", "0.762"),
    ]
    assert table(found, "By race or ethnicity") == [
        ("Asian", "6", "3", "50.0 %", "0.800"),
        ("Black", "14", "6", "42.9 %", "0.686"),
        ("White", "8", "5", "62.5 %", "1.000"),
    ]
    assert table(found, "By sex and race or ethnicity")[2] == (
        "man x White", "3", "3", "100.0 %", "1.000",
    )  # fmt: off


def test_a_category_under_two_percent_is_named_and_has_no_ratio():
    """Two of 120 are 1.7 %; both were selected, and would else be the best-off."""
    frame = pd.DataFrame({"x": [1] * 2 + [0, 1] * 59, "sex": ["f", "m"] * 60})
    frame["race"] = ["few"] * 2 + ["many", "many", "more", "more"] * 29 + ["many", "more"]
    data = Dataset.from_frame(frame, target=None, sensitive=["sex", "race"])
    [found] = cm.exhibits(lambda X: X["x"], data, "nyc-ll144", on=ON, options={"threshold": 1})
    first = table(found, "By race or ethnicity")[0]
    assert first == ("few", "2", "2", "100.0 %", "left out, under 2 %")
    assert "so few say little of a rate: few (2)" in said(found)
    assert found.by("race").loc["many", "impact_ratio"] == pytest.approx(29 / 30)


def test_how_often_the_score_decides(thirty):
    """Eleven and fifteen of the thirty decisions follow it, two and two do not."""
    found = exhibit(thirty, "gdpr-22", decisions="final")
    assert table(found, "Decisions by what the score alone would have decided") == [
        ("at the threshold or above", "11", "2", "84.6 %"),
        ("below the threshold", "2", "15", "11.8 %"),
    ]
    assert table(found, "Decisions that follow the score, by group") == [
        ("everybody", "30", "86.7 %"),
        ("sex: man", "16", "93.8 %"),
        ("sex: woman", "14", "78.6 %"),
        ("race: Asian", "6", "100.0 %"),
        ("race: Black", "14", "78.6 %"),
        ("race: White", "8", "87.5 %"),
        ("race: (missing)", "2", "100.0 %"),
    ]
    assert "86.7 % are what the score alone would have decided at 40; 4 went against it" in said(
        found
    )


def test_a_score_that_nobody_overrules_is_the_decision(thirty):
    assert "Where no person decides otherwise" in said(exhibit(thirty, "gdpr-22"))


def test_context_by_consequence(thirty):
    """Seventeen are refused; one of them is typical or better in all and lacks nothing."""
    found = exhibit(thirty, "eu-ai-act-5-1-c", related=["history", "capacity"], gravity="late")
    assert table(found, "Share of the points lacked that is due to each context's data") == [
        ("history", "related", "59.7 %"),
        ("capacity", "related", "24.5 %"),
        ("friends", "unrelated", "15.8 %"),
    ]
    assert table(found, "All unrelated contexts together") == [
        ("refused: a loan", "17", "15.8 %", "0.0 %")
    ]
    assert table(found, "Consequences by the gravity of conduct") == [
        ("0", "7", "0.0 %"),
        ("1", "6", "33.3 %"),
        ("2", "6", "66.7 %"),
        ("3", "4", "100.0 %"),
        ("4", "7", "100.0 %"),
    ]


def test_refusals_that_turn_on_unrelated_data(thirty):
    """With two late bills and an income of 5, those two of the refused whose friends pay pass."""
    found = exhibit(thirty, "eu-ai-act-5-1-c", related=["friends"])
    [row] = table(found, "All unrelated contexts together")
    assert row[3] == "11.8 %"


def test_grades_and_terms_of_order_36(thirty):
    found = exhibit(thirty, "cn-ndrc-36", grade="grade", years="years")
    assert table(found, "Listings by grade") == [
        ("minor", "8", "at most 3 months", "5", "8"),
        ("general", "4", "3 to 12 months", "5", "2"),
        ("serious", "2", "12 to 36 months", "0.5", "0"),
    ]
    rows = table(found, "Years barred, mean over all of the group")
    assert rows[:3] == [
        ("everybody", "30", "46.7 %", "1.08", "0.2"),
        ("sex: man", "16", "50.0 %", "1.19", "0.234"),
        ("sex: woman", "14", "42.9 %", "0.964", "0.161"),
    ]
    words = (
        "14 listings are on file; 10 stand for longer than the order allows for their grade, and 2"
    )
    assert words in said(found)


@pytest.fixture(scope="module")
def lived():
    """A society, its view, and what years of joint punishment leave."""
    society = World(citizens=4_000, seed=3).simulate()
    view = load_agency("council").view(society)
    return society, view, run_rounds(society, "joined", years=3).state


def test_order_36_holds_listings_of_a_simulated_policy(lived):
    """Counted by hand from the state: everybody listed once, with the policy's own terms."""
    society, view, state = lived
    asked = {"policy": "joined", "policy_years": 3}
    [found] = cm.exhibits(None, view, "cn-ndrc-36", on=ON, options=asked, society=society)
    listed, serious = state.listed, state.listed & (state.grade[0] == 1)
    counts = {row[0]: (row[1], row[3], row[4]) for row in table(found, "Listings by grade")}
    general = int(listed.sum() - serious.sum())
    # Both grades stand two years; of a general one a year is asked, of a serious one three.
    assert counts["general"] == (f"{general}", "2", f"{general}")
    assert counts["serious"] == (f"{int(serious.sum())}", "2", "0")
    assert counts["minor"][0] == "0"
    everybody = table(found, "Years barred, mean over all of the group")[0]
    assert everybody[3] == readable(2 * listed.mean())
    assert everybody[4] == readable((listed.sum() + serious.sum()) / len(view))
    assert "Simulated: the listings that stand after 3 years under the policy 'joined'" in said(
        found
    )


def test_without_a_list_nobody_is_barred_and_critics_are_at_will(lived):
    society, view, _ = lived
    none, at_will = (
        cm.exhibits(None, view, "cn-ndrc-36", on=ON, options={"policy": name}, society=society)[0]
        for name in ("no_list", "at_will")
    )
    assert table(none, "Years barred, mean over all of the group")[0][2] == "0.0 %"
    assert table(at_will, "Listings by grade")[2][3] == "3"  # listed by will, three years


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"policy": "joinedd"}, "'joinedd' is unknown"),
        ({"policy": "joined", "policy_years": 0}, "policy_years"),
    ],
)
def test_a_policy_that_cannot_be_lived_is_refused(lived, options, problem):
    society, view, _ = lived
    with pytest.raises(CreditMLError, match=problem):
        cm.exhibits(None, view, "cn-ndrc-36", on=ON, options=options, society=society)


def test_a_policy_needs_its_society(lived):
    society, view, _ = lived
    for given, people in ((None, view), (society, view.take(np.arange(10)))):
        asked = {"policy": "joined"}
        with pytest.raises(CreditMLError, match="society"):
            cm.exhibits(None, people, "cn-ndrc-36", on=ON, options=asked, society=given)


SCORE = [
    ("Score", "20"),
    ("Range of possible scores", "5 to 58"),
    ("Date on which it was made", ON),
    ("Provided by", "A bureau, 1 High Street"),
    ("Needed", "40"),
]
#: The first who is refused: three bills late, an income of 5, friends with 2 late bills each. The
#: typical person has 2, 5 and 2; the means are 1.933, 5.2 and 1.667.
REASONS = [("late", "3", "2", "10.7", "30", "refused")]


def test_every_rule_of_the_catalogue_has_its_form_filled_in_here():
    forms = Path(__file__).read_text(encoding="utf-8")
    assert [rule for rule in rule_ids() if f'"{rule}"' not in forms] == []


@pytest.mark.parametrize("rule", ["us-ecoa", "us-fcra", "gdpr-15"])
def test_letters_say_score_range_date_provider_and_key_factors(thirty, rule):
    found = exhibit(thirty, rule, provider="A bureau, 1 High Street")
    assert table(found, "The score") == SCORE
    assert table(found, "What lowered the score, costliest first") == REASONS
    assert found.parameters["citizen"] == 0


def test_a_variation_that_leads_to_another_result(thirty):
    found = exhibit(thirty, "gdpr-15")
    words = "on the list of what people can do: pay two bills. Your score would then be 40."
    assert f"the cheapest way to another result {words}" in said(found)


@pytest.mark.parametrize(
    ("rule", "on"),
    [("eu-ai-act-86", "2028-01-01"), ("cn-pipl-24", ON), ("us-co-sb26-189", "2027-01-01")],
)
def test_explanation_sheets_say_the_systems_part_and_the_reasons(thirty, rule, on):
    found = exhibit(thirty, rule, on=on, decisions="final")
    assert "86.7 % are what the score alone would have decided" in said(found)
    assert table(found, "What lowered the score, costliest first") == REASONS
    assert table(found, "Records that the system reads")[2] == ("friends", "friends late")


def test_safeguards_of_the_united_kingdom(thirty):
    found = exhibit(thirty, "uk-duaa-22a-d")
    rows = table(found, "Safeguards, and where the letter gives them")
    assert [row[1] for row in rows] == ["yes"] * 4
    assert all(words.strip("“”") in said(found) for _, _, words in rows)


class Given(ClassifierMixin, BaseEstimator):
    """Learns nothing: log-odds are 4 less late bills and friends' late bills, of those it sees."""

    def fit(self, X, y):
        self.classes_ = np.array([0, 1])
        self.feature_names_in_ = np.array(X.columns, dtype=object)
        return self

    def predict_proba(self, X):
        odds = 4 - X["late"] - X.get("friends_late", 0)
        kept = 1 / (1 + np.exp(-np.asarray(odds, dtype=float)))
        return np.column_stack([1 - kept, kept])


def test_gap_and_price_without_friends(thirty):
    model = Given().fit(thirty.X, thirty.y)
    told = {"friends": ["friends"], "threshold": 0.5}
    [found] = cm.exhibits(model, thirty, "eu-ccd-2023-2225", on=ON, options=told)
    held = thirty.take(held_out_case(model, thirty, "sex", Trial()).test)
    kept, late = held.y.to_numpy() == 1, held.X["late"].to_numpy()
    pairs = list(itertools.product(late[kept], late[~kept]))
    auc = sum((good < bad) + 0.5 * (good == bad) for good, bad in pairs) / len(pairs)
    chance = 1 / (1 + np.exp(-(4.0 - late)))
    woman = (held.groups("sex") == "woman").to_numpy()
    facts = found.table.set_index(["measure", "sensitive"])["estimate"]
    assert facts["auc_drop_friends_level", "overall"] == pytest.approx(auc)
    gap = chance[woman].mean() - chance[~woman].mean()
    assert facts["score_gap_drop_friends_level", "sex"] == pytest.approx(gap)
