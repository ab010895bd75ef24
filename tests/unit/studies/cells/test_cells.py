"""Cells are found again only as they were written, and one that fails stops no other."""

import functools
import shutil
import sys
from dataclasses import dataclass

import cloudpickle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core.progress import Progress
from credit_ml.studies.cells import code
from credit_ml.studies.cells.plan import plan, states
from credit_ml.studies.cells.store import Cells, ChangedCell
from credit_ml.studies.cells.work import CellError, all_names, file_name, make_missing

#: Processes are sent this module's classes, for they cannot import it.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


@pytest.fixture
def cells(tmp_path):
    return Cells(tmp_path, "f" * 64)


def test_a_cell_is_read_as_it_was_written(cells):
    path = cells.keep("one-0.csv", b"a,b\n1,2\n")
    assert cells.read("one-0.csv") == path.read_bytes() == b"a,b\n1,2\n"
    assert path.name.startswith("one-0.")
    assert path.suffix == ".csv"
    assert cells.read("one-1.csv") is None


@pytest.mark.parametrize("change", ["edited", "renamed", "of another study", "cut", "emptied"])
def test_a_cell_that_was_changed_is_said_and_made_again(cells, change):
    path = cells.keep("one-0.csv", b"a,b\n1,2\n")
    wanted = "one-0.csv"
    if change == "edited":
        path.write_bytes(b"a,b\n1,3\n")
    elif change == "renamed":
        wanted = "two-0.csv"
        path.rename(path.with_name(path.name.replace("one", "two")))
    elif change == "of another study":
        theirs = Cells(cells.folder.parent, "e" * 64)
        shutil.copy(path, theirs.made())
        cells = theirs
    else:
        path.write_bytes(path.read_bytes()[:5] if change == "cut" else b"")
    with pytest.warns(ChangedCell, match="was changed since it was written"):
        assert not cells.has(wanted)
    assert cells.keep(wanted, b"again").read_bytes() == cells.read(wanted)


@given(st.binary(min_size=1, max_size=200), st.integers(0, 10_000))
def test_any_flipped_bit_is_noticed(tmp_path_factory, content, place):
    cells = Cells(tmp_path_factory.mktemp("bits"), "0" * 64)
    path = cells.keep("one.bin", content)
    flipped = bytearray(content)
    flipped[place // 8 % len(content)] ^= 1 << place % 8
    path.write_bytes(flipped)
    with pytest.warns(ChangedCell):
        assert cells.read("one.bin") is None


@given(st.lists(st.text(max_size=60), min_size=2, max_size=6, unique=True))
def test_every_part_has_a_file_name_of_its_own(parts):
    names = {file_name("world", part) for part in parts}
    assert len(names) == len({part.replace(" ", "_") for part in parts})
    assert all(name.replace("-", "_").isidentifier() and len(name) < 100 for name in names)


@dataclass(frozen=True)
class Squares:
    """A block of two cells; the second of an odd number fails."""

    number: int
    alike = "square"

    def cells(self):
        makes = {"first": self.first, "second": self.second}
        return {f"{self.number}-{name}.txt": make for name, make in makes.items()}

    def first(self):
        return str(self.number**2).encode()

    def second(self):
        if self.number % 2:
            raise RuntimeError(f"no second of {self.number}")
        return b"second"


def test_one_that_fails_is_recorded_and_the_rest_go_on(cells):
    blocks = [Squares(number) for number in range(4)]
    make = functools.partial(make_missing, cells, workers=1, client=None, bar=Progress())
    with pytest.raises(CellError, match=r"2 cells failed, 1-second\.txt .*no second of 1"):
        make(blocks)
    kept = [name for name in all_names(blocks) if cells.read(name)]
    assert kept == [name for name in all_names(blocks) if name[0] in "02" or "first" in name]
    told = cells.failure("1-second.txt").read_text(encoding="utf-8")
    assert "Traceback" in told
    assert "no second of 1" in told
    assert sum("failed, see 3-second.txt.failed.txt" in each for each in states(cells, blocks)) == 1
    make([Squares(0), Squares(2)])
    found = plan(blocks, cells, measure=False)
    assert (found.kept, found.missing) == (6, 2)
    assert "8 cells (squares), 6 of them kept" in found.text("squares", 1)


def test_processes_make_the_same_cells(cells, tmp_path):
    blocks = [Squares(number) for number in (0, 2, 4)]
    other = Cells(tmp_path / "other", cells.key)
    for each, workers in ((cells, 1), (other, 2)):
        make_missing(each, blocks, workers=workers, client=None, bar=Progress())
    one, two = ({path.name for path in each.folder.glob("*.txt")} for each in (cells, other))
    assert one == two


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a small package in the place of ours, whose digest is asked anew each time."""
    root = tmp_path / "credit_ml"
    for name, text in {
        "studies/cells_of.py": "from credit_ml.proxies import shares\n",
        "proxies/shares.py": "from credit_ml.core import one\n",
        "proxies/words.md.j2": "words",
        "core/one.py": "one = 1\n",
        "core/one.toml": "one = 1\n",
        "disclosure/other.py": "other = 2\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.setattr(code, "_ROOT", root)
    code._code.cache_clear()
    yield root
    code._code.cache_clear()


@pytest.mark.parametrize(
    ("file", "matters"),
    [
        ("studies/cells_of.py", True),
        ("proxies/shares.py", True),
        ("core/one.py", True),
        ("core/one.toml", True),
        ("disclosure/other.py", False),
        ("proxies/words.md.j2", False),
    ],
)
def test_a_cell_hangs_on_the_code_it_runs_and_on_no_other(package, file, matters):
    before = code.made_by("studies.cells_of")
    with (package / file).open("a") as changed:
        changed.write("# changed\n")
    code._code.cache_clear()
    assert (code.made_by("studies.cells_of") != before) == matters
