"""Records moved by somebody who is paid for it (S16)."""

from credit_ml.response.action_kind import ActionKind

KIND = ActionKind(id="bought", caveat="which changes your record, not your reliability")
