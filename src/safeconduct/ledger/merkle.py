"""The Merkle tree of RFC 6962 section 2.1: hashing, roots, proofs and their verification.

Hashes of complete subtrees are named by (level, index): level 0 are the leaves, and (level, index) spans the leaves
from index * 2**level, 2**level of them. Whoever can look those up (a `NodeReader`) can make every proof in O(log n).
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from safeconduct.kernel.errors import SafeconductError

NodeReader = Callable[[int, int], bytes]
"""Gives the hash of a complete subtree by its level and its index."""

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()
"""The root of the tree without leaves."""

_sha256 = hashlib.sha256


class ProofError(SafeconductError):
    """A proof that does not show what it claims."""


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf)."""
    return _sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return _sha256(b"\x01" + left + right).digest()


class CompactRange:
    """A tree as its right edge: the roots of the complete subtrees, from the largest to the smallest.

    Their sizes are the powers of two in the binary form of `size`; that is all that appending needs to know.
    """

    __slots__ = ("roots", "size")

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        self.size = size
        self.roots = list(roots)
        if len(self.roots) != size.bit_count():
            raise AssertionError(f"a tree of {size} leaves has {size.bit_count()} roots, not {len(self.roots)}")

    def append(self, hash_of_leaf: bytes) -> list[bytes]:
        """Add one leaf by its hash.

        Returns the hashes of the complete subtrees that end with this leaf, from level 0 (its own hash) upwards.
        """
        completed = [hash_of_leaf]
        size, roots, node = self.size, self.roots, hash_of_leaf
        while size & 1:
            node = _sha256(b"\x01" + roots.pop() + node).digest()
            completed.append(node)
            size >>= 1
        roots.append(node)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root of the tree."""
        if not self.roots:
            return EMPTY_ROOT
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = node_hash(left, node)
        return node

    def copy(self) -> "CompactRange":
        """An independent copy, to append to without commitment."""
        return CompactRange(self.size, self.roots)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaves (not their hashes)."""
    return root_over([leaf_hash(leaf) for leaf in leaves])


def root_over(hashes: Sequence[bytes]) -> bytes:
    """The root over leaves with these hashes, or over complete subtrees of one level."""
    if not hashes:
        return EMPTY_ROOT
    nodes = list(hashes)
    # Level by level, the odd node out going up as it is: the same tree as splitting at the largest power of two.
    while len(nodes) > 1:
        odd = nodes[-1:] if len(nodes) % 2 else []
        pairs = zip(nodes[0::2], nodes[1::2], strict=False)
        nodes = [_sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return nodes[0]


def range_at(size: int, node: NodeReader) -> CompactRange:
    """The right edge of the tree of the first `size` leaves."""
    roots, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            roots.append(node(level, start >> level))
            start += 1 << level
    return CompactRange(size, roots)


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 section 2.1.1, from the leaf upwards. Raises ValueError outside the tree."""
    if not 0 <= index < size:
        raise ValueError(f"there is no entry {index} in a ledger of {size}")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            proof.append(_subtree(middle, end, node))
            end = middle
        else:
            proof.append(_subtree(start, middle, node))
            start = middle
    proof.reverse()
    return proof


def consistency_proof(old_size: int, size: int, node: NodeReader) -> list[bytes]:
    """PROOF(old_size, D[size]) of RFC 6962 section 2.1.2; empty where either tree says nothing of the other.

    Raises ValueError if old_size is larger than size or negative.
    """
    if not 0 <= old_size <= size:
        raise ValueError(f"a ledger of {size} cannot continue one of {old_size}")
    if old_size in (0, size):
        return []
    proof: list[bytes] = []
    start, end = 0, size
    while old_size != end:
        middle = start + split(end - start)
        if old_size <= middle:
            proof.append(_subtree(middle, end, node))
            end = middle
        else:
            proof.append(_subtree(start, middle, node))
            start = middle
    if start:  # else the old tree is itself the subtree, which the verifier knows
        proof.append(_subtree(start, end, node))
    proof.reverse()
    return proof


def verify_inclusion(index: int, size: int, hash_of_leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf stands at `index` of the tree (RFC 6962 section 2.1.1). Raises ProofError."""
    if not 0 <= index < size:
        raise ProofError(f"there is no entry {index} in a ledger of {size}")
    check_hashes(proof)
    # Up to where the way from the leaf meets the tree's right edge, the bits of the index say on which side the sibling
    # stands; from there on it stands on the left.
    below = (index ^ (size - 1)).bit_length()
    wanted = below + (index >> below).bit_count()
    if len(proof) != wanted:
        raise ProofError(f"the proof is too {'long' if len(proof) > wanted else 'short'}")
    node, position = hash_of_leaf, index
    for sibling in proof[:below]:
        # Here and in the next loop as `node_hash`, whose call would take a tenth of the whole.
        node = _sha256(b"\x01" + sibling + node if position & 1 else b"\x01" + node + sibling).digest()
        position >>= 1
    for sibling in proof[below:]:
        node = _sha256(b"\x01" + sibling + node).digest()
    if node != root:
        raise ProofError(f"entry {index} is not in the ledger with this root")


def verify_consistency(old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree begins with the old one (RFC 9162 section 2.1.4.2). Raises ProofError."""
    if not 0 <= old_size <= size:
        raise ProofError(f"a ledger of {size} cannot continue one of {old_size}")
    check_hashes(proof)
    if old_size in (0, size):
        if proof:
            raise ProofError("the proof is too long")
        if old_size == 0 and old_root != EMPTY_ROOT:
            raise ProofError("the empty ledger has another root")
        if old_size == size and old_root != root:
            raise ProofError("two ledgers of one size have different roots")
        return
    position, last = old_size - 1, size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    if position:
        if not proof:
            raise ProofError("the proof is too short")
        old_node = node = proof[0]
        rest = proof[1:]
    else:
        old_node = node = old_root
        rest = proof
    for sibling in rest:
        if last == 0:
            raise ProofError("the proof is too long")
        if position & 1 or position == last:
            old_node = node_hash(sibling, old_node)
            node = node_hash(sibling, node)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        position >>= 1
        last >>= 1
    if last:
        raise ProofError("the proof is too short")
    if old_node != old_root:
        raise ProofError("the old root is not that of the ledger's beginning")
    if node != root:
        raise ProofError("the new root does not continue the old one")


def split(size: int) -> int:
    """The largest power of two smaller than `size` (at least 2)."""
    return 1 << (size - 1).bit_length() - 1


def _subtree(start: int, end: int, node: NodeReader) -> bytes:
    """The hash over the leaves from `start` to before `end`, which is a subtree of a left-filled tree."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + split(size)
    return node_hash(_subtree(start, middle, node), _subtree(middle, end, node))


def check_hashes(proof: Sequence[bytes]) -> None:
    """Raises ProofError if one of these is no hash."""
    if not set(map(len, proof)) <= {HASH_BYTES}:
        raise ProofError("the proof holds something that is no SHA-256 hash")
