"""A finding in a notebook: its sentence, its figure, and the first rows of its table."""

import base64
import io
import re
import warnings
from dataclasses import replace
from html import escape
from typing import Any

from credit_ml.core import Finding, RaterResults
from credit_ml.core.figure import house_style
from credit_ml.core.instrument import instruments_by_kind
from credit_ml.grammar.columns import forget_columns
from credit_ml.grammar.numbers import show
from credit_ml.reports.page import chosen
from credit_ml.reports.templating import block, paragraphs

#: Rows of the table that are shown, and dots an inch of the figure.
ROWS, DOTS = 20, 110
#: What matplotlib warns of where it draws a box in the place of a letter.
_NO_LETTER = "Glyph .* missing from font"


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
    forget_columns()
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

    before = set(plt.get_fignums())
    try:
        with house_style(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", _NO_LETTER)
            source = _image(finding.plot().figure)
    except Exception:  # it has no figure, or not with these rows
        return ""
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)
    return f'<img src="{source}" alt="{escape(finding.title)}">'


def _image(figure: Any) -> str:
    """Return a figure's address: dots, or letters for the browser's fonts where ours lack some."""
    dots, letters = io.BytesIO(), io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", _NO_LETTER)
            figure.savefig(dots, format="webp", dpi=DOTS, pil_kwargs={"quality": 85})
    except UserWarning:  # a box would stand for every letter of a Chinese name
        figure.savefig(letters, format="svg")
        return f"data:image/svg+xml;base64,{base64.b64encode(letters.getvalue()).decode()}"
    return f"data:image/webp;base64,{base64.b64encode(dots.getvalue()).decode()}"


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
