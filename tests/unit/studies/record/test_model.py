"""The code that travels with a logged model holds all that any scorer of ours is made of."""

import subprocess
import sys

import cloudpickle
import pytest

from credit_ml.agencies import load_agency
from credit_ml.scoring import scorers
from credit_ml.society import World
from credit_ml.studies.record.model import CODE, _code_of_scorers

ELSEWHERE = """
import sys, warnings
from pathlib import Path

sys.meta_path = [each for each in sys.meta_path if "editable" not in str(each).lower()]
outside = [each for each in sys.path if not Path(each or ".", "credit_ml").is_dir()]
sys.path = [sys.argv[1], *outside]
warnings.simplefilter("ignore")
import cloudpickle

for file in sys.argv[2:]:
    scorer, rows = cloudpickle.loads(Path(file).read_bytes())
    scorer.predict_proba(rows)
"""


@pytest.fixture(scope="module")
def society():
    return World(citizens=600, seed=3).simulate()


def test_every_scorer_predicts_with_the_code_that_travels_with_it(society, tmp_path):
    files = []
    for name in scorers():
        agency = load_agency("council" if name == "rules" else "sesame").with_scorer(name)
        rater = agency.fit(society)
        rows = rater.agency.view(society).X[list(rater.columns)].head(5)
        file = tmp_path / f"{name}.pkl"
        file.write_bytes(cloudpickle.dumps((rater.scorer, rows)))
        files.append(str(file))
    package = _code_of_scorers(tmp_path)
    assert {each.name for each in package.iterdir() if each.is_dir()} == set(CODE)
    command = [sys.executable, "-P", "-c", ELSEWHERE, str(package.parent), *files]
    job = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert job.returncode == 0, job.stderr
