"""The facility's desk: who may arrive, what is due and done, and what of it is handed in, and how."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.recording import Seeded
from tests.reception.rounds import EXCHANGE, NOON_US, PERSONS, desk, key

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.times import HOUR_US, MINUTE_US
from safeconduct.reception.care import Care
from safeconduct.reception.desk import FacilityDesk
from safeconduct.reception.entries import CareNoted, CareTallied
from safeconduct.reception.notes import CareLine, CareNote
from safeconduct.reception.pathway import STEP_IDS, STEPS, due_by
from safeconduct.reception.state import ReceptionState
from safeconduct.reception.tally import TOGETHER, misfit, told

WASHED, EXAMINED, TALKED = STEP_IDS


def handed_in(ours: FacilityDesk, now_us: int, *, closing: bool = False) -> tuple[CareNoted, ...]:
    """The notes of a batch, which counts as recorded."""
    batch = ours.batch(now_us, closing=closing)
    if batch is None:
        return ()
    ours.recorded(batch)
    return batch.notes


def test_all_steps_are_due_from_arrival() -> None:
    """Three hours for washing and examination, a day for the first talk; every step says where it comes from."""
    assert due_by(NOON_US) == {
        WASHED: NOON_US + 3 * HOUR_US,
        EXAMINED: NOON_US + 3 * HOUR_US,
        TALKED: NOON_US + 24 * HOUR_US,
    }
    assert all(step.source for step in STEPS)


def test_a_step_is_due_then_overdue_then_done() -> None:
    """The limit itself is still in time; a step done late is done."""
    ours = desk()
    ours.arrive("p1", NOON_US)
    step = ours.care.persons["p1"][EXAMINED]
    assert step.standing(NOON_US + 3 * HOUR_US) == "due"
    assert step.standing(NOON_US + 3 * HOUR_US + 1) == "overdue"
    ours.settle("p1", EXAMINED, NOON_US + 4 * HOUR_US, by="doctor 1", outcome="treatment begun")
    assert step.standing(NOON_US + 5 * HOUR_US) == "done"
    ours.settle("p1", TALKED, NOON_US + 4 * HOUR_US, by="psychologist 1", declined=True)
    assert ours.care.persons["p1"][TALKED].standing(NOON_US) == "declined"


def test_what_a_desk_refuses() -> None:
    """A stranger, a second arrival, care before arrival, an unknown step, a step settled twice."""
    ours = desk()
    with pytest.raises(Refused, match="F1 does not expect this person"):
        ours.arrive("p99", NOON_US)
    with pytest.raises(Refused, match="has not arrived at F1"):
        ours.settle("p1", EXAMINED, NOON_US, by="doctor 1")
    ours.arrive("p1", NOON_US)
    with pytest.raises(Refused, match="has arrived at F1 already"):
        ours.arrive("p1", NOON_US)
    with pytest.raises(Refused, match="'surgery' is no step of care here"):
        ours.settle("p1", "surgery", NOON_US, by="doctor 1")
    ours.settle("p1", EXAMINED, NOON_US, by="doctor 1")
    with pytest.raises(Refused, match="medical-examination is on record for this person already"):
        ours.settle("p1", EXAMINED, NOON_US, by="doctor 2")
    assert ours.tally(NOON_US).arrived == 1


def test_a_batch_waits_for_five_persons_or_the_end_of_the_shift() -> None:
    """One note by itself, minutes after an arrival that both sides know of, would be that person's."""
    ours = desk()
    for number, person in enumerate(PERSONS[: TOGETHER - 1]):
        ours.arrive(person, NOON_US + number * MINUTE_US)
    ours.settle("p1", WASHED, NOON_US + HOUR_US, by="orderly 1")
    assert ours.batch(NOON_US + HOUR_US) is None
    ours.arrive("p5", NOON_US + HOUR_US)
    batch = ours.batch(NOON_US + HOUR_US)
    assert batch is not None
    assert len(batch.notes) == 5, "what happened to one person in the meantime is one note"
    assert [note.handle for note in batch.notes] == sorted(note.handle for note in batch.notes)
    assert {note.occurred_at_us for note in batch.notes} == {NOON_US + HOUR_US}
    assert ours.batch(NOON_US + HOUR_US) is not None, "until it is recorded it stays"
    ours.recorded(batch)
    assert ours.batch(NOON_US + 2 * HOUR_US, closing=True) is None
    ours.settle("p2", WASHED, NOON_US + 2 * HOUR_US, by="orderly 1")
    assert ours.batch(NOON_US + 2 * HOUR_US) is None
    assert len(handed_in(ours, NOON_US + 2 * HOUR_US, closing=True)) == 1


def test_counts_are_told_in_fives_and_declining_shows_nowhere() -> None:
    """Of eight expected, six settled a step, one by declining: told are five; with all eight, eight."""
    ours, willing = desk(), desk()
    for person in PERSONS:
        ours.arrive(person, NOON_US)
        willing.arrive(person, NOON_US)
    for number, person in enumerate(PERSONS[:6]):
        ours.settle(person, TALKED, NOON_US, by="psychologist 1", declined=number == 0)
        willing.settle(person, TALKED, NOON_US, by="psychologist 1")
    assert ours.tally(NOON_US) == willing.tally(NOON_US)
    assert ours.tally(NOON_US).done == {WASHED: 0, EXAMINED: 0, TALKED: 5}
    assert ours.tally(NOON_US).due == dict.fromkeys(STEP_IDS, 8)
    for person in PERSONS[6:]:
        ours.settle(person, TALKED, NOON_US, by="psychologist 1")
    assert ours.tally(NOON_US).done[TALKED] == 8


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_told_count_never_moves_by_less_than_it_hides(count: int, expected: int) -> None:
    """It is never more than the truth, never falls, and only the last person of all makes it exact."""
    assert told(count, expected) <= count
    assert told(count, expected) % TOGETHER == 0 or count == expected
    assert count > expected or told(count, expected) <= told(min(count + 1, expected), expected)


@st.composite
def days(draw: st.DrawFn) -> list[tuple[str, str, int]]:
    """Arrivals (no step) and steps at a facility, in an order that is possible."""
    happened: list[tuple[str, str, int]] = []
    for person in draw(st.lists(st.sampled_from(PERSONS), unique=True)):
        at_us = NOON_US + draw(st.integers(0, 300)) * MINUTE_US
        happened.append((person, "", at_us))
        happened += [
            (person, step, at_us + draw(st.integers(0, 300)) * MINUTE_US)
            for step in draw(st.lists(st.sampled_from(STEP_IDS), unique=True))
        ]
    return sorted(happened, key=lambda one: (one[2], one[1]))


def lived(happened: list[tuple[str, str, int]]) -> tuple[FacilityDesk, list[CareNoted]]:
    """The desk after that day, and all its notes, handed in by the hour."""
    ours, hour_us = desk(), NOON_US
    notes: list[CareNoted] = []
    for person, step, at_us in happened:
        while at_us > hour_us + HOUR_US:
            hour_us += HOUR_US
            notes += handed_in(ours, hour_us)
        if step:
            ours.settle(person, step, at_us, by="doctor 1", declined=at_us % 2 == 0)
        else:
            ours.arrive(person, at_us)
    return ours, [*notes, *handed_in(ours, hour_us + HOUR_US, closing=True)]


@settings(max_examples=60)
@given(days(), st.randoms(use_true_random=False))
def test_the_record_gives_the_desk_back_in_any_order(
    happened: list[tuple[str, str, int]], chance: random.Random
) -> None:
    """A desk started anew reads the same from its notes, whatever their order and repetition."""
    ours, notes = lived(happened)
    shuffled = [*notes, *chance.sample(notes, len(notes) // 2)]
    chance.shuffle(shuffled)
    anew = desk()
    for note in shuffled:
        anew.take(note)
    assert anew.care == ours.care
    assert anew.tally(NOON_US) == ours.tally(NOON_US)


@settings(max_examples=60)
@given(days(), st.randoms(use_true_random=False))
def test_the_server_folds_the_counts_in_any_order(happened: list[tuple[str, str, int]], chance: random.Random) -> None:
    """The latest counts by their own moment stand, and every handle counts once."""
    ours, notes = lived(happened)
    entries: list[CareNoted | CareTallied] = [*notes, ours.tally(NOON_US), ours.tally(NOON_US + HOUR_US)]
    states = []
    for _ in range(2):
        state = ReceptionState()
        for entry in entries:
            if isinstance(entry, CareNoted):
                state.note_care(entry)
            else:
                state.tally(entry)
        states.append(state)
        entries = [*entries, *chance.sample(entries, len(entries) // 2)]
        chance.shuffle(entries)
    assert states[0] == states[1]
    assert states[0].tallies["F1", EXCHANGE].occurred_at_us == NOON_US + HOUR_US
    assert len(states[0].handles.get("F1", ())) == len(ours.care.persons)


@settings(max_examples=60)
@given(days())
def test_what_a_desk_tells_always_fits(happened: list[tuple[str, str, int]]) -> None:
    """The counts of a desk, one after the other, never contradict themselves or each other."""
    ours, before = desk(), None
    for person, step, at_us in happened:
        if step:
            ours.settle(person, step, at_us, by="doctor 1")
        else:
            ours.arrive(person, at_us)
        tally = ours.tally(at_us)
        assert misfit(tally, before) == ""
        before = tally


def test_a_desk_passes_over_what_is_not_its_own() -> None:
    """Notes of another facility and of another exchange are not this desk's."""
    ours = desk()
    other = desk("F2", seed=2)
    other.arrive("p1", NOON_US)
    for note in handed_in(other, NOON_US, closing=True):
        ours.take(note)
    elsewhere = CareNote(exchange="2025-08-14", person="p1", lines=(CareLine(step=WASHED, standing="due", at_us=1),))
    sealed = key().seal(elsewhere, Seeded(4))
    ours.take(CareNoted(occurred_at_us=1, facility="F1", handle=key().handle("p1"), sealed=sealed))
    assert ours.care == Care()
