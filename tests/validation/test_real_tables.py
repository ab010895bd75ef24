"""Six real tables from raw file to page: every number of the first screen, computed again.

The raw files are not in the repository. CREDIT_ML_REAL_TABLES names folders (with the separator of
PATH between) in which they are looked for by name; what is absent is skipped. Outcomes and groups
are read again here with pandas alone, rates come from fairlearn, areas and intervals from formulas
of textbooks, parts of a gap from every coalition or from numpy's least squares. Of the package only
the scores of its cross-fitted scorers are taken. docs/real_tables.md says what the tables are.
"""

import html
import itertools
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate, true_positive_rate
from scipy.stats import rankdata
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from statsmodels.stats.proportion import proportion_confint

import credit_ml as cm
from credit_ml.core import Dataset, StudyResults, bands
from credit_ml.datasets import read_table
from credit_ml.grammar.phrases import GroupPair, lead_pair
from credit_ml.studies import audit_table
from credit_ml.studies.own_table import audit_table as audit_module

FOLDERS = [Path(each) for each in os.environ.get("CREDIT_ML_REAL_TABLES", "").split(os.pathsep)]
#: Of an interval's width, how far an end of another formula may lie from the page's.
SLACK = 0.2
NUMBER = r"(-?\d[\d,]*(?:\.\d+)?)"
RANGE = rf"\((?:95% interval )?{NUMBER} to {NUMBER}\)"
#: An interval that reaches both sides, each end with its side; an end of 0 has none.
EITHER = rf"\((?:95% interval )?{NUMBER}( \w+)? to {NUMBER}( \w+)?\)"


@dataclass(frozen=True)
class Real:
    """A raw file, what its owner asks, and outcomes and groups by pandas alone."""

    file: str
    asked: Mapping[str, Any]
    again: Callable[[Path], tuple[pd.Series, pd.Series]]
    """From the file to who had the favourable outcome, and each one's group."""
    given: Callable[[Path], pd.Series] | None = None
    """The file's own score, high when good."""


def taiwan(path: Path) -> tuple[pd.Series, pd.Series]:
    frame = pd.read_csv(path)
    good = frame["default.payment.next.month"] == 0
    return good, frame["SEX"].map({1: "men", 2: "women"})


def german(path: Path) -> tuple[pd.Series, pd.Series]:
    frame = pd.read_csv(path, sep=r"\s+", header=None)
    return frame[20] == 1, frame[8].isin(["A92", "A95"]).map({True: "female", False: "male"})


def give_me_some_credit(path: Path) -> tuple[pd.Series, pd.Series]:
    frame = pd.read_csv(path)
    edges = [-np.inf, 30, 45, 60, np.inf]
    bands = ["under 30", "30 to 45", "45 to 60", "60 and over"]
    cut = pd.cut(frame["age"], edges, right=False, labels=bands)
    return frame["SeriousDlqin2yrs"] == 0, cut.astype("str")


def compas(path: Path) -> tuple[pd.Series, pd.Series]:
    frame = pd.read_csv(path)
    return frame["two_year_recid"] == 0, frame["race"]


def loanapp(path: Path) -> tuple[pd.Series, pd.Series]:
    frame = pd.read_csv(path)
    return frame["approve"] == 1, frame["black"].map({0: "0", 1: "1"})


def default(path: Path) -> tuple[pd.Series, pd.Series]:
    frame = pd.read_csv(path)
    return frame["default"] == "No", frame["student"]


MONTHS = (0, 2, 3, 4, 5, 6)
TABLES = {
    "taiwan": Real(
        "UCI_Credit_Card.csv",
        {
            "target": "default.payment.next.month",
            "favourable": 0,
            "sensitive": "SEX",
            "labels": "SEX:1=men,2=women",
            "factors": {
                "limit": ["LIMIT_BAL"],
                "person": ["EDUCATION", "MARRIAGE", "AGE"],
                "delays": [f"PAY_{month}" for month in MONTHS],
                "bills": [f"BILL_AMT{month}" for month in range(1, 7)],
                "payments": [f"PAY_AMT{month}" for month in range(1, 7)],
            },
        },
        taiwan,
    ),
    "german": Real(
        "german.data",
        {
            "layout": "german",
            "target": "outcome",
            "sensitive": "sex",
            "factors": {
                "history": ["credit_history", "loans_here", "other_installments"],
                "means": ["checking_account", "savings", "employed_since", "job", "property"],
                "loan": ["months", "amount", "installment_rate", "purpose", "other_debtors"],
                "home": ["residence_since", "housing", "telephone", "dependants"],
            },
        },
        german,
    ),
    "give_me_some_credit": Real(
        "give_me_some_credit.zip",
        {
            "target": "SeriousDlqin2yrs",
            "favourable": 0,
            "sensitive": "age:30,45,60",
            "without": "Unnamed: 0",
            "factors": {
                "use": ["RevolvingUtilizationOfUnsecuredLines"],
                "late": [
                    "NumberOfTime30-59DaysPastDueNotWorse",
                    "NumberOfTime60-89DaysPastDueNotWorse",
                    "NumberOfTimes90DaysLate",
                ],
                "means": ["MonthlyIncome", "DebtRatio", "NumberOfDependents"],
                "lines": ["NumberOfOpenCreditLinesAndLoans", "NumberRealEstateLoansOrLines"],
            },
        },
        give_me_some_credit,
    ),
    "compas": Real(
        "compas-scores-two-years.csv",
        {
            "repeated": "first",
            "target": "two_year_recid",
            "favourable": 0,
            "sensitive": "race",
            "reference": "race:Caucasian",
            "score": "decile_score",
            "direction": "lower_is_better",
            "threshold": 4,
            "factors": {
                "sex": ["sex"],
                "age": ["age"],
                "juvenile": ["juv_fel_count", "juv_misd_count", "juv_other_count"],
                "priors": ["priors_count"],
                "charge": ["c_charge_degree"],
            },
        },
        compas,
        lambda path: -pd.read_csv(path)["decile_score"].astype("float64"),
    ),
    "loanapp": Real(
        "loanapp.csv.bz2",
        {
            "target": "approve",
            "sensitive": "black",
            "factors": {
                "loan": ["loanamt", "price", "loanprc", "term", "fixadj", "typur", "unit"],
                "income": ["appinc", "atotinc", "cototinc", "hexp", "hrat", "obrat"],
                "history": ["pubrec", "mortlat1", "mortlat2", "chist", "gdlin", "lines"],
                "work": ["self", "emp", "yjob", "unem", "netw", "liq"],
                "papers": ["unver", "review", "cosign", "gift"],
                "household": ["married", "dep", "male", "sch"],
            },
        },
        loanapp,
    ),
    "default": Real(
        "Default.csv", {"target": "default", "favourable": "No", "sensitive": "student"}, default
    ),
}


@dataclass(frozen=True)
class Page:
    """What an audit wrote, and what it is held against."""

    real: Real
    path: Path
    results: StudyResults
    markup: str
    abstract: str
    """The abstract, its groups named G1 (the lead) and G2 (its reference), as plain text."""
    text: str
    """The abstract and the sections of selection, order and gap, in the same way."""
    cards: list[str]
    """Their markup."""
    good: np.ndarray
    groups: np.ndarray
    scores: Mapping[str, np.ndarray]
    crossed: Mapping[str, tuple[Any, Any]]
    """Cross-fitted scorers, each with the dataset that it was fitted on."""

    @property
    def pair(self) -> GroupPair:
        found = lead_pair(self.results)
        assert found is not None
        return found

    @property
    def sides(self) -> tuple[np.ndarray, np.ndarray]:
        return self.groups == self.pair.group, self.groups == self.pair.reference


def found_file(name: str) -> Path:
    for folder in filter(Path.is_dir, FOLDERS):
        for path in sorted(folder.rglob(name)):
            return path
    pytest.skip(f"{name} is in no folder of CREDIT_ML_REAL_TABLES")


def plain(markup: str) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", markup))
    text = text.replace("\u2212", "-").replace("\u202f%", "%").replace("\xa0", " ")
    text = re.sub(r"\s+", " ", text.replace("\u202f", "")).replace(" %", "%")
    return text.replace("( ", "(").replace(" )", ")").strip()


def short_names(text: str, pair: GroupPair) -> str:
    """G1 for the group, G2 for its reference."""
    for name, short in zip(pair.people("people"), ("G1", "G2"), strict=True):
        text = re.sub(rf"(?<!\w){re.escape(plain(name))}(?!\w)", short, text, flags=re.IGNORECASE)
    return text


@pytest.fixture(scope="module", params=list(TABLES))
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Page:
    real = TABLES[request.param]
    path = found_file(real.file)
    written = tmp_path_factory.mktemp(request.param) / "page.html"
    fitted: dict[str, tuple[Any, Any]] = {}
    cross_fit = audit_module.cross_fit

    def kept(scorer: Any, dataset: Any, **asked: Any) -> Any:
        made = cross_fit(scorer, dataset, **asked)
        fitted["opaque" if type(scorer).__name__ == "OpaqueScorer" else "scorecard"] = made, dataset
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit_module, "cross_fit", kept)
        results = audit_table(path, output=written, track=False, progress=False, **real.asked)
    markup = written.read_text(encoding="utf-8")
    abstract = markup.split('<section class="abstract"')[1].split('id="abstract">')[1]
    cards = markup.split('<ul class="cards"')[1].split("</ul>")[0].partition(">")[2]
    found = lead_pair(results)
    assert found is not None
    first_screen = plain(re.split(r"<ul|</section>", abstract)[0]).removeprefix("Abstract ")
    parts = (markup.split(f'<section id="{each}"')[1] for each in ("quality", "audit", "gap"))
    own = [re.findall(r"<p[ >].*?</p>", each.split("</section>")[0], re.DOTALL) for each in parts]
    sections = plain(" ".join(each for paragraphs in own for each in paragraphs))
    good, groups = real.again(path)
    scores = {kind: np.asarray(made.probability) for kind, (made, _) in fitted.items()}
    if real.given is not None:
        scores = {"given": real.given(path).to_numpy()}
    return Page(
        real=real,
        path=path,
        results=results,
        markup=markup,
        abstract=short_names(first_screen, found),
        text=short_names(f"{first_screen} {sections}", found),
        cards=cards.split("</li>")[:-1],
        good=good.to_numpy(),
        groups=groups.to_numpy(dtype=object),
        scores=scores,
        crossed=fitted,
    )


def number(text: str) -> float:
    return float(text.replace(",", ""))


def half_unit(text: str) -> float:
    """Half of the last digit that is printed."""
    return 0.5 * 10.0 ** -len(text.partition(".")[2]) * (1 + 1e-9)


def same(printed: str, value: float) -> None:
    assert abs(number(printed) - value) <= half_unit(printed), (printed, value)


def with_signs(told: Sequence[str | None], below: str) -> tuple[str, str]:
    """Return the ends of `EITHER` as numbers, below zero on the side of that word."""
    low, low_side, high, high_side = (each or "" for each in told)
    low, high = (
        "-" * (side.strip() == below) + end for end, side in ((low, low_side), (high, high_side))
    )
    return low, high


def near(low: str, high: str, ends: tuple[float, float]) -> None:
    """Ends of an interval, made by another formula."""
    allowed = SLACK * (ends[1] - ends[0])
    for printed, end in zip((low, high), ends, strict=True):
        assert abs(number(printed) - end) <= half_unit(printed) + allowed, (printed, ends)


def share_ends(chosen: np.ndarray) -> tuple[float, float]:
    low, high = proportion_confint(int(chosen.sum()), len(chosen), method="wilson")
    return 100 * low, 100 * high


def ratio_ends(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Katz's interval of a ratio of two shares."""
    ratio = one.mean() / other.mean()
    spread = math.sqrt(sum((1 - each.mean()) / each.sum() for each in (one, other)))
    return ratio * math.exp(-1.96 * spread), ratio * math.exp(1.96 * spread)


def newcombe_ends(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Newcombe's interval of a difference of two shares, in points."""
    (l1, u1), (l2, u2) = share_ends(one), share_ends(other)
    p1, p2 = 100 * one.mean(), 100 * other.mean()
    return (p1 - p2 - math.hypot(p1 - l1, u2 - p2), p1 - p2 + math.hypot(u1 - p1, p2 - l2))


def mean_ends(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    gap = one.mean() - other.mean()
    spread = math.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    return gap - 1.96 * spread, gap + 1.96 * spread


def area_ends(scores: np.ndarray, good: np.ndarray) -> tuple[float, float]:
    """DeLong's interval of the AUC, by midranks, in per cent."""
    high, low = scores[good], scores[~good]
    own = [rankdata(each) for each in (high, low)]
    among = rankdata(np.r_[high, low])
    above = (among[: len(high)] - own[0]) / len(low)
    below = 1 - (among[len(high) :] - own[1]) / len(high)
    area = above.mean()
    spread = math.sqrt(above.var(ddof=1) / len(high) + below.var(ddof=1) / len(low))
    middle, step = math.log(area / (1 - area)), spread / (area * (1 - area))
    ends = 1 / (1 + np.exp(-np.array([middle - 1.96 * step, middle + 1.96 * step])))
    return 100 * float(ends[0]), 100 * float(ends[1])


def first(page: Page) -> str:
    """The rater whose numbers the first screen follows."""
    return page.results.raters[0].id


def threshold(page: Page) -> tuple[str, float]:
    told = re.search(rf"The threshold is (?:a probability of )?{NUMBER} or (more|less)", page.text)
    assert told, page.text
    return told[1], -number(told[1]) if told[2] == "less" else number(told[1])


def rates(page: Page) -> pd.DataFrame:
    chosen = page.scores[first(page)] >= threshold(page)[1]
    asked = {"pass": selection_rate, "right": true_positive_rate, "wrong": false_positive_rate}
    frame = MetricFrame(
        metrics=asked,
        y_true=page.good.astype(int),
        y_pred=chosen.astype(int),
        sensitive_features=pd.Series(page.groups, name="group"),
    )
    return frame.by_group


def test_people_are_those_of_the_file(page: Page) -> None:
    told = re.match(rf"{NUMBER} people in the table", page.text)
    assert told
    same(told[1], len(page.good))
    assert page.results.data["outcome_rate"] == pytest.approx(page.good.mean(), abs=1e-12)


def test_as_many_pass_as_had_the_favourable_outcome_or_the_threshold_is_as_asked(
    page: Page,
) -> None:
    printed, at = threshold(page)
    if "threshold" in page.real.asked:
        assert number(printed) == page.real.asked["threshold"]
        return
    scores, share = page.scores[first(page)], page.good.mean()
    ties = max(np.mean(scores == each) for each in np.unique(scores)[:: max(1, len(scores) // 500)])
    assert abs(np.mean(scores >= at) - share) <= 1 / len(scores) + ties


def test_rates_and_their_ratio_are_fairlearns(page: Page) -> None:
    found = rates(page)["pass"]
    group, reference = found[page.pair.group], found[page.pair.reference]
    one, other = ((page.scores[first(page)] >= threshold(page)[1])[side] for side in page.sides)
    told = re.search(rf"G1 pass {NUMBER} times as often as G2 {RANGE}", page.text)
    assert told, page.text
    same(told[1], group / reference)
    near(told[2], told[3], ratio_ends(one, other))
    refused = re.search(rf"G([12]) are refused {NUMBER} times as often as G[12] {RANGE}", page.text)
    assert refused, page.text
    worse, better = (~one, ~other) if refused[1] == "1" else (~other, ~one)
    same(refused[2], worse.mean() / better.mean())
    near(refused[3], refused[4], ratio_ends(worse, better))
    shares = re.search(rf": {NUMBER}% {RANGE} against {NUMBER}% {RANGE}", page.text[told.start() :])
    if "compatible with no difference" not in page.text[told.end() :].split(".")[0]:
        assert shares
        same(shares[1], 100 * group)
        near(shares[2], shares[3], share_ends(one))
        same(shares[4], 100 * reference)
        near(shares[5], shares[6], share_ends(other))


def test_the_widest_gap_is_so_of_any_two_groups(page: Page) -> None:
    """At the rater that it is said of, no two groups of enough people are refused more unlike."""
    told = re.search(
        rf"[Ww]idest of all [\w ,]*: .+? are refused(?: with the ([\w ]+?))? {NUMBER} times",
        page.text,
    )
    if told is None:  # the pair that is followed is the widest, or nothing is certain
        return
    widest = []
    for rater in page.results.raters:
        (audit,) = rater.of_kind("audit")
        line = re.search(rf"{NUMBER} or (more|less)", str(audit.parameters["decision"]))
        assert line
        at = -number(line[1]) if line[2] == "less" else number(line[1])
        refused = pd.Series(page.scores[rater.id] < at).groupby(page.groups)
        rates = refused.mean()[refused.size() >= 30]
        widest.append(rates.max() / rates.min())
    assert any(abs(number(told[2]) - each) <= half_unit(told[2]) for each in widest), told[0]


def test_order_is_that_of_scikit_learn(page: Page) -> None:
    told = page.text.split("above one who did not in ")[1]
    said = re.match(rf"{NUMBER}% {RANGE}(?: of pairs)?(?: with the (\w+))?", told)
    assert said
    kinds = {"scorecard": "scorecard", "boosted trees": "opaque"}
    several = [
        (*numbers, kinds[name])
        for *numbers, name in re.findall(
            rf"{NUMBER}% {RANGE}(?: of pairs)? with the ({'|'.join(kinds)})", told
        )
    ]
    named = several or [(*said.groups()[:3], kind) for kind in page.scores]
    assert {each[3] for each in named} == set(page.scores)
    for printed, low, high, kind in named:
        scores = page.scores[kind]
        same(printed, 100 * roc_auc_score(page.good, scores))
        near(low, high, area_ends(scores, page.good))


def scaled(page: Page) -> tuple[np.ndarray, str]:
    scores = page.scores[first(page)]
    return (scores, "points") if page.real.given else (100 * scores, "percentage points")


def test_the_gap_is_a_difference_of_means(page: Page) -> None:
    scores, unit = scaled(page)
    one, other = (scores[side] for side in page.sides)
    gap, (low, high) = one.mean() - other.mean(), mean_ends(one, other)
    stand = re.search(rf"G1 stand {NUMBER} {unit} {RANGE} (below|above) G2", page.text)
    apart = re.search(
        rf"by the estimates G1 stand {NUMBER} {unit[:-1]}s? (below|above) G2 {EITHER}", page.text
    )
    told = stand or apart
    assert told, page.text
    same(told[1], abs(gap))
    assert (stand[4] if stand else told[2]) == ("above" if gap > 0 else "below")
    if stand:
        near(told[2], told[3], (low, high) if gap > 0 else (-high, -low))
    else:
        near(*with_signs(told.groups()[2:], "below"), (low, high))


def test_those_who_are_shut_out_are_fairlearns(page: Page) -> None:
    found = rates(page)["right"]
    gap = 100 * (found[page.pair.group] - found[page.pair.reference])
    chosen = page.scores[first(page)] >= threshold(page)[1]
    one, other = (chosen[side & page.good] for side in page.sides)
    low, high = newcombe_ends(one, other)
    ends = (low, high) if gap > 0 else (-high, -low)
    sure = re.search(
        rf"Among those who had [^.]*? by {NUMBER} percentage points? {RANGE}", page.text
    )
    told = sure or re.search(
        rf"Among those who had [^.]*? shut out {NUMBER} percentage points? more often "
        rf"than G[12] {EITHER}",
        page.text,
    )
    assert told, page.text
    same(told[1], abs(gap))
    near(*(told.groups()[1:] if sure else with_signs(told.groups()[1:], "less")), ends)
    rest_of_sentence = told.string[told.end() :].split(".")[0]
    assert ("compatible with no difference" in rest_of_sentence) == (low < 0 < high)


def parts_told(page: Page) -> dict[str, tuple[float, str, str, str]]:
    """Parts that the abstract names: sign, number, and ends, by factor."""
    text = page.text.partition("Other groups, ")[0]  # whose parts are other gaps'
    found = {}
    # "of these, 0.8 (0.4 to 1.1) are attributed to a, 0.3 (0.2 to 0.4) to b and ..."
    # Parts that come to more than the gap are not "of these".
    stand = re.search(rf"stand {NUMBER} [a-z ]+ {RANGE} (?:below|above) G2: (?:of these, )?", text)
    if stand and "are attributed to" in text:
        clause = re.split(r"[;.](?: |$)", text[stand.end() :])[0]
        for told in re.finditer(
            rf"{NUMBER} {RANGE} (?:are attributed )?to ([^,;]+?)(?= and |,|$)", clause
        ):
            found[told[4]] = (1.0, told[1], told[2], told[3])
    for told in re.finditer(rf"(\w[\w ]*?) works? the other way, by {NUMBER} {RANGE}", text):
        name = told[1].split(", ")[-1]
        found[name[0].lower() + name[1:]] = (-1.0, told[2], told[3], told[4])
    return found


def test_parts_of_the_gap_are_those_of_every_coalition(page: Page) -> None:
    told = parts_told(page)
    nothing = ("part can be told from zero", "the observed gap between G1 and G2 is")
    assert told or any(each in page.text for each in nothing), page.text
    if page.real.given is not None:
        again = by_least_squares(page)
    else:
        again = by_coalitions(page, people=20_000)
    scores, _ = scaled(page)
    one, other = (scores[side] for side in page.sides)
    sign = 1.0 if one.mean() > other.mean() else -1.0
    for factor, (way, printed, low, high) in told.items():
        part = sign * way * again[factor]
        if page.real.given is not None:
            same(printed, part)
        else:  # other people stand in for each: within what the interval allows
            assert number(low) - half_unit(low) <= part <= number(high) + half_unit(high), factor


def by_least_squares(page: Page) -> dict[str, float]:
    """Differences of means at the prices of the reference group: Kitagawa, Oaxaca and Blinder."""
    frame = pd.read_csv(page.path)
    design = {
        factor: pd.get_dummies(frame[columns], drop_first=True, dtype=float)
        for factor, columns in page.real.asked["factors"].items()
    }
    wide = pd.concat(design, axis=1)
    inside, outside = page.sides
    own = np.column_stack([np.ones(outside.sum()), wide[outside].to_numpy()])
    price = np.linalg.lstsq(own, page.scores["given"][outside], rcond=None)[0][1:]
    parts = price * (wide[inside].mean() - wide[outside].mean()).to_numpy()
    factors = wide.columns.get_level_values(0)
    return {factor: float(parts[factors == factor].sum()) for factor in design}


def by_coalitions(page: Page, *, people: int) -> dict[str, float]:
    """Shapley values of factors, each person's others taken from one other person, in points."""
    made, dataset = page.crossed[first(page)]
    rng = np.random.default_rng(7)
    X, factors = dataset.X, {name: list(own) for name, own in dataset.factors.items()}
    parts = {name: np.zeros(len(X)) for name in factors}
    looked = np.zeros(len(X), dtype=bool)
    for members, model in made.folds:
        own = rng.permutation(members)[: max(1, people * len(members) // len(X))]
        looked[own] = True
        here = X.iloc[own].reset_index(drop=True)
        there = X.iloc[rng.permutation(own)].reset_index(drop=True)
        value = {}
        for size in range(len(factors) + 1):
            for chosen in itertools.combinations(factors, size):
                mixed = there.copy()
                for name in chosen:
                    mixed[factors[name]] = here[factors[name]]
                value[frozenset(chosen)] = model.predict_proba(mixed)[:, 1]
        for name in factors:
            for chosen, before in value.items():
                if name not in chosen:
                    size, whole = len(chosen), len(factors)
                    weight = (
                        math.factorial(size)
                        * math.factorial(whole - size - 1)
                        / math.factorial(whole)
                    )
                    parts[name][own] += weight * (value[chosen | {name}] - before)
    inside, outside = (side & looked for side in page.sides)
    return {
        name: 100 * float(own[inside].mean() - own[outside].mean()) for name, own in parts.items()
    }


def test_cards_repeat_the_abstract(page: Page) -> None:
    for card in page.cards:
        told = re.match(rf" ?{NUMBER}", plain(card))
        ends = re.match(rf"{NUMBER} to {NUMBER}", plain(card.split('class="range">')[1]))
        assert told, card
        assert ends, card
        printed = [told[1], *ends.groups()]
        unit = r"(?:%| times as often as [^(.]{1,60}?| percentage points?| points?)?"
        facts = re.findall(rf"{NUMBER}{unit} {RANGE}", page.text)
        again = (zip(printed, map(number, each), strict=True) for each in facts)
        # A card may have fewer digits than the sentence.
        assert any(
            all(abs(number(shown) - value) <= half_unit(shown) for shown, value in each)
            for each in again
        ), (card, page.text)


def left_over(text: str) -> Iterator[str]:
    """Numbers that no test above has looked at."""
    for pattern in (
        rf"^{NUMBER} people in the table '.*?'",
        rf"{NUMBER}% {RANGE}",
        rf"(?:a probability of )?{NUMBER} or (?:more|less)",
        rf"{NUMBER} times as often as (?:G[12]|[\w' ]+?) {RANGE}",
        rf"{NUMBER}(?: percentage points?| points?)? {RANGE}",
        r"95%|G1|G2",
    ):
        text = re.sub(pattern, "", text)
    yield from re.findall(r"\d[\d.,]*", text)


def test_no_number_of_the_abstract_is_unread(page: Page) -> None:
    assert list(left_over(page.abstract)) == []


def test_shares_of_groups_and_their_outcomes_are_those_of_the_file(page: Page) -> None:
    text = plain(page.markup.split('<section id="data"')[1].split("</section>")[0])
    text = short_names(text, page.pair)
    told = re.search(
        rf"Of all people, {NUMBER}% are G2, of whom {NUMBER}% {RANGE} had the favourable outcome; "
        rf"{NUMBER}% are G1, of whom {NUMBER}% {RANGE} had",
        text,
    )
    assert told, text
    inside, outside = page.sides
    for side, (share, rate, low, high) in (
        (outside, told.groups()[:4]),
        (inside, told.groups()[4:]),
    ):
        same(share, 100 * side.mean())
        same(rate, 100 * page.good[side].mean())
        near(low, high, share_ends(page.good[side]))


# The same tables in a notebook, with models of one's own.

#: Columns that an owner's model reads: those of the page's factors, or what is neither outcome nor
#: sensitive.
READ = {
    name: [each for block in real.asked["factors"].values() for each in block]
    for name, real in TABLES.items()
    if "factors" in real.asked
} | {"default": ["balance", "income"]}
#: People of a table at most; all of the small ones.
MOST = 3_000


@dataclass(frozen=True)
class NotebookTable:
    """A table as `read_table` gives it, and what its owner says of it."""

    name: str
    dataset: Dataset
    frame: pd.DataFrame
    good: np.ndarray

    @property
    def X(self) -> pd.DataFrame:
        return self.frame[READ[self.name]]


@pytest.fixture(scope="module", params=list(TABLES))
def owned(request: pytest.FixtureRequest) -> NotebookTable:
    real, name = TABLES[request.param], request.param
    read = {key: real.asked[key] for key in ("layout", "repeated") if key in real.asked}
    frame = read_table(found_file(real.file), **read)
    rows = np.sort(np.random.default_rng(0).permutation(len(frame))[:MOST])
    frame = frame.iloc[rows].reset_index(drop=True)
    text = frame[READ[name]].select_dtypes(exclude="number").columns
    frame = frame.astype(dict.fromkeys(text, "category"))
    sensitive, target = real.asked["sensitive"].partition(":")[0], real.asked["target"]
    if ":" in real.asked["sensitive"]:
        frame["band"] = bands(frame[sensitive], [30, 45, 60])
        sensitive = "band"
    values = frame[target].unique()
    favourable = real.asked.get("favourable", "good" if "good" in values else 1)
    data = Dataset.from_frame(
        frame,
        target=target,
        favourable=favourable,
        sensitive=sensitive,
        factors=real.asked.get("factors", {each: each for each in READ[name]}),
        name=name,
    )
    return NotebookTable(name, data, frame, (frame[target] == favourable).to_numpy())


def own_pipeline() -> Any:
    number = make_pipeline(SimpleImputer(), StandardScaler())
    kinds = (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude="number"))
    by_type = make_column_transformer((number, make_column_selector(dtype_include="number")), kinds)
    return make_pipeline(by_type, LogisticRegression(max_iter=2_000))


def own_booster() -> Any:
    lightgbm = pytest.importorskip("lightgbm")
    return lightgbm.LGBMClassifier(n_estimators=60, verbose=-1, n_jobs=1, random_state=0)


@pytest.mark.parametrize("make", [own_pipeline, own_booster])
def test_a_model_of_ones_own_in_a_notebook(
    owned: NotebookTable, make: Callable[[], Any], tmp_path: Path
) -> None:
    """From `read_table` to the page; who passes, the order and the gap are the model's own."""
    outcome = owned.frame[owned.dataset.origin.target]  # type: ignore[union-attr]
    model = make().fit(owned.X, outcome)
    place = list(model.classes_).index(outcome[owned.good].iloc[0])
    chance = model.predict_proba(owned.X)[:, place]
    written = tmp_path / "page.html"
    found = cm.report(model, owned.dataset, written, threshold=0.5, progress=False)
    kinds = {each.kind: each for each in found.all_findings()}
    assert {"audit", "comparison", "explanation", "attribution_bands", "quality"} <= set(kinds)
    groups = owned.dataset.groups(str(owned.dataset.sensitive.columns[0]))
    theirs = pd.Series(chance >= 0.5).groupby(groups.astype(str).to_numpy()).mean()
    ours = kinds["audit"].by(groups.name)["selection_rate"]
    assert ours.to_dict() == pytest.approx(theirs.to_dict())
    area = kinds["quality"].overall["auc"]
    assert area == pytest.approx(roc_auc_score(owned.good, chance))
    told = plain(written.read_text("utf-8"))
    assert f"{len(owned.frame):,} people in the table '{owned.name}'" in told
    refused = int(np.argmin(chance))
    letter = cm.notice(model, owned.dataset, refused, threshold=0.5, decision="a loan")
    assert (letter.status, letter.verify()) == ("not said", [])
