"""What the commands write: a table of people, and lists for the terminal."""

import shutil
import sys
import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import typer

from credit_ml.cli.errors import fail
from credit_ml.core import InputError, StudyError, need_known, whole
from credit_ml.core.files import refuse_no_file, refuse_no_room, refuse_replacing, write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from credit_ml.agencies import Rater
    from credit_ml.core import Finding, StudyResults
    from credit_ml.dynamics import Policy
    from credit_ml.society import Society, World
    from credit_ml.studies.cells.asked import StoredAsked

#: Columns of a year's table that are shown with four digits.
SHARES = ("broken", "listed", "capacity_lost")
#: Rows of a comparison that a terminal shows.
ON_TERMINAL = 20


def refuse_overwriting(*paths: Path, force: bool) -> None:
    """Ask on a terminal whether files that are there may be replaced; elsewhere want --force.

    Raises
    ------
    InputError
        When one is there, and may not be.
    """
    for path in paths:
        refuse_no_file(path)
        refuse_no_room(path.parent, str(path), InputError)
    there = [path for path in paths if path.is_file()]
    if there and not force and sys.stdin.isatty() and sys.stderr.isatty():
        force = typer.confirm(f"Replace {' and '.join(map(str, there))}?", err=True)
    refuse_replacing(*there, overwrite=force)


def copied(name: str, target: Path, *, force: bool) -> None:
    """Copy the file of a study that ships with the package, byte by byte.

    Raises
    ------
    StudyError, InputError
        When no study has that name, or something is there that may not be replaced.
    """
    from credit_ml.studies.shipped import shipped_files

    known = shipped_files()
    need_known(StudyError, "study", name, known)
    refuse_overwriting(target, force=force)
    write_whole(known[name].read_text(encoding="utf-8"), target)


def audited(
    table: Path, spec: Path | None, *, output: Path, track: bool, progress: bool, **options: Any
) -> "StudyResults":
    """Audit a table and write the report; what `said_of_audit` says is warned of nowhere else."""
    from credit_ml.explanation.shapley.block_shapley import ManyFactors
    from credit_ml.studies import audit_table

    with warnings.catch_warnings(action="ignore", category=ManyFactors):
        how: dict[str, Any] = {"output": output, "track": track, "progress": progress}
        return audit_table(table, spec, overwrite=True, **how, **options)


def said_of_audit(found: "StudyResults") -> list[str]:
    """Return what there is to say of an audit besides its report.

    That is which columns tell a sensitive feature by themselves, where more columns are factors
    than are asked about one by one the rule of it and a file of factors to edit, and which audit
    checks fire.
    """
    from credit_ml.reports.diagnostics import on_console
    from credit_ml.studies.own_table.plan import carried, many_factors

    trained = any(rater.id != "given" for rater in found.raters)
    told = [carried(each) for each in found.data.get("carriers", ())]
    many = many_factors(found.settings["factors"]) if trained else None
    # What is to be copied into a file comes last.
    return [*told, on_console(found.diagnostics), *([many] if many else [])]


def end_strictly(found: "StudyResults", *, strict: bool) -> None:
    """End the program with 1, and say why, where a warning fires that nobody muted."""
    fired = dict.fromkeys(f"{each.check} {each.name}" for each in found.diagnostics or ())
    warns = {f"{each.check} {each.name}" for each in found.diagnostics or () if each.warns}
    if strict and warns:
        told = ", ".join(each for each in fired if each in warns)
        fail([f"--strict: {told}; see credit-ml checks ID, mend it or mute it"], 1)


def checks_listed(name: str | None) -> str:
    """Say what every audit check is, a line each, or all of one.

    Raises
    ------
    InputError
        When there is none of that id or name.
    """
    from credit_ml.governance import audit_checks_frame, load_check

    if name is None:
        table = audit_checks_frame()
        return as_table(table[["id", "name", "severity", "means"]])
    one = load_check(name)
    width = min(shutil.get_terminal_size((88, 24)).columns, 100)
    parts = [f"{one.id} {one.name} ({one.severity})", f"Says: {one.form}", one.means, one.do]
    mute = f'To mute it, with a reason: --mute {one.id}="reason", or [mute] {one.id} = "reason".'
    return "\n\n".join(textwrap.fill(part, width) for part in (*parts, mute))


def exhibits_written(
    table: Path, spec: Path | None, folder: Path, *, rules: list[str], force: bool, **options: Any
) -> str:
    """Write the exhibits of rules of law from a table, and return what to tell.

    Raises
    ------
    InputError
        When a rule, the day or the table cannot be used, or a page is there already.
    """
    from credit_ml.reports import write_exhibits
    from credit_ml.studies.own_table.exhibits import exhibits_of_table

    made = [folder / f"{Path(rule).stem}.{ending}" for rule in rules for ending in ("html", "json")]
    refuse_overwriting(*made, force=force)
    found = exhibits_of_table(table, rules, spec, **options)
    pages = write_exhibits(found, folder, overwrite=True)
    return "\n".join(f"wrote {page}" for page in pages)


def refuse_packed(path: Path, *, packed: bool) -> None:
    """Refuse to pack one file of people: a folder is packed, and its ties with it."""
    problem = "is one file, which cannot be packed"
    InputError.unless(not packed, str(path), problem, "name a folder, or leave out --packed")


def refuse_cluster(path: Path, dask: str | None) -> None:
    """Refuse to make one file of people by a cluster: cities of a folder are shared out."""
    problem = f"is of no use for {path}: one process makes one file"
    InputError.unless(dask is None, "--dask", problem, "name a folder, or leave it out")


def write_people(society: "Society", path: Path) -> None:
    """Write people, records, outcome and truth as one parquet file, whole or not at all.

    Columns of the truth are prefixed ``truth_``, those of the holders ``held_``. The world is in
    the file's metadata.
    """
    import pyarrow.parquet as pq

    from credit_ml.society.society import TABLES
    from credit_ml.society.storage.archive import society_table

    table = society_table({name: getattr(society, name) for name in TABLES})
    world = {b"credit_ml.world": society.world.digest().encode()}
    table = table.replace_schema_metadata((table.schema.metadata or {}) | world)
    with whole(path) as part:
        pq.write_table(table, part)


def write_nation(
    world: "World", folder: Path, asked: "StoredAsked", *, workers: int, progress: bool
) -> str:
    """Write a society as a folder, with a bar on stderr; return what to tell the user.

    Parameters
    ----------
    asked : StoredAsked
        Its form, and the address of a scheduler, or "local" for a cluster of `workers` on this
        machine.

    Raises
    ------
    InputError
        When Dask is asked for and absent, or its scheduler cannot be reached.
    """
    from credit_ml.core.progress import shown_progress
    from credit_ml.society import write_society

    if folder.suffix and not folder.is_dir():
        problem = f"ends in '{folder.suffix}'"
        raise InputError(str(folder), problem, "name a folder, or a file that ends in .parquet")
    with cluster(asked.dask, workers) as client, shown_progress(enabled=progress) as bar:
        how: dict[str, Any] = {"packed": asked.packed, "workers": workers, "client": client}
        bar.start("cities")
        archive = write_society(world, folder, **how, done=bar.reached)
    return (
        f"wrote {folder}: {world.citizens:,} citizens in "
        f"{archive.cities:,} {'city' if archive.cities == 1 else 'cities'}"
    )


@contextmanager
def cluster(address: str | None, workers: int) -> Iterator[Any]:
    """Yield a client of a Dask cluster, or None when none is asked for."""
    if address is None:
        yield None
        return
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        remedy = 'install them: pip install "credit-ml[cluster]"'
        raise InputError("--dask", "needs packages that are absent", remedy) from error
    if address == "local":
        with (
            LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0"
            ) as here,
            Client(here) as client,
        ):
            yield client
        return
    try:
        client = Client(address, timeout=10)
    except (OSError, TimeoutError, ValueError) as error:
        remedy = "give the address that dask scheduler prints"
        raise InputError("--dask", f"'{address}' cannot be reached", remedy) from error
    with client:
        yield client


def society_of(world: str, *, citizens: int | None, seed: int | None) -> "Society":
    """Simulate a named world or a file's, or read a folder that `credit-ml simulate` wrote.

    Raises
    ------
    InputError
        When a size or a seed is asked of a folder, which has its own.
    """
    from credit_ml.society import load_world, read_society

    if not Path(world).is_dir():
        return load_world(world, citizens=citizens, seed=seed).simulate()
    if citizens is not None or seed is not None:
        problem = f"'{world}' is a folder with its own size and seed"
        raise InputError("--world", problem, "leave --citizens and --seed out")
    return read_society(world)


def write_scores(rater: "Rater", society: "Society", path: Path) -> str:
    """Write points, probability, privileges and penalties of every citizen; return what to tell.

    Raises
    ------
    InputError
        When the file is neither .parquet nor .csv.
    """
    checked_scores_file(path)
    seen = rater.agency.view(society)
    columns: dict[str, pd.Series] = {
        "points": rater.score(seen.X),
        "probability": pd.Series(rater.predict_proba(seen.X)[:, 1], index=seen.X.index),
        "known": seen.context["known"],
    }
    for granted in rater.agency.privileges:
        columns[granted.id] = rater.decide(seen.X, granted.id)
    for imposed in rater.agency.penalties:
        columns[imposed.id] = rater.punish(seen.X, imposed.id)
    table = pd.DataFrame(columns).rename_axis("citizen").reset_index()
    with whole(path) as part:
        if path.suffix == ".csv":
            table.to_csv(part, index=False, lineterminator="\n")
        else:
            table.to_parquet(part, index=False)
    points = columns["points"]
    return (
        f"wrote {path}: {rater.name}, {len(table):,} citizens, points "
        f"{points.quantile(0.05):.4g} to {points.quantile(0.95):.4g} (5 to 95 %)"
    )


def checked_scores_file(path: Path) -> None:
    """Refuse, before any work, a file of scores that is neither .parquet nor .csv.

    Raises
    ------
    InputError
    """
    ends, remedy = path.suffix in (".parquet", ".csv"), "name a .parquet or .csv"
    InputError.unless(ends, str(path), f"ends in '{path.suffix}'", remedy)


def checked_page(path: Path) -> None:
    """Refuse, before any work, what is neither a page nor a table.

    Raises
    ------
    InputError
        When the file ends in neither .html nor .csv.
    """
    remedy = "name a .html for a report or a .csv for the table"
    ends = path.suffix in (".html", ".csv")
    InputError.unless(ends, str(path), f"ends in '{path.suffix}'", remedy)


def yearly(society: "Society", policies: "Sequence[Policy]", *, years: int) -> str:
    """Let a society live under each policy, and lay out what every year was."""
    from credit_ml.dynamics import run_rounds

    told = []
    for policy in policies:
        table = run_rounds(society, policy, years=years).years
        shown = table.assign(**{name: table[name].map("{:.4f}".format) for name in SHARES})
        told.append(f"{policy.id}: {policy.title}\n{as_table(shown)}")
    return "\n\n".join(told)


def write_effects(found: "Finding", path: Path) -> str:
    """Write what policies or rows change, as a page or as its table; return what to tell."""
    from credit_ml.reports import write_report

    if path.suffix == ".html":
        write_report(found, path, title=found.title, overwrite=True)
    else:
        with whole(path) as part:
            found.table.to_csv(part, index=False, lineterminator="\n")
    return f"wrote {path}: {found.title}"


def compared(runs: tuple[str, str], path: Path | None) -> str:
    """Hold two stored runs against each other, write that if asked to; return what to tell.

    Raises
    ------
    InputError, StudyError
        When the path ends in neither .html nor .json, a run is unknown, or both have nothing in
        common.
    """
    from credit_ml.reports import compare_runs
    from credit_ml.reports.run_comparison.finding import shown_rows
    from credit_ml.studies import stored_results

    if path is not None:
        ends, remedy = path.suffix in (".html", ".json"), "name a .html for a page, or a .json"
        InputError.unless(ends, str(path), f"ends in '{path.suffix}'", remedy)
    found = compare_runs(*(stored_results(run) for run in runs))
    told = found.parameters
    lines = [
        f"{found.title}: {told['differ']:,} of {told['compared']:,} numbers differ, "
        f"{len(found.changed):,} by more than their intervals allow",
        found.notes[0],
    ]
    settings = ([key, *(each or "absent" for each in both)] for key, *both in told["settings"])
    lines += [f"{key}: {one} -> {two}" for key, one, two in settings]
    for which in ("first", "second"):
        if alone := told[f"only_{which}"]:
            lines.append(f"only the {which} run has {', '.join(alone)}")
    if len(found.table):
        lines.append(as_table(shown_rows(found, ON_TERMINAL)))
    if path is not None:
        _write_comparison(found, path, f"credit-ml compare {' '.join(runs)}")
        lines.append(f"wrote {path}")
    return "\n".join(lines)


def _write_comparison(found: "Finding", path: Path, command: str) -> None:
    from credit_ml.core.files import write_whole
    from credit_ml.core.provenance import canonical_json
    from credit_ml.reports import write_report
    from credit_ml.reports.page import chosen

    if path.suffix == ".json":
        write_whole(canonical_json(found.to_dict()) + "\n", path)
        return
    results = chosen([found])
    provenance = {**results.provenance, "command": command}
    told = replace(results, title=found.title, provenance=provenance)
    write_report(told, path, overwrite=True)


def as_table(table: pd.DataFrame) -> str:
    """Lay out a table for the terminal, lines wrapped inside their columns."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    shown = Table(box=box.SIMPLE, show_lines=True, pad_edge=False)
    for column in table.columns:
        shown.add_column(str(column), overflow="fold")
    for row in table.itertuples(index=False):
        shown.add_row(*map(str, row))
    console = Console(width=max(shutil.get_terminal_size((120, 24)).columns, 100))
    with console.capture() as captured:
        console.print(shown)
    return captured.get().rstrip()


def listing(table: pd.DataFrame) -> str:
    """Lay out a catalogue for the terminal: id, title, rows, then its paragraph."""
    width = min(shutil.get_terminal_size((88, 24)).columns, 100)
    entries = []
    for row in table.to_dict("records"):
        rows = f"  [{row['rows']}]" if row.get("rows") else ""
        paragraph = textwrap.fill(
            str(row["description"]), width, initial_indent="    ", subsequent_indent="    "
        )
        entries.append(f"{row['id']}: {row['title']}{rows}\n{paragraph}")
    return "\n\n".join(entries)
