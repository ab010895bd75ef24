"""Every check of the catalogue has a fault that fires it: none is a dead line."""

import re
import warnings
from collections.abc import Callable

import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from credit_ml.core import Dataset, Diagnostic, conform
from credit_ml.explanation import explain
from credit_ml.fairness import calibration
from credit_ml.fairness.audit.finding import Audit
from credit_ml.governance import AuditCase, check_ids, diagnose
from credit_ml.proxies.decomposition.finding import Decomposition
from credit_ml.response import Menu
from credit_ml.society import load_world
from tests.unit.governance.audit_checks.test_checks import SPOILED, clean, fired


def known(people=2_000):
    """The clean people as an audit knows them, without the score."""
    frame = clean(people).drop(columns="score")
    return Dataset.from_frame(frame, target="paid", sensitive=["sex", "race"])


def of_table(check):
    spoil, says = SPOILED[check]
    options = spoil(clean())
    return fired(options.pop("frame"), **options), says


def wrong_of_a_group():
    data = known()
    low = 0.1 * (data.sensitive["sex"] == "f").to_numpy()
    return AuditCase(dataset=data, chance=clean()["score"].to_numpy() - low), r"f \(sex\) were"


def few_of_a_bin():
    data = known(400)
    chance = clean(400)["score"].to_numpy()
    found = calibration(pd.Series(chance, index=data.X.index), data)
    return AuditCase(dataset=data, findings=[found]), r"calibration curves of race have bins"


def enough_in_every_bin():
    data = known()
    found = calibration(pd.Series(clean()["score"].to_numpy(), index=data.X.index), data, bins=5)
    return AuditCase(dataset=data, findings=[found])


def remembering():
    data = known()
    model = RandomForestClassifier(30, random_state=0, n_jobs=1).fit(data.X, data.y)
    points = pd.Series(model.predict_proba(data.X)[:, 1], index=data.X.index)
    return AuditCase(dataset=data, model=model, points=points), r"the model knows these people"


def by_places():
    data = known()
    model = LogisticRegression().fit(data.X.to_numpy(), data.y)
    return AuditCase(dataset=data, model=model), r"given 2 by their places"


def just_clear():
    row = {"quantity": "difference", "measure": "selection_rate", "group": "a"}
    row |= {"reference_group": "b", "estimate": 0.021, "low": 0.001, "high": 0.041}
    rows = [row | {"sensitive": f"s{k}"} for k in range(8)]
    return AuditCase(dataset=known(), findings=[Audit(table=conform(rows), title="")]), r"8 gaps"


def _explained(people):
    data = known(400)
    model = LogisticRegression().fit(data.X, data.y)
    return AuditCase(dataset=data, findings=[explain(model, data, people=people)])


def few_explained():
    return _explained(40), r"read from 40 people, fewer than 100"


def missing_parts():
    base = {"measure": "mean", "sensitive": "sex", "group": "f", "method": "one"}
    gap = {"quantity": "total", "factor": "(gap)", "estimate": 3.0, "low": 2.0, "high": 4.0}
    rows = [
        base | {"quantity": "component", "factor": "late", "estimate": 0.5},
        base | {"quantity": "component", "factor": "income", "estimate": 2.0},
        base | gap,
    ]
    found = Decomposition(table=conform(rows), title="", parameters={"unit": "points"})
    return AuditCase(dataset=known(), findings=[found]), r"miss it by 17"


def assumed_sizes():
    case = AuditCase(dataset=known(), world=load_world("baseline"), followed="hukou")
    said = (
        r"settings that make registered residence \(hukou\) matter in this world, \d+ are assumed"
    )
    return case, rf"{said} in size: \w+ by registered residence"


def told_people(**more):
    """An audit that also asks what telling people brings, and so what a decision is worth."""
    pay = {"id": "pay", "name": "pay", "kind": "improving", "price": 0.0, "effort": 0.001}
    pay |= {"source": "assumed, because this is a test"}
    pay |= {"changes": [{"column": "late", "add": -0.2}]}
    menu = Menu.from_dict({"id": "own", "description": "Own ways.", "actions": [pay]})
    asked = {"score": None, "menu": menu, "regimes": ("nothing", "full"), "folds": 2}
    return fired(clean(400), **asked, **more)


def assumed_worth():
    return told_people(), r"a favourable decision is worth \(5"


def waiting():
    return fired(clean(), mute={"CM102": "also"}), r"CM102 is muted"


#: Faults that no table alone has, each with what is said of it.
OTHERS: dict[str, Callable[[], tuple[AuditCase | dict[str, Diagnostic], str]]] = {
    "CM305": wrong_of_a_group,
    "CM306": few_of_a_bin,
    "CM401": remembering,
    "CM402": by_places,
    "CM503": just_clear,
    "CM601": few_explained,
    "CM602": missing_parts,
    "CM701": assumed_sizes,
    "CM702": assumed_worth,
    "CM901": waiting,
}


@pytest.mark.parametrize("check", check_ids())
def test_a_fault_fires_it_and_is_told(check):
    with warnings.catch_warnings(action="ignore"):
        told, says = OTHERS[check]() if check in OTHERS else of_table(check)
        found = told.values() if isinstance(told, dict) else diagnose([told])
    said = [each.message for each in found if each.check == check]
    assert any(re.search(says, each) for each in said), said
    assert not any(re.search(r"[{}]|\bnan\b", each) for each in said)


def test_what_is_mended_is_silent():
    assert diagnose([enough_in_every_bin()]) == ()
    assert diagnose([_explained(400)]) == ()
    baseline = load_world("baseline")
    quiet = AuditCase(dataset=known(), world=baseline, followed="")
    assert diagnose([quiet]) == ()
    assert "CM702" not in told_people(value=0.07)
