"""A society on disk: the same bytes however it was made, complete or absent, never another's."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from credit_ml.core import BLOCK, ArchiveError
from credit_ml.society import Archive, World, read_society, write_society
from credit_ml.society.storage import archive as archive_module
from credit_ml.society.storage import nation, shards


def small(seed=5, extra=300):
    world = World(citizens=2 * BLOCK + extra, seed=seed)
    return replace(world, address=replace(world.address, citizens_per_city=BLOCK))


def contents(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    steps = []
    write_society(small(), folder, done=lambda finished, of: steps.append((finished, of)))
    assert steps == [(n, 6) for n in range(7)]  # three letters, three cities
    return folder


def test_what_is_read_is_what_simulate_makes(whole):
    society = read_society(whole)
    assert society.digest() == small().simulate().digest()
    twin = society.twin(hukou="urban")
    assert twin.people["hukou"].eq("urban").all()


@pytest.fixture(scope="module")
def small_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packed")
    write_society(small(), folder, packed=True)
    return folder


def test_a_packed_folder_holds_the_same_values_in_less_room(whole, small_folder):
    assert read_society(small_folder).digest() == read_society(whole).digest()
    room = [
        sum(each.stat().st_size for each in folder.rglob("*.parquet"))
        for folder in (whole, small_folder)
    ]
    assert room[1] < 0.75 * room[0]


def test_a_folder_in_the_other_form_is_refused(whole, small_folder):
    with pytest.raises(ArchiveError, match="holds this world, not packed; ask for it not packed"):
        write_society(small(), whole, packed=True)
    with pytest.raises(ArchiveError, match="holds this world, packed"):
        write_society(small(), small_folder)


def test_one_city_needs_no_mail(tmp_path):
    world = World(citizens=400, seed=2)
    write_society(world, tmp_path)
    assert read_society(tmp_path).digest() == world.simulate().digest()
    assert not (tmp_path / "mail").exists()


def test_anybody_can_read_the_folders_with_pandas(whole):
    people = pd.read_parquet(whole / "people")
    friends = pd.read_parquet(whole / "ties")["friends"]
    assert len(people) == len(friends) == 2 * BLOCK + 300
    assert (friends.map(len) == people["friends"]).all()
    assert {"hukou", "late_payments", "kept", "truth_trust", "held_company_1"} <= set(people)


def test_two_processes_write_the_same_bytes(whole, tmp_path):
    write_society(small(), tmp_path, workers=2)
    assert contents(tmp_path) == contents(whole)


# Dask's own closing of event loops warns on some platforms; nothing of ours does.
@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_a_dask_cluster_of_two_workers_writes_the_same_bytes(whole, tmp_path):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            local_directory=str(tmp_path / "scratch"),
        ) as here,
        distributed.Client(here) as client,
    ):
        write_society(small(), tmp_path / "made", client=client)
    assert contents(tmp_path / "made") == contents(whole)


def test_a_run_that_failed_goes_on_and_never_writes_a_finished_city_again(
    whole, tmp_path, monkeypatch
):
    real = shards.write_city

    def fails_at_one(archive, number):
        if number == 1:
            raise RuntimeError("the power is off")
        return real(archive, number)

    monkeypatch.setattr(nation, "write_city", fails_at_one)
    with pytest.raises(RuntimeError):
        write_society(small(), tmp_path)
    first = Archive.open(tmp_path).people(0)
    before = first.stat().st_mtime_ns
    with pytest.raises(ArchiveError, match="is not complete"):
        read_society(tmp_path)
    monkeypatch.undo()
    write_society(small(), tmp_path)
    assert first.stat().st_mtime_ns == before
    assert contents(tmp_path) == contents(whole)


def test_a_run_that_is_killed_leaves_nothing_partial_and_goes_on(whole, tmp_path):
    target = tmp_path / "made"
    program = (
        "import sys; from tests_world import small; from credit_ml.society import write_society; "
        "write_society(small(), sys.argv[1])"
    )
    helper = tmp_path / "tests_world.py"
    helper.write_text(
        "from dataclasses import replace\nfrom credit_ml.society import World\n"
        f"def small():\n    world = World(citizens={2 * BLOCK + 300}, seed=5)\n"
        f"    address = replace(world.address, citizens_per_city={BLOCK})\n"
        "    return replace(world, address=address)\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", program, str(target)], env=os.environ | {"PYTHONPATH": str(tmp_path)}
    )
    for _ in range(1200):
        if (target / "people" / "city-00000.parquet").exists() or run.poll() is not None:
            break
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL)
    run.wait()
    seen = [path for path in target.rglob("*.parquet") if not path.name.startswith(".")]
    for path in seen:
        pd.read_parquet(path)
    write_society(small(), target)
    assert contents(target) == contents(whole)


def test_a_folder_of_another_world_is_refused_by_the_first_knob_that_differs(whole):
    other = replace(small(), seed=6)
    with pytest.raises(ArchiveError, match=r"another world \(seed is 5 there, 6 here"):
        write_society(other, whole)
    assert read_society(whole).world == small()


def test_a_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ArchiveError, match=r"already holds 'thesis.txt'"):
        write_society(small(), tmp_path)
    assert contents(tmp_path).keys() == {"thesis.txt"}


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(ArchiveError, match="cannot be a folder"):
        write_society(small(), tmp_path / "taken")


@pytest.fixture
def copy(whole, tmp_path):
    import shutil

    return Path(shutil.copytree(whole, tmp_path / "copy"))


def test_a_flipped_byte_is_found_when_read(copy):
    path = Archive.open(copy).people(1)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(ArchiveError, match=r"city-00001.parquet: is damaged .* delete this file"):
        read_society(copy)


def test_a_truncated_city_is_named_and_the_others_are_kept(copy):
    archive = Archive.open(copy)
    archive.complete.unlink()
    path = archive.ties(2)
    path.write_bytes(path.read_bytes()[:-100])
    kept = contents(copy)
    with pytest.raises(ArchiveError, match=r"city-00002.parquet: is damaged"):
        write_society(small(), copy)
    assert contents(copy) == kept
    path.unlink()
    write_society(small(), copy)
    assert read_society(copy).digest() == small().simulate().digest()


def test_a_city_that_has_gone_is_made_again_although_all_were_complete(copy):
    before = contents(copy)
    (copy / "people" / "city-00001.parquet").unlink()
    with pytest.raises(ArchiveError, match=r"is absent; run credit-ml simulate again"):
        read_society(copy)
    write_society(small(), copy)
    assert contents(copy) == before


def test_two_cities_that_changed_places_are_noticed(copy):
    people = copy / "people"
    first, second, other = (people / f"city-0000{n}.parquet" for n in (0, 1, 9))
    for path, new in ((first, other), (second, first), (other, second)):
        path.rename(new)
    with pytest.raises(ArchiveError, match="it is of city 1"):
        write_society(small(), copy)


def test_a_disk_that_fills_is_said_and_nothing_half_written_stays(tmp_path, monkeypatch):
    def full(table, where, **options):
        Path(where).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive_module.pq, "write_table", full)
    with pytest.raises(ArchiveError, match="the disk is full; make room and run the same"):
        write_society(small(), tmp_path)
    assert not list(tmp_path.rglob("*.parquet"))
    assert not list(tmp_path.rglob(".*.part"))


def test_a_disk_that_is_too_small_is_refused_before_any_work(tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 1_000_000})
    monkeypatch.setattr(archive_module.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(ArchiveError, match=r"has 0.0 GB free, and 33,068 citizens need about"):
        write_society(small(), tmp_path)


def test_no_society_is_said(tmp_path):
    with pytest.raises(ArchiveError, match="holds no society"):
        read_society(tmp_path)


def test_the_command_writes_a_folder_and_refuses_a_strange_file(tmp_path):
    from typer.testing import CliRunner

    from credit_ml.cli.app import app

    made = CliRunner().invoke(
        app, ["simulate", "no_proxy", "--citizens", "300", "-o", str(tmp_path / "city")]
    )
    assert made.exit_code == 0, made.output
    assert "300 citizens in 1 city" in made.output
    odd = CliRunner().invoke(
        app, ["simulate", "no_proxy", "--citizens", "300", "-o", str(tmp_path / "a.csv")]
    )
    assert odd.exit_code == 2
    assert "ends in '.csv'" in odd.output


def test_the_command_packs_a_folder_and_no_single_file(tmp_path):
    from typer.testing import CliRunner

    from credit_ml.cli.app import app

    asked = ["simulate", "no_proxy", "--citizens", "300", "--packed", "-o"]
    made = CliRunner().invoke(app, [*asked, str(tmp_path / "city")])
    assert made.exit_code == 0, made.output
    assert Archive.open(tmp_path / "city").packed
    one = CliRunner().invoke(app, [*asked, str(tmp_path / "people.parquet")])
    assert one.exit_code == 2
    assert "is one file, which cannot be packed" in one.output
