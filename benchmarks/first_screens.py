"""How often the 95 % intervals of the pages' first screens hold the world's number.

``python benchmarks/first_screens.py 25`` meets what 25 minutes of one processor bear, of every page
a few societies first; what was met is kept in data/generated/first_screens, and a later run goes
on. Writes benchmarks/results/first_screens.md from all that is kept. Six worlds: three of the
package and three that are not, those of `interval_coverage.py`.

A society's numbers are measured once, by the instrument of the page (`first_screen_numbers.py`).
Then sets of as many societies as the study has are drawn from those met, and combined by the code
that makes the page's intervals. They are drawn with replacement: the world is then one whose
societies are those met, each as likely as any other, its mean is theirs exactly, and the societies
of a set are independent, as those of a study are. So there is no finite pool to be corrected for.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from first_screen_numbers import PAGES, Page
from interval_coverage import OTHERS, PACKAGED
from tables import write_table

from credit_ml.core import Array, conform
from credit_ml.inference import mean_of_worlds, over_societies

KEPT = Path("data") / "generated" / "first_screens"
#: Societies of a world that are met and kept at a time, from this seed on in every world.
BLOCK, FIRST_SEED = 6, 10_000
#: Sets that are drawn from each world; and times that all is done again with other societies of
#: those met, which says how far the coverage is uncertain.
DRAWS, AGAIN = 4_000, 12
#: What is asked of coverage, and numbers that differ by less from society to society are rounding.
WANTED, STILL = (93.5, 96.5), 1e-9
WORLDS = (*PACKAGED, *OTHERS)


def meet(name: str, world: str, block: int) -> None:
    """Measure one block of societies of one world, unless that was done."""
    path = KEPT / f"{name}-{world}-{block}.parquet"
    if path.exists():
        return
    seeds = range(FIRST_SEED + block * BLOCK, FIRST_SEED + (block + 1) * BLOCK)
    found = pd.DataFrame([PAGES[name].found(world, seed) for seed in seeds], index=list(seeds))
    KEPT.mkdir(parents=True, exist_ok=True)
    found.to_parquet(path)


def order() -> list[tuple[str, int]]:
    """Pages and blocks in the order in which they are met: of every page a few first."""
    each = [(name, block) for name, page in PAGES.items() for block in range(page.pool // BLOCK)]
    return sorted(each, key=lambda one: PAGES[one[0]].late * (one[1] + 1))


def pool_of(name: str) -> pd.DataFrame:
    """Every number of every society met, a row a world and seed; those all worlds have."""
    found = {
        world: pd.concat(map(pd.read_parquet, sorted(KEPT.glob(f"{name}-{world}-*.parquet"))))
        for world in WORLDS
    }
    seeds = sorted(set.intersection(*(set(each.index) for each in found.values())))
    return pd.concat({world: each.loc[seeds] for world, each in found.items()}, names=["world"])


def intervals(page: Page, what: str, values: Array) -> tuple[Array, Array]:
    """Ends of the intervals of many sets at once, by the code that makes the page's.

    `values` has the shape (sets, worlds, societies); each set stands in a row of a finding.
    """
    sets, worlds, societies = values.shape
    labels = conform([{**page.numbers[what], "draw": str(draw)} for draw in range(sets)])
    if page.mean:
        places = np.indices(values.shape).reshape(3, -1)
        cells = {"draw": places[0].astype(str), "world": places[1], "seed": places[2]}
        told = mean_of_worlds(pd.DataFrame(cells | {"estimate": values.ravel()}), ["draw"])
        ends = told.set_index("draw").loc[labels["draw"], ["low", "high"]].to_numpy()
        table = labels.assign(low=ends[:, 0], high=ends[:, 1])
        found = page.finding(table=table, title="").bounded()
    else:
        each = [
            page.finding(table=labels.assign(estimate=values[:, 0, place], low=np.nan), title="")
            for place in range(societies)
        ]
        found = over_societies(each[0], each[1:])
    return found.table["low"].to_numpy(), found.table["high"].to_numpy()


def held(page: Page, what: str, met: Array, random: np.random.Generator, sets: int) -> float:
    """Share of sets whose interval holds the mean of all that were met, shape (worlds, number)."""
    # One seed draws the same chance in every world, so worlds of a set have the same seeds.
    drawn = random.integers(met.shape[1], size=(sets, page.societies))
    values = met[:, drawn].swapaxes(0, 1)
    low, high = intervals(page, what, values)
    truth = met.mean()
    return float(((low <= truth + STILL) & (truth - STILL <= high)).mean())


def coverage(page: Page, what: str, pool: pd.DataFrame) -> dict[str, float]:
    """Percent of intervals that hold the truth, by world or worlds together, and their errors."""
    found = {}
    for kind, worlds in (("packaged", PACKAGED), ("others", OTHERS)):
        met = np.array([pool.loc[world, what].to_numpy() for world in worlds])
        groups = [met] if page.together else [each[None] for each in met if np.ptp(each) > STILL]
        shares, random = [], np.random.default_rng(0)
        for group in groups:
            shares.append(held(page, what, group, random, DRAWS))
        if not shares:
            continue
        again = [
            np.mean([held(page, what, _others(g, random), random, DRAWS // 8) for g in groups])
            for _ in range(AGAIN)
        ]
        found[kind] = 100 * float(np.mean(shares))
        found[f"{kind} error"] = 100 * float(np.std(again, ddof=1))
        found[f"{kind} least"] = 100 * min(shares)
    return found


def _others(met: Array, random: np.random.Generator) -> Array:
    """As many societies, drawn from those met (the bootstrap)."""
    return met[:, random.integers(met.shape[1], size=met.shape[1])]


def rows() -> Iterator[dict[str, object]]:
    """Yield a row a number of every page of which something is kept."""
    for name, page in PAGES.items():
        if not list(KEPT.glob(f"{name}-{WORLDS[-1]}-*.parquet")):
            continue
        pool = pool_of(name)
        for what in page.numbers:
            found = coverage(page, what, pool)
            if not found:
                continue
            kinds = [kind for kind in ("packaged", "others") if kind in found]
            outside = [
                not WANTED[0] - 2 * found[f"{kind} error"]
                <= found[kind]
                <= WANTED[1] + 2 * found[f"{kind} error"]
                for kind in kinds
            ]
            yield {
                "page": name,
                "number": what,
                "interval": "mean" if page.mean else "one society",
                "of": page.societies,
                **{
                    kind: f"{found[kind]:.1f} ± {found[f'{kind} error']:.1f} %" for kind in kinds
                },
                "societies": len(pool),
                "outside": "yes" if any(outside) else "",
            }


def main(minutes: float) -> None:
    """Meet what the time bears, and write the table of all that is kept."""
    start = time.process_time()
    for name, block in order():
        for world in WORLDS:
            if time.process_time() - start > 60 * minutes:
                break
            meet(name, world, block)
        else:
            print(name, block, f"{time.process_time() - start:.0f} s", flush=True)
    told = list(rows())
    print(write_table("first_screens.md", "Coverage of first screens", told).read_text())


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else np.inf)
