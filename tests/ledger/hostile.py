"""Every reader of the ledger room with what it is fed in earnest, for those who feed it anything else.

Used by `test_hostile_bytes.py` in every run and by `fuzz/ledger.py` for as long as one likes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.app.recording import Seeded
from tests.ledger.small_ledger import ORIGIN, VERIFIER, WITNESS_KEYS, SmallLedger
from tests.ledger.vector_files import VECTORS

from safeconduct.kernel import hpke
from safeconduct.kernel.errors import BadInput, SafeconductError
from safeconduct.ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from safeconduct.ledger.commitment import verify_disclosure
from safeconduct.ledger.cosignature import open_cosignatures
from safeconduct.ledger.disclosed_lines import (
    VERSION,
    Heading,
    LineError,
    decode_heading,
    decode_line,
    encode_heading,
    encode_line,
    index_of,
)
from safeconduct.ledger.header import LeafError, parse_leaf
from safeconduct.ledger.merkle import EMPTY_ROOT, ProofError, consistency_proof
from safeconduct.ledger.note import COSIGNATURE, CheckpointError, VerifierKey, read_signature_lines
from safeconduct.ledger.policy import PolicyKey, everyone, read_policy
from safeconduct.ledger.proof_file import parse_proof, verify_proof
from safeconduct.ledger.sealed_proof import SealedProofError, open_sealed, parse_sealed, seal_proof
from safeconduct.ledger.tiles import TileError, decode_bundle, encode_bundle
from safeconduct.ledger.trust import Trust
from safeconduct.ledger.witness import AddCheckpoint, judge, parse_request

SMALL = SmallLedger(11)
_POLICY = everyone(
    [PolicyKey(VERIFIER)],
    {"RU": [PolicyKey(WITNESS_KEYS[0], "https://ru.example/")], "UA": [PolicyKey(WITNESS_KEYS[1])]},
)
_RECIPIENT = bytes([7]) * 32
_ROOT = parse_leaf(SMALL.leaves[3]).header.body_root


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader: it returns, or raises one of its errors and nothing else."""

    name: str
    read: Callable[[bytes], object]
    errors: tuple[type[SafeconductError], ...]
    """The only exceptions that may come out."""
    seeds: tuple[bytes, ...]
    """What it is meant for."""


def _key(data: bytes) -> object:
    # As a command line gives it: bytes that are no UTF-8 stand as lone surrogates.
    text = data.decode(errors="surrogateescape")
    key = VerifierKey.parse(text, COSIGNATURE if data[:1] > b"m" else b"\x01")
    return str(key)


def _note(data: bytes) -> object:
    return open_cosignatures(data, WITNESS_KEYS), open_checkpoint(data, VERIFIER)


def _trust(data: bytes) -> object:
    return Trust((VERIFIER,), tuple(WITNESS_KEYS), _POLICY).ledger_of(data)


def _policy(data: bytes) -> object:
    policy = read_policy("policy", data)
    return policy.lacking([]), policy.lacking(WITNESS_KEYS[:1]), read_policy("again", policy.text().encode())


def _proof(data: bytes) -> object:
    return verify_proof(parse_proof(data), VERIFIER, WITNESS_KEYS)


def _sealed(data: bytes) -> object:
    return open_sealed(parse_sealed(data), _RECIPIENT)


def _inside(data: bytes) -> object:
    # As whoever holds the recipient's public key may seal anything at all.
    return verify_proof(parse_proof(open_sealed(parse_sealed(_seal(data)), _RECIPIENT)), VERIFIER, WITNESS_KEYS)


def _seal(proof: bytes) -> bytes:
    return seal_proof(proof, hpke.public_of(_RECIPIENT), Seeded(1))


def _bundle(data: bytes) -> object:
    width = data[0] + 1 if data else 1
    leaves = decode_bundle(data[1:], width)
    return encode_bundle(leaves)


def _leaf(data: bytes) -> object:
    leaf = parse_leaf(data)
    leaf.verify()
    return leaf.entry_hash()


def _line(data: bytes) -> object:
    index_of(data)
    disclosure = decode_line(data)
    verify_disclosure(disclosure, _ROOT)
    return disclosure


def _request(data: bytes) -> object:
    request = parse_request(data)
    last = {ORIGIN: Checkpoint(ORIGIN, 5, SmallLedger(5).tree.root())}
    return judge(request, {ORIGIN: VERIFIER}, last), judge(request, {}, {}), judge(request, {ORIGIN: VERIFIER}, {})


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode(errors="replace"))


_NOTE_SEEDS = (SMALL.note(), SMALL.note(0), VECTORS["witnessed"]["note"].encode())
_PROOF_SEEDS = (SMALL.proof(6).encode(), SMALL.proof(6, ("type", "person")).encode())
_LINE_SEEDS = tuple(
    encode_line(3, SMALL.disclosure(3, slots)) for slots in (("type",), ("person", "number"), ("type", "place"))
)

READERS = (
    Reader("key", _key, (CheckpointError,), (str(VERIFIER).encode(), *(str(one).encode() for one in WITNESS_KEYS))),
    Reader("checkpoint and cosignatures", _note, (CheckpointError,), _NOTE_SEEDS),
    Reader("which ledger", _trust, (CheckpointError,), _NOTE_SEEDS),
    Reader(
        "cosignature lines",
        _text(read_signature_lines),
        (CheckpointError,),
        (SMALL.note().partition(b"\n\n")[2],),
    ),
    Reader("text of a checkpoint", _text(parse_checkpoint), (CheckpointError,), (SMALL.note().partition(b"\n\n")[0],)),
    Reader("policy", _policy, (BadInput,), (_POLICY.text().encode(), b"quorum none\n")),
    Reader(
        "proof",
        _proof,
        (ProofError, CheckpointError, LeafError, LineError),
        _PROOF_SEEDS,
    ),
    Reader("sealed proof", _sealed, (SealedProofError,), tuple(map(_seal, _PROOF_SEEDS))),
    Reader("proof in a sealed one", _inside, (ProofError, CheckpointError, LeafError, LineError), _PROOF_SEEDS),
    Reader("entry bundle", _bundle, (TileError,), (b"\x0a" + encode_bundle(SMALL.leaves), b"\x00\x00\x00")),
    Reader("leaf", _leaf, (LeafError,), (SMALL.leaves[3],)),
    Reader("line that discloses", _line, (LineError, ProofError), _LINE_SEEDS),
    Reader(
        "heading of what is disclosed",
        decode_heading,
        (LineError,),
        (
            encode_heading(
                Heading(version=VERSION, clearance="party:RU", origin=ORIGIN, size=11, entries=3),
            ),
        ),
    ),
    Reader(
        "witness request",
        _request,
        (CheckpointError,),
        (
            AddCheckpoint(5, tuple(consistency_proof(5, 11, SMALL.node)), SMALL.note(0)).encode(),
            AddCheckpoint(0, (), SMALL.note()).encode(),
            AddCheckpoint(0, (EMPTY_ROOT,), SMALL.note(1)).encode(),
        ),
    ),
)
