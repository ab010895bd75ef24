"""Is there a scorer as good that harms a group less? All sets of factors, a few settings."""

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, InputError, Streams, known_names, refuse_unknown
from credit_ml.proxies.decomposition.components import pairs
from credit_ml.proxies.held_out import Case, case_of
from credit_ml.proxies.interventions.alternatives_finding import Alternatives
from credit_ml.proxies.interventions.candidates import (
    By,
    Candidate,
    Part,
    candidates,
    on_frontier,
    settings_of,
)
from credit_ml.proxies.paired import Estimated
from credit_ml.society import Society


def alternatives(
    model: Any,
    population: Society | Dataset,
    *,
    sensitive: str,
    settings: Mapping[str, Any] | None = None,
    by: By = "selection_gap",
    group: str | None = None,
    reference_group: str | None = None,
    privilege: str | None = None,
    threshold: float | None = None,
    tolerance: float = 0.005,
    intervals: float = 0.95,
    seed: int = 0,
) -> Alternatives:
    """The frontier of AUC against gap over all sets of factors, and the fairest near the best.

    Half of the people train every candidate; a quarter choose (validation); a quarter, who chose
    nothing, measure (test): the best of many on the people who chose it looks better than it is.
    The chosen is the candidate with the smallest gap, either sign, among those whose validation
    AUC is at most `tolerance` below the best. The frontier are those candidates than which none
    has both more AUC and less gap. Gaps of decisions are at one share of all favoured, the
    baseline's at its line: all factors, the model's own setting. A gap of 0 is none.

    Cost: ``(2**K - 1) * settings`` fits, K factors.

    Parameters
    ----------
    model : Agency, Rater or classifier
        As in `intervene`.
    population : Society or Dataset
    sensitive : str
    settings : mapping of str to classifier, optional
        Unfitted scorers by name, tried beside the model's own. By default an agency's are the
        scorecard and the weighted sum, at their defaults; a classifier has none.
    by : {"selection_gap", "score_gap"}
        Gap of decisions, or of mean scores; each setting's scores are on the same scale.
    group, reference_group : str, optional
        By default the reference is the most numerous group, and the group is that with the
        largest gap under the baseline on the validation part.
    privilege, threshold
        As in `intervene`.
    tolerance : float
        AUC that may be lost.
    intervals : float
        Level; clusters count where the dataset names them.
    seed : int
        Of who is in which part.

    Returns
    -------
    Alternatives
        `notes` state the chosen with its interval on the test part.

    Raises
    ------
    ModelError
        When there are more than 8 factors, or a setting takes the model's own name.
    InputError, AgencyError, TableError
        When model, people, line or tolerance do not fit each other.

    References
    ----------
    See `Alternatives.citations`.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> random = np.random.default_rng(0)
    >>> old = random.random(4000) < 0.5
    >>> late, street = random.normal(size=4000), random.normal(2.0 * old)
    >>> kept = (random.random(4000) < 0.5 - 0.3 * np.tanh(late) - 0.1 * old).astype(int)
    >>> band = np.where(old, "old", "young")
    >>> table = pd.DataFrame({"late": late, "street": street, "band": band, "kept": kept})
    >>> data = Dataset.from_frame(table, target="kept", sensitive=["band"])
    >>> found = alternatives(LogisticRegression(), data, sensitive="band", tolerance=0.02)
    >>> found.parameters["candidates"], found.parameters["chosen"]
    (3, 'LogisticRegression: late')
    """
    if by not in get_args(By):
        refuse_unknown(InputError, "by", str(by), get_args(By))
    if not tolerance >= 0:
        raise InputError("tolerance", f"is {tolerance!r}", "give AUC of at least 0")
    case = case_of(
        model, population, sensitive=sensitive, privilege=privilege, threshold=threshold,
        held_out=0.5, seed=seed,
    )  # fmt: skip
    tried = settings_of(case, settings)
    found = list(candidates(case, tried))
    baseline = found[0]
    share = float((baseline.scores >= case.line).mean())
    validation, test = _parts(case, by, share, baseline, group, reference_group)
    rows, chosen = _chosen(found, validation, test, tolerance, intervals)
    rows += _change(chosen, baseline, test, intervals)
    table = pd.DataFrame(rows)
    return Alternatives(
        table=table,
        title=f"Less discriminatory alternatives: {case.name}",
        parameters={
            "rater": case.name, "unit": case.unit, "by": by, "share": share, "line": case.line,
            "tolerance": tolerance, "intervals": intervals, "baseline": baseline.id,
            "chosen": chosen.id, "candidates": len(found), "settings": list(tried),
            "people": {"train": len(case.train), "validation": len(validation.rows),
                       "test": len(test.rows)},
        },
        seed=seed,
        notes=(
            _statement(table, chosen, baseline, tolerance, by),
            f"Chosen among {len(found)} candidates on the validation part, measured on the test "
            "part; intervals hold the chance of who is in the test part and not that of training.",
        ),
    )  # fmt: skip


def _parts(
    case: Case, by: By, share: float, baseline: Candidate, group: str | None,
    reference_group: str | None,
) -> tuple[Part, Part]:  # fmt: skip
    order = Streams(case.seed).generator("proxies.validation").permutation(len(case.test))
    half = len(order) // 2
    held_out = case.held_out
    rows = {"validation": np.sort(order[:half]), "test": np.sort(order[half:])}
    people = {name: held_out.take(mine) for name, mine in rows.items()}
    found = [(each[0], each[2]) for each in pairs(held_out, case.sensitive, reference_group)]

    def part(name: str, compared: tuple[str, str]) -> Part:
        return Part(
            name=name, rows=rows[name], people=people[name], by=by, share=share,
            compared=compared, sensitive=case.sensitive,
        )  # fmt: skip

    def size_of_gap(compared: tuple[str, str]) -> float:
        return abs(part("validation", compared).measured(baseline.scores)[by].estimate)

    if group is None:
        compared = max(found, key=size_of_gap)
    elif group not in [name for name, _ in found]:
        known = known_names(group, [name for name, _ in found])
        raise InputError("group", f"is '{group}', compared with '{found[0][1]}'", known)
    else:
        compared = group, found[0][1]
    return part("validation", compared), part("test", compared)


def _chosen(
    found: list[Candidate], validation: Part, test: Part, tolerance: float, level: float
) -> tuple[list[dict[str, Any]], Candidate]:
    seen = [validation.measured(each.scores) for each in found]
    auc = np.array([each["auc"].estimate for each in seen])
    size = np.abs([each[validation.by].estimate for each in seen])
    near = np.flatnonzero(auc >= np.nanmax(auc) - tolerance)
    best = int(near[np.lexsort((-auc[near], size[near]))[0]])
    front = on_frontier(auc, size)
    rows: list[dict[str, Any]] = []
    for number, each in enumerate(found):
        flags = {"frontier": bool(front[number]), "chosen": number == best}
        for part, values in ((validation, seen[number]), (test, test.measured(each.scores))):
            rows += _rows(each, part, values, "level", level, flags)
    return rows, found[best]


def _change(
    chosen: Candidate, baseline: Candidate, test: Part, level: float
) -> list[dict[str, Any]]:
    now, before = test.measured(chosen.scores), test.measured(baseline.scores)
    change = {measure: now[measure] - before[measure] for measure in now}
    return _rows(chosen, test, change, "change", level, {"frontier": True, "chosen": True})


def _rows(
    candidate: Candidate, part: Part, values: Mapping[str, Estimated], fact: str, level: float,
    flags: Mapping[str, bool],
) -> list[dict[str, Any]]:  # fmt: skip
    rows = []
    for measure, value in values.items():
        estimate, low, high = value.interval(part.people.clusters(), level=level)
        rows.append({
            "candidate": candidate.id, "setting": candidate.setting,
            "factors": " + ".join(candidate.factors), "part": part.name, "measure": measure,
            "sensitive": part.sensitive, "group": part.compared[0],
            "reference_group": part.compared[1], "fact": fact, "estimate": estimate, "low": low,
            "high": high, **flags,
        })  # fmt: skip
    return rows


def _statement(
    table: pd.DataFrame, chosen: Candidate, baseline: Candidate, tolerance: float, by: By
) -> str:
    near = f"within {tolerance:g} AUC of the best"
    if chosen.id == baseline.id:
        return f"No candidate {near} has a smaller gap than the baseline."
    test = table[table["part"] == "test"]

    def shown(candidate: Candidate, fact: str, measure: str) -> str:
        rows = test[(test["candidate"] == candidate.id) & (test["fact"] == fact)]
        row = rows[rows["measure"] == measure].iloc[0]
        digits = 1 if by == measure == "score_gap" and abs(row["estimate"]) >= 5 else 3
        ends = f"{row['low']:.{digits}f}, {row['high']:.{digits}f}"
        return f"{row['estimate']:.{digits}f} [{ends}]"

    return (
        f"Least discriminatory {near}: {chosen.id}. On the test part its "
        f"{by.replace('_', ' ')} is {shown(chosen, 'level', by)}, the baseline's "
        f"{shown(baseline, 'level', by)}, the change {shown(chosen, 'change', by)}; its AUC "
        f"changes by {shown(chosen, 'change', 'auc')}."
    )
