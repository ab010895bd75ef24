"""Intervals over the districts of one society: by how much another score, as good, moves a gap.

A search chooses the score on people of one half, and measures it on others, who had no part in it.
So both scores are given here, and what is met is whether the interval of the change, which counts
districts of one society, holds the mean change over societies of its world.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from first_screen_known import Known
from first_screen_numbers import rater_of
from interval_coverage import OTHERS, PACKAGED, world_of

from credit_ml.inference import comparisons_of
from credit_ml.proxies.interventions.candidates import HeldOutPart

#: Those who measure in the study of proxies: a quarter of 20,000, in 40 districts.
PEOPLE, DISTRICTS = 5_000, 40
SOCIETIES, FIRST_SEED = 168, 20_000
#: Favoured by either score.
SHARE = 0.5


def of_districts() -> Iterator[Known]:
    """Yield how often intervals over districts hold a world's number, for each kind of worlds."""
    for kind, worlds in (("packaged", PACKAGED), ("others", OTHERS)):
        held = [each for world in worlds for each in _held(world)]
        what = f"selection_gap, another score, over districts, {kind}"
        yield "proxies", what, 100 * float(np.mean(held)), len(held)


def _held(world: str) -> np.ndarray:
    found = np.array([_change(world, FIRST_SEED + place) for place in range(SOCIETIES)])
    middle, low, high = found.T
    return (low <= middle.mean()) & (high >= middle.mean())


def _change(world: str, seed: int) -> tuple[float, float, float]:
    """The change of the gap between two scores in one society, with its ends."""
    society = replace(world_of(world, PEOPLE, DISTRICTS), seed=seed).simulate()
    gaps = []
    for scorer in ("opaque", "scorecard"):
        rater = rater_of("sesame", scorer, world, 4 * PEOPLE, DISTRICTS)
        view = rater.agency.view(society)
        pair = next(iter(comparisons_of(view, "hukou", {"hukou": "urban"}, needed=True)))
        common = {"by": "selection_gap", "share": SHARE, "over": "auto", "level": 0.95}
        part = HeldOutPart(name="test", rows=np.arange(len(view)), dataset=view, **common)
        gaps.append(part.measured(rater.log_odds(view.X), pair)["selection_gap"])
    change = gaps[1] - gaps[0]
    return (float(change), *map(float, change.interval()))
