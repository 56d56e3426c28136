"""Commitments to the fields of a body, and the disclosure of some of them."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.encoding import NotCanonical
from safeconduct.ledger import merkle
from safeconduct.ledger.commitment import (
    Field,
    Shown,
    body_root,
    disclose,
    fields_of,
    verify_disclosure,
)

SECRET = bytes(range(32))
SLOTS = ("occurred_at_us", "person", "born", "own")
BODY = b'{"born":"1998","occurred_at_us":7,"own":["RU","UA"],"person":"p1","type":"registry.person/1"}'


def schema(tag: str) -> tuple[str, ...] | None:
    """One known type."""
    return SLOTS if tag == "registry.person/1" else None


def test_the_root_is_what_the_definition_says() -> None:
    """Worked out step by step with the standard library, slots in schema order behind the type."""
    values = {
        "type": b'"registry.person/1"',
        "occurred_at_us": b"7",
        "person": b'"p1"',
        "born": b'"1998"',
        "own": b'["RU","UA"]',
    }
    leaves = []
    salts = hashlib.shake_256(SECRET).digest(5 * 32)
    for index, slot in enumerate(("type", "occurred_at_us", "person", "born", "own")):
        salt = salts[index * 32 : index * 32 + 32]
        commitment = hashlib.sha256(salt + slot.encode() + b"\x00" + values[slot]).digest()
        leaves.append(hashlib.sha256(b"\x00" + commitment).digest())

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + left + right).digest()

    expected = node(node(node(leaves[0], leaves[1]), node(leaves[2], leaves[3])), leaves[4])
    assert body_root(SECRET, fields_of(BODY, schema)) == expected


def test_the_root_of_a_fixed_body_never_changes() -> None:
    """Golden bytes: old ledgers must verify for ever."""
    assert (
        body_root(SECRET, fields_of(BODY, schema)).hex()
        == "9d54d1c4fba6375ca860dbbc464db843e4518955ecd1b3a20807b050dacdfe2b"
    )


fields = st.dictionaries(
    st.text("abcdefgh_", min_size=1, max_size=8), st.binary(max_size=30), min_size=1, max_size=12
).map(lambda slots: [Field(slot, value) for slot, value in slots.items()])


@given(st.binary(min_size=32, max_size=32), fields, st.data())
def test_any_of_the_fields_can_be_shown(secret: bytes, body: list[Field], data: st.DataObject) -> None:
    """They verify against the root, show no other value, and nothing else verifies in their place."""
    root = body_root(secret, body)
    slots = data.draw(st.sets(st.sampled_from([one.slot for one in body]), min_size=1))
    disclosure = disclose(secret, body, slots, root)
    assert [(one.slot, one.value) for one in disclosure.shown] == [tuple(one) for one in body if one.slot in slots]
    verify_disclosure(disclosure, root)
    place = data.draw(st.integers(0, len(disclosure.shown) - 1))
    one = disclosure.shown[place]
    value = data.draw(st.binary(max_size=30).filter(lambda value: value != one.value))
    changes = [
        one._replace(value=value),
        one._replace(slot=one.slot + "x"),
        one._replace(salt=secret),
        one._replace(salt=one.salt[:31]),
        one._replace(place=len(body)),
    ]
    wrongs = [
        *(replace(disclosure, shown=replaced(disclosure.shown, place, change)) for change in changes),
        replace(disclosure, shown=()),
        replace(disclosure, shown=(*disclosure.shown, disclosure.shown[-1])),
        replace(disclosure, nodes=(*disclosure.nodes, bytes(32))),
        replace(disclosure, nodes=disclosure.nodes[:-1] or (bytes(31),)),
        replace(disclosure, count=disclosure.count * 2 + 1),
    ]
    for wrong in wrongs:
        with pytest.raises(merkle.ProofError):
            verify_disclosure(wrong, root)


def replaced(shown: tuple[Shown, ...], place: int, one: Shown) -> tuple[Shown, ...]:
    """With another in one place."""
    return (*shown[:place], one, *shown[place + 1 :])


@given(st.binary(min_size=32, max_size=32), fields, st.data())
def test_one_field_is_shown_by_its_inclusion_proof(secret: bytes, body: list[Field], data: st.DataObject) -> None:
    """The nodes for one field are the hashes of RFC 6962's inclusion proof, told from left to right."""
    place = data.draw(st.integers(0, len(body) - 1))
    disclosure = disclose(secret, body, [body[place].slot], body_root(secret, body))
    salts = hashlib.shake_256(secret).digest(32 * len(body))
    tree, nodes = merkle.CompactRange(), {}
    for index, (slot, value) in enumerate(body):
        commitment = hashlib.sha256(salts[32 * index : 32 * index + 32] + slot.encode() + b"\x00" + value).digest()
        for level, node in enumerate(tree.append(merkle.leaf_hash(commitment))):
            nodes[level, index >> level] = node
    proof = merkle.inclusion_proof(place, len(body), lambda level, index: nodes[level, index])
    assert sorted(disclosure.nodes) == sorted(proof)


def test_a_slot_and_its_value_cannot_be_divided_anew() -> None:
    """`a` with the value NUL b is not `a NUL` with b."""
    body = [Field("a", b"\x00b")]
    root = body_root(SECRET, body)
    disclosure = disclose(SECRET, body, ["a"], root)
    verify_disclosure(disclosure, root)
    with pytest.raises(merkle.ProofError):
        verify_disclosure(replace(disclosure, shown=(disclosure.shown[0]._replace(slot="a\x00", value=b"b"),)), root)


def test_a_body_that_its_author_did_not_commit_to_is_not_disclosed() -> None:
    """Whoever discloses notices first."""
    with pytest.raises(merkle.ProofError):
        disclose(SECRET, fields_of(BODY, schema), ["person"], bytes(32))


def test_equal_bodies_have_different_roots() -> None:
    """The secret hides that two entries say the same."""
    assert body_root(bytes(32), fields_of(BODY, schema)) != body_root(SECRET, fields_of(BODY, schema))


def test_a_slot_that_is_not_there_cannot_be_disclosed() -> None:
    """A KeyError, not an empty value."""
    for slots in ([], ["unit"], ["person", "unit"]):
        with pytest.raises(KeyError):
            disclose(SECRET, fields_of(BODY, schema), slots, body_root(SECRET, fields_of(BODY, schema)))


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "decode"),
        (b"\xff", "decode"),
        (b"[]", "decode"),
        (b'{"occurred_at_us":7}', "decode"),
        (b'{"type":5}', "decode"),
        (b'{"type":"registry.other/1"}', "unknown type"),
        (b'{"occurred_at_us":7,"type":"registry.person/1"}', "fields"),
        (BODY[:-1] + b',"unit":"x"}', "fields"),
    ],
)
def test_a_body_that_is_not_of_its_type_is_refused(body: bytes, what: str) -> None:
    """Lacking, surplus or foreign fields: nothing is committed to."""
    with pytest.raises(NotCanonical, match=what):
        fields_of(body, schema)
