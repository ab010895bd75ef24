from .own_table.audit_table import audit_table
from .own_table.report import report
from .own_table.spec import TableAudit
from .own_table.stored_model import read_model
from .run import run_study
from .study import Study, load_study
from .sweeps.disclosure import SweepStudy, load_sweep, run_sweep
from .sweeps.leaderboard import LeaderboardStudy, load_leaderboard, run_leaderboard
from .tracking import stored_results

__all__ = [
    "LeaderboardStudy",
    "Study",
    "SweepStudy",
    "TableAudit",
    "audit_table",
    "load_leaderboard",
    "load_study",
    "load_sweep",
    "read_model",
    "report",
    "run_leaderboard",
    "run_study",
    "run_sweep",
    "stored_results",
]
