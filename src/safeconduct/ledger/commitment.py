"""What a leaf says of a body: the root over one salted commitment a field.

The body is canonical JSON (`kernel.encoding`): one object. Its fields stand in schema order, the slots `type` and
`occurred_at_us` first. Field i is committed to by

    salt_i       = bytes 32·i up to 32·(i+1) of SHAKE256(secret)
    commitment_i = SHA-256(salt_i || slot_i || 0x00 || value_i)

where `secret` are 32 random bytes of the entry, i counts from 0, and `value_i` are the bytes of the field's value as
they stand in the body.
`body_root` is the RFC 6962 root over the commitments. Without the secret nothing can be guessed from it, however few
values a field may have; with one salt one field can be shown, and the others stay closed.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from safeconduct.kernel.encoding import NotCanonical
from safeconduct.ledger import merkle

Schema = Callable[[str], Sequence[str] | None]
"""Gives, by the type tag, the slots of that type in schema order without `type`; None for an unknown type."""

SECRET_BYTES = 32

_TYPE = "type"
_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXT = msgspec.json.Decoder(str)


class Field(NamedTuple):
    """One field of a body: the name of its slot, and its value as the body writes it (canonical JSON)."""

    slot: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Everything that shows one field of one entry, and nothing of the others but how many there are."""

    slot: str
    value: bytes
    salt: bytes
    index: int
    """The field's place in schema order, from 0."""
    count: int
    """How many fields the body has."""
    proof: tuple[bytes, ...]
    """Inclusion proof of the commitment, RFC 6962."""


def fields_of(body: bytes, schema: Schema) -> list[Field]:
    """The fields of a body in schema order.

    Raises NotCanonical if the body is no object, its type is unknown or its fields are not those of the type.
    """
    try:
        parts = {slot: bytes(value) for slot, value in _PARTS.decode(body).items()}
        tag = _TEXT.decode(parts.get(_TYPE, b""))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotCanonical(f"the body does not decode: {error}") from None
    slots = schema(tag)
    if slots is None:
        raise NotCanonical(f"the body is of the unknown type {tag!r}")
    if len(parts) != len(slots) + 1 or any(slot not in parts for slot in slots):
        raise NotCanonical(f"the body does not have the fields of {tag}")
    return [Field(_TYPE, parts[_TYPE]), *(Field(slot, parts[slot]) for slot in slots)]


def body_root(secret: bytes, fields: Sequence[Field]) -> bytes:
    """The root over the commitments to these fields."""
    salts = _salts(secret, len(fields))
    return merkle.root_of(_commitment(salt, slot, value) for salt, (slot, value) in zip(salts, fields, strict=True))


def disclose(secret: bytes, fields: Sequence[Field], slot: str) -> Disclosure:
    """Show one field. Raises KeyError if the body has no such slot."""
    index = next((place for place, one in enumerate(fields) if one.slot == slot), None)
    if index is None:
        raise KeyError(slot)
    tree, nodes = merkle.CompactRange(), {}
    salts = _salts(secret, len(fields))
    for place, (salt, one) in enumerate(zip(salts, fields, strict=True)):
        completed = tree.append(merkle.leaf_hash(_commitment(salt, one.slot, one.value)))
        for level, node in enumerate(completed):
            nodes[level, place >> level] = node
    proof = merkle.inclusion_proof(index, len(fields), lambda level, place: nodes[level, place])
    return Disclosure(slot, fields[index].value, salts[index], index, len(fields), tuple(proof))


def verify_disclosure(disclosure: Disclosure, root: bytes) -> None:
    """Check that the entry whose header holds `root` has this field. Raises ProofError."""
    if len(disclosure.salt) != SECRET_BYTES:
        raise merkle.ProofError(f"a salt has {SECRET_BYTES} bytes, this one {len(disclosure.salt)}")
    if "\0" in disclosure.slot:
        raise merkle.ProofError("the name of a slot holds no NUL")
    commitment = _commitment(disclosure.salt, disclosure.slot, disclosure.value)
    merkle.verify_inclusion(disclosure.index, disclosure.count, merkle.leaf_hash(commitment), disclosure.proof, root)


def _salts(secret: bytes, count: int) -> list[bytes]:
    """One salt a field: whoever is shown one learns nothing of the others (SHAKE256, FIPS 202)."""
    stream = hashlib.shake_256(secret).digest(SECRET_BYTES * count)
    return [stream[start : start + SECRET_BYTES] for start in range(0, len(stream), SECRET_BYTES)]


def _commitment(salt: bytes, slot: str, value: bytes) -> bytes:
    return hashlib.sha256(b"%b%b\0%b" % (salt, slot.encode(), value)).digest()
