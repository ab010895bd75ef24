from .kinds import load_study, run_study
from .nation.run import run_nation
from .own_table.audit_table import audit_table
from .own_table.report import report
from .own_table.spec import TableAudit
from .own_table.stored_model import read_model
from .shipped import studies
from .study import Study
from .sweeps.disclosure import SweepStudy
from .sweeps.leaderboard import LeaderboardStudy
from .tracking import stored_results

__all__ = [
    "LeaderboardStudy",
    "Study",
    "SweepStudy",
    "TableAudit",
    "audit_table",
    "load_study",
    "read_model",
    "report",
    "run_nation",
    "run_study",
    "stored_results",
    "studies",
]
