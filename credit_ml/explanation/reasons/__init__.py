"""Reasons for one person's score, each held against the model before it is said."""

from credit_ml.explanation.reasons.compute import Reasons, reasons_for
from credit_ml.explanation.reasons.sentence import as_score, digits_apart, readable, reason_sentence

__all__ = ["Reasons", "as_score", "digits_apart", "readable", "reason_sentence", "reasons_for"]
