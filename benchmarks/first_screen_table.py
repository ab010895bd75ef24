"""Intervals over people of an audited table: a large table is the population, samples are met.

The scorer is fitted once, on some of the borrowers of Give Me Some Credit, and stays. All others
are a population whose numbers are known, from which samples are drawn and audited: large ones of
everybody, and small ones with as many people in both groups as German credit has.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from first_screen_known import Known

from credit_ml.core import Array, Dataset
from credit_ml.datasets import give_me_some_credit_dataset
from credit_ml.disclosure import disclose
from credit_ml.fairness import audit
from credit_ml.proxies import decompose
from credit_ml.response import Aim, ResponseOptions
from credit_ml.response.menu import menu_of
from credit_ml.scoring import Scorecard

#: Where the table lies; nothing is said of it where it does not.
TABLE = Path(__file__).parents[2] / "shared" / "data" / "give_me_some_credit.zip"
MENU = Path("experiments") / "own_data" / "give_me_some_credit_menu.toml"
FITTED, SAMPLE, SAMPLES = 30_000, 5_000, 1_000
#: Groups of the page's first screen, held against those of 45 to 60; one in ten is refused.
GROUPS, REFERENCE, REFUSED = ("under 30", "60 and over"), "45 to 60", 0.1
#: As many as German credit has under 26, and others, drawn from the young and their reference.
AS_GERMAN = {GROUPS[0]: 190, REFERENCE: 810}
#: What passing is worth, as the page assumes it.
WORTH = 0.05
OF = {"sensitive": "age_band", "reference_groups": {"age_band": REFERENCE}}


@dataclass(frozen=True)
class Audited:
    """A scorer that was fitted once, and the people of whom samples are drawn."""

    model: Scorecard
    people: Dataset
    chance: Array
    threshold: float

    @classmethod
    def of(cls, whole: Dataset, random: np.random.Generator) -> "Audited":
        """Fit on some borrowers; the others are the population."""
        places = random.permutation(len(whole))
        learned, people = whole.take(places[:FITTED]), whole.take(places[FITTED:])
        model = Scorecard().fit(learned.X, learned.y)
        chance = model.predict_proba(people.X)[:, 1]
        return cls(model, people, chance, float(np.quantile(chance, REFUSED)))

    def found(self, rows: np.ndarray, groups: Sequence[str] = GROUPS) -> pd.DataFrame:
        """What the page's first screen says of some people, by what it says, with its ends."""
        people = self.people.take(rows)
        asked = (
            *(("ratio", "refusal_rate", group) for group in groups),
            *(("difference", "mean_score", group) for group in groups),
        )
        table = pd.concat([self._gaps(people, rows), self._parts(people), self._told(people)])
        named = table.assign(
            what=table["quantity"] + " of " + table["measure"] + ", " + table["group"]
        ).set_index("what")[["estimate", "low", "high"]]
        first = [f"{quantity} of {measure}, {group}" for quantity, measure, group in asked]
        own = (GROUPS[0], REFERENCE)
        rest = [f"part of use, {GROUPS[0]}", f"change when told of score_gap, {GROUPS[0]}"]
        rest += [f"least price of passing, {group}" for group in own]
        rest += [f"value of base_rate, {group}" for group in own]
        # Of all of a sample in which groups are as many as was asked nothing is known.
        rest += ["beyond any price of passing, all"] if groups == GROUPS else []
        return named.loc[[*first, *rest]]

    def _gaps(self, people: Dataset, rows: np.ndarray) -> pd.DataFrame:
        chance = self.chance[rows]
        return audit(
            chance >= self.threshold,
            people,
            scores=pd.Series(chance),
            metrics=("refusal_rate", "mean_score", "base_rate"),
            intersections=False,
            **OF,
        ).table

    def _parts(self, people: Dataset) -> pd.DataFrame:
        table = decompose(self.model, people, over="people", **OF).table
        return table[table["factor"] == "use"].assign(quantity="part", measure="use")

    def _told(self, people: Dataset) -> pd.DataFrame:
        aim = Aim(id="line", name="passes", threshold=self.threshold, value=WORTH)
        response = ResponseOptions(menu=menu_of(MENU), privileges=[aim], income=None)
        table = disclose(
            self.model, people, regimes=["full"], response=response, people=None, seed=0, **OF
        ).table
        table = table[table["regime"] == "full"]
        gap = table[table["measure"] == "score_gap_change"]
        paid = table[(table["measure"] == "social_burden") & (table["quantity"] == "value")]
        beyond = table[(table["measure"] == "out_of_reach") & (table["group"] == "all")]
        return pd.concat(
            [
                beyond.assign(quantity="beyond any price", measure="passing"),
                gap.assign(quantity="change when told", measure="score_gap"),
                paid.assign(quantity="least price", measure="passing"),
            ]
        )


def of_table() -> Iterator[Known]:
    """Yield how often intervals over people hold the population's numbers."""
    if not TABLE.exists():
        return
    random = np.random.default_rng(0)
    audited = Audited.of(give_me_some_credit_dataset(TABLE), random)
    number = len(audited.people)
    band = audited.people.sensitive["age_band"].to_numpy()
    of_group = {group: np.flatnonzero(band == group) for group in AS_GERMAN}

    def of_everybody() -> np.ndarray:
        return random.integers(number, size=SAMPLE)

    def as_german() -> np.ndarray:
        parts = (random.choice(of_group[group], size) for group, size in AS_GERMAN.items())
        return np.concatenate(list(parts))

    truth = audited.found(np.arange(number))["estimate"]
    for name, draw, groups in (
        ("give_me_some_credit", of_everybody, GROUPS),
        ("german_credit", as_german, GROUPS[:1]),
    ):
        for what, share in _held(audited, truth, draw, groups).items():
            yield name, str(what), share, SAMPLES


def _held(
    audited: Audited, truth: pd.Series, draw: Callable[[], np.ndarray], groups: Sequence[str]
) -> pd.Series:
    """Percent of samples whose intervals hold each number."""
    held = []
    for _ in range(SAMPLES):
        each = audited.found(draw(), groups)
        known = truth[each.index]
        held.append(each["low"].le(known) & each["high"].ge(known))
    return 100 * pd.concat(held).groupby(level=0, sort=False).mean()
