"""Intervals over people of an audited table: a large table is the population, samples are met.

The scorer is fitted once, on some of the borrowers of Give Me Some Credit, and stays. All others
are a population whose numbers are known, from which samples are drawn and audited.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from first_screen_known import Known

from credit_ml.datasets import give_me_some_credit_dataset
from credit_ml.fairness import audit
from credit_ml.scoring import Scorecard

#: Where the table lies; nothing is said of it where it does not.
TABLE = Path(__file__).parents[2] / "shared" / "data" / "give_me_some_credit.zip"
FITTED, SAMPLE, SAMPLES = 30_000, 5_000, 400
#: Groups of the page's first screen, held against those of 45 to 60; one in ten is refused.
GROUPS, REFERENCE, REFUSED = ("under 30", "60 and over"), "45 to 60", 0.1


def of_table() -> Iterator[Known]:
    """Yield how often intervals over people hold the population's numbers."""
    if not TABLE.exists():
        return
    random = np.random.default_rng(0)
    whole = give_me_some_credit_dataset(TABLE)
    places = random.permutation(len(whole))
    learned, people = whole.take(places[:FITTED]), whole.take(places[FITTED:])
    chance = Scorecard().fit(learned.X, learned.y).predict_proba(people.X)[:, 1]
    granted = chance >= np.quantile(chance, REFUSED)

    def audited(rows: np.ndarray) -> pd.DataFrame:
        found = audit(
            granted[rows],
            people.take(rows),
            scores=pd.Series(chance[rows]),
            sensitive="age_band",
            metrics=("refusal_rate", "mean_score"),
            reference_groups={"age_band": REFERENCE},
            intersections=False,
        ).table
        found = found[found["group"].isin(GROUPS)]
        asked = {("ratio", "refusal_rate"), ("difference", "mean_score")}
        named = pd.MultiIndex.from_frame(found[["quantity", "measure"]])
        found = found[named.isin(list(asked))]
        return found.set_index(["quantity", "measure", "group"])[["estimate", "low", "high"]]

    truth = audited(np.arange(len(people)))["estimate"]
    held = pd.Series(0, index=truth.index)
    for _ in range(SAMPLES):
        each = audited(random.integers(len(people), size=SAMPLE)).loc[truth.index]
        held += (each["low"].le(truth) & each["high"].ge(truth)).astype(int)
    for (quantity, measure, group), number in held.items():
        what = f"{quantity} of {measure}, {group}"
        yield "give_me_some_credit", what, 100 * number / SAMPLES, SAMPLES
