"""Listings that a form reads: from columns of a table, or as years under a policy leave them."""

import numpy as np
import pandas as pd

from credit_ml.core.errors import Remedy
from credit_ml.dynamics import ListRule, Policy, load_policy, run_rounds
from credit_ml.governance.case import ExhibitCase

#: What is said to whoever has neither.
_COLUMNS = Remedy(
    "name the column: grade = ..., with minor, general, serious, or nothing; or give a society "
    "and a policy",
    "name the column: grade = ..., with minor, general, serious, or nothing",
)


def listings_of(case: ExhibitCase) -> tuple[pd.Series, pd.Series]:
    """Return grade and years of everybody's listing; the grade is missing of who has none.

    With `policy` they are those that stand after `policy_years` simulated years of the society
    under it: the grade and its whole term. Of several listings the one with the longest term is
    taken.

    Raises
    ------
    RuleError
        When the table lacks the columns, there is no society, or a listing has no end.
    """
    if case.options.policy is None:
        grade = case.column(case.options.grade, "grades of listings", _COLUMNS)
        remedy = "name the column: years = ..."
        return grade, case.column(case.options.years, "years of listings", remedy)
    case.need(case.society is not None, "has no society to live under a policy", "give society=")
    assert case.society is not None
    same = len(case.society) == len(case.dataset)
    case.need(same, "is no view of the society", "give a view of all of its citizens")
    policy = load_policy(case.options.policy)
    state = run_rounds(case.society, policy, years=case.options.policy_years).state
    return _longest(case, policy, state.remaining, state.grade)


def _longest(
    case: ExhibitCase, policy: Policy, remaining: np.ndarray, held: np.ndarray
) -> tuple[pd.Series, pd.Series]:
    index = case.dataset.X.index
    grade = pd.Series(np.full(len(index), None, dtype=object), index=index, name="grade")
    years = pd.Series(np.zeros(len(index)), index=index, name="years")
    for rule, standing, number in zip(policy.lists, remaining, held, strict=True):
        for place, each in enumerate(rule.grades):
            who = (standing > 0) & (number == place)
            case.need(not who.any() or each.years, *_endless(rule))
            longer = who & (float(each.years or 0.0) > years.to_numpy())
            grade[longer], years[longer] = each.id, float(each.years or 0.0)
    return grade, years


def _endless(rule: ListRule) -> tuple[str, str]:
    return f"has listings without an end, on the list '{rule.id}'", "give its grades years"
