"""Published edge cases of Ed25519 (C2SP/CCTV): what we take, and that the cases that we make are made as these are."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.ledger.edwards25519 import BASE, P, Point, add, challenge, encode, multiply, x_of

from safeconduct.ledger.note import CheckpointError, VerifierKey, verify_ed25519

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors" / "ed25519.json").read_text("utf-8"))[
    "vectors"
]
REFUSED = {"low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"}
"""What the strict rule has nothing to do with; a component of low order alone nobody can see in an encoding."""


def point(encoding: bytes) -> Point:
    """The point of an encoding, canonical or not."""
    number = int.from_bytes(encoding, "little")
    y = number % 2**255 % P
    return x_of(y, number >> 255), y


def accepted(key: bytes, message: bytes, signature: bytes) -> bool:
    """As every signature of a checkpoint, a cosignature or an entry is checked."""
    try:
        verify_ed25519(message, signature, VerifierKey("cctv.example", key))
    except CheckpointError:
        return False
    return True


def openssl_accepts(key: bytes, message: bytes, signature: bytes) -> bool:
    """The looser rule, as the vectors' own page describes it."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: str(one["number"]))
def test_a_published_edge_case_is_accepted_by_the_strict_rule_only(vector: dict[str, Any]) -> None:
    """By its flags; and the equation with the factor 8 holds for every one of them, so that they are written down
    right: it is all that a verifier of the loosest kind asks for."""
    key, signature, message = bytes.fromhex(vector["key"]), bytes.fromhex(vector["sig"]), vector["msg"].encode()
    flags = set(vector["flags"])
    assert accepted(key, message, signature) == flags.isdisjoint(REFUSED)
    assert openssl_accepts(key, message, signature) == flags.isdisjoint({"low_order_residue", "non_canonical_R"})
    key_point, nonce_point = point(key), point(signature[:32])
    k = challenge(encode(nonce_point) if "reencoded_k" in flags else signature[:32], key, message)
    both = add(nonce_point, multiply(k, key_point))
    assert multiply(8, multiply(int.from_bytes(signature[32:], "little"), BASE)) == multiply(8, both)


def test_these_are_some_of_each_kind() -> None:
    """Some are accepted; and every flag that must make us refuse occurs where the others do not."""
    kinds = [REFUSED.intersection(vector["flags"]) for vector in VECTORS]
    assert kinds.count(set()) == 4
    for flag in ("low_order_A", "low_order_R", "low_order_residue"):
        assert {flag} in kinds
    assert {"low_order_A", "non_canonical_A"} in kinds
    assert {"low_order_R", "non_canonical_R"} in kinds
