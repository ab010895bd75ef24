"""Two runs held against each other: made by hand and by `credit-ml compare` alone."""

from credit_ml.core import Instrument
from credit_ml.reports.run_comparison.finding import RunComparison, comparison_tables

RUN_COMPARISON = Instrument(
    id="run_comparison",
    home=__package__,
    findings=(RunComparison,),
    section="run_comparison",
    section_title="What changed between two runs",
    tables=comparison_tables,
    picture="none",
)
