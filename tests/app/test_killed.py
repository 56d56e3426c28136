"""The process is killed at any instant: what was acknowledged is there, and the restart is clean.

Children are forks of this process, which is warm, so that hundreds of kills take seconds. A child is killed from
outside after some acknowledgements, or kills itself inside the n-th step of SQLite's machine or at the n-th Python
call, so that also moments are met that a signal from outside rarely finds.
"""

import os
import random
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from tests.app.recording import DECODER, PersonNoted, StandingClock, new_workspace, recorder

from safeconduct.app.workspace import Workspace
from safeconduct.kernel.entry import Opened

KILLS = 240
KINDS = ("from outside", "inside SQLite", "at a call", "before acknowledging")
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
"""A kill takes nothing from the system's file cache, so a file system in memory tests the same, only faster."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


def test_nothing_acknowledged_is_lost_whenever_the_process_is_killed(folder: Path) -> None:
    """240 kills of six growing ledgers: after each, all acknowledged is there, whole groups only, and fsck is clean."""
    draw = random.Random(240)
    recorded = killed_in_flight = 0
    for kill in range(KILLS):
        if kill % 40 == 0:
            workspace, entries = new_workspace(folder / str(kill)), list[PersonNoted]()
        groups = [planned_group(draw, kill, number) for number in range(60)]
        acknowledged = run_until_killed(workspace, KINDS[kill % len(KINDS)], draw, groups)
        survived = check_and_read(workspace)
        certain = entries + [entry for group in groups[:acknowledged] for entry in group]
        in_flight = certain + groups[acknowledged] if acknowledged < len(groups) else certain
        assert survived in (certain, in_flight), f"kill {kill}: {len(survived)} entries, {len(certain)} acknowledged"
        killed_in_flight += survived != certain
        recorded += len(survived) - len(entries)
        entries = survived
    assert recorded > KILLS, recorded
    assert killed_in_flight > KILLS // 10, "few kills fell between a commit and its acknowledgement"


def planned_group(draw: random.Random, kill: int, number: int) -> list[PersonNoted]:
    """A group of one to three entries, told apart from every other; some need a new data key."""
    return [
        PersonNoted(occurred_at_us=kill, person=f"p{draw.randrange(400)}", name=f"{kill}/{number}", number=one)
        for one in range(draw.randint(1, 3))
    ]


def run_until_killed(workspace: Workspace, kind: str, draw: random.Random, groups: list[list[PersonNoted]]) -> int:
    """Record the groups in a child until it is killed; gives how many it acknowledged."""
    wanted, steps, seed = draw.randrange(4), draw.randrange(1, 260), draw.randrange(2**32)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            record_all(workspace, kind, steps, seed, groups, writing)
        finally:
            os._exit(1)
    os.close(writing)
    count = 0
    while (count < wanted or kind != KINDS[0]) and os.read(reading, 1):
        count += 1
    if kind == KINDS[0]:
        spin(draw.randrange(3_000))
        os.kill(child, signal.SIGKILL)
    while os.read(reading, 1):  # what was acknowledged before the kill reached it
        count += 1
    os.close(reading)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child ended by itself"
    return count


def record_all(
    workspace: Workspace, kind: str, steps: int, seed: int, groups: list[list[PersonNoted]], writing: int
) -> None:
    """In the child: record group by group, acknowledge each with a byte, and be killed on the way."""
    if kind == KINDS[1]:
        kill_inside_sqlite(steps)
    writer = recorder(workspace, seed, StandingClock())
    if kind == KINDS[2]:
        kill_at_call(steps * 5)
    for number, group in enumerate(groups):
        writer.record(group)
        if kind == KINDS[3] and number == steps % 4:
            break
        os.write(writing, b".")
    os.kill(os.getpid(), signal.SIGKILL)


def kill_inside_sqlite(steps: int) -> None:
    """From now on every connection counts the steps of SQLite's machine, of all connections together."""
    left = steps

    def step() -> int:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    connect = sqlite3.connect

    def counting(*arguments: object, **named: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **named)  # type: ignore[call-overload]
        connection.set_progress_handler(step, 3)
        return connection

    sqlite3.connect = counting  # type: ignore[assignment]


def kill_at_call(calls: int) -> None:
    """Count calls and returns, of Python and of C."""
    left = calls

    def call(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(call)


def spin(turns: int) -> None:
    """Be busy for a moment."""
    for _ in range(turns):
        pass


def check_and_read(workspace: Workspace) -> list[PersonNoted]:
    """Open as at any start, check everything, and give what is there."""
    writer = recorder(workspace)
    report = writer.check()
    assert not report.problems, report.problems
    entries = []
    for recorded in writer.read():
        assert isinstance(recorded.body, Opened)
        assert isinstance(recorded.body.entry, PersonNoted)
        entries.append(recorded.body.entry)
    writer.close()
    assert workspace.open_record(DECODER).checkpoint().size == len(entries)
    return entries
