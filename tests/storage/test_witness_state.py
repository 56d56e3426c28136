"""The memory of a witness: durable, compared before it is swapped, and never taken for another's or for a copy."""

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.ledger.growing import ORIGIN, GrowingLedger, leaves

from safeconduct.kernel.errors import BadInput
from safeconduct.ledger.cosignature import witness_key
from safeconduct.storage import witness_state
from safeconduct.storage.sqlite import StorageFailed
from safeconduct.storage.witness_state import Evidence, LastCosigned, WitnessState

KEY = witness_key("witness.example/a", SigningKey(bytes(32)))
LEDGER = GrowingLedger(leaves(20))
FORK = GrowingLedger([*leaves(7), *leaves(13, "other")])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty memory."""
    WitnessState.create(tmp_path / "state.sqlite", KEY)
    return tmp_path / "state.sqlite"


def swap(state: WitnessState, before: LastCosigned | None, size: int) -> bool:
    """Cosign a size of the honest ledger."""
    return state.swap(before, LEDGER.checkpoint(size), LEDGER.note(size), size)


def test_what_was_cosigned_is_remembered(path: Path) -> None:
    """After closing and opening; of each ledger its own."""
    state = WitnessState.open(path, writable=True)
    assert state.key == KEY
    assert state.last(ORIGIN) is None
    assert swap(state, None, 5)
    assert swap(state, state.last(ORIGIN), 8)
    other = GrowingLedger(leaves(3), origin="safeconduct/another")
    assert state.swap(None, other.checkpoint(), other.note(), 9)
    state.close()
    state = WitnessState.open(path, writable=False)
    assert state.last(ORIGIN) == LastCosigned(LEDGER.note(8), 8)
    assert [one.checkpoint for one in state.all_last()] == [other.checkpoint(), LEDGER.checkpoint(8)]


def test_a_swap_from_what_is_no_longer_so_does_nothing(path: Path) -> None:
    """Neither from nothing nor from an earlier checkpoint; two openers of one file see each other's."""
    first, second = WitnessState.open(path, writable=True), WitnessState.open(path, writable=True)
    assert swap(first, None, 5)
    assert not swap(second, None, 4)
    before = second.last(ORIGIN)
    assert swap(first, first.last(ORIGIN), 8)
    assert not swap(second, before, 6)
    assert first.last(ORIGIN) == second.last(ORIGIN) == LastCosigned(LEDGER.note(8), 8)


def test_of_many_at_once_each_step_is_taken_by_one(path: Path) -> None:
    """Four programs on one file: from each checkpoint to the next one of them gets through."""
    done: list[int] = []

    def work() -> None:
        state = WitnessState.open(path, writable=True)
        for size in range(1, 21):
            before = state.last(ORIGIN)
            known = 0 if before is None else before.checkpoint.size
            if known == size - 1 and swap(state, before, size):
                done.append(size)
        state.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == len(set(done))
    last = WitnessState.open(path, writable=False).last(ORIGIN)
    assert last is not None
    assert done[-1] == last.checkpoint.size


def keep(state: WitnessState, ledger: GrowingLedger, size: int, *, proven: bool) -> bool:
    """Keep a refused checkpoint beside the honest one of 8 entries."""
    return state.keep_evidence(ledger.checkpoint(size), ledger.note(size), LEDGER.note(8), proven=proven, at_us=size)


def test_evidence_is_kept_with_both_notes(path: Path) -> None:
    """Each checkpoint once; what was only unproven goes when it is cosigned after all, proof never."""
    state = WitnessState.open(path, writable=True)
    assert keep(state, FORK, 8, proven=True)
    assert not keep(state, FORK, 8, proven=True)
    assert keep(state, FORK, 9, proven=False)
    assert keep(state, LEDGER, 10, proven=False)
    proof = Evidence(ORIGIN, 8, True, FORK.note(8), LEDGER.note(8), 8)
    doubt = Evidence(ORIGIN, 9, False, FORK.note(9), LEDGER.note(8), 9)
    assert state.evidence() == [proof, doubt, Evidence(ORIGIN, 10, False, LEDGER.note(10), LEDGER.note(8), 10)]
    assert swap(state, None, 10)
    assert state.evidence() == [proof, doubt]
    assert keep(state, FORK, 9, proven=True)
    assert [one.proven for one in state.evidence()] == [True, True]


def test_evidence_cannot_fill_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each kind so many; one proof is enough."""
    monkeypatch.setattr(witness_state, "MOST_EVIDENCE", 3)
    state = WitnessState.open(path, writable=True)
    for size in range(8, 15):
        keep(state, FORK, size, proven=False)
    assert keep(state, FORK, 20, proven=True)
    assert [one.size for one in state.evidence()] == [8, 9, 10, 20]


@pytest.mark.parametrize("how", ["cloned", "put back by name", "put back in place", "deleted and put back"])
def test_an_older_state_put_back_is_told_from_the_file_itself(path: Path, how: str) -> None:
    """However it came to be there; with something cosigned since the backup was made."""
    state = WitnessState.open(path, writable=True)
    assert swap(state, None, 5)
    state.close()
    backup = path.with_name("backup.sqlite")
    shutil.copy2(path, backup)
    state = WitnessState.open(path, writable=True)
    assert swap(state, state.last(ORIGIN), 8)
    assert not state.is_copy()
    state.close()
    if how == "cloned":
        path = backup
    elif how == "put back by name":
        backup.replace(path)
    elif how == "put back in place":
        shutil.copyfile(backup, path)
    else:
        path.unlink()
        shutil.copy2(backup, path)
    state = WitnessState.open(path, writable=False)
    assert state.is_copy()


def test_a_clone_of_the_whole_folder_is_told_from_it(path: Path) -> None:
    """Though nothing was cosigned since: both would go on from there."""
    shutil.copytree(path.parent, path.parent / "clone")
    assert WitnessState.open(path.parent / "clone" / path.name, writable=False).is_copy()
    assert not WitnessState.open(path, writable=False).is_copy()


def test_a_folder_that_was_renamed_is_no_copy(path: Path) -> None:
    """Nothing was forgotten."""
    state = WitnessState.open(path, writable=True)
    swap(state, None, 5)
    state.close()
    moved = path.parent.rename(path.parent.with_name("moved"))
    assert not WitnessState.open(moved / path.name, writable=False).is_copy()


def test_a_memory_is_never_made_over_another(path: Path) -> None:
    """Nor is anything left behind where it cannot be made."""
    with pytest.raises(BadInput, match="is already there"):
        WitnessState.create(path, KEY)
    with pytest.raises(BadInput, match="cannot be made"):
        WitnessState.create(path.parent / "nowhere" / "state.sqlite", KEY)
    assert sorted(one.name for one in path.parent.iterdir()) == ["state.sqlite", "state.sqlite.count"]


@pytest.mark.parametrize("statement", ["DELETE FROM witness", "UPDATE witness SET key = 'x'", "DROP TABLE witness"])
def test_a_damaged_memory_is_refused(path: Path, statement: str) -> None:
    """With one line; a witness that does not know whose it is signs nothing."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()
    with pytest.raises(BadInput, match=r"state\.sqlite:0:0: .*; take a new key"):
        WitnessState.open(path, writable=True)


def test_what_cannot_be_written_is_told_and_not_remembered(path: Path) -> None:
    """While another program holds the file nothing is swapped; afterwards all goes on."""
    state = WitnessState.open(path, writable=True)
    state._connection.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFailed, match="cannot be written: database is locked"):
        swap(state, None, 5)
    assert state.last(ORIGIN) is None
    other.execute("ROLLBACK")
    assert swap(state, None, 5)
