"""Processes that an interrupt at the terminal does not reach."""

import subprocess
import sys

_PROGRAM = """
import signal
from multiprocessing import get_context
from pathlib import Path

from safeconduct.app.uninterrupted import uninterrupted

def blocked(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return bool(int(status.partition("SigBlk:")[2].split()[0], 16) >> (signal.SIGINT - 1) & 1)

with uninterrupted():
    child = get_context("spawn").Process(target=signal.pause, daemon=True)
    child.start()
print(blocked(child.pid), blocked("self"))
child.terminate()
"""


def test_the_first_process_that_a_program_begins_takes_no_interrupt() -> None:
    """Also where it is the first, which makes the standard library begin a helper of its own; we still take ours."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["True", "False"], done.stderr
