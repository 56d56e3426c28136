"""Bits that rot in any file of a workspace: the check finds them or they do no harm; never a traceback.

The oracle derives everything from stored bytes. What it calls sound must read as it was recorded, and go on to be
recorded to.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey
from tests.app.copying import CLOSED, custody, groups_of, workspace_with
from tests.app.recording import Seeded, StandingClock

from safeconduct.app.copy_checking import verify_copy
from safeconduct.app.cosigned_record import cosigned_notes
from safeconduct.app.exporting import export_copy
from safeconduct.app.workspace import Workspace, open_workspace
from safeconduct.exchange.entries import DECODER
from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.ledger.cosignature import Cosignature, cosign, cosigned_by, witness_key
from safeconduct.ledger.note import split_note
from safeconduct.storage.cosignatures import CosignatureStore

SIZE = 40
KEY = SigningKey(b"w" * 32)
WITNESS = witness_key("w", KEY)
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
Damage = tuple[str, int, int]
"""What is done, where (of a file as long as it is), and with which byte."""

damages = st.tuples(
    st.sampled_from(("flip", "flip", "zero", "fill", "cut")), st.integers(0, (1 << 24) - 1), st.integers(1, 255)
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where there is one: what is waited for here is the processor."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path_factory.mktemp("damaged")
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def sound(base: Path) -> Workspace:
    """Forty entries, cosigned, all in the main files."""
    workspace = workspace_with(base / "sound", groups_of(SIZE))
    store = CosignatureStore.open(workspace.cosignatures_path)
    note = workspace.open_ledger().note()
    checkpoint = open_checkpoint(note, workspace.verifier)
    store.add("UA", checkpoint, note, Cosignature(WITNESS, 5, cosign(checkpoint.text(), "w", KEY, 5)), 5_000_000)
    store.close()
    for path in workspace.folder.glob("*.sqlite"):
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    return workspace


@pytest.fixture(scope="module")
def folder(base: Path) -> Path:
    """Where copies are damaged."""
    return base / "damaged"


def damaged(sound: Workspace, folder: Path, name: str, damage: Damage) -> Workspace:
    """A copy in which one file is not as it was."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sound.folder, folder)
    spoil(folder / name, damage)
    return open_workspace(folder)


def spoil(path: Path, damage: Damage) -> None:
    """Flip bits of one byte, empty or fill a sector, or cut the file short."""
    how, where, byte = damage
    content = bytearray(path.read_bytes())
    at = where % len(content)
    sector = at // 512 * 512
    match how:
        case "flip":
            content[at] ^= byte
        case "zero":
            content[sector : sector + 512] = bytes(len(content[sector : sector + 512]))
        case "fill":
            content[sector : sector + 512] = bytes([byte]) * len(content[sector : sector + 512])
        case _:
            del content[at:]
    path.write_bytes(content)


def read(workspace: Workspace) -> list[object]:
    """All that stands in the record: each entry as it reads, and the checkpoint."""
    record = workspace.open_record(DECODER)
    try:
        leaves = record.leaves(0, record.size())
        return [*record.read(), leaves, record.checkpoint()]
    finally:
        record.close()


def problems(workspace: Workspace) -> list[str]:
    """What the check says."""
    record = workspace.open_record(DECODER)
    try:
        report = record.check()
        return [*map(str, report.problems), *(f"a key lacks from entry {first} on" for _, first in report.keys_lacking)]
    finally:
        record.close()


def use(workspace: Workspace) -> None:
    """Whoever does not check first may be told that it is damaged, and is not left with a traceback."""
    with suppress(SafeconductError):
        read(workspace)
    with suppress(SafeconductError):
        recorder = workspace.open_recorder(StandingClock(), Seeded(7), DECODER)
        try:
            recorder.record([CLOSED])
        finally:
            recorder.close()
    with suppress(SafeconductError):
        export_copy(workspace, "party:RU", workspace.folder / "copy")


def judged(sound: Workspace, workspace: Workspace) -> str:
    """found, refused, or harmless; else this fails."""
    try:
        if problems(workspace):
            use(workspace)
            return "found"
    except SafeconductError:
        use(workspace)
        return "refused"
    before = read(sound)
    assert read(workspace) == before, "all is well, and it reads as something else"
    try:
        recorder = workspace.open_recorder(StandingClock(), Seeded(7), DECODER)
    except SafeconductError:
        return "refused"
    try:
        for number in range(12):
            recorder.record([custody(100 + number, ("RU",)), CLOSED])
    except SafeconductError:
        return "refused"
    finally:
        recorder.close()
    assert problems(workspace) == [], "all was well, and what was recorded next is not"
    after = read(workspace)
    assert after[:SIZE] == before[:SIZE]
    return "harmless"


@settings(max_examples=150)
@example(("flip", 4026, 128))
@given(damages)
def test_a_damaged_ledger_is_found_out_or_does_no_harm(sound: Workspace, folder: Path, damage: Damage) -> None:
    """Leaves, nodes, bodies, checkpoint, and SQLite's own pages."""
    judged(sound, damaged(sound, folder, "ledger.sqlite", damage))


@settings(max_examples=80)
@example(("flip", 3803, 128))
@example(("zero", 7168, 1))
@given(damages)
def test_damaged_keys_are_found_out_or_do_no_harm(sound: Workspace, folder: Path, damage: Damage) -> None:
    """A key that does not open is damaged, one that is gone leaves its bodies sealed: neither is called erased."""
    judged(sound, damaged(sound, folder, "keys.sqlite", damage))


@settings(max_examples=80)
@given(damages)
def test_damaged_cosignatures_are_refused_or_left_out(sound: Workspace, folder: Path, damage: Damage) -> None:
    """What is given away as cosigned was cosigned; the record itself is not touched by what becomes of this file."""
    workspace = damaged(sound, folder, "cosignatures.sqlite", damage)
    whole = sound.open_ledger().note()
    try:
        notes = cosigned_notes(workspace)
        store = CosignatureStore.read(workspace.cosignatures_path)
        assert store is not None
        latest = store.latest_note((WITNESS,))
        store.close()
    except SafeconductError:
        notes, latest = [], None
    assert {checkpoint.size for _, checkpoint, _ in cosigned_by(notes, sound.verifier, WITNESS)} <= {SIZE}
    if latest is not None:
        assert split_note(latest)[0] == split_note(whole)[0]
    try:
        recorder = workspace.open_recorder(StandingClock(), Seeded(7), DECODER)
        recorder.record([CLOSED])
        recorder.close()
    except SafeconductError:
        pass
    assert problems(workspace) == []


def test_what_becomes_of_damage_in_a_copy_is_told(sound: Workspace, base: Path) -> None:
    """Every sector of every file of an exported copy, one after the other, altered: the copy does not verify."""
    copy, spoilt = base / "copy", base / "spoilt"
    export_copy(sound, "party:RU", copy)
    assert verify_copy(copy, sound.verifier).verified
    files = [path.relative_to(copy) for path in sorted(copy.rglob("*")) if path.is_file()]
    assert len(files) == 5
    for name in files:
        for at in range(0, (copy / name).stat().st_size, 512):
            for how in ("flip", "fill", "cut"):
                shutil.rmtree(spoilt, ignore_errors=True)
                shutil.copytree(copy, spoilt)
                spoil(spoilt / name, (how, at + 7, 5))
                if (spoilt / name).read_bytes() == (copy / name).read_bytes():
                    continue
                try:
                    assert not verify_copy(spoilt, sound.verifier).verified, (name, at, how)
                except SafeconductError:
                    continue
