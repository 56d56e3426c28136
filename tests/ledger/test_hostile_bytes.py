"""Hostile bytes at every reader of the ledger room: its typed errors, and no other exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.hostile import READERS, Reader

BY_NAME = pytest.mark.parametrize("reader", READERS, ids=[one.name for one in READERS])

TELLING = (
    b"\n",
    b"\n\n",
    b" ",
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xc2\xa0",
    b"-1",
    b"18446744073709551616",
    b"9" * 1000,
    b"9" * 5000,
    b"1e999",
    b"[" * 2000,
    b'{"a":' * 500,
    b'"\\ud800"',
    b"null",
    b"\xe2\x80\x94 ",
    b"+",
    b"=",
    b"==",
    b"AAAA",
)
"""What a reader might stumble over."""


@st.composite
def damaged(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """Something that the reader is meant for, with some of its bytes changed, dropped, doubled, moved or put in."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        piece = data[start:end]
        put = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from(TELLING),
                st.sampled_from(seeds),
                st.just(piece * 2),
                st.just(piece[::-1]),
                st.just(bytes(one ^ 1 for one in piece)),
            )
        )
        data = data[:start] + put + data[end:]
    return data


@BY_NAME
def test_what_a_reader_is_meant_for_is_read(reader: Reader) -> None:
    """The seeds reach all of it: none is refused, but where a witness's key is not the one meant."""
    read = 0
    for seed in reader.seeds:
        try:
            reader.read(seed)
        except reader.errors:
            continue
        read += 1
    assert read


@BY_NAME
@settings(max_examples=100)
@given(data=st.data())
def test_damaged_bytes_give_our_error(reader: Reader, data: st.DataObject) -> None:
    """Close to what it is meant for, where the deep places are."""
    check(reader, data.draw(damaged(reader.seeds)))


@BY_NAME
@settings(max_examples=40)
@given(source=st.binary(max_size=300))
def test_any_bytes_give_our_error(reader: Reader, source: bytes) -> None:
    """Anything at all."""
    check(reader, source)


@BY_NAME
@pytest.mark.parametrize("source", TELLING, ids=[repr(one[:12]) for one in TELLING])
def test_telling_bytes_give_our_error(reader: Reader, source: bytes) -> None:
    """What others have stumbled over, alone and in many places of what the reader is meant for."""
    check(reader, source)
    for seed in reader.seeds:
        for at in (*range(48), *range(48, len(seed), max(1, len(seed) // 12))):
            check(reader, seed[:at] + source + seed[at:])


def check(reader: Reader, source: bytes) -> None:
    """Read, and let pass nothing but the reader's own errors, told in one line."""
    try:
        reader.read(source)
    except reader.errors as error:
        assert "\n" not in str(error)  # noqa: PT017
