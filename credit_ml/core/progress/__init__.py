"""How far a long call is."""

from credit_ml.core.progress.bar import Progress, awaited, followed, shown_progress

__all__ = ["Progress", "awaited", "followed", "shown_progress"]
