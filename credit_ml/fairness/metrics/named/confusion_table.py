"""What fairlearn and scikit-learn count of the 2 x 2 table, under their names, and refusals."""

from credit_ml.fairness.metrics.rate import EVERY_CELL, Rate

_KEPT, _LOST = ((1, 0), (1, 1)), ((0, 0), (0, 1))
_SELECTED, _REFUSED = ((0, 1), (1, 1)), ((0, 0), (1, 0))

#: In the order of an audit's table.
RATES = tuple(
    Rate(name=name, meaning=meaning, numerator=numerator, denominator=denominator)
    for name, meaning, numerator, denominator in (
        ("base_rate", "favourable outcome, of all", _KEPT, EVERY_CELL),
        ("selection_rate", "selected, of all", _SELECTED, EVERY_CELL),
        ("refusal_rate", "refused, of all", _REFUSED, EVERY_CELL),
        ("true_positive_rate", "selected, of those with the favourable outcome", ((1, 1),), _KEPT),
        (
            "false_positive_rate",
            "selected, of those without the favourable outcome",
            ((0, 1),),
            _LOST,
        ),
        ("precision", "favourable outcome, of the selected", ((1, 1),), _SELECTED),
        ("accuracy", "decided as it turned out, of all", ((0, 0), (1, 1)), EVERY_CELL),
        ("false_negative_rate", "refused, of those with the favourable outcome", ((1, 0),), _KEPT),
        (
            "true_negative_rate",
            "refused, of those without the favourable outcome",
            ((0, 0),),
            _LOST,
        ),
        ("false_discovery_rate", "other outcome, of the selected", ((0, 1),), _SELECTED),
        ("false_omission_rate", "favourable outcome, of the refused", ((1, 0),), _REFUSED),
        ("negative_predictive_value", "other outcome, of the refused", ((0, 0),), _REFUSED),
    )
)
