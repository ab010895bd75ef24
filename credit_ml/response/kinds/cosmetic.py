"""Moves records, and nothing else."""

from credit_ml.response.action_kind import ActionKind

KIND = ActionKind(id="cosmetic", caveat="which changes your record, not your reliability")
