"""How far a long call is."""

from credit_ml.core.progress.bar import awaited, followed, shown_progress
from credit_ml.core.progress.base import Progress, lasting
from credit_ml.core.progress.lines import progress_in_lines

__all__ = ["Progress", "awaited", "followed", "lasting", "progress_in_lines", "shown_progress"]
