from .exhibit_page import write_exhibits
from .explore.page import write_explore
from .page import render, write_report
from .templating import said
from .verdict import Check, Checked, check

__all__ = [
    "Check",
    "Checked",
    "check",
    "render",
    "said",
    "write_exhibits",
    "write_explore",
    "write_report",
]
