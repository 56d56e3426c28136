"""A proof sealed to one recipient: what its file shows, to whom it opens, and all ways to be no such file."""

import re

import pytest
from tests.app.recording import Seeded
from tests.ledger.small_ledger import SmallLedger

from safeconduct.kernel import hpke
from safeconduct.ledger.sealed_proof import (
    BLOCK_BYTES,
    HEADING,
    SealedProofError,
    open_sealed,
    parse_sealed,
    seal_proof,
)

PRIVATE, OTHER = bytes([7]) * 32, bytes([8]) * 32
PUBLIC = hpke.public_of(PRIVATE)
PROOF = SmallLedger(11).proof(6, ("type", "person")).encode()
FILE = seal_proof(PROOF, PUBLIC, Seeded(1))


def test_the_recipient_opens_it_and_nobody_else() -> None:
    """The very bytes of the proof; another key is told to whom it is sealed."""
    assert open_sealed(parse_sealed(FILE), PRIVATE) == PROOF
    with pytest.raises(SealedProofError, match=f"it is sealed to the key {PUBLIC.hex()[:16]}"):
        open_sealed(parse_sealed(FILE), OTHER)


def test_another_key_named_in_it_opens_nothing_either() -> None:
    """Who puts their own key into the heading has changed it."""
    renamed = FILE.replace(PUBLIC.hex().encode(), hpke.public_of(OTHER).hex().encode())
    with pytest.raises(SealedProofError, match="it was changed since it was sealed"):
        open_sealed(parse_sealed(renamed), OTHER)


def test_its_length_tells_little() -> None:
    """Whole blocks: whatever is shown, one field or two."""
    small = SmallLedger(11)
    lengths = {len(seal_proof(small.proof(6, one).encode(), PUBLIC, Seeded(1))) for one in (("type",), ("person",))}
    assert lengths == {len(FILE)}
    assert len(parse_sealed(FILE).sealed) == BLOCK_BYTES + hpke.OVERHEAD_BYTES


def test_two_files_of_one_proof_have_nothing_in_common() -> None:
    """Each is sealed anew."""
    again = parse_sealed(seal_proof(PROOF, PUBLIC, Seeded(2))).sealed
    assert again[:32] != parse_sealed(FILE).sealed[:32]
    assert again[32:48] != parse_sealed(FILE).sealed[32:48]


HEAD, TO = HEADING.encode(), PUBLIC.hex().encode()
NO_FILES = {
    "empty": (b"", f"it does not begin with the line {HEADING}"),
    "a proof": (PROOF, f"it does not begin with the line {HEADING}"),
    "heading alone": (HEAD, "after its heading stand no lines 'to'"),
    "no last newline": (FILE.rstrip(b"\n"), "after its heading stand no lines 'to'"),
    "one newline more": (FILE + b"\n", "after its heading stand no lines 'to'"),
    "another word": (FILE.replace(b"\nto ", b"\nfor "), "after its heading stand no lines 'to'"),
    "capitals": (FILE.replace(TO, TO.upper()), "the recipient's key is none"),
    "low order": (FILE.replace(TO, b"00" * 32), "the recipient's key is none"),
    "other letters": (FILE.replace(TO, "é".encode() * 64), "the recipient's key is none"),
    "cut short": (FILE[:-3] + b"\n", "what is sealed is not base64"),
    "a zero byte": (FILE + bytes(1), "it holds control characters"),
    "no text": (FILE + b"\xff", "it is not UTF-8 text"),
    "three bytes": (re.sub(rb"\n[^\n]{99}[^\n]*\n$", b"\nAAAA\n", FILE), "it was changed since it was sealed"),
}


@pytest.mark.parametrize("case", NO_FILES)
def test_what_is_no_such_file_is_refused(case: str) -> None:
    """By one typed error, in one line."""
    source, told = NO_FILES[case]
    with pytest.raises(SealedProofError) as refused:
        open_sealed(parse_sealed(source), PRIVATE)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_every_byte_counts() -> None:
    """Nothing of what is sealed can be changed."""
    found = parse_sealed(FILE)
    for at in range(0, len(found.sealed), 97):
        sealed = found.sealed[:at] + bytes([found.sealed[at] ^ 1]) + found.sealed[at + 1 :]
        with pytest.raises(SealedProofError, match="does not open"):
            open_sealed(type(found)(found.recipient, sealed), PRIVATE)
