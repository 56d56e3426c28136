"""`.tlog-proof`: that one entry stands in a ledger, as one text that can be checked offline (C2SP tlog-proof).

    c2sp.org/tlog-proof@v1
    extra BASE64                what the entry is: its leaf, and behind it, if fields are shown, their line
                                (`disclosed_lines`)
    index N
    BASE64…                     the inclusion proof, from the leaf upwards
    (an empty line)
    the checkpoint, signed, with the cosignatures that it has

Nobody signed the extra data: they count for no more than what is derived from them. (https://c2sp.org/tlog-proof, read
2026-11.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint, parse_size
from safeconduct.ledger.commitment import Disclosure, verify_disclosure
from safeconduct.ledger.cosignature import Cosignature, open_cosignatures
from safeconduct.ledger.disclosed_lines import decode_line, encode_line, index_of
from safeconduct.ledger.header import LEAF_BYTES, Leaf, parse_leaf
from safeconduct.ledger.merkle import HASH_BYTES, ProofError, leaf_hash, verify_inclusion
from safeconduct.ledger.note import CheckpointError, VerifierKey, decode_text, from_base64, to_base64

HEADING = "c2sp.org/tlog-proof@v1"
_MAX_HASHES = 63
MAX_PROOF_BYTES = 1 << 24
"""No proof is longer: that of an entry whose fields are shown holds their text, the terms' for example."""
_EXTRA, _INDEX = "extra ", "index "


@dataclass(frozen=True, slots=True)
class EntryProof:
    """What a proof file says; nothing of it is verified."""

    index: int
    leaf: bytes
    shown: bytes
    """The line that shows some of its fields (`disclosed_lines`); empty if none are."""
    hashes: tuple[bytes, ...]
    note: bytes
    """The signed checkpoint."""

    def encode(self) -> bytes:
        """The text of the file."""
        lines = [HEADING, _EXTRA + to_base64(self.leaf + self.shown), f"{_INDEX}{self.index}"]
        lines += [to_base64(one) for one in self.hashes]
        return "\n".join([*lines, "", ""]).encode() + self.note


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """What a proof file shows."""

    index: int
    leaf: Leaf
    disclosure: Disclosure | None
    """The fields of it that are shown."""
    checkpoint: Checkpoint
    cosignatures: tuple[Cosignature, ...]
    """Of the witnesses that were asked for, those that cosigned."""


def parse_proof(source: bytes) -> EntryProof:
    """Read a proof file of one of our entries; nothing is verified. Raises ProofError."""
    try:
        head, separator, note = decode_text(source, MAX_PROOF_BYTES).partition("\n\n")
        lines = head.split("\n")
        if lines[0] != HEADING:
            raise ProofError(f"it does not begin with the line {HEADING}")
        if not separator:
            raise ProofError("there is no checkpoint after an empty line")
        if len(lines) < 3 or not lines[1].startswith(_EXTRA) or not lines[2].startswith(_INDEX):
            raise ProofError("after its heading stand no lines 'extra' (the entry) and 'index'")
        extra = from_base64(lines[1].removeprefix(_EXTRA), "the extra data")
        if len(extra) < LEAF_BYTES:
            raise ProofError(f"the extra data are no leaf: {len(extra)} bytes of {LEAF_BYTES}")
        if len(lines) - 3 > _MAX_HASHES:
            raise ProofError(f"it has more than {_MAX_HASHES} hashes")
        hashes = tuple(from_base64(line, "a hash of the proof") for line in lines[3:])
        if any(len(one) != HASH_BYTES for one in hashes):
            raise ProofError(f"a hash of the proof has not {HASH_BYTES} bytes")
        index = parse_size(lines[2].removeprefix(_INDEX))
    except CheckpointError as error:
        raise ProofError(str(error)) from None
    return EntryProof(index, extra[:LEAF_BYTES], extra[LEAF_BYTES:], hashes, note.encode())


def verify_proof(proof: EntryProof, verifier: VerifierKey, witnesses: Sequence[VerifierKey] = ()) -> ProvenEntry:
    """Check all that a proof claims: the ledger's signature, the entry's place, its author's signature, what is shown.

    Of these witnesses every cosignature that it has must hold; which of them it must have is for a `policy.Policy` to
    say. Raises SafeconductError naming the first thing that does not hold.
    """
    checkpoint = open_checkpoint(proof.note, verifier)
    cosignatures = open_cosignatures(proof.note, witnesses)
    verify_inclusion(proof.index, checkpoint.size, leaf_hash(proof.leaf), proof.hashes, checkpoint.root)
    leaf = parse_leaf(proof.leaf)
    leaf.verify()
    disclosure = None
    if proof.shown:
        if index_of(proof.shown) != proof.index:
            raise ProofError("what is shown is of another entry")
        disclosure = decode_line(proof.shown)
        verify_disclosure(disclosure, leaf.header.body_root)
    return ProvenEntry(proof.index, leaf, disclosure, checkpoint, tuple(cosignatures))


def proof_of(
    index: int, leaf: bytes, hashes: Sequence[bytes], note: bytes, disclosure: Disclosure | None = None
) -> EntryProof:
    """The proof of an entry by its place, leaf, inclusion proof and checkpoint, with what may be shown of it."""
    return EntryProof(index, leaf, b"" if disclosure is None else encode_line(index, disclosure), tuple(hashes), note)
