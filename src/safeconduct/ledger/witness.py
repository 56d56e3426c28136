"""The rules of a witness (C2SP tlog-witness): what it answers to a checkpoint, given the last one that it cosigned.

A request is a line `old SIZE`, the lines of a consistency proof, an empty line and the signed checkpoint. The rules
are pure; whoever keeps the state must store a new checkpoint durably, and only if the last one is still the one
judged against, before the cosignature leaves the house. (https://c2sp.org/tlog-witness, read 2026-11.)
"""

from collections.abc import Mapping
from dataclasses import dataclass

from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, parse_size
from safeconduct.ledger.merkle import EMPTY_ROOT, HASH_BYTES, ProofError, verify_consistency
from safeconduct.ledger.note import CheckpointError, VerifierKey, decode_text, from_base64, split_note, to_base64

MAX_PROOF_LINES = 63
SIZE_TYPE = "text/x.tlog.size"
"""The Content-Type of an answer that tells the size last cosigned."""

LATEST_CHECKPOINT = "latest-checkpoint"
"""Where our own witnesses, and no specification, show what they last cosigned, to whoever posts a signed checkpoint."""

OK, BAD_REQUEST, FORBIDDEN, NOT_FOUND, CONFLICT, UNPROCESSABLE = 200, 400, 403, 404, 409, 422


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign."""

    old_size: int
    proof: tuple[bytes, ...]
    """From the old size to that of the checkpoint."""
    note: bytes

    def encode(self) -> bytes:
        """The body of the request."""
        lines = [f"old {self.old_size}", *(to_base64(one) for one in self.proof), "", ""]
        return "\n".join(lines).encode() + self.note


def parse_request(body: bytes) -> AddCheckpoint:
    """Read a request. Raises CheckpointError."""
    head, separator, note = decode_text(body).partition("\n\n")
    first, *proof = head.split("\n")
    if not separator or not first.startswith("old "):
        raise CheckpointError("a request is a line 'old SIZE', a proof, an empty line and a checkpoint")
    if len(proof) > MAX_PROOF_LINES:
        raise CheckpointError(f"the proof has more than {MAX_PROOF_LINES} lines")
    hashes = tuple(from_base64(line, "a line of the proof") for line in proof)
    if any(len(one) != HASH_BYTES for one in hashes):
        raise CheckpointError(f"a line of the proof has not {HASH_BYTES} bytes")
    return AddCheckpoint(parse_size(first.removeprefix("old ")), hashes, note.encode())


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer other than a cosignature."""

    status: int
    """HTTP status."""
    what: str
    """A line for the ledger's keeper; where `status` is CONFLICT the size last cosigned, in decimal."""
    alarm: bool = False
    """Whether a checkpoint that the ledger signed contradicts one that it signed before: proof that it cannot be
    trusted."""
    unproven: "Cosigned | None" = None
    """What the ledger signed, where the request does not show that it continues what was cosigned before."""


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The witness may cosign, once it has stored this as the last checkpoint."""

    checkpoint: Checkpoint
    note: bytes
    """The checkpoint with the ledger's own signature, which is evidence; lines of other keys are left out."""


def origin_in(request: AddCheckpoint) -> str:
    """Which ledger a request is about, before anything is verified. Raises CheckpointError."""
    return parse_checkpoint(split_note(request.note)[0]).origin


def judge(
    request: AddCheckpoint, logs: Mapping[str, VerifierKey], last: Mapping[str, Checkpoint]
) -> Cosigned | Refusal:
    """What a witness that trusts these ledgers, by origin, and last cosigned these checkpoints may answer."""
    try:
        origin = origin_in(request)
    except CheckpointError as error:
        return Refusal(BAD_REQUEST, f"the checkpoint cannot be read: {error}")
    verifier = logs.get(origin)
    if verifier is None:
        return Refusal(NOT_FOUND, "this witness does not know the ledger of that origin")
    try:
        checkpoint = open_checkpoint(request.note, verifier)
    except CheckpointError as error:
        return Refusal(FORBIDDEN, f"the checkpoint is not signed by the ledger's key: {error}")
    signed = Cosigned(checkpoint, _signed_by(verifier, request.note))
    before = last.get(origin, Checkpoint(origin, 0, EMPTY_ROOT))
    # Of one size with another root it is a split view for certain, whatever else the request says.
    split = origin in last and checkpoint.size == before.size and checkpoint.root != before.root
    shown = signed if split else None
    if request.old_size > checkpoint.size:
        what = f"the old size {request.old_size} is larger than the checkpoint's"
        return Refusal(BAD_REQUEST, what, split, shown)
    if request.old_size != before.size:
        return Refusal(CONFLICT, str(before.size), split, shown)
    try:
        verify_consistency(before.size, checkpoint.size, before.root, checkpoint.root, request.proof)
    except ProofError as error:
        # Unless it is a split view, the proof may only be a bad one.
        return Refusal(UNPROCESSABLE, str(error), split, signed if origin in last else None)
    return signed


def _signed_by(verifier: VerifierKey, note: bytes) -> bytes:
    text, signatures = split_note(note)
    own = dict.fromkeys(one.line for one in signatures if one.is_of(verifier))
    return (f"{text}\n" + "".join(f"{line}\n" for line in own)).encode()
