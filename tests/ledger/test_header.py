"""Leaves: their layout to the byte, and the one rule of what a signature is."""

import hashlib
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.signing import SigningKey

from safeconduct.ledger.header import (
    AUTHOR,
    BODY_ROOT,
    DOMAIN,
    FIRST,
    HEADER_BYTES,
    LEAF_BYTES,
    Header,
    LeafError,
    hash_of_signed,
    make_leaf,
    parse_leaf,
    recorded_at_us_of,
    sign_header,
)

KEY = SigningKey(bytes(range(32)))
HEADER = Header(bytes(KEY.verify_key), 7, bytes([1] * 32), 6, bytes([2] * 32), bytes([3] * 32))


def test_a_leaf_is_laid_out_as_documented() -> None:
    """Every field at its offset, and the signature over the domain and the header."""
    leaf = make_leaf(sign_header(HEADER, KEY), 1_751_619_600_000_000)
    assert len(leaf) == LEAF_BYTES == 217
    assert leaf[0] == 1
    assert leaf[1:33] == leaf[AUTHOR] == bytes(KEY.verify_key)
    assert struct.unpack(">Q", leaf[33:41]) == (7,)
    assert leaf[41:73] == bytes([1] * 32)
    assert struct.unpack(">Q", leaf[73:81]) == (6,)
    assert leaf[81:113] == bytes([2] * 32)
    assert leaf[113:145] == leaf[BODY_ROOT] == bytes([3] * 32)
    assert leaf[145:209] == KEY.sign(b"safeconduct/entry/v1\n" + leaf[:145]).signature
    assert struct.unpack(">Q", leaf[209:]) == (1_751_619_600_000_000,)
    assert recorded_at_us_of(leaf) == 1_751_619_600_000_000


def test_a_leaf_reads_back_as_it_was_made() -> None:
    """Parsing gives the header, and what the next entry names as its predecessor."""
    signed = sign_header(HEADER, KEY)
    leaf = parse_leaf(make_leaf(signed, 5))
    leaf.verify()
    assert (leaf.header, leaf.recorded_at_us) == (HEADER, 5)
    assert leaf.entry_hash() == hash_of_signed(signed) == hashlib.sha256(signed).digest()


@pytest.mark.parametrize("at", [0, 1, 40, 41, 80, 100, 144, 145, 208])
def test_one_flipped_bit_in_what_was_signed_is_refused(at: int) -> None:
    """Version, author, number, chain, checkpoint seen, body root, signature."""
    leaf = bytearray(make_leaf(sign_header(HEADER, KEY), 5))
    leaf[at] ^= 1
    with pytest.raises(LeafError):
        parse_leaf(bytes(leaf)).verify()


@pytest.mark.parametrize("leaf", [b"", bytes(216), bytes(218), bytes([2]) + bytes(216)])
def test_what_is_no_leaf_is_refused(leaf: bytes) -> None:
    """Wrong length, or a version of the future."""
    with pytest.raises(LeafError):
        parse_leaf(leaf)


def test_a_signature_that_only_lenient_libraries_accept_is_refused() -> None:
    """The key of small order, with which OpenSSL takes one signature for every message; libsodium refuses it."""
    identity = bytes([1]) + bytes(31)
    header = Header(identity, 1, FIRST, 0, bytes(32), bytes(32))
    signature = identity + bytes(32)
    Ed25519PublicKey.from_public_bytes(identity).verify(signature, DOMAIN + header.encode())
    leaf = parse_leaf(make_leaf(header.encode() + signature, 0))
    with pytest.raises(LeafError):
        leaf.verify()


def test_a_signature_with_an_unreduced_scalar_is_refused() -> None:
    """S + L says the same as S to who does not look; then one entry would have two byte forms."""
    order = 2**252 + 27742317777372353535851937790883648493
    signed = sign_header(HEADER, KEY)
    scalar = int.from_bytes(signed[-32:], "little") + order
    leaf = parse_leaf(make_leaf(signed[:-32] + scalar.to_bytes(32, "little"), 0))
    with pytest.raises(LeafError):
        leaf.verify()


def test_a_signature_without_the_domain_is_refused() -> None:
    """What the key signed for another purpose is no entry."""
    encoded = HEADER.encode()
    assert len(encoded) == HEADER_BYTES
    leaf = parse_leaf(make_leaf(encoded + KEY.sign(encoded).signature, 0))
    with pytest.raises(LeafError):
        leaf.verify()
