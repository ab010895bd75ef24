"""Which regimes no other betters in knowledge, gaming and accuracy at once."""

from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core.reading import selected
from credit_ml.disclosure.plane.undominated import undominated
from credit_ml.disclosure.sweep.cell import CRITERIA
from credit_ml.inference.quantiles import student, wilson

_DEFAULT: dict[str, Any] = {
    "variant": "default",
    "answer": "naive",
    "refits": 0,
    "sensitive": "overall",
}


def frontier(cells: pd.DataFrame, intervals: float = 0.95) -> pd.DataFrame:
    """Share of seeds in which each regime is on the frontier, by scorer and criterion.

    A seed's regimes are held against each other by their means over worlds of knowledge (more is
    better), the share who game (less is) and one of `CRITERIA` (more is). Intervals are Wilson's
    of a share of so many seeds.
    """
    asked = ["knowledge", "share_who_game", *CRITERIA]
    own = selected(cells, _DEFAULT | {"measure": asked})
    own = own[own["sees"] == own["sees"].iloc[0]] if len(own) else own
    means = own.groupby(["scorer", "sees", "seed", "regime", "measure"])["estimate"].mean()
    wide = means.unstack("measure").reindex(columns=asked)  # noqa: PD010, as a pivot drops NaN
    found = []
    for criterion in CRITERIA:
        points = wide[["knowledge", "share_who_game", criterion]].dropna()
        points = points.assign(share_who_game=-points["share_who_game"])
        for (scorer, sees, _), each in points.groupby(level=["scorer", "sees", "seed"]):
            best = undominated(each.to_numpy(dtype=np.float64))
            regimes = each.index.get_level_values("regime")
            labels = {"scorer": scorer, "sees": sees, "measure": f"frontier_{criterion}"}
            found += [
                labels | {"regime": regime, "estimate": float(kept)}
                for regime, kept in zip(regimes, best, strict=True)
            ]
    if not found:
        return pd.DataFrame()
    keys = ["scorer", "sees", "measure", "regime"]
    grouped = pd.DataFrame(found).groupby(keys, sort=False)["estimate"]
    shares = grouped.mean().reset_index()
    shares["low"], shares["high"] = wilson(
        shares["estimate"], grouped.size().to_numpy(), student(intervals)
    )
    shares["over"] = "societies"
    place = {"quantity": "value", "group": "all", "reference_group": "", "unit": "share of seeds"}
    return shares.assign(world="(all)", against="", **_DEFAULT, **place)
