"""What every test and every example in a docstring shares; runs before numpy is imported."""

import gc
import os

# Modules are no garbage: to search them at every step is a tenth of what the tests take.
gc.set_threshold(100_000, 50, 50)
# Workers of pytest share the cores: one thread each, or boosting spins on contended cores.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["MPLBACKEND"] = "Agg"
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "true"
