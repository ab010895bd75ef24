"""Checks of scores, thresholds and the ratios that are made of them."""

from collections.abc import Iterator

import numpy as np

from credit_ml.core.schema import EVERYBODY
from credit_ml.governance.audit_checks.case import AuditCase, Place, whole_percent
from credit_ml.governance.audit_checks.outcomes import everybody
from credit_ml.grammar.numbers import percent
from credit_ml.inference import People

#: Where as many pass, four fifths can hardly fail.
SATURATED, FOUR_FIFTHS = 0.9, 0.8
#: How many times as often one group must be refused for the ratio to hide it.
MORE_OFTEN = 1.25
#: How much more often the best-off must be selected than the reference group, beside chance.
BETTER = 0.02
#: How wrong a mean probability must be, beside chance.
WRONG = 0.05
#: Least people of a bin.
BIN = 30


def score_against_outcome(case: AuditCase) -> Iterator[Place]:
    """Yield of whom the whole interval of the AUC lies below one half."""
    rows = case.rows("quality", quantity="value", measure="auc")
    for _, row in rows[rows["high"] < 0.5].iterrows():
        yield {
            "sensitive": row["sensitive"],
            "group": everybody(row["sensitive"], row["group"]),
            "measure": "auc",
            "value": float(row["estimate"]),
            "threshold": 0.5,
            "auc": f"{row['estimate']:.2f}",
            "low": f"{row['low']:.2f}",
            "high": f"{row['high']:.2f}",
        }


def threshold_from_same_people(case: AuditCase) -> Iterator[Place]:
    """Yield that the threshold was made of the scores that it decides about."""
    if not case.named_threshold:
        kept = case.dataset.y is not None and case.world is None
        how = "as many pass as had the favourable outcome" if kept else "half of them pass"
        yield {"how": how}


def ratio_saturated(case: AuditCase) -> Iterator[Place]:
    """Yield that a ratio hardly can fail, with the group that is refused most, for certain."""
    overall = case.rows("audit", quantity="value", measure="selection_rate", sensitive=EVERYBODY)
    share = float(overall["estimate"].iloc[0]) if len(overall) else 0.0
    if not SATURATED <= share < 1:
        return
    gaps = case.rows("audit", quantity="difference", measure="selection_rate")
    clear = set(gaps.loc[(gaps["low"] > 0) | (gaps["high"] < 0), "sensitive"])
    found = []
    for feature, rows in case.by_feature("audit", quantity="value", measure="selection_rate"):
        refused = 1 - rows.dropna(subset=["estimate"]).set_index("group")["estimate"]
        if feature not in clear or len(refused) < 2 or refused.min() <= 0:
            continue
        ratio = float((1 - refused.max()) / (1 - refused.min()))
        times = float(refused.max() / refused.min())
        # Where refusals are alike too, nothing is hidden.
        if ratio >= FOUR_FIFTHS and times >= MORE_OFTEN:
            found.append((times, feature, str(refused.idxmax()), str(refused.idxmin()), ratio))
    if found:
        times, feature, group, other, ratio = max(found)
        yield {
            "sensitive": feature,
            "group": group,
            "measure": "selection_rate",
            "value": share,
            "threshold": SATURATED,
            "share": whole_percent(share),
            "ratio": f"{ratio:.2f}",
            "times": f"{times:.1f}",
            "who": everybody(feature, group),
            "whom": everybody(feature, other),
        }


def reference_not_best(case: AuditCase) -> Iterator[Place]:
    """Yield features of which another group than the reference is selected most, for certain."""
    rates = dict(case.by_feature("audit", quantity="value", measure="selection_rate"))
    gaps = case.by_feature("audit", quantity="difference", measure="selection_rate")
    for feature, rows in gaps:
        ahead = rows[(rows["low"] > 0) & (rows["estimate"] >= BETTER)]
        if ahead.empty or feature not in rates:
            continue
        best = ahead.sort_values("estimate", kind="stable").iloc[-1]
        own = rates[feature].dropna(subset=["estimate"]).set_index("group")["estimate"]
        if best["group"] not in own or best["reference_group"] not in own:
            continue
        worst, base = float(own.min()), float(own[best["reference_group"]])
        if base <= 0:
            continue
        yield {
            "sensitive": feature,
            "group": str(best["group"]),
            "measure": "selection_rate",
            "value": float(best["estimate"]),
            "threshold": BETTER,
            "who": everybody(feature, str(best["group"])),
            "whom": everybody(feature, str(best["reference_group"])),
            "ratio": f"{worst / float(own[best['group']]):.2f}",
            "own": f"{worst / base:.2f}",
        }


def miscalibrated_group(case: AuditCase) -> Iterator[Place]:
    """Yield everybody, or of each feature the group whose mean probability is most wrong."""
    data = case.dataset
    if case.chance is None or data.y is None:
        return
    people = People.of(data)
    excess, kept = case.chance - data.y.to_numpy(), data.y.to_numpy()
    groups = [(EVERYBODY, "all", np.ones(len(data), dtype=bool))]
    for feature in data.sensitive:
        own = data.sensitive[feature]
        groups += [(str(feature), str(each), (own == each).to_numpy()) for each in own.unique()]
    worst: dict[str, Place] = {}
    for feature, group, who in groups:
        if who.sum() < BIN:
            continue
        found = people.mean(excess, who)
        low, high = found.interval()
        wrong = abs(float(found))
        if wrong >= WRONG and not low <= 0 <= high and wrong > worst.get(feature, _NONE)["value"]:
            worst[feature] = {
                "sensitive": feature,
                "group": everybody(feature, group),
                "measure": "probability",
                "value": wrong,
                "threshold": WRONG,
                "given": percent(float(people.mean(case.chance, who))),
                "share": percent(float(people.mean(kept, who))),
                "did": case.did,
            }
    # A group is told apart only where it is worse than everybody.
    every = worst.pop(EVERYBODY, None)
    yield from [each for each in (every,) if each]
    yield from (each for each in worst.values() if not every or each["value"] > 2 * every["value"])


_NONE: Place = {"value": 0.0}


def few_per_bin(case: AuditCase) -> Iterator[Place]:
    """Yield features of whose calibration curves a point stands on few people."""
    for feature, rows in case.by_feature("calibration", measure="reliability"):
        if len(rows) and rows["people"].min() < BIN:
            least = rows.sort_values("people", kind="stable").iloc[0]
            yield {
                "sensitive": feature,
                "group": str(least["group"]),
                "measure": "reliability",
                "value": int(least["people"]),
                "threshold": BIN,
            }
