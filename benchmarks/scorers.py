"""Training and scoring a million citizens, against the plain scikit-learn calls.

Run with ``python benchmarks/scorers.py``; writes benchmarks/results/scorers.md.
"""

import gc
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from tables import write_table

from credit_ml.scoring import OpaqueScorer, Scorecard, monotone_cuts
from credit_ml.society import World

PEOPLE = 1_000_000
REPEATS = 3


def citizens() -> tuple[pd.DataFrame, np.ndarray]:
    """What the commercial agency sees of 100,000 simulated citizens, ten times over with noise."""
    from credit_ml.agencies import load_agency

    society = World(citizens=100_000, seed=1).simulate()
    X = load_agency("sesame").view(society).X
    random = np.random.default_rng(0)
    rows = random.integers(0, len(X), PEOPLE)
    wide = X.iloc[rows].reset_index(drop=True)
    for name in wide.columns:
        if wide[name].dtype == np.float32:
            wide[name] += random.normal(0, 1e-3, PEOPLE).astype("float32")
    return wide, society.outcome["kept_before"].to_numpy()[rows]


def in_turns(*works: Callable[[], object]) -> list[float]:
    """Median wall seconds of each, taken in turns so that a slow phase meets all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(REPEATS):
        for place, work in enumerate(works):
            gc.collect()
            start = time.perf_counter()
            work()
            times[place].append(time.perf_counter() - start)
    return [statistics.median(each) for each in times]


def read_once(X: pd.DataFrame) -> float:
    """Sum every column: what reading the table once costs."""
    return float(
        sum(
            (X[name].cat.codes if isinstance(X[name].dtype, pd.CategoricalDtype) else X[name])
            .to_numpy()
            .sum(dtype="float64")
            for name in X.columns
        )
    )


def main() -> None:
    """Measure and write the table."""
    X, kept = citizens()
    ours = OpaqueScorer().fit(X, kept)
    encoded = ours.encoder_.transform(X)
    plain = HistGradientBoostingClassifier(
        max_iter=60,
        learning_rate=0.1,
        max_leaf_nodes=15,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=0,
    )

    def with_scikit_learn() -> None:
        plain.fit(encoded, kept)
        plain.decision_function(encoded)

    def with_ours() -> None:
        OpaqueScorer().fit(X, kept).decision_function(X)

    boosted, alone = in_turns(with_ours, with_scikit_learn)
    card = Scorecard().fit(X[:100_000], kept[:100_000])
    scored, read = in_turns(lambda: card.decision_function(X), lambda: read_once(X))
    values = X["income"].to_numpy() if "income" in X else X.iloc[:, 0].to_numpy()
    values = values[~np.isnan(values)]
    (cut,) = in_turns(
        lambda: monotone_cuts(
            values, kept[: len(values)].astype("int8"), most=8, fewest_people=10_000, smoothing=10.0
        )
    )
    write_table(
        "scorers.md",
        f"Scorers on {PEOPLE:,} citizens and {X.shape[1]} features",
        [
            {
                "work": "OpaqueScorer, fit and score",
                "seconds": boosted,
                "against": "HistGradientBoostingClassifier on encoded features, fit and score",
                "its seconds": alone,
                "ratio": boosted / alone,
                "target": "1.2 at most",
            },
            {
                "work": "Scorecard, score",
                "seconds": scored,
                "against": "reading each column once (sum)",
                "its seconds": read,
                "ratio": scored / read,
                "target": "under 5",
            },
            {
                "work": "monotone_cuts, one feature",
                "seconds": cut,
                "against": "",
                "its seconds": None,
                "ratio": None,
                "target": "",
            },
        ],
    )


if __name__ == "__main__":
    main()
