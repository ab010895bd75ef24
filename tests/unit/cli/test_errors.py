"""Errors that no code of ours is to blame for end in one line as well."""

import os
from concurrent.futures import ProcessPoolExecutor

import pytest
import typer

from credit_ml.cli.errors import LOST, one_line


@one_line
def loses_its_worker():
    with ProcessPoolExecutor(1) as workers:
        workers.submit(os._exit, 9).result()


@one_line
def loses_a_worker_of_joblib():
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    raise TerminatedWorkerError("a worker was killed")


@pytest.mark.parametrize("command", [loses_its_worker, loses_a_worker_of_joblib])
def test_a_worker_that_is_killed_costs_one_line(command, capsys):
    with pytest.raises(typer.Exit) as ended:
        command()
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err == f"error: {LOST}\n"
