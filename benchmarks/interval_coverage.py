"""How often 95 % intervals hold the truth, at default sizes, in packaged worlds and in others.

Run with ``python benchmarks/interval_coverage.py``; writes benchmarks/results/coverage.md in under
an hour on two processors. ``python benchmarks/interval_coverage.py 10 1`` meets what ten minutes
of one processor bear, small societies first, and the table says how many stand behind each row; a
later run goes on where it ended, for what was met is kept in data/generated/coverage; rows of the
table of which nothing is kept stay as they stand. A validation run, not a timing. (It cannot be
called ``coverage.py``: numba imports that name.)
"""

import itertools
import multiprocessing
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from multiprocessing.pool import Pool
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from tables import read_table, write_table

from credit_ml.agencies import Rater, load_agency
from credit_ml.core import Dataset
from credit_ml.disclosure import disclose
from credit_ml.fairness import audit
from credit_ml.proxies import (
    FriendOptions,
    Twins,
    attribute,
    decompose,
    friend_influence,
    intervene,
    true_decomposition,
)
from credit_ml.society import Society, World, load_world, world_ids


@dataclass(frozen=True)
class Size:
    """How large societies are, and how many of each world are met in a whole run."""

    people: int
    districts: int
    blocks: int
    block: int
    """Societies that are met and kept at a time."""
    told: int
    """In every so-manieth society people are told the rules."""
    friends: int | None
    """In every so-manieth one friends are changed, and their records left out; in none of them."""
    late: float
    """How much later than the smallest size it is met."""


#: 336 societies of each of three worlds make 1,000 a row.
SIZES: tuple[Size, ...] = (
    Size(3_000, 8, 14, 24, told=2, friends=6, late=1.0),
    Size(10_000, 20, 14, 24, told=12, friends=12, late=2.0),
    Size(50_000, 100, 8, 8, told=4, friends=8, late=4.0),
)
PACKAGED = ("baseline", "segregated", "close_knit")
#: Worlds that are not in the package: other shocks, other ties, another population.
OTHERS = ("level_districts", "ties_everywhere", "few_rural")
#: The rest of the catalogue, at the smallest size: 63 societies of each make 1,000 a row.
CATALOGUE = tuple(name for name in world_ids() if name not in PACKAGED)
FEW = Size(3_000, 8, 3, 21, told=2, friends=None, late=3.0)
PLAN = (
    *((size, name) for size in SIZES for name in (*PACKAGED, *OTHERS)),
    *((FEW, name) for name in CATALOGUE),
)
#: Societies whose spread makes an interval over societies, as studies have it.
RESAMPLED = 20
#: Sets of them that are drawn, from at least so many societies, for sets of a few are all alike.
DRAWS, FEWEST = 4_000, 60
#: Numbers that differ by less from society to society are rounding.
STILL = 1e-9
#: People who are given twins, and people who are told the rules.
FOLLOWED = 1_000
METRICS = ("selection_rate", "refusal_rate", "true_positive_rate", "mean_score")
#: What a page's first screen says of disclosure and of friends.
TOLD = ("social_burden", "score_gap_before", "score_gap_after", "score_gap_change")
OF_FRIENDS = ("mean", "size", "gap", "turned")
#: Where pages read the smallest and the largest share, in rows with enough societies.
COVERED = Path("credit_ml") / "reports" / "facts.toml"
ENOUGH = 90
KEPT = Path("data") / "generated" / "coverage"
#: What is asked of every instrument.
PAIR = {"sensitive": "hukou", "reference_groups": "urban"}
#: what is measured, over whom, estimate, low, high.
Row = tuple[str, str, float, float, float]

NOTES = (
    f"Packaged worlds: {', '.join(PACKAGED)}. Rest of the catalogue, 63 societies of each, without "
    f"changes of friends: {', '.join(CATALOGUE)}. Others: the baseline without a gradient between "
    "districts and with shocks twice as large; with almost no ties inside districts "
    "and a third more friends; with 8 % rural citizens.",
    "Rural against urban citizens, the sesame agency's rater, fitted once in each world on "
    "another society of 20,000; selected: 650 points or more. Parts are those of block "
    f"Shapley; the true ones follow {FOLLOWED:,} rural citizens and their twins; as many citizens "
    "are told the whole model. Other friends are drawn once. Without friends: both scorers are "
    "trained again in each society.",
    "Truth: the mean over the societies of a world. `societies` is how many stand behind a row, "
    "of three worlds together; over people and clusters a coverage of 95 % has a standard error of "
    "2.3 points with 90 of them, of 1.0 with 500, of 0.7 with 1,000.",
    "Over societies: what `resample_societies`, `true_decomposition` and studies report, with "
    f"{RESAMPLED} others. {DRAWS:,} sets of one society and {RESAMPLED} others are drawn from "
    "those of each world, which is much more exact than one set a society. Over clusters: the "
    "default of one table that names a cluster."
    " Over people: how sure this society's own number is; it was never meant to hold the "
    "world's, and this column says by how much it does not.",
    "Numbers that are 0 in every society of a world are left out: where there is no gap, its parts "
    "are held for certain.",
    f"`none`: refused, not made, or of fewer than {FEWEST} societies a world. What friends' "
    "records carry has no interval from one table: friends carry the shocks of all districts into "
    "each; nor has the truth over clusters.",
    "Where clusters hold too much, a district's rank is the same in every society, which "
    "clusters count as chance. Where they hold too little, as with the level of one group, friends "
    "elsewhere carry a district's shocks into all others, which no count of districts sees: the "
    "interval says how sure this society's own level is.",
)


def world_of(name: str, people: int, districts: int) -> World:
    """Make a world with as many people a district as the cell asks for."""
    base = load_world("baseline" if name in OTHERS else name)
    address = replace(base.address, people_per_district=people // districts)
    if name == "level_districts":
        address = replace(address, gradient=0.0, shocks=2.0)
    elif name == "ties_everywhere":
        base = replace(base, ties=replace(base.ties, district=0.02, slots=12.0))
    elif name == "few_rural":
        base = replace(base, population=replace(base.population, rural=0.08))
    return replace(base, address=address, citizens=people)


RATERS: dict[tuple[str, int], Rater] = {}


def rater_of(name: str, people: int, districts: int) -> Rater:
    """Fit the rater on a society of its own, so that the truth is one number a row."""
    key = (name, people)
    if key not in RATERS:
        world = replace(world_of(name, people, districts), citizens=20_000, seed=1)
        RATERS[key] = load_agency("sesame").fit(world.simulate())
    return RATERS[key]


def measured(task: tuple[str, Size, int, int]) -> list[tuple]:
    """Every estimate of one society, over people and over clusters."""
    name, size, number, seed = task
    rater = rater_of(name, size.people, size.districts)
    society = replace(world_of(name, size.people, size.districts), seed=seed).simulate()
    dataset = rater.agency.view(society)
    rows = [*parts(rater, society, dataset, seed), *rates(rater, dataset)]
    if number % size.told == 0:
        rows += told(rater, society, dataset, seed)
    if size.friends and number % size.friends == 0:
        rows += friends(rater, society, seed)
    return [(seed, *row) for row in rows]


def parts(rater: Rater, society: Society, dataset: Dataset, seed: int) -> Iterator[Row]:
    """True and estimated parts of the gap, and what friends and address carry together."""
    twins = Twins(people=FOLLOWED, seed=seed)
    truth = true_decomposition(rater, society, twins=twins, societies=0, **PAIR).table
    yield from rows_of(truth, "true part: " + truth["factor"], "people")
    both = truth.loc[truth["factor"].isin(["relationships", "personal"]), "estimate"].sum()
    yield "true part: friends and address", "people", both, np.nan, np.nan
    shares = attribute(rater, dataset, seed=seed)
    for over in ("people", "clusters"):
        found = decompose(shares, dataset, over=over, **PAIR).table
        yield from rows_of(found, "part: " + found["factor"], over)


def rates(rater: Rater, dataset: Dataset) -> Iterator[Row]:
    """Levels, differences and ratios of both groups."""
    scores = rater.score(dataset.X)
    names = {"difference": "gap: ", "ratio": "ratio: ", "value": "level: "}
    for over in ("people", "clusters"):
        found = audit(
            scores >= 650,
            dataset,
            scores=scores,
            sensitive="hukou",
            metrics=METRICS,
            reference_groups={"hukou": "urban"},
            intersections=False,
            over=over,
        ).table
        found = found[(found["sensitive"] == "hukou") & found["quantity"].isin(list(names))]
        what = found["quantity"].map(names) + found["measure"] + ", " + found["group"]
        yield from rows_of(found, what, over)


def told(rater: Rater, society: Society, dataset: Dataset, seed: int) -> Iterator[Row]:
    """What those who keep obligations would have to spend, and gaps, when the model is told."""
    asked = {"people": FOLLOWED, "society": society, "seed": seed, **PAIR}
    found = disclose(rater, dataset, regimes="full", **asked).table
    found = found[found["measure"].isin(TOLD) & (found["sensitive"] == "hukou")]
    yield from rows_of(found, "told: " + found["measure"] + ", " + found["group"], "clusters")


def friends(rater: Rater, society: Society, seed: int) -> Iterator[Row]:
    """What other friends would change, and what leaving friends' records out does."""
    options = FriendOptions(draws=1, lenders=2, truth=False, seed=seed)
    found = friend_influence(rater, society, options=options, **PAIR).table
    found = found[(found["part"] == "other_friends") & found["measure"].isin(OF_FRIENDS)]
    yield from rows_of(found, "other friends: " + found["measure"] + ", " + found["group"])
    found = intervene(rater, society, interventions=["drop_friends"], **PAIR).table
    found = found[(found["intervention"] == "drop_friends") & (found["fact"] == "change")]
    yield from rows_of(found, "without friends: change of " + found["measure"])


def rows_of(table: pd.DataFrame, what: pd.Series, over: str = "clusters") -> Iterator[Row]:
    """Rows of a finding's table as this run keeps them."""
    numbers = (table[name].astype("float64") for name in ("estimate", "low", "high"))
    for name, *found in zip(what, *numbers, strict=True):
        yield name, over, *found


def over_societies(rows: pd.DataFrame) -> pd.DataFrame:
    """How often a society's number, plus and minus t deviations of others, holds the mean.

    That hangs on how the number is spread over societies and on nothing else, so societies are
    drawn many times, each with other ones.
    """
    random, made = np.random.default_rng(0), []
    for what, own in rows.drop_duplicates(["seed", "what"]).groupby("what", sort=False):
        values = own["estimate"].to_numpy()
        if len(values) < FEWEST:
            continue
        sets = random.random((DRAWS, len(values))).argpartition(RESAMPLED, axis=1)
        drawn = values[random.permuted(sets[:, : RESAMPLED + 1], axis=1)]
        half = stats.t.ppf(0.975, RESAMPLED - 1) * drawn[:, 1:].std(axis=1, ddof=1)
        held = (np.abs(drawn[:, 0] - values.mean()) <= half).mean()
        made.append({"what": what, "over": "societies", "held": held})
    return pd.DataFrame(made, columns=["what", "over", "held"])


def meet(size: Size, name: str, block: int, pool: Pool) -> None:
    """Measure one block of societies of one world, unless that was done."""
    path = KEPT / f"{name}-{size.people}-{size.districts}-{block}.parquet"
    if not path.exists():
        places = range(block * size.block, (block + 1) * size.block)
        tasks = [(name, size, place, 10_000 + place) for place in places]
        columns = ["seed", "what", "over", "estimate", "low", "high"]
        rows = itertools.chain.from_iterable(pool.map(measured, tasks, chunksize=4))
        KEPT.mkdir(parents=True, exist_ok=True)
        pd.DataFrame(rows, columns=columns).to_parquet(path, index=False)


def cell(size: Size, name: str) -> pd.DataFrame:
    """Whether each interval of one world and size holds the truth, in all societies met."""
    paths = sorted(KEPT.glob(f"{name}-{size.people}-{size.districts}-*.parquet"))
    if not paths:
        return pd.DataFrame()
    table = pd.concat([pd.read_parquet(path) for path in paths]).dropna(subset=["estimate"])
    # What is 0 in every society of a world, as are parts of no gap, every interval holds.
    table = table[table.groupby("what")["estimate"].transform(np.ptp) > STILL]
    # The mean of these societies is itself uncertain by 1 / sqrt(number) of their spread.
    mean = table.groupby("what")["estimate"].transform("mean")
    held = ((table["low"] <= mean) & (mean <= table["high"])).astype("float64")
    table = table.assign(held=held.where(table["low"].notna()))
    return pd.concat([table, over_societies(table)], ignore_index=True).assign(
        people=size.people, districts=size.districts, world=name, worlds=kind_of(name)
    )


def kind_of(name: str) -> str:
    """What rows call a world: three were met at every size."""
    kinds = {"packaged": PACKAGED, "others": OTHERS, "rest of the catalogue": CATALOGUE}
    return next(kind for kind, names in kinds.items() if name in names)


def with_standing(told: list[dict[str, object]]) -> list[dict[str, object]]:
    """Rows met now, and in their place rows of the table as it stands whose cells are not kept."""
    standing = [row for row in read_table("coverage.md") if key_of(row) not in map(key_of, told)]
    return sorted([*told, *standing], key=lambda row: (int(str(row["people"])), order_of(row)))


def key_of(row: Mapping[str, object]) -> tuple[str, str]:
    return str(row["people"]), str(row["worlds"])


def order_of(row: Mapping[str, object]) -> int:
    return ("packaged", "others", "rest of the catalogue").index(str(row["worlds"]))


def summary(found: pd.DataFrame) -> list[dict[str, object]]:
    """A row a size and number: the share of societies whose interval holds the truth."""
    rows = []
    keys = ["people", "districts", "worlds", "what"]
    for key, own in found.groupby(keys, sort=False):
        shares = own.groupby("over")["held"].mean()
        told = {
            f"over {each}": _percent(shares.get(each))
            for each in ("people", "clusters", "societies")
        }
        number = len(own[["world", "seed"]].dropna().drop_duplicates())
        rows.append(dict(zip(keys, key, strict=True)) | told | {"societies": number})
    return rows


def _percent(share: float | None) -> str:
    return "none" if share is None or np.isnan(share) else f"{100 * share:.1f} %"


def write_covered(told: list[dict[str, object]]) -> None:
    """Write the smallest and the largest share of each kind of interval, as pages print them."""
    text = COVERED.read_text(encoding="utf-8")
    for over in ("people", "clusters", "societies"):
        cells = (str(row[f"over {over}"]) for row in told if int(str(row["societies"])) >= ENOUGH)
        shares = [float(cell.removesuffix(" %")) for cell in cells if cell != "none"]
        if shares:
            text = re.sub(rf"(?m)^{over} = .*$", f"{over} = [{min(shares)}, {max(shares)}]", text)
    COVERED.write_text(text, encoding="utf-8")


def main(minutes: float, workers: int) -> None:
    start = time.perf_counter()
    order = [(size, name, block) for size, name in PLAN for block in range(size.blocks)]
    order.sort(key=lambda each: each[0].late * (each[2] + 1) / each[0].blocks)
    with multiprocessing.Pool(workers) as pool:
        for size, name, block in order:
            if time.perf_counter() - start > 60 * minutes:
                break
            meet(size, name, block, pool)
            print(size.people, name, block, f"{time.perf_counter() - start:.0f} s", flush=True)
    found = [cell(size, name) for size, name in PLAN]
    told = with_standing(summary(pd.concat(found)))
    path = write_table(
        "coverage.md", "Coverage of 95 % intervals over simulated societies", told, notes=NOTES
    )
    print(path.read_text(encoding="utf-8"))
    write_covered(told)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(float(given[0]) if given else np.inf, int(given[1]) if len(given) > 1 else 2)
