"""Files are written whole or not at all, and what cannot be written is said."""

import os
import time
from pathlib import Path

import pytest

from credit_ml.core import InputError
from credit_ml.core.errors import Remedy
from credit_ml.core.files import (
    keep_compiled,
    read_toml,
    refuse_absent,
    refuse_no_file,
    refuse_no_room,
    whole,
    write_whole,
)


def test_parts_of_killed_runs_are_cleared_and_those_of_living_ones_are_not(tmp_path):
    old, new = (tmp_path / f".page.html.{name}.part" for name in ("dead", "living"))
    other = tmp_path / ".other.html.dead.part"
    for path in (old, new, other):
        path.write_text("half")
    for path in (old, other):
        os.utime(path, (time.time() - 600,) * 2)
    write_whole("all", tmp_path / "page.html")
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", new.name, other.name}


def test_a_link_is_followed(tmp_path):
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "page.html", tmp_path / "page.html"
    target.write_text("before")
    link.symlink_to(target)
    write_whole("after", link)
    assert link.is_symlink()
    assert target.read_text() == "after"
    assert [path.name for path in target.parent.iterdir()] == ["page.html"]


def test_the_first_of_two_stays_where_it_is_not_to_be_replaced(tmp_path):
    for text in ("first", "second"):
        with whole(tmp_path / "store", over=False) as part:
            part.write_text(text)
    assert (tmp_path / "store").read_text() == "first"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_device_and_a_folder_are_no_files(tmp_path):
    for path, said in ((tmp_path, "is a folder"), (Path(os.devnull), "is no file but a device")):
        with pytest.raises(InputError, match=said):
            refuse_no_file(path)
    refuse_no_file(tmp_path / "absent")


def refused(*given, **more):
    with pytest.raises(InputError) as error:
        refuse_absent(*given, **more)
    return error.value


def test_a_file_that_is_not_there_is_said_to_be_so_with_the_nearest_of_its_kind(tmp_path):
    for name in ("factors.toml", "factor.csv", "menu.toml"):
        (tmp_path / name).write_text("")
        refuse_absent(tmp_path / name, InputError, "give one")
    remedy = Remedy("give factors=...", "say --factors")
    error = refused(tmp_path / "factor.toml", InputError, remedy, place="t, factors")
    near = f"did you mean '{tmp_path}/factors.toml'? "
    assert str(error) == f"t, factors: is not there; {near}give factors=..."
    assert error.on_command_line() == [f"t, factors: is not there; {near}say --factors"]
    assert str(refused("absent/none.toml", InputError, "give one")) == (
        "absent/none.toml: is not there; give one"
    )
    assert "is a folder; give one" in str(refused(tmp_path, InputError, "give one"))
    other = refused(tmp_path / "menu.tom", InputError, "give one")
    assert str(other).endswith(f"did you mean '{tmp_path}/menu.toml'? give one")


def test_what_keeps_a_file_from_being_read_is_said(tmp_path):
    (tmp_path / "latin.toml").write_bytes("a = 'é'".encode("latin-1"))
    (tmp_path / "gone.toml").symlink_to(tmp_path / "nowhere")
    said = {
        "latin.toml": "is no text in UTF-8",
        "gone.toml": "cannot be read (No such file or directory)",
        "none.toml": "is not there",
    }
    for name, problem in said.items():
        with pytest.raises(InputError) as error:
            read_toml(tmp_path / name, InputError, "give one")
        assert error.value.problem == problem


def test_what_is_compiled_has_a_place_although_neither_package_nor_home_can_be_written(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/self/none")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    keep_compiled(tmp_path)  # can be written
    assert "NUMBA_CACHE_DIR" not in os.environ
    for others_may_write in (False, True):
        monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
        monkeypatch.setattr(os, "access", lambda path, mode: False)
        keep_compiled(Path("/proc"))
        kept = Path(os.environ["NUMBA_CACHE_DIR"])
        assert kept.parent == tmp_path
        assert kept.is_dir()
        assert (kept.name == f"credit_ml-{os.getuid()}") != others_may_write
        kept.chmod(0o777)
    monkeypatch.delenv("NUMBA_CACHE_DIR")


def test_the_folder_of_a_file_is_made_or_refused_before_anything_is_written(tmp_path):
    target = tmp_path / "far" / "farther" / "page.html"
    refuse_no_room(target.parent, "page", InputError)
    assert not list(tmp_path.iterdir())
    assert write_whole("all", target).read_text() == "all"
    with pytest.raises(
        InputError, match=r"page: cannot be written into .*page\.html; give another"
    ):
        refuse_no_room(target / "below", "page", InputError)
