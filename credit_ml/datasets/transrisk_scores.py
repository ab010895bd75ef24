"""TransRisk scores of Americans in 2003 by race: how many stand at each, and who defaults."""

from pathlib import Path

import numpy as np
import pandas as pd

from credit_ml.core import beside

_FILE = beside(__file__)
_FOLDER = Path(__file__).with_name("transrisk")


def transrisk() -> pd.DataFrame:
    """Return the TransUnion TransRisk table that the Federal Reserve published, a row a cell.

    Ships with the package: public figures of a report to Congress, 198 ranks for each of four
    groups.

    Returns
    -------
    DataFrame
        group (white, black, hispanic, asian), people (of the group in the sample), rank (0 to 100
        among all), points (300 to 850, as FICO scores were spread over Americans), mass (share of
        the group at that rank) and repaid (share of these who did not default in two years).

    References
    ----------
    Board of Governors of the Federal Reserve System (2007). Report to the Congress on credit
    scoring and its effects on the availability and affordability of credit. The tables as files:
    Hardt, M., Price, E. and Srebro, N. (2016). Equality of opportunity in supervised learning.
    NeurIPS; points by rank: Liu, L. T. et al. (2018), published code.

    Examples
    --------
    >>> table = transrisk()
    >>> table.groupby("group")["mass"].sum().round(12).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    below, default = (
        pd.read_csv(_FOLDER / f"{name}.csv", index_col=0)
        for name in ("cdf_by_race", "default_by_race")
    )
    people = pd.read_csv(_FOLDER / "totals.csv", index_col=0).iloc[0]
    ranks = below.index.to_numpy(dtype=np.float64)
    parts = []
    for column, name in _FILE["groups"].items():
        mass = np.diff(below[column].to_numpy(dtype=np.float64) / 100, prepend=0.0)
        made = {"group": name, "people": int(people[column]), "rank": ranks}
        made |= {"points": _points(ranks), "mass": mass / mass.sum()}
        parts.append(pd.DataFrame(made | {"repaid": 1 - default[column].to_numpy() / 100}))
    return pd.concat(parts, ignore_index=True)


def _points(ranks: np.ndarray) -> np.ndarray:
    """Points of a rank: even within each band of the published distribution."""
    bands = _FILE["points"]
    edges = np.concatenate([[0.0], np.cumsum(bands["share"])])
    return np.asarray(np.interp(ranks, edges, [*bands["from"], bands["to"][-1]]))
