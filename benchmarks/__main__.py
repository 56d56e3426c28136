"""Every benchmark, one after the other: `uv run python -m benchmarks`. Each is also a program of its own."""

import runpy
import sys
from pathlib import Path

PROGRAMS = (
    "record",
    "ledger",
    "mirror",
    "monitoring",
    "audit",
    "live",
    "simulation",
    "composition",
    "identity",
    "identity_scale",
    "search",
    "lists",
)

for program in PROGRAMS:
    print(f"== {program}")
    sys.argv = [program]
    runpy.run_path(str(Path(__file__).with_name(f"{program}.py")), run_name="__main__")
