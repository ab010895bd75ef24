"""A study of any kind, killed outright and run again, gives the bytes of an undisturbed one."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

HEAD = """
{more}
[study]
id = "small"
title = "Small"
question = "Is there a gap?"
prediction = "Yes."
refutation = "No."
seed = 3
[report]
path = "small.html"
"""
ONE = """
[world]
name = "segregated"
citizens = 600
[[raters]]
agency = "sesame"
scorers = ["scorecard"]
[lead]
sensitive = "hukou"
group = "rural"
reference_group = "urban"
[explain]
people = 60
[disclosure]
people = 80
"""
MANY = """
[[raters]]
agency = "sesame"
scorers = ["scorecard"]
[[raters]]
agency = "national"
scorers = ["scorecard"]
"""
#: How often a study is killed: once in continuous integration, ten times to be sure.
MOMENTS = int(os.environ.get("CREDIT_ML_KILLS", "1"))
STUDIES = {
    "main": HEAD.format(more='sensitive = ["hukou"]\nresample_societies = 8') + ONE,
    "consequences": HEAD.format(more='sensitive = ["hukou"]\nresample_societies = 0')
    + ONE
    + "[rounds]\npolicies = ['joined']\nyears = 2\nsocieties = 8\n",
    "leaderboard": HEAD.format(
        more="worlds = ['segregated']\nsensitive = ['hukou']\nestimators = ['leave_out']"
    )
    + MANY
    + "[[sizes]]\npeople = 300\nsamples = 2\n[truth]\ntraining = 400\ncitizens = 600\nfewest = 2\n"
    "source_citizens = 500\nsource_people = 100\npermutations = 2\n",
    "disclosure": HEAD.format(
        more="worlds = ['baseline']\nregimes = ['nothing', 'full']\ncitizens = 300\nsocieties = 2"
    )
    + MANY
    + "[lead]\nsensitive = 'hukou'\ngroup = 'rural'\nreference_group = 'urban'\n",
    "sweep": HEAD.format(more='sensitive = ["hukou"]\nresample_societies = 0')
    + ONE
    + "[sweep]\ndesign = 'list'\n[sweep.over]\n'study.seed' = [1, 2, 3]\n"
    "[[sweep.headlines]]\nname = 'the gap'\nkind = 'audit'\nwhere = { quantity = 'difference', "
    "measure = 'mean_score', sensitive = 'hukou', group = 'rural' }\n",
}


def started(folder: Path, kind: str, *words: str, **environment: str) -> subprocess.Popen:
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(STUDIES[kind])
    command = [sys.executable, "-m", "credit_ml", "run", "study.toml", "--no-track", *words]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(job: subprocess.Popen) -> None:
    _, err = job.communicate(timeout=600)
    assert job.returncode == 0, err


@pytest.mark.parametrize("kind", STUDIES)
def test_a_killed_study_goes_on_to_the_same_bytes(kind: str, tmp_path: Path) -> None:
    before = time.monotonic()
    ended(started(tmp_path / "calm", kind, "--jobs", "1"))
    takes, chance = time.monotonic() - before, random.Random(kind)
    for moment in range(MOMENTS):
        killed = tmp_path / f"killed-{moment}"
        job = started(killed, kind, "--jobs", "2")
        try:
            job.wait(takes * chance.uniform(0.3, 1.0))
        except subprocess.TimeoutExpired:
            job.kill()
        job.communicate()
        other = {"PYTHONHASHSEED": "11", "OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}
        ended(started(killed, kind, "--jobs", "2", **other))
        same_bytes(tmp_path / "calm", killed)
        assert not list(killed.glob(".small*.part"))


def same_bytes(calm: Path, other: Path) -> None:
    for name in ("small.html", "small.json"):
        assert (calm / name).read_bytes() == (other / name).read_bytes()


@pytest.mark.parametrize("kind", ["disclosure", "sweep"])
def test_two_workers_of_a_dask_cluster_give_the_same_bytes(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    ended(started(tmp_path / "calm", kind, "--jobs", "1"))
    ended(started(tmp_path / "dask", kind, "--jobs", "2", "--dask", "local"))
    same_bytes(tmp_path / "calm", tmp_path / "dask")
