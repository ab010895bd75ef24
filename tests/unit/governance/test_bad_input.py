"""What no vote, contest, limit, release or rule can be: one line, in Python and in a study's file.

Each module's tests hold its own refusals; here are those of the issue, and of the kinds they stand
for: nobody, what does not sum, a chance above one, an epsilon of zero, text where a number belongs.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import credit_ml as cm
from credit_ml.agencies import Rater, load_agency
from credit_ml.cli.app import app
from credit_ml.core import CreditMLError, InputError
from credit_ml.governance import (
    CitizenValues,
    Contest,
    DataLimit,
    DueProcessOptions,
    LimitOptions,
    SurveyOptions,
    TrustRule,
    VoteOptions,
    attack_auc,
    audit_without_groups,
    due_process,
    inferable,
    mean_weights,
    private_release,
    silence,
    trust_after,
    vote,
)
from credit_ml.society import Society, World

HALVES = {"a": np.array([0.5, 0.5]), "b": np.array([0.2, 0.8])}
OWN = np.array([[0.5, 0.5], [0.3, 0.7]])

ACTS: dict[str, Callable[[], Any]] = {
    "weights: hold no voter or no factor": lambda: vote(np.empty((0, 2)), HALVES),
    "weights: sum to 0.7 in row 0": lambda: vote(np.array([[0.5, 0.2]]), HALVES),
    "weights: hold nan in row 0": lambda: vote(np.array([[np.nan, 1.0]]), HALVES),
    "weights: are no table of numbers": lambda: vote(np.array([["a", "b"]]), HALVES),
    "weights: have shape": lambda: mean_weights(np.array([0.5, 0.5])),
    "proposals: are no table of numbers": lambda: vote(OWN, HALVES | {"c": np.ones(3) / 3}),
    "proposals: weigh 3 factors, the voters 2": lambda: vote(OWN, {"c": np.ones(3) / 3}),
    "nominated: is 1.5; give a whole number": lambda: VoteOptions(nominated=1.5),
    "draws: is 'few'; give at least 2": lambda: VoteOptions(draws="few"),
    "places: are 'a'": lambda: VoteOptions(places="a"),
    "values, concentration: is '1'": lambda: CitizenValues(concentration="1"),
    "values, dependence: is True": lambda: CitizenValues(dependence=True),
    r"values, importance: is \(1.0, 2.0\)": lambda: CitizenValues(importance=(1.0, 2.0)),
    "contest, success: is 1.2; give a chance from 0 to 1": lambda: Contest(success=1.2),
    "contest, undue: is -0.1": lambda: Contest(undue=-0.1),
    "due process, rules: 'closed' is unknown": lambda: DueProcessOptions(rules=("closed",)),
    "mu: is '1'; give at least 0": lambda: attack_auc("1"),
    "mu: is None": lambda: attack_auc(None),
    "limit, pooled: is 'no'; give True or False": lambda: DataLimit(pooled="no"),
    "limit, cleared: is 1": lambda: DataLimit(cleared=1),
    r"data limits, limits: are \('x',\)": lambda: LimitOptions(limits=("x",)),
    "data limits, scorer: 'boost' is unknown": lambda: LimitOptions(scorer="boost"),
    "data limits, places: are '1'": lambda: LimitOptions(places="1"),
    "proxies: are {}; name one or more": lambda: SurveyOptions(proxies={}),
    "values: are no numbers": lambda: silence(["a"]),
    r"cost: has shape \(2,\)": lambda: silence([0.1, 0.2, 0.3], cost=[0.1, 0.2]),
    "people: is 0; give at least 1": lambda: trust_after(TrustRule(), 0, years=1),
}  # fmt: off


@pytest.mark.parametrize("said", ACTS)
def test_what_cannot_be_is_one_line(said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        ACTS[said]()
    assert "\n" not in str(refused.value)


@pytest.fixture(scope="module")
def society() -> Society:
    return World(citizens=300, seed=1).simulate()


@pytest.fixture(scope="module")
def rater(society: Society) -> Rater:
    return load_agency("sesame").with_scorer("scorecard").fit(society)


OF_SOCIETIES: dict[str, Callable[[Rater, Society], Any]] = {
    "threshold: is 5000; give a number on the scale": lambda rater, society: private_release(
        rater, society, threshold=5000
    ),
    "threshold: is 6500": lambda rater, society: audit_without_groups(
        rater, society, sensitive="hukou", group="rural", threshold=6500
    ),
    "epsilon: is 0.0; give a number above 0": lambda rater, society: private_release(
        rater, society, epsilons=[0.0]
    ),
    "data limits, holders: are \\[\\]": lambda rater, society: inferable(
        rater.agency, society, holders=()
    ),
    "times, hukou: 'martian' is unknown": lambda rater, society: due_process(
        rater, society, options=DueProcessOptions(times={"hukou": {"martian": 2.0}})
    ),
    "'martian' has nobody; known: urban, rural": lambda rater, society: due_process(
        rater, society, reference_groups={"hukou": "martian"}
    ),
    "rule: 'nyc-ll145' is unknown; did you mean 'nyc-ll144'": lambda rater, society: cm.exhibits(
        rater, rater.agency.view(society), "nyc-ll145"
    ),
    "rule: is None; name one": lambda rater, society: cm.exhibits(
        rater, rater.agency.view(society), None
    ),
    "rule: is 5; name one": lambda rater, society: cm.exhibits(
        rater, rater.agency.view(society), ["gdpr-22", 5]
    ),
    "on: is '29.11.2026', which is no date": lambda rater, society: cm.exhibits(
        rater, rater.agency.view(society), "gdpr-22", on="29.11.2026"
    ),
}


@pytest.mark.parametrize("said", OF_SOCIETIES)
def test_what_no_society_can_be_asked_is_one_line(
    said: str, rater: Rater, society: Society
) -> None:
    with pytest.raises(CreditMLError, match=said) as refused:
        OF_SOCIETIES[said](rater, society)
    assert "\n" not in str(refused.value)


STUDY = """
sensitive = ["hukou"]
[study]
id = "tiny"
title = "Tiny"
question = "Is there a gap?"
prediction = "Yes."
refutation = "No."
seed = 1
[world]
name = "baseline"
citizens = 600
[[raters]]
agency = "sesame"
[report]
path = "reports/tiny.html"
"""
LEAD = '[lead]\nsensitive = "hukou"\ngroup = "rural"\nreference_group = "urban"\n'
#: A block of a study that cannot be, and what is said of it.
BLOCKS = {
    "[agreed_values]\nplaces = 1.5": "places",
    "[agreed_values]\ndependence = []": "dependence",
    '[agreed_values]\ndivided_by = "tribe"': "divided_by",
    "[due_process]\nsuccess = 1.2": "success",
    "[due_process]\nattention = 2": "attention",
    "[due_process]\ntimes = { hukou = { martian = 2 } }": "martian",
    "[data_limits]\nepsilons = [0]": "epsilon",
    "[data_limits]\nsocieties = 2": "societies",
    "[political_use]\nrates = [0.0, 1.5]": "rates",
    "[enrolment]\nworth = 0": "worth",
    "[hidden_groups]\nsurveyed = 1.5": "surveyed",
    LEAD + '[transparency]\nrules = ["opaque", "closed"]': "closed",
}


@pytest.mark.parametrize("block", BLOCKS)
def test_a_study_that_asks_for_it_is_refused_on_one_line(block, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study.toml").write_text(STUDY + block, encoding="utf-8")
    ended = CliRunner().invoke(app, ["run", "study.toml", "--no-track"])
    assert ended.exit_code == 2, ended.output
    (line,) = ended.stderr.splitlines()
    assert line.startswith("error: ")
    assert BLOCKS[block] in line
    assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]
