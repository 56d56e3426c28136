"""Signed tree heads: C2SP tlog-checkpoint in a C2SP signed note, with Ed25519 keys.

The note's text is three lines: the origin, the size in decimal, the root in base64; lines that other logs may add after
them are kept and mean nothing here. (https://c2sp.org/tlog-checkpoint, read 2026-11.)
"""

import re
from dataclasses import dataclass

from nacl.bindings import crypto_sign
from nacl.signing import SigningKey

from safeconduct.ledger.merkle import HASH_BYTES
from safeconduct.ledger.note import (
    SIGNATURE_BYTES,
    CheckpointError,
    VerifierKey,
    from_base64,
    signature_line,
    split_note,
    to_base64,
    verify_ed25519,
)

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A ledger's size and root, as its origin states them."""

    origin: str
    size: int
    root: bytes
    extension: tuple[str, ...] = ()
    """Further lines of another kind of log; ours have none."""

    def text(self) -> str:
        """The text that is signed."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, to_base64(self.root), *self.extension))


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
    return f"{text}\n{signature_line(verifier, signature)}\n".encode()


def open_checkpoint(note: bytes, verifier: VerifierKey) -> Checkpoint:
    """Read a checkpoint signed by `verifier`, whose name must be the origin. Raises CheckpointError.

    Signatures of other keys (witnesses, an older key) are passed over, as the note format demands.
    """
    text, signatures = split_note(note)
    held = False
    for signature in signatures:
        if signature.is_of(verifier):
            verify_ed25519(text.encode(), signature.signature, verifier)
            held = True
    if not held:
        raise CheckpointError(f"it is not signed by {verifier.name}+{verifier.key_hash.hex()}")
    checkpoint = parse_checkpoint(text)
    if checkpoint.origin != verifier.name:
        raise CheckpointError(f"its origin is {checkpoint.origin}, not {verifier.name}")
    return checkpoint


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint; nothing is verified. Raises CheckpointError."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3:
        raise CheckpointError("a checkpoint has three lines: origin, size, root")
    origin, size, root, *extension = lines
    if not origin:
        raise CheckpointError("the origin is empty")
    if "" in extension:
        raise CheckpointError("a line after the root is empty")
    decoded = from_base64(root, "the root")
    if len(decoded) != HASH_BYTES:
        raise CheckpointError(f"the root has {len(decoded)} bytes, not {HASH_BYTES}")
    return Checkpoint(origin, parse_size(size), decoded, tuple(extension))


def parse_size(text: str) -> int:
    """A size as it is written: decimal digits without leading zeros. Raises CheckpointError."""
    if not _SIZE.fullmatch(text):
        raise CheckpointError(f"{text!r} is no size: decimal digits without leading zeros")
    return int(text)
