from .converted import converted
from .german import GERMAN_FACTORS, german_credit, german_dataset
from .give_me_some_credit import GMSC_FACTORS, give_me_some_credit, give_me_some_credit_dataset
from .table import FORMATS, read_table
from .taiwan import TAIWAN_COLUMNS, TAIWAN_FACTORS, taiwan_credit, taiwan_dataset, taiwan_dictionary
from .transrisk_scores import transrisk

__all__ = [
    "FORMATS",
    "GERMAN_FACTORS",
    "GMSC_FACTORS",
    "TAIWAN_COLUMNS",
    "TAIWAN_FACTORS",
    "converted",
    "german_credit",
    "german_dataset",
    "give_me_some_credit",
    "give_me_some_credit_dataset",
    "read_table",
    "taiwan_credit",
    "taiwan_dataset",
    "taiwan_dictionary",
    "transrisk",
]
