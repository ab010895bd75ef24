"""A report is rendered without any network, and what only reports need loads only then."""

import subprocess
import sys
import textwrap

import pytest


def python(code):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("heavy", ["matplotlib", "jinja2", "sklearn", "shap", "mlflow", "scipy"])
def test_importing_reports_loads_nothing_heavy(heavy):
    code = f"""
        import sys
        import credit_ml.reports
        print({heavy!r} in sys.modules)
    """
    assert python(code).strip() == "False"


def test_a_page_is_made_with_every_socket_refused():
    code = """
        import socket

        def refuse(*args, **options):
            raise AssertionError("a report asked for the network")

        socket.socket.connect = socket.getaddrinfo = refuse
        from credit_ml.core import StudyResults
        from credit_ml.reports import render

        page = render(StudyResults(id="empty", title="Nothing yet"))
        assert "://" not in page
        print(len(page) > 1000)
    """
    assert python(code).strip() == "True"
