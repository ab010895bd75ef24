"""What `import credit_ml` and `credit-ml --help` must not load."""

import importlib
import inspect
import subprocess
import sys

import pytest

import credit_ml

HEAVY = (
    "fairlearn",
    "joblib",
    "matplotlib",
    "mlflow",
    "numba",
    "pandas",
    "scipy",
    "shap",
    "sklearn",
)


def loaded_after(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after `code`."""
    report = "import sys; print('\\n'.join({name.partition('.')[0] for name in sys.modules}))"
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded_after("import credit_ml").isdisjoint(HEAVY)


def test_asking_the_command_line_for_help_loads_nothing_heavy() -> None:
    ask = (
        "import sys\n"
        "from credit_ml.cli import main\n"
        "sys.argv = ['credit-ml', '--help']\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
    )
    assert loaded_after(ask).isdisjoint(HEAVY)


def test_tables_of_people_need_pandas_alone() -> None:
    loaded = loaded_after("import credit_ml; credit_ml.Dataset; credit_ml.core.InputError")
    assert "pandas" in loaded
    assert loaded.isdisjoint(set(HEAVY) - {"pandas"})


def test_no_module_loads_figures_explainers_or_tracking_before_they_are_used() -> None:
    # The canvas is one of matplotlib's own kind, and imported where a figure is written.
    every_module = (
        "import importlib, pkgutil, credit_ml\n"
        "for module in pkgutil.walk_packages(credit_ml.__path__, 'credit_ml.'):\n"
        "    if not module.name.endswith(('__main__', '.drawings.canvas')):\n"
        "        importlib.import_module(module.name)\n"
    )
    assert loaded_after(every_module).isdisjoint({"matplotlib", "mlflow", "shap"})


@pytest.mark.parametrize("name", credit_ml.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(credit_ml, name).__doc__


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = credit_ml.no_such_name


def test_the_top_offers_about_thirty_names_and_the_rooms() -> None:
    rooms = {name for name in dir(credit_ml) if inspect.ismodule(getattr(credit_ml, name))}
    names = {name for name in dir(credit_ml) if not name.startswith("_")} - rooms
    assert 25 <= len(names) <= 35
    assert rooms >= {"agencies", "dynamics", "fairness", "inference", "proxies", "society"}


def test_names_that_moved_still_work_and_say_where_they_are() -> None:
    for name, place in credit_ml._OLD.items():
        with pytest.warns(FutureWarning, match=f"credit_ml.{name} is called {place} now"):
            found = getattr(credit_ml, name)
        home, _, attribute = place.rpartition(".")
        assert found is getattr(importlib.import_module(home), attribute)
        assert name not in dir(credit_ml)
