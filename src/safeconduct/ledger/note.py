"""C2SP signed notes: a text, an empty line, and signature lines; and the keys that verify them.

A verifier key is written `NAME+HASH+BASE64`, as Go's sumdb and the C2SP tools read it; its first byte says how its key
signs. Reading is strict: one text for one meaning. (https://c2sp.org/signed-note, read 2026-11.)
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import NamedTuple

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from safeconduct.kernel.errors import SafeconductError

ED25519 = b"\x01"
"""Signature type of plain Ed25519 in signed notes: what a ledger signs with."""
COSIGNATURE = b"\x04"
"""Signature type of timestamped Ed25519 cosignatures: what a witness signs with."""
KEY_BYTES = 32
SIGNATURE_BYTES = 64

_KINDS = {ED25519: "Ed25519 (1)", COSIGNATURE: "Ed25519 cosignatures (4)"}
_NAME_UNFIT = re.compile(r"[\s+\x00-\x1f\ud800-\udfff]")
"""Unicode spaces, the plus sign, control characters, and what cannot be written in UTF-8."""
_KEY_HASH_BYTES = 4
MAX_SIGNATURES = 64
MAX_NOTE_BYTES = 1 << 17
"""No checkpoint of a ledger with its cosignatures is longer: the format asks for at least 16 of up to 5 kB each."""


class CheckpointError(SafeconductError):
    """A text that is no signed note, key, checkpoint or cosignature, or one not signed by the key expected."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A key that signs notes, under the name it signs with."""

    name: str
    public_key: bytes
    """Ed25519, 32 bytes."""
    algorithm: bytes = ED25519
    """How it signs: ED25519 (a ledger) or COSIGNATURE (a witness)."""

    def __post_init__(self) -> None:
        if not self.name or _NAME_UNFIT.search(self.name):
            raise CheckpointError(f"{self.name!r} is no key name: no spaces, no plus, not empty")
        if len(self.public_key) != KEY_BYTES:
            raise CheckpointError(f"an Ed25519 public key has {KEY_BYTES} bytes, this one {len(self.public_key)}")

    @property
    def key_hash(self) -> bytes:
        """The four bytes that stand before a signature."""
        named = self.name.encode() + b"\n" + self.algorithm + self.public_key
        return hashlib.sha256(named).digest()[:_KEY_HASH_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_hash.hex()}+{to_base64(self.algorithm + self.public_key)}"

    @classmethod
    def parse(cls, text: str, algorithm: bytes = ED25519) -> "VerifierKey":
        """Read `NAME+HASH+BASE64`, of a key that signs in the way expected. Raises CheckpointError."""
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise CheckpointError("a verifier key is written NAME+HASH+BASE64")
        name, key_hash, encoded = parts
        key = from_base64(encoded, "the verifier key")
        if key[:1] != algorithm:
            other = _KINDS.get(key[:1])
            found = f": it is of the type {other}" if other else ""
            raise CheckpointError(f"the verifier key is not of the type {_KINDS[algorithm]}{found}")
        verifier = cls(name, key[1:], algorithm)
        if verifier.key_hash.hex() != key_hash:
            raise CheckpointError("the verifier key's hash is not that of its name and key")
        return verifier


class SignatureLine(NamedTuple):
    """One signature of a note."""

    name: str
    key_hash: bytes
    signature: bytes
    line: str
    """The whole line, without its end."""

    def is_of(self, verifier: VerifierKey) -> bool:
        """Whether it claims to be made by this key."""
        return (self.name, self.key_hash) == (verifier.name, verifier.key_hash)


def signature_line(verifier: VerifierKey, signature: bytes) -> str:
    """The line of a signature, without its end."""
    return f"— {verifier.name} {to_base64(verifier.key_hash + signature)}"


def split_note(note: bytes) -> tuple[str, list[SignatureLine]]:
    """The text of a note with its last newline, and its signatures, none of them verified. Raises CheckpointError."""
    text, separator, tail = decode_text(note).rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise CheckpointError("it is not a signed note: text, an empty line, signature lines")
    return text + "\n", read_signature_lines(tail)


def read_signature_lines(text: str) -> list[SignatureLine]:
    """Signature lines, each with its end. Raises CheckpointError."""
    if not text.endswith("\n"):
        raise CheckpointError("the last signature line does not end")
    lines = text[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise CheckpointError(f"it has more than {MAX_SIGNATURES} signatures")
    return [_signature(line) for line in lines]


def decode_text(source: bytes, most_bytes: int = MAX_NOTE_BYTES) -> str:
    """UTF-8 without control characters but the newline, as notes are. Raises CheckpointError."""
    if len(source) > most_bytes:
        raise CheckpointError(f"it has {len(source)} bytes, {most_bytes} at the most")
    try:
        text = source.decode()
    except UnicodeDecodeError:
        raise CheckpointError("it is not UTF-8 text") from None
    if any(character < " " and character != "\n" for character in text):
        raise CheckpointError("it holds control characters")
    return text


def verify_ed25519(message: bytes, signature: bytes, verifier: VerifierKey) -> None:
    """Check a signature by the strict rule (libsodium's). Raises CheckpointError."""
    # Of another length, part of it would be taken as the beginning of the message.
    if len(signature) != SIGNATURE_BYTES:
        raise CheckpointError(f"the signature of {verifier.name} has {len(signature)} bytes, not {SIGNATURE_BYTES}")
    try:
        crypto_sign_open(signature + message, verifier.public_key)
    except BadSignatureError:
        raise CheckpointError(f"the signature of {verifier.name} does not hold") from None


def to_base64(value: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(value).decode()


def from_base64(text: str, what: str) -> bytes:
    """The bytes that are written so, and in no other way. Raises CheckpointError naming `what`."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointError(f"{what} is not base64") from None
    # Python takes any bits after the last byte; accepting them would give one key or root two texts.
    if not value or to_base64(value) != text:
        raise CheckpointError(f"{what} is not base64 as it must be written")
    return value


def _signature(line: str) -> SignatureLine:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "—" or not name or _NAME_UNFIT.search(name):
        raise CheckpointError(f"{line!r} is no signature line")
    signature = from_base64(encoded, f"the signature of {name}")
    if len(signature) <= _KEY_HASH_BYTES:
        raise CheckpointError(f"the signature of {name} is too short")
    return SignatureLine(name, signature[:_KEY_HASH_BYTES], signature[_KEY_HASH_BYTES:], line)
