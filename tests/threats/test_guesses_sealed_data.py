"""Threat: *Guesses sealed data*. Leaves and files give no way to try a guess, however few values a field may have."""

import hashlib
import sqlite3
from pathlib import Path

from tests.app.recording import PersonNoted, Seeded, new_workspace, recorder

from safeconduct.kernel.encoding import encode
from safeconduct.ledger.header import BODY_ROOT
from safeconduct.storage.keys import KeyStore


def test_two_entries_that_say_the_same_have_nothing_in_common(tmp_path: Path) -> None:
    """Neither their commitments nor their ciphertexts: each has 256 bits of its own in them."""
    workspace = new_workspace(tmp_path)
    writer = recorder(workspace)
    same = PersonNoted(occurred_at_us=1, person="p1", name="1994-05-17")
    writer.record([same, same])
    writer.close()
    one, other = workspace.open_ledger().rows()
    assert one[1][BODY_ROOT] != other[1][BODY_ROOT]
    assert one[3] == other[3], "sealed under one key"
    assert one[5] != other[5]


def test_no_guess_of_a_date_of_birth_can_be_tried_on_the_files(tmp_path: Path) -> None:
    """No hash of a right guess, of value, field or body, stands in any file; unsalted it would take milliseconds."""
    workspace = new_workspace(tmp_path)
    writer = recorder(workspace)
    right = PersonNoted(occurred_at_us=1, person="p1", name="1994-05-17")
    writer.record([right])
    writer.close()
    content = b"".join(path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file())
    for guess in (b"1994-05-17", b'"1994-05-17"', b'name\x00"1994-05-17"', encode(right), b"person:p1", b"p1"):
        for name in ("sha256", "sha1", "md5", "sha512", "blake2b"):
            digest = hashlib.new(name, guess).digest()
            assert digest[:16] not in content, (guess, name)
            assert digest.hex()[:32].encode() not in content, (guess, name)


def test_whose_key_a_data_key_is_cannot_be_tried_without_the_master_key(tmp_path: Path) -> None:
    """Subjects are found by a keyed hash: under two master keys one person has two, and neither is a plain hash."""
    found = []
    for number in (1, 2):
        KeyStore.create(tmp_path / f"{number}.sqlite", bytes([number] * 32))
        keys = KeyStore.open(tmp_path / f"{number}.sqlite", bytes([number] * 32), writable=True)
        keys.ensure(["person:p1"], Seeded(1))
        keys.close()
        with sqlite3.connect(tmp_path / f"{number}.sqlite") as connection:
            found += [subject for (subject,) in connection.execute("SELECT subject FROM data_key")]
        connection.close()
    assert len(set(found)) == 2
    assert hashlib.sha256(b"person:p1").digest() not in found
