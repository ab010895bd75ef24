"""A question as a file, run, tracked and reported."""

from credit_ml.studies.own_table.audit_table import audit_table
from credit_ml.studies.run import run_study
from credit_ml.studies.study import Study, load_study
from credit_ml.studies.sweeps.disclosure import SweepStudy, load_sweep, run_sweep
from credit_ml.studies.sweeps.leaderboard import LeaderboardStudy, load_leaderboard, run_leaderboard
from credit_ml.studies.tracking import stored_results

__all__ = [
    "LeaderboardStudy",
    "Study",
    "SweepStudy",
    "audit_table",
    "load_leaderboard",
    "load_study",
    "load_sweep",
    "run_leaderboard",
    "run_study",
    "run_sweep",
    "stored_results",
]
