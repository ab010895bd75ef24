"""Libraries that only some scorers need, imported when one of them is fitted."""

from importlib import import_module
from typing import Any

from credit_ml.core import ModelError


def needed(module: str, *, of: str, extra: str) -> Any:
    """Import a module that an extra of this package installs.

    Raises
    ------
    ModelError
        When it is not installed; says which extra to install.

    Examples
    --------
    >>> needed("json", of="Reader", extra="reading").loads("[1]")
    [1]
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        missing = (error.name or module).split(".")[0]
        remedy = f"install it: pip install 'credit-ml[{extra}]'"
        raise ModelError(of, f"needs {missing}, which is not installed", remedy) from error
