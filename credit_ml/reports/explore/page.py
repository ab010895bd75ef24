"""The page to explore, and where it lies."""

import os
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from credit_ml.core import InputError, StudyResults
from credit_ml.core.files import refuse_replacing, write_whole
from credit_ml.core.provenance import canonical_json
from credit_ml.grammar.phrases import OVER
from credit_ml.reports.explore.stored import CURVE, explored, notes_of
from credit_ml.reports.provenance import command
from credit_ml.reports.templates import packaged, page_environment


def explore_name(results: StudyResults, page: str = "") -> str:
    """Name of the page to explore that lies beside a study's report; "" where there is none.

    A study asks for it with a table ``[explore]``. It is called as the report is, for a folder may
    hold several runs of one study.

    Parameters
    ----------
    results : StudyResults
    page : str
        Name of the report's file, by default the study's.

    Examples
    --------
    >>> explore_name(StudyResults(id="one", title="One"))
    ''
    """
    asked = results.settings.get("explore") and any(results.of_kind(CURVE))
    return f"{Path(page).stem or results.id}.explore.html" if asked else ""


def explore_page(results: StudyResults) -> str:
    """Return a run's page to explore: one HTML file with a script of its own, and no request.

    The same results give the same bytes.

    Raises
    ------
    InputError
        When the run stored no rates by threshold.
    """
    curve = next((found for _, found in results.of_kind(CURVE)), None)
    if curve is None:
        remedy = "add [explore] to its study, and run it again"
        raise InputError(f"run '{results.id}'", "holds no rates by threshold", remedy)
    data, script = explored(results), packaged("explore.js").strip()
    digest = b64encode(sha256(script.encode()).digest()).decode()
    rendered = (
        page_environment()
        .get_template("explore.html.j2")
        .render(
            results=results,
            style=packaged("style.css") + packaged("explore.css"),
            script=script,
            script_digest=f"sha256-{digest}",
            # Nothing in it can end the block that holds it.
            data=canonical_json(data).replace("<", "\\u003c").replace("&", "\\u0026"),
            citizens=bool(data["citizens"]),
            notes=notes_of(results),
            level=f"{100 * curve.parameters['intervals']:g} %",
            over=f" over {OVER[curve.parameters['intervals_over']]}",
            command=command(results),
        )
    )
    return f"{rendered.strip()}\n"


def write_explore(
    results: StudyResults, path: str | os.PathLike[str], *, overwrite: bool = False
) -> Path:
    """Write a run's page to explore, whole or not at all; its folder is made.

    Parameters
    ----------
    results : StudyResults
        With rates by threshold, which a study's table ``[explore]`` and every audit of a table
        store; single citizens where they are simulated.
    path : path-like
        Where the page goes.
    overwrite : bool
        Whether it may replace a page that is there.

    Raises
    ------
    InputError
        When the run stored no rates by threshold, or a page is there.

    Examples
    --------
    >>> write_explore(StudyResults(id="one", title="One"), "one.html")
    Traceback (most recent call last):
    credit_ml.core.errors.InputError: run 'one': holds no rates by threshold; add [explore] to its \
study, and run it again
    """
    target = Path(path)
    refuse_replacing(target, overwrite=overwrite)
    return write_whole(explore_page(results), target)
