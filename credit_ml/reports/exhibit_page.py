"""An exhibit of a rule of law as a page that needs no network, in a notebook, and as JSON."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from credit_ml.core.files import refuse_replacing, write_whole
from credit_ml.core.provenance import canonical_json
from credit_ml.governance import RuleExhibit
from credit_ml.governance.rule import STATUSES, LegalRule
from credit_ml.grammar.blocks import TableView
from credit_ml.reports.templates import packaged, page_environment


def shown(exhibit: RuleExhibit) -> str:
    """Return an exhibit as HTML for a notebook: its title, and the parts of its form."""
    from html import escape

    return f"<h3>{escape(exhibit.title)}</h3>\n{_body(exhibit)}"


def exhibit_page(exhibit: RuleExhibit) -> str:
    """Return an exhibit as one HTML page; the same exhibit gives the same bytes."""
    page = (
        page_environment()
        .get_template("exhibit.html.j2")
        .render(
            exhibit=exhibit,
            rule=exhibit.parameters["rule"],
            style=packaged("style.css"),
            script=packaged("page.js"),
            body=_body(exhibit),
        )
    )
    return "\n".join(line.rstrip() for line in page.splitlines() if line.strip()) + "\n"


def write_exhibits(
    exhibits: Sequence[RuleExhibit] | RuleExhibit,
    folder: str | os.PathLike[str],
    *,
    overwrite: bool = False,
) -> list[Path]:
    """Write each exhibit as ``RULE.html`` and ``RULE.json`` into a folder; return the pages.

    Parameters
    ----------
    exhibits : sequence of RuleExhibit, or one
    folder : path-like
        Made where it is not there.
    overwrite : bool
        Whether pages that are there are replaced.

    Raises
    ------
    InputError
        When a page is there already.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from credit_ml.core import Dataset
    >>> from credit_ml.governance import exhibits
    >>> frame = pd.DataFrame({"late": [0, 1, 2], "sex": list("fmm")})
    >>> data = Dataset.from_frame(frame, target=None, sensitive="sex")
    >>> found = exhibits(lambda X: -X["late"], data, "gdpr-22", options={"threshold": -1})
    >>> [page.name for page in write_exhibits(found, tempfile.mkdtemp())]
    ['gdpr-22.html']
    """
    several = [exhibits] if isinstance(exhibits, RuleExhibit) else list(exhibits)
    target, written = Path(folder), []
    files = (target / f"{each.rule_id}.{ending}" for each in several for ending in ("html", "json"))
    refuse_replacing(*files, overwrite=overwrite)
    pages = [(exhibit_page(each), canonical_json(each.to_dict())) for each in several]
    for each, (page, stored) in zip(several, pages, strict=True):
        written.append(write_whole(page, target / f"{each.rule_id}.html"))
        write_whole(stored + "\n", target / f"{each.rule_id}.json")
    return written


def _body(exhibit: RuleExhibit) -> str:
    told = exhibit.parameters
    rule = LegalRule.model_validate(told["rule"])
    facts = (
        ("Source", rule.source),
        ("In force", rule.term),
        ("Day of the audit", str(told["on"])),
        ("Facts of the rule", STATUSES[rule.status]),
        ("Table", f"{told['table']}, {told['people']:,} people"),
    )
    return (
        page_environment()
        .get_template("exhibit_body.html.j2")
        .render(
            exhibit=exhibit,
            rule=told["rule"],
            term=rule.term,
            parts=[_part(part) for part in told["form"]],
            facts=TableView(
                caption="Where it stands", head=("", ""), bodies=(("", facts),), words=(0, 1)
            ),
        )
    )


def _part(part: dict[str, Any]) -> dict[str, Any]:
    return part | {"blocks": [_block(block) for block in part["blocks"]]}


def _block(block: dict[str, Any]) -> dict[str, Any]:
    if "rows" not in block:
        return block
    rows = tuple(tuple(map(str, row)) for row in block["rows"])
    head, words = tuple(block["head"]), tuple(block["words"])
    return {
        "view": TableView(caption=block["caption"], head=head, bodies=(("", rows),), words=words)
    }
