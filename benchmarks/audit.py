"""An audit with intervals against fairlearn's MetricFrame without any.

Run with ``python benchmarks/audit.py``; writes benchmarks/results/audit.md.
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

from credit_ml.core import Dataset
from credit_ml.fairness import Tally, audit

PEOPLE = 1_000_000
FEATURES = {
    "hukou": ("urban", "rural"),
    "gender": ("man", "woman"),
    "age_band": ("18-29", "30-44", "45-59", "60+"),
}
METRICS = {
    "selection_rate": fairlearn.selection_rate,
    "true_positive_rate": fairlearn.true_positive_rate,
    "false_positive_rate": fairlearn.false_positive_rate,
    "precision": sklearn.precision_score,
    "accuracy": sklearn.accuracy_score,
}


def people() -> tuple[Dataset, np.ndarray]:
    """Make a table of people with outcomes, and decisions about them."""
    random = np.random.default_rng(0)
    sensitive = pd.DataFrame(
        {
            name: pd.Categorical.from_codes(random.integers(0, len(groups), PEOPLE), groups)
            for name, groups in FEATURES.items()
        }
    )
    score = random.normal(600, 50, PEOPLE).astype("float32")
    kept = (score + random.normal(0, 50, PEOPLE) > 580).astype("int8")
    dataset = Dataset(
        X=pd.DataFrame({"score": score}),
        y=pd.Series(kept),
        sensitive=sensitive,
        factors={"score": ("score",)},
        context=pd.DataFrame(index=sensitive.index),
    )
    return dataset, score >= 610


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Median wall time of some repeats, after one to warm up."""
    times = []
    for repeat in range(repeats + (repeats > 1)):
        gc.collect()
        start = time.perf_counter()
        work()
        if repeat or repeats == 1:
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    dataset, decisions = people()

    def theirs(names: list[str]) -> None:
        fairlearn.MetricFrame(
            metrics=METRICS,
            y_true=dataset.y,
            y_pred=decisions.astype("int8"),
            sensitive_features=dataset.sensitive[names],
        ).by_group.to_numpy()

    def ours() -> None:
        audit(decisions, dataset, metrics=list(METRICS))

    every = ", ".join(FEATURES)
    measured = {
        ("Tally.of", every, "none"): seconds(
            lambda: Tally.of(decisions, dataset.sensitive, y=dataset.y), 9
        ),
        ("audit", "overall, 3 features, 3 pairs, all", "closed form"): seconds(ours, 9),
        ("fairlearn MetricFrame", "hukou", "none"): seconds(lambda: theirs(["hukou"]), 1),
        ("fairlearn MetricFrame", every, "none"): seconds(lambda: theirs(list(FEATURES)), 1),
    }
    audited = list(measured.values())[1]
    rows = [
        {
            **dict(zip(("what", "by", "intervals"), key, strict=True)),
            "seconds": taken,
            "times as long as audit": taken / audited,
        }
        for key, taken in measured.items()
    ]
    path = write_table(
        "audit.md",
        "Audit of 1,000,000 people, 3 sensitive features, 5 metrics",
        rows,
        notes=[
            "Same process, same rows. Median of 9 runs after one to warm up; fairlearn once.",
            "audit also writes differences, ratios, their intervals and the four-fifths table.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
