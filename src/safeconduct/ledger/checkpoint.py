"""Signed tree heads: C2SP tlog-checkpoint in a C2SP signed note, with Ed25519 keys.

The note's text is three lines: the origin, the size in decimal, the root in base64. A verifier key is written
`NAME+HASH+BASE64`, as Go's sumdb and the C2SP tools read it. Reading is strict: one text for one meaning.
(https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note, read 2026-11.)
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from nacl.bindings import crypto_sign, crypto_sign_open
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey

from safeconduct.kernel.errors import SafeconductError
from safeconduct.ledger.merkle import HASH_BYTES

ED25519 = b"\x01"
"""Signature type byte of plain Ed25519 in signed notes."""

SIGNATURE_BYTES = 64

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_NAME_UNFIT = re.compile(r"[\s+\x00-\x1f\x7f]")
_MAX_SIGNATURES = 64


class CheckpointError(SafeconductError):
    """A text that is no checkpoint, or one not signed by the key expected."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A key that signs notes, under the name it signs with."""

    name: str
    public_key: bytes
    """Ed25519, 32 bytes."""

    def __post_init__(self) -> None:
        if not self.name or _NAME_UNFIT.search(self.name):
            raise CheckpointError(f"{self.name!r} is no key name: no spaces, no plus, not empty")
        if len(self.public_key) != HASH_BYTES:
            raise CheckpointError(f"an Ed25519 public key has {HASH_BYTES} bytes, this one {len(self.public_key)}")

    @property
    def key_hash(self) -> bytes:
        """The four bytes that stand before a signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_hash.hex()}+{_base64(ED25519 + self.public_key)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read `NAME+HASH+BASE64`. Raises CheckpointError."""
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise CheckpointError("a verifier key is written NAME+HASH+BASE64")
        name, key_hash, encoded = parts
        key = _unbase64(encoded, "the verifier key")
        if key[:1] != ED25519:
            raise CheckpointError("the verifier key is not of the type Ed25519 (1)")
        verifier = cls(name, key[1:])
        if verifier.key_hash.hex() != key_hash:
            raise CheckpointError("the verifier key's hash is not that of its name and key")
        return verifier


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A ledger's size and root, as its origin states them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def origin_of(agreement_id: str) -> str:
    """The origin of an agreement's ledger: `safeconduct/ID`, other bytes than letters, digits and -._~ as %XX."""
    escaped = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in agreement_id.encode())
    return f"safeconduct/{escaped}"


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """The signed note; the key's name is the origin."""
    text = checkpoint.text()
    verifier = VerifierKey(checkpoint.origin, bytes(key.verify_key))
    # The binding rather than SigningKey.sign, as for headers: the same signature without its encoder layer.
    signature = crypto_sign(text.encode(), key._signing_key)[:SIGNATURE_BYTES]
    return f"{text}\n— {verifier.name} {_base64(verifier.key_hash + signature)}\n".encode()


def open_checkpoint(note: bytes, verifier: VerifierKey) -> Checkpoint:
    """Read a checkpoint signed by `verifier`, whose name must be the origin. Raises CheckpointError.

    Signatures of other keys (witnesses, an older key) are passed over, as the note format demands.
    """
    text, signatures = _split(note)
    held = False
    for name, key_hash, signature in signatures:
        if (name, key_hash) == (verifier.name, verifier.key_hash):
            # Of another length, part of it would be taken as the beginning of the text.
            if len(signature) != SIGNATURE_BYTES:
                raise CheckpointError(f"the signature of {name} has {len(signature)} bytes, not {SIGNATURE_BYTES}")
            try:
                crypto_sign_open(signature + text.encode(), verifier.public_key)
            except BadSignatureError:
                raise CheckpointError(f"the signature of {name} does not hold") from None
            held = True
    if not held:
        raise CheckpointError(f"it is not signed by {verifier.name}+{verifier.key_hash.hex()}")
    checkpoint = _parse(text)
    if checkpoint.origin != verifier.name:
        raise CheckpointError(f"its origin is {checkpoint.origin}, not {verifier.name}")
    return checkpoint


def _parse(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 4:
        raise CheckpointError("a checkpoint has three lines: origin, size, root")
    origin, size, root, _ = lines
    if not origin:
        raise CheckpointError("the origin is empty")
    if not _SIZE.fullmatch(size):
        raise CheckpointError(f"{size!r} is no size: decimal digits without leading zeros")
    decoded = _unbase64(root, "the root")
    if len(decoded) != HASH_BYTES:
        raise CheckpointError(f"the root has {len(decoded)} bytes, not {HASH_BYTES}")
    return Checkpoint(origin, int(size), decoded)


def _split(note: bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """The text of a note with its last newline, and its signatures: name, key hash, signature."""
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise CheckpointError("it is not UTF-8 text") from None
    if any(character < " " and character != "\n" for character in whole):
        raise CheckpointError("it holds control characters")
    text, separator, tail = whole.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise CheckpointError("it is not a signed note: text, an empty line, signature lines")
    lines = tail[:-1].split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise CheckpointError(f"it has more than {_MAX_SIGNATURES} signatures")
    return text + "\n", [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "—" or not name or _NAME_UNFIT.search(name):
        raise CheckpointError(f"{line!r} is no signature line")
    signature = _unbase64(encoded, f"the signature of {name}")
    if len(signature) < 5:
        raise CheckpointError(f"the signature of {name} is too short")
    return name, signature[:4], signature[4:]


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _unbase64(text: str, what: str) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointError(f"{what} is not base64") from None
    # Python takes any bits after the last byte; accepting them would give one key or root two texts.
    if not value or _base64(value) != text:
        raise CheckpointError(f"{what} is not base64 as it must be written")
    return value
