"""The folder that `simulate` writes: every file of an example, made in memory."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.logistics.plan import write_plan
from safeconduct.sim.example import Example, make_example
from safeconduct.sim.faults import FaultPlan
from safeconduct.sim.settled import Settled, settle
from safeconduct.sim.simulated_day import SimulatedDay, simulate_day
from safeconduct.sim.truth import expected_deviations, truth_lines

TRUTH = "truth.jsonl"


@dataclass(frozen=True)
class Simulated:
    """A whole exchange from one seed."""

    example: Example
    settled: Settled
    day: SimulatedDay
    deviations: int
    """How many should be raised."""
    files: Mapping[str, bytes]
    """By name within the folder, `truth.jsonl` first."""


def simulate_folder(seed: int, persons_a_side: int, faults: FaultPlan) -> Simulated:
    """The files of an exchange; the same bytes for the same arguments. Raises Refused if there is no such round."""
    example = make_example(seed, persons_a_side)
    settled = settle(example)
    day = simulate_day(settled.plan, seed, faults)
    expected = expected_deviations(settled.terms, day)
    files = {
        **example.files,
        "composition.json": settled.composition.to_json(),
        "plan.json": write_plan(settled.plan),
        "events.jsonl": json_lines(line.event for line in day.lines),
    }
    heading = {
        "seed": seed,
        "persons": persons_a_side,
        "faults": faults.name,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    truth = json_lines(truth_lines(example, day, expected, heading))
    return Simulated(example, settled, day, len(expected), {TRUTH: truth, **files})


def written_before(truth: bytes) -> dict[str, str]:
    """The files that a run wrote, by name with their SHA-256 in hex, as its truth.jsonl says; empty if it is none."""
    first, _, _ = truth.partition(b"\n")
    try:
        heading = json.loads(first)
    except ValueError:
        return {}
    files = heading.get("files") if isinstance(heading, dict) and heading.get("truth") == "example" else None
    if not isinstance(files, dict):
        return {}
    return {TRUTH: hashlib.sha256(truth).hexdigest()} | {str(name): str(digest) for name, digest in files.items()}


def json_lines(values: Iterable[Mapping[str, Any]]) -> bytes:
    """JSON Lines in UTF-8, fields in the order given."""
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()
