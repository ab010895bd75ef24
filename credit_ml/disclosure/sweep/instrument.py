"""What secrecy buys, over worlds, raters and answers; a study of its own asks for it."""

from credit_ml.core import Instrument
from credit_ml.disclosure.sweep.facts import elsewhere
from credit_ml.disclosure.sweep.pictures import pictures
from credit_ml.disclosure.sweep.sweep import DisclosureSweep
from credit_ml.disclosure.sweep.tables import sweep_tables

SWEEP = Instrument(
    id="disclosure_sweep",
    home=__package__,
    findings=(DisclosureSweep,),
    section="secrecy",
    tables=sweep_tables,
    overviews=pictures,
    elsewhere=elsewhere,
)
