"""Switch rows off and on over the same societies, and say by group what changed."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Array, Dataset, InputError, conform, need_known
from credit_ml.core.progress import followed
from credit_ml.dynamics.history import people_of
from credit_ml.governance.source_rows.finding import SourceRows
from credit_ml.governance.source_rows.lab import RowLab
from credit_ml.governance.source_rows.measures import measures
from credit_ml.governance.source_rows.row import SourceRow, chosen_rows
from credit_ml.inference import (
    checked_level,
    checked_societies,
    comparisons_of,
    groups_of,
    mean_of_worlds,
)
from credit_ml.inference.societies import other_seeds

#: Columns that say what a fact is of.
_KEYS = ("row", "quantity", "state", "measure", "sensitive", "group", "reference_group")

Named = str | Path | SourceRow


def rows(
    named: Named | Sequence[Named] | None = None,
    *,
    sensitive: str | Sequence[str] = "hukou",
    reference_groups: Mapping[str, str] | None = None,
    citizens: int = 3_000,
    societies: int = 10,
    seed: int = 0,
    intervals: float = 0.95,
) -> SourceRows:
    """What each row of the source document does, switched off and on, by group.

    Each row has one switch and one measure of each citizen. In every society both positions of
    the switch share all draws of chance, so that the change is the switch's; the mean over
    societies stands with Student's interval of as many paired changes
    (`credit_ml.inference.mean_of_worlds`).
    What a switch leaves as it was changes by exactly 0.

    Cost: a few simulations a society, a fit for each rater that a row needs, and for S14, S15, S16,
    S20 and S23 what people do about it; about five seconds a society of 3,000 for all rows.

    Parameters
    ----------
    named : str, Path, SourceRow or several, optional
        Ids such as "S5", TOML files, or rows; all of the catalogue by default.
    sensitive : str or sequence of str
        Features to show groups of; "gamer" and "parent" too. A row adds those that it is about.
    reference_groups : mapping of feature to group, optional
        The most numerous by default.
    citizens : int
        Of each society.
    societies : int
        At least 8.
    seed : int
        Of the first society, and of the others' seeds.
    intervals : float
        Level.

    Raises
    ------
    InputError
        When a row or its measure is unknown, or there are too few societies.
    TableError
        When a feature or a group is unknown.

    Examples
    --------
    >>> found = rows("S3", citizens=300, societies=8)
    >>> found.table.query("state == 'off'")["estimate"].unique().tolist()
    [100.0, 0.0]
    """
    chosen, level, known = chosen_rows(named), checked_level(intervals), measures()
    for each in chosen:
        need_known(InputError, f"row {each.id}, measure", each.measure, known)
    asked = [sensitive] if isinstance(sensitive, str) else list(sensitive)
    seeds = [seed, *other_seeds(seed, checked_societies(societies) - 1, seed=seed)]
    references = dict(reference_groups or {})
    cells: list[dict[str, Any]] = []
    for number in followed(seeds, "societies"):
        lab = RowLab(citizens=citizens, seed=number)
        for each in chosen:
            values = {
                state: known[each.measure](lab, getattr(each, state)) for state in ("off", "on")
            }
            features = list(dict.fromkeys([*asked, *each.also]))
            people = people_of(lab.society(each.on), features)
            facts = _facts(people, features, references, values)
            cells += [{"row": each.id, "measure": each.measure, "seed": number, **f} for f in facts]
    table = _over_societies(pd.DataFrame(cells), level)
    return SourceRows(
        table=table,
        title="What each row of the source document does, switched off and on",
        parameters={
            "rows": {each.id: each.model_dump(mode="json") for each in chosen},
            "sensitive": asked,
            "citizens": citizens,
            "societies": societies,
            "intervals": level,
            "intervals_over": "societies",
        },
        seed=seed,
        notes=(f"Means over {societies} societies of {citizens:,} citizens, paired by chance.",),
    )


def _facts(
    people: Dataset, features: Sequence[str], references: dict[str, str], values: dict[str, Array]
) -> Iterator[dict[str, Any]]:
    """Yield means of both positions and of the change, of everybody, groups, and their gaps."""
    values = values | {"change": values["on"] - values["off"]}
    named = {name: group for name, group in references.items() if name in features}
    pairs = list(comparisons_of(people, features, named))
    # The most numerous group of the first society is the reference in all.
    references |= {pair.sensitive: pair.reference_group for pair in pairs}
    for state, each in values.items():
        for sensitive, group, who in groups_of(people, features):
            counted = who & ~np.isnan(each)
            labels = {"quantity": "value", "sensitive": sensitive, "group": group}
            mean = float(each[counted].mean()) if counted.any() else np.nan
            told = {"reference_group": "", "estimate": mean, "people": int(counted.sum())}
            yield {"state": state, **labels, **told}
        for pair in pairs:
            means = [np.nanmean(each[who]) for who in (pair.inside, pair.outside)]
            both = int((pair.inside | pair.outside).sum())
            gap = {"estimate": float(means[0] - means[1]), "people": both}
            yield {"state": state, "quantity": "difference", **pair.labels, **gap}


def _over_societies(cells: pd.DataFrame, level: float) -> pd.DataFrame:
    keys = list(_KEYS)
    found = mean_of_worlds(cells.assign(world="one"), keys, intervals=level)
    counted = cells.groupby(keys, sort=False)["people"].sum().reset_index()
    told = ["estimate", "low", "high", "over", "societies"]
    return conform(found[[*keys, *told]].merge(counted, on=keys))
