"""Checks of who is in the table."""

import re
from collections.abc import Iterator
from itertools import combinations, product

import pandas as pd

from credit_ml.core.schema import CROSS
from credit_ml.governance.audit_checks.case import AuditCase, Place, named, whole_percent
from credit_ml.grammar.names import bare, people_of
from credit_ml.society import SENSITIVE

#: A group of fewer people says little of anybody.
SMALL = 30
#: As many unknown, and gaps between the others are gaps of a part.
UNKNOWN_SHARE = 0.05
UNKNOWN = re.compile(
    r"\(?(missing|unknown|unspecified|undisclosed|undeclared|refused|n/?a|nan|none given|\?+|"
    r"not (stated|known|given|available|reported|specified|disclosed|provided|applicable)|"
    r"(prefer|chose|wish|declined?)( not)? to (say|answer|state|disclose)|"
    r"information not provided.*)\)?",
    re.IGNORECASE,
)


def small_group(case: AuditCase) -> Iterator[Place]:
    """Yield features of which a group has few people."""
    for name in case.dataset.sensitive:
        sizes = _sizes(case.dataset.sensitive[name])
        small = sizes[sizes < SMALL]
        if len(small):
            yield {
                "sensitive": str(name),
                "group": str(small.idxmin()),
                "value": int(small.min()),
                "threshold": SMALL,
                "groups": named({str(group): int(n) for group, n in small.items()}),
            }


def unknown_group(case: AuditCase) -> Iterator[Place]:
    """Yield groups of those of whom the feature is unknown."""
    for name in case.dataset.sensitive:
        sizes = _sizes(case.dataset.sensitive[name])
        for group, number in sizes.items():
            share = number / len(case.dataset)
            if UNKNOWN.fullmatch(str(group).strip()) and share >= UNKNOWN_SHARE:
                yield {
                    "sensitive": str(name),
                    "group": str(group),
                    "value": float(share),
                    "threshold": UNKNOWN_SHARE,
                    "share": whole_percent(share),
                }


def crossing_too_small(case: AuditCase) -> Iterator[Place]:
    """Yield that crossings of two features, each group of which is large enough, are not."""
    few: dict[str, int] = {}
    every = 0
    sensitive = case.dataset.sensitive
    for one, other in combinations(sensitive.columns, 2):
        counts = pd.crosstab(sensitive[one], sensitive[other])
        counts = counts.loc[counts.sum(axis=1) >= SMALL, counts.sum(axis=0) >= SMALL]
        every += counts.size
        few |= {
            _crossing(str(one), str(a), str(other), str(b)): int(counts.loc[a, b])
            for a, b in product(counts.index, counts.columns)
            if counts.loc[a, b] < SMALL
        }
    if few:
        yield {
            "value": len(few),
            "threshold": SMALL,
            "number": len(few),
            "of": every,
            "groups": named(few),
        }


def _crossing(one: str, group: str, other: str, second: str) -> str:
    """Name the people of two groups at once; those of a table by its own values.

    A value that says nothing without its feature, such as "no", is told with it.
    """
    known = one in SENSITIVE and other in SENSITIVE
    known = known or bare(group) or bare(second)
    crossed = f"{group}{CROSS}{second}"
    return people_of(f"{one}{CROSS}{other}", crossed) if known else crossed


def _sizes(column: pd.Series) -> pd.Series:
    counts = column.value_counts(sort=False)
    return counts[counts > 0]
