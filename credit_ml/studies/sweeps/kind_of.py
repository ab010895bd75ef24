"""Kinds of study, all in one form of file, and which one a file is."""

from collections.abc import Mapping
from typing import Any

from credit_ml.studies.study import Study
from credit_ml.studies.sweeps.disclosure import SweepStudy
from credit_ml.studies.sweeps.leaderboard import LeaderboardStudy
from credit_ml.studies.sweeps.resumable import ResumableStudy

#: All kinds; a file is of the one that knows most of its keys, in doubt of the first.
KINDS: tuple[type[Study] | type[ResumableStudy], ...] = (Study, LeaderboardStudy, SweepStudy)


def kind_of(given: Mapping[str, Any]) -> type[Study] | type[ResumableStudy]:
    """Return the kind of study that nested plain values are."""
    return max(KINDS, key=lambda kind: len(given.keys() & kind.keys()))
