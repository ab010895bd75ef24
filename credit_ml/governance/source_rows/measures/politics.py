"""What an auditor's screen for political use says of those who post criticism."""

from dataclasses import replace

import numpy as np

from credit_ml.core import Array
from credit_ml.governance.political_use.abuse import Audited
from credit_ml.governance.political_use.auditor import MarkedPeople, left_over, of_records
from credit_ml.governance.political_use.options import PoliticalOptions
from credit_ml.governance.source_rows.lab import RowLab
from credit_ml.governance.source_rows.row import Setting


def _listed_beyond_records(lab: RowLab, setting: Setting) -> Array:
    """How much more each who posts criticism is listed than others with the same records.

    Critics are listed at will at the rate `take`; court orders are records. The mean is what the
    screen (`political_screen`) says of the list; of who does not post it is missing.
    """
    rate = float(setting.take)
    options = replace(PoliticalOptions(), rates=(0.0, rate) if rate else (0.0,))
    case = Audited.of(lab.rater(setting), lab.society(setting), options, [], lab.seed)
    listed = case.listed(options.rates)[:, -1].astype(np.float64)
    records = case.records.assign(ordered=case.ordered)
    both = np.column_stack([case.marked.astype(np.float64), listed])
    left, rank = left_over(both, of_records(records))
    marked = MarkedPeople(left[:, 0], rank)
    (more,), _ = marked.difference(left[:, 1:])
    own = more + left[:, 1] - more * left[:, 0]
    return np.where(case.marked, own, np.nan)


MEASURES = {"listed_beyond_records": _listed_beyond_records}
