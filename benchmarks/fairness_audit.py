"""Intervals of group metrics beside fairlearn's own bootstrap, and ten million people.

Run with ``python benchmarks/fairness_audit.py``; writes benchmarks/results/fairness_audit.md.
"""

import gc
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from fairlearn import metrics as fairlearn
from sklearn import metrics as sklearn
from tables import write_table

from credit_ml.fairness import METRICS, Tally, audit_tally

MANY, FEW = 10_000_000, 100_000
REPLICATES, THEIR_REPLICATES, DISTRICTS = 1000, 3, 2000
#: Ten million people: 2 x 2 x 4 groups. A hundred thousand: 2 x 4 x 5, fairlearn's 40 cells.
LARGE = {"hukou": 2, "gender": 2, "age_band": 4}
SMALL = {"gender": 2, "age_band": 4, "region": 5}
TWELVE = [metric for metric in METRICS if metric != "count"]
THEIRS = {
    "selection_rate": fairlearn.selection_rate,
    "true_positive_rate": fairlearn.true_positive_rate,
    "false_positive_rate": fairlearn.false_positive_rate,
    "precision": sklearn.precision_score,
    "accuracy": sklearn.accuracy_score,
}

People = tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def people(number: int, levels: dict[str, int]) -> People:
    """Make sensitive features, decisions, outcomes, scores and districts."""
    random = np.random.default_rng(0)
    sensitive = pd.DataFrame(
        {
            name: pd.Categorical.from_codes(
                random.integers(0, count, number, dtype="int8"),
                [f"{name} {n}" for n in range(count)],
            )
            for name, count in levels.items()
        }
    )
    scores = random.normal(600, 50, number).astype("float32")
    kept = scores + random.normal(0, 50, number).astype("float32") > 580
    districts = random.integers(0, DISTRICTS, number, dtype="int16")
    return sensitive, scores >= 610, kept, scores, districts


def seconds(work: Callable[[], object], repeats: int = 5) -> tuple[float, float]:
    """Median wall time and processor time of some repeats, after one to warm up."""
    wall, processor = [], []
    for repeat in range(repeats + (repeats > 1)):
        gc.collect()
        start, started = time.perf_counter(), time.process_time()
        work()
        if repeat or repeats == 1:
            wall.append(time.perf_counter() - start)
            processor.append(time.process_time() - started)
    return statistics.median(wall), statistics.median(processor)


def many() -> list[dict[str, object]]:
    """Time the tally and the audit of ten million people."""
    sensitive, decisions, kept, scores, districts = people(MANY, LARGE)
    tallies = {
        "Tally.of": {},
        "Tally.of, with scores": {"scores": scores},
        f"Tally.of, with {DISTRICTS:,} districts": {"clusters": districts},
    }
    rows = []
    for name, options in tallies.items():
        wall, processor = seconds(lambda o=options: Tally.of(decisions, sensitive, y=kept, **o), 3)
        pace = f"{60 * MANY / processor / 1e6:,.0f} million rows a minute of one core"
        rows.append(_row(name, MANY, "none", wall, processor, pace))
    scored = Tally.of(decisions, sensitive, y=kept, scores=scores)
    apart = Tally.of(decisions, sensitive, y=kept, scores=scores, clusters=districts)
    for name, tally in (("over people", scored), (f"over {DISTRICTS:,} districts", apart)):
        wall, processor = seconds(lambda t=tally: audit_tally(t, metrics=TWELVE))
        what = f"audit_tally, {len(TWELVE)} metrics, {name}"
        rows.append(_row(what, MANY, "closed form", wall, processor, "after tallying"))
    return rows


def beside() -> list[dict[str, object]]:
    """Time the same intervals of the same rows by fairlearn."""
    sensitive, decisions, kept, _, _ = people(FEW, SMALL)
    y, selected = kept.astype("int8"), decisions.astype("int8")

    def ours() -> None:
        tally = Tally.of(decisions, sensitive, y=kept)
        audit_tally(tally, metrics=list(THEIRS))

    def theirs() -> object:
        return fairlearn.MetricFrame(
            metrics=THEIRS,
            y_true=y,
            y_pred=selected,
            sensitive_features=sensitive,
            n_boot=THEIR_REPLICATES,
            ci_quantiles=[0.025, 0.975],
            random_state=0,
        ).by_group_ci

    wall, processor = seconds(ours)
    slow, slow_processor = seconds(theirs, 1)
    each = slow_processor / (THEIR_REPLICATES + 1)
    ratio = each * REPLICATES / processor
    return [
        _row(
            "Tally.of and audit_tally, 5 metrics, 40 cells and all coarser groups",
            FEW,
            "closed form",
            wall,
            processor,
            "tally included",
        ),
        _row(
            "fairlearn MetricFrame, 5 metrics, 40 cells",
            FEW,
            f"{THEIR_REPLICATES} replicates",
            slow,
            slow_processor,
            f"{each:.2f} s a replicate: {ratio:,.0f} times ours, for {REPLICATES:,} replicates",
        ),
    ]


def _row(what: str, number: int, intervals: object, wall: float, processor: float, note: str):
    return {
        "what": what,
        "rows": f"{number:,}",
        "intervals": intervals,
        "seconds": wall,
        "processor seconds": processor,
        "": note,
    }


def main() -> None:
    path = write_table(
        "fairness_audit.md",
        "Intervals of group metrics: ten million people, and beside fairlearn's bootstrap",
        many() + beside(),
        notes=[
            "Same process, one thread. Median of 3 tallies and 5 audits after one to warm up; "
            "fairlearn once, its time divided by its replicates and one pass over the data.",
            "The audit of 3 features holds 7 groupings (everybody, 3 features, 3 pairs, all), "
            "with differences, ratios, largest differences and four fifths.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
