"""How often the 95 % intervals of the pages' first screens hold the world's number.

``python benchmarks/first_screens.py 25`` meets what 25 minutes of one processor bear, of every page
a few societies first; what was met is kept in data/generated/first_screens, and in one file beside
the table, so that a later run goes on and the table can be made again elsewhere. Writes
benchmarks/results/first_screens.md from all that is kept. Six worlds: three of the package and
three that are not, those of `interval_coverage.py`.

A society's numbers are measured once, by the instrument of the page (`first_screen_numbers.py`).
Then sets of as many societies as the study has are drawn from those met, and made into intervals as
the page's are. They are drawn with replacement: the world is then one whose societies are those
met, each as likely as any other, its mean is theirs exactly, and the societies of a set are
independent, as those of a study are. So there is no finite pool to be corrected for; but of few
societies the largest is never far from their mean, so that a little too much is held. How much, the
same is asked of normal numbers to say.
"""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
from first_screen_alternative import of_districts
from first_screen_known import known
from first_screen_numbers import PAGES, Page
from first_screen_table import of_table
from interval_coverage import OTHERS, PACKAGED
from scipy import stats
from tables import write_table

from credit_ml.core import Array, Dataset, conform
from credit_ml.inference import mean_of_worlds, over_societies

KEPT = Path("data") / "generated" / "first_screens"
#: All that was met, a row a number of a society.
MET = Path(__file__).parent / "results" / "first_screens.parquet"
#: Societies of a world that are met and kept at a time, from this seed on in every world.
BLOCK, FIRST_SEED = 6, 10_000
#: Sets that are drawn from each world; and times that all is done again with other societies of
#: those met, which says how far the coverage is uncertain.
DRAWS, AGAIN = 4_000, 20
#: What is asked of coverage, and numbers that differ by less from society to society are rounding.
WANTED, STILL = (93.5, 96.5), 1e-9
WORLDS, KINDS = (*PACKAGED, *OTHERS), {"packaged": PACKAGED, "others": OTHERS}
#: Fewer societies of a world say too little of a law's form.
FEWEST = 6


@dataclass(frozen=True)
class Covered:
    """Percent of intervals that hold the truth, its error, and what normal numbers would read."""

    share: float
    error: float
    normal: float

    @property
    def inside(self) -> bool:
        """Whether it is what is asked, or not surely outside, less what few societies add."""
        share, reach = self.share - (self.normal - 95.0), 2 * self.error
        return WANTED[0] - reach <= share <= WANTED[1] + reach

    def __str__(self) -> str:
        return f"{self.share:.1f} % ± {self.error:.1f}"


def meet(name: str, world: str, block: int) -> None:
    """Measure one block of societies of one world, unless that was done."""
    path = _path(name, world, block)
    if path.exists():
        return
    seeds = range(FIRST_SEED + block * BLOCK, FIRST_SEED + (block + 1) * BLOCK)
    # Intervals of one table are not asked here, and counting districts takes half of the time.
    page, unclustered = PAGES[name], patch.object(Dataset, "clusters", lambda _: None)
    with nullcontext() if page.by_district else unclustered:
        found = pd.DataFrame([page.found(world, seed) for seed in seeds], index=list(seeds))
    KEPT.mkdir(parents=True, exist_ok=True)
    found.to_parquet(path)


def unpack() -> None:
    """Lay out what earlier runs met, wherever they ran, as blocks; blocks that are there stay."""
    if not MET.exists():
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    met = pd.read_parquet(MET).astype({"number": str})
    met["block"] = (met["seed"] - FIRST_SEED) // BLOCK
    for (name, world, block), each in met.groupby(["page", "world", "block"], observed=True):
        path, wide = _path(name, world, block), each.pivot_table("value", "seed", "number")
        if not path.exists() and len(wide) == BLOCK:
            wide[list(PAGES[name].numbers)].to_parquet(path)


def pack() -> None:
    """Write all blocks that are kept into one file, in an order that hangs on nothing."""
    found = [
        pd.read_parquet(path)
        .rename_axis(index="seed")
        .reset_index()
        .melt("seed", var_name="number")
        .assign(page=name, world=world)
        for name in PAGES
        for world in WORLDS
        for path in KEPT.glob(f"{name}-{world}-*.parquet")
    ]
    table = pd.concat(found).sort_values(["page", "world", "number", "seed"])
    labels = dict.fromkeys(("page", "world", "number"), "category")
    table.astype(labels | {"seed": "int32"}).to_parquet(MET, index=False, compression="zstd")


def _path(name: str, world: str, block: int) -> Path:
    return KEPT / f"{name}-{world}-{block}.parquet"


def order() -> list[tuple[str, int]]:
    """Pages and blocks in the order in which they are met: of every page a few first."""
    each = [(name, block) for name, page in PAGES.items() for block in range(page.pool // BLOCK)]
    return sorted(each, key=lambda one: PAGES[one[0]].late * (one[1] + 1))


def pool_of(name: str) -> dict[str, pd.DataFrame]:
    """Numbers of every society met of each world, by seed; worlds of one kind have the same seeds.

    Worlds of one kind share their chance, and some numbers are the same in all of them: what counts
    is how many seeds were met, and few of them show no law's ends.
    """
    found = {
        world: pd.concat(map(pd.read_parquet, sorted(KEPT.glob(f"{name}-{world}-*.parquet"))))
        for world in WORLDS
    }
    pool = {}
    for worlds in KINDS.values():
        seeds = sorted(set.intersection(*(set(found[world].index) for world in worlds)))
        pool |= {world: found[world].loc[seeds] for world in worlds}
    return pool


def reach(page: Page, values: Array) -> tuple[Array, Array]:
    """Middles and half lengths of many sets' intervals, shape (sets, worlds, societies).

    As `credit_ml.inference` makes them, without tables, which would take minutes a number; `alike`
    sees to it that both are the same.
    """
    quantile = stats.t.ppf(0.975, page.others - 1)
    if page.mean:
        of_seeds = values.mean(axis=1)
        spread = of_seeds.std(axis=1, ddof=1) / np.sqrt(page.societies)
        return of_seeds.mean(axis=1), quantile * spread
    return values[:, 0, 0], quantile * values[:, 0, 1:].std(axis=1, ddof=1)


def alike(page: Page, what: str, values: Array) -> None:
    """Stop where the package makes another interval of a set than `reach`."""
    sets, _, societies = values.shape
    labels = conform([{**page.numbers[what], "draw": str(draw)} for draw in range(sets)])
    middle, half = reach(page, 1.0 / values if page.inverse else values)
    made_ends = {"low": middle - half, "high": middle + half}
    if page.inverse:
        most = np.where(middle > half, 1.0 / np.maximum(middle - half, 1e-300), np.inf)
        made_ends = {"low": 1.0 / (middle + half), "high": most}
    if page.mean:
        places = np.indices(values.shape).reshape(3, -1)
        cells = {"draw": places[0], "world": places[1], "seed": places[2]}
        told = mean_of_worlds(pd.DataFrame(cells | {"estimate": values.ravel()}), ["draw"])
    else:
        each = [
            labels.assign(**dict.fromkeys(("estimate", "low", "high"), values[:, 0, place]))
            for place in range(societies)
        ]
        found = [page.finding(table=table, title="") for table in each]
        told = over_societies(found[0], found[1:]).table
    least, most = page.finding(table=labels, title="").possible()
    for end, made in made_ends.items():
        if not np.allclose(told[end].clip(least, most), made.clip(least, most), equal_nan=True):
            raise SystemExit(f"'{what}' has other intervals in the package")


def held(page: Page, law: Array, random: np.random.Generator) -> float:
    """Percent of sets whose interval holds the law's mean, 0."""
    middle, half = reach(page, drawn(page, law[None], random, DRAWS))
    return 100 * float((np.abs(middle) <= half).mean())


def drawn(page: Page, met: Array, random: np.random.Generator, sets: int) -> Array:
    """Sets of societies; one seed draws the same chance in every world, so all have the same."""
    seeds = random.integers(met.shape[1], size=(sets, page.societies))
    return met[:, seeds].swapaxes(0, 1)


def law_of(page: Page, met: Array) -> Array:
    """One law of a kind's worlds, shape (worlds, number): of mean 0 and spread 1 in each.

    Intervals move and grow with what they are made of, so that whether they hold the mean hangs on
    the form of the law alone. Where the page tells the mean over worlds, it is that of a seed's.
    """
    groups = met.mean(axis=0)[None] if page.together else met
    moved = [own - own.mean() for own in groups if np.ptp(own) > STILL]
    return np.concatenate([own / own.std() for own in moved]) if moved else np.empty(0)


def coverage(page: Page, met: Array, random: np.random.Generator) -> Covered | None:
    """What intervals hold of numbers met in a kind's worlds, its error, and what normal ones do."""
    law = law_of(page, met)
    if not len(law):
        return None
    number = met.shape[1]
    others = (met[:, random.integers(number, size=number)] for _ in range(AGAIN))
    error = np.std([held(page, law_of(page, each), random) for each in others], ddof=1)
    normal = [held(page, law_of(page, random.normal(size=met.shape)), random) for _ in range(AGAIN)]
    return Covered(held(page, law, random), float(error), float(np.mean(normal)))


def rows() -> Iterator[dict[str, object]]:
    """Yield a row a number of every page of which something is kept, then what is known by law."""
    for name, page in PAGES.items():
        if not all(list(KEPT.glob(f"{name}-{world}-*.parquet")) for world in WORLDS):
            continue
        pool = pool_of(name)
        if min(map(len, pool.values())) < FEWEST:
            continue
        yield from _of_page(name, page, pool)
        if page.together:  # a page of means over worlds counts the worlds in which a thing is sure
            yield from _of_page(name, replace(page, together=False), pool)
    for made, interval in (
        (known, "of a known law"),
        (of_table, "over people"),
        (of_districts, "over clusters"),
    ):
        for name, what, share, sets in made():
            found_there = Covered(share, float(np.sqrt(share * (100 - share) / sets)), 95.0)
            yield {"page": name, "number": what, "interval": interval, "of": "none"} | {
                "packaged": str(found_there),
                "others": "none",
                "normal": "none",
                "societies": "none",
                "outside": _outside([found_there]),
            }


def _of_page(name: str, page: Page, pool: dict[str, pd.DataFrame]) -> Iterator[dict[str, object]]:
    random = np.random.default_rng(0)
    for what in page.numbers:
        values = {world: pool[world][what].to_numpy() for world in WORLDS}
        alike(page, what, drawn(page, values[WORLDS[0]][None], random, 5))
        kinds = {
            kind: coverage(page, _scaled(page, [values[world] for world in worlds]), random)
            for kind, worlds in KINDS.items()
        }
        found = {kind: each for kind, each in kinds.items() if each}
        if found:
            yield {
                **_named(name, what, page),
                **{kind: str(found.get(kind, "always the same")) for kind in KINDS},
                "normal": f"{np.mean([each.normal for each in found.values()]):.1f} %",
                "societies": sum(map(len, pool.values())),
                "outside": _outside(found.values()),
            }


def _scaled(page: Page, values: Sequence[Array]) -> Array:
    """Numbers on the scale on which intervals are made."""
    met = np.array(values)
    return 1.0 / met if page.inverse else met


def _named(name: str, what: str, page: Page) -> dict[str, object]:
    interval = "mean of worlds" if page.together else "mean" if page.mean else "one and others"
    page_name = name.partition("+")[0]
    return {"page": page_name, "number": what, "interval": interval, "of": page.societies}


def _outside(found: Iterable[Covered]) -> str:
    """Whether a share is outside what is asked by more than twice its error."""
    return "no" if all(each.inside for each in found) else "yes"


def notes() -> list[str]:
    """What a reader must know."""
    return [
        f"Packaged worlds: {', '.join(PACKAGED)}; others, as in coverage.md: {', '.join(OTHERS)}. "
        "Raters were fitted once in each, in a society of its own. Rows of known laws have no "
        "worlds: alarms, errors, two groups of a nation and headlines of sweeps are as the pages "
        "found them. Over people: "
        "samples of 5,000 from 120,000 borrowers of Give Me Some Credit, whose numbers are known, "
        "and, as german_credit, of 190 under 30 and 810 of 45 to 60: so many has that table. "
        "Over clusters: districts of one society of 5,000 in 40, against the mean of 168 of each "
        "world; both scores are given, as those who measure have no part in the search.",
        f"{DRAWS:,} sets of as many societies as `of` says, drawn with replacement from those met, "
        "each world's moved and scaled to one mean and spread. `±`: standard error, from as many "
        "societies drawn again from those met, and of the draws. `societies`: those met in the six "
        "worlds; the whole run meets 1,008 of each page.",
        "`normal`: what normal numbers read, of which such intervals hold 95 %: of few societies "
        "the largest is never far from their mean, so that all is held too often.",
        "one and others: the study's own society, plus and minus t deviations of the others "
        "(`over_societies`). mean: `mean_of_worlds`, of the worlds of a kind together or, "
        "below that, of each. What is the same in every society has no row. Shares are of all "
        "sets of a kind's three worlds; single worlds vary more.",
        f"outside: not {WANTED[0]} to {WANTED[1]} %, less what few societies add, by more than "
        "twice the error.",
    ]


def main(minutes: float) -> None:
    """Meet what the time bears, and write the table of all that is kept."""
    start = time.process_time()
    unpack()
    for name, block in order():
        for world in WORLDS:
            if time.process_time() - start < 60 * minutes:
                meet(name, world, block)
    pack()
    title = "Coverage of the intervals on first screens"
    path = write_table("first_screens.md", title, list(rows()), notes=notes())
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else np.inf)
