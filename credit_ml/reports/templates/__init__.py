"""The page's templates, style and scripts, and what renders them."""

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def packaged(name: str) -> str:
    """Return the text of a template, a style or a script of the page."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def page_environment() -> "Environment":
    """Return what renders the page's templates: everything in them is escaped."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    from credit_ml.reports.templates.kept import kept_templates

    return Environment(
        loader=FunctionLoader(packaged),
        bytecode_cache=kept_templates(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
