"""How far a long call is."""

from credit_ml.core.progress.bar import Progress, followed, shown_progress

__all__ = ["Progress", "followed", "shown_progress"]
