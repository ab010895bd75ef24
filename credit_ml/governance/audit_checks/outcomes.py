"""Checks of outcomes: how rare they are, of whom they are known, and rates of nobody."""

from collections.abc import Iterator

import numpy as np

from credit_ml.core.schema import CROSS, EVERYBODY
from credit_ml.governance.audit_checks.case import AuditCase, Place, whole_percent
from credit_ml.grammar.names import bare, people_of, plain
from credit_ml.grammar.numbers import listed
from credit_ml.society import SENSITIVE

#: An outcome that so few have is nearly constant.
RARE = 0.01
#: As many people of one outcome on one side of the threshold, and hardly by chance.
ONE_SIDE, CHANCE = 30, 1e-6
#: Least share of people whom a rater could not learn from.
UNSEEN = 0.01


def rare_outcome(case: AuditCase) -> Iterator[Place]:
    """Yield that nearly everybody has the same outcome."""
    if case.dataset.y is None:
        return
    kept = int(case.dataset.y.sum())
    fewer, did = min((kept, case.did), (len(case.dataset) - kept, f"had not {_done(case)}"))
    share = fewer / len(case.dataset)
    if share < RARE:
        yield {
            "value": share,
            "threshold": RARE,
            "people": f"{len(case.dataset):,}",
            "number": f"{fewer:,}",
            "share": whole_percent(share),
            "did": did,
        }


def _done(case: AuditCase) -> str:
    return case.did.removeprefix("had ")


def selective_labels(case: AuditCase) -> Iterator[Place]:
    """Yield that outcomes are known, or differ, only among those whom the score let through."""
    if case.learned is not None:
        unseen = 1 - float(case.learned.mean())
        if unseen >= UNSEEN:
            what = f"of {whole_percent(unseen)} of people the rater never saw an outcome"
            yield {"value": unseen, "threshold": UNSEEN, "what": f"{what} to learn from"}
        return
    if case.dataset.y is None or case.points is None:
        return
    y, chosen = case.dataset.y.to_numpy(), (case.points >= case.threshold).to_numpy()
    if case.named_threshold and chosen.all():
        what = f"all {len(y):,} people reach the threshold: the refused are not in the table"
        yield {"value": 1.0, "what": what}
        return
    if case.named_threshold and not chosen.any():
        what = f"none of {len(y):,} people reaches the threshold: is it on the scale of the scores?"
        yield {"value": 0.0, "what": what}
        return
    for side, called in ((~chosen, "below"), (chosen, "from")):
        known = _one_outcome(y, side, case.points.to_numpy())
        if known:
            known["what"] = f"all {int(side.sum()):,} people {called} the threshold {known['what']}"
            yield known


def _one_outcome(y: np.ndarray, side: np.ndarray, points: np.ndarray) -> Place | None:
    """Say that a side of the threshold has one outcome where its neighbours have both."""
    if side.sum() < ONE_SIDE or len(np.unique(y[side])) > 1 or not (~side).any():
        return None
    # Neighbours on the other side: as many as are needed to know their rate.
    away = np.abs(points - np.median(points[side]))
    near = np.flatnonzero(~side)[np.argsort(away[~side], kind="stable")[: max(ONE_SIDE, 100)]]
    outcome = int(y[side][0])
    alike = float((y[near] == outcome).mean())
    if alike == 1 or alike ** int(side.sum()) > CHANCE:
        return None
    said = "have the same outcome, and of those next to them on the other side"
    return {"value": 1.0, "threshold": alike, "what": f"{said} {whole_percent(alike)} have it"}


def empty_denominator(case: AuditCase) -> Iterator[Place]:
    """Yield groups of a single feature of which a rate is one of nobody."""
    for sensitive, rows in case.by_feature("audit", quantity="value"):
        empty = rows[rows["estimate"].isna() & (rows["people"] > 0) & (rows["reason"] != "")]
        for (group, reason), own in empty.groupby(["group", "reason"], sort=False):
            yield {
                "sensitive": sensitive,
                "group": str(group),
                "measure": str(own["measure"].iloc[0]),
                "value": 0,
                "measures": listed([plain(each) for each in own["measure"]]),
                "reason": str(reason),
            }


def everybody(sensitive: str, group: str) -> str:
    """Name a group in a sentence: by words that every reader knows, where its feature has them.

    Examples
    --------
    >>> everybody("overall", "all"), everybody("sex", "f"), everybody("critic", "yes")
    ('everybody', 'f (sex)', 'critics')
    """
    if sensitive == EVERYBODY:
        return "everybody"
    known = all(each in SENSITIVE for each in sensitive.split(CROSS))
    known = known or any(map(bare, group.split(CROSS)))
    return people_of(sensitive, group) if known else f"{group} ({sensitive})"
