"""A ledger in memory, of a few entries with bodies, its nodes, and its signed and cosigned checkpoint."""

from collections.abc import Sequence

from nacl.signing import SigningKey

from safeconduct.ledger.checkpoint import Checkpoint, sign_checkpoint
from safeconduct.ledger.commitment import Disclosure, Field, body_root, disclose
from safeconduct.ledger.cosignature import cosign, witness_key
from safeconduct.ledger.header import FIRST, Header, hash_of_signed, make_leaf, parse_leaf, sign_header
from safeconduct.ledger.merkle import CompactRange, inclusion_proof, leaf_hash
from safeconduct.ledger.note import VerifierKey
from safeconduct.ledger.proof_file import EntryProof, proof_of

LEDGER = SigningKey(bytes(range(32)))
ORIGIN = "safeconduct/istanbul-2025-06-02"
VERIFIER = VerifierKey(ORIGIN, bytes(LEDGER.verify_key))
AUTHOR = SigningKey(b"a" * 32)
WITNESSES = [SigningKey(b"r" * 32), SigningKey(b"u" * 32)]
WITNESS_KEYS = [witness_key(name, key) for name, key in zip(("ru.example/w", "ua.example/w"), WITNESSES, strict=True)]
AT_S = 1_751_600_000
FIELDS = [
    Field("type", b'"test.noted/1"'),
    Field("occurred_at_us", b"5"),
    Field("person", '"Іваненко"'.encode()),
    Field("place", b'"X"'),
    Field("number", b"7"),
]


class SmallLedger:
    """Its leaves, nodes and notes."""

    def __init__(self, size: int) -> None:
        self.leaves: list[bytes] = []
        self.tree = CompactRange()
        self._nodes: dict[tuple[int, int], bytes] = {}
        previous = FIRST
        for index in range(size):
            root = body_root(self.secret(index), FIELDS)
            signed = sign_header(
                Header(bytes(AUTHOR.verify_key), index + 1, previous, 0, CompactRange().root(), root), AUTHOR
            )
            previous = hash_of_signed(signed)
            leaf = make_leaf(signed, 1_751_619_600_000_000 + index)
            self.leaves.append(leaf)
            for level, node in enumerate(self.tree.append(leaf_hash(leaf))):
                self._nodes[level, index >> level] = node

    def secret(self, index: int) -> bytes:
        """The secret of an entry."""
        return index.to_bytes(32, "big")

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree."""
        return self._nodes[level, index]

    def note(self, witnesses: int = 2) -> bytes:
        """The checkpoint, signed, with so many cosignatures."""
        checkpoint = Checkpoint(ORIGIN, len(self.leaves), self.tree.root())
        lines = [
            cosign(checkpoint.text(), key.name, signer, AT_S + number)
            for number, (key, signer) in enumerate(zip(WITNESS_KEYS, WITNESSES, strict=True))
        ]
        return sign_checkpoint(checkpoint, LEDGER) + "".join(f"{line}\n" for line in lines[:witnesses]).encode()

    def disclosure(self, index: int, slots: Sequence[str]) -> Disclosure:
        """What shows these fields of an entry."""
        return disclose(self.secret(index), FIELDS, slots, parse_leaf(self.leaves[index]).header.body_root)

    def proof(self, index: int, slots: Sequence[str] = ()) -> EntryProof:
        """The proof of an entry, with these fields shown."""
        hashes = inclusion_proof(index, len(self.leaves), self.node)
        shown = self.disclosure(index, slots) if slots else None
        return proof_of(index, self.leaves[index], hashes, self.note(), shown)
