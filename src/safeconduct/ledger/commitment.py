"""What a leaf says of a body: the root over one salted commitment a field.

The body is canonical JSON (`kernel.encoding`): one object. Its fields stand in schema order, the slots `type` and
`occurred_at_us` first. Field i is committed to by

    salt_i       = bytes 32·i up to 32·(i+1) of SHAKE256(secret)
    commitment_i = SHA-256(salt_i || slot_i || 0x00 || value_i)

where `secret` are 32 random bytes of the entry, i counts from 0, and `value_i` are the bytes of the field's value as
they stand in the body.
`body_root` is the RFC 6962 root over the commitments. Without the secret nothing can be guessed from it, however few
values a field may have; with their salts some fields can be shown, and the others stay closed.
"""

import enum
import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import msgspec

from safeconduct.kernel.encoding import NotCanonical
from safeconduct.ledger import merkle

Schema = Callable[[str], Sequence[str] | None]
"""Gives, by the type tag, the slots of that type in schema order without `type`; None for an unknown type."""

SECRET_BYTES = 32
MAX_FIELDS = 1024
"""No body has more."""

_TYPE = "type"
_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXT = msgspec.json.Decoder(str)


class Field(NamedTuple):
    """One field of a body: the name of its slot, and its value as the body writes it (canonical JSON)."""

    slot: str
    value: bytes


class Shown(NamedTuple):
    """One field that is shown."""

    place: int
    """Its place in schema order, from 0."""
    slot: str
    value: bytes
    salt: bytes


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Everything that shows some fields of one entry, and nothing of the others but how many there are."""

    count: int
    """How many fields the body has."""
    shown: tuple[Shown, ...]
    """By rising place, at least one."""
    nodes: tuple[bytes, ...]
    """From left to right, the hashes of the largest subtrees (RFC 6962) that hold no shown field."""


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
    return merkle.root_over(_hashes(_salts(secret, len(fields)), fields))


def disclose(secret: bytes, fields: Sequence[Field], slots: Collection[str], root: bytes) -> Disclosure:
    """Show the fields of these slots of the entry whose header holds `root`.

    Raises KeyError if there are none or the body has no such slot, ProofError if the body is not that of the header.
    """
    if unknown := set(slots).difference(one.slot for one in fields):
        raise KeyError(*unknown)
    salts = _salts(secret, len(fields))
    places = tuple(place for place, one in enumerate(fields) if one.slot in slots)
    if not places:
        raise KeyError("no slot")
    hashes = _hashes(salts, fields)
    shape = _shape(len(fields), places)
    nodes = tuple(merkle.root_over(hashes[start:end]) for start, end in shape.closed)
    if shape.root([hashes[place] for place in places], nodes) != root:
        raise merkle.ProofError("the body is not the one that its author committed to")
    return Disclosure(len(fields), tuple(Shown(place, *fields[place], salts[place]) for place in places), nodes)


def verify_disclosure(disclosure: Disclosure, root: bytes) -> None:
    """Check that the entry whose header holds `root` has these fields. Raises ProofError."""
    if disclosure.count > MAX_FIELDS:
        raise merkle.ProofError(f"it is said to have more than {MAX_FIELDS} fields")
    hashes: list[bytes] = []
    last = -1
    for place, slot, value, salt in disclosure.shown:
        if not last < place < disclosure.count:
            raise merkle.ProofError(f"the fields do not stand in their order: place {place} of {disclosure.count}")
        if len(salt) != SECRET_BYTES:
            raise merkle.ProofError(f"a salt has {SECRET_BYTES} bytes, this one {len(salt)}")
        if "\0" in slot:
            raise merkle.ProofError("the name of a slot holds no NUL")
        hashes.append(_hash(salt, slot, value))
        last = place
    if not hashes:
        raise merkle.ProofError("no field is shown")
    merkle.check_hashes(disclosure.nodes)
    shape = _shape(disclosure.count, tuple(one.place for one in disclosure.shown))
    if len(disclosure.nodes) != len(shape.closed):
        which = "short" if len(disclosure.nodes) < len(shape.closed) else "long"
        raise merkle.ProofError(f"the proof is too {which}")
    if shape.root(hashes, disclosure.nodes) != root:
        raise merkle.ProofError("what is shown is not what its author committed to")


class _Step(enum.Enum):
    SHOWN = enum.auto()
    CLOSED = enum.auto()
    JOIN = enum.auto()


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the root follows from what is shown and the nodes: the same for all entries with the same fields shown."""

    closed: tuple[tuple[int, int], ...]
    """The largest subtrees that hold no shown field, from left to right: first place, and the one after the last."""
    steps: tuple[_Step, ...]
    """Take the next hash, take the next node, or join the two taken last."""

    def root(self, hashes: Sequence[bytes], nodes: Sequence[bytes]) -> bytes:
        """The root that follows."""
        stack: list[bytes] = []
        next_hash, next_node = iter(hashes), iter(nodes)
        for step in self.steps:
            if step is _SHOWN:
                stack.append(next(next_hash))
            elif step is _JOIN:
                right = stack.pop()
                stack[-1] = merkle.node_hash(stack[-1], right)
            else:
                stack.append(next(next_node))
        return stack[0]


_SHOWN, _CLOSED, _JOIN = _Step


@lru_cache(maxsize=1024)
def _shape(count: int, places: tuple[int, ...]) -> _Shape:
    closed: list[tuple[int, int]] = []

    def steps(start: int, end: int, shown: tuple[int, ...]) -> Iterator[_Step]:
        if not shown:
            closed.append((start, end))
            yield _CLOSED
        elif end - start == 1:
            yield _SHOWN
        else:
            middle = start + merkle.split(end - start)
            yield from steps(start, middle, tuple(place for place in shown if place < middle))
            yield from steps(middle, end, tuple(place for place in shown if place >= middle))
            yield _JOIN

    taken = tuple(steps(0, count, places))
    return _Shape(tuple(closed), taken)


def _salts(secret: bytes, count: int) -> list[bytes]:
    """One salt a field: whoever is shown one learns nothing of the others (SHAKE256, FIPS 202)."""
    stream = hashlib.shake_256(secret).digest(SECRET_BYTES * count)
    return [stream[start : start + SECRET_BYTES] for start in range(0, len(stream), SECRET_BYTES)]


def _hashes(salts: Sequence[bytes], fields: Sequence[Field]) -> list[bytes]:
    """The hashes of the commitments as leaves of the body's tree (written out: every check does it for every field)."""
    sha256 = hashlib.sha256
    return [
        sha256(b"\x00" + sha256(b"%b%b\0%b" % (salt, slot.encode(), value)).digest()).digest()
        for salt, (slot, value) in zip(salts, fields, strict=True)
    ]


def _hash(salt: bytes, slot: str, value: bytes) -> bytes:
    return _hashes((salt,), (Field(slot, value),))[0]
