"""Errors of estimators in every place of a leaderboard, like with like, over seeds."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from credit_ml.core import TableError, beside
from credit_ml.inference import mean_of_worlds

#: What one audited sample is: everything but the factor and the estimates.
SAMPLE = ("world", "rater", "sensitive", "group", "people", "seed")
#: What one true gap is.
TRUTH = ("world", "rater", "sensitive", "group")
#: What samples of many seeds are of; all cells count alike.
CELL = (*TRUTH, "people")
ALL, PROXIES, HELD_OUT = "(all)", "(proxies)", "(held out)"
#: The estimator that says 0 of everything.
NOTHING = "nothing"
#: Columns of the table that say what a row is about.
DIMENSIONS = ("factors", "sensitive", "size", "world", "rater")
#: Of samples, and what a row is about within one set of factors.
_PLACE = ("sensitive", "size", "world", "rater")
_ASKED = ("target", "estimator")
#: Part of the score's standard deviation by which the largest true part must lead to count.
CLEAR = 0.005
#: Size of the truth below which an error is no share of it, hundredths of that deviation.
SMALL = 0.5
#: Measures that an audited sample yields on its own, and what each can be.
ENDS = {"coverage": (0.0, 1.0), "top": (0.0, 1.0), "rank": (-1.0, 1.0)}
UNITS: Mapping[str, str] = beside(__file__)["units"]


def errors_of(
    estimates: pd.DataFrame,
    truths: pd.DataFrame,
    *,
    proxies: Sequence[str],
    held_out: Sequence[str],
    kinds: Mapping[str, str],
    level: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return every measure in every place, and the audited samples, one row each.

    Raises
    ------
    TableError
        When a truth is missing for an estimate.
    """
    estimates = pd.concat([estimates, _nothing(estimates)], ignore_index=True)
    held = _held(estimates, truths)
    tables = []
    for factors, own in ((ALL, held), (PROXIES, held[held["factor"].isin(proxies)])):
        if len(own):
            placed = pd.concat(list(_places(_samples(own), held_out)), ignore_index=True)
            tables.append(_measured(placed, kinds, level).assign(factors=factors))
    return pd.concat(tables, ignore_index=True), held.drop_duplicates(list(SAMPLE))


def _nothing(estimates: pd.DataFrame) -> pd.DataFrame:
    """Estimates of 0 for every component: what an estimator must beat to be worth asking."""
    each = estimates.drop_duplicates([*SAMPLE, "factor"])
    return each.assign(estimator=NOTHING, estimate=0.0, low=np.nan, high=np.nan)


def _held(estimates: pd.DataFrame, truths: pd.DataFrame) -> pd.DataFrame:
    """Every estimate beside every truth of its size."""
    if "people" not in truths.columns:
        truths = truths.assign(people=np.nan)
    keys, columns = [*TRUTH, "factor"], ["target", "truth", "spread"]
    sized = truths[truths["people"].notna()].astype({"people": estimates["people"].dtype})
    every = truths[truths["people"].isna()]
    parts = [
        estimates.merge(every[[*keys, *columns]], on=keys),
        estimates.merge(sized[[*keys, "people", *columns]], on=[*keys, "people"]),
    ]
    held = pd.concat(parts, ignore_index=True)
    told = held[held["target"] == "carrier"] if (held["target"] == "carrier").any() else held
    both = estimates[[*SAMPLE, "factor"]].merge(
        told[[*SAMPLE, "factor"]].drop_duplicates(), how="left", indicator="found"
    )
    if (both["found"] != "both").any():
        row = both[both["found"] != "both"].iloc[0]
        problem = f"lack factor '{row['factor']}' of world '{row['world']}'"
        raise TableError("truths", problem, "give that of every world, rater, feature and group")
    inside = held["truth"].between(held["low"], held["high"]).where(held["low"].notna())
    return held.assign(
        miss=100 * (held["estimate"] - held["truth"]) / held["spread"],
        inside=inside.astype("float64"),
    )


def _samples(held: pd.DataFrame) -> pd.DataFrame:
    """One row a sample, estimator and target: error, coverage, top factor, order, and bias."""
    keys = [*SAMPLE, *_ASKED]
    cell = held.groupby([*CELL, *_ASKED, "factor"], sort=False)["miss"]
    number = cell.transform("size")
    # The square of the mean over seeds, less what their noise adds to it.
    noise = (cell.transform("var").fillna(0.0) / number).to_numpy()
    lasting = cell.transform("mean").to_numpy() ** 2 - noise
    held = held.assign(square=held["miss"] ** 2, lasting=lasting, **_in_order(held, keys))
    grouped = held.groupby(keys, sort=False)
    means = ["square", "lasting", "inside", "rank"]
    found = grouped[means].mean().assign(top=grouped["top"].first()).reset_index()
    return found.rename(columns={"inside": "coverage"})


def _in_order(held: pd.DataFrame, keys: list[str]) -> dict[str, pd.Series]:
    """Whether the largest part is the true one, and how the order of parts fits the true one."""
    size, largest = held["truth"].abs(), held["estimate"].abs()
    by = [held[name] for name in keys]
    first = size.groupby(by).transform("max")
    second = size.where(size < first).groupby(by).transform("max")
    ties = (size == first).groupby(by).transform("sum") > 1
    clear = (first - second >= CLEAR * held["spread"]) & ~ties
    same = largest.groupby(by).transform("idxmax") == size.groupby(by).transform("idxmax")
    # Who gives every factor nothing names none, whichever stands first.
    named = same & (largest.groupby(by).transform("max") > 0)
    return {"top": named.astype("float64").where(clear), "rank": _kendall(held, keys)}


def _kendall(held: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Kendall's tau-b of parts and true parts in every sample, repeated on its rows."""
    own = held[[*keys, "estimate", "truth"]].reset_index()
    own["sample"] = own.groupby(keys, sort=False).ngroup()
    own = own[["index", "sample", "estimate", "truth"]]
    pairs = own.merge(own, on="sample", suffixes=("", "_other"))
    parts = np.sign(pairs["estimate"] - pairs["estimate_other"])
    true = np.sign(pairs["truth"] - pairs["truth_other"])
    sums = pd.DataFrame({"both": parts * true, "parts": parts**2, "true": true**2})
    sums = sums.groupby(pairs["sample"]).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        tau: pd.Series = sums["both"] / np.sqrt(sums["parts"] * sums["true"])
    return own.set_index("index")["sample"].map(tau).rename("rank")


def _places(samples: pd.DataFrame, held_out: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Yield samples by the place that they speak of: by everything, and by each dimension."""
    samples = samples.assign(own_world=samples["world"], own_rater=samples["rater"])
    samples["own_feature"] = samples["sensitive"]
    out = samples["world"].isin(held_out)
    seen, unseen = samples[~out], samples[out]
    every = {"sensitive": ALL, "world": ALL, "rater": ALL}
    for size in (ALL, samples["people"].astype(str)):
        for own, labels in (
            (seen, every),
            (seen, every | {"sensitive": seen["own_feature"]}),
            (seen, every | {"rater": seen["own_rater"]}),
            (samples, every | {"world": samples["own_world"]}),
            (unseen, every | {"world": HELD_OUT}),
        ):
            if len(own):
                at = size if isinstance(size, str) else size[own.index]
                yield own.assign(size=at, **labels)


def _measured(placed: pd.DataFrame, kinds: Mapping[str, str], level: float) -> pd.DataFrame:
    """Every measure of the estimators that answered in all cells of their place."""
    place = ["target", *_PLACE]
    cells = ["own_world", "own_rater", "own_feature", "group", "people"]
    keys = [*place, "estimator"]
    number = placed.drop_duplicates([*keys, *cells]).groupby(keys).size()
    most = number.groupby(level=place).transform("max")
    whole = pd.MultiIndex.from_frame(placed[keys]).isin(number[number == most].index)
    own = placed[whole].reset_index(drop=True)
    own["cell"] = own.groupby(cells, sort=False).ngroup()
    own["draw"] = own["people"].astype(str) + "." + own["seed"].astype(str)
    tables = [_error(own, keys, level), _bias(own, keys)]
    for measure, bounds in ENDS.items():
        found = _mean(own, own[measure], keys, level, bounds)
        tables.append(found.assign(measure=measure))
    best = _best(tables[0], place, kinds)
    tables.append(_less(own, keys, best, level).assign(measure="behind_best"))
    zero = best.assign(base=NOTHING)
    tables.append(_less(own, keys, zero, level).assign(measure="over_nothing"))
    tables.append(_relative(tables[0], place))
    counts = own.groupby(keys).size().rename("samples").reset_index()
    table = pd.concat(tables, ignore_index=True).merge(counts, on=keys, how="left")
    return table.assign(quantity="value", unit=table["measure"].map(UNITS))


def _mean(
    own: pd.DataFrame,
    values: pd.Series,
    keys: list[str],
    level: float,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> pd.DataFrame:
    """Mean over cells of the mean over seeds: cells stand where worlds do, and share seeds."""
    given = own[keys].assign(world_of=own["world"], world=own["cell"], seed=own["draw"])
    labels = [name for name in keys if name != "world"]
    given = given.assign(estimate=values)
    every = given.drop_duplicates([*labels, "world_of"])[[*labels, "world_of"]]
    found = mean_of_worlds(given, [*labels, "world_of"], intervals=level, bounds=bounds)
    found = every.merge(found, how="left").rename(columns={"world_of": "world"})
    return found[[*keys, "estimate", "low", "high", "over", "reason"]]


def _error(own: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:
    found = _mean(own, own["square"], keys, level, (0.0, np.inf))
    ends = {name: found[name] ** 0.5 for name in ("estimate", "low", "high")}
    return found.assign(measure="error", **ends)


def _relative(errors: pd.DataFrame, place: list[str]) -> pd.DataFrame:
    """Error as a share of the truth's size, which no chance of samples moves."""
    truth = errors.loc[errors["estimator"] == NOTHING, [*place, "estimate"]]
    truth = truth[truth["estimate"] > SMALL].rename(columns={"estimate": "truth"})
    found = errors.merge(truth, on=place)
    ends = {name: found[name] / found["truth"] for name in ("estimate", "low", "high")}
    return found.drop(columns="truth").assign(measure="relative", **ends)


def _bias(own: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    each = own.drop_duplicates([*keys, "cell"]).groupby(keys, sort=False)["lasting"].mean()
    return (each.clip(lower=0.0) ** 0.5).rename("estimate").reset_index().assign(measure="bias")


def _best(errors: pd.DataFrame, place: list[str], kinds: Mapping[str, str]) -> pd.DataFrame:
    """Return the attribution with the least error of every place, as `base`."""
    attributed = errors["estimator"].map(lambda name: kinds.get(name, "attribution"))
    asked = errors[(attributed == "attribution") & errors["estimate"].notna()]
    rows = asked.groupby(place, sort=False)["estimate"].idxmin()
    return asked.loc[rows, [*place, "estimator"]].rename(columns={"estimator": "base"})


def _less(own: pd.DataFrame, keys: list[str], bases: pd.DataFrame, level: float) -> pd.DataFrame:
    """Error less that of each place's base, in the same samples (delta method)."""
    place = [name for name in keys if name != "estimator"]
    sample = [*place, "cell", "draw"]
    own = own.merge(bases, on=place)
    rooted = own.groupby([*keys, "cell"])["square"].mean().groupby(level=keys).mean() ** 0.5
    own = own.merge(rooted.rename("error").reset_index(), on=keys)
    theirs = own.loc[own["estimator"] == own["base"], [*sample, "square", "error"]]
    both = own.merge(theirs, on=sample, suffixes=("", "_base"))
    with np.errstate(divide="ignore", invalid="ignore"):
        here, there = (both[f"square{of}"] / (2 * both[f"error{of}"]) for of in ("", "_base"))
    # Who is without error has none that chance moves; the other's moves all the same.
    found = _mean(both, here.fillna(0.0) - there.fillna(0.0), keys, level)
    errors = both.drop_duplicates(keys)[[*keys, "error", "error_base"]]
    found = found.merge(errors, on=keys)
    shift = found["error"] - found["error_base"] - found["estimate"]
    ends = {name: found[name] + shift for name in ("estimate", "low", "high")}
    return found.drop(columns=["error", "error_base"]).assign(**ends)
