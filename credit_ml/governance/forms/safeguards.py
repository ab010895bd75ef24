"""What a person must be given where a machine decides: the safeguards, and the letter with them."""

from credit_ml.governance.case import ExhibitCase
from credit_ml.governance.form import ExhibitForm, FilledForm, FormTable
from credit_ml.governance.forms import reliance
from credit_ml.governance.forms.letters import facts_of, letter_of

#: What is asked, and which words of the letter give it.
ASKED = {
    "Tell the person of the decision": "has decided on your request",
    "Let them make representations": "tell us what we should know",
    "Let them obtain human intervention": "ask that a person looks at it",
    "Let them contest the decision": "contest it",
}


def fill(case: ExhibitCase) -> FilledForm:
    """Find each safeguard in the letter, and count decisions without a person's part in them."""
    letter = letter_of(case, "uk")
    text, relied = " ".join(letter.text().split()), reliance.fill(case)
    given = {asked: words in text for asked, words in ASKED.items()}
    table = FormTable(
        caption="Safeguards, and where the letter gives them",
        head=("What is asked", "In the letter", "Its words"),
        rows=[(a, "yes" if given[a] else "no", f"“{w}”") for a, w in ASKED.items()],
        words=(0, 1, 2),
    )
    rows = [
        {"measure": "safeguard_given", "group": asked, "estimate": float(there)}
        for asked, there in given.items()
    ]
    return FilledForm(
        rows=[*rows, *facts_of(letter), *relied.rows],
        words={"paragraphs": letter.text().split("\n\n"), **relied.words},
        tables={"safeguards": table},
        parameters={"letter": letter.text(), "citizen": letter.reasons.citizen},
    )


FORM = ExhibitForm(id="safeguards", title="Safeguards of an automated decision", fill=fill)
