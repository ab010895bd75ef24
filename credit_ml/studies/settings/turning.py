"""At which settings a headline's meaning turns: by intervals, and not by points."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Mask
from credit_ml.inference.quantiles import Array, student


@dataclass(frozen=True)
class Turning:
    """Of every setting, whether it is on the declared side, left it, or cannot be told.

    Examples
    --------
    >>> value = np.array([2.0, 3.0, 4.0, 0.5, -4.0])
    >>> settings = pd.DataFrame({"estimate": value, "low": value - 1, "high": value + 1})
    >>> Turning.of(settings, turns=0.0, level=0.95).share()
    {'estimate': 0.25, 'low': 0.25, 'high': 0.5}
    """

    declared: Mask
    """Of the sides above and below, those on which the study as it stands may be: one of them
    where its interval is clear of the point of turning, and both where it is not."""
    kept: Mask
    """Of each of these sides, which settings are on it with their whole interval."""
    left: Mask
    """And which are not, with an interval that holds for all settings together."""
    other: Mask
    """Which have their estimate on the other side than the study as it stands."""
    sides: Mask
    """Which are above the point of turning with their whole interval, and which below it."""

    @classmethod
    def of(cls, settings: pd.DataFrame, *, turns: float, level: float, draws: int = 0) -> "Turning":
        """Hold the study as it stands, in the first row, against all settings, in the others.

        A setting that many are drawn of has no resampled societies: its interval is at least as
        wide as that of the study as it stands. That it keeps its side at every setting needs each
        interval alone; that one of many has left it needs intervals that hold together
        (Bonferroni), as some would leave by chance.

        Parameters
        ----------
        settings : DataFrame
            estimate, low and high.
        turns : float
            Where the meaning turns.
        level : float
            Of the intervals.
        draws : int
            Of how many societies, or samples, intervals are made; 0 where they count people.
        """
        value = settings["estimate"].to_numpy(dtype=float)
        down, up = (_reach(settings, end) for end in ("low", "high"))
        freedom = draws - 1.0 if draws > 1 else np.inf
        wider = _together(len(settings) - 1, freedom, level)
        above, below = value - down > turns, value + up < turns
        far_above, far_below = value - down * wider > turns, value + up * wider < turns
        clear = above[0] or below[0]
        declared = np.array([above[0], below[0]]) if clear else np.array([True, True])
        sides = np.stack([above, below])[:, 1:]
        left = np.stack([far_below, far_above])[declared][:, 1:]
        other = ((value > turns) != (value[0] > turns))[1:]
        return cls(declared, sides[declared], left, other, sides)

    @property
    def clear(self) -> bool:
        """Whether the study as it stands is on one side with its whole interval."""
        return int(self.declared.sum()) == 1

    def share(self, who: Any = slice(None)) -> dict[str, float]:
        """Share of settings that turn: by estimates, at least and at most by intervals.

        Where the study as it stands is on neither side for certain, at least so many are on
        another side than some others, and at most all that are not on one.
        """
        if not self.other[who].size:
            return dict.fromkeys(("estimate", "low", "high"), np.nan)
        least = float(self.left[:, who].mean(axis=1).min())
        most = float((~self.kept[:, who]).mean(axis=1).max())
        # An estimate on the other side of an interval that reaches both is no turn.
        return {
            "estimate": float(np.clip(self.other[who].mean(), least, most)),
            "low": least,
            "high": most,
        }


def _reach(settings: pd.DataFrame, end: str) -> Array:
    """How far an interval reaches to one side: at least as far as the first's."""
    far = np.abs(settings[end].to_numpy(dtype=float) - settings["estimate"].to_numpy(dtype=float))
    known: Array = np.where(np.isfinite(far), far, 0.0)
    least: Array = np.maximum(known, known[0])
    return least


def _together(number: int, freedom: float, level: float) -> float:
    """How many times as wide intervals are that hold for so many settings together."""
    alone = student(level, freedom)
    return float(student(1 - (1 - level) / max(number, 1), freedom) / alone)
