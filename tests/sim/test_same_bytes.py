"""The same seed gives the same bytes, whatever order Python's sets and dictionaries of texts would take."""

import os
import subprocess
import sys

from safeconduct.sim.faults import HEAVY_FAULTS
from safeconduct.sim.folder import simulate_folder
from safeconduct.sim.seeds import derived_seeds, stream

PROGRAM = """
import hashlib
from safeconduct.sim.faults import HEAVY_FAULTS
from safeconduct.sim.folder import simulate_folder
from safeconduct.sim.seed_check import check_seed
made = simulate_folder(21, 25, HEAVY_FAULTS)
for name, content in made.files.items():
    print(name, hashlib.sha256(content).hexdigest())
print(check_seed(made.settled, 22, HEAVY_FAULTS).digest())
"""


def start_child(hash_seed: str) -> "subprocess.Popen[str]":
    """The program under a given PYTHONHASHSEED."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, text=True)


def test_files_and_verdicts_are_the_same_under_two_hash_seeds() -> None:
    """Every file, the delivery and the verdict, to the byte."""
    children = [start_child("1"), start_child("4242")]
    first, other = (child.communicate(timeout=200)[0] for child in children)
    assert [child.returncode for child in children] == [0, 0]
    assert len(first.splitlines()) == 12
    assert other == first


def test_another_seed_is_another_exchange() -> None:
    """Only the terms, which depend on the number of persons alone, are the same."""
    one, other = simulate_folder(1, 25, HEAVY_FAULTS).files, simulate_folder(2, 25, HEAVY_FAULTS).files
    assert {name for name in one if one[name] == other[name]} == {"terms.toml"}


def test_streams_of_different_purposes_are_independent() -> None:
    """And the same purpose draws the same."""
    assert stream(1, "a").random() == stream(1, "a").random()
    assert len({stream(1, "a").random(), stream(1, "b").random(), stream(2, "a").random()}) == 3
    assert len(set(derived_seeds("abc", 5))) == 5
    assert derived_seeds("abc", 5)[:2] == derived_seeds("abc", 2)
