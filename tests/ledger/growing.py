"""A ledger in memory, of any leaves, that signs its checkpoints."""

from collections.abc import Sequence

from nacl.signing import SigningKey

from safeconduct.ledger.checkpoint import Checkpoint, sign_checkpoint
from safeconduct.ledger.merkle import CompactRange, consistency_proof, leaf_hash
from safeconduct.ledger.note import VerifierKey
from safeconduct.ledger.witness import AddCheckpoint

ORIGIN = "safeconduct/example"
LEDGER_KEY = SigningKey(bytes(range(32)))
VERIFIER = VerifierKey(ORIGIN, bytes(LEDGER_KEY.verify_key))


class GrowingLedger:
    """Leaves, the tree over them, and signed checkpoints of every size that it had."""

    def __init__(self, leaves: Sequence[bytes] = (), key: SigningKey = LEDGER_KEY, origin: str = ORIGIN) -> None:
        self.leaves: list[bytes] = []
        self._key = key
        self._origin = origin
        self._tree = CompactRange()
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._roots = [self._tree.root()]
        for leaf in leaves:
            self.append(leaf)

    def append(self, leaf: bytes) -> None:
        """One entry more."""
        index = len(self.leaves)
        self.leaves.append(leaf)
        for level, hash_ in enumerate(self._tree.append(leaf_hash(leaf))):
            self._nodes[level, index >> level] = hash_
        self._roots.append(self._tree.root())

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        """The checkpoint of its first entries; of all by default."""
        size = len(self.leaves) if size is None else size
        return Checkpoint(self._origin, size, self._roots[size])

    def note(self, size: int | None = None) -> bytes:
        """The same, signed."""
        return sign_checkpoint(self.checkpoint(size), self._key)

    def latest(self) -> bytes:
        """The latest checkpoint, signed (`app.cosigner.Ledger`)."""
        return self.note()

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree (`merkle.NodeReader`)."""
        return self._nodes[level, index]

    def request(self, old_size: int, size: int | None = None) -> AddCheckpoint:
        """What an honest client sends."""
        size = len(self.leaves) if size is None else size
        proof = consistency_proof(old_size, size, self.node) if old_size <= size else []
        return AddCheckpoint(old_size, tuple(proof), self.note(size))

    def copy(self, size: int | None = None) -> "GrowingLedger":
        """Another that begins with the same entries: a backup, or a fork to be."""
        return GrowingLedger(self.leaves[:size], self._key, self._origin)


def leaves(count: int, kind: str = "leaf") -> list[bytes]:
    """Different leaves."""
    return [f"{kind} {number}".encode() for number in range(count)]
