"""The commands; each says what it does, what it writes, and how it may end."""

import atexit
import gc
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from credit_ml.cli.errors import one_line
from credit_ml.cli.flags import with_flags
from credit_ml.studies.cells.asked import NationAsked, RunAsked, StoredAsked
from credit_ml.studies.own_table.spec import ExhibitAsked, StrictAsked, TableAudit

#: New objects between two searches for garbage.
ALLOCATIONS = 100_000

app = typer.Typer(
    name="credit-ml", no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
)

Output = Annotated[Path | None, typer.Option("-o", "--output", help="Report; the study names one.")]
Dask = Annotated[
    str | None,
    typer.Option(help="Scheduler of a Dask cluster, such as tcp://host:8786, or 'local'."),
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Seed of every stream.")]
Workers = Annotated[
    int | None,
    typer.Option("--workers", "--jobs", min=1, help="Jobs at once; by default one a processor."),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]
NoTrack = Annotated[bool, typer.Option("--no-track", help="Keep no record in mlflow.")]


Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check all, and say what would be done.")]


def _version(asked: bool) -> None:  # noqa: FBT001 (typer's own way)
    if asked:
        from importlib.metadata import version

        typer.echo(f"credit-ml {version('credit-ml')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None:
    """Make a society whose causes are known, let raters score it, and measure who is harmed."""
    del version


def main() -> None:
    """Run the command line.

    Examples
    --------
    >>> import sys
    >>> before, sys.argv = sys.argv, ["credit-ml", "run", "absent.toml"]
    >>> try:
    ...     main()  # says on one line what is wrong
    ... except SystemExit as end:
    ...     end.code
    ... finally:
    ...     sys.argv = before
    2
    """
    # Modules are no garbage: to search them costs a second while they are read, and one at the end.
    gc.set_threshold(ALLOCATIONS)
    atexit.register(gc.freeze)
    app()


@app.command()
@one_line
@with_flags(RunAsked)
def run(
    study: Annotated[
        Path,
        typer.Argument(help="A study's file, or the name of one that credit-ml studies lists."),
    ],
    *,
    output: Output = None,
    workers: Workers = None,
    no_track: NoTrack = False,
    quiet: Quiet = False,
    force: Force = False,
    dry_run: DryRun = False,
    **options: Any,
) -> None:
    """Run a study of any kind: make the cells that are missing, track, and write its report.

    Cells that are finished are found, and not made again: a run that was stopped goes on.
    """
    from credit_ml.cli.finished import said_again
    from credit_ml.studies.cells.again import AskedAgain

    asked, track = RunAsked(**options), not no_track
    again = AskedAgain("run", study, asked.folder, output)
    if not dry_run and said_again(again, asked, track=track, quiet=quiet):
        return
    with again.noting() as noted:
        from credit_ml.cli.run_study import listed, planned, ran
        from credit_ml.cli.write import end_strictly
        from credit_ml.reports.diagnostics import on_console
        from credit_ml.studies import load_study

        loaded = load_study(study)
        if asked.list_cells:
            typer.echo(listed(loaded, asked))
        elif dry_run:
            typer.echo(planned(loaded, asked, output=output, workers=workers))
        else:
            how = {"workers": workers, "track": track, "progress": not quiet}
            said, found = ran(loaded, asked, output, force=force, **how)
            noted.append(on_console(found.diagnostics))
            typer.echo("\n".join([said, *([] if quiet else noted)]))
    if noted:
        end_strictly(found, strict=asked.strict)


@app.command()
@one_line
@with_flags(NationAsked)
def nation(
    study: Annotated[Path, typer.Argument(help="Study file of one society, of any size.")],
    *,
    output: Output = None,
    workers: Workers = None,
    no_track: NoTrack = False,
    quiet: Quiet = False,
    force: Force = False,
    dry_run: DryRun = False,
    **options: Any,
) -> None:
    """Run a study city by city, so that its people never lie together: for very many of them.

    Finished cities are found, and not made again: a run that was stopped, or that lost a worker,
    goes on. No person is kept.
    """
    from credit_ml.cli.finished import said_again
    from credit_ml.studies.cells.again import AskedAgain

    asked, track = NationAsked(**options), not no_track
    again = AskedAgain("nation", study, asked.folder, output)
    if not dry_run and said_again(again, asked, track=track, quiet=quiet):
        return
    with again.noting() as noted:
        from credit_ml.cli.run_study import planned_cities, ran_nation
        from credit_ml.cli.write import end_strictly
        from credit_ml.reports.diagnostics import on_console

        if dry_run:
            typer.echo(planned_cities(study, asked.folder, output))
            return
        how = {"workers": workers, "track": track, "progress": not quiet}
        said, found = ran_nation(study, asked, output, force=force, **how)
        noted.append(on_console(found.diagnostics))
        typer.echo("\n".join([said, *([] if quiet else noted)]))
    end_strictly(found, strict=asked.strict)


# Names that studies of many cells had before there was one form of file.
for _name in ("leaderboard", "disclosure"):
    app.command(_name, help="The same as run; for such a study.", hidden=True)(run)


@app.command()
@one_line
def report(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Run in mlflow, or results.json.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write the page.")],
    *,
    edition: Annotated[
        Literal["page", "print", "brief"],
        typer.Option(help="To read on a screen, to print whole, or on four sheets."),
    ] = "page",
    force: Force = False,
) -> None:
    """Write a run's report again from its stored findings; nothing is trained."""
    from credit_ml.cli.write import refuse_overwriting
    from credit_ml.reports import write_report
    from credit_ml.reports.page import written_files
    from credit_ml.studies import stored_results
    from credit_ml.studies.written import checked_page

    checked_page(output)
    refuse_overwriting(output, force=force)  # before anything is read
    results = stored_results(run_id)
    refuse_overwriting(*written_files(results, output, edition), force=force or output.is_file())
    write_report(results, output, edition=edition, overwrite=True)
    typer.echo(f"wrote {output}")


@app.command()
@one_line
def explore(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Run in mlflow, or results.json.")],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="The page; by default RUN's name, .explore.html, here."
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Write a page to explore a run in: move the threshold, choose a simulated citizen.

    One file that opens from disk and asks for nothing, made of what the run stored: studies with a
    table [explore], and every audit of a table (groups alone: no person of it is stored).
    """
    from credit_ml.cli.write import refuse_overwriting
    from credit_ml.reports import write_explore
    from credit_ml.studies import stored_results

    if output is not None:  # before anything is read
        refuse_overwriting(output, force=force)
    results = stored_results(run_id)
    # Two runs of one study have one id: a file's page is called as the file is.
    name = Path(run_id).stem if Path(run_id).is_file() else results.id
    target = output or Path(f"{name}.explore.html")
    if output is None:
        refuse_overwriting(target, force=force)
    write_explore(results, target, overwrite=True)
    typer.echo(f"wrote {target}")


@app.command()
@one_line
def compare(
    first: Annotated[str, typer.Argument(metavar="RUN", help="Run in mlflow, or results.json.")],
    second: Annotated[str, typer.Argument(metavar="RUN", help="Another, held against the first.")],
    *,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A page (.html), or everything (.json).")
    ] = None,
    force: Force = False,
) -> None:
    """Say what changed between two runs: settings, and numbers with intervals, the surest first.

    Paired where both stored the same simulated citizens ([explore]); all else is unpaired, and
    said to be.
    """
    from credit_ml.cli.write import compared, refuse_overwriting

    if output is not None:
        refuse_overwriting(output, force=force)
    typer.echo(compared((first, second), output))


@app.command()
@one_line
@with_flags(StoredAsked)
def simulate(
    world: Annotated[str, typer.Argument(help="A named world, or a TOML file of your own.")],
    *,
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="A folder for a society with ties, or a .parquet of its people."
        ),
    ],
    citizens: Annotated[int | None, typer.Option(min=1, help="Number of citizens.")] = None,
    seed: Seed = None,
    workers: Workers = None,
    quiet: Quiet = False,
    force: Force = False,
    **options: Any,
) -> None:
    """Make a society and write it: people, records, outcomes, truth, and in a folder its ties.

    A folder is written city by city; a run that was stopped goes on where it was.
    """
    from credit_ml.cli.write import (
        refuse_cluster,
        refuse_overwriting,
        refuse_packed,
        write_nation,
        write_people,
    )
    from credit_ml.society import load_world

    asked = StoredAsked(**options)
    made = load_world(world, citizens=citizens, seed=seed)
    if output.suffix == ".parquet":
        refuse_packed(output, packed=asked.packed)
        refuse_cluster(output, asked.dask)
        refuse_overwriting(output, force=force)
        society = made.simulate(workers=workers or 1)
        write_people(society, output)
        typer.echo(f"wrote {output}: {society!r}")
        return
    said = write_nation(made, output, asked, workers=workers or 1, progress=not quiet)
    typer.echo(said)


@app.command()
@one_line
@with_flags(StrictAsked)
@with_flags(ExhibitAsked)
@with_flags(TableAudit)
def audit(
    table: Annotated[Path, typer.Argument(help="csv (also zipped) or parquet, a row a person.")],
    *,
    spec: Annotated[
        Path | None, typer.Option(help="TOML file of what follows; options given come before it.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Report; default: TABLE.audit.html.")
    ] = None,
    no_track: NoTrack = False,
    quiet: Quiet = False,
    force: Force = False,
    dry_run: DryRun = False,
    **options: Any,
) -> None:
    """Audit scores of a table of your own: who gets what, and which factor carries the gap.

    With --for, write the exhibit of a rule of law instead, one page and one JSON each, into the
    folder of -o (by default TABLE.exhibits).
    """
    from credit_ml.cli.write import (
        audited,
        end_strictly,
        exhibits_written,
        refuse_overwriting,
        said_of_audit,
    )
    from credit_ml.studies.own_table.user_input import table_name

    strict = options.pop("strict", False)
    asked = {key: options.pop(key) for key, _ in ExhibitAsked.flags() if key in options}
    if "rules" in asked:
        folder = output or table.with_name(f"{table_name(table)}.exhibits")
        typer.echo(exhibits_written(table, spec, folder, force=force, **asked, **options))
        return
    where = output or table.with_name(f"{table_name(table)}.audit.html")
    if dry_run:
        from credit_ml.studies.own_table.plan import planned

        typer.echo(f"{planned(table, spec, **options)}\n\nwould write {where}")
        return
    refuse_overwriting(where, where.with_suffix(".json"), force=force)
    found = audited(table, spec, output=where, track=not no_track, progress=not quiet, **options)
    told = [] if quiet else said_of_audit(found)
    typer.echo("\n".join(filter(None, [f"wrote {where}", *told])))
    end_strictly(found, strict=strict)


@app.command()
@one_line
def checks(
    check: Annotated[str | None, typer.Argument(help="Id such as CM303; all by default.")] = None,
) -> None:
    """List the audit checks, or say of one what it means, what helps, and how to mute it."""
    from credit_ml.cli.write import checks_listed

    typer.echo(checks_listed(check))


@app.command()
@one_line
def reproduce(
    study: Annotated[Path, typer.Argument(help="Study file.")],
    findings: Annotated[Path, typer.Argument(help="Committed findings (JSON) to be met.")],
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Write the findings instead of comparing.")
    ] = False,
) -> None:
    """Run a study again and compare its findings with the committed ones; 1 when they differ."""
    from credit_ml.studies.reproduce import compare_with, write_findings

    if write:
        write_findings(study, findings)
        typer.echo(f"wrote {findings}")
        return
    comparison = compare_with(study, findings)
    typer.echo(comparison.text())
    raise typer.Exit(0 if comparison.passed else 1)


@app.command()
@one_line
def studies() -> None:
    """List the studies that ship with the package, and the question of each."""
    from credit_ml.cli.write import listing
    from credit_ml.studies import studies as shipped

    typer.echo(listing(shipped()))


@app.command()
@one_line
def new(
    name: Annotated[str, typer.Argument(help="Of a study that credit-ml studies lists.")],
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Where to write it; by default NAME.toml here."),
    ] = None,
    force: Force = False,
) -> None:
    """Copy a study that ships with the package, to change it and run your own."""
    from credit_ml.cli.write import copied

    target = output or Path(f"{name}.toml")
    copied(name, target, force=force)
    typer.echo(
        f"wrote {target}; change it, its [report] path too; what it takes: credit-ml run {target} "
        f"--dry-run"
    )


@app.command()
@one_line
def schema(
    of: Annotated[
        Literal["study", "findings"], typer.Argument(help="Of study files, or of files of results.")
    ] = "study",
) -> None:
    """Write a JSON schema: of study files, for editors, or of the results that runs write."""
    import json

    from credit_ml.studies.schema import study_schema
    from credit_ml.studies.stored import findings_schema

    made = findings_schema() if of == "findings" else study_schema()
    typer.echo(json.dumps(made, indent=2, ensure_ascii=False))


@app.command()
@one_line
def worlds(
    write: Annotated[
        Path | None,
        typer.Option(help="Write golden moments and tables of all worlds into this data folder."),
    ] = None,
    *,
    quiet: Quiet = False,
) -> None:
    """List the named worlds, or measure and write what each must reproduce."""
    from credit_ml.cli.write import listing
    from credit_ml.core.progress import shown_progress
    from credit_ml.society import worlds as named
    from credit_ml.society.description.golden import write_golden

    if write is None:
        typer.echo(listing(named()))
        return
    with shown_progress(enabled=not quiet) as bar:
        written = write_golden(write, bar.reached)
    typer.echo(f"wrote {len(written)} files into {write}")


@app.command()
@one_line
def agencies(
    *, prose: Annotated[bool, typer.Option("--prose", help="Tell each in a paragraph.")] = False
) -> None:
    """List the named agencies: what each sees, scores with, grants, imposes and tells."""
    from credit_ml.agencies import agencies as named
    from credit_ml.cli.write import as_table, listing

    if prose:
        typer.echo(listing(named()))
        return
    columns = ["id", "rows", "sees", "scorer", "scale", "grants", "imposes", "tells"]
    typer.echo(as_table(named()[columns]))


@app.command()
@one_line
def score(
    agency: Annotated[str, typer.Argument(help="A named agency, or a TOML file of your own.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Scores, as .parquet or .csv.")],
    *,
    world: Annotated[
        str, typer.Option(help="A named world, a TOML file, or a folder of credit-ml simulate.")
    ] = "baseline",
    citizens: Annotated[int | None, typer.Option(min=2, help="Number of citizens.")] = None,
    seed: Seed = None,
    scorer: Annotated[
        str | None, typer.Option(help="Another scorer: opaque, scorecard, logistic, tree ...")
    ] = None,
    force: Force = False,
) -> None:
    """Let an agency score a society: points, probability, and what it grants and imposes."""
    from credit_ml.agencies import load_agency
    from credit_ml.cli.write import (
        checked_scores_file,
        refuse_overwriting,
        society_of,
        write_scores,
    )

    checked_scores_file(output)
    refuse_overwriting(output, force=force)
    described = load_agency(agency)
    if scorer is not None:
        described = described.with_scorer(scorer)
    rater = described.fit(society := society_of(world, citizens=citizens, seed=seed))
    typer.echo(write_scores(rater, society, output))


@app.command()
@one_line
def policies() -> None:
    """List the named policies: which lists are kept, what they close, how a listing ends."""
    from credit_ml.cli.write import listing
    from credit_ml.dynamics import policies as named

    typer.echo(listing(named()))


@app.command()
@one_line
def rounds(
    policy: Annotated[
        list[str], typer.Argument(help="Named policies (credit-ml policies), or TOML files.")
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Report (.html) or table of effects (.csv)."),
    ] = None,
    world: Annotated[
        str, typer.Option(help="A named world, a TOML file, or a folder of credit-ml simulate.")
    ] = "baseline",
    citizens: Annotated[int | None, typer.Option(min=2, help="Number of citizens.")] = None,
    seed: Seed = None,
    years: Annotated[int, typer.Option(min=1, help="Rounds.")] = 10,
    societies: Annotated[
        int, typer.Option(min=0, help="Other societies for intervals, at least 8; 0: districts.")
    ] = 0,
    force: Force = False,
) -> None:
    """Let a society live years under policies, and say or write what they change, by group.

    Each is held against no list, with the same people and the same chance.
    """
    from credit_ml.cli.write import (
        checked_page,
        refuse_overwriting,
        society_of,
        write_effects,
        yearly,
    )
    from credit_ml.dynamics import load_policy, policy_effects
    from credit_ml.inference import checked_societies

    chosen, base = [load_policy(name) for name in policy], load_policy("no_list")
    if societies:
        checked_societies(societies)
    if output is None:
        society = society_of(world, citizens=citizens, seed=seed)
        typer.echo(yearly(society, [base, *chosen], years=years))
        return
    refuse_overwriting(output, force=force)
    checked_page(output)
    society = society_of(world, citizens=citizens, seed=seed)
    found = policy_effects(society, chosen, against=base, years=years, societies=societies)
    typer.echo(write_effects(found, output))


@app.command()
@one_line
def rows(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ROW]...", help="S1 to S24, or a TOML file; all by default."),
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Report (.html) or table of effects (.csv)."),
    ] = None,
    sensitive: Annotated[
        list[str] | None, typer.Option(help="Feature to show groups of; hukou by default.")
    ] = None,
    citizens: Annotated[int, typer.Option(min=100, help="Citizens of a society.")] = 3_000,
    societies: Annotated[int, typer.Option(min=8, help="Societies that intervals count.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Of the first society.")] = 0,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Switch the rows of the source document off and on, and say what each does by group.

    Each row has one switch and one measure; both positions of it share every draw of chance.
    """
    from credit_ml.cli.write import checked_page, refuse_overwriting, write_effects
    from credit_ml.core.progress import shown_progress
    from credit_ml.governance import rows as measured

    if output is not None:
        refuse_overwriting(output, force=force)
        checked_page(output)
    with shown_progress(enabled=not quiet):
        found = measured(
            named or None,
            sensitive=sensitive or "hukou",
            citizens=citizens,
            societies=societies,
            seed=seed,
        )
    typer.echo(found.text() if output is None else write_effects(found, output))
