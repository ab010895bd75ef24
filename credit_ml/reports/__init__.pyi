from .exhibit_page import write_exhibits
from .explore.page import write_explore
from .page import render, write_report
from .run_comparison.compute import compare_runs
from .run_comparison.finding import RunComparison
from .templating import said
from .verdict import Check, Checked, check

__all__ = [
    "Check",
    "Checked",
    "RunComparison",
    "check",
    "compare_runs",
    "render",
    "said",
    "write_exhibits",
    "write_explore",
    "write_report",
]
