"""The facility's own board: what needs doing first, for nobody else's eyes, and calm about notes that do not open."""

import msgspec
import pytest
from tests.reception.rounds import EXCHANGE, NOON_US, PERSONS, desk, key

from safeconduct.disclosure.clearance import INTERMEDIARY, PUBLIC, Clearance
from safeconduct.disclosure.telling import tell
from safeconduct.kernel.entry import Entry
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import HOUR_US
from safeconduct.reception.desk import FacilityDesk
from safeconduct.reception.pathway import STEP_IDS
from safeconduct.reception.sealing import NoteUnreadable
from safeconduct.views.picture import picture_bytes
from safeconduct.views.reception_board import reception_board

OURS = Clearance("facility", facility="F1")
OTHERS = (
    INTERMEDIARY,
    Clearance("party", "RU"),
    Clearance("party", "UA"),
    Clearance("facility", facility="F2"),
    PUBLIC,
)
WASHED, EXAMINED, TALKED = STEP_IDS


def handed_in(ours: FacilityDesk) -> list[Entry]:
    """Everything that is waiting, as entries."""
    batch = ours.batch(NOON_US, closing=True)
    assert batch is not None
    ours.recorded(batch)
    return [*batch.notes, batch.tally]


def a_day(outcome: str = "treatment begun", *, declined: bool = False) -> list[Entry]:
    """p1 came at noon and was examined, p2 an hour later and not yet, p3 at noon and has everything."""
    ours = desk()
    for person, at_us in (("p1", NOON_US), ("p2", NOON_US + HOUR_US), ("p3", NOON_US)):
        ours.arrive(person, at_us)
    ours.settle("p1", EXAMINED, NOON_US + HOUR_US, by="doctor 1", outcome=outcome)
    for step in STEP_IDS:
        ours.settle("p3", step, NOON_US + HOUR_US, by="doctor 2", declined=declined and step == TALKED)
    return handed_in(ours)


def test_what_is_overdue_stands_first() -> None:
    """Half past three: p1 has not been washed in time, p2 has half an hour left, p3 is done."""
    board = reception_board(a_day(), OURS, key(), EXCHANGE, NOON_US + 3 * HOUR_US + HOUR_US // 2)
    assert [patient.person for patient in board.patients] == ["p1", "p2", "p3"]
    assert [(one.step, one.standing) for one in board.patients[0].steps] == [
        (WASHED, "overdue"),
        (EXAMINED, "done"),
        (TALKED, "due"),
    ]
    examined = board.patients[0].steps[1]
    assert (examined.by, examined.outcome, examined.settled_us) == ("doctor 1", "treatment begun", NOON_US + HOUR_US)
    assert board.patients[1].steps[0].due_us == NOON_US + 4 * HOUR_US
    assert board.counts[WASHED] == {"overdue": 1, "due": 1, "declined": 0, "done": 1}
    assert board.unreadable == 0


def test_the_content_of_a_note_shows_to_nobody_but_the_facility() -> None:
    """Two days that differ in what was found and declined: every other view is the same, byte by byte."""
    one, other = a_day(), a_day("admitted to a ward", declined=True)
    assert one != other
    for clearance in OTHERS:
        assert picture_bytes(one, clearance) == picture_bytes(other, clearance)
        assert all(told is None or "sealed" not in told.fields for told in (tell(entry, clearance) for entry in one))
    assert picture_bytes(one, OURS) != picture_bytes(other, OURS)


def test_the_board_is_shown_to_its_facility_alone() -> None:
    """With the key in hand but another clearance there is no board."""
    for clearance in OTHERS:
        with pytest.raises(Refused, match=f"the board of F1 is not shown at clearance {clearance}"):
            reception_board(a_day(), clearance, key(), EXCHANGE, NOON_US)


def test_a_note_that_does_not_open_is_counted_and_hides_nothing_else() -> None:
    """One changed note: the others are on the board, and it says that one is not."""
    entries = a_day()
    changed = msgspec.structs.replace(entries[0], sealed=getattr(entries[1], "sealed", ""))
    board = reception_board([changed, *entries[1:]], OURS, key(), EXCHANGE, NOON_US)
    assert board.unreadable == 1
    assert len(board.patients) == 2


def test_another_key_is_told_at_once() -> None:
    """An empty board would say that nobody came."""
    with pytest.raises(NoteUnreadable, match="it was sealed to another key, or changed"):
        reception_board(a_day(), OURS, key(seed=2), EXCHANGE, NOON_US)


def test_before_anybody_comes_the_board_is_empty() -> None:
    """No notes are no fault."""
    board = reception_board([desk(persons=PERSONS).tally(NOON_US)], OURS, key(), EXCHANGE, NOON_US)
    assert board.patients == ()
