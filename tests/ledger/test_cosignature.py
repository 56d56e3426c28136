"""Cosignatures: what public witnesses made verifies, what ours make is what C2SP says, to the byte."""

import base64
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey
from tests.ledger.vector_files import VECTORS, published_witnesses, seeded_keys, seeded_witnesses

from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from safeconduct.ledger.cosignature import Cosignature, cosign, open_cosignatures, verify_cosignature, witness_key
from safeconduct.ledger.note import CheckpointError, VerifierKey, signature_line, split_note

LEDGER = SigningKey(bytes(range(32)))
CHECKPOINT = Checkpoint("safeconduct/a", 5, bytes(range(32)))
NOTE = sign_checkpoint(CHECKPOINT, LEDGER)
WITNESS = SigningKey(bytes(32))
KEY = witness_key("witness.example/ru", WITNESS)
AT_S = 1_751_600_000


def cosigned(*lines: str, note: bytes = NOTE) -> bytes:
    """The note with further lines."""
    return note + "".join(f"{line}\n" for line in lines).encode()


def line_of(signature: bytes, key: VerifierKey = KEY) -> str:
    """A line with any signature."""
    return signature_line(key, signature)


def test_the_specifications_example_is_taken_apart() -> None:
    """Name, key id, time and length of its line; our line of the same parts is the same text."""
    example = VECTORS["specification"]
    text, (_, signature) = split_note(example["note"].encode())
    assert (signature.name, signature.key_hash.hex()) == ("witness.example.com/w1", example["key_id"])
    assert len(signature.signature) == 8 + 64
    assert struct.unpack(">Q", signature.signature[:8]) == (example["time"],)
    assert example["message"] == f"cosignature/v1\ntime {example['time']}\n{text}"


def test_four_public_witnesses_are_verified() -> None:
    """A checkpoint as a public log published it: the log's signature, and each witness's, with its time."""
    example = VECTORS["witnessed"]
    note, witnesses = example["note"].encode(), published_witnesses()
    assert open_checkpoint(note, VerifierKey.parse(example["log"])).size == example["size"]
    found = open_cosignatures(note, witnesses)
    assert [(one.witness, one.at_s) for one in found] == [(one, example["time"]) for one in witnesses]
    other = note.replace(str(example["size"]).encode(), b"42")
    for witness in witnesses:
        with pytest.raises(CheckpointError, match=f"the signature of {witness.name} does not hold"):
            open_cosignatures(other, [witness])


def test_ours_is_what_the_specification_says() -> None:
    """Key id of type 4, eight bytes of time, and Ed25519 over two lines and the text: verified by OpenSSL."""
    for (name, key), witness in zip(seeded_keys(), seeded_witnesses(), strict=True):
        line = cosign(CHECKPOINT.text(), name, key, AT_S)
        dash, said, encoded = line.split(" ")
        blob = base64.b64decode(encoded)
        assert (dash, said, blob[:4], blob[4:12]) == ("—", name, witness.key_hash, AT_S.to_bytes(8, "big"))
        message = f"cosignature/v1\ntime {AT_S}\n{CHECKPOINT.text()}".encode()
        Ed25519PublicKey.from_public_bytes(witness.public_key).verify(blob[12:], message)
        assert open_cosignatures(cosigned(line), [witness]) == [Cosignature(witness, AT_S, line)]


@given(
    size=st.integers(0, 2**62),
    root=st.binary(min_size=32, max_size=32),
    extension=st.lists(st.text("abc ", min_size=1), max_size=2),
    at_s=st.integers(0, 2**63 - 1),
)
def test_a_cosignature_covers_all_of_the_text(size: int, root: bytes, extension: list[str], at_s: int) -> None:
    """What was cosigned verifies with its time; no other text does, nor another time."""
    text = Checkpoint("o", size, root, tuple(extension)).text()
    line = cosign(text, KEY.name, WITNESS, at_s)
    _, (signature,) = split_note(f"{text}\n{line}\n".encode())
    assert verify_cosignature(text, signature, KEY) == Cosignature(KEY, at_s, line)
    for other in (text + "x\n", text.replace("o\n", "p\n", 1)):
        with pytest.raises(CheckpointError, match="does not hold"):
            verify_cosignature(other, signature, KEY)
    moved = signature._replace(signature=struct.pack(">Q", at_s ^ 1) + signature.signature[8:])
    with pytest.raises(CheckpointError, match="does not hold"):
        verify_cosignature(text, moved, KEY)


def test_of_one_witness_the_latest_counts_and_others_are_passed_over() -> None:
    """In the order of those asked for; who is not asked for may have written anything after its name."""
    old, new = (cosign(CHECKPOINT.text(), KEY.name, WITNESS, at_s) for at_s in (AT_S, AT_S + 60))
    stranger = SigningKey(b"s" * 32)
    other = witness_key("other", stranger)
    note = cosigned(new, line_of(bytes(7), other), old)
    assert [one.at_s for one in open_cosignatures(note, [KEY])] == [AT_S + 60]
    assert open_cosignatures(note, []) == []
    assert open_cosignatures(NOTE, [KEY, other]) == []
    both = cosigned(cosign(CHECKPOINT.text(), "other", stranger, AT_S), new)
    assert [one.witness for one in open_cosignatures(both, [KEY, other])] == [KEY, other]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (line_of(bytes(71)), "the cosignature of witness.example/ru has 71 bytes, not 72"),
        (line_of(bytes(73)), "the cosignature of witness.example/ru has 73 bytes, not 72"),
        (line_of(b"\x80" + bytes(71)), "the cosignature of witness.example/ru has no time: 2^63 or more"),
        (line_of(bytes(72)), "the signature of witness.example/ru does not hold"),
        (
            cosign(CHECKPOINT.text(), KEY.name, WITNESS, AT_S).replace("— ", "—  "),
            None,
        ),
        (
            line_of(bytes(8) + WITNESS.sign(CHECKPOINT.text().encode()).signature),
            "the signature of witness.example/ru does not hold",
        ),
    ],
)
def test_a_cosignature_that_does_not_hold_spoils_the_note(line: str, told: str | None) -> None:
    """Also beside one that does, as the note format advises; each with its own sentence."""
    good = cosign(CHECKPOINT.text(), KEY.name, WITNESS, AT_S)
    with pytest.raises(CheckpointError) as refused:
        open_cosignatures(cosigned(good, line), [KEY])
    assert str(refused.value) == (told or f"{line!r} is no signature line")


def test_a_ledgers_signature_is_no_cosignature() -> None:
    """One key may sign both ways: the key ids differ, and so neither counts for the other."""
    as_witness = witness_key(CHECKPOINT.origin, LEDGER)
    assert open_cosignatures(NOTE, [as_witness]) == []
    text = CHECKPOINT.text()
    only = f"{text}\n{cosign(text, CHECKPOINT.origin, LEDGER, AT_S)}\n".encode()
    with pytest.raises(CheckpointError, match="it is not signed by"):
        open_checkpoint(only, VerifierKey(CHECKPOINT.origin, bytes(LEDGER.verify_key)))
