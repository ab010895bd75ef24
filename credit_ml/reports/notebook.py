"""A finding in a notebook: its sentence, its figure, and the first rows of its table."""

import base64
import io
import re
from dataclasses import replace
from html import escape
from typing import Any

from credit_ml.core import Finding, RaterResults
from credit_ml.core.figure import house_style
from credit_ml.core.instrument import instruments_by_kind
from credit_ml.grammar.numbers import show
from credit_ml.reports.page import chosen
from credit_ml.reports.templating import block, paragraphs

#: Rows of the table that are shown, and dots an inch of the figure.
ROWS, DOTS = 20, 110


def shown(finding: Finding) -> str:
    """Return a finding as HTML that stands alone; every text in it is escaped.

    Cost: one drawing, about 0.2 s, unless ``Finding.pictured = False``.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"estimate": [1.0] * 30})
    >>> page = shown(Finding(table=table, title="<One>"))
    >>> "<p><strong>&lt;One&gt;</strong></p>" in page, "10 more rows" in page
    (True, True)
    """
    # No heading: it would stand among the notebook's own, at a level that nobody chose.
    told = [f"<p><strong>{escape(finding.title)}</strong></p>"]
    told += [f"<p>{escape(said)}</p>" for said in [_sentence(finding)] if said]
    told += [_picture(finding), _table(finding)]
    if finding.notes:
        notes = "".join(f"<li>{escape(note)}</li>" for note in finding.notes)
        told.append(f"<details><summary>What to know of it</summary><ul>{notes}</ul></details>")
    return "\n".join(filter(None, told))


def _sentence(finding: Finding) -> str:
    """Return what the page would say above it, or the first sentence of its paragraphs."""
    known = instruments_by_kind().get(finding.kind)
    results = chosen([finding])
    name = results.raters[0].name if results.raters else "score"
    kind = "" if results.raters else "given"
    rater = RaterResults(id="rater", name=name, scorer_kind=kind, findings=(finding,))
    told = replace(results, raters=(rater,), findings=())
    if known is None:
        return ""
    for part in ("headline", "abstract", "paragraphs"):
        try:
            said = paragraphs(block(known, part, told, [(rater, finding)]) or "")
        except Exception:  # a finding of fewer rows (`where`) may lack what the words speak of
            return ""
        if said and said[0].text:
            return said[0].text if part != "paragraphs" else re.split(r"(?<=[.]) ", said[0].text)[0]
    return ""


def _picture(finding: Finding) -> str:
    known = instruments_by_kind().get(finding.kind)
    if not finding.pictured or (known and known.picture == "none"):
        return ""
    import matplotlib.pyplot as plt

    before, image = set(plt.get_fignums()), io.BytesIO()
    try:
        with house_style():
            figure: Any = finding.plot().figure
            figure.savefig(image, format="webp", dpi=DOTS, pil_kwargs={"quality": 85})
    except Exception:  # it has no figure, or not with these rows
        return ""
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)
    data = base64.b64encode(image.getvalue()).decode()
    return f'<img src="data:image/webp;base64,{data}" alt="{escape(finding.title)}">'


def _table(finding: Finding) -> str:
    table = finding.table.head(ROWS)
    said = [name for name in table if not table[name].isin(["", None]).all()]
    made: str = table[said].to_html(index=False, border=0, na_rep="", float_format=_number)
    left = len(finding.table) - len(table)
    if left:
        rest = f"{show(float(left))} more row{'s' * (left != 1)}"
        made += (
            f"<p>{rest}: <code>.table</code>, <code>.where(...)</code>, <code>.by_group</code></p>"
        )
    return made


def _number(value: float) -> str:
    return f"{value:.4g}"
