"""The cosignatures that a ledger gathered: none is lost, and who is behind is told since when."""

import threading
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from tests.ledger.growing import VERIFIER, GrowingLedger, leaves

from safeconduct.kernel.errors import BadInput
from safeconduct.ledger.checkpoint import open_checkpoint
from safeconduct.ledger.cosignature import Cosignature, cosign, open_cosignatures, witness_key
from safeconduct.storage.cosignatures import CosignatureStore, Standing

KEYS = {name: SigningKey(name.encode() * 32) for name in "ABC"}
A, B, C = (witness_key(f"witness.example/{name.lower()}", key) for name, key in KEYS.items())
LEDGER = GrowingLedger(leaves(20))
FORK = GrowingLedger([*leaves(7), *leaves(13, "other")])


@pytest.fixture
def store(tmp_path: Path) -> CosignatureStore:
    """An empty store."""
    return CosignatureStore.open(tmp_path / "cosignatures.sqlite")


def add(store: CosignatureStore, name: str, size: int, at_s: int = 100, ledger: GrowingLedger = LEDGER) -> Cosignature:
    """Let a witness cosign a checkpoint, and keep that."""
    key = KEYS[name]
    witness = {"A": A, "B": B, "C": C}[name]
    line = cosign(ledger.checkpoint(size).text(), witness.name, key, at_s)
    given = Cosignature(witness, at_s, line)
    store.add(name, ledger.checkpoint(size), ledger.note(size), given, at_s * 1_000_000)
    return given


def test_a_note_gathers_every_cosignature_of_its_checkpoint(store: CosignatureStore) -> None:
    """Signed by the ledger, readable by whoever knows the keys, in whatever order they came."""
    given = [add(store, name, 8) for name in "BCA"]
    note = store.note_at(8)
    assert note is not None
    assert open_checkpoint(note, VERIFIER) == LEDGER.checkpoint(8)
    assert open_cosignatures(note, [B, C, A]) == given
    assert note.startswith(LEDGER.note(8))
    assert store.note_at(9) is None


def test_the_latest_note_is_the_largest_that_all_asked_for_cosigned(store: CosignatureStore) -> None:
    """A alone has gone further; B and C have one in common; with nobody asked for, any note will do."""
    assert store.latest_note([]) is None
    for name, size in (("A", 5), ("B", 5), ("C", 5), ("B", 8), ("C", 8), ("A", 12), ("B", 10)):
        add(store, name, size)
    assert store.latest_note([A, B, C]) == store.note_at(5)
    assert store.latest_note([B, C]) == store.note_at(8)
    assert store.latest_note([B]) == store.note_at(10)
    assert store.latest_note([]) == store.note_at(12)


def test_who_never_cosigned_is_in_no_note(store: CosignatureStore) -> None:
    """Though all others are."""
    add(store, "A", 8)
    assert store.latest_note([A, B]) is None
    store.failed("B", B, "cannot be reached", 5)
    assert store.latest_note([A, B]) is None


def test_the_first_cosignature_of_a_checkpoint_is_kept(store: CosignatureStore) -> None:
    """The earliest time is what bounds when the entries were there."""
    first = add(store, "A", 8, at_s=100)
    add(store, "A", 8, at_s=200)
    note = store.note_at(8)
    assert note is not None
    assert open_cosignatures(note, [A]) == [first]


def test_nothing_is_taken_away_when_the_ledger_goes_another_way(store: CosignatureStore) -> None:
    """Notes of two histories of one size stand side by side: that is the evidence."""
    add(store, "A", 8)
    add(store, "B", 8, ledger=FORK)
    add(store, "A", 9)
    path = store.path
    store.close()
    again = CosignatureStore.read(path)
    assert again is not None
    # What B cosigned came last; what A cosigned is there for whoever asks for A.
    assert again.note_at(8) == FORK.note(8) + open_cosignatures(again.note_at(8) or b"", [B])[0].line.encode() + b"\n"
    assert open_checkpoint(again.latest_note([A]) or b"", VERIFIER) == LEDGER.checkpoint(9)


def test_who_fails_is_told_since_when(store: CosignatureStore) -> None:
    """From the first failure on, with the latest reason, until it cosigns."""
    add(store, "B", 8, at_s=100)
    store.failed("B", B, "B cannot be reached", 200)
    store.failed("B", B, "B answered 500", 300, alarm=True)
    assert store.standing(B) == Standing("B", B, 8, 100, 300, 200, "B answered 500", True, None)
    add(store, "B", 9, at_s=400)
    assert store.standing(B) == Standing("B", B, 9, 400, 400_000_000, None, "", False, None)
    assert store.standing(A) is None
    store.failed("A", A, "A cannot be reached", 500)
    assert store.standings() == (
        Standing("A", A, 0, 0, 500, 500, "A cannot be reached", False, None),
        Standing("B", B, 9, 400, 400_000_000, None, "", False, None),
    )


def test_how_far_a_witness_came_never_falls(store: CosignatureStore) -> None:
    """A cosignature of a smaller checkpoint that comes late is kept, and its witness stands where it stood."""
    add(store, "A", 12, at_s=200)
    add(store, "A", 8, at_s=100)
    standing = store.standing(A)
    assert standing is not None
    assert (standing.size, standing.at_s) == (12, 200)
    assert store.note_at(8) is not None


def test_a_witness_that_forgot_is_remembered_for_it(store: CosignatureStore) -> None:
    """Until it takes another key: an alarm, whatever it cosigns afterwards."""
    given = Cosignature(A, 5, cosign(LEDGER.checkpoint(8).text(), A.name, KEYS["A"], 5))
    store.add("A", LEDGER.checkpoint(8), LEDGER.note(8), given, 1, fell_to=3)
    add(store, "A", 9)
    standing = store.standing(A)
    assert standing is not None
    assert standing.fell_to == 3
    (alarm,) = standing.alarms
    assert alarm.startswith("A had forgotten all after 3 entries, which it had cosigned: its state was restored")


def test_two_programs_may_gather_at_once(tmp_path: Path) -> None:
    """Both make the file, both add to one note; nothing is lost."""
    path = tmp_path / "cosignatures.sqlite"
    begin = threading.Barrier(2)

    def gather(name: str) -> None:
        begin.wait()
        store = CosignatureStore.open(path)
        for size in range(1, 21):
            add(store, name, size)
        store.close()

    threads = [threading.Thread(target=gather, args=(name,)) for name in "AB"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = CosignatureStore.read(path)
    assert store is not None
    for size in range(1, 21):
        note = store.note_at(size)
        assert note is not None
        assert len(open_cosignatures(note, [A, B])) == 2
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_where_nobody_was_asked_there_is_nothing_to_read(tmp_path: Path) -> None:
    """Reading makes no file; a foreign one is refused."""
    assert CosignatureStore.read(tmp_path / "cosignatures.sqlite") is None
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "cosignatures.sqlite").write_bytes(b"something else entirely, and longer than a header of SQLite" * 9)
    with pytest.raises(BadInput, match="cannot be opened"):
        CosignatureStore.read(tmp_path / "cosignatures.sqlite")
