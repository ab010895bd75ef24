"""A notice of adverse action: score, range, date, provider, and the reasons, at most four."""

from credit_ml.governance.case import ExhibitCase
from credit_ml.governance.form import ExhibitForm, FilledForm
from credit_ml.governance.forms.letters import facts_of, letter_of, reasons_table, score_table


def fill(case: ExhibitCase) -> FilledForm:
    """Write the notice to one person, checked against the model."""
    letter = letter_of(case, "us")
    return FilledForm(
        rows=facts_of(letter),
        words={
            "letter": letter,
            "reasons": letter.reasons.sentences(costs=True),
            "granted": letter.status == "granted already",
        },
        tables={"score": score_table(letter), "reasons": reasons_table(letter)},
        parameters={"letter": letter.text(), "citizen": letter.reasons.citizen},
    )


FORM = ExhibitForm(id="adverse_action", title="Notice of adverse action", fill=fill)
