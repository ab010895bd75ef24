"""Means over worlds whose societies share their chance, with intervals over seeds."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from credit_ml.inference.contributions import UNBOUNDED, Bounds, Family
from credit_ml.inference.estimate import Estimate
from credit_ml.inference.options import checked_level

#: What has an interval of its own, by what it can be.
_FAMILIES: dict[Bounds, Family] = {(0.0, 1.0): "share", (0.0, np.inf): "positive"}
#: Why there is no interval.
ONE_SEED = "a world has one seed"


def mean_of_worlds(
    cells: pd.DataFrame, keys: Sequence[str], *, intervals: float = 0.95, bounds: Bounds = UNBOUNDED
) -> pd.DataFrame:
    """Mean over worlds of the mean over seeds of each fact, with an interval over seeds.

    The same seed draws the same chance in every world, so that societies of one seed move
    together: a seed is one draw, however many worlds it is tried in. Each seed contributes
    ``u_s = (1 / W) sum_w sqrt(n_w / (n_w - 1)) (x_ws - mean_w) / n_w``, and the squared error is
    ``sum_s u_s^2``. Where every world has the same n seeds that is Student's interval of the n
    means over worlds; where worlds are independent its expectation is the sum of theirs. Worlds
    are those chosen, so that how they differ is no error. Degrees of freedom are those of the
    world with the fewest seeds.

    What lies between 0 and 1 has Wilson's interval, for as many draws of yes or no as would make
    the mean so uncertain: where every seed says the same, 0 or 1, for as many as the world with the
    fewest has seeds, since nothing says how far worlds of one seed repeat each other.

    What is never below 0, such as the mean of squared errors, has that of a chi-square which varies
    as much: of ten seeds Student's holds 92 of 100 or fewer.

    Cost: a few passes over the cells.

    Parameters
    ----------
    cells : DataFrame
        Columns world, seed, estimate and `keys`; NaN estimates are left out.
    keys : sequence of str
        Columns that say what is measured.
    intervals : float
        Level.
    bounds : tuple of float
        What the mean can be; (0, 1) makes it a share, (0, inf) what is skewed.

    Returns
    -------
    DataFrame
        `keys`, estimate, low, high, seeds, societies, over and reason; a row a fact, in the cells'
        order. Ends are NaN where a world has one seed.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.
    Liang, K.-Y. and Zeger, S. L. (1986). Longitudinal data analysis using generalized linear
    models. Biometrika 73, 13-22 (seeds are the clusters).

    Examples
    --------
    >>> cells = pd.DataFrame({"measure": "auc", "world": [*"aabb"], "seed": [1, 2, 1, 2],
    ...                       "estimate": [1.0, 3.0, 6.0, 4.0]})
    >>> mean_of_worlds(cells, ["measure"])[["estimate", "low", "high", "seeds"]].values.tolist()
    [[3.5, 3.5, 3.5, 2.0]]
    >>> held = cells.assign(measure="coverage", estimate=1.0)
    >>> mean_of_worlds(held, ["measure"], bounds=(0.0, 1.0))["low"].round(3).tolist()
    [0.012]
    """
    checked_level(intervals)
    given = cells.dropna(subset=["estimate"])
    facts = given.groupby(list(keys), sort=False, observed=True, dropna=False).ngroup()
    known = given[["world", "seed", "estimate"]].assign(fact=facts.to_numpy())
    in_world = known.groupby(["fact", "world"], observed=True)["estimate"]
    number, mean = in_world.transform("size"), in_world.transform("mean")
    worlds = known.groupby("fact")["world"].transform("nunique")
    grown = np.sqrt(number / (number - 1).clip(lower=1))
    known = known.assign(
        mean=known["estimate"] / number / worlds,
        moved=grown * (known["estimate"] - mean) / number / worlds,
        number=number,
    )
    by_seed = known.groupby(["fact", "seed"])["moved"].sum()
    found = known.groupby("fact").agg(
        mean=("mean", "sum"),
        least=("number", "min"),
        seeds=("seed", "nunique"),
        societies=("seed", "size"),
    )
    enough = (found["least"] > 1).to_numpy()
    estimate = Estimate(
        value=found["mean"].to_numpy(),
        variance=np.where(enough, (by_seed**2).groupby("fact").sum().to_numpy(), np.nan),
        freedom=np.maximum(found["least"].to_numpy() - 1.0, 1.0),
        people=found["seeds"].to_numpy(dtype="float64"),
        worth=found["least"].to_numpy(dtype="float64"),
        family=_FAMILIES.get(bounds, "mean"),
        bounds=bounds,
    )
    low, high = estimate.interval(intervals)
    told = {"estimate": estimate.value, "low": low, "high": high}
    told |= {"seeds": found["seeds"].to_numpy(), "societies": found["societies"].to_numpy()}
    told |= {"over": np.where(enough, "societies", ""), "reason": np.where(enough, "", ONE_SEED)}
    labels = given.loc[~facts.duplicated().to_numpy(), list(keys)]
    return labels.reset_index(drop=True).assign(**told)
