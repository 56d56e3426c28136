"""What a witness states of a checkpoint: that it is the largest it has seen of this ledger, and continues all before.

Timestamped Ed25519 cosignatures of C2SP tlog-cosignature (`cosignature/v1`), as signature lines of the checkpoint's
note. (https://c2sp.org/tlog-cosignature, read 2026-11.)
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nacl.bindings import crypto_sign
from nacl.signing import SigningKey

from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint
from safeconduct.ledger.note import (
    COSIGNATURE,
    SIGNATURE_BYTES,
    CheckpointError,
    SignatureLine,
    VerifierKey,
    signature_line,
    split_note,
    verify_ed25519,
)

_TIMESTAMP = struct.Struct(">Q")
_LAST_S = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A cosignature that holds."""

    witness: VerifierKey
    at_s: int
    """When the witness made it, by its own clock: seconds since 1970 UTC."""
    line: str
    """Its line in the note, without its end."""


def witness_key(name: str, key: SigningKey) -> VerifierKey:
    """The verifier key of a witness that signs with this key."""
    return VerifierKey(name, bytes(key.verify_key), COSIGNATURE)


def cosign(text: str, name: str, key: SigningKey, at_s: int) -> str:
    """The line of a cosignature on a checkpoint's text, without its end."""
    signature = crypto_sign(_message(text, at_s), key._signing_key)[:SIGNATURE_BYTES]
    return signature_line(witness_key(name, key), _TIMESTAMP.pack(at_s) + signature)


def open_cosignatures(note: bytes, witnesses: Iterable[VerifierKey]) -> list[Cosignature]:
    """The cosignatures of these witnesses on a note, one each, the latest, in the order of `witnesses`.

    Whether the ledger signed it is for `open_checkpoint` to say. Lines of other keys are passed over. Raises
    CheckpointError if one that claims to be of such a witness does not hold, as the note format advises.
    """
    text, signatures = split_note(note)
    found = []
    for witness in witnesses:
        own = [verify_cosignature(text, one, witness) for one in signatures if one.is_of(witness)]
        if own:
            found.append(max(own, key=lambda one: one.at_s))
    return found


def cosigned_by(
    notes: Iterable[bytes], ledger: VerifierKey, witness: VerifierKey
) -> Iterator[tuple[bytes, Checkpoint, Cosignature]]:
    """Those of these notes that the ledger signed and the witness cosigned; all others are passed over."""
    for note in notes:
        try:
            checkpoint = open_checkpoint(note, ledger)
            found = open_cosignatures(note, (witness,))
        except CheckpointError:
            continue
        if found:
            yield note, checkpoint, found[0]


def verify_cosignature(text: str, signature: SignatureLine, witness: VerifierKey) -> Cosignature:
    """Check the line of a witness under a checkpoint's text. Raises CheckpointError."""
    stamp, signed = signature.signature[: _TIMESTAMP.size], signature.signature[_TIMESTAMP.size :]
    if len(signature.signature) != _TIMESTAMP.size + SIGNATURE_BYTES:
        wanted = _TIMESTAMP.size + SIGNATURE_BYTES
        raise CheckpointError(f"the cosignature of {witness.name} has {len(signature.signature)} bytes, not {wanted}")
    (at_s,) = _TIMESTAMP.unpack(stamp)
    if at_s > _LAST_S:
        raise CheckpointError(f"the cosignature of {witness.name} has no time: 2^63 or more")
    verify_ed25519(_message(text, at_s), signed, witness)
    return Cosignature(witness, at_s, signature.line)


def _message(text: str, at_s: int) -> bytes:
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()
