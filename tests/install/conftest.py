"""What the tests of the package as a whole share."""

import importlib
import pkgutil

import pytest

import credit_ml


@pytest.fixture(scope="session")
def exported() -> dict[str, object]:
    """What stands in `__all__` of `credit_ml` and its packages: once, at its shortest place."""
    packages = [
        each.name
        for each in pkgutil.walk_packages(credit_ml.__path__, "credit_ml.")
        if each.ispkg and "._" not in each.name
    ]
    places: dict[int, tuple[str, object]] = {}
    for package in ("credit_ml", *sorted(packages, key=lambda name: (name.count("."), name))):
        module = importlib.import_module(package)
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            places.setdefault(id(thing), (f"{package}.{name}", thing))
    return dict(sorted(places.values()))
