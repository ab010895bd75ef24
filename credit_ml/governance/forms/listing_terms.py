"""Years barred by a listing under the old terms and under those of China's order No. 36."""

from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Array, Mask
from credit_ml.explanation import readable
from credit_ml.governance.case import ExhibitCase
from credit_ml.governance.form import ExhibitForm, FilledForm, FormTable, group_name, measured
from credit_ml.governance.forms.listings import listings_of

#: Terms of each grade in years: shortest and longest.
TERMS = {"minor": (0.0, 0.25), "general": (0.25, 1.0), "serious": (1.0, 3.0)}


def fill(case: ExhibitCase) -> FilledForm:
    """Cap each listing at its grade's longest term, and compare years barred by group.

    Listings are those of the table, or of years under a policy (`listings_of`).
    """
    grade, years = listings_of(case)
    listed = grade.notna().to_numpy() & (grade.astype(str) != "").to_numpy()
    known = set(grade[listed].unique())
    unknown = sorted(map(str, known - set(TERMS)))
    case.need(not unknown, f"has the grade '{(unknown or [''])[0]}'", f"give {', '.join(TERMS)}")
    old = _years(case, years, listed)
    shortest, longest = (
        grade.map({name: ends[end] for name, ends in TERMS.items()}).fillna(0.0).to_numpy(float)
        for end in (0, 1)
    )
    new = np.minimum(old, longest)
    rows = measured(case.dataset, "years_barred_old", old)
    rows += measured(case.dataset, "years_barred_new", new)
    rows += measured(case.dataset, "share_listed", listed)
    grades = _grades(grade, listed, old, new)
    rows += [
        {"measure": name, "sensitive": "grade", "group": each["grade"], "estimate": each[name]}
        | {"people": each["people"]}
        for each in grades
        for name in ("longest_old", "too_long")
    ]
    words = {
        "policy": case.options.policy,
        "simulated_years": case.options.policy_years,
        "listed": int(listed.sum()),
        "too_long": int((old > longest).sum()),
        "below": int((listed & (old < shortest)).sum()),
    }
    tables = {"grades": _grades_table(grades), "groups": _groups_table(rows)}
    return FilledForm(rows=rows, words=words, tables=tables)


def _years(case: ExhibitCase, years: pd.Series, listed: Mask) -> Array:
    numbers = pd.to_numeric(years, errors="coerce").to_numpy(dtype=np.float64)
    usable = np.isfinite(numbers[listed]).all() and (numbers[listed] >= 0).all()
    case.need(usable, f"has years '{years.name}' that are no numbers", "give years, 0 or more")
    return np.where(listed, numbers, 0.0)


def _grades(grade: pd.Series, listed: Mask, old: Array, new: Array) -> list[dict[str, Any]]:
    found = []
    for name in TERMS:
        own = listed & (grade == name).to_numpy()
        found.append(
            {
                "grade": name,
                "people": int(own.sum()),
                "longest_old": float(old[own].max()) if own.any() else np.nan,
                "too_long": float((old[own] > new[own]).sum()),
            }
        )
    return found


def _grades_table(grades: list[dict[str, Any]]) -> FormTable:
    rows = [
        (
            each["grade"],
            f"{each['people']:,}",
            _term(*TERMS[each["grade"]]),
            readable(each["longest_old"]),
            f"{int(each['too_long']):,}",
        )
        for each in grades
    ]
    head = ("Grade", "Listings", "Term asked", "Longest on file, years", "Longer than asked")
    return FormTable(caption="Listings by grade", head=head, rows=rows, words=(0, 2))


def _term(shortest: float, longest: float) -> str:
    low, high = f"{12 * shortest:g}", f"{12 * longest:g} months"
    return f"at most {high}" if shortest == 0 else f"{low} to {high}"


def _groups_table(rows: list[dict[str, Any]]) -> FormTable:
    own = [row for row in rows if row.get("quantity", "value") == "value"]
    facts = {(r["measure"], r["sensitive"], r["group"]): r for r in own}
    groups = [(r["sensitive"], r["group"]) for r in own if r["measure"] == "share_listed"]
    shown = [
        (
            group_name({"sensitive": feature, "group": group}),
            f"{int(facts['share_listed', feature, group]['people']):,}",
            f"{100 * facts['share_listed', feature, group]['estimate']:.1f} %",
            readable(facts["years_barred_old", feature, group]["estimate"]),
            readable(facts["years_barred_new", feature, group]["estimate"]),
        )
        for feature, group in groups
    ]
    head = ("Group", "People", "Listed", "Years barred, as on file", "Under the order")
    return FormTable(caption="Years barred, mean over all of the group", head=head, rows=shown)


FORM = ExhibitForm(id="listing_terms", title="Grades and terms of listings", fill=fill)
