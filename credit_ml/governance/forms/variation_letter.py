"""A letter that says which variation of the data would have led to another result."""

from credit_ml.governance.case import ExhibitCase
from credit_ml.governance.form import ExhibitForm, FilledForm
from credit_ml.governance.forms.letters import facts_of, letter_of, reasons_table, score_table


def fill(case: ExhibitCase) -> FilledForm:
    """Write the letter to one person, with each record's variation and the cheapest way."""
    letter = letter_of(case, "eu")
    rows = facts_of(letter)
    if letter.status == "cheapest":
        rows.append({"measure": "score_after_steps", "estimate": letter.then})
    return FilledForm(
        rows=rows,
        words={
            "letter": letter,
            "factors": [name.replace("_", " ") for name in case.dataset.factors],
            "steps": [name for name, _ in letter.steps],
        },
        tables={"score": score_table(letter), "reasons": reasons_table(letter)},
        parameters={"letter": letter.text(), "citizen": letter.reasons.citizen},
    )


FORM = ExhibitForm(id="variation_letter", title="Letter with the variation", fill=fill)
