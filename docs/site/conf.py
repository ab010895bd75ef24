"""Sphinx's settings: `assemble.py` has put the pages together before."""

import os
import re
import sys
from pathlib import Path

import credit_ml

# `reachable` stands beside this file.
sys.path.insert(0, str(Path(__file__).parent))

# Notebooks show their figures; with a backend of files they would not.
os.environ.pop("MPLBACKEND", None)

project = "credit_ml"
author = "The credit_ml developers"
copyright = f"2026, {author}"  # noqa: A001 - Sphinx's own name
version = release = credit_ml.__version__

extensions = ["myst_nb", "numpydoc", "sphinx.ext.autodoc", "sphinx_design", "reachable"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
root_doc = "index"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

# Executed once, here; tests hold notebooks to their form alone.
nb_execution_mode = "force"
# Seconds of the clock, not of the processor: a busy machine takes its time.
nb_execution_timeout = 1800
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_merge_streams = True
# Nothing is asked of the network.
nb_ipywidgets_js = {}

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_preserve_defaults = True
numpydoc_show_class_members = False
python_display_short_literal_types = True
add_module_names = False
# Each page has an overview of its names; in the sidebar's tree they would be copied for every page.
toc_object_entries = False

html_theme = "furo"
html_title = "credit_ml"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["reach.js"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#00507a", "color-brand-content": "#00507a"},
    "dark_css_variables": {"color-brand-primary": "#7cc4f0", "color-brand-content": "#7cc4f0"},
}


def setup(app: object) -> None:
    """Leave out what scikit-learn adds to every estimator, and heads of tables that say nothing."""
    app.connect("autodoc-skip-member", _of_routing)  # type: ignore[attr-defined]
    app.connect("html-page-context", _no_empty_heads)  # type: ignore[attr-defined]


def _of_routing(app: object, what: str, name: str, *others: object) -> bool | None:
    # Their words lead into its own manual.
    return True if re.fullmatch(r"set_\w+_request|get_metadata_routing", name) else None


def _no_empty_heads(
    app: object, page: str, template: str, context: dict[str, str], *_: object
) -> None:
    """Make the corner of a table of pandas a cell: a screen reader would name a column nothing."""
    if "body" in context:
        context["body"] = context["body"].replace("<th></th>", "<td></td>")
