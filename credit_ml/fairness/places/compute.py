"""Mean scores of districts, in the order of what people earn there."""

from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Array, Dataset, InputError, conform
from credit_ml.fairness.checks import aligned
from credit_ml.fairness.places.finding import ScoreMap
from credit_ml.inference import People, checked_level, difference
from credit_ml.inference.order import weighted_quantile

#: People of a district below which it has no mean of its own, and districts that make fifths.
FEWEST, FIFTHS = 2, 5


def score_map(
    scores: pd.Series,
    dataset: Dataset,
    district: pd.Series,
    income: pd.Series,
    *,
    rater: str = "",
    intervals: float = 0.95,
) -> ScoreMap:
    """Return the mean score of every district, from the poorest to the richest.

    A district is as poor as the median income of those who live in it. Its interval counts them; of
    a fifth of the districts, the clusters that the dataset names. Where people have weights, means
    and medians are of those whom the rows stand for.

    Cost: one pass for each district.

    Parameters
    ----------
    scores : Series
        Points, one a person.
    dataset : Dataset
        The people.
    district, income : Series
        Where each one lives, and what each one earns, one a person.
    rater : str
        Whose scores they are.
    intervals : float
        Level.

    Raises
    ------
    TableError
        When scores, districts or incomes are not one a person.
    InputError
        When the level cannot be used, or there is only one district with two people or more.

    Examples
    --------
    >>> frame = pd.DataFrame({"points": [600.0, 610, 640, 660], "home": [7, 7, 3, 3],
    ...                       "income": [2, 3, 8, 9]})
    >>> data = Dataset.from_frame(frame, target=None, sensitive=[])
    >>> found = score_map(frame["points"], data, frame["home"], frame["income"])
    >>> found.districts[["place", "estimate", "people"]].to_numpy().tolist()
    [[1.0, 605.0, 2.0], [2.0, 650.0, 2.0]]
    """
    level = checked_level(intervals)
    points = aligned(scores, "scores", dataset.X.index).astype(float)
    homes = pd.Series(aligned(district, "district", dataset.X.index))
    earned = pd.Series(aligned(income, "income", dataset.X.index))
    everybody = People.of(dataset)
    alone = People(len(dataset), weights=everybody.weights)
    order = _from_poorest(homes, earned, everybody.relative)
    several, remedy = len(order) > 1, "give people of several districts"
    InputError.unless(several, "district", f"tells {len(order)} apart", remedy)
    place = homes.map({home: number for number, home in enumerate(order, start=1)})
    places = place.fillna(0).to_numpy(dtype=int)
    rows = [{"measure": "mean_score", "place": 0} | everybody.mean(points).facts(level)]
    rows += _fifths(points, places, len(order), everybody, level)
    for number in range(1, len(order) + 1):
        mean = alone.mean(points, places == number)
        rows.append({"measure": "mean_score", "place": number} | mean.facts(level))
    return ScoreMap(
        table=conform(rows).drop(columns="reason"),
        title="Where in the city people score high",
        parameters={"rater": rater, "districts": len(order), "intervals": level},
        notes=(
            "A district is as poor as the median income of those who live in it; its interval "
            "counts them, and that of a fifth of the districts counts districts.",
        ),
    )


def _from_poorest(homes: pd.Series, income: pd.Series, weights: Any) -> list[Any]:
    """Districts in order; of equals the one with the smaller name first."""
    counted = np.ones(len(homes), dtype=bool) if weights is None else weights > 0
    told = pd.DataFrame({"home": homes, "income": income})[counted]
    each = told.groupby("home", observed=True)["income"]
    if weights is None:
        medians = each.median()
    else:
        of = pd.Series(weights, index=homes.index)
        middle = {
            home: weighted_quantile(own.to_numpy(float), 0.5, of[own.index].to_numpy(np.float64))
            for home, own in each
        }
        medians = pd.Series(middle, dtype=float).rename_axis("home")
    medians = medians[each.size().reindex(medians.index) >= FEWEST].sort_index()
    return list(medians.sort_values(kind="stable").index)


def _fifths(
    points: Array, places: np.ndarray, districts: int, people: People, level: float
) -> list[dict[str, Any]]:
    """Rows of the poorest and the richest fifth of the districts, and of how far they are apart."""
    each = max(1, round(districts / FIFTHS))
    poor = people.mean(points, (places > 0) & (places <= each))
    rich = people.mean(points, places > districts - each)
    apart = difference(rich, poor)
    named = (("poorest_fifth", poor), ("richest_fifth", rich), ("richest_less_poorest", apart))
    return [{"measure": name, "place": 0} | found.facts(level) for name, found in named]
