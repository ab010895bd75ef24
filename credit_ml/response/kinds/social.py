"""Moves ties, and with them what friends' records say of a person."""

from credit_ml.response.action_kind import ActionKind

KIND = ActionKind(
    id="social", moves_ties=True, caveat="which changes whom you know, not your reliability"
)
