"""What the page says of disclosure."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import conform, instruments
from credit_ml.disclosure.facts import spoken_of
from credit_ml.reports.templating import block, said
from credit_ml.reports.templating import paragraphs as read


def disclosure_paragraphs(page_study):
    found = list(page_study.of_kind("disclosure"))
    return read(block(instruments()["disclosure"], "paragraphs", page_study, found))


def changed_by(page_study, change):
    """A disclosure after which the gap has changed by so much, give or take 1.4."""
    rater = page_study.raters[0]
    (finding,) = rater.of_kind("disclosure")
    table = finding.table[finding.table["measure"] != "score_gap_after"]
    rows = [
        {"measure": "score_gap_after", "estimate": -41 + change, "low": -60, "high": -30},
        {
            "measure": "score_gap_change",
            "estimate": change,
            "low": change - 1.4,
            "high": change + 1.4,
        },
    ]
    pair = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
    more = conform(rows, quantity="difference", regime="full", unit="points", **pair)
    finding = replace(finding, table=pd.concat([table, more], ignore_index=True))
    return replace(page_study, raters=(replace(rater, findings=(finding,)), *page_study.raters[1:]))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (-4, "widens by 4.0 (2.6 to 5.4), from 41.0 to 45.0 points."),
        (4, "narrows by 4.0 (2.6 to 5.4), from 41.0 to 37.0 points."),
        (
            -0.5,
            "no change of the observed gap between rural citizens and urban citizens can be told",
        ),
    ],
)
def test_a_gap_changes_by_what_one_group_gains_more(page_study, change, expected):
    settings = {"lead": {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}}
    changed = replace(changed_by(page_study, change), settings=settings)
    assert expected in said(changed, "disclosure")


def many_told(page_study):
    """The same disclosure under eight regimes, in one of which most act in vain."""
    finding = page_study.raters[0].of_kind("disclosure")[0]
    names = (
        "nothing",
        "factors",
        "ranks",
        "weights",
        "reasons",
        "counterfactual",
        "advice",
        "full",
    )
    part = finding.table[finding.table["regime"] == "factors"]
    row = {"measure": "wasted", "estimate": 0.1, "low": 0.08, "high": 0.12, "unit": "share"}
    vain = conform([row])
    parts = [
        pd.concat([part, vain.assign(regime="x", estimate=0.3 if name == "ranks" else 0.1)]).assign(
            regime=name
        )
        for name in names
    ]
    return replace(finding, table=pd.concat(parts, ignore_index=True))


def test_of_many_regimes_prose_names_those_that_say_most(page_study):
    assert spoken_of(many_told(page_study)) == ["nothing", "factors", "ranks", "full"]
    few = page_study.raters[0].of_kind("disclosure")[0]
    assert spoken_of(few) == ["nothing", "factors", "full"]


def test_what_was_not_measured_is_not_said(page_study):
    finding = page_study.raters[0].of_kind("disclosure")[0]
    table = finding.table.copy()
    table.loc[table["measure"] == "improvement_share", ["estimate", "low", "high"]] = np.nan
    rater = replace(page_study.raters[0], findings=(replace(finding, table=table),))
    (first, *_) = disclosure_paragraphs(replace(page_study, raters=(rater,)))
    assert "improve what people will keep" not in first.text
    assert "\u2013" not in first.text
