"""A study as its readers see it: factors and features of a society under everyday names."""

from dataclasses import replace

from credit_ml.core import Finding
from credit_ml.reports.content import StudyResults

#: The five factor families of the commercial score, as they read inside a sentence.
FACTORS = {
    "history": "credit history",
    "capacity": "capacity to pay",
    "personal": "address and phone",
    "behaviour": "behaviour",
    "relationships": "friends",
}

#: Records whose own names say too little inside a sentence.
FEATURES = {
    "stars": "peer ratings (stars)",
    "stars_count": "number of peer ratings",
    "spending": "own spending",
    "friends": "number of friends",
    "friends_late": "friends' late bills",
    "friends_spending": "friends' spending",
    "friends_judgments": "friends' court orders",
    "judgments": "unpaid court orders",
    "history_months": "length of the credit file",
    "district_late": "district's late bills",
    "district_price": "district's home prices",
    "diapers": "diapers bought",
    "books": "books bought",
    "trips": "trips made",
    "gifts": "gifts to charity",
}


def presented(results: StudyResults) -> StudyResults:
    """Return the study with everyday names in its tables, and so in its figures.

    Only of a simulated society: the columns of one's own table keep their owner's names.
    """
    if not results.simulated:
        return results
    raters = tuple(
        replace(rater, findings=tuple(map(_renamed, rater.findings))) for rater in results.raters
    )
    return replace(results, raters=raters, findings=tuple(map(_renamed, results.findings)))


def _renamed(finding: Finding) -> Finding:
    if "factor" not in finding.table.columns:
        return finding
    table = finding.table.copy()
    table["factor"] = [FACTORS.get(str(factor), factor) for factor in table["factor"]]
    if "level" in table.columns:
        known = {"factor": FACTORS, "feature": FEATURES}
        table["name"] = [
            known.get(str(level), {}).get(str(name), name)
            for level, name in zip(table["level"], table["name"], strict=True)
        ]
    return replace(finding, table=table)
