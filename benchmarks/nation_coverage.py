"""How often a nation's 95 % intervals hold the world's number, over its cities and its districts.

``python benchmarks/nation_coverage.py`` makes 42 nations of eight cities of 16,384 citizens in each
of six worlds, with mail between their cities, and writes benchmarks/results/nation_coverage.md and
what pages say of it (credit_ml/reports/facts.toml); eleven minutes of one processor. What was made
is kept in data/generated/nation_coverage. `interval_coverage.py` has the worlds and their raters.
"""

import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from interval_coverage import COVERED, KEPT, OTHERS, PACKAGED, world_of
from tables import write_table

from credit_ml.agencies import Rater, load_agency
from credit_ml.core import BLOCK
from credit_ml.disclosure.case import case_of
from credit_ml.disclosure.disclose import follow
from credit_ml.disclosure.measures import burden
from credit_ml.disclosure.regimes import REGIMES
from credit_ml.fairness.scores.merged import areas, histogram
from credit_ml.inference import Weighed, difference, means_of_sums, ratio, shares_of_counts
from credit_ml.inference.counts import weighed_means
from credit_ml.proxies import attribute, decompose
from credit_ml.response.options import ResponseOptions
from credit_ml.society import Society
from credit_ml.society.society import TABLES
from credit_ml.society.storage.archive import Archive
from credit_ml.society.storage.shards import city_of, without_ties, write_mail
from credit_ml.studies.nation.over import by_city

#: Nations of a world, their cities, and the districts of a city.
NATIONS, CITIES, DISTRICTS = 42, 8, 8
#: Cities of the nations that are drawn, and how many are drawn of each world.
SIZES, DRAWS = (8, 20, 60), 2_000
#: Drawn at a time where intervals count districts, and where areas are left out in turn.
AT_ONCE = 250
#: People of a city whose gap is taken apart, and who are told the rules.
TAKEN_APART, TOLD = 1_000, 200
#: Cells of the histogram of log-odds: fewer than an audit's, for there are thousands of nations.
CELLS = 512
MADE = KEPT.parent / "nation_coverage"
GROUPS = ("rural", "urban")
PAIR: dict[str, Any] = {"sensitive": "hukou", "reference_groups": "urban"}
#: What everybody adds to sums: a rate's two numbers, or a mean's value and its square.
RATES = ("selection_rate", "refusal_rate", "true_positive_rate", "accuracy")
MEANS = ("mean_score", "brier", "log_loss")

NOTES = (
    f"Packaged worlds: {', '.join(PACKAGED)}; others: {', '.join(OTHERS)}, as in coverage.md. Of "
    f"each {NATIONS} nations of {CITIES} cities of {BLOCK:,} citizens in {DISTRICTS} districts, "
    "with friends in other cities; the sesame agency's scorecard, fitted once on another society; "
    "selected: 650 points or more.",
    f"Nations of so many cities are drawn from those of a world {DRAWS:,} times, a first city and "
    "others, each city as often as chance has it; `societies` is how many cities were made, of "
    "three worlds. Truth: the number of all of them, first cities having their share. One drawn "
    f"nation in {DRAWS // AT_ONCE} is counted over districts.",
    "As made: the same intervals in the nations as they were made, where friends in other cities "
    f"are those of the nation itself. {NATIONS} nations of a world, which have the seeds of other "
    "worlds' nations and so much of their chance: a coverage of 95 % has a standard error of up to "
    "3.4 points.",
    f"Parts are those of block Shapley in {TAKEN_APART:,} people of each city; as made they are by "
    f"`decompose`, which counts who stood in for whom too. {TOLD} people of each city are told the "
    "whole model. AUC from a histogram of log-odds, without each city in turn.",
    "Over cities no interval is narrower than over people, so that of eight cities numbers which "
    "hardly differ between cities (what behaviour carries, how gaps change) are held too often.",
    "Over districts intervals hold too little where a city's standing or its friends move all of "
    "its districts at once, and too much where a district's rank, which is the same in every city, "
    "is counted as chance.",
)


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What people of each city, district and group add up to, shape (cities, districts, 2, ...)."""

    hits: np.ndarray
    """Of `RATES`, both numbers of each: (cities, districts, groups, rates, 2)."""
    moments: np.ndarray
    """Of `MEANS`: people, values, squares."""
    parts: np.ndarray
    """Of the gap's components and of points before, after and gained: the same."""
    burdens: np.ndarray
    """Of what those who keep obligations would spend: weighted sum, weight, squares, people."""
    odds: np.ndarray
    """Histogram of log-odds by outcome: (cities, 1, outcomes, cells)."""
    names: tuple[str, ...]
    """Of parts."""


def made(task: tuple[str, int]) -> None:
    """Make one nation, and keep its sums and what `decompose` says of it."""
    name, number = task
    path = MADE / f"{name}-{number:03d}.npz"
    if path.exists():
        return
    world = world_of(name, BLOCK, DISTRICTS)
    address = replace(world.address, citizens_per_city=BLOCK)
    world = replace(world, address=address, citizens=CITIES * BLOCK, seed=30_000 + number)
    rater, rows, drawn = rater_of(name), [], []
    generator = np.random.default_rng(number)
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.claim(world, Path(folder))
        for city in range(CITIES):
            write_mail(archive, city)
        for city in range(CITIES):
            society = city_of(archive, city)
            rows.append(of_everybody(rater, society))
            drawn.append(some_of([society], generator.permutation(BLOCK)[:TAKEN_APART]))
    hits, moments, odds = (np.stack(each) for each in zip(*rows, strict=True))
    people = some_of(drawn, np.arange(CITIES * TAKEN_APART))
    names, parts, held = taken_apart(rater, people, number)
    more, burdens = told(rater, people, number)
    MADE.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}")
    with part.open("wb") as file:
        sums = {"hits": hits, "moments": moments, "odds": odds, "burdens": burdens}
        sums["parts"] = np.concatenate([parts, more], axis=3)
        np.savez_compressed(file, names=[*names, *MORE], held=held, **sums)
    part.rename(path)


@cache
def rater_of(name: str) -> Rater:
    """Fit the rater on a society of its own, so that the truth is one number a world."""
    world = replace(world_of(name, BLOCK, DISTRICTS), citizens=20_000, seed=1)
    return load_agency("sesame").fit(world.simulate(), scorer="scorecard")


def some_of(societies: list[Society], rows: np.ndarray) -> Society:
    """Some people of several cities, without ties."""
    frames = {
        name: pd.concat([getattr(each, name) for each in societies], ignore_index=True)
        .iloc[rows]
        .reset_index(drop=True)
        for name in TABLES
    }
    return without_ties(societies[0].world, frames)


def of_everybody(rater: Any, society: Society) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts and moments of a city's people, and their histogram."""
    dataset = rater.agency.view(society)
    points, chance = rater.points_and_chances(dataset.X)
    chance, kept = np.asarray(chance), dataset.y.to_numpy() == 1
    decided, ones = np.asarray(points) >= 650, np.ones(len(kept))
    tops = [decided, ~decided, decided & kept, (chance > 0.5) == kept]
    pairs = np.stack([np.stack(tops, 1), np.stack([ones, ones, kept, ones], 1)], axis=2)
    likelihood = np.clip(np.where(kept, chance, 1 - chance), 1e-15, 1.0)
    values = np.stack([points, (chance - kept) ** 2, -np.log(likelihood)], axis=1)
    place = places(society)
    whole = histogram(chance, kept, np.zeros(len(kept), int), np.zeros(len(kept), int), 1)
    cells = whole[:, 0].reshape(1, 2, CELLS, -1).sum(axis=-1)
    return by_place(pairs, place)[0], moments_of(values, place)[0], cells


def taken_apart(
    rater: Any, people: Society, seed: int
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Names of the gap's components, their moments by city, and estimate, low and high of each."""
    dataset = by_city(rater.agency.view(people), people)
    shares = attribute(rater, dataset, seed=seed)
    found = decompose(shares, dataset, seed=seed, **PAIR).table
    values = np.column_stack([shares.values, shares.scores])
    held = found[["estimate", "low", "high"]].to_numpy(dtype="float64")
    return tuple(found["factor"]), moments_of(values, places(people), CITIES), held


#: Points of those who are told the rules.
MORE = ("score_gap_before", "score_gap_after", "score_gap_change")


def told(rater: Any, people: Society, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Moments of points before, after and gained, and of burdens, of some people of each city."""
    chosen = np.flatnonzero(np.arange(len(people)) % TAKEN_APART < TOLD)
    some = some_of([people], chosen)
    case = case_of(rater, rater.agency.view(some), ResponseOptions(), seed=seed)
    found, (costs, _) = follow(case, REGIMES["full"]), burden(case.problem)
    values = np.stack([found.before, found.after, found.after - found.before], axis=1)
    w, ones = np.asarray(case.creditworthy), np.ones(len(costs))
    sums = np.stack([w * costs, w, (w * costs) ** 2, w * w * costs, w * w, ones], axis=1)
    place = places(some)
    return moments_of(values, place, CITIES), by_place(sums, place, CITIES)


def places(society: Society) -> np.ndarray:
    """Each one's city, district of the city and group, as one number."""
    city = society.people["city"].to_numpy()
    district = society.people["district"].to_numpy() % DISTRICTS
    group = (society.people["hukou"] == "urban").to_numpy()
    return np.asarray(((city - city.min()) * DISTRICTS + district) * 2 + group)


def by_place(values: np.ndarray, place: np.ndarray, cities: int = 1) -> np.ndarray:
    """Sums of values by city, district and group."""
    size = cities * DISTRICTS * 2
    flat = values.reshape(len(values), -1)
    sums = [np.bincount(place, each, minlength=size) for each in flat.T]
    return np.stack(sums, axis=1).reshape(cities, DISTRICTS, 2, *values.shape[1:])


def moments_of(values: np.ndarray, place: np.ndarray, cities: int = 1) -> np.ndarray:
    """People, sums and sums of squares of values by city, district and group."""
    told = np.stack([np.ones_like(values), values, values**2], axis=2)
    return by_place(told, place, cities)


def of_world(name: str) -> tuple[Sums, np.ndarray]:
    """All cities of a world, first cities first, and what `decompose` said of each nation."""
    kept = [np.load(MADE / f"{name}-{number:03d}.npz") for number in range(NATIONS)]
    first = np.arange(NATIONS * CITIES) % CITIES == 0
    order = np.concatenate([np.flatnonzero(first), np.flatnonzero(~first)])
    keys = ("hits", "moments", "parts", "burdens", "odds")
    arrays = {key: np.concatenate([each[key] for each in kept])[order] for key in keys}
    return Sums(names=tuple(kept[0]["names"]), **arrays), np.stack([each["held"] for each in kept])


def nations(cities: int) -> np.ndarray:
    """Cities of nations that are drawn, shape (cities, draws): a first one, and others."""
    generator = np.random.default_rng(cities)
    ones = generator.integers(0, NATIONS, (1, DRAWS))
    others = generator.integers(NATIONS, NATIONS * CITIES, (cities - 1, DRAWS))
    return np.concatenate([ones, others])


def as_made() -> np.ndarray:
    """Cities of the nations as they were made, shape (cities, nations)."""
    rest = NATIONS + np.arange(NATIONS * (CITIES - 1)).reshape(NATIONS, CITIES - 1)
    return np.concatenate([np.arange(NATIONS)[np.newaxis], rest.T])


def estimates(sums: Sums, chosen: np.ndarray, over: str) -> Iterator[tuple[str, Any]]:
    """Every number of some nations, with what its interval counts; shape (nations,)."""

    def of(array: np.ndarray) -> np.ndarray:
        """Sums by cluster first, then nation, then group."""
        own = array.sum(axis=1, keepdims=True) if over == "cities" else array
        own = own[chosen].swapaxes(1, 2)
        return own.reshape(-1, *own.shape[2:])

    hits = of(sums.hits)
    rates = shares_of_counts(hits[..., 0], hits[..., 1], clustered=True)
    yield from named(rates, RATES, "gap", "ratio", "level")
    for names, array, asked in (
        (MEANS, sums.moments, ("gap", "level")),
        (sums.names, sums.parts, ("gap",)),
    ):
        people, values, squares = np.moveaxis(of(array), -1, 0)
        means = means_of_sums(values, people, squares.sum(axis=0), clustered=True)
        yield from named(means, names, *asked)
    top, weight, squares, crossed, weights, ones = np.moveaxis(of(sums.burdens), -1, 0)
    people = Weighed(weight, weights.sum(axis=0), ones.sum(axis=0))
    how: dict[str, Any] = {"clustered": True, "bounds": (0.0, np.inf)}
    spent = weighed_means(top, people, squares.sum(axis=0), crossed.sum(axis=0), **how)
    yield from named(spent[..., np.newaxis], ("social_burden",), "gap", "level")


def named(found: Any, names: tuple[str, ...], *asked: str) -> Iterator[tuple[str, Any]]:
    """Differences of both groups, ratios and their own numbers, by name."""
    rural, urban = found[:, 0], found[:, 1]
    for place, name in enumerate(names):
        one, two = rural[:, place], urban[:, place]
        yield f"gap: {name}", difference(one, two, disjoint=True)
        if "ratio" in asked:
            yield f"ratio: {name}", ratio(one, two, disjoint=True)
        for group, each in zip(GROUPS, (one, two), strict=True):
            if "level" in asked:
                yield f"level: {name}, {group}", each


def auc(sums: Sums, chosen: np.ndarray) -> Any:
    """AUC of some nations, without each city in turn."""
    return areas(sums.odds[:, 0][chosen].astype("float64"))[0]


def truth(sums: Sums, cities: int) -> Sums:
    """One nation that is like all of them: sums of a first city on average, and of others."""
    means = {
        key: array[:NATIONS].mean(axis=0, keepdims=True)
        + (cities - 1) * array[NATIONS:].mean(axis=0, keepdims=True)
        for key, array in vars(sums).items()
        if key != "names"
    }
    return Sums(names=sums.names, **means)


def holds(sums: Sums, chosen: np.ndarray, over: str, *, areas_too: bool) -> dict[str, np.ndarray]:
    """Whether each interval of some nations holds the truth, by what is measured."""
    whole, alone = truth(sums, len(chosen)), np.zeros((1, 1), int)
    found = dict(estimates(sums, chosen, over))
    true = {name: float(each.value[0]) for name, each in estimates(whole, alone, "cities")}
    if areas_too:
        found["AUC"] = auc(sums, chosen)
        true["AUC"] = float(auc(whole, alone).value[0])
    held = {}
    for name, each in found.items():
        low, high = each.interval(0.95)
        if np.ptp(each.value) > 1e-9:  # what is the same everywhere is held for certain
            held[name] = (low <= true[name]) & (true[name] <= high)
    return held


def measured(name: str) -> list[dict[str, object]]:
    """Shares of one world's nations whose intervals hold the truth."""
    rows: list[dict[str, object]] = []
    sums, parts = of_world(name)
    own = holds(sums, as_made(), "cities", areas_too=True)
    alone = dict(estimates(truth(sums, CITIES), np.zeros((1, 1), int), "cities"))
    for place, factor in enumerate(sums.names[: parts.shape[1]]):
        value = float(alone[f"gap: {factor}"].value[0])
        own[f"gap: {factor}"] = (parts[:, place, 1] <= value) & (value <= parts[:, place, 2])
    for cities in SIZES:
        drawn = nations(cities)
        some = [drawn[:, at : at + AT_ONCE] for at in range(0, DRAWS, AT_ONCE)]
        counted = [holds(sums, each, "cities", areas_too=True) for each in some]
        over = {key: np.concatenate([each[key] for each in counted]) for key in counted[0]}
        before = holds(sums, some[0], "districts", areas_too=False)
        for what, held in over.items():
            rows.append(
                {
                    "cities": cities,
                    "worlds": "packaged" if name in PACKAGED else "others",
                    "what": what,
                    "over districts": before.get(what, np.array([np.nan])).mean(),
                    "over cities": held.mean(),
                    "as made": own[what].mean() if cities == CITIES and what in own else np.nan,
                }
            )
    return rows


def main(workers: int) -> None:
    """Make all nations, and write both files."""
    start = time.perf_counter()
    worlds = (*PACKAGED, *OTHERS)
    tasks = [(name, number) for name in worlds for number in range(NATIONS)]
    with Pool(workers) as pool:
        for done, _ in enumerate(pool.imap_unordered(made, tasks), 1):
            if done % NATIONS == 0:
                print(f"{done} of {len(tasks)}, {time.perf_counter() - start:.0f} s", flush=True)
        found = pd.DataFrame(list(chain.from_iterable(pool.map(measured, worlds))))
    means = found.groupby(["cities", "worlds", "what"], sort=False).mean().reset_index()
    rows = [
        {**row, **{key: percent(row[key]) for key in SHARES}, "societies": 3 * NATIONS * CITIES}
        for row in means.to_dict("records")
    ]
    title = "Coverage of 95 % intervals over the cities of a nation"
    print(write_table("nation_coverage.md", title, rows, notes=NOTES).read_text("utf-8"))
    few = means["cities"] == CITIES
    write_covered("few_cities", means["over cities"][few])
    write_covered("cities", means["over cities"][~few])


SHARES = ("over districts", "over cities", "as made")


def percent(share: float) -> str:
    return "none" if np.isnan(share) else f"{100 * share:.1f} %"


def write_covered(key: str, shares: pd.Series) -> None:
    """Write the smallest and the largest share, as pages print them."""
    text = COVERED.read_text(encoding="utf-8")
    ends = f"{key} = [{100 * shares.min():.1f}, {100 * shares.max():.1f}]"
    COVERED.write_text(re.sub(rf"(?m)^{key} = .*$", ends, text), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
