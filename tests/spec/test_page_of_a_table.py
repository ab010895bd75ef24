"""The page of a real table: no word of a society, no group lost, no number unexplained."""

import html
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from credit_ml.datasets.give_me_some_credit import GMSC_COLUMNS
from credit_ml.grammar.cited import unmarked
from credit_ml.reports.exhibits import tables_of
from credit_ml.reports.presented import presented
from credit_ml.reports.templating import said
from credit_ml.studies import audit_table

#: Words that only made-up citizens, their agencies and their menu give a meaning.
OF_SOCIETIES = re.compile(
    r"\b(societ(y|ies)|citizens?|obligations?|advisers?|yuan|keepers?|breakers?|twins?|districts?|"
    r"first privilege|privileges (won|lost)|friends)\b",
    re.IGNORECASE,
)
GROUPS = ("under 30", "30 to 45", "45 to 60", "60 and over")


@pytest.fixture(scope="module")
def borrowers(tmp_path_factory):
    """A file like that of the contest, of 900 made-up borrowers, one of age 0."""
    random = np.random.default_rng(8)
    people = 900
    age = random.integers(21, 80, people)
    late = random.poisson(0.2 + 0.5 * (age < 35), people)
    columns = {name: random.poisson(2.0, people) for name in GMSC_COLUMNS}
    columns |= {
        "SeriousDlqin2yrs": (random.random(people) < 0.08 + 0.15 * (late > 0)).astype(int),
        "RevolvingUtilizationOfUnsecuredLines": random.random(people) + 0.3 * (age < 35),
        "age": np.where(np.arange(people) == 5, 0, age),
        "NumberOfTime30-59DaysPastDueNotWorse": np.where(np.arange(people) < 9, 98, late),
        "MonthlyIncome": np.where(random.random(people) < 0.2, np.nan, 1000 + 50.0 * age),
        "DebtRatio": random.random(people),
    }
    path = tmp_path_factory.mktemp("table") / "borrowers.csv"
    pd.DataFrame(columns)[list(GMSC_COLUMNS)].to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def page(borrowers, repository):
    """The results of an audit with a menu, and the words of its page, folds and pictures too."""
    own, written = repository / "experiments" / "own_data", borrowers.with_suffix(".html")
    results = audit_table(
        borrowers,
        layout="give_me_some_credit",
        target="default",
        favourable=0,
        sensitive="age_band",
        factors=own / "give_me_some_credit_factors.toml",
        menu=own / "give_me_some_credit_menu.toml",
        regimes=["nothing", "full"],
        folds=2,
        output=written,
        track=False,
        progress=False,
    )
    return results, words_of(written.read_text(encoding="utf-8"))


def words_of(markup):
    """What a reader can see, without titles of works that are cited."""
    body = re.sub(r"(?s)<(script|style).*?</\1>", " ", markup)
    body = body.partition('class="references"')[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def test_no_word_is_of_a_simulated_society(page):
    _, words = page
    found = [
        words[max(0, each.start() - 60) : each.end() + 20] for each in OF_SOCIETIES.finditer(words)
    ]
    assert found == []


def test_every_group_stands_at_every_rater(page):
    _, words = page
    told = words.partition("Who is refused Rater")[2].partition("Refused at every rater")[0]
    assert told
    for group in GROUPS:
        assert f"aged {group}" in told


def test_what_was_done_to_the_file_is_said_with_numbers(page):
    results, words = page
    assert results.data["people"] == 899
    text = words.partition("As the table was read:")[2]
    assert re.match(r" ?1 row left out, of a person aged 0", text)
    assert "people whose counts of late payments are codes" in text[:300]
    assert re.search(r"1 column of the table in no factor: age\b", text)


@pytest.mark.parametrize(("followed", "whose"), [(899, ""), (500, " of the 500 people")])
def test_whose_gap_changes_is_said_on_the_first_screen(page, followed, whose):
    """Of all of a table nothing is said; where a sample was followed, of how many."""
    results, _ = page

    def of_some(finding):
        if finding.kind != "disclosure":
            return finding
        return replace(finding, parameters=finding.parameters | {"people": followed})

    raters = [
        replace(rater, findings=tuple(map(of_some, rater.findings))) for rater in results.raters
    ]
    answer = unmarked(said(replace(results, raters=tuple(raters)), "disclosure", "answer"))
    ways = "is sure|narrows|widens|moves|goes"
    assert re.search(rf"gap{whose}{' who were followed' if whose else ''} ({ways})", answer)


def test_no_number_stands_without_an_interval_or_a_reason(page):
    results, words = page
    shown = presented(results)
    views = [view for finding in shown.all_findings() for view in tables_of(finding)]
    bare = [view for view in views if view.bared]
    assert bare
    assert all(view.bare for view in bare)
    assert words.count("Without brackets:") >= len(bare)
    for finding in shown.all_findings():
        table = finding.table
        ends = table[["low", "high"]].notna().all(axis=1)
        told = table.get("reason", pd.Series("", index=table.index)).fillna("") != ""
        counted = table["measure"].isin(("count", "sum_of_weights"))
        alone = table["estimate"].notna() & ~ends & ~told & ~counted
        assert not alone.any() or finding.unranged, (finding.title, table[alone].head())
