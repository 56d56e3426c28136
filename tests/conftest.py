"""Hypothesis profiles: `ci` is derandomised, so that a green run stays green; `HYPOTHESIS_PROFILE=long` searches on;
`mutation` gives up at the first failure instead of looking for a smaller one (scripts/mutate.py)."""

import os
import sys

from hypothesis import HealthCheck, Phase, settings

# Small days are audited in one thread: tests run side by side, and threads would only wait for each other.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

# Tests start hundreds of programs: compiled once they start in half the time, whatever the machine is set to.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("long", parent=settings.get_profile("ci"), derandomize=False, max_examples=10_000)
settings.register_profile(
    "mutation",
    parent=settings.get_profile("ci"),
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
