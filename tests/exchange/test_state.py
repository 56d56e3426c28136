"""The fold: one answer for any order of arrival, and entry bytes that never change their meaning."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.samples import entries_of, ledgers

from safeconduct.exchange.entries import DECODER, ENTRY_TYPES
from safeconduct.exchange.state import Exchange, fold
from safeconduct.kernel.encoding import NotCanonical, decode, encode
from safeconduct.kernel.entry import Entry, Erased, Opened, Sealed, type_tag
from safeconduct.tracking.entries import TechnicalReported

GOLDEN = Path(__file__).parent / "golden_entries.json"
REPORT_TYPES = [one for one in ENTRY_TYPES if "received_at_us" in one.__struct_fields__]


def reported(entries: list[Entry]) -> dict[str, int | None]:
    """What the tracking room holds after these entries."""
    return fold(Opened(entry) for entry in entries).tracking.reports


@given(st.lists(st.sampled_from(REPORT_TYPES).flatmap(entries_of), max_size=12), st.randoms(use_true_random=False))
def test_reports_fold_to_the_same_state_in_any_order_and_however_often(
    entries: list[Entry], chance: random.Random
) -> None:
    """Arrival order, repetition and batching make no difference."""
    shuffled = [*entries, *chance.sample(entries, len(entries) // 2)]
    chance.shuffle(shuffled)
    assert reported(entries) == reported(shuffled)


def test_a_report_keeps_its_earliest_arrival() -> None:
    """A repeated report counts from when it first came; one that never said when does not hide one that did."""

    def at(received_at_us: int | None) -> Entry:
        return TechnicalReported(occurred_at_us=1, event="e", report="{}", received_at_us=received_at_us)

    assert reported([at(9), at(None), at(7), at(8)]) == {"{}": 7}


@given(ledgers())
def test_sealed_and_erased_bodies_leave_the_rest_readable(entries: list[Entry]) -> None:
    """A body that cannot be read is counted and changes nothing else."""
    plain = fold(Opened(entry) for entry in entries)
    mixed = Exchange()
    for entry in entries:
        for body in (Sealed(), Opened(entry), Erased()):
            mixed.take(body)
    assert (mixed.sealed, mixed.erased) == (len(entries), len(entries))
    mixed.sealed = mixed.erased = 0
    assert mixed == plain


@given(st.sampled_from(ENTRY_TYPES).flatmap(entries_of))
def test_an_entry_reads_back_from_its_canonical_bytes(entry: Entry) -> None:
    """encode and decode are inverse, for every type."""
    assert decode(encode(entry), DECODER) == entry


@pytest.mark.parametrize("tag", [type_tag(one) for one in ENTRY_TYPES])
def test_golden_bytes_of_every_version_still_mean_the_same(tag: str) -> None:
    """Bytes once written stay readable and canonical: a changed field needs a new version, not an edit."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    text = golden[tag].encode()
    entry = decode(text, DECODER)
    assert type_tag(type(entry)) == tag
    assert encode(entry) == text


_TAIL = b'"received_at_us":null,"report":"{}","type":"tracking.technical-reported/1"}'
BAD_BODIES = {
    "a repeated key": b'{"event":"e","occurred_at_us":1,"occurred_at_us":1,' + _TAIL,
    "keys out of order": b'{"occurred_at_us":1,"event":"e",' + _TAIL,
    "a space": b'{"event":"e", "occurred_at_us":1,' + _TAIL,
    "an escape that is not needed": b'{"event":"\\u0065","occurred_at_us":1,' + _TAIL,
    "a float": b'{"event":"e","occurred_at_us":1.0,' + _TAIL,
    "an integer that not every reader keeps exact": b'{"event":"e","occurred_at_us":9007199254740992,' + _TAIL,
    "an unknown field": b'{"event":"e","extra":1,"occurred_at_us":1,' + _TAIL,
    "an unknown type": b'{"event":"e","occurred_at_us":1,"type":"tracking.unheard-of/1"}',
    "a version from the future": b'{"event":"e","occurred_at_us":1,' + _TAIL.replace(b"/1", b"/2"),
    "no JSON": b"{",
    "nothing": b"",
    "bytes that are no text": b'"\xff"',
}


def test_the_same_body_without_the_flaw_is_taken() -> None:
    """The table below refuses its flaws, not its body."""
    body = b'{"event":"e","occurred_at_us":1,' + _TAIL
    assert encode(decode(body, DECODER)) == body


@pytest.mark.parametrize("text", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_foreign_bytes_must_be_what_we_would_have_written(text: bytes) -> None:
    """Anything but the one canonical text of an entry is refused."""
    with pytest.raises(NotCanonical):
        decode(text, DECODER)
