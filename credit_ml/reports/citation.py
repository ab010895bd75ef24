"""How a page is cited: as plain text, and as an entry for BibTeX."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credit_ml.core import StudyResults
from credit_ml.grammar.cited import unmarked

#: Hexadecimal digits of a digest or a commit that tell it from others.
DIGITS = 12
#: What BibTeX and TeX would read as their own.
_ESCAPED = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
} | {each: f"\\{each}" for each in "&%$#_"}


@dataclass(frozen=True, kw_only=True)
class Citation:
    """One page's title, version, commit, date and digests, to be copied."""

    text: str
    bibtex: str


def code_of(results: StudyResults) -> Mapping[str, Any]:
    """Return the commit of the code that ran and its date; nothing where none was recorded."""
    return results.provenance.get("code") or {}


def commit_text(results: StudyResults) -> str:
    """Say which commit ran, and whether files of it had been changed.

    Examples
    --------
    >>> commit_text(StudyResults(id="one", title="One"))
    'not recorded'
    """
    code = code_of(results)
    if not code.get("commit"):
        return "not recorded"
    return f"{code['commit']}{', with changes' if code.get('changed') else ''}"


def citation(results: StudyResults) -> Citation:
    r"""Return how to cite a study's page; what its results did not record is left out.

    Examples
    --------
    >>> made = citation(StudyResults(id="one", title="50 % & more", data={"digest": "0af1" * 16}))
    >>> made.text
    '50 % & more. A report made with credit_ml. Data SHA-256 0af10af10af1.'
    >>> print(made.bibtex)
    @misc{credit_ml-one,
      title = {{50 \% \& more}},
      howpublished = {A report made with credit\_ml},
      note = {Data SHA-256 0af10af10af1}
    }
    """
    code, made = code_of(results), results.provenance
    version = (made.get("versions") or {}).get("credit-ml")
    commit = commit_text(results)
    parts = [
        f"commit {commit[:DIGITS]}{commit[40:]}" if code.get("commit") else "",
        f"of {code['date']}" if code.get("date") else "",
    ]
    where = " ".join(filter(None, parts))
    how = f"A report made with credit_ml{f' {version}' if version else ''}"
    how += f", {where}" if where else ""
    configuration = str(made.get("configuration") or "")
    digests = {"Data": str(results.data.get("digest") or ""), "configuration": configuration}
    note = "; ".join(f"{of} SHA-256 {one[:DIGITS]}" for of, one in digests.items() if one)
    title = " ".join(unmarked(results.title).split())
    text = f"{title.rstrip('.')}. {how}." + (f" {note[0].upper()}{note[1:]}." if note else "")
    fields = {
        "title": f"{{{_tex(title)}}}",
        "year": str(code.get("date") or "")[:4],
        "howpublished": _tex(how),
        "note": _tex(note),
    }
    lines = (f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    key = re.sub(r"[^a-z0-9]+", "-", f"{results.id} {configuration[:8]}".lower()).strip("-")
    return Citation(text=text, bibtex=f"@misc{{credit_ml-{key},\n" + ",\n".join(lines) + "\n}")


def _tex(text: str) -> str:
    return "".join(_ESCAPED.get(letter, letter) for letter in text)
