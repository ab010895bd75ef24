"""Tables of real people: two public data sets with documented columns, and one's own."""

from credit_ml.datasets.german import GERMAN_FACTORS, german_credit, german_dataset
from credit_ml.datasets.give_me_some_credit import (
    GMSC_FACTORS,
    give_me_some_credit,
    give_me_some_credit_dataset,
)
from credit_ml.datasets.table import FORMATS, read_table

__all__ = [
    "FORMATS",
    "GERMAN_FACTORS",
    "GMSC_FACTORS",
    "german_credit",
    "german_dataset",
    "give_me_some_credit",
    "give_me_some_credit_dataset",
    "read_table",
]
