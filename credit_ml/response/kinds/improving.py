"""Moves records, and the true chance of keeping an obligation with them."""

from credit_ml.response.action_kind import ActionKind

KIND = ActionKind(id="improving", improves=True)
