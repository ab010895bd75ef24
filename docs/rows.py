"""Write rows.md, beside this file: every row of the source document, its switch, and its effect."""

from pathlib import Path

from credit_ml.governance import SourceRows, load_row, row_ids, rows

HERE = Path(__file__).parent
OPENING = """\
<!-- Written by `make rows` from credit_ml/governance/source_rows/catalogue. -->

# The rows of the source document, and what each does

The document describes 24 systems and mechanisms of citizen scoring, S1 to S24. Each has one switch
and one measure here, and

```
credit-ml rows                # all of them, off and on, by hukou
credit-ml rows S5 S24 --sensitive gender --sensitive age_band
```

says what it does (`credit_ml.governance.rows` in a notebook). In every society both positions of
the switch share all draws of chance, so that what changes is the switch's doing.
`tests/spec/test_rows.py` holds each row to two things: off it leaves the society, the score or the
years as if it were not there, and on its effect's interval lies clear of zero: its change, or, of
rows that are about a difference between groups, that difference. A row of your own is a TOML file
with the keys of those in the catalogue: `credit-ml rows mine.toml`.

What a switch is, and what its two positions mean, is said of each row below the table. Everything
is simulated, in worlds whose assumptions `docs/society.md` and `docs/dynamics.md` state; no number
is a measurement of a country.
"""


def page(found: SourceRows) -> str:
    """The page, in Markdown."""
    asked = found.parameters
    said = (
        f"Means over {asked['societies']} societies of {asked['citizens']:,} citizens, with "
        f"{100 * asked['intervals']:g} % intervals over societies."
    )
    lines = [OPENING, said, "", "| row | what | switch | off | on | change | rural less urban |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for name in row_ids():
        row, table = load_row(name), found.by_row(name)
        cells = [f"[{name}](#{name.lower()})", row.title, f"{row.switch}: {row.name}"]
        cells += [*table.loc["all", ["off", "on", "change"]], found.gap(name, "hukou")]
        lines.append(f"| {' | '.join(cells)} |")
    for name in row_ids():
        row = load_row(name)
        lines += ["", f"## {name}", "", f"**{row.title}.** {row.facts}", "", found.sentence(name)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (HERE / "rows.md").write_text(page(rows()))
