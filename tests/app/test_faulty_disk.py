"""The disk refuses, or the power fails: what was acknowledged is there, of a group all or nothing, and fsck is clean.

Nothing of the program is replaced. A disk that refuses is the kernel's own: a limit on the size of files (EFBIG at a
byte of our choice, with whatever part of a write still fitted), and a file system that is full (ENOSPC), where this
machine lets one be mounted. A power failure is what it leaves: everything up to the last sync, and of what was being
written any sectors, in any order.
"""

import ctypes
import os
import resource
import shutil
import sqlite3
import tempfile
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.recording import PersonNoted, new_workspace, recorder
from tests.app.test_killed import MEMORY, check_and_read

from safeconduct.app.workspace import Workspace, open_workspace
from safeconduct.kernel.errors import SafeconductError

SECTOR = 512
GROUPS = 12
_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x00020000


@pytest.fixture(scope="module")
def base() -> Iterator[Path]:
    """A folder in memory where there is one."""
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def begun(base: Path) -> Workspace:
    """A workspace with some groups on record already."""
    workspace = new_workspace(base / "begun")
    writer = recorder(workspace)
    for number in range(3):
        writer.record(group(number))
    writer.close()
    return workspace


def group(number: int) -> list[PersonNoted]:
    """One to three entries; some need a new data key."""
    return [
        PersonNoted(occurred_at_us=number, person=f"p{number * 3 + one}", name="Іваненко " * (number % 5), number=one)
        for one in range(1 + number % 3)
    ]


def recorded_until_it_fails(workspace: Workspace, told: Callable[[bytes], None]) -> None:
    """Record groups, telling a dot for each; where the disk refuses, it must stay refused until all is opened anew."""
    try:
        writer = recorder(workspace, seed=5)
    except SafeconductError:
        return
    for number in range(3, 3 + GROUPS):
        try:
            writer.record(group(number))
        except SafeconductError:
            for _ in range(2):
                with pytest.raises(SafeconductError):
                    writer.record(group(number))
            break
        told(b".")
    writer.close()


def in_a_child(work: Callable[[Callable[[bytes], None]], None]) -> int:
    """Do it in a fork of this process; how many dots it told. Fails with what the child could not bear."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            work(lambda told: _tell(writing, told))
        except BaseException:  # noqa: BLE001 - whatever it is, the parent is told
            os.write(writing, traceback.format_exc().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    assert not told.strip(b"."), told.decode()
    return len(told)


def _tell(writing: int, told: bytes) -> None:
    os.write(writing, told)


def must_hold(workspace: Workspace, acknowledged: int) -> int:
    """Open it as at any start: all acknowledged is there, perhaps the group after it, nothing else; how many groups."""
    survived = check_and_read(workspace)
    for groups in (acknowledged, acknowledged + 1):
        if survived == [entry for number in range(3 + groups) for entry in group(number)]:
            return groups
    raise AssertionError(f"{acknowledged} groups were acknowledged; {len(survived)} entries survived")


def limited(begun: Workspace, base: Path) -> set[int]:
    """How many groups survived where no file may grow beyond a limit, of sixty limits."""
    workspace = open_workspace(begun.folder)

    def work(limit: int, told: Callable[[bytes], None]) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        recorded_until_it_fails(workspace, told)

    seen = set()
    for number in range(60):
        shutil.rmtree(base / "limited", ignore_errors=True)
        shutil.copytree(begun.folder, base / "limited")
        workspace = open_workspace(base / "limited")
        seen.add(must_hold(workspace, in_a_child(partial(work, 1 + number * 2_777))))
    return seen


def can_mount() -> bool:
    """Whether a process of ours may have a file system of its own."""
    child = os.fork()
    if child == 0:
        try:
            mount_small(Path("/dev/shm" if MEMORY.exists() else "/tmp"), 64)  # noqa: S108
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def mount_small(folder: Path, kilobytes: int) -> None:
    """From now on this process sees there an empty file system of so many bytes. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    flags = _NEW_MOUNTS | (0 if os.geteuid() == 0 else _NEW_USER)
    private, recursive = 1 << 18, 1 << 14
    steps: tuple[Callable[[], int], ...] = (
        lambda: libc.unshare(flags),
        lambda: libc.mount(b"none", b"/", None, private | recursive, None),
        lambda: libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={kilobytes}k".encode()),
    )
    for step in steps:
        if step() != 0:
            raise OSError(ctypes.get_errno(), "cannot be mounted")


def filled(begun: Workspace, base: Path) -> set[int]:
    """How many survived on file systems that fill up on the way; with room again all goes on."""
    small = base / "small"
    small.mkdir()

    def work(kilobytes: int, told: Callable[[bytes], None]) -> None:
        mount_small(small, kilobytes)
        try:
            shutil.copytree(begun.folder, small / "w")
        except shutil.Error:
            return  # not even that has room
        workspace = open_workspace(small / "w")
        dots: list[bytes] = []
        recorded_until_it_fails(workspace, dots.append)
        remount, libc = 32, ctypes.CDLL(None, use_errno=True)
        assert libc.mount(b"tmpfs", os.fsencode(small), b"tmpfs", remount, b"size=16m") == 0
        must_hold(workspace, len(dots))
        writer = recorder(workspace, seed=6)
        writer.record([PersonNoted(occurred_at_us=1, person="p", name="x")])
        assert writer.check().problems == []
        writer.close()
        for one in dots:
            told(one)

    return {in_a_child(partial(work, kilobytes)) for kilobytes in range(90, 350, 10)}


# Where no file system may be mounted, the limit on files stands for a full one.
REFUSALS = (limited, filled) if can_mount() else (limited,)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_disk_that_refuses_loses_nothing(
    begun: Workspace, base: Path, refusal: Callable[[Workspace, Path], set[int]]
) -> None:
    """At any byte, and when it is full: all that was acknowledged is there, and recording goes on."""
    seen = refusal(begun, base)
    assert len(seen) > GROUPS // 3, f"the refusals hardly met a write: {seen}"


class Written(NamedTuple):
    """What stood on the disk for certain once a group was acknowledged."""

    ledger_log: int
    """Bytes of the write-ahead log of the ledger."""
    keys_log: int


class Day(NamedTuple):
    """A day of recording without its end: files and logs as they stand before anything is moved into the main files."""

    folder: Path
    durable: list[Written]
    """Before the first group, and after each."""
    stale: bytes
    """What stood in the ledger's log from an earlier round of it."""


@pytest.fixture(scope="module", params=["a fresh log", "a log used again"])
def day(request: pytest.FixtureRequest, begun: Workspace, base: Path) -> Day:
    """The log of the ledger is new, or begins anew over what stood in it."""
    folder, kept = base / f"day-{request.param[-1]}", base / f"kept-{request.param[-1]}"
    shutil.copytree(begun.folder, folder)
    workspace = open_workspace(folder)
    ledger_log, keys_log = (path.with_name(f"{path.name}-wal") for path in (workspace.ledger_path, workspace.keys_path))
    first = 3
    writer = recorder(workspace, seed=5)
    stale = b""
    if request.param == "a log used again":
        for first in range(3, 9):
            writer.record(group(first))
        first = 9
        with sqlite3.connect(workspace.ledger_path) as other:
            assert other.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()[0] == 0
        other.close()
        stale = ledger_log.read_bytes()
    durable = [Written(0, keys_log.stat().st_size if keys_log.exists() else 0)]
    for number in range(first, 3 + GROUPS):
        before = ledger_log.read_bytes() if ledger_log.exists() else b""
        writer.record(group(number))
        now = ledger_log.read_bytes()
        end = next((at for at in range(len(now), 0, -1) if now[at - 1 : at] != before[at - 1 : at]), 0)
        durable.append(Written(max(end, durable[-1].ledger_log), keys_log.stat().st_size))
    shutil.copytree(folder, kept, ignore=shutil.ignore_patterns("*-shm", "*.lock"))
    writer.close()
    return Day(kept, durable, stale)


def torn(content: bytes, start: int, end: int, fates: list[int], old: bytes) -> bytes:
    """A log of which what lies between was being written: each sector new, as before, zero, or anything.

    Or the file ends there. What stood there before is what `old` has in that place.
    """
    made = bytearray(content[:start])
    for number, at in enumerate(range(start, end, SECTOR)):
        until = min(at + SECTOR - at % SECTOR, end)
        fate = fates[number % len(fates)]
        at = max(at - at % SECTOR, start)
        before = old[at:until].ljust(until - at, b"\0")
        made += (content[at:until], before, bytes(until - at), bytes([fate]) * (until - at))[min(fate, 3)]
        if fate == 4:
            break
    return bytes(made) + (old[len(made) :] if len(old) > len(made) else b"")


@settings(max_examples=150)
@given(
    cut=st.integers(0, GROUPS),
    fates=st.lists(st.integers(0, 5), min_size=1, max_size=40),
    of_keys=st.booleans(),
)
def test_after_a_power_failure_all_that_was_acknowledged_is_there(
    day: Day, base: Path, cut: int, fates: list[int], of_keys: bool
) -> None:
    """It fails while the next group is written: its keys first, which are synced, then its entries."""
    acknowledged = cut % len(day.durable)
    following = min(acknowledged + 1, len(day.durable) - 1)
    shutil.rmtree(base / "failed", ignore_errors=True)
    shutil.copytree(day.folder, base / "failed")
    workspace = open_workspace(base / "failed")
    ledger_log, keys_log = (path.with_name(f"{path.name}-wal") for path in (workspace.ledger_path, workspace.keys_path))
    done, next_ = day.durable[acknowledged], day.durable[following]
    ledger, keys = ledger_log.read_bytes(), keys_log.read_bytes()
    if of_keys:
        keys_log.write_bytes(torn(keys, done.keys_log, next_.keys_log, fates, b""))
        ledger_log.write_bytes(torn(ledger, done.ledger_log, done.ledger_log, fates, day.stale))
    else:
        keys_log.write_bytes(keys[: next_.keys_log])
        ledger_log.write_bytes(torn(ledger, done.ledger_log, next_.ledger_log, fates, day.stale))
    groups_before = 3 + GROUPS - (len(day.durable) - 1) - 3
    assert must_hold(workspace, groups_before + acknowledged) <= groups_before + following
    writer = recorder(workspace, seed=9)
    writer.record([PersonNoted(occurred_at_us=1, person="later", name="x")])
    assert writer.check().problems == []
    writer.close()


@settings(max_examples=60)
@given(fates=st.lists(st.booleans(), min_size=1, max_size=60), seed=st.integers(0, 255))
def test_a_power_failure_while_the_log_is_moved_into_the_file_loses_nothing(
    day: Day, base: Path, fates: list[bool], seed: int
) -> None:
    """Of the main file any sectors are as they were or as they are to be; the log is whole until that is done."""
    shutil.rmtree(base / "moved", ignore_errors=True)
    shutil.copytree(day.folder, base / "moved")
    workspace = open_workspace(base / "moved")
    name = workspace.ledger_path
    before = name.read_bytes()
    with sqlite3.connect(name) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        after = name.read_bytes()
        shutil.copy(day.folder / f"{name.name}-wal", base / "log")
    connection.close()
    mixed = bytearray(before.ljust(len(after), bytes([seed])))
    for number, at in enumerate(range(0, len(after), SECTOR)):
        if fates[number % len(fates)]:
            mixed[at : at + SECTOR] = after[at : at + SECTOR]
    name.write_bytes(mixed)
    shutil.copy(base / "log", name.with_name(f"{name.name}-wal"))
    must_hold(workspace, GROUPS)
