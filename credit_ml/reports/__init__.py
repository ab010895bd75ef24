"""One self-contained page that says in words, figures and tables what a study found."""

from credit_ml.core import RaterResults, StudyResults
from credit_ml.reports.page import render, write_report
from credit_ml.reports.templating import said
from credit_ml.reports.verdict import Check, Checked, check

__all__ = [
    "Check",
    "Checked",
    "RaterResults",
    "StudyResults",
    "check",
    "render",
    "said",
    "write_report",
]
