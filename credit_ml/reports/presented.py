"""A study as its readers see it: factors and features of a society under everyday names."""

import json
from dataclasses import replace
from typing import Any

from credit_ml.core import Finding
from credit_ml.core.provenance import canonical_json
from credit_ml.core.results import StudyResults

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
    "driver_stars": "drivers' ratings (stars)",
    "seller_stars": "sellers' ratings (stars)",
    "contact_stars": "contacts' ratings (stars)",
    "ratings_count": "number of peer ratings",
    "friends_stars": "drivers' ratings of friends",
    "friends_gaming": "friends' hours of play",
    "partner": "living with a partner",
    "partner_late": "partner's late bills",
    "credit_used": "share of credit in use",
    "tax_notices": "notices of tax overdue",
    "exam_cheating": "place on the list of exam cheats",
    "payment_places": "places of payment",
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


#: Scorers trained on a table of one's own, by the names that their classes have.
SCORERS = {"OpaqueScorer, cross-fitted": "opaque trees", "Scorecard, cross-fitted": "scorecard"}


def presented(results: StudyResults) -> StudyResults:
    """Return the study with everyday names in its tables, and so in its figures.

    Only of a simulated society: the columns of one's own table keep their owner's names.
    Parameters come in the order in which they are stored, so that a study read back from its
    file makes the same page as the run that wrote it.
    """
    named = _renamed if results.simulated else _stored
    raters = tuple(
        replace(
            rater,
            name=SCORERS.get(rater.name, rater.name),
            agency=as_stored(rater.agency),
            findings=tuple(map(named, rater.findings)),
        )
        for rater in results.raters
    )
    return replace(
        results,
        raters=raters,
        findings=tuple(map(named, results.findings)),
        data=as_stored(results.data),
        world=as_stored(results.world),
        settings=as_stored(results.settings),
        provenance=as_stored(results.provenance),
    )


def as_stored(given: Any) -> Any:
    """Return plain values as they come back from a file: keys sorted, tuples as lists."""
    return json.loads(canonical_json(given))


def _stored(finding: Finding) -> Finding:
    parameters, title = as_stored(finding.parameters), finding.title
    for name, shown in SCORERS.items():
        title = title.replace(name, shown)
        if parameters.get("rater") == name:
            parameters["rater"] = shown
    return replace(finding, parameters=parameters, title=title)


def _renamed(finding: Finding) -> Finding:
    finding = _stored(finding)
    if "factors" in finding.table.columns:
        sets = [_named_set(str(each)) for each in finding.table["factors"]]
        return replace(finding, table=finding.table.assign(factors=sets))
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


def _named_set(factors: str) -> str:
    return " + ".join(FACTORS.get(factor, factor) for factor in factors.split(" + "))
