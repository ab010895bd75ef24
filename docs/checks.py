"""Write checks.md, beside this file, from the catalogue of audit checks."""

from pathlib import Path

from credit_ml.governance import check_ids, load_check

HERE = Path(__file__).parent
OPENING = """\
<!-- Written by `make checks` from credit_ml/governance/audit_checks/checks.toml. -->

# Audit checks

An audit can be wrong in ways that its numbers do not show: a rate of nobody, intervals that ignore
clusters, a threshold that was fitted to the people it is tried on. Audit checks look for such
conditions of the audit itself, as a linter looks for those of code. They are made in every audit of
a table (`credit-ml audit`, `audit_table`, `report`) and every study of one society (`credit-ml
run`, `credit-ml nation`). A leaderboard or a sweep puts many tables together: it has none, says so,
and refuses `--strict`. Of a nation rates and gaps are everybody's, people are those of the sample,
and a line that looked at the sample says so. What fires stands on the console, on the page (folded,
with the number of each kind) and in the results (`diagnostics`, of the schema
`credit_ml/studies/findings.schema.json`).

A **warning** says that a number may mislead who does not know; a **note**, that it is to be read
with care. With `--strict` the command ends with status 1 where a warning fires that nobody muted.

A check is muted with a reason, which stays on the page:

```
credit-ml audit TABLE.csv --target paid --sensitive sex --mute CM303="the law asks for the ratio"
```

```toml
[mute]  # in a study's file, or in one of --spec
CM303 = "the law asks for the ratio"
```

```python
import credit_ml as cm

found = cm.audit_table(frame, target="paid", sensitive="sex", mute={"CM303": "the law asks for it"})
[str(each) for each in found.diagnostics if each.warns]
```

An unknown id and a mute without a reason are refused before any work; a mute that mutes nothing is
said (CM901). `credit-ml checks` lists the checks, `credit-ml checks CM303` explains one, and
`cm.governance.audit_checks_frame()` returns them as a table. Ids stay as they are: a check that
goes leaves its number unused.

That no check fires does not mean that an audit is sound: each looks for one condition, with a fixed
line beyond chance. They cost little beside an audit: a few passes over the table, small fits on
2,000 people for what tells each sensitive feature (CM108), and for a fitted model of at most 50,000
people two more fits of it (CM401).
"""
PARTS = {
    "1": "People and columns",
    "2": "Outcomes",
    "3": "Scores and thresholds",
    "4": "Models",
    "5": "Intervals",
    "6": "Explanations",
    "7": "What was assumed",
    "9": "The checks themselves",
}


def page() -> str:
    """The page, in Markdown."""
    checks = [load_check(name) for name in check_ids()]
    lines = [OPENING, "| id | name | severity |", "|---|---|---|"]
    lines += [f"| [{one.id}](#{one.id.lower()}) | {one.name} | {one.severity} |" for one in checks]
    for number, title in PARTS.items():
        lines += ["", f"## {title}"]
        for one in checks:
            if one.id[2] == number:
                lines += ["", f"### {one.id}", "", f"**{one.name}** ({one.severity}): `{one.form}`"]
                lines += ["", one.means, "", one.do]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (HERE / "checks.md").write_text(page())
