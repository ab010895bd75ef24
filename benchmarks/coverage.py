"""How often intervals cover the truth, over 1,000 simulated audits.

Run with ``python benchmarks/coverage.py``; writes benchmarks/results/coverage.md. A validation run,
not a timing: ``python benchmarks/coverage.py 100`` tries it on fewer societies and writes nothing.
"""

import multiprocessing
import sys
import time

import numpy as np
import pandas as pd
from scipy import stats
from tables import write_table

import credit_ml as cm
from credit_ml.agencies import Rater
from credit_ml.core import Dataset
from credit_ml.fairness import audit
from credit_ml.proxies import attribute, decompose
from credit_ml.society import World
from credit_ml.society.mechanisms.place import Address

SOCIETIES, CITIZENS, DISTRICT = 1000, 4000, 50
#: Societies whose spread makes an interval over societies.
OTHERS = 40
ADDRESS = Address(people_per_district=DISTRICT)
REFERENCES = {"hukou": "urban", "gender": "man"}
METRICS = {
    "selection_rate": "selection rate",
    "true_positive_rate": "true positive rate",
    "mean_score": "mean score",
}


def fitted() -> Rater:
    """Make the rater, from a society of its own, so that the truth is one number a row."""
    society = World(citizens=50_000, seed=1, address=ADDRESS).simulate()
    return cm.load_agency("sesame").fit(society)


RATER = None


def measured(seed: int) -> pd.DataFrame:
    """Every estimate of one society, with its intervals over people and over clusters."""
    global RATER
    RATER = RATER or fitted()
    society = World(citizens=CITIZENS, seed=seed, address=ADDRESS).simulate()
    dataset = RATER.agency.view(society)
    found = attribute(RATER, dataset, seed=seed)
    rows = audited(dataset, found.scores)
    for sensitive, reference in REFERENCES.items():
        for over in ("people", "clusters"):
            table = decompose(
                found, dataset, sensitive=sensitive, reference_groups=reference, over=over
            ).table
            for row in table[table["quantity"] == "component"].itertuples():
                what, groups = f"block Shapley: {row.factor}", f"{row.group} - {reference}"
                rows.append((what, groups, over, row.estimate, row.low, row.high))
    return pd.DataFrame(rows, columns=["what", "groups", "over", "estimate", "low", "high"])


def audited(dataset: Dataset, scores: np.ndarray) -> list[tuple]:
    """Differences between groups, over people and over clusters."""
    rows = []
    for over in ("people", "clusters"):
        table = audit(
            scores >= 650, dataset, scores=scores, sensitive=list(REFERENCES),
            metrics=list(METRICS), reference_groups=REFERENCES, intersections=False,
            over=over,
        ).table  # fmt: skip
        for row in table[table["quantity"] == "difference"].itertuples():
            groups = f"{row.group} - {row.reference_group}"
            name = f"gap in {METRICS[row.measure]}"
            rows.append((name, groups, over, row.estimate, row.low, row.high))
    return rows


def over_others(people: pd.DataFrame) -> pd.DataFrame:
    """Intervals of every society from the spread of the next ones: other societies."""
    parts = []
    for _, rows in people.groupby(["what", "groups"], sort=False):
        values = rows["estimate"].to_numpy()
        places = (np.arange(len(values))[:, np.newaxis] + np.arange(1, OTHERS + 1)) % len(values)
        half = stats.t.ppf(0.975, OTHERS - 1) * values[places].std(axis=1, ddof=1)
        parts.append(rows.assign(over="societies", low=values - half, high=values + half))
    return pd.concat(parts)


def covered(table: pd.DataFrame) -> list[dict[str, object]]:
    """Share of societies whose interval holds the mean over all of them, and relative widths."""
    table["truth"] = table.groupby(["what", "groups"])["estimate"].transform("mean")
    table["covers"] = (table["low"] <= table["truth"]) & (table["truth"] <= table["high"])
    table["width"] = table["high"] - table["low"]
    rows = []
    for (what, groups), part in table.groupby(["what", "groups"], sort=False):
        by = part.groupby("over")
        shares, widths = by["covers"].mean(), by["width"].mean()
        rows.append({
            "what": what, "groups": groups, "truth": float(part["truth"].iloc[0]),
            **{f"over {over}": f"{100 * shares[over]:.1f} %"
               for over in ("people", "clusters", "societies")},
            "width, clusters / people": float(widths["clusters"] / widths["people"]),
        })  # fmt: skip
    return rows


def main(societies: int) -> None:
    start = time.perf_counter()
    with multiprocessing.Pool(2) as pool:
        parts = pool.map(measured, range(10_000, 10_000 + societies), chunksize=10)
    table = pd.concat(parts)
    table = pd.concat([table, over_others(table[table["over"] == "people"])])
    rows = covered(table.reset_index(drop=True))
    if societies < SOCIETIES:
        print(pd.DataFrame(rows).to_string())
        return
    path = write_table(
        "coverage.md",
        f"Coverage of 95 % intervals over {societies:,} simulated societies",
        rows,
        notes=[
            f"{CITIZENS:,} citizens in {CITIZENS // DISTRICT} districts of about {DISTRICT}; "
            "the sesame agency's rater, fitted once on another society of 50,000; selected: "
            "650 points or more.",
            "Truth: the mean over these societies. A coverage of 95 % measured so has a standard "
            "error of 0.7 points.",
            f"Over societies: `over_societies`, here with {OTHERS} others; what "
            "`resample_societies` and studies of a simulated world report, with 20. Over "
            "clusters: the default of one table that names a cluster. Over people: of a table that "
            "names none; everybody is taken as independent.",
            "Where clusters miss, for rural - urban: friends in other districts carry "
            "shocks into relationships (too low), and a district's rank is the same in "
            "every society, which clusters count as chance, so what hangs on the address "
            "alone is covered too often. Seen in 160 societies each: with every tie inside "
            "a district the spread over the standard error of relationships falls from 1.23 "
            "to 0.91; with no gradient between districts that of personal rises to 1.00 "
            "(from 0.87 in 300).",
            f"Took {(time.perf_counter() - start) / 60:.0f} minutes with 2 processes.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SOCIETIES)
