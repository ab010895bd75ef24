"""What the forms of letters share: the letter itself, and what stands beside it."""

from typing import Any

from credit_ml.disclosure import LetterOptions, Notice, notice
from credit_ml.explanation import readable
from credit_ml.explanation.reasons import digits_apart
from credit_ml.governance.case import ExhibitCase
from credit_ml.governance.form import FormTable, scored


def letter_of(case: ExhibitCase, jurisdiction: str = "") -> Notice:
    """Write to the person of the case, and hold the letter against the model before it leaves."""
    case.need(case.model is not None, "needs a model that can be asked", "give a model")
    options = case.options
    told = LetterOptions(
        provider=options.provider,
        on=case.on,
        score_range=options.score_range,
        inquiries=options.inquiries or "",
        jurisdiction=jurisdiction,
    )
    letter = notice(
        case.model,
        case.dataset,
        case.citizen,
        threshold=case.threshold,
        decision=options.decision,
        menu=options.menu,
        letter=told,
    )
    false = letter.verify()
    case.need(not false, f"has a letter of which is false: {'; '.join(false)}", "mend the model")
    return letter


def facts_of(letter: Notice) -> list[dict[str, Any]]:
    """Return the letter's numbers in the schema."""
    reasons = letter.reasons
    rows = [
        {"measure": "score", "estimate": reasons.score},
        {"measure": "score_low", "estimate": letter.score_range[0]},
        {"measure": "score_high", "estimate": letter.score_range[1]},
        {"measure": "threshold", "estimate": letter.threshold},
    ]
    for row in reasons.named(costs=True):
        name = row["column"] or row["factor"]
        rows.append({"measure": "points", "group": name, "estimate": row["points"]})
        rows.append({"measure": "if_typical", "group": name, "estimate": row["effect"]})
    return rows


def reasons_table(letter: Notice) -> FormTable:
    """Return each reason with the record, what is typical, and what that would have changed."""
    reasons, rows = letter.reasons, []
    for row in reasons.named(costs=True):
        then = reasons.score + row["effect"]
        apart = digits_apart(row["value"], row["typical"])
        record = str(row["column"]) if row["column"] else f"{row['factor']}, together"
        rows.append(
            (
                record.replace("_", " "),
                readable(row["value"], digits=apart) if row["column"] else "–",
                readable(row["typical"], digits=apart) if row["column"] else "–",
                readable(-row["points"]),
                readable(then, digits=digits_apart(then, letter.threshold, digits=4)),
                "granted" if then >= letter.threshold else "refused",
            )
        )
    head = ("Record", "Yours", "Typical", "Cost", "Score if typical", "Decision then")
    caption = "What lowered the score, costliest first"
    return FormTable(caption=caption, head=head, rows=rows, words=(0, 5))


def score_table(letter: Notice) -> FormTable:
    """Return score, range, date and provider."""
    low, high = (readable(end, digits=4) for end in letter.score_range)
    digits = digits_apart(letter.reasons.score, letter.threshold, digits=4)
    rows = (
        ("Score", scored(letter.reasons.score, letter.reasons.unit, digits)),
        ("Range of possible scores", f"{low} to {high}"),
        ("Date on which it was made", str(letter.options.on)),
        ("Provided by", letter.provider),
        ("Needed", scored(letter.threshold, letter.reasons.unit, digits)),
    )
    return FormTable(
        caption="The score", head=("", "What the notice says"), rows=rows, words=(0, 1)
    )
