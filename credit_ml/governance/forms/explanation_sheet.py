"""A sheet for one person: the system's role in the decision, and the decision's main elements."""

from credit_ml.governance.case import ExhibitCase
from credit_ml.governance.form import ExhibitForm, FilledForm, FormTable
from credit_ml.governance.forms import reliance
from credit_ml.governance.forms.letters import facts_of, letter_of, reasons_table, score_table

#: Whose rights the sheet ends with.
RIGHTS_OF = {"European Union": "eu", "China": "cn", "United Kingdom": "uk"}


def fill(case: ExhibitCase) -> FilledForm:
    """Say which role the score had, how often it decides, and what weighed in this decision."""
    letter = letter_of(case, RIGHTS_OF.get(case.rule.jurisdiction, ""))
    relied = reliance.fill(case)
    sources = FormTable(
        caption="Records that the system reads",
        head=("Group", "Records"),
        rows=[
            (name.replace("_", " "), ", ".join(each.replace("_", " ") for each in own))
            for name, own in case.dataset.factors.items()
        ],
        words=(0, 1),
    )
    tables = {"score": score_table(letter), "reasons": reasons_table(letter), "sources": sources}
    return FilledForm(
        rows=[*facts_of(letter), *relied.rows],
        words={"letter": letter, **relied.words},
        tables=tables,
        parameters={"letter": letter.text(), "citizen": letter.reasons.citizen},
    )


FORM = ExhibitForm(id="explanation_sheet", title="Explanation of a decision", fill=fill)
