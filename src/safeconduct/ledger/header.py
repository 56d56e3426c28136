"""The leaf of an entry: what its author signed, the signature, and when the ledger took it.

    header (145 bytes, integers big-endian)        leaf (217 bytes)
      0    1  format version, 1                      0  145  header
      1   32  author: Ed25519 public key           145   64  the author's Ed25519 signature over
     33    8  author_seq, from 1                             b"safeconduct/entry/v1\\n" || header
     41   32  previous: SHA-256(header || signature) 209    8  recorded_at_us, by the ledger's own clock
              of the author's entry before; zeros
     73    8  seen: size of the last checkpoint that the author had seen
     81   32  seen: its root
    113   32  body_root (see `commitment`)

No body stands in it: what is in a leaf, every party holds for ever. The public key itself is the author's key id, so
that a leaf can be verified from its bytes alone. Only what libsodium accepts is a signature: the libraries disagree on
edge cases, and libsodium's set lies inside the others'.
"""

import hashlib
import struct

import msgspec
from nacl.bindings import crypto_sign, crypto_sign_open
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey

from safeconduct.kernel.errors import SafeconductError

VERSION = 1
DOMAIN = b"safeconduct/entry/v1\n"
"""Precedes every signed header. No checkpoint can be mistaken for one: after its first line comes a digit, here the
version byte."""

_HEADER = struct.Struct(">B32sQ32sQ32s32s")
_RECORDED_AT = struct.Struct(">Q")
HEADER_BYTES = _HEADER.size
SIGNATURE_BYTES = 64
LEAF_BYTES = HEADER_BYTES + SIGNATURE_BYTES + _RECORDED_AT.size
FIRST = bytes(32)
"""What stands as `previous` in an author's first entry."""

AUTHOR = slice(1, 33)
BODY_ROOT = slice(113, 145)
RECORDED_AT_OFFSET = HEADER_BYTES + SIGNATURE_BYTES


class LeafError(SafeconductError):
    """Bytes that are no leaf, or one whose signature does not hold."""


class Header(msgspec.Struct, frozen=True):
    """What an author signs."""

    author: bytes
    """Ed25519 public key, 32 bytes."""
    author_seq: int
    """The author's own count, from 1, no gaps. Two entries with one number prove a cloned key."""
    previous: bytes
    """Hash of the author's previous entry (`Leaf.entry_hash`), or FIRST."""
    seen_size: int
    seen_root: bytes
    """The last checkpoint that the author had seen: the entry is no older than it."""
    body_root: bytes

    def encode(self) -> bytes:
        """The 145 bytes."""
        return _HEADER.pack(
            VERSION, self.author, self.author_seq, self.previous, self.seen_size, self.seen_root, self.body_root
        )


class Leaf(msgspec.Struct, frozen=True):
    """A leaf taken apart."""

    header: Header
    signed: bytes
    """Header and signature, as stored."""
    recorded_at_us: int
    """When the ledger took it: microseconds since 1970 UTC."""

    def entry_hash(self) -> bytes:
        """What the author's next entry names as `previous`."""
        return hash_of_signed(self.signed)

    def verify(self) -> None:
        """Check the author's signature. Raises LeafError."""
        header, signature = self.signed[:HEADER_BYTES], self.signed[HEADER_BYTES:]
        try:
            crypto_sign_open(signature + DOMAIN + header, self.header.author)
        except BadSignatureError:
            raise LeafError("the author's signature does not hold") from None


def sign_header(header: Header, key: SigningKey) -> bytes:
    """Header and signature: all of a leaf but the time of recording."""
    encoded = header.encode()
    # The binding rather than SigningKey.sign: same libsodium call without its encoder layer.
    signature = crypto_sign(DOMAIN + encoded, key._signing_key)[:SIGNATURE_BYTES]
    return encoded + signature


def hash_of_signed(signed: bytes) -> bytes:
    """SHA-256(header || signature)."""
    return hashlib.sha256(signed).digest()


def make_leaf(signed: bytes, recorded_at_us: int) -> bytes:
    """The leaf of a signed header, taken at that time."""
    return signed + _RECORDED_AT.pack(recorded_at_us)


def parse_leaf(leaf: bytes) -> Leaf:
    """Take a leaf apart; the signature is not checked. Raises LeafError."""
    if len(leaf) != LEAF_BYTES:
        raise LeafError(f"a leaf has {LEAF_BYTES} bytes, this one {len(leaf)}")
    version, author, author_seq, previous, seen_size, seen_root, body_root = _HEADER.unpack_from(leaf)
    if version != VERSION:
        raise LeafError(f"its header has the format version {version}, known is {VERSION}")
    header = Header(author, author_seq, previous, seen_size, seen_root, body_root)
    (recorded_at_us,) = _RECORDED_AT.unpack_from(leaf, RECORDED_AT_OFFSET)
    return Leaf(header, leaf[:RECORDED_AT_OFFSET], recorded_at_us)


def parse_signed(signed: bytes) -> Leaf:
    """Take header and signature apart, as their author sends them; not verified, recorded never. Raises LeafError."""
    if len(signed) != RECORDED_AT_OFFSET:
        raise LeafError(f"a signed header has {RECORDED_AT_OFFSET} bytes, this one {len(signed)}")
    return parse_leaf(make_leaf(signed, 0))


def recorded_at_us_of(leaf: bytes) -> int:
    """The time of recording alone, for readers of many leaves."""
    return int.from_bytes(leaf[RECORDED_AT_OFFSET:], "big")
