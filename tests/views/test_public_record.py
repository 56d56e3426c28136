"""The public page: what communiqués tell, the checkpoint, and nothing else."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.samples import entries_of, field_values, ledgers

from safeconduct.disclosure.entries import CommuniqueReleased
from safeconduct.exchange.entries import ENTRY_TYPES
from safeconduct.kernel.entry import Entry, Erased, Opened, Sealed
from safeconduct.views.operations_model import LedgerSeen
from safeconduct.views.public_record import PublicRecord, PublicRecordBuilder, SideTotals

LEDGER = LedgerSeen("safeconduct/a1", 9, "root", "note", ("witness",), 0)
TOLD = CommuniqueReleased(
    occurred_at_us=5,
    exchange="2025-07-04",
    text="On 4 July 2025, 3 came home, 2 of them to Ukraine.",
    facts={"date": "4 July 2025", "handed-over.total": "3", "returned.to.UA": "2", "handed-over.from.RU": "2"},
    size=7,
    root="r",
    released_by="NI",
)


def page(*entries: Entry) -> PublicRecord:
    """The page after these entries."""
    builder = PublicRecordBuilder()
    for index, entry in enumerate(entries):
        builder.take(index, 100 + index, Opened(entry))
    return builder.record(LEDGER)


def test_before_a_release_there_is_the_checkpoint_alone() -> None:
    """Nothing of the exchange, not even that there is one."""
    assert page() == PublicRecord((), LEDGER)


def test_a_communique_is_shown_with_what_it_tells() -> None:
    """Numbers by side as told; what it does not tell is empty."""
    (sentence,) = page(TOLD).sentences
    assert (sentence.text, sentence.date, sentence.total, sentence.agreement) == (TOLD.text, "4 July 2025", "3", "")
    assert sentence.sides == (SideTotals("RU", "2", ""), SideTotals("UA", "", "2"))
    assert (sentence.index, sentence.recorded_at_us, sentence.released_at_us, sentence.size) == (0, 100, 5, 7)
    assert page(TOLD).ledger.known == 1


def test_a_later_text_stands_first_and_the_earlier_one_stays() -> None:
    """Nothing that was told disappears."""
    later = msgspec.structs.replace(TOLD, text="later")
    assert [one.text for one in page(TOLD, later).sentences] == ["later", TOLD.text]


def test_what_cannot_be_read_is_passed_over() -> None:
    """A page made without the keys says less, never more."""
    builder = PublicRecordBuilder()
    builder.take(0, 1, Sealed())
    builder.take(1, 1, Erased())
    assert builder.record(LEDGER) == page()


@given(ledgers(), st.data())
def test_the_page_depends_on_nothing_but_communiques(entries: list[Entry], data: Any) -> None:
    """Any field of any other entry may be another, and other entries may be there: the page is the same."""
    other = []
    for entry in entries:
        changed = entry
        if not isinstance(entry, CommuniqueReleased):
            field = data.draw(st.sampled_from(entry.__struct_fields__))
            changed = msgspec.structs.replace(entry, **{field: data.draw(field_values(type(entry), field))})
        other.append(changed)
    assert page(*entries) == page(*other)
    hidden = [one for one in ENTRY_TYPES if one is not CommuniqueReleased]
    more = [data.draw(entries_of(data.draw(st.sampled_from(hidden)))) for _ in range(2)]
    assert page(*entries) == page(*entries, *more)
