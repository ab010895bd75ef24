from .exhibit_page import exhibit_page, write_exhibits
from .page import render, write_report
from .templating import said
from .verdict import Check, Checked, check

__all__ = [
    "Check",
    "Checked",
    "check",
    "exhibit_page",
    "render",
    "said",
    "write_exhibits",
    "write_report",
]
