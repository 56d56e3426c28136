"""The record as its users see it: written, read back, sealed, erased, refused."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from subprocess import run
from typing import TypeVar

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.recording import (
    DECODER,
    Noted,
    PaperNoted,
    PersonNoted,
    StandingClock,
    erase,
    new_workspace,
    person,
    recorder,
)

from safeconduct.app.record import Record
from safeconduct.kernel.encoding import NotCanonical
from safeconduct.kernel.entry import Erased, Opened, Sealed
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.ledger.commitment import SECRET_BYTES, disclose, fields_of, verify_disclosure
from safeconduct.ledger.fsck import BodyState
from safeconduct.ledger.header import parse_leaf
from safeconduct.storage.sqlite import StorageFailed

T = TypeVar("T")

texts = st.text(max_size=30)
numbers = st.integers(-(2**53) + 1, 2**53 - 1)
entries = st.one_of(
    st.builds(PersonNoted, occurred_at_us=numbers, person=texts, name=texts, number=numbers),
    st.builds(PaperNoted, occurred_at_us=numbers, paper=texts),
)


@settings(max_examples=15)
@given(groups=st.lists(st.lists(entries, max_size=6), max_size=5))
def test_what_is_recorded_is_read_back(tmp_path_factory: pytest.TempPathFactory, groups: list[list[Noted]]) -> None:
    """Any entries in any groups, each group through a fresh start: read as recorded, and the check is clean."""
    workspace = new_workspace(tmp_path_factory.mktemp("workspace"))
    whole: list[Noted] = []
    for seed, group in enumerate(groups):
        writer = recorder(workspace, seed)
        assert writer.record(group) == range(len(whole), len(whole) + len(group))
        whole.extend(group)
        assert [one.body for one in writer.read()] == [Opened(entry) for entry in whole]
        writer.close()
    record = workspace.open_record(DECODER)
    assert [one.body for one in record.read(3)] == [Opened(entry) for entry in whole[3:]]
    report = record.check()
    assert not report.problems
    assert report.bodies[BodyState.OPENED] == report.size == record.checkpoint().size == len(whole)
    record.close()


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """Clock and randomness are the only sources of difference."""
    notes = []
    for name in ("one", "other"):
        writer = recorder(new_workspace(tmp_path / name))
        writer.record([person(number) for number in range(20)])
        notes.append(writer.checkpoint_note())
        writer.close()
    assert notes[0] == notes[1]


def test_recorded_at_never_falls(tmp_path: Path) -> None:
    """The machine's clock is set back, within a run and between two: the ledger's time stands still."""
    workspace, clock = new_workspace(tmp_path), StandingClock(1000)
    for at_us in (1000, 400, 2000, 300):
        clock.at_us = at_us
        writer = recorder(workspace, clock=clock)
        writer.record([person(1)])
        clock.at_us = 100
        writer.record([person(2)])
        writer.close()
    times = [one.recorded_at_us for one in workspace.open_record(DECODER).read()]
    assert times == [1000, 1000, 1000, 1000, 2000, 2000, 2000, 2000]


def test_entries_name_the_checkpoint_before_them(tmp_path: Path) -> None:
    """Every leaf of a group has seen the checkpoint before the group, and continues its author's chain."""
    workspace = new_workspace(tmp_path)
    writer = recorder(workspace)
    for count in (2, 1, 3):
        writer.record([person(number) for number in range(count)])
    leaves = [parse_leaf(row[1]) for row in workspace.open_ledger().rows()]
    assert [leaf.header.seen_size for leaf in leaves] == [0, 0, 2, 3, 3, 3]
    assert [leaf.header.author_seq for leaf in leaves] == [1, 2, 3, 4, 5, 6]
    assert [leaf.header.previous for leaf in leaves[1:]] == [leaf.entry_hash() for leaf in leaves[:-1]]


def test_an_erased_person_reads_as_erased_and_the_ledger_verifies(tmp_path: Path) -> None:
    """All of that person's bodies are gone, nobody else's, an entry says so, and nothing recorded has changed."""
    workspace = new_workspace(tmp_path)
    writer = recorder(workspace)
    written = [person(number) for number in range(21)]
    writer.record(written)
    leaves = writer.leaves(0, 21)
    entry = erase(writer, "person:p3")
    assert entry is not None
    assert erase(writer, "person:nobody") is None
    writer.close()
    record = workspace.open_record(DECODER)
    assert [one.body for one in record.read()] == [
        *(Erased() if one.person == "p3" else Opened(one) for one in written),
        Opened(entry),
    ]
    report = record.check()
    assert not report.problems
    assert (report.bodies[BodyState.OPENED], report.bodies[BodyState.ERASED]) == (19, 3)
    assert record.leaves(0, 21) == leaves
    record.close()
    again = recorder(workspace, seed=2)
    again.record([person(3)])
    assert [type(one.body) for one in again.read(20)] == [Opened, Opened, Opened]
    assert next(type(one.body) for one in again.read(3)) is Erased


@pytest.mark.parametrize("taken", ["keys.sqlite", "secrets/master.key"])
def test_without_keys_bodies_are_sealed_and_the_ledger_verifies(tmp_path: Path, taken: str) -> None:
    """A locked or stolen ledger tells nothing, and can still be checked; but nothing is written to it."""
    workspace = new_workspace(tmp_path)
    writer = recorder(workspace)
    writer.record([person(number) for number in range(5)])
    writer.close()
    (tmp_path / taken).unlink()
    record = workspace.open_record(DECODER)
    assert [one.body for one in record.read()] == [Sealed()] * 5
    report = record.check()
    assert not report.problems
    assert report.bodies[BodyState.SEALED] == 5
    with pytest.raises(SafeconductError):
        recorder(workspace)


def test_no_name_stands_in_any_file_in_the_clear(tmp_path: Path) -> None:
    """Neither a name nor a person's identifier, in either store, their logs, or the secrets."""
    writer = recorder(new_workspace(tmp_path))
    canary = PersonNoted(occurred_at_us=1, person="canary-4711", name="Канарейка Canary")
    writer.record([canary, person(1), canary])

    def check() -> None:
        for path in tmp_path.rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            for word in ("canary-4711", "Канарейка", "Canary", "person-noted"):
                assert word.encode() not in content, path

    check()
    writer.close()
    check()


def test_an_entry_with_wrong_values_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """What could never be read back must not be recorded; the rest of its group is not either."""
    writer = recorder(new_workspace(tmp_path))
    wrong = msgspec.structs.replace(person(1), number="seven")
    for bad in (wrong, msgspec.structs.replace(person(1), number=2**53)):
        with pytest.raises(NotCanonical):
            writer.record([person(0), bad])
    assert writer.record([person(2)]) == range(1)
    assert [one.body for one in writer.read()] == [Opened(person(2))]


def test_after_a_failed_write_the_recorder_refuses_and_a_fresh_one_continues(tmp_path: Path) -> None:
    """The disk fills up: what was acknowledged stays, the failed group is not there, nothing diverges."""
    workspace = new_workspace(tmp_path)
    writer = recorder(workspace)
    writer.record([person(number) for number in range(10)])
    connection = writer._writer._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFailed, match="full"):
        writer.record([person(number) for number in range(500)])
    with pytest.raises(Refused, match="open the workspace anew"):
        writer.record([person(1)])
    again = recorder(workspace, seed=2)
    assert again.record([person(10)]) == range(10, 11)
    assert not again.check().problems
    assert [one.body for one in again.read()] == [Opened(person(number)) for number in range(11)]


def test_a_failed_write_of_keys_leaves_the_ledger_as_it_was(tmp_path: Path) -> None:
    """A body is never written under a key that is not."""
    workspace = new_workspace(tmp_path)
    writer = recorder(workspace)
    writer._sealing_keys._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageFailed, match="keys"):
        writer.record([person(1)])
    with pytest.raises(Refused):
        writer.record([person(1)])
    writer.close()
    assert recorder(workspace).record([person(1)]) == range(1)


def test_a_second_recorder_is_refused(tmp_path: Path) -> None:
    """One writer to a ledger; readers as many as like."""
    workspace = new_workspace(tmp_path)
    first = recorder(workspace)
    with pytest.raises(Refused, match="another program"):
        recorder(workspace)
    first.record([person(1)])
    assert workspace.open_record(DECODER).size() == 1
    first.close()
    recorder(workspace).close()


def test_a_ledger_that_its_checkpoint_does_not_cover_is_not_continued(tmp_path: Path) -> None:
    """An entry taken from the end: the writer says so instead of signing over it."""
    workspace = new_workspace(tmp_path)
    writer = recorder(workspace)
    writer.record([person(number) for number in range(5)])
    writer.close()
    with sqlite3.connect(workspace.ledger_path) as connection:
        connection.execute("DELETE FROM leaf WHERE position = 4")
    for _ in range(2):
        with pytest.raises(SafeconductError, match="ledger fsck"):
            recorder(workspace)


def test_one_field_of_an_entry_can_be_shown_alone(tmp_path: Path) -> None:
    """The secret and body from the sealed store give a disclosure that the leaf alone verifies."""
    workspace = new_workspace(tmp_path)
    writer = recorder(workspace)
    writer.record([person(5, "Шевченко")])
    (stored,) = writer.stored_entries()
    secret, body = stored.plaintext[:SECRET_BYTES], stored.plaintext[SECRET_BYTES:]
    root = parse_leaf(stored.leaf).header.body_root
    disclosure = disclose(secret, fields_of(body, writer.schema), ["name"], root)
    assert [one.value for one in disclosure.shown] == ['"Шевченко"'.encode()]
    verify_disclosure(disclosure, root)


def test_openssl_verifies_the_signature_of_a_leaf(tmp_path: Path) -> None:
    """With nothing but the leaf's bytes: public key, signed bytes and signature are cut out at documented places."""
    workspace = new_workspace(tmp_path / "workspace")
    recorder(workspace).record([person(1)])
    leaf = next(iter(workspace.open_ledger().rows()))[1]
    key = Ed25519PublicKey.from_public_bytes(leaf[1:33])
    (tmp_path / "key.pem").write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "signature").write_bytes(leaf[145:209])
    (tmp_path / "signed").write_bytes(b"safeconduct/entry/v1\n" + leaf[:145])
    files = ["-inkey", "key.pem", "-in", "signed", "-sigfile", "signature"]
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-rawin", *files]
    assert run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "signed").write_bytes(b"safeconduct/entry/v1\n" + leaf[:144] + bytes([leaf[144] ^ 1]))
    assert run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_the_stored_body_is_the_canonical_text(tmp_path: Path) -> None:
    """What is hashed and sealed is sorted JSON, so that any program can read it."""
    writer = recorder(new_workspace(tmp_path))
    writer.record([person(5)])
    (stored,) = writer.stored_entries()
    body = stored.plaintext[SECRET_BYTES:].decode()
    assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert json.loads(body)["type"] == "test.person-noted/1"


SPOIL = {
    "body taken away": "DELETE FROM body WHERE position = ?",
    "body altered": "UPDATE body SET ciphertext = zeroblob(length(ciphertext)) WHERE position = ?",
    "body cut short": "UPDATE body SET ciphertext = substr(ciphertext, 1, 5) WHERE position = ?",
    "nonce cut short": "UPDATE body SET nonce = x'00' WHERE position = ?",
    "key of nobody": "UPDATE body SET key_id = zeroblob(16) WHERE position = ?",
    "leaf cut short": "UPDATE leaf SET leaf = substr(leaf, 1, 60) WHERE position = ?",
    "entry taken away": "DELETE FROM leaf WHERE position = ?",
}


def read_slowly(record: Record[Noted], start: int) -> Iterator[tuple[int, Opened[Noted] | Sealed | Erased]]:
    """What `read` should give: each entry opened by itself, as the check opens it."""
    expected = 0
    for stored in record.stored_entries():
        assert stored.index >= expected
        if stored.index != expected and stored.index >= start:
            raise SafeconductError("missing")
        expected = stored.index + 1
        if stored.index < start:
            continue
        if stored.state is BodyState.OPENED:
            yield stored.index, Opened(DECODER.decode(stored.plaintext[SECRET_BYTES:]))
        elif stored.state is BodyState.SEALED:
            yield stored.index, Sealed()
        elif stored.state is BodyState.ERASED:
            yield stored.index, Erased()
        else:
            raise SafeconductError("damaged")


def until_it_fails(bodies: Iterable[T]) -> tuple[list[T], bool]:
    """What is read before a failure, and whether there was one."""
    found: list[T] = []
    try:
        found.extend(bodies)
    except SafeconductError:
        return found, True
    return found, False


@settings(max_examples=60)
@given(
    groups=st.lists(st.lists(st.integers(0, 20), min_size=1, max_size=6), min_size=1, max_size=3),
    erased=st.sets(st.integers(0, 6), max_size=3),
    spoilt=st.lists(st.tuples(st.sampled_from(list(SPOIL)), st.integers(0, 17)), max_size=2),
    start=st.integers(0, 8),
    locked=st.booleans(),
)
def test_the_fast_way_of_reading_is_the_slow_way(
    tmp_path_factory: pytest.TempPathFactory,
    groups: list[list[int]],
    erased: set[int],
    spoilt: list[tuple[str, int]],
    start: int,
    locked: bool,
) -> None:
    """Opened, sealed, erased, damaged and missing entries are read alike, up to the first that cannot be read."""
    workspace = new_workspace(tmp_path_factory.mktemp("workspace"))
    writer = recorder(workspace)
    for group in groups:
        writer.record([person(number) for number in group])
    for number in erased:
        erase(writer, f"person:p{number}")
    writer.close()
    with sqlite3.connect(workspace.ledger_path) as connection:
        for how, position in spoilt:
            connection.execute(SPOIL[how], (position,))
    connection.close()
    if locked:
        workspace.keys_path.unlink()
    fast, slow = workspace.open_record(DECODER), workspace.open_record(DECODER)
    expected = until_it_fails(read_slowly(slow, start))
    assert until_it_fails((one.index, one.body) for one in fast.read(start)) == expected
    # Once more, with all keys at hand.
    assert until_it_fails((one.index, one.body) for one in fast.read(start)) == expected
    fast.close()
    slow.close()


def test_a_reader_follows_the_writer(tmp_path: Path) -> None:
    """Entry by entry, with keys that were made after it began."""
    workspace = new_workspace(tmp_path)
    writer, record = recorder(workspace), workspace.open_record(DECODER)
    assert record.refresh()
    assert list(record.read()) == []
    for size in range(20):
        writer.record([person(size)])
        assert record.refresh()
        assert [one.body for one in record.read(size)] == [Opened(person(size))]
        assert record.checkpoint().size == size + 1
        record.rest()
        assert not record.refresh()
    record.close()
