"""Commitments to the fields of a body, and the disclosure of one of them."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.encoding import NotCanonical
from safeconduct.ledger import merkle
from safeconduct.ledger.commitment import (
    Field,
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
def test_any_one_field_can_be_disclosed(secret: bytes, body: list[Field], data: st.DataObject) -> None:
    """It verifies against the root, shows no other value, and no other value verifies in its place."""
    root = body_root(secret, body)
    chosen = data.draw(st.sampled_from(body))
    disclosure = disclose(secret, body, chosen.slot)
    assert (disclosure.slot, disclosure.value) == (chosen.slot, chosen.value)
    verify_disclosure(disclosure, root)
    other = data.draw(st.binary(max_size=30).filter(lambda value: value != chosen.value))
    for wrong in (
        replace(disclosure, value=other),
        replace(disclosure, slot=disclosure.slot + "x"),
        replace(disclosure, salt=secret),
        replace(disclosure, index=disclosure.index + 1),
    ):
        with pytest.raises(merkle.ProofError):
            verify_disclosure(wrong, root)


def test_a_slot_and_its_value_cannot_be_divided_anew() -> None:
    """`a` with the value NUL b is not `a NUL` with b."""
    disclosure = disclose(SECRET, [Field("a", b"\x00b")], "a")
    root = body_root(SECRET, [Field("a", b"\x00b")])
    verify_disclosure(disclosure, root)
    with pytest.raises(merkle.ProofError):
        verify_disclosure(replace(disclosure, slot="a\x00", value=b"b"), root)


def test_equal_bodies_have_different_roots() -> None:
    """The secret hides that two entries say the same."""
    assert body_root(bytes(32), fields_of(BODY, schema)) != body_root(SECRET, fields_of(BODY, schema))


def test_a_slot_that_is_not_there_cannot_be_disclosed() -> None:
    """A KeyError, not an empty value."""
    with pytest.raises(KeyError):
        disclose(SECRET, fields_of(BODY, schema), "unit")


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
