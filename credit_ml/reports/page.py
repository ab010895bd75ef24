"""From results to one self-contained page, written whole or not at all."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from credit_ml.core import Finding, InputError, RaterResults, StudyResults, need_known
from credit_ml.core.files import refuse_replacing, write_whole
from credit_ml.core.provenance import code_state, versions
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.columns import forget_columns
from credit_ml.reports.cells.held import held_rows, holding
from credit_ml.reports.cells.ledger import Ledger
from credit_ml.reports.cells.links import with_links
from credit_ml.reports.citation import citation
from credit_ml.reports.clauses import spared
from credit_ml.reports.diagnostics import counted, grouped, none_made
from credit_ml.reports.exhibits import overviews_of
from credit_ml.reports.explore.page import explore_name, write_explore
from credit_ml.reports.presented import presented
from credit_ml.reports.provenance import command, facts_table, parameters_tables, versions_table
from credit_ml.reports.sections import (
    abstract,
    answer,
    answer_note,
    cards,
    opening,
    sections,
    verdict,
)
from credit_ml.reports.templates import packaged, page_environment
from credit_ml.reports.verdict import check

#: A page to be read on a screen; the same with everything unfolded, to be printed; and four sheets.
Edition = Literal["page", "print", "brief"]
TEMPLATES = {"page": "report.html.j2", "print": "report.html.j2", "brief": "brief.html.j2"}


#: Where in the page the rows go that no table of its own shows.
OTHER_ROWS = "<!-- other rows -->"


class References:
    """Numbers of published sources, in the order in which the page needs them.

    Examples
    --------
    >>> references = References()
    >>> references.numbers(["Shapley (1953)", "Feldman et al. (2015)"])
    (1, 2)
    >>> references.numbers(["Feldman  et al. (2015)"])
    (2,)
    >>> references.listed()
    ('Shapley (1953)', 'Feldman et al. (2015)')
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def numbers(self, cites: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of some sources, giving new ones to those not seen before."""
        keys = (" ".join(cite.split()) for cite in cites)
        return tuple(sorted({self._numbers.setdefault(key, len(self) + 1) for key in keys if key}))

    def listed(self) -> tuple[str, ...]:
        """Return every source in the order of its number."""
        return tuple(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def render(results: StudyResults, *, edition: Edition = "page", page: str = "") -> str:
    """Return a study's report as one HTML page that needs nothing from outside.

    The same results give the same bytes: no clock, no random id, every number from a
    finding's table. Sections whose findings are absent are left out.

    Cost: two drawings a finding, about 0.3 s each.

    Parameters
    ----------
    results : StudyResults
        What was found; names and titles in it are escaped.
    edition : {"page", "print", "brief"}
        To be read on a screen; with everything unfolded, for browsers that do not print what is
        folded; or key tables, limits and provenance on four printed sheets at most.
    page : str
        Name of the file that it is for, after which the page to explore beside it is called; by
        default the study's.

    Raises
    ------
    InputError
        When the edition is unknown.
    StudyError
        When one of ``settings["checks"]`` has an unknown key, or words that the prediction has not.

    Examples
    --------
    >>> from credit_ml.core.results import StudyResults
    >>> results = StudyResults(id="one", title="One", question="Is there a gap?", prediction="Yes.",
    ...                        refutation="No.")
    >>> "Is there a gap?" in render(results)
    True
    """
    forget_columns()
    need_known(InputError, "edition", edition, tuple(TEMPLATES))
    references, ledger = References(), Ledger()
    numbered = ledger.results(results)
    checks = check(numbered)
    results = presented(holding(numbered, held_rows(checks)))
    overviews, diagnostics = overviews_of(results), results.diagnostics
    first = opening(results, overviews)
    made = (
        page_environment()
        .get_template(TEMPLATES[edition])
        .render(
            results=results,
            style=packaged("style.css"),
            script=packaged("page.js"),
            answer=answer(results),
            answer_note=answer_note(results),
            abstract=abstract(results),
            verdict=verdict(results, checks),
            checks=checks,
            spared=spared(checks),
            diagnostics=None if diagnostics is None else list(grouped(diagnostics)),
            diagnosed=counted(diagnostics or ()),
            none_made=none_made(results),
            cards=cards(results),
            opening=first,
            sections=sections(results, overviews, figures=int(first is not None)),
            command=command(results),
            facts=facts_table(results),
            cite=citation(results),
            versions=versions_table(results),
            parameters=parameters_tables(results),
            cited=references.numbers,
            references=references,
            explore=explore_name(results, page),
        )
    )
    linked = with_links(made, lambda rows: other_rows(ledger.table(rows)), OTHER_ROWS)
    if edition == "print":
        linked = linked.replace("<details ", "<details open ")
    return "\n".join(line.rstrip() for line in linked.splitlines() if line.strip()) + "\n"


def other_rows(view: TableView) -> str:
    """Return the rows that no table of the page's own shows, as a table of theirs."""
    made: str = page_environment().get_template("other_rows.html.j2").render(view=view)
    return made


def write_report(
    results: StudyResults | Finding | Sequence[Finding],
    path: str | os.PathLike[str],
    *,
    title: str = "",
    edition: Edition = "page",
    overwrite: bool = False,
) -> Path:
    """Write a report to `path`, whole or not at all.

    Where a study asked for it (``[explore]``), the page to explore lies beside it, and is linked.

    Parameters
    ----------
    results : StudyResults, Finding or sequence of Finding
        What a study found; or findings that you chose, in any order and of any datasets. The page
        has them in its own order, those of one rater together.
    path : path-like
        Where the page goes; folders on the way are made.
    title : str
        Of the page; the study's own by default.
    edition : {"page", "print", "brief"}
        As `render` takes it.
    overwrite : bool
        Whether a page that is there is replaced, once this one is complete.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Raises
    ------
    InputError
        When a page is there already, before anything is drawn.

    Examples
    --------
    >>> import tempfile
    >>> from credit_ml.core.results import StudyResults
    >>> results = StudyResults(id="one", title="One", question="Is there a gap?", prediction="Yes.",
    ...                        refutation="No.")
    >>> write_report(results, Path(tempfile.mkdtemp()) / "one.html").name
    'one.html'
    """
    target = Path(path)
    if not isinstance(results, StudyResults):
        results = chosen([results] if isinstance(results, Finding) else list(results))
    named = replace(results, title=title) if title else results
    files = written_files(named, target, edition)
    refuse_replacing(*files, overwrite=overwrite)
    text = render(named, edition=edition, page=target.name)
    for moving in files[1:]:
        write_explore(named, moving, overwrite=True)
    return write_whole(text, target)


def written_files(results: StudyResults, target: Path, edition: Edition) -> tuple[Path, ...]:
    """Return what `write_report` writes: the page, and the one to explore where there is one."""
    beside = explore_name(results, target.name) if edition != "brief" else ""
    return (target, target.with_name(beside)) if beside else (target,)


def chosen(findings: Sequence[Finding]) -> StudyResults:
    """Put findings together that no study asked for, those of one rater under its name.

    Raises
    ------
    InputError
        When there are none, or something else is among them.

    Examples
    --------
    >>> import pandas as pd
    >>> chosen([Finding(table=pd.DataFrame({"estimate": [1.0]}), title="One")]).data
    {'kind': 'findings', 'Finding 1: One': 'without chance'}
    """
    usable = findings and all(isinstance(each, Finding) for each in findings)
    kinds = ", ".join(type(each).__name__ for each in findings) or "none"
    InputError.unless(usable, "report", f"is of {kinds}", "give findings, or a study's results")
    by_rater: dict[str, list[Finding]] = {}
    for each in findings:
        whose = each.parameters.get("rater") or each.parameters.get("model") or ""
        by_rater.setdefault(str(whose), []).append(each)
    facts = {
        f"Finding {place}: {each.title}": "without chance"
        if each.seed is None
        else f"seed {each.seed}"
        for place, each in enumerate(findings, start=1)
    }
    return StudyResults(
        id="findings",
        title="Findings",
        data={"kind": "findings", **facts},
        raters=tuple(
            RaterResults(id=f"rater-{place}", name=name, scorer_kind="", findings=tuple(own))
            for place, (name, own) in enumerate(by_rater.items(), start=1)
            if name
        ),
        findings=tuple(by_rater.get("", ())),
        provenance={
            "command": "cm.write_report([finding, ...], path)",
            "versions": versions(),
            "code": code_state(),
        },
    )
