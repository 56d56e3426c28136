"""The tree against published vectors, a slow obvious one, and one that we did not write."""

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from safeconduct.ledger.merkle import (
    EMPTY_ROOT,
    CompactRange,
    ProofError,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    range_at,
    root_of,
    verify_consistency,
    verify_inclusion,
)

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "rfc6962.json").read_text())
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["leaves"]]
ROOTS = [bytes.fromhex(root) for root in VECTORS["roots"]]


def nodes_of(leaves: list[bytes]) -> Callable[[int, int], bytes]:
    """A node reader over these leaves, filled as they are appended."""
    tree, nodes = CompactRange(), {}
    for index, leaf in enumerate(leaves):
        for level, node in enumerate(tree.append(leaf_hash(leaf))):
            nodes[level, index >> level] = node
    return lambda level, index: nodes[level, index]


def slow_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def slow_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1, word by word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return [*slow_path(index, leaves[:k]), slow_root(leaves[k:])]
    return [*slow_path(index - k, leaves[k:]), slow_root(leaves[:k])]


def slow_subproof(old: int, leaves: list[bytes], complete: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2, word by word."""
    if old == len(leaves):
        return [] if complete else [slow_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if old <= k:
        return [*slow_subproof(old, leaves[:k], complete), slow_root(leaves[k:])]
    return [*slow_subproof(old - k, leaves[k:], False), slow_root(leaves[:k])]


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_the_published_one(size: int) -> None:
    """Every root of the reference tree of certificate-transparency."""
    assert root_of(LEAVES[:size]) == ROOTS[size]


@pytest.mark.parametrize("case", VECTORS["inclusion"])
def test_the_inclusion_proof_is_the_published_one(case: dict[str, Any]) -> None:
    """Made as published, and accepted."""
    index, size, proof = case["index"], case["size"], [bytes.fromhex(one) for one in case["proof"]]
    assert inclusion_proof(index, size, nodes_of(LEAVES)) == proof
    verify_inclusion(index, size, leaf_hash(LEAVES[index]), proof, ROOTS[size])


@pytest.mark.parametrize("case", VECTORS["consistency"])
def test_the_consistency_proof_is_the_published_one(case: dict[str, Any]) -> None:
    """Made as published, and accepted."""
    old, new, proof = case["old"], case["new"], [bytes.fromhex(one) for one in case["proof"]]
    assert consistency_proof(old, new, nodes_of(LEAVES)) == proof
    verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)


@pytest.mark.parametrize("case", VECTORS["inclusion"])
def test_a_published_inclusion_proof_that_was_altered_is_refused(case: dict[str, Any]) -> None:
    """Other index, size, leaf, root or path: the alterations of merkle_tree_test.cc, VerifierCheck."""
    index, size, proof = case["index"], case["size"], [bytes.fromhex(one) for one in case["proof"]]
    leaf, root = leaf_hash(LEAVES[index]), ROOTS[size]
    altered = [
        (index - 1, size, leaf, proof, root),
        (index + 1, size, leaf, proof, root),
        (index ^ 2, size, leaf, proof, root),
        (index, size * 2, leaf, proof, root),
        (index, size // 2, leaf, proof, root),
        (index, size, leaf_hash(b"WrongLeaf"), proof, root),
        (index, size, leaf, proof, EMPTY_ROOT),
        *((index, size, leaf, [*proof[:at], EMPTY_ROOT, *proof[at + 1 :]], root) for at in range(len(proof))),
        (index, size, leaf, [*proof, b""], root),
        (index, size, leaf, [*proof, root], root),
        (index, size, leaf, [b"", *proof], root),
        (index, size, leaf, [root, *proof], root),
        *([(index, size, leaf, proof[:-1], root)] if proof else []),
    ]
    for arguments in altered:
        with pytest.raises(ProofError):
            verify_inclusion(*arguments)


@pytest.mark.parametrize("case", VECTORS["consistency"][1:])
def test_a_published_consistency_proof_that_was_altered_is_refused(case: dict[str, Any]) -> None:
    """Other sizes, roots or path: the alterations of merkle_tree_test.cc, VerifierConsistencyCheck."""
    old, new, proof = case["old"], case["new"], [bytes.fromhex(one) for one in case["proof"]]
    old_root, root = ROOTS[old], ROOTS[new]
    altered = [
        (old - 1, new, old_root, root, proof),
        (old + 1, new, old_root, root, proof),
        (old ^ 2, new, old_root, root, proof),
        (old, new * 2, old_root, root, proof),
        (old, new // 2, old_root, root, proof),
        (old, new, EMPTY_ROOT, root, proof),
        (old, new, old_root, EMPTY_ROOT, proof),
        (old, new, root, old_root, proof),
        (old, new, old_root, root, []),
        (old, new, old_root, root, [*proof, b""]),
        (old, new, old_root, root, [*proof, root]),
        (old, new, old_root, root, proof[:-1]),
        (old, new, old_root, root, [b"", *proof]),
        (old, new, old_root, root, [proof[0], *proof]),
        *((old, new, old_root, root, [*proof[:at], EMPTY_ROOT, *proof[at + 1 :]]) for at in range(len(proof))),
    ]
    for arguments in altered:
        with pytest.raises(ProofError):
            verify_consistency(*arguments)


def test_two_ledgers_of_one_size_with_different_roots_are_no_continuation() -> None:
    """A fork without growth, and a false root of nothing."""
    with pytest.raises(ProofError, match="one size"):
        verify_consistency(3, 3, ROOTS[3], ROOTS[4], [])
    with pytest.raises(ProofError, match="empty ledger"):
        verify_consistency(0, 3, ROOTS[1], ROOTS[3], [])
    verify_consistency(0, 3, EMPTY_ROOT, ROOTS[3], [])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_of_an_entry_that_is_not_there(index: int, size: int) -> None:
    """Outside the tree there is nothing to prove."""
    with pytest.raises(ValueError, match="no entry"):
        inclusion_proof(index, size, nodes_of(LEAVES))


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_no_proof_of_growth_backwards(old: int, new: int) -> None:
    """A ledger never shrinks."""
    with pytest.raises(ValueError, match="continue"):
        consistency_proof(old, new, nodes_of(LEAVES))


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=40), st.data())
def test_every_proof_is_that_of_the_slow_tree(leaves: list[bytes], data: st.DataObject) -> None:
    """Roots, inclusion and consistency proofs against RFC 6962's recursive definitions."""
    node = nodes_of(leaves)
    size = data.draw(st.integers(1, len(leaves)))
    root = slow_root(leaves[:size])
    assert range_at(size, node).root() == root_of(leaves[:size]) == root
    index = data.draw(st.integers(0, size - 1))
    inclusion = inclusion_proof(index, size, node)
    assert inclusion == slow_path(index, leaves[:size])
    verify_inclusion(index, size, leaf_hash(leaves[index]), inclusion, root)
    old = data.draw(st.integers(1, size))
    consistency = consistency_proof(old, size, node)
    assert consistency == slow_subproof(old, leaves[:size], True)
    verify_consistency(old, size, slow_root(leaves[:old]), root, consistency)


def test_every_proof_of_every_small_tree_is_that_of_pymerkle() -> None:
    """Same roots and proofs as a library we did not write, for all sizes to 33 and 200 random larger cases."""
    draw = random.Random(6962)
    leaves = [draw.randbytes(draw.randrange(60)) for _ in range(600)]
    theirs, node = InmemoryTree(algorithm="sha256"), nodes_of(leaves)
    theirs.append_entries(leaves)
    cases = [(index, size) for size in range(1, 34) for index in range(size)]
    for _ in range(200):
        size = draw.randrange(1, 601)
        cases.append((draw.randrange(size), size))
    for index, size in cases:
        root = range_at(size, node).root()
        assert root == theirs.get_root(size)
        proof = inclusion_proof(index, size, node)
        assert set(theirs.prove_inclusion(index + 1, size).path) == {leaf_hash(leaves[index]), *proof}
        verify_inclusion(index, size, leaf_hash(leaves[index]), proof, root)
        old = index + 1
        verify_consistency(old, size, theirs.get_root(old), root, consistency_proof(old, size, node))


def test_leaves_and_nodes_are_hashed_apart() -> None:
    """A node's two children can never be passed off as a leaf."""
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert node_hash(left, right) != leaf_hash(left + right)
    assert leaf_hash(b"") == ROOTS[1] != EMPTY_ROOT
