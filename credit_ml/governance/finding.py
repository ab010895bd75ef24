"""An exhibit: a rule's form, filled in."""

from importlib import import_module
from typing import Any, ClassVar

from credit_ml.core import Finding

#: What stands on every exhibit.
NO_ADVICE = "An exhibit is no legal advice."


class RuleExhibit(Finding):
    """What one rule of law asks to be shown of a score, in the form in which it asks it.

    Columns of `table`: the schema's. ``parameters["form"]`` holds the parts of the page, each with
    a heading and its blocks (text, items, or a table of cells), ``parameters["rule"]`` the entry of
    the catalogue, ``parameters["on"]`` the day of the audit.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> row = {"measure": "impact_ratio", "sensitive": "sex", "group": "f", "estimate": 0.75}
    >>> exhibit = RuleExhibit(table=conform([row]), title="Bias audit",
    ...                       parameters={"rule": {"id": "nyc-ll144"}})
    >>> exhibit.rule_id, exhibit.metrics()
    ('nyc-ll144', {'exhibit.impact_ratio.sex.f': 0.75})
    """

    kind: ClassVar[str] = "exhibit"
    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive", "group")
    unsaid: ClassVar[tuple[str, ...]] = ("", "overall", "all")
    tracked_rows: ClassVar[dict[str, Any]] = {"quantity": "value"}
    pictured: ClassVar[bool] = False

    @property
    def rule_id(self) -> str:
        """Id of the rule."""
        return str(self.parameters["rule"]["id"])

    def text(self) -> str:
        """Return the exhibit as plain text."""
        lines = [self.title, ""]
        for part in self.parameters["form"]:
            lines += [part["heading"], ""]
            for block in part["blocks"]:
                if "text" in block:
                    lines += [block["text"], ""]
                elif "items" in block:
                    lines += [*(f"- {item}" for item in block["items"]), ""]
                else:
                    rows = [block["head"], *block["rows"]]
                    lines += [block["caption"], *(" | ".join(row) for row in rows), ""]
        return "\n".join([*lines, *self.notes])

    def _repr_html_(self) -> str:
        # The page's look lies above this layer, and is found by name, as that of findings is.
        return str(import_module("credit_ml.reports.exhibit_page").shown(self))
