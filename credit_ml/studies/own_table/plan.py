"""What an audit of a table would do, and its factors as a file to edit."""

import json
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from credit_ml.core.tables.changes import changes_of
from credit_ml.explanation.shapley.block_shapley import ManyFactors
from credit_ml.explanation.shapley.coalitions import MOST_EXACT
from credit_ml.studies.own_table.audit_table import Prepared, prepared
from credit_ml.studies.own_table.spec import TableAudit

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def planned(
    table: str | Path | pd.DataFrame, spec: TableAudit | str | Path | None = None, **options: Any
) -> str:
    """Check a table and what is asked of it, and say in lines what `audit_table` would do.

    Nothing is trained, tracked or written.

    Raises
    ------
    InputError
        As `audit_table` raises it.

    Examples
    --------
    >>> frame = pd.DataFrame({"late": [0, 1, 2, 3, 4] * 20, "sex": ["f", "m"] * 50,
    ...                       "paid": [1, 1, 0, 1, 1, 0, 0, 0, 1, 1] * 10})
    >>> print(planned(frame, target="paid", sensitive="sex"))
    table: 100 people
    favourable: paid is 1, of 60 people
    sensitive: sex (f 50, m 50)
    scores: by boosted trees and by a scorecard, each trained in 5 folds
    factors: 1
    <BLANKLINE>
    # factors.toml: put columns that say one thing into one factor
    late = ["late"]
    """
    asked = TableAudit.of(spec, **options)
    with warnings.catch_warnings(action="ignore", category=ManyFactors):
        people = prepared(table, asked)
    return "\n".join([*_lines(people, asked), "", factors_file(people.dataset.factors)])


def factors_file(factors: Mapping[str, Sequence[str]]) -> str:
    """Return factors as TOML to edit and give with ``--factors factors.toml``.

    Examples
    --------
    >>> print(factors_file({"late": ["late"], "home town": ["zip"]}))
    # factors.toml: put columns that say one thing into one factor
    late = ["late"]
    "home town" = ["zip"]
    """
    lines = ["# factors.toml: put columns that say one thing into one factor"]
    for name, columns in factors.items():
        key = name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
        own = ", ".join(json.dumps(each, ensure_ascii=False) for each in columns)
        lines.append(f"{key} = [{own}]")
    return "\n".join(lines)


def carried(each: Mapping[str, Any]) -> str:
    """Say of a column that it tells a sensitive feature by itself."""
    share = f"{100 * each['share']:.0f} % of what the commonest group leaves open"
    return f"note: column '{each['column']}' tells {each['sensitive']} by itself ({share})"


def many_factors(factors: Mapping[str, Sequence[str]]) -> str | None:
    """Say by which rule columns are factors where they are too many to ask about one by one."""
    if len(factors) <= MOST_EXACT:
        return None
    rule = f"each of {len(factors)} columns is a factor; above {MOST_EXACT}, what each adds is"
    remedy = "join columns in a file such as this, and add --factors factors.toml:"
    return f"{rule} sampled, which the intervals hold; {remedy}\n\n{factors_file(factors)}"


def _passed(people: Prepared, threshold: float) -> str:
    """How many reach a threshold of known scores: none or all, where it is on another scale.

    A score of which low is good is turned round already.
    """
    if people.scores is None:
        return ""
    unit = people.model and people.model.unit
    turned = people.asked.direction == "lower_is_better" and unit != "probability"
    reached = int((people.scores >= (-threshold if turned else threshold)).sum())
    return f", which {reached:,} of {len(people.scores):,} people reach"


def _lines(people: Prepared, asked: TableAudit) -> list[str]:
    dataset, scored = people.dataset, f"given, in {asked.score}"
    if people.model is not None:
        scored = f"by the fitted model {people.model.name}, as it is"
    elif people.scores is None:
        scored = f"by boosted trees and by a scorecard, each trained in {asked.folds} folds"
    lines = [f"{dataset.name}: {len(dataset):,} people"]
    raw = dataset.raw and dataset.raw.frame
    lines += [f"as read: {each}" for each in changes_of(raw)]
    if dataset.y is not None and dataset.origin is not None and dataset.origin.outcomes:
        kept = int(dataset.y.sum())
        good = dataset.origin.outcomes[1]
        lines.append(f"favourable: {asked.target} is {good}, of {kept:,} people")
    for name in dataset.sensitive:
        counts = dataset.sensitive[name].value_counts(sort=False)
        groups = ", ".join(f"{group} {count:,}" for group, count in counts.items())
        lines.append(f"sensitive: {name} ({groups})")
    if dataset.cluster is not None:
        several = int(dataset.context[dataset.cluster].nunique())
        lines.append(f"clusters: {several:,}, of {dataset.cluster}")
    lines.append(f"scores: {scored}")
    if asked.threshold is not None:
        lines.append(f"threshold: {asked.threshold:g}{_passed(people, asked.threshold)}")
    if people.told is not None:
        lines.append(f"menu: {people.told.menu.id}, under {len(people.told.regimes)} regimes")
    if asked.without:
        lines.append(f"columns left out: {', '.join(asked.without)}")
    unused = set(map(str, people.unused)) - set(asked.without)
    if unused:
        lines.append(f"columns not used: {', '.join(sorted(unused))}")
    lines.append(f"factors: {len(dataset.factors)}")
    lines += [carried(each) for each in people.carriers]
    return lines
