"""Trajectories of several seeds or samples, put together."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from credit_ml.core import InputError
from credit_ml.strategic.measured import quantile_of
from credit_ml.strategic.performative.trajectory import COLUMNS, Trajectory


def over_runs(runs: Iterable[Trajectory], *, intervals: float = 0.95) -> Trajectory:
    """Put trajectories of several seeds or samples together: means with t intervals over them.

    A run that stood still earlier keeps the measures of its last round, with a shift of 0,
    for a rater at its fixed point is refitted to itself.

    Raises
    ------
    InputError
        When there are fewer than two runs, or they are not of the same rater.
    """
    given = list(runs)
    names = {each.parameters["rater"] for each in given}
    if len(given) < 2 or len(names) > 1:
        raise InputError("runs", f"are {len(given)} of {sorted(names)}",
                         "give two or more of one rater")  # fmt: skip
    quantile_of(intervals)
    last = max(int(each.table["round"].max()) for each in given)
    every = pd.concat([_lengthened(each.table, last) for each in given], ignore_index=True)
    keys = ["round", "measure", "group", "reference_group", "unit"]
    spread = every.groupby(keys, sort=False)["estimate"].agg(["mean", "std", "count"]).reset_index()
    width = stats.t.ppf((1 + intervals) / 2, spread["count"].clip(lower=2) - 1)
    half = width * spread["std"] / np.sqrt(spread["count"])
    spread = spread.assign(estimate=spread["mean"], low=spread["mean"] - half,
                           high=spread["mean"] + half)  # fmt: skip
    ends = [each.converged_at for each in given]
    stood = [end for end in ends if end is not None]
    return Trajectory(
        table=spread[COLUMNS],
        title=given[0].title,
        parameters={
            **given[0].parameters, "runs": len(given), "intervals": intervals,
            "converged_at": max(stood) if len(stood) == len(ends) else None,
            "converged_runs": len(stood),
        },
        seed=given[0].seed,
        notes=(f"{len(stood)} of {len(given)} runs stood still within the tolerance.",
               "Intervals are over runs, which may share people."),
    )  # fmt: skip


def _lengthened(table: pd.DataFrame, last: int) -> pd.DataFrame:
    end = int(table["round"].max())
    still = table[table["round"] == end]
    still = still.assign(estimate=still["estimate"].where(still["measure"] != "shift", 0.0))
    later = [still.assign(round=number) for number in range(end + 1, last + 1)]
    return pd.concat([table, *later], ignore_index=True)
