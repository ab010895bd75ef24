"""Checks of what intervals count, and of how many are looked at."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import f as f_distribution
from scipy.stats import norm

from credit_ml.governance.audit_checks.case import AuditCase, Place
from credit_ml.inference import adjusted

#: With fewer clusters their differences are hardly known.
FEW = 8
#: Variance of a mean over clusters by that over people, from which intervals are misleading.
INFLATED = 1.5
#: A column whose people are more alike says the outcome again, and is no cluster.
AGAIN = 0.5
#: Chance of one of the looked at columns to look like clusters without being any.
CHANCE = 0.001
#: What columns are called whose values people share chances by; a trade or a charge is not such.
NAMES = re.compile(
    r"(^|[_\s.-])(id|branch|filiale?|district|city|town|municipality|gemeinde|village|parish|province|"
    r"zip|zip_?code|post_?code|plz|region|state|county|tract|cbsa|msa|area|neighbou?rhood|precinct|"
    r"household|family|school|class|classroom|teacher|hospital|clinic|site|cent(er|re)|court|judge|"
    r"office|officer|lender|bank|dealer|store|agent|agency|firm|company|employer|cluster|psu)($|[_\s.-])",
    re.IGNORECASE,
)
#: Fewer comparisons are few, and an interval of 95 %.
FEW_GAPS, LEVEL = 5, 0.05


def clusters_ignored(case: AuditCase) -> Iterator[Place]:
    """Yield the column whose people are most alike in what the score leaves open, beyond chance.

    The intraclass correlation is that of an analysis of variance of the outcome less its
    probability; an interval of a rate is inflated by ``sqrt(1 + (m - 1) rho)`` (Kish).
    """
    data = case.dataset
    if data.cluster is not None or data.y is None or case.points is None:
        return
    left = _left_open(case)
    columns = {
        str(name): frame[name]
        for frame in (data.X, case.beside)
        if frame is not None
        for name in frame
        if _may_name(frame[name])
    }
    found = []
    for name, column in columns.items():
        codes = pd.factorize(column)[0]
        alike, inflated, p = inflation(left[codes >= 0], codes[codes >= 0])
        if alike <= AGAIN and inflated >= INFLATED and p < CHANCE / len(columns):
            found.append((inflated, name, column.nunique()))
    if found:
        inflated, name, number = max(found)
        yield {
            "measure": name,
            "value": inflated,
            "threshold": INFLATED,
            "column": name,
            "number": f"{number:,}",
            "times": f"{np.sqrt(inflated):.1f}",
        }


def _left_open(case: AuditCase) -> np.ndarray:
    """Outcome less its probability; where scores are none, less the mean of a like score's."""
    assert case.dataset.y is not None
    assert case.points is not None
    y = case.dataset.y.to_numpy(dtype="float64")
    if case.chance is not None:
        return np.asarray(y - case.chance)
    tenth = pd.qcut(case.points, 10, labels=False, duplicates="drop").to_numpy()
    return np.asarray(y - pd.Series(y).groupby(tenth).transform("mean").to_numpy())


def _may_name(column: pd.Series) -> bool:
    """Whether a column may say who shares chances: names of many, each of several people."""
    if column.dtype.kind == "f" or not NAMES.search(str(column.name)):
        return False
    sizes = column.value_counts()
    # Of a few people it says nothing of the table's intervals; one large value is no cluster.
    known, largest = sizes.sum() >= len(column) / 2, sizes.max() <= len(column) / 2
    return bool(known and largest and FEW <= (sizes > 0).sum() <= len(column) / 2)


def inflation(values: np.ndarray, codes: np.ndarray) -> tuple[float, float, float]:
    """Return the correlation within clusters, how much it inflates the variance, and its p-value.

    Examples
    --------
    >>> codes = np.repeat(np.arange(10), 20)
    >>> alike, inflated, p = inflation(codes % 2 + np.tile([0.0, 1.0], 100), codes)
    >>> round(alike, 2), round(inflated), p < 1e-9
    (0.5, 11, True)
    """
    sizes = np.bincount(codes).astype("float64")
    people, clusters = sizes.sum(), len(sizes)
    means = np.bincount(codes, values) / sizes
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (clusters - 1)
    within = float(((values - means[codes]) ** 2).sum()) / (people - clusters)
    typical = (people - (sizes**2).sum() / people) / (clusters - 1)
    alike = float((between - within) / (between + (typical - 1) * within))
    p = float(f_distribution.sf(between / within, clusters - 1, people - clusters))
    return alike, float(1 + ((sizes**2).sum() / people - 1) * alike), p


def few_clusters(case: AuditCase) -> Iterator[Place]:
    """Yield that intervals count few clusters."""
    clusters = case.dataset.clusters()
    number = 0 if clusters is None else int(clusters.max()) + 1
    if 0 < number < FEW:
        column = str(case.dataset.cluster)
        yield {"measure": column, "value": number, "threshold": FEW, "column": column}


def many_comparisons(case: AuditCase) -> Iterator[Place]:
    """Yield that fewer gaps in selection are clear together than one by one."""
    rows = case.rows("audit", quantity="difference", measure="selection_rate")
    rows = rows.dropna(subset=["estimate", "low", "high"])
    half = (rows["high"] - rows["low"]) / 2
    rows = rows[half > 0]
    if len(rows) < FEW_GAPS:
        return
    z = rows["estimate"].abs() / (half[half > 0] / norm.isf(LEVEL / 2))
    p = 2 * norm.sf(z.to_numpy())
    alone, kept = int((p < LEVEL).sum()), int((adjusted(p).holm < LEVEL).sum())
    if kept < alone:
        yield {"value": alone, "threshold": kept, "number": len(p), "kept": kept}
