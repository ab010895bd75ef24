"""What mlflow's record costs of the main job, in processor seconds of one process.

Run with ``OMP_NUM_THREADS=1 MPLBACKEND=Agg python benchmarks/logging_share.py``, or with numbers of
citizens; writes
benchmarks/results/logging_share.md. The record's seconds are those between asking for it and its
end, without what the run itself does in between: two runs, with and without it, would carry the
error of both.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tables import write_table

from credit_ml.studies import load_study, run_study
from credit_ml.studies import run as main_job
from credit_ml.studies.tracking import tracked

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "experiments" / "wechat.toml"
CITIZENS = (5_000, 50_000)
MEGABYTE = 1e6


class Clock:
    """Processor seconds of what is timed, added up."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count what happens inside."""
        began = time.process_time()
        try:
            yield
        finally:
            self.seconds += time.process_time() - began

    @contextmanager
    def of_record(self, *asked: Any, **how: Any) -> Iterator[Any]:
        """Open a record as `tracked` does, and time its start, what it keeps, and its end."""
        record = tracked(*asked, **how)
        with self.running():
            opened = record.__enter__()
        keep = opened.keep

        def timed(*given: Any, **more: Any) -> None:
            with self.running():
                keep(*given, **more)

        opened.keep = timed
        yield opened
        with self.running():
            record.__exit__(None, None, None)


def row(citizens: int, folder: Path) -> dict[str, object]:
    """Run the main job in an empty folder, its record timed."""
    os.chdir(folder)
    os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{folder}/mlflow.db"
    study = load_study(STUDY)
    study = study.model_copy(
        update={"world": study.world.model_copy(update={"citizens": citizens})}
    )
    record, whole = Clock(), Clock()
    main_job.tracked = record.of_record
    with whole.running():
        run_study(study, workers=1, progress=False, output=folder / "page.html")
    files = [each for each in folder.glob("mlruns/**/*") if each.is_file()]
    rest = whole.seconds - record.seconds
    return {
        "citizens": f"{citizens:,}",
        "processor seconds": round(whole.seconds, 1),
        "the record's": round(record.seconds, 1),
        "share of the rest": f"{record.seconds / rest:.1%}",
        "files kept (MB)": round(sum(each.stat().st_size for each in files) / MEGABYTE, 1),
        "models": sum(each.name == "MLmodel" for each in files),
    }


def main() -> None:
    """Measure each size and write the table."""
    sizes = [int(each) for each in sys.argv[1:]] or list(CITIZENS)
    home = Path.cwd()
    found = []
    for citizens in sizes:
        with tempfile.TemporaryDirectory() as place:
            found.append(row(citizens, Path(place)))
            os.chdir(home)
    path = write_table(
        "logging_share.md",
        "mlflow's record of the main job",
        found,
        notes=[
            "One worker; the first row's record includes importing mlflow and a new store. Target:"
            " 5 % of the main job as it ships, 50,000 citizens.",
            f"Load of the machine when it ended: {os.getloadavg()[0]:.1f}.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
