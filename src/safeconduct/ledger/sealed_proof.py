"""A proof sealed to one recipient (HPKE), as one text that may be sent by any way:

    safeconduct/sealed-proof/v1
    to 64 hexadecimal digits    the recipient's X25519 public key
    BASE64                      encapsulated key and ciphertext

What is sealed is a `.tlog-proof`, with zero bytes behind it up to whole blocks, so that the length tells little.
"""

from dataclasses import dataclass

from safeconduct.kernel import hpke
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.ports import Randomness
from safeconduct.ledger.note import CheckpointError, decode_text, from_base64, to_base64
from safeconduct.ledger.proof_file import MAX_PROOF_BYTES

HEADING = "safeconduct/sealed-proof/v1"
BLOCK_BYTES = 4096
_TO = "to "
_MAX_BYTES = 2 * MAX_PROOF_BYTES


class SealedProofError(SafeconductError):
    """A file that is no sealed proof, or one that does not open with this key."""


@dataclass(frozen=True, slots=True)
class SealedProof:
    """What such a file says; nothing of it is opened."""

    recipient: str
    """To whose public key it says that it is sealed, in hexadecimal digits."""
    sealed: bytes


def seal_proof(proof: bytes, recipient: bytes, randomness: Randomness) -> bytes:
    """The file. Raises ValueError if `recipient` is no public key to which anything can be sealed."""
    padded = proof + bytes(-len(proof) % BLOCK_BYTES)
    sealed = hpke.seal(padded, recipient, HEADING.encode(), randomness)
    return f"{HEADING}\n{_TO}{recipient.hex()}\n{to_base64(sealed)}\n".encode()


def parse_sealed(source: bytes) -> SealedProof:
    """Read a file. Raises SealedProofError."""
    try:
        lines = decode_text(source, _MAX_BYTES).split("\n")
        if lines[0] != HEADING:
            raise SealedProofError(f"it does not begin with the line {HEADING}")
        if len(lines) != 4 or lines[3] or not lines[1].startswith(_TO):
            raise SealedProofError("after its heading stand no lines 'to' (the recipient's key) and what is sealed")
        recipient, sealed = lines[1].removeprefix(_TO), from_base64(lines[2], "what is sealed")
    except CheckpointError as error:
        raise SealedProofError(str(error)) from None
    if not hpke.is_public_key(recipient):
        raise SealedProofError("the recipient's key is none: 64 lower-case hexadecimal digits")
    return SealedProof(recipient, sealed)


def open_sealed(found: SealedProof, private: bytes) -> bytes:
    """The proof in it, for the holder of the X25519 key. Raises SealedProofError."""
    ours = hpke.public_of(private).hex()
    if found.recipient != ours:
        raise SealedProofError(f"it is sealed to the key {found.recipient[:16]}…, and this is {ours[:16]}…")
    try:
        return hpke.unseal(found.sealed, private, HEADING.encode()).rstrip(b"\x00")
    except hpke.Unopenable:
        raise SealedProofError("it was changed since it was sealed: it does not open") from None
