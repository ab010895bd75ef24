"""Write rules.md, beside this file, from the catalogue of rules."""

from pathlib import Path

from credit_ml.governance import load_rule, rule_ids
from credit_ml.governance.form import forms
from credit_ml.governance.rule import STATUSES

HERE = Path(__file__).parent
OPENING = """\
<!-- Written by `make rules` from credit_ml/governance/rules. -->

# Rules of law, and their exhibits

A score can be held against rules of law. Each rule of the catalogue is dated, says where its text
stands and how well its facts are known, and names an exhibit: the form in which it asks to be
shown something, filled in by the instruments of this package. An exhibit is no legal advice.

```
credit-ml audit TABLE.csv --target hired --sensitive sex --sensitive race --for nyc-ll144
credit-ml audit TABLE.csv --target paid --sensitive sex --threshold 0.5 --for gdpr-15 \\
    --for us-fcra --on 2026-11-29 --exhibit told.toml -o exhibits
```

writes `RULE.html` (one page that needs no network) and `RULE.json` for each, into a folder. In a
notebook, `cm.exhibits(model, dataset, ["nyc-ll144", "gdpr-22"], on="2026-11-29", options={...})`
returns findings that show themselves; `cm.reports.write_exhibits(found, "exhibits")` writes
them. A rule that is not in force on the day of the audit (today by default) is refused unless
`--even-if-not-in-force` is given; its exhibit then says so. A rule of your own is a TOML file with
the keys of those in `credit_ml/governance/rules`.
"""
NEEDS = {
    "impact_ratios": "sensitive features of sex and of race or ethnicity (`features` says "
    "which they are where their names do not); with a `threshold` selection rates, without "
    "one scoring rates",
    "context_matrix": "`related`: contexts whose data belong to the decision; `contexts`, the "
    "factors by default; `gravity`, a column",
    "explanation_sheet": "a `threshold`; `citizen`, `provider`, `decisions`",
    "reliance": "a `threshold`; `decisions`, the column of what was decided in the end",
    "variation_letter": "a `threshold`; `citizen`, `menu`, `provider`",
    "without_friends": "`friends`: columns or factors from social networks; a target",
    "adverse_action": "a `threshold`; `citizen`, `menu`, `provider`, `score_range`, `inquiries`",
    "safeguards": "a `threshold`; `citizen`, `menu`, `decisions`",
    "listing_terms": "`grade` and `years`: columns of a listing's grade and of its years",
}


def page() -> str:
    """The page, in Markdown."""
    rules = [load_rule(name) for name in rule_ids()]
    lines = [OPENING, "## The catalogue\n", "| rule | where | in force | its facts | exhibit |"]
    lines += ["|---|---|---|---|---|"]
    lines += [
        f"| `{each.id}` | {each.jurisdiction} | {each.term} | {STATUSES[each.status]} | "
        f"`{each.exhibit}` |"
        for each in rules
    ]
    for each in rules:
        lines += ["", f"### {each.title}", "", each.asks, "", f"Source: {each.source}."]
        lines += ["", each.note] if each.note else []
    lines += ["", "## What each exhibit must be told", ""]
    lines += [
        "In `options`, or in the TOML file of `--exhibit`; what an audit is told holds here too."
    ]
    lines += ["", "| exhibit | what it is | needs |", "|---|---|---|"]
    lines += [f"| `{name}` | {form.title} | {NEEDS[name]} |" for name, form in forms().items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (HERE / "rules.md").write_text(page())
