"""Criteria of decisions, made by hand: findings that no study asks for."""

from credit_ml.core import Instrument
from credit_ml.fairness.decisions.conditional import ConditionalDisparity
from credit_ml.fairness.decisions.impact import Impact
from credit_ml.fairness.decisions.parity import Parity

CONDITIONAL = Instrument(
    id="conditional_disparity", home=__package__, findings=(ConditionalDisparity,), template=""
)
IMPACT = Instrument(id="impact", home=__package__, findings=(Impact,), template="")
PARITY = Instrument(id="parity", home=__package__, findings=(Parity,), template="")
